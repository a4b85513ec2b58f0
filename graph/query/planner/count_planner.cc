#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/planner/pattern_parts.h"
#include "graph/query/planner/statement_planner.h"
#include "graph/query/semantics/expression_tree.h"

// Counts that need no row: of all nodes of a label, of all relationships of a type, of walks of two
// relationships, of the last relationship of a walk, of the nodes that walks lead to.
namespace relata::query {
namespace {

// Whether every aggregate counts rows: count(*), or count of one of the variables, which a match
// never leaves null.
bool CountsRows(const BoundProjection& projection, const std::vector<VariableId>& bound) {
  if (!projection.aggregates || !projection.group_keys.empty() ||
      projection.aggregations.size() != 1)
    return false;
  const BoundAggregate& only = projection.aggregations[0];
  if (only.kind == AggregateKind::kCountStar) return true;
  return only.kind == AggregateKind::kCount && !only.distinct &&
         only.args[0]->kind == BoundKind::kVariable &&
         std::find(bound.begin(), bound.end(), only.args[0]->variable) != bound.end();
}

bool PlainLabel(const BoundNode& node, std::string* label) {
  if (node.bound) return false;
  if (node.labels == nullptr) return true;
  *label = node.labels->name;
  return node.labels->kind == BoundLabels::Kind::kName;
}

bool PlainEdge(const BoundEdge& edge) {
  return edge.kind == BoundEdge::Kind::kSingle && !edge.bound && edge.types_condition == nullptr &&
         edge.left != edge.right;
}

}  // namespace

PlanPtr StatementPlanner::CountTwoHops(const BoundMatch& match, const BoundProjection& projection) {
  const BoundPattern& pattern = match.pattern;
  if (match.optional || !pattern.conditions.empty() || pattern.nodes.size() != 3 ||
      pattern.edges.size() != 2 || !pattern.different_relationships) {
    return nullptr;
  }
  for (const BoundPath& path : pattern.paths) {
    if (path.selector != BoundPath::Selector::kAll || path.mode == BoundPathMode::kSimple ||
        path.mode == BoundPathMode::kAcyclic)
      return nullptr;
    if (path.variable != kNoVariable && Used(path.variable)) return nullptr;
  }
  const BoundEdge& first = pattern.edges[0];
  const BoundEdge& second = pattern.edges[1];
  if (!PlainEdge(first) || !PlainEdge(second)) return nullptr;
  std::vector<VariableId> bound = {first.variable, second.variable};
  for (const BoundNode& node : pattern.nodes) bound.push_back(node.variable);
  if (!CountsRows(projection, bound)) return nullptr;
  // The middle is the node that both share.
  const bool left_shared = first.left == second.left || first.left == second.right;
  const bool right_shared = first.right == second.left || first.right == second.right;
  if (left_shared == right_shared) return nullptr;
  const size_t middle = left_shared ? first.left : first.right;
  const size_t left = left_shared ? first.right : first.left;
  const size_t right = second.left == middle ? second.right : second.left;
  TwoHopCountPlan op;
  op.context = match.context;
  op.first_types = first.types;
  op.first = DirectionFrom(first, left);
  op.second_types = second.types;
  op.second = DirectionFrom(second, middle);
  if (!PlainLabel(pattern.nodes[left], &op.left_label) ||
      !PlainLabel(pattern.nodes[middle], &op.middle_label) ||
      !PlainLabel(pattern.nodes[right], &op.right_label)) {
    return nullptr;
  }
  return MakeWithLayout(std::move(op), {}, Layout({projection.aggregations[0].variable}), 1, "");
}

PlanPtr StatementPlanner::DegreeOf(const PlanPtr& plan, VariableId degree) {
  const auto* expand = std::get_if<ExpandPlan>(&plan->op);
  const bool plain = expand != nullptr && !expand->into && expand->different_from.empty() &&
                     !expand->has_far_labels;
  if (!plain) return nullptr;
  const PlanPtr& child = plan->children[0];
  return Make(DegreePlan{expand->context, expand->from, expand->direction, expand->types}, {child},
              {degree}, child->estimated_rows, plan->details);
}

absl::StatusOr<PlanPtr> StatementPlanner::CountByDegrees(const BoundProjection& projection,
                                                         const PlanPtr& plan) {
  if (!std::holds_alternative<ExpandPlan>(plan->op) || projection.aggregations.empty())
    return PlanPtr();
  const std::vector<VariableId>& columns = plan->layout.variables();
  const std::vector<VariableId> walked(
      columns.end() - std::min<ptrdiff_t>(2, columns.end() - columns.begin()), columns.end());
  const auto is_walked = [&](VariableId variable) {
    return std::find(walked.begin(), walked.end(), variable) != walked.end();
  };
  for (const BoundAggregate& aggregate : projection.aggregations) {
    const bool counts =
        aggregate.kind == AggregateKind::kCountStar ||
        (aggregate.kind == AggregateKind::kCount && !aggregate.distinct &&
         aggregate.args[0]->kind == BoundKind::kVariable && is_walked(aggregate.args[0]->variable));
    if (!counts) return PlanPtr();
  }
  for (const BoundOutput& key : projection.group_keys) {
    const std::vector<VariableId> reads = FreeVariables(*key.expr);
    if (std::any_of(reads.begin(), reads.end(), is_walked)) return PlanPtr();
  }
  const VariableId degree = NewVariable("  degree", types::kInt);
  PlanPtr counted = DegreeOf(plan, degree);
  if (counted == nullptr) return PlanPtr();
  if (!projection.group_keys.empty()) {
    // A group that has no row is none.
    const BoundExprPtr some =
        MakeBinaryExpr(BoundKind::kGreater, MakeVariableExpr(degree, Span(), types::kInt),
                       MakeLiteralExpr(Datum::Int(0), Span()), Span(), types::kBool);
    RELATA_ASSIGN_OR_RETURN(counted, Filter(std::move(counted), *some, 1));
  }
  AggregatePlan op;
  std::vector<VariableId> outputs;
  for (const BoundOutput& key : projection.group_keys) {
    RELATA_ASSIGN_OR_RETURN(Expression compiled, Compile(*key.expr, counted->layout));
    op.keys.push_back(std::move(compiled));
    outputs.push_back(key.variable);
  }
  for (const BoundAggregate& aggregate : projection.aggregations) {
    AggregatePlan::Aggregate sum;
    sum.kind = AggregateKind::kSum;
    sum.args.push_back(Expression::ColumnAt(*counted->layout.Find(degree)));
    op.aggregates.push_back(std::move(sum));
    outputs.push_back(aggregate.variable);
  }
  const double rows = op.keys.empty() ? 1 : std::max(1.0, counted->estimated_rows / 10);
  return MakeWithLayout(std::move(op), {std::move(counted)}, Layout(std::move(outputs)), rows,
                        "of degrees");
}

PlanPtr StatementPlanner::CountScan(const BoundProjection& projection, const PlanNode& plan) {
  if (!plan.children.empty() || !CountsRows(projection, plan.layout.variables())) return nullptr;
  CountPlan op;
  if (const auto* nodes = std::get_if<NodeScanPlan>(&plan.op)) {
    op.context = nodes->context;
    op.label = nodes->label;
  } else if (const auto* scan = std::get_if<RelationshipScanPlan>(&plan.op)) {
    if (scan->direction == EdgeDirection::kEither) return nullptr;
    op.context = scan->context;
    op.relationships = true;
    op.types = scan->types;
  } else {
    return nullptr;
  }
  return MakeWithLayout(std::move(op), {}, Layout({projection.aggregations[0].variable}), 1,
                        plan.details);
}

PlanPtr StatementPlanner::CountFarNodes(const BoundProjection& projection, const PlanNode& plan) {
  const auto* walk = std::get_if<VarExpandPlan>(&plan.op);
  if (walk == nullptr || !walk->distinct_far || walk->into || walk->known) return nullptr;
  if (!projection.group_keys.empty() || projection.aggregations.size() != 1) return nullptr;
  const BoundAggregate& only = projection.aggregations[0];
  const bool counts = only.kind == AggregateKind::kCount && only.distinct &&
                      only.args[0]->kind == BoundKind::kVariable &&
                      only.args[0]->variable == plan.layout.variables().back();
  if (!counts) return nullptr;
  return MakeWithLayout(FarCountPlan{*walk}, plan.children, Layout({only.variable}), 1,
                        plan.details);
}

}  // namespace relata::query
