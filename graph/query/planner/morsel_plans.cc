#include "graph/query/planner/morsel_plans.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace relata::query {
namespace {

template <typename... Kinds>
bool IsOneOf(const PlanOperator& op) {
  return (std::holds_alternative<Kinds>(op) || ...);
}

// Rewriting recurses; a plan of so many operators below each other has other cares than morsels.
constexpr size_t kDeepestPlan = 500;

bool IsDeeperThan(size_t limit, const PlanNode& plan) {
  std::vector<std::pair<const PlanNode*, size_t>> open = {{&plan, 1}};
  while (!open.empty()) {
    const auto [node, depth] = open.back();
    open.pop_back();
    if (depth > limit) return true;
    for (const PlanPtr& child : node->children) open.emplace_back(child.get(), depth + 1);
  }
  return false;
}

// Gives for rows that come apart what it gives for them together, in the same order.
bool WorksRowByRow(const PlanOperator& op) {
  return IsOneOf<ExpandPlan, BoundRelationshipPlan, VarExpandPlan, ShortestPathPlan, KeySeekPlan,
                 IndexSeekPlan, RelationshipSeekPlan, IdSeekPlan, FilterPlan,
                 DifferentRelationshipsPlan, ProjectPlan, UnwindPlan, DegreePlan>(op);
}

class Rewriting {
 public:
  Rewriting(StatementPlanner& planner, double rows) : planner_(planner), rows_(rows) {}

  // `early`: whoever reads the rows may stop before the last.
  PlanPtr Rewrite(PlanPtr plan, bool early) {
    if (!early && IsLarge(*plan)) return Gather(std::move(plan));
    if (const auto* aggregate = std::get_if<AggregatePlan>(&plan->op)) {
      if (IsLarge(*plan->children[0])) return ByMorsels(*plan, *aggregate);
    } else if (const auto* of_edges = std::get_if<EdgeAggregatePlan>(&plan->op)) {
      if (of_edges->edges >= rows_ && Merges(of_edges->aggregates)) {
        return Marked<EdgeAggregatePlan>(*plan);
      }
    } else if (std::holds_alternative<DistinctPlan>(plan->op)) {
      if (IsLarge(*plan->children[0])) return OfEachFirst(plan, DistinctPlan(), "");
    } else if (const auto* sort = std::get_if<SortPlan>(&plan->op)) {
      if (IsLarge(*plan->children[0])) {
        return sort->limit ? OfEachFirst(plan, *sort, plan->details)
                           : WithChild(*plan, 0, Gather(plan->children[0]));
      }
    }
    return Below(std::move(plan), early);
  }

 private:
  // A pipeline over a scan that makes many rows.
  bool IsLarge(const PlanNode& plan) const {
    double most = 0;
    const PlanNode* node = &plan;
    for (; node->children.size() == 1 && WorksRowByRow(node->op); node = node->children[0].get()) {
      most = std::max(most, node->estimated_rows);
    }
    return node->children.empty() && IsOneOf<NodeScanPlan, RelationshipScanPlan>(node->op) &&
           std::max(most, node->estimated_rows) >= rows_;
  }

  PlanPtr Gather(PlanPtr pipeline) {
    const double rows = pipeline->estimated_rows;
    return planner_.Make(GatherPlan{}, {std::move(pipeline)}, {}, rows, "by morsels");
  }

  static PlanPtr WithChild(const PlanNode& plan, size_t i, PlanPtr child) {
    auto changed = std::make_shared<PlanNode>(plan);
    changed->children[i] = std::move(child);
    return changed;
  }

  // The same done to each morsel's rows, and then to what that leaves.
  PlanPtr OfEachFirst(const PlanPtr& plan, PlanOperator op, std::string details) {
    const double rows = plan->estimated_rows;
    PlanPtr first = planner_.Make(std::move(op), {plan->children[0]}, {}, rows, std::move(details));
    return WithChild(*plan, 0, Gather(std::move(first)));
  }

  PlanPtr ByMorsels(const PlanNode& plan, const AggregatePlan& aggregate) {
    return Merges(aggregate.aggregates) ? Marked<AggregatePlan>(plan)
                                        : WithChild(plan, 0, Gather(plan.children[0]));
  }

  // Whether states of all can be merged: the second argument of a percentile is not kept beside its
  // different values.
  static bool Merges(const std::vector<AggregatePlan::Aggregate>& aggregates) {
    return std::none_of(aggregates.begin(), aggregates.end(),
                        [](const auto& a) { return a.distinct && a.args.size() > 1; });
  }

  template <typename Aggregation>
  static PlanPtr Marked(const PlanNode& plan) {
    auto changed = std::make_shared<PlanNode>(plan);
    std::get<Aggregation>(changed->op).by_morsels = true;
    absl::StrAppend(&changed->details, changed->details.empty() ? "" : ", ", "by morsels");
    return changed;
  }

  PlanPtr Below(PlanPtr plan, bool early) {
    bool stops = early;
    if (const auto* limited = std::get_if<SkipLimitPlan>(&plan->op)) {
      stops = early || static_cast<bool>(limited->limit);
    }
    // These read all of their first child's rows before they give one.
    if (IsOneOf<AggregatePlan, SortPlan, EagerPlan>(plan->op)) stops = false;
    const bool first_only = IsOneOf<AggregatePlan, SortPlan, EagerPlan, SkipLimitPlan, DistinctPlan,
                                    PathSelectPlan, ApplyPlan>(plan->op) ||
                            WorksRowByRow(plan->op);
    if (first_only && !plan->children.empty()) {
      return Changed(std::move(plan), 0, stops);
    }
    if (std::holds_alternative<HashJoinPlan>(plan->op)) {
      plan = Changed(std::move(plan), 0, stops);
      return Changed(std::move(plan), 1, /*early=*/false);
    }
    if (std::holds_alternative<UnionPlan>(plan->op)) {
      for (size_t i = 0; i < plan->children.size(); ++i) {
        plan = Changed(std::move(plan), i, stops);
      }
    }
    return plan;
  }

  PlanPtr Changed(PlanPtr plan, size_t i, bool early) {
    PlanPtr child = Rewrite(plan->children[i], early);
    if (child == plan->children[i]) return plan;
    return WithChild(*plan, i, std::move(child));
  }

  StatementPlanner& planner_;
  const double rows_;
};

}  // namespace

PlanPtr WithMorsels(StatementPlanner& planner, PlanPtr plan, double rows) {
  if (IsDeeperThan(kDeepestPlan, *plan)) return plan;
  return Rewriting(planner, rows).Rewrite(std::move(plan), /*early=*/false);
}

}  // namespace relata::query
