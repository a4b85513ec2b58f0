#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_WRITE_FRAMES_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_WRITE_FRAMES_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "graph/query/executor/execution_context.h"
#include "graph/query/executor/graph_writer.h"
#include "graph/query/planner/plan.h"

namespace relata::query {

// FOR PORTION OF VALID_TIME and CITING of one clause (S4.2, S11.3), for the rows of one batch.
class WriteFrames {
 public:
  // Replaces what was there.
  absl::Status Evaluate(ExecutionContext& context, const WriteOptionsPlan& options,
                        const Batch& batch);
  // Whether the clause says neither: then every frame is empty.
  bool plain() const { return !portion_ && !citing_; }
  // ArgumentError where a bound or a citation cannot be read.
  absl::StatusOr<WriteFrame> Row(size_t row) const;

 private:
  bool portion_ = false;
  bool citing_ = false;
  Column from_;
  Column to_;
  Column citations_;
};

// An EDTF text, date or datetime as a bound of valid time; `..` is unbounded, the empty text
// unknown.
absl::StatusOr<Bound> BoundFromDatum(const Datum& value, BoundRole role);
// What CITING takes: a source (node, or its key as a text), a map {source, stance, confidence,
// reported, locator}, or a list of those; null: none. `reported` null in a map: undated.
absl::StatusOr<std::vector<CitationWrite>> CitationsFromDatum(const Datum& value);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_WRITE_FRAMES_H_
