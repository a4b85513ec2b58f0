#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_LABEL_TEST_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_LABEL_TEST_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "graph/adjacency/adjacency.h"
#include "graph/query/executor/execution_context.h"
#include "graph/query/planner/plan.h"

namespace relata::query {

// Whether the node or relationship in column `subject` of each row meets the condition: one byte a
// row, 0 for a null. Dynamic parts are computed over `rows`. TypeError where one is neither a
// string nor a list of strings.
absl::Status TestLabels(const LabelsCondition& condition, ExecutionContext& context,
                        const Batch& rows, size_t subject, std::vector<uint8_t>* truth);

// A condition on the far nodes of edges. Remembers its verdicts until Restart, where they depend on
// the node alone. Used by one thread; what it is made of must outlive it.
class FarLabelTest {
 public:
  FarLabelTest(const LabelsCondition& condition, ExecutionContext* context, ContextId time_context);

  // The graph may have changed.
  void Restart() { verdicts_.clear(); }
  // One byte an edge; `vertices[i]` are where the edges of `expansion.of(i)` begin.
  absl::Status Test(absl::Span<const EntityId> vertices, const Expansion& expansion,
                    std::vector<uint8_t>* truth);

 private:
  // So many verdicts are remembered at most.
  static constexpr size_t kRemembered = 1 << 18;
  absl::Status TestEach(absl::Span<const EntityId> vertices, const Expansion& expansion,
                        std::vector<uint8_t>* truth);

  const LabelsCondition& condition_;
  ExecutionContext* const context_;
  const ContextId time_context_;
  const bool dynamic_;
  absl::flat_hash_map<EntityId, uint8_t> verdicts_;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_LABEL_TEST_H_
