#ifndef RELATA_GRAPH_QUERY_COMPILE_WATCH_H_
#define RELATA_GRAPH_QUERY_COMPILE_WATCH_H_

#include <cstdint>
#include <functional>
#include <utility>

#include "absl/status/status.h"

namespace relata::query {

// Ends the compilation of a statement that was cancelled or has used up its time. Lexer, parser,
// analysis and planner count their work here: tokens, expressions, comparisons of names and
// patterns, each well under a microsecond. Used by one thread.
class CompileWatch {
 public:
  // Units of work between two questions.
  static constexpr uint64_t kAskEvery = 4096;

  // `stopped`: why the statement is to end, OK where it is not; asked once every kAskEvery units.
  explicit CompileWatch(std::function<absl::Status()> stopped) : stopped_(std::move(stopped)) {}

  // What `stopped` said when it ended the statement, from then on at every call.
  const absl::Status& Step(uint64_t work = 1) {
    steps_ += work;
    if (steps_ < next_ || !status_.ok()) return status_;
    next_ = steps_ + kAskEvery;
    status_ = stopped_();
    return status_;
  }
  uint64_t steps() const { return steps_; }

 private:
  const std::function<absl::Status()> stopped_;
  uint64_t steps_ = 0;
  uint64_t next_ = kAskEvery;
  absl::Status status_;
};

// The same where there may be nobody who watches (null).
inline absl::Status CountWork(CompileWatch* watch, uint64_t work = 1) {
  return watch == nullptr ? absl::OkStatus() : watch->Step(work);
}

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_COMPILE_WATCH_H_
