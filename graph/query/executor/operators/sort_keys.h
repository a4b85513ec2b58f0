#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_SORT_KEYS_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_SORT_KEYS_H_

#include <cstdint>
#include <vector>

#include "graph/query/planner/plan.h"
#include "graph/query/runtime/column.h"

namespace relata::query {

// Compares rows by the values of their sort keys: < 0, 0, > 0 as row `i` of `a` comes before, with
// or after row `j` of `b`. Both have one column for each of `keys`.
int CompareKeys(const std::vector<SortPlan::Key>& keys, const std::vector<Column>& a, size_t i,
                const std::vector<Column>& b, size_t j);

// Rows of one set of key columns in order, stable: the lower row number first where keys are equal.
class RowOrder {
 public:
  RowOrder(const std::vector<SortPlan::Key>& keys, const std::vector<Column>& columns)
      : keys_(keys), columns_(columns) {}
  // Looks at the columns: after each change of them, before rows are compared. Where the first key
  // can be told by a number, most rows are.
  void Prepare();
  bool operator()(uint32_t i, uint32_t j) const {
    if (!first_.empty() && first_[i] != first_[j]) return first_[i] < first_[j];
    const int order = CompareKeys(keys_, columns_, i, columns_, j);
    return order != 0 ? order < 0 : i < j;
  }

 private:
  const std::vector<SortPlan::Key>& keys_;
  const std::vector<Column>& columns_;
  std::vector<uint64_t> first_;  // by row; empty: the first key cannot be told so
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_SORT_KEYS_H_
