#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/planner/match_planner.h"
#include "graph/query/planner/pattern_parts.h"
#include "graph/query/planner/single_step_walks.h"

// Which relationship of a pattern is followed next, and how.
namespace relata::query {

std::vector<VariableId> MatchPlanner::WalkReads(const BoundEdge& edge) const {
  std::vector<VariableId> reads;
  const auto add = [&](const std::vector<BoundExprPtr>& conditions) {
    for (const BoundExprPtr& condition : conditions) {
      const std::vector<VariableId> free = FreeVariables(*condition);
      reads.insert(reads.end(), free.begin(), free.end());
    }
  };
  add(edge.element_conditions);
  if (edge.inner) {
    add(edge.inner->conditions);
    for (const BoundEdge& inner : edge.inner->edges) add(inner.element_conditions);
  }
  return reads;
}

bool MatchPlanner::CanWalk(const BoundEdge& edge) const {
  for (const VariableId read : WalkReads(edge)) {
    const bool ours = std::any_of(pattern_.nodes.begin(), pattern_.nodes.end(),
                                  [&](const BoundNode& n) { return n.variable == read; }) ||
                      std::any_of(pattern_.edges.begin(), pattern_.edges.end(),
                                  [&](const BoundEdge& e) { return e.variable == read; });
    if (ours && !Known(read)) return false;
  }
  return true;
}

std::optional<MatchPlanner::Next> MatchPlanner::BestEdge() const {
  std::optional<Next> best;
  const Estimates& estimates = planner_.estimates();
  for (size_t e = 0; e < pattern_.edges.size(); ++e) {
    const BoundEdge& edge = pattern_.edges[e];
    if (edge_done_[e] || SelectedPath(e) != nullptr || !CanWalk(edge)) continue;
    const bool left = Known(node(edge.left).variable);
    const bool right = Known(node(edge.right).variable);
    const bool is_known = edge.kind == BoundEdge::Kind::kSingle && edge.bound;
    if (!left && !right && !is_known) continue;
    const bool from_left_only = edge.kind == BoundEdge::Kind::kQuantified ||
                                (edge.kind == BoundEdge::Kind::kRepeated && edge.bound);
    if (from_left_only && !left) continue;
    Next next;
    next.edge = e;
    next.from_right = !left;
    const BoundNode& near = node(left ? edge.left : edge.right);
    const BoundLabels* const far_labels = node(left ? edge.right : edge.left).labels.get();
    const EdgeDirection direction = left ? edge.direction : Reversed(edge.direction);
    const std::string near_label = estimates.NarrowestLabel(near.labels.get());
    const double degree = estimates.Degree(near_label, edge.types, direction);
    const double far = estimates.FarSelectivity(near_label, edge.types, direction, far_labels);
    if (is_known) {
      next.fan_out = 0;
    } else if (edge.kind == BoundEdge::Kind::kSingle) {
      next.fan_out = left && right ? std::min(1.0, degree / estimates.Entities()) : degree * far;
    } else {
      const double hops = static_cast<double>(std::min<int64_t>(edge.max, 4));
      next.fan_out = std::pow(std::max(1.5, degree), hops) * (left && right ? 0.01 : far);
    }
    if (!best || next.fan_out < best->fan_out) best = next;
    if (!planner_.use_rules()) break;
  }
  return best;
}

absl::Status MatchPlanner::PlanEdge(const Next& next) {
  const BoundEdge& edge = pattern_.edges[next.edge];
  absl::Status status;
  if (edge.kind == BoundEdge::Kind::kQuantified) {
    status = PlanQuantified(next);
  } else if (edge.kind == BoundEdge::Kind::kRepeated) {
    status = PlanRepeated(next);
  } else if (edge.bound) {
    status = PlanBound(next.edge);
  } else {
    status = PlanSingle(next);
  }
  edge_done_[next.edge] = true;
  return status;
}

absl::Status MatchPlanner::CheckEdge(size_t e) {
  const BoundEdge& edge = pattern_.edges[e];
  if (edge.types_condition == nullptr) return absl::OkStatus();
  BoundExpr has;
  has.kind = BoundKind::kHasLabels;
  has.type = types::kBool;
  has.args.push_back(VariableExpr(edge.variable, types::kRelationship));
  has.labels = std::make_unique<BoundLabels>(*edge.types_condition);
  RELATA_ASSIGN_OR_RETURN(plan_, planner_.Filter(std::move(plan_), has, 0.5));
  return absl::OkStatus();
}

absl::Status MatchPlanner::PlanSingle(const Next& next) {
  const BoundEdge& edge = pattern_.edges[next.edge];
  const VariableId near = node(next.from_right ? edge.right : edge.left).variable;
  const VariableId far = node(next.from_right ? edge.left : edge.right).variable;
  ExpandPlan op;
  op.context = context_;
  op.from = ColumnOf(near);
  op.direction = next.from_right ? Reversed(edge.direction) : edge.direction;
  op.types = edge.types;
  op.different_from = DifferentFrom(next.edge);
  std::vector<VariableId> added = {edge.variable};
  if (Known(far)) {
    op.into = ColumnOf(far);
  } else {
    added.push_back(far);
    const size_t far_node = next.from_right ? edge.left : edge.right;
    const BoundLabels* labels = node(far_node).labels.get();
    if (labels != nullptr && !IsDynamic(*labels)) {
      RELATA_ASSIGN_OR_RETURN(op.far_labels, planner_.CompileLabels(*labels, Layout()));
      op.has_far_labels = true;
      node_checked_[far_node] = true;
    }
  }
  const double rows = plan_->estimated_rows * next.fan_out;
  plan_ = planner_.Make(std::move(op), {std::move(plan_)}, added, rows,
                        EdgeText(next.edge, next.from_right));
  return CheckEdge(next.edge);
}

absl::Status MatchPlanner::PlanBound(size_t e) {
  const BoundEdge& edge = pattern_.edges[e];
  const VariableId left = node(edge.left).variable;
  VariableId right = node(edge.right).variable;
  BoundRelationshipPlan op;
  op.context = context_;
  op.relationship = ColumnOf(edge.variable);
  op.direction = edge.direction;
  op.types = edge.types;
  op.different_from = DifferentFrom(e);
  std::vector<VariableId> added;
  if (Known(left)) {
    op.left = ColumnOf(left);
  } else {
    added.push_back(left);
  }
  const bool loop = left == right && !Known(left);
  if (loop) right = planner_.NewVariable("  end", types::kNode);
  if (Known(right)) {
    op.right = ColumnOf(right);
  } else {
    added.push_back(right);
  }
  const double rows = plan_->estimated_rows;
  plan_ = planner_.Make(std::move(op), {std::move(plan_)}, added, rows, EdgeText(e, false));
  if (loop) {
    const BoundExprPtr same = BinaryExpr(BoundKind::kEqual, VariableExpr(left, types::kNode),
                                         VariableExpr(right, types::kNode), types::kBool);
    RELATA_ASSIGN_OR_RETURN(plan_, planner_.Filter(std::move(plan_), *same, 0.1));
  }
  return CheckEdge(e);
}

WalkNames MatchPlanner::NamesOf(size_t e) const {
  WalkNames names;
  names.list = pattern_.edges[e].variable;
  names.whole_path = true;
  for (const BoundPath& path : pattern_.paths) {
    if (std::find(path.edges.begin(), path.edges.end(), e) == path.edges.end()) continue;
    if (path.variable != kNoVariable) names.paths.push_back(path.variable);
    names.whole_path = names.whole_path && path.edges.size() == 1;
  }
  return names;
}

void MatchPlanner::PushConditions(size_t e, std::vector<BoundExprPtr>& of_relationships,
                                  std::vector<BoundExprPtr>& of_nodes, int64_t* max) {
  // What a selector chooses is chosen before WHERE.
  const BoundPath* selected = SelectedPath(e);
  if (!planner_.use_rules() || (selected != nullptr && !selected->function)) return;
  const WalkNames names = NamesOf(e);
  for (Condition& condition : conditions_) {
    if (condition.done) continue;
    if (const std::optional<int64_t> bound = LengthBoundOf(**condition.expr, names)) {
      *max = std::min(*max, *bound);
      condition.on_walk = (*condition.expr)->kind != BoundKind::kEqual;
    }
    std::optional<PartCondition> part = PartConditionOf(**condition.expr, names);
    if (!part) continue;
    const VariableId element = part->of_nodes ? on_walk_ : edge(e).element;
    const TypeSet type = part->of_nodes ? types::kNode : types::kRelationship;
    Substitute(part->condition, part->part, [&] { return VariableExpr(element, type); });
    const std::vector<VariableId> reads = FreeVariables(*part->condition);
    const bool known = std::all_of(reads.begin(), reads.end(), [&](VariableId variable) {
      return variable == element || Known(variable);
    });
    if (!known) continue;
    condition.on_walk = true;
    (part->of_nodes ? of_nodes : of_relationships).push_back(std::move(part->condition));
  }
}

namespace {

BoundExpr AllOf(std::vector<BoundExprPtr> conditions) {
  BoundExpr both;
  both.kind = BoundKind::kAnd;
  both.type = types::kBool;
  both.args = std::move(conditions);
  return both;
}

absl::StatusOr<Expression> CompileAll(StatementPlanner& planner, const BoundExpr& both,
                                      const Layout& layout) {
  if (both.args.empty()) return Expression();
  return planner.Compile(both.args.size() == 1 ? *both.args[0] : both, layout);
}

}  // namespace

// Over the columns there are and the element.
absl::StatusOr<MatchPlanner::WalkChecks> MatchPlanner::ChecksOf(size_t e) {
  BoundEdge& walked = edge(e);
  if (walked.element == kNoVariable)
    walked.element = planner_.NewVariable("  each", types::kRelationship);
  if (on_walk_ == kNoVariable) on_walk_ = planner_.NewVariable("  on", types::kNode);
  WalkChecks checks;
  checks.max = walked.max;
  std::vector<BoundExprPtr> of_relationships = std::move(walked.element_conditions);
  std::vector<BoundExprPtr> of_nodes;
  const size_t own = of_relationships.size();
  if (walked.types_condition) {
    auto has = std::make_unique<BoundExpr>();
    has->kind = BoundKind::kHasLabels;
    has->type = types::kBool;
    has->args.push_back(VariableExpr(walked.element, types::kRelationship));
    has->labels = std::make_unique<BoundLabels>(*walked.types_condition);
    of_relationships.push_back(std::move(has));
  }
  PushConditions(e, of_relationships, of_nodes, &checks.max);
  Layout layout = plan_->layout;
  layout.Add(walked.element);
  BoundExpr both = AllOf(std::move(of_relationships));
  absl::StatusOr<Expression> each = CompileAll(planner_, both, layout);
  // They are the pattern's: an expression may be compiled more than once.
  walked.element_conditions.clear();
  for (size_t i = 0; i < own; ++i) walked.element_conditions.push_back(std::move(both.args[i]));
  RELATA_ASSIGN_OR_RETURN(checks.each, std::move(each));
  Layout node_layout = plan_->layout;
  node_layout.Add(on_walk_);
  RELATA_ASSIGN_OR_RETURN(checks.each_node,
                          CompileAll(planner_, AllOf(std::move(of_nodes)), node_layout));
  return checks;
}

bool MatchPlanner::OnlyFarNodes(const BoundEdge& repeated) const {
  if (!planner_.rows_as_set() || repeated.bound || planner_.Used(repeated.variable)) return false;
  // Beside relationships that it could meet the walk matters: none may come twice in a pattern.
  for (const BoundEdge& other : pattern_.edges) {
    if (&other != &repeated && MayMeet(repeated, other)) return false;
  }
  return std::all_of(pattern_.paths.begin(), pattern_.paths.end(), [this](const BoundPath& path) {
    const bool asked = path.variable != kNoVariable && planner_.Used(path.variable);
    const bool plain = path.mode == BoundPathMode::kTrail || path.mode == BoundPathMode::kWalk;
    return !asked && plain && path.selector == BoundPath::Selector::kAll;
  });
}

absl::Status MatchPlanner::PlanRepeated(const Next& next) {
  BoundEdge& repeated = edge(next.edge);
  const VariableId near = node(next.from_right ? repeated.right : repeated.left).variable;
  const VariableId far = node(next.from_right ? repeated.left : repeated.right).variable;
  VarExpandPlan op;
  op.context = context_;
  op.from = ColumnOf(near);
  op.direction = next.from_right ? Reversed(repeated.direction) : repeated.direction;
  op.types = repeated.types;
  op.min = repeated.min;
  op.mode = ModeOf(next.edge);
  op.different_from = DifferentFrom(next.edge);
  RELATA_ASSIGN_OR_RETURN(WalkChecks checks, ChecksOf(next.edge));
  op.each = std::move(checks.each);
  op.each_node = std::move(checks.each_node);
  op.max = checks.max;
  op.distinct_far = OnlyFarNodes(repeated);
  if (Known(far)) op.into = ColumnOf(far);
  if (repeated.bound) op.known = ColumnOf(repeated.variable);
  op.backwards =
      next.from_right && !repeated.bound && (planner_.Used(repeated.variable) || name_paths_);
  // A known list gets a column of its own.
  std::vector<VariableId> added = {repeated.bound ? planner_.NewVariable("  walk", types::kList)
                                                  : repeated.variable};
  if (!op.into) added.push_back(far);
  const double rows = plan_->estimated_rows * next.fan_out;
  plan_ = planner_.Make(std::move(op), {std::move(plan_)}, added, rows,
                        EdgeText(next.edge, next.from_right));
  return absl::OkStatus();
}

absl::Status MatchPlanner::PlanQuantified(const Next& next) {
  BoundEdge& quantified = edge(next.edge);
  BoundPattern& inner = *quantified.inner;
  QuantifiedExpandPlan op;
  op.context = context_;
  op.from = ColumnOf(node(quantified.left).variable);
  op.min = quantified.min;
  op.max = quantified.max;
  op.mode = ModeOf(next.edge);
  op.different_from = DifferentFrom(next.edge);
  const VariableId far = node(quantified.right).variable;
  if (Known(far)) op.into = ColumnOf(far);
  if (inner.paths.empty()) return absl::InternalError("a quantified pattern has no path");
  // The path of the inside tells which way it runs; conditions may have come in other orders.
  const BoundPath walked = {kNoVariable,
                            inner.paths[0].nodes,
                            inner.paths[0].edges,
                            inner.paths[0].mode,
                            BoundPath::Selector::kAll,
                            nullptr,
                            false};
  std::vector<VariableId> inner_nodes;
  std::vector<VariableId> inner_relationships;
  for (const size_t i : walked.nodes) inner_nodes.push_back(inner.nodes[i].variable);
  for (const size_t e : walked.edges) inner_relationships.push_back(inner.edges[e].variable);
  inner.nodes[walked.nodes.front()].bound = true;
  Layout layout = plan_->layout;
  layout.Add(inner_nodes.front());
  RELATA_ASSIGN_OR_RETURN(op.inner, MatchPlanner(&planner_, &inner, context_, /*name_paths=*/true)
                                        .Plan(planner_.Argument(layout)));
  const auto column = [&](VariableId variable) { return *op.inner->layout.Find(variable); };
  op.inner_end = column(inner_nodes.back());
  for (const VariableId variable : inner_nodes) op.inner_nodes.push_back(column(variable));
  for (const VariableId variable : inner_relationships)
    op.inner_relationships.push_back(column(variable));
  if (quantified.variable == kNoVariable)
    quantified.variable = planner_.NewVariable("  walk", types::kList);
  std::vector<VariableId> added = {quantified.variable};
  for (const BoundEdge::GroupVariable& group : quantified.groups) {
    op.groups.push_back(column(group.inside));
    added.push_back(group.outside);
  }
  if (!op.into) added.push_back(far);
  const double rows = plan_->estimated_rows * next.fan_out;
  plan_ = planner_.Make(std::move(op), {std::move(plan_)}, added, rows, EdgeText(next.edge, false));
  return absl::OkStatus();
}

absl::Status MatchPlanner::PlanShortest(const BoundPath& path) {
  const size_t e = path.edges[0];
  BoundEdge& searched = edge(e);
  const VariableId far = node(searched.right).variable;
  ShortestPathPlan op;
  op.context = context_;
  op.from = ColumnOf(node(searched.left).variable);
  if (Known(far)) op.to = ColumnOf(far);
  op.direction = searched.direction;
  op.types = searched.types;
  op.min = searched.min;
  op.selector = path.selector;
  op.mode = path.mode;
  RELATA_ASSIGN_OR_RETURN(op.count, planner_.CompileIfAny(path.count, Layout()));
  RELATA_ASSIGN_OR_RETURN(WalkChecks checks, ChecksOf(e));
  op.each = std::move(checks.each);
  op.each_node = std::move(checks.each_node);
  op.max = checks.max;
  std::vector<VariableId> added = {searched.variable};
  if (!op.to) added.push_back(far);
  Layout output = plan_->layout;
  for (const VariableId variable : added) output.Add(variable);
  if (path.function) RELATA_RETURN_IF_ERROR(PlanSearchCondition(path, output, op));
  edge_done_[e] = true;
  const double rows = plan_->estimated_rows * (op.to ? 1 : planner_.estimates().Entities());
  plan_ = planner_.Make(std::move(op), {std::move(plan_)}, added, rows, EdgeText(e, false));
  return absl::OkStatus();
}

// The conditions that read the path or its relationships and nothing that is unknown, as one.
absl::Status MatchPlanner::PlanSearchCondition(const BoundPath& path, const Layout& output,
                                               ShortestPathPlan& op) {
  const VariableId list = pattern_.edges[path.edges[0]].variable;
  op.condition_covered = true;
  std::vector<BoundExprPtr*> moved;
  BoundExpr all = AllOf({});
  for (Condition& condition : conditions_) {
    if (condition.done) continue;
    bool reads_path = false;
    bool known = true;
    for (const VariableId variable : condition.needs) {
      reads_path = reads_path || variable == list || variable == path.variable;
      known = known && (output.Contains(variable) || variable == path.variable);
    }
    if (!reads_path || !known) continue;
    if (path.variable != kNoVariable &&
        !Substitute(*condition.expr, path.variable, [&] { return PathExpr(path); })) {
      continue;
    }
    condition.done = true;
    op.condition_covered = op.condition_covered && condition.on_walk;
    moved.push_back(condition.expr);
    all.args.push_back(std::move(*condition.expr));
  }
  absl::StatusOr<Expression> compiled = CompileAll(planner_, all, output);
  for (size_t i = 0; i < moved.size(); ++i) *moved[i] = std::move(all.args[i]);
  RELATA_ASSIGN_OR_RETURN(op.condition, std::move(compiled));
  return absl::OkStatus();
}

absl::Status MatchPlanner::PlanSelector(const BoundPath& path) {
  PathSelectPlan op;
  op.selector = path.selector;
  RELATA_ASSIGN_OR_RETURN(op.count, planner_.CompileIfAny(path.count, Layout()));
  auto length = std::make_unique<BoundExpr>();
  length->kind = BoundKind::kFunction;
  length->function = FindFunction("length");
  length->type = types::kInt;
  length->args.push_back(PathExpr(path));
  const VariableId column = planner_.NewVariable("  length", types::kInt);
  RELATA_ASSIGN_OR_RETURN(plan_, planner_.Extend(std::move(plan_), {{column, length.get()}}));
  op.length = ColumnOf(column);
  // One choice for each pair of ends, and for each row that the pattern started from.
  for (size_t i = 0; i < columns_before_; ++i) op.partition.push_back(i);
  for (const size_t end : {path.nodes.front(), path.nodes.back()}) {
    const size_t at = ColumnOf(node(end).variable);
    if (at >= columns_before_) op.partition.push_back(at);
  }
  const double rows = plan_->estimated_rows;
  plan_ = planner_.Make(std::move(op), {std::move(plan_)}, {}, rows, "");
  return absl::OkStatus();
}

}  // namespace relata::query
