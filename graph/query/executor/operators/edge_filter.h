#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_EDGE_FILTER_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_EDGE_FILTER_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "base/status_macros.h"
#include "graph/adjacency/adjacency.h"
#include "graph/query/executor/execution_context.h"
#include "graph/query/executor/operators/edge_visits.h"
#include "graph/query/executor/operators/operator_meter.h"
#include "graph/query/executor/operators/walk_steps.h"
#include "graph/query/planner/plan.h"

namespace relata::query {

// Expands vertices for walks of many relationships: only the edges that a walk from the row at hand
// may take, which are those not used elsewhere in the row, those that meet the condition on each
// relationship, and those between nodes that meet the condition on each node. Remembers the
// conditions' verdicts for a row. Used by one thread; what it is made of must outlive it.
class EdgeFilter {
 public:
  // `each`, `each_node`: over the columns of the input and then the relationship, the node; may be
  // empty.
  EdgeFilter(ContextId time_context, const ExcludedColumns& excluded, const Expression& each,
             const Expression& each_node, ExecutionContext* context, OperatorMeter* meter)
      : time_context_(time_context),
        has_excluded_(!excluded.empty()),
        excluded_(excluded),
        each_(each),
        each_node_(each_node),
        context_(context),
        meter_(*meter) {}

  // The row that walks begin from now. `input` must live as long as the row is at hand.
  void StartRow(const Batch& input, uint32_t row);
  absl::Status Expand(absl::Span<const EntityId> vertices, absl::Span<const Step> steps,
                      Expansion* out);
  // The same edges one after the other, without keeping them: visit(i, edge), as VisitEdges.
  template <typename Visit>
  absl::Status ForEachEdge(absl::Span<const EntityId> vertices, absl::Span<const Step> steps,
                           Visit&& visit) {
    if (!tests_edges()) {
      uint64_t edges = 0;
      RELATA_RETURN_IF_ERROR(VisitEdges(*context_->reader, time_context_, vertices, steps,
                                        [&](size_t i, const auto& edge) {
                                          ++edges;
                                          visit(i, edge);
                                        }));
      return meter_.Expanded(edges);
    }
    RELATA_RETURN_IF_ERROR(Expand(vertices, steps, &passed_));
    for (size_t i = 0; i < vertices.size(); ++i) {
      for (const Edge& edge : passed_.of(i)) visit(i, ExpandedEdge(edge));
    }
    return absl::OkStatus();
  }
  // Their neighbours alone, some at a time: visit(ends), as VisitEnds.
  template <typename Visit>
  absl::Status ForEachEnd(absl::Span<const EntityId> vertices, absl::Span<const Step> steps,
                          Visit&& visit) {
    if (!tests_edges()) {
      uint64_t edges = 0;
      RELATA_RETURN_IF_ERROR(VisitEnds(*context_->reader, time_context_, vertices, steps,
                                       [&](absl::Span<const EntityId> ends) {
                                         edges += ends.size();
                                         visit(ends);
                                       }));
      return meter_.Expanded(edges);
    }
    return ForEachEdge(vertices, steps, [&](size_t /*vertex*/, const auto& edge) {
      const EntityId end = edge.neighbour();
      visit(absl::MakeConstSpan(&end, 1));
    });
  }
  // One byte a relationship: whether it may be taken.
  absl::Status Test(absl::Span<const RelationshipRef> relationships, std::vector<uint8_t>* truth);

 private:
  // Whether not every edge passes.
  bool tests_edges() const { return has_excluded_ || !each_.empty() || !each_node_.empty(); }
  // So many verdicts are remembered at most.
  static constexpr size_t kRemembered = 1 << 18;
  absl::Status TestEach(absl::Span<const RelationshipRef> relationships,
                        std::vector<uint8_t>* truth);
  // Clears the truth of relationships that have an end which does not meet the condition.
  absl::Status TestNodes(absl::Span<const RelationshipRef> relationships,
                         std::vector<uint8_t>* truth);
  // The rows of `tested` for which the condition is true, beside the row at hand.
  absl::Status Select(const Expression& condition, Column tested, std::vector<uint32_t>* selected);

  const ContextId time_context_;
  const bool has_excluded_;
  ExcludedIds excluded_;
  const Expression& each_;
  const Expression& each_node_;
  ExecutionContext* const context_;
  OperatorMeter& meter_;
  const Batch* input_ = nullptr;
  uint32_t row_ = 0;
  Expansion passed_;
  absl::flat_hash_map<FactId, uint8_t> verdicts_;
  absl::flat_hash_map<EntityId, uint8_t> node_verdicts_;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_EDGE_FILTER_H_
