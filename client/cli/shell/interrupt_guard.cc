#include "client/cli/shell/interrupt_guard.h"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <utility>

namespace relata {
namespace {

constexpr char kInterrupt = 'i';
constexpr char kEnd = 'e';

// A handler may do little more than write to a pipe; it finds the pipe here.
std::atomic<int> interrupt_pipe{-1};
struct sigaction action_before;

void OnInterrupt(int /*signal*/) {
  const int saved = errno;
  // Nothing can be done about a full pipe, and then enough interrupts are in it.
  static_cast<void>(!write(interrupt_pipe.load(), &kInterrupt, 1));
  errno = saved;
}

}  // namespace

InterruptGuard::InterruptGuard(std::function<void()> interrupt) : interrupt_(std::move(interrupt)) {
  int ends[2];
  if (pipe(ends) != 0) return;
  interrupt_pipe = ends[1];
  watcher_ = std::thread([this, from = ends[0]] {
    char what = 0;
    while (true) {
      const ssize_t got = read(from, &what, 1);
      if (got < 0 && errno == EINTR) continue;
      if (got != 1 || what == kEnd) break;
      interrupt_();
    }
    close(from);
  });
  struct sigaction action = {};
  action.sa_handler = OnInterrupt;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, &action_before);
}

InterruptGuard::~InterruptGuard() {
  if (!watcher_.joinable()) return;
  sigaction(SIGINT, &action_before, nullptr);
  const int pipe_end = interrupt_pipe.load();
  static_cast<void>(!write(pipe_end, &kEnd, 1));
  watcher_.join();
  close(pipe_end);
}

}  // namespace relata
