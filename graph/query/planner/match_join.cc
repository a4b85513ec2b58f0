#include <algorithm>
#include <utility>

#include "base/status_macros.h"
#include "graph/query/planner/match_planner.h"

// Whether the rest of a pattern is walked on to, or met half way: both ends of a chain may be found
// fast while all between them is dense.
namespace relata::query {
namespace {

// Below so many rows there is nothing to win by a join.
constexpr double kWorthJoining = 1000;
// Patterns with more relationships are walked: planning both ways takes time.
constexpr size_t kLargestJoined = 16;
// A row of a hash join costs about as much as so many rows that are walked to.
constexpr double kJoinedRow = 2;

bool Contains(const std::vector<size_t>& nodes, size_t node) {
  return std::find(nodes.begin(), nodes.end(), node) != nodes.end();
}

// All rows that the operators of a plan give.
double RowsMade(const PlanNode& plan) {
  double rows = plan.estimated_rows;
  for (const PlanPtr& child : plan.children) rows += RowsMade(*child);
  if (std::holds_alternative<HashJoinPlan>(plan.op)) {
    for (const PlanPtr& child : plan.children) rows += kJoinedRow * child->estimated_rows;
  }
  return rows;
}

}  // namespace

void MatchPlanner::Restore(const Progress& saved) {
  plan_ = saved.plan;
  conditions_ = saved.conditions;
  node_checked_ = saved.node_checked;
  edge_done_ = saved.edge_done;
}

std::vector<size_t> MatchPlanner::PartBeyond(const Next& next, Start* start) const {
  const size_t far = FarEnd(next);
  if (Known(node(far).variable)) return {};
  std::vector<size_t> part = {far};
  std::vector<size_t> edges;
  for (size_t done = 0; done < part.size(); ++done) {
    for (size_t e = 0; e < pattern_.edges.size(); ++e) {
      const BoundEdge& other = pattern_.edges[e];
      if (edge_done_[e] || e == next.edge) continue;
      if (other.left != part[done] && other.right != part[done]) continue;
      const size_t end = other.left == part[done] ? other.right : other.left;
      if (Known(node(end).variable)) continue;
      if (!Contains(part, end)) part.push_back(end);
      edges.push_back(e);
    }
  }
  if (edges.empty()) return {};
  std::vector<size_t> starts = part;
  std::erase(starts, far);
  if (starts.empty()) return {};
  *start = BestStart(starts, {});
  return DependsOnRows(*start) ? std::vector<size_t>() : part;
}

absl::StatusOr<bool> MatchPlanner::PlanPartBeyond(const Next& next) {
  if (!planner_.use_rules() || pattern_.edges.size() > kLargestJoined) return false;
  const bool plain =
      std::all_of(pattern_.edges.begin(), pattern_.edges.end(),
                  [](const BoundEdge& e) {
                    return e.kind == BoundEdge::Kind::kSingle && !e.bound && e.left != e.right;
                  }) &&
      std::all_of(pattern_.paths.begin(), pattern_.paths.end(),
                  [](const BoundPath& path) { return path.selector == BoundPath::Selector::kAll; });
  // Rows from outside (of OPTIONAL MATCH, a subquery) are few at a time.
  if (!plain || columns_before_ > 0) return false;
  Start start;
  const std::vector<size_t> part = PartBeyond(next, &start);
  if (part.empty()) return false;
  const Progress before = Save();
  RELATA_RETURN_IF_ERROR(PlanEdge(next));
  RELATA_RETURN_IF_ERROR(PlanRest(/*may_join=*/true));
  if (RowsMade(*plan_) < kWorthJoining) return true;
  const Progress walked = Save();
  Restore(before);
  RELATA_RETURN_IF_ERROR(JoinAt(next, part, start));
  RELATA_RETURN_IF_ERROR(PlanRest(/*may_join=*/false));
  if (RowsMade(*plan_) >= RowsMade(*walked.plan)) Restore(walked);
  return true;
}

absl::Status MatchPlanner::PlanRest(bool may_join) {
  while (true) {
    RELATA_RETURN_IF_ERROR(ApplyConditions());
    const std::optional<Next> next = BestEdge();
    if (!next) return absl::OkStatus();
    if (may_join) {
      RELATA_ASSIGN_OR_RETURN(const bool planned, PlanPartBeyond(*next));
      if (planned) return absl::OkStatus();
    }
    RELATA_RETURN_IF_ERROR(PlanEdge(*next));
  }
}

absl::Status MatchPlanner::JoinAt(const Next& next, const std::vector<size_t>& part,
                                  const Start& start) {
  const VariableId met = node(FarEnd(next)).variable;
  RELATA_RETURN_IF_ERROR(PlanEdge(next));
  RELATA_RETURN_IF_ERROR(ApplyConditions());
  PlanPtr left = std::exchange(plan_, planner_.Argument(Layout()));
  const std::vector<bool> done_before = edge_done_;
  // The other side has the part and nothing else to follow. What the left has checked of the node
  // where they meet holds for both.
  for (size_t e = 0; e < pattern_.edges.size(); ++e) {
    const BoundEdge& other = pattern_.edges[e];
    if (!Contains(part, other.left) || !Contains(part, other.right)) edge_done_[e] = true;
  }
  const std::vector<bool> outside = edge_done_;
  RELATA_RETURN_IF_ERROR(PlanStart(start));
  RELATA_RETURN_IF_ERROR(PlanRest(/*may_join=*/false));
  for (size_t e = 0; e < pattern_.edges.size(); ++e) {
    if (outside[e]) edge_done_[e] = done_before[e];
  }
  PlanPtr right = std::move(plan_);
  HashJoinPlan join;
  join.left_keys.push_back(*left->layout.Find(met));
  join.right_keys.push_back(*right->layout.Find(met));
  std::vector<VariableId> added;
  for (size_t i = 0; i < right->layout.size(); ++i) {
    if (right->layout[i] == met) continue;
    join.kept.push_back(i);
    added.push_back(right->layout[i]);
  }
  const double meeting = planner_.estimates().WithLabels(node(FarEnd(next)).labels.get());
  const double rows = left->estimated_rows * right->estimated_rows / std::max(1.0, meeting);
  plan_ = planner_.Make(std::move(join), {std::move(left), std::move(right)}, added, rows,
                        planner_.NameOf(met).empty() ? "" : "on " + planner_.NameOf(met));
  return CheckJoined(done_before);
}

}  // namespace relata::query
