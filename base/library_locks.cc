#include "base/library_locks.h"

#include "absl/synchronization/mutex.h"

namespace relata {

void TurnOffDeadlockSearch() {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
}

}  // namespace relata
