#include "graph/query/planner/match_planner.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/error_parts.h"
#include "base/status_macros.h"
#include "graph/query/planner/single_step_walks.h"

namespace relata::query {
namespace {

// A guess of how many rows a condition keeps.
constexpr double kOtherSelectivity = 0.5;
// Nodes and relationships of one pattern: the time to plan it grows with the third power.
constexpr size_t kLargestPattern = 1000;

}  // namespace

BoundExprPtr VariableExpr(VariableId variable, TypeSet type) {
  auto expr = std::make_unique<BoundExpr>();
  expr->kind = BoundKind::kVariable;
  expr->variable = variable;
  expr->type = type;
  return expr;
}

BoundExprPtr BinaryExpr(BoundKind kind, BoundExprPtr a, BoundExprPtr b, TypeSet type) {
  auto expr = std::make_unique<BoundExpr>();
  expr->kind = kind;
  expr->type = type;
  expr->args.push_back(std::move(a));
  if (b) expr->args.push_back(std::move(b));
  return expr;
}

MatchPlanner::MatchPlanner(StatementPlanner* planner, BoundPattern* pattern, ContextId context,
                           bool name_paths)
    : planner_(*planner), pattern_(*pattern), context_(context), name_paths_(name_paths) {
  if (planner_.use_rules()) {
    for (BoundEdge& edge : pattern_.edges) {
      MakeRepeatedIfSingleStep(edge, [this](VariableId v) { return planner_.Used(v); });
    }
  }
  for (BoundExprPtr& expr : pattern_.conditions) {
    std::vector<VariableId> needs = FreeVariables(*expr);
    conditions_.push_back({&expr, std::move(needs)});
  }
  node_checked_.assign(pattern_.nodes.size(), false);
  edge_done_.assign(pattern_.edges.size(), false);
  path_done_.assign(pattern_.paths.size(), false);
}

bool MatchPlanner::AllKnown(const std::vector<VariableId>& variables) const {
  return std::all_of(variables.begin(), variables.end(), [this](VariableId v) { return Known(v); });
}

absl::Status MatchPlanner::CheckNode(size_t i) {
  node_checked_[i] = true;
  const BoundNode& checked = node(i);
  if (checked.labels != nullptr) {
    BoundExpr has;
    has.kind = BoundKind::kHasLabels;
    has.type = types::kBool;
    has.args.push_back(VariableExpr(checked.variable, types::kNode));
    has.labels = std::make_unique<BoundLabels>(*checked.labels);
    const double selectivity = planner_.estimates().LabelSelectivity(checked.labels.get());
    RELATA_ASSIGN_OR_RETURN(plan_, planner_.Filter(std::move(plan_), has, selectivity));
    return absl::OkStatus();
  }
  // A node that came from before and has no relationship here must at least be one.
  const bool walked = std::any_of(pattern_.edges.begin(), pattern_.edges.end(),
                                  [&](const BoundEdge& e) { return e.left == i || e.right == i; });
  if (!checked.bound || walked) return absl::OkStatus();
  const BoundExprPtr there = BinaryExpr(
      BoundKind::kIsNotNull, VariableExpr(checked.variable, types::kNode), nullptr, types::kBool);
  RELATA_ASSIGN_OR_RETURN(plan_, planner_.Filter(std::move(plan_), *there, 1));
  return absl::OkStatus();
}

absl::Status MatchPlanner::ApplyConditions() {
  for (size_t i = 0; i < pattern_.nodes.size(); ++i) {
    if (!node_checked_[i] && Known(node(i).variable)) RELATA_RETURN_IF_ERROR(CheckNode(i));
  }
  for (Condition& condition : conditions_) {
    if (condition.done || !AllKnown(condition.needs)) continue;
    condition.done = true;
    const double selectivity = condition.sought ? 1 : SelectivityOf(**condition.expr);
    RELATA_ASSIGN_OR_RETURN(plan_,
                            planner_.Filter(std::move(plan_), **condition.expr, selectivity));
  }
  return absl::OkStatus();
}

absl::StatusOr<PlanPtr> MatchPlanner::Plan(PlanPtr from) {
  if (pattern_.nodes.size() + pattern_.edges.size() > kLargestPattern) {
    return LimitReached(
        "pattern_size", kLargestPattern,
        absl::StrCat("a MATCH has ", pattern_.nodes.size(), " nodes and ", pattern_.edges.size(),
                     " relationships, together more than ", kLargestPattern,
                     ", the most it may have; write a quantified path, or several MATCH clauses "
                     "with WITH between them"));
  }
  plan_ = std::move(from);
  columns_before_ = plan_->layout.size();
  while (true) {
    RELATA_RETURN_IF_ERROR(planner_.Work(conditions_.size() + pattern_.edges.size()));
    RELATA_RETURN_IF_ERROR(FinishPaths());
    RELATA_RETURN_IF_ERROR(ApplyConditions());
    // Path values are made of the rows that are left.
    RELATA_RETURN_IF_ERROR(NamePaths());
    RELATA_RETURN_IF_ERROR(ApplyConditions());
    if (const std::optional<Next> next = BestEdge()) {
      RELATA_ASSIGN_OR_RETURN(const bool planned, PlanPartBeyond(*next));
      if (!planned) RELATA_RETURN_IF_ERROR(PlanEdge(*next));
      continue;
    }
    // Searches wait until their ends are known, but for one that can look for its far end.
    bool searched = false;
    for (const BoundPath& path : pattern_.paths) {
      if (!IsSearch(path) || edge_done_[path.edges[0]]) continue;
      const BoundEdge& searched_edge = pattern_.edges[path.edges[0]];
      if (!Known(node(searched_edge.left).variable) || !Known(node(searched_edge.right).variable))
        continue;
      RELATA_RETURN_IF_ERROR(PlanShortest(path));
      searched = true;
      break;
    }
    if (searched) continue;
    const bool complete = std::all_of(pattern_.nodes.begin(), pattern_.nodes.end(),
                                      [this](const BoundNode& n) { return Known(n.variable); });
    if (complete) break;
    RELATA_RETURN_IF_ERROR(StartOrJoin());
  }
  return plan_;
}

BoundExprPtr MatchPlanner::PathExpr(const BoundPath& path) const {
  auto expr = std::make_unique<BoundExpr>();
  expr->kind = BoundKind::kPath;
  expr->type = types::kPath;
  for (size_t i = 0; i < path.nodes.size(); ++i) {
    expr->elements.push_back(node(path.nodes[i]).variable);
    if (i < path.edges.size()) expr->elements.push_back(pattern_.edges[path.edges[i]].variable);
  }
  return expr;
}

absl::Status MatchPlanner::FinishPaths() {
  for (size_t p = 0; p < pattern_.paths.size(); ++p) {
    const BoundPath& path = pattern_.paths[p];
    if (path_done_[p]) continue;
    const bool known = std::all_of(path.nodes.begin(), path.nodes.end(),
                                   [this](size_t n) { return Known(node(n).variable); }) &&
                       std::all_of(path.edges.begin(), path.edges.end(),
                                   [this](size_t e) { return edge_done_[e]; });
    if (!known) continue;
    path_done_[p] = true;
    const bool restricted =
        (path.mode == BoundPathMode::kSimple || path.mode == BoundPathMode::kAcyclic) &&
        path.edges.size() > 1;
    if (restricted) RELATA_RETURN_IF_ERROR(CheckNodesDiffer(path));
    if (path.selector != BoundPath::Selector::kAll && !IsSearch(path)) {
      RELATA_RETURN_IF_ERROR(PlanSelector(path));
    }
  }
  return absl::OkStatus();
}

absl::Status MatchPlanner::NamePaths() {
  for (size_t p = 0; p < pattern_.paths.size(); ++p) {
    const BoundPath& path = pattern_.paths[p];
    if (!path_done_[p] || !name_paths_ || path.variable == kNoVariable ||
        !planner_.Used(path.variable) || Known(path.variable)) {
      continue;
    }
    const BoundExprPtr expr = PathExpr(path);
    RELATA_ASSIGN_OR_RETURN(plan_,
                            planner_.Extend(std::move(plan_), {{path.variable, expr.get()}}));
  }
  return absl::OkStatus();
}

namespace {

BoundExprPtr CallExpr(absl::string_view function, BoundExprPtr arg) {
  auto expr = std::make_unique<BoundExpr>();
  expr->kind = BoundKind::kFunction;
  expr->function = FindFunction(function);
  expr->args.push_back(std::move(arg));
  return expr;
}

}  // namespace

// No node twice; in a SIMPLE path the first may also be the last: all(n IN nodes(p) WHERE single(m
// IN nodes(p) WHERE m = n)), where a SIMPLE path leaves its first node out of both lists and then
// may meet that at its end alone.
absl::Status MatchPlanner::CheckNodesDiffer(const BoundPath& path) {
  const bool simple = path.mode == BoundPathMode::kSimple;
  const auto nodes = [&] {
    BoundExprPtr list = CallExpr("nodes", PathExpr(path));
    return simple ? CallExpr("tail", std::move(list)) : std::move(list);
  };
  const VariableId outer = planner_.NewVariable("  n", types::kNode);
  const VariableId inner = planner_.NewVariable("  m", types::kNode);
  auto single = std::make_unique<BoundExpr>();
  single->kind = BoundKind::kQuantifier;
  single->quantifier = QuantifierType::kSingle;
  single->variable = inner;
  single->args.push_back(nodes());
  single->args.push_back(BinaryExpr(BoundKind::kEqual, VariableExpr(inner, types::kNode),
                                    VariableExpr(outer, types::kNode), types::kBool));
  BoundExpr all;
  all.kind = BoundKind::kQuantifier;
  all.quantifier = QuantifierType::kAll;
  all.variable = outer;
  all.args.push_back(nodes());
  all.args.push_back(std::move(single));
  RELATA_ASSIGN_OR_RETURN(plan_, planner_.Filter(std::move(plan_), all, kOtherSelectivity));
  if (!simple) return absl::OkStatus();
  // The first node may come again at the end only.
  const VariableId met = planner_.NewVariable("  k", types::kNode);
  BoundExpr none;
  none.kind = BoundKind::kQuantifier;
  none.quantifier = QuantifierType::kNone;
  none.variable = met;
  auto middle = std::make_unique<BoundExpr>();
  middle->kind = BoundKind::kSlice;
  middle->args.push_back(CallExpr("nodes", PathExpr(path)));
  for (const int64_t end : {1, -1}) {
    auto literal = std::make_unique<BoundExpr>();
    literal->literal = Datum::Int(end);
    middle->args.push_back(std::move(literal));
  }
  none.args.push_back(std::move(middle));
  none.args.push_back(BinaryExpr(BoundKind::kEqual, VariableExpr(met, types::kNode),
                                 VariableExpr(node(path.nodes.front()).variable, types::kNode),
                                 types::kBool));
  RELATA_ASSIGN_OR_RETURN(plan_, planner_.Filter(std::move(plan_), none, kOtherSelectivity));
  return absl::OkStatus();
}

bool MatchPlanner::IsSearch(const BoundPath& path) const {
  if (path.selector == BoundPath::Selector::kAll || path.edges.size() != 1) return false;
  const BoundEdge& only = pattern_.edges[path.edges[0]];
  return only.kind == BoundEdge::Kind::kRepeated && !only.bound;
}

const BoundPath* MatchPlanner::SelectedPath(size_t e) const {
  for (const BoundPath& path : pattern_.paths) {
    const bool on_it = std::find(path.edges.begin(), path.edges.end(), e) != path.edges.end();
    if (on_it && IsSearch(path)) return &path;
  }
  return nullptr;
}

BoundPathMode MatchPlanner::ModeOf(size_t e) const {
  for (const BoundPath& path : pattern_.paths) {
    if (std::find(path.edges.begin(), path.edges.end(), e) != path.edges.end()) return path.mode;
  }
  return pattern_.different_relationships ? BoundPathMode::kTrail : BoundPathMode::kWalk;
}

bool MatchPlanner::MayMeet(const BoundEdge& a, const BoundEdge& b) const {
  if (a.types.empty() || b.types.empty()) return true;
  return std::any_of(a.types.begin(), a.types.end(), [&](const std::string& type) {
    return std::find(b.types.begin(), b.types.end(), type) != b.types.end();
  });
}

ExcludedColumns MatchPlanner::DifferentFrom(size_t e) const {
  ExcludedColumns columns;
  for (size_t other = 0; other < pattern_.edges.size(); ++other) {
    if (other == e || !edge_done_[other]) continue;
    bool different = pattern_.different_relationships;
    for (const BoundPath& path : pattern_.paths) {
      const auto on_it = [&](size_t x) {
        return std::find(path.edges.begin(), path.edges.end(), x) != path.edges.end();
      };
      if (path.mode != BoundPathMode::kWalk && on_it(e) && on_it(other)) different = true;
    }
    if (!different || !MayMeet(pattern_.edges[e], pattern_.edges[other])) continue;
    if (pattern_.edges[e].variable == pattern_.edges[other].variable) continue;
    if (const auto column = plan_->layout.Find(pattern_.edges[other].variable))
      columns.push_back(*column);
  }
  return columns;
}

std::string MatchPlanner::NodeText(size_t i) const {
  const std::string label = planner_.estimates().NarrowestLabel(node(i).labels.get());
  return absl::StrCat("(", planner_.NameOf(node(i).variable), label.empty() ? "" : ":", label, ")");
}

std::string MatchPlanner::EdgeText(size_t e, bool from_right) const {
  const BoundEdge& shown = pattern_.edges[e];
  std::string inside = planner_.NameOf(shown.variable);
  for (size_t i = 0; i < shown.types.size(); ++i)
    absl::StrAppend(&inside, i == 0 ? ":" : "|", shown.types[i]);
  if (shown.kind != BoundEdge::Kind::kSingle) {
    absl::StrAppend(&inside, "*", shown.min, "..",
                    shown.max == INT64_MAX ? "" : absl::StrCat(shown.max));
  }
  const bool into_left = shown.direction == EdgeDirection::kIn;
  const bool into_right = shown.direction == EdgeDirection::kOut;
  const std::string arrow = absl::StrCat(
      into_left != from_right && shown.direction != EdgeDirection::kEither ? "<" : "", "-[", inside,
      "]-", into_right != from_right && shown.direction != EdgeDirection::kEither ? ">" : "");
  return from_right ? absl::StrCat(NodeText(shown.right), arrow, NodeText(shown.left))
                    : absl::StrCat(NodeText(shown.left), arrow, NodeText(shown.right));
}

}  // namespace relata::query
