#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_ROW_CREATOR_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_ROW_CREATOR_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "graph/query/executor/execution_context.h"
#include "graph/query/executor/graph_writer.h"
#include "graph/query/executor/operators/write_frames.h"
#include "graph/query/planner/plan.h"

namespace relata::query {

// Makes the pattern of a CREATE or MERGE for the rows of a batch. Evaluates its expressions for the
// whole batch first, before anything of it is written.
class RowCreator {
 public:
  // `plan` outlives it. `merge`: a null property is an error, since no later MERGE could find it.
  RowCreator(const CreatePlan& plan, bool merge) : plan_(plan), merge_(merge) {}

  // `batch` stays as it is until the rows are made.
  absl::Status Begin(ExecutionContext& context, const WriteOptionsPlan& options,
                     const Batch& batch);
  // Makes the pattern of a row and appends it to the new columns.
  absl::Status Create(ExecutionContext& context, const Batch& batch, uint32_t row,
                      std::vector<Column>* created);
  // Empty columns: the nodes, then the relationships.
  std::vector<Column> NewColumns() const;

 private:
  absl::StatusOr<Datum::Map> Properties(const std::optional<Column>& column, uint32_t row) const;
  absl::StatusOr<NodeRef> End(size_t column, const Batch& batch, uint32_t row,
                              const std::vector<NodeRef>& nodes) const;

  const CreatePlan& plan_;
  const bool merge_;
  WriteFrames frames_;
  std::vector<std::optional<Column>> node_properties_;
  std::vector<std::vector<Column>> node_labels_;
  std::vector<std::optional<Column>> relationship_properties_;
  std::vector<std::optional<Column>> relationship_types_;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_ROW_CREATOR_H_
