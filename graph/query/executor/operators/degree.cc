#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "graph/query/executor/operators/edge_visits.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/row_expander.h"
#include "graph/query/executor/operators/walk_steps.h"

namespace relata::query {
namespace {

// One row out for each row in; a null node has no relationship.
class Degree : public RowExpander {
 public:
  Degree(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child)
      : RowExpander(plan, context, std::move(child), {Column::Kind::kInt}),
        plan_(std::get<DegreePlan>(plan.op)) {}

 protected:
  absl::Status Begin(const Batch& /*input*/) override {
    steps_ = ResolveSteps(context_->reader->names(), plan_.types, plan_.direction);
    row_ = 0;
    return absl::OkStatus();
  }

  absl::StatusOr<bool> Produce(const Batch& input, size_t limit, RowWriter& writer) override {
    while (row_ < input.rows && writer.size() < limit) {
      const uint32_t end =
          static_cast<uint32_t>(std::min({input.rows, row_ + kPiece, row_ + limit}));
      std::vector<EntityId> nodes;
      for (uint32_t row = row_; row < end; ++row) {
        if (const auto node = NodeAt(input.columns[plan_.from], row)) nodes.push_back(node->id);
      }
      std::vector<int64_t> degrees(nodes.size());
      if (steps_) {
        RELATA_RETURN_IF_ERROR(VisitEdges(*context_->reader, plan_.context, nodes, *steps_,
                                          [&](size_t i, const auto& /*edge*/) { ++degrees[i]; }));
        RELATA_RETURN_IF_ERROR(meter_.Expanded(
            static_cast<uint64_t>(std::accumulate(degrees.begin(), degrees.end(), int64_t{0}))));
      }
      size_t node = 0;
      for (; row_ < end; ++row_) {
        int64_t degree = 0;
        if (NodeAt(input.columns[plan_.from], row_)) degree = degrees[node++];
        writer.Add(row_);
        writer.column(0).Append(Datum::Int(degree));
      }
    }
    return row_ < input.rows;
  }

 private:
  // Nodes expanded in one call.
  static constexpr size_t kPiece = 128;

  const DegreePlan& plan_;
  std::optional<std::vector<Step>> steps_;
  uint32_t row_ = 0;
};

}  // namespace

MadeOperator MakeDegree(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child, MakeInput(plan, context));
  return std::make_unique<Degree>(plan, context, std::move(child));
}

}  // namespace relata::query
