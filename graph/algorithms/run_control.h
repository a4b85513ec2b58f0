#ifndef RELATA_GRAPH_ALGORITHMS_RUN_CONTROL_H_
#define RELATA_GRAPH_ALGORITHMS_RUN_CONTROL_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>

#include "absl/base/optimization.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/clock.h"

namespace relata {

// How far a run is. `total` 0: not known. What a unit of work is differs from stage to stage
// (mostly an arc that was walked), so only the ratio means something.
struct RunProgress {
  absl::string_view stage;  // a literal
  uint64_t done = 0;
  uint64_t total = 0;
};

// The reins of one run over a whole graph: whoever started it can stop it, sees how far it is, and
// bounds the memory it works in. Used by the one thread that runs; `clock` must outlive it.
class RunControl {
 public:
  struct Hooks {
    // Asked every few milliseconds; an error ends the run, which returns it. Empty: never.
    std::function<absl::Status()> stopped = nullptr;
    // Told at the begin of each stage and then about five times a second; an error ends the run.
    // Empty: nobody listens.
    std::function<absl::Status(const RunProgress&)> report = nullptr;
    // For Reserve.
    size_t memory_bytes = SIZE_MAX;
  };

  explicit RunControl(Clock* clock) : RunControl(clock, Hooks()) {}
  RunControl(Clock* clock, Hooks hooks) : clock_(clock), hooks_(std::move(hooks)) {}

  // A new stage starts. `total`: its units of work, 0 where that is not known. `stage` must be a
  // literal.
  absl::Status Begin(absl::string_view stage, uint64_t total);
  // Counts `work` more units. Cheap enough for each vertex.
  absl::Status Advance(uint64_t work) {
    progress_.done += work;
    if (ABSL_PREDICT_TRUE(progress_.done < next_check_)) return absl::OkStatus();
    return Check();
  }
  // Asks at once whether the run must end, for work that Advance does not count.
  absl::Status CheckNow();
  // Counts memory that the run holds until its end. RESOURCE_EXHAUSTED where that is more than
  // Hooks::memory_bytes.
  absl::Status Reserve(size_t bytes);
  size_t reserved_bytes() const { return reserved_; }
  // What Reserve would still grant.
  size_t free_bytes() const {
    return hooks_.memory_bytes > reserved_ ? hooks_.memory_bytes - reserved_ : 0;
  }

 private:
  absl::Status Check();  // and when to ask next

  Clock* const clock_;
  const Hooks hooks_;
  RunProgress progress_;
  uint64_t next_check_ = 0;
  int64_t next_report_us_ = 0;
  size_t reserved_ = 0;
};

}  // namespace relata

#endif  // RELATA_GRAPH_ALGORITHMS_RUN_CONTROL_H_
