#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "graph/query/planner/statement_planner.h"

// Aggregations of properties over a whole type of relationships.
namespace relata::query {
namespace {

using Operand = EdgeAggregatePlan::Operand;
using Subject = EdgeAggregatePlan::Subject;

// A label of fewer than this part of the entities is better listed than met among all.
constexpr double kLabelPart = 16;

// The relationships that the plan gives, each with its near and far entity, and nothing else;
// nullopt where it gives other rows.
std::optional<EdgeAggregatePlan> PlainEdges(const PlanNode& plan, double entities) {
  EdgeAggregatePlan op;
  const std::vector<std::string>* types = nullptr;
  if (const auto* scan = std::get_if<RelationshipScanPlan>(&plan.op)) {
    if (!plan.children.empty()) return std::nullopt;
    op.context = scan->context;
    op.direction = scan->direction;
    types = &scan->types;
  } else if (const auto* expand = std::get_if<ExpandPlan>(&plan.op)) {
    const PlanNode& child = *plan.children[0];
    const auto* nodes = std::get_if<NodeScanPlan>(&child.op);
    if (nodes == nullptr || !child.children.empty() || nodes->context != expand->context ||
        expand->into || !expand->different_from.empty()) {
      return std::nullopt;
    }
    if (!nodes->label.empty() && child.estimated_rows * kLabelPart < entities) return std::nullopt;
    op.context = expand->context;
    op.direction = expand->direction;
    op.near_label = nodes->label;
    if (expand->has_far_labels) {
      if (expand->far_labels.kind != BoundLabels::Kind::kName) return std::nullopt;
      op.far_label = expand->far_labels.name;
    }
    types = &expand->types;
  }
  if (types == nullptr || types->size() != 1 || op.direction == EdgeDirection::kEither ||
      plan.layout.size() != 3) {
    return std::nullopt;
  }
  op.type = types->front();
  return op;
}

// A property of one of the row's variables that is stored with it.
std::optional<Operand> PropertyOf(const BoundExpr& expr, const Layout& layout) {
  if (expr.kind != BoundKind::kProperty || expr.args.size() != 1 ||
      expr.args[0]->kind != BoundKind::kVariable || absl::StartsWith(expr.name, "_")) {
    return std::nullopt;
  }
  const std::optional<size_t> column = layout.Find(expr.args[0]->variable);
  if (!column) return std::nullopt;
  return Operand{static_cast<Subject>(*column), expr.name};
}

// Whether it counts rows: count(*), or count of a variable, which is never null here.
bool CountsRows(const BoundAggregate& aggregate, const Layout& layout) {
  if (aggregate.kind == AggregateKind::kCountStar) return true;
  return aggregate.kind == AggregateKind::kCount && !aggregate.distinct &&
         aggregate.args[0]->kind == BoundKind::kVariable &&
         layout.Contains(aggregate.args[0]->variable);
}

}  // namespace

PlanPtr StatementPlanner::AggregateEdges(const BoundProjection& projection, const PlanNode& plan) {
  std::optional<EdgeAggregatePlan> op = PlainEdges(plan, estimates_.Entities());
  if (!op) return nullptr;
  op->edges = plan.estimated_rows;
  std::vector<VariableId> outputs;
  for (const BoundOutput& key : projection.group_keys) {
    std::optional<Operand> operand = PropertyOf(*key.expr, plan.layout);
    if (!operand) return nullptr;
    op->keys.push_back(*std::move(operand));
    outputs.push_back(key.variable);
  }
  for (const BoundAggregate& aggregate : projection.aggregations) {
    AggregatePlan::Aggregate made;
    std::optional<Operand> value;
    if (!CountsRows(aggregate, plan.layout)) {
      if (aggregate.args.size() != 1) return nullptr;
      value = PropertyOf(*aggregate.args[0], plan.layout);
      if (!value) return nullptr;
      made.kind = aggregate.kind;
      made.distinct = aggregate.distinct;
    }
    op->aggregates.push_back(std::move(made));
    op->values.push_back(std::move(value));
    outputs.push_back(aggregate.variable);
  }
  const double rows = op->keys.empty() ? 1 : std::max(1.0, plan.estimated_rows / 10);
  std::string details =
      absl::StrCat(plan.details, ", ", op->keys.size(), op->keys.size() == 1 ? " key" : " keys");
  return MakeWithLayout(*std::move(op), {}, Layout(std::move(outputs)), rows, std::move(details));
}

}  // namespace relata::query
