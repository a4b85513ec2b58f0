#include "base/thread_priority.h"

#include <sys/resource.h>
#include <unistd.h>

#include <future>

namespace relata {
namespace {

// How far behind (`man setpriority`). Not at the end of the queue: such threads hold locks for
// moments, and others may wait for what they bring.
constexpr int kNiceness = 10;

}  // namespace

void LetOthersGoFirst() {
  // On Linux it is that of a thread, and a new thread has that of the one that made it.
  const auto thread = static_cast<id_t>(gettid());
  setpriority(PRIO_PROCESS, thread, getpriority(PRIO_PROCESS, thread) + kNiceness);
}

void RunBehindOthers(absl::FunctionRef<void()> work) {
  std::async(std::launch::async, [work] {
    LetOthersGoFirst();
    work();
  }).get();
}

}  // namespace relata
