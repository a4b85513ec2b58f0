#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_INDEX_LOOKUPS_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_INDEX_LOOKUPS_H_

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "graph/query/executor/execution_context.h"
#include "graph/query/planner/plan.h"
#include "graph/query/runtime/column.h"
#include "graph/store/index_entries.h"

namespace relata::query {

// What the rows of a batch look for in an index. `sought` must outlive it. Not thread-safe.
class IndexLookups {
 public:
  explicit IndexLookups(const IndexSought* sought) : sought_(*sought) {}

  // Evaluates the operands for each row.
  absl::Status Begin(ExecutionContext& context, const Batch& input);
  // Of a row: together they find all that it looks for. Empty: nothing can be that.
  std::vector<IndexLookup> Of(size_t row) const;
  // The properties of the index; nullopt: nothing bears one of the names.
  std::optional<std::vector<PropertyId>> Properties(const NameTable& names) const;

 private:
  const IndexSought& sought_;
  std::vector<Column> equal_;
  Column at_least_;
  Column at_most_;
  Column starts_with_;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_INDEX_LOOKUPS_H_
