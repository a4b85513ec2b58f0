#ifndef RELATA_CLIENT_CLI_SHELL_INTERRUPT_GUARD_H_
#define RELATA_CLIENT_CLI_SHELL_INTERRUPT_GUARD_H_

#include <functional>
#include <thread>

namespace relata {

// While it lives, Ctrl-C (SIGINT) calls `interrupt`, in a thread of its own, instead of ending the
// program. One at a time in a process.
class InterruptGuard {
 public:
  explicit InterruptGuard(std::function<void()> interrupt);
  // What stood before stands again.
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

 private:
  const std::function<void()> interrupt_;
  std::thread watcher_;
};

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_SHELL_INTERRUPT_GUARD_H_
