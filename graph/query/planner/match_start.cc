#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/planner/match_planner.h"

// Where a pattern starts: seeks, scans, and joins of parts that nothing connects.
namespace relata::query {
namespace {

// An index that finds a larger part of a label than this is no better than a scan of the label,
// which reads the nodes in their order.
constexpr double kLargestPartSought = 0.5;
// Up to so many rows a part of a pattern is planned anew for each of them, beyond that it is
// planned once and joined.
constexpr double kFewRows = 1;
constexpr double kEqualityJoin = 0.1;

}  // namespace

MatchPlanner::Start MatchPlanner::StartAt(size_t i) const {
  Start scan;
  scan.node = i;
  scan.label = planner_.estimates().NarrowestLabel(node(i).labels.get());
  scan.rows = planner_.estimates().WithLabels(node(i).labels.get());
  Start seek;
  seek.rows = kLargestPartSought * scan.rows;
  ConsiderSeeks(i, seek);
  const bool found = seek.kind != Start::Kind::kScan;
  Start start = found ? seek : scan;
  start.cost = start.rows;
  // What conditions leave counts for the rows that follow.
  for (size_t c = 0; !found && c < conditions_.size(); ++c) {
    if (conditions_[c].done || conditions_[c].needs != std::vector<VariableId>{node(i).variable}) {
      continue;
    }
    start.cost *= (*conditions_[c].expr)->kind == BoundKind::kEqual ? 0.2 : 0.9;
  }
  return start;
}

MatchPlanner::Start MatchPlanner::BestStart(const std::vector<size_t>& nodes,
                                            const std::vector<size_t>& edges) const {
  Start best;
  best.cost = 1e300;
  for (const size_t i : nodes) {
    // Whoever plans on finds out that the statement is to end.
    if (!planner_.Work(1 + conditions_.size()).ok()) break;
    const Start start = StartAt(i);
    if (start.cost < best.cost) best = start;
    if (!planner_.use_rules()) break;
  }
  if (!planner_.use_rules()) return best;
  for (const size_t e : edges) {
    const BoundEdge& edge = pattern_.edges[e];
    const bool plain = edge.kind == BoundEdge::Kind::kSingle && !edge.bound &&
                       edge.left != edge.right && !edge.types.empty() && SelectedPath(e) == nullptr;
    if (!plain) continue;
    ConsiderSeeksOfEdge(e, best);
    const double rows = planner_.estimates().OfTypes(edge.types) *
                        (edge.direction == EdgeDirection::kEither ? 2 : 1);
    if (rows >= best.cost) continue;
    best = Start();
    best.kind = Start::Kind::kRelationships;
    best.node = e;
    best.rows = rows;
    best.cost = rows;
  }
  return best;
}

void MatchPlanner::AddStart(PlanOperator op, const std::vector<VariableId>& added, double rows,
                            std::string details) {
  const bool first = std::holds_alternative<ArgumentPlan>(plan_->op) && plan_->layout.size() == 0;
  const double before = first ? 1 : plan_->estimated_rows;
  std::vector<PlanPtr> children;
  if (!first) children.push_back(plan_);
  plan_ = planner_.Make(std::move(op), std::move(children), added, before * std::max(1.0, rows),
                        std::move(details));
}

absl::Status MatchPlanner::PlanStartAtEdge(const Start& start) {
  const BoundEdge& edge = pattern_.edges[start.node];
  RelationshipScanPlan scan{context_, edge.types, edge.direction};
  PlanOperator op = scan;
  std::string details = EdgeText(start.node, false);
  if (start.kind == Start::Kind::kRelationshipIndex) {
    RELATA_ASSIGN_OR_RETURN(IndexSought sought, CompileUse(start.use, plan_->layout));
    absl::StrAppend(&details, " ", start.use.Text());
    op = RelationshipSeekPlan{std::move(scan), std::move(sought)};
  }
  const std::vector<bool> done_before = edge_done_;
  edge_done_[start.node] = true;
  AddStart(std::move(op), {node(edge.left).variable, edge.variable, node(edge.right).variable},
           start.rows, std::move(details));
  RELATA_RETURN_IF_ERROR(CheckEdge(start.node));
  return CheckJoined(done_before);
}

absl::Status MatchPlanner::PlanStart(const Start& start) {
  RELATA_RETURN_IF_ERROR(planner_.Work(0));
  for (const size_t condition : start.use.conditions) conditions_[condition].sought = true;
  if (start.kind == Start::Kind::kRelationships || start.kind == Start::Kind::kRelationshipIndex) {
    return PlanStartAtEdge(start);
  }
  const VariableId variable = node(start.node).variable;
  // A scan or an index of its only label has seen to that.
  const BoundLabels* labels = node(start.node).labels.get();
  if (!start.label.empty() && labels->kind == BoundLabels::Kind::kName)
    node_checked_[start.node] = true;
  RELATA_ASSIGN_OR_RETURN(IndexSought sought, CompileUse(start.use, plan_->layout));
  std::string details = NodeText(start.node);
  PlanOperator op = NodeScanPlan{context_, start.label};
  switch (start.kind) {
    case Start::Kind::kKey:
      op = KeySeekPlan{context_, std::move(sought.equal[0])};
      break;
    case Start::Kind::kId:
      op = IdSeekPlan{context_, std::move(sought.equal[0]), start.use.many};
      break;
    case Start::Kind::kIndex:
      absl::StrAppend(&details, " ", start.use.Text());
      // It compares itself where one value is asked for.
      if (sought.one_value()) conditions_[start.use.conditions[0]].done = true;
      op = IndexSeekPlan{context_, start.label, std::move(sought)};
      break;
    default:
      break;
  }
  AddStart(std::move(op), {variable}, start.rows, std::move(details));
  return absl::OkStatus();
}

std::vector<size_t> MatchPlanner::ComponentOf(size_t first) const {
  std::vector<size_t> nodes = {first};
  for (size_t done = 0; done < nodes.size(); ++done) {
    for (size_t e = 0; e < pattern_.edges.size(); ++e) {
      if (edge_done_[e] || SelectedPath(e) != nullptr) continue;
      const BoundEdge& edge = pattern_.edges[e];
      for (const auto& [a, b] :
           {std::pair(edge.left, edge.right), std::pair(edge.right, edge.left)}) {
        if (a == nodes[done] && std::find(nodes.begin(), nodes.end(), b) == nodes.end())
          nodes.push_back(b);
      }
    }
  }
  return nodes;
}

bool MatchPlanner::WalksReadOthers(const std::vector<size_t>& nodes) const {
  for (size_t e = 0; e < pattern_.edges.size(); ++e) {
    const BoundEdge& edge = pattern_.edges[e];
    if (edge_done_[e] || std::find(nodes.begin(), nodes.end(), edge.left) == nodes.end()) continue;
    const std::vector<VariableId> reads = WalkReads(edge);
    if (edge.bound ||
        std::any_of(reads.begin(), reads.end(), [this](VariableId v) { return Known(v); }) ||
        !CanWalk(edge)) {
      return true;
    }
  }
  return false;
}

absl::Status MatchPlanner::StartOrJoin() {
  std::vector<size_t> unknown;
  for (size_t i = 0; i < pattern_.nodes.size(); ++i) {
    if (Known(node(i).variable)) continue;
    if (node(i).bound)
      return absl::InternalError("a node of an earlier clause is not among the rows");
    unknown.push_back(i);
  }
  // The far end of a search need not be known where nothing finds it fast.
  for (const BoundPath& path : pattern_.paths) {
    if (!IsSearch(path) || edge_done_[path.edges[0]]) continue;
    const BoundEdge& edge = pattern_.edges[path.edges[0]];
    if (!Known(node(edge.left).variable) || Known(node(edge.right).variable)) continue;
    if (BestStart({edge.right}, {}).cost > kFoundByValue && ComponentOf(edge.right).size() == 1)
      return PlanShortest(path);
  }
  // A quantified pattern is walked from its left end only.
  std::vector<size_t> starts;
  for (const size_t i : unknown) {
    const bool reached =
        std::any_of(pattern_.edges.begin(), pattern_.edges.end(), [&](const BoundEdge& edge) {
          return edge.kind == BoundEdge::Kind::kQuantified && edge.right == i && edge.left != i &&
                 !Known(node(edge.left).variable);
        });
    if (!reached) starts.push_back(i);
  }
  if (starts.empty()) starts = unknown;
  std::vector<size_t> edges;
  for (size_t e = 0; e < pattern_.edges.size(); ++e) {
    const BoundEdge& edge = pattern_.edges[e];
    if (!edge_done_[e] && !Known(node(edge.left).variable) && !Known(node(edge.right).variable))
      edges.push_back(e);
  }
  const Start best = BestStart(starts, edges);
  const bool at_edge =
      best.kind == Start::Kind::kRelationships || best.kind == Start::Kind::kRelationshipIndex;
  const size_t in_component = at_edge ? pattern_.edges[best.node].left : best.node;
  const std::vector<size_t> component = ComponentOf(in_component);
  const bool depends = DependsOnRows(best) || WalksReadOthers(component);
  if (depends || plan_->estimated_rows <= kFewRows || !planner_.use_rules()) return PlanStart(best);
  return JoinComponent(component, best);
}

absl::Status MatchPlanner::JoinComponent(const std::vector<size_t>& nodes, const Start& start) {
  PlanPtr left = std::exchange(plan_, planner_.Argument(Layout()));
  const std::vector<bool> done_before = edge_done_;
  RELATA_RETURN_IF_ERROR(PlanStart(start));
  while (true) {
    RELATA_RETURN_IF_ERROR(ApplyConditions());
    const std::optional<Next> next = BestEdge();
    if (!next) break;
    RELATA_RETURN_IF_ERROR(PlanEdge(*next));
  }
  const bool whole =
      std::all_of(nodes.begin(), nodes.end(), [this](size_t i) { return Known(node(i).variable); });
  if (!whole) return absl::InternalError("a part of a pattern is not connected");
  PlanPtr right = std::move(plan_);
  // Equalities between the two sides are keys; they stay conditions too, since keys agree in more
  // (NaN).
  std::vector<std::pair<VariableId, const BoundExpr*>> left_added;
  std::vector<std::pair<VariableId, const BoundExpr*>> right_added;
  const auto within = [](const std::vector<VariableId>& variables, const Layout& layout) {
    return !variables.empty() && std::all_of(variables.begin(), variables.end(),
                                             [&](VariableId v) { return layout.Contains(v); });
  };
  for (const Condition& condition : conditions_) {
    if (condition.done || (*condition.expr)->kind != BoundKind::kEqual) continue;
    for (int side = 0; side < 2; ++side) {
      const BoundExpr& a = *(*condition.expr)->args[side];
      const BoundExpr& b = *(*condition.expr)->args[1 - side];
      if (!within(FreeVariables(a), left->layout) || !within(FreeVariables(b), right->layout))
        continue;
      left_added.emplace_back(planner_.NewVariable("  key", types::kAny), &a);
      right_added.emplace_back(planner_.NewVariable("  key", types::kAny), &b);
      break;
    }
  }
  HashJoinPlan join;
  const std::vector<VariableId> right_columns = right->layout.variables();
  for (size_t i = 0; i < right_columns.size(); ++i) join.kept.push_back(i);
  if (!left_added.empty()) {
    for (size_t k = 0; k < left_added.size(); ++k) {
      join.left_keys.push_back(left->layout.size() + k);
      join.right_keys.push_back(right->layout.size() + k);
    }
    RELATA_ASSIGN_OR_RETURN(left, planner_.Extend(std::move(left), left_added));
    RELATA_ASSIGN_OR_RETURN(right, planner_.Extend(std::move(right), right_added));
  }
  const double rows =
      left->estimated_rows * right->estimated_rows * (left_added.empty() ? 1 : kEqualityJoin);
  std::string details = left_added.empty() ? "product" : "";
  plan_ = planner_.Make(std::move(join), {std::move(left), std::move(right)}, right_columns, rows,
                        std::move(details));
  return CheckJoined(done_before);
}

// Relationships of the two sides of a join, and one that a scan puts beside others, must differ as
// those that are walked one after another do.
absl::Status MatchPlanner::CheckJoined(const std::vector<bool>& done_before) {
  DifferentRelationshipsPlan different;
  bool meet = false;
  for (size_t a = 0; a < pattern_.edges.size(); ++a) {
    for (size_t b = 0; b < pattern_.edges.size(); ++b) {
      if (!done_before[a] || done_before[b] || !edge_done_[b]) continue;
      meet = meet ||
             (pattern_.different_relationships && MayMeet(pattern_.edges[a], pattern_.edges[b]));
    }
  }
  if (!meet) return absl::OkStatus();
  // The other side of a join that is still to be made has no columns here.
  for (size_t e = 0; e < pattern_.edges.size(); ++e) {
    if (!edge_done_[e]) continue;
    if (const auto column = plan_->layout.Find(pattern_.edges[e].variable))
      different.columns.push_back(*column);
  }
  if (different.columns.size() < 2) return absl::OkStatus();
  const double rows = plan_->estimated_rows;
  plan_ = planner_.Make(std::move(different), {std::move(plan_)}, {}, rows, "");
  return absl::OkStatus();
}

}  // namespace relata::query
