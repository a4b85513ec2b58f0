#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/planner/statement_planner.h"

namespace relata::query {

bool StatementPlanner::Writes(const PlanNode& plan) {
  const bool here =
      std::holds_alternative<CreatePlan>(plan.op) || std::holds_alternative<SetPlan>(plan.op) ||
      std::holds_alternative<DeletePlan>(plan.op) || std::holds_alternative<MergePlan>(plan.op) ||
      std::holds_alternative<ForeachPlan>(plan.op) ||
      std::holds_alternative<SchemaChangePlan>(plan.op) ||
      (std::holds_alternative<ProcedureCallPlan>(plan.op));
  return here || std::any_of(plan.children.begin(), plan.children.end(),
                             [](const PlanPtr& child) { return Writes(*child); });
}

absl::StatusOr<PlanPtr> StatementPlanner::PlanAggregation(BoundProjection& projection,
                                                          PlanPtr plan) {
  if (use_rules()) {
    if (PlanPtr count = CountScan(projection, *plan)) return count;
    if (PlanPtr count = CountFarNodes(projection, *plan)) return count;
    RELATA_ASSIGN_OR_RETURN(PlanPtr degrees, CountByDegrees(projection, plan));
    if (degrees != nullptr) return degrees;
    if (PlanPtr edges = AggregateEdges(projection, *plan)) return edges;
  }
  AggregatePlan op;
  std::vector<VariableId> columns;
  for (const BoundOutput& key : projection.group_keys) {
    RELATA_ASSIGN_OR_RETURN(Expression compiled, Compile(*key.expr, plan->layout));
    op.keys.push_back(std::move(compiled));
    columns.push_back(key.variable);
  }
  for (const BoundAggregate& aggregate : projection.aggregations) {
    AggregatePlan::Aggregate compiled;
    compiled.kind = aggregate.kind;
    compiled.distinct = aggregate.distinct;
    for (const BoundExprPtr& arg : aggregate.args) {
      RELATA_ASSIGN_OR_RETURN(Expression expr, Compile(*arg, plan->layout));
      compiled.args.push_back(std::move(expr));
    }
    op.aggregates.push_back(std::move(compiled));
    columns.push_back(aggregate.variable);
  }
  const double rows = op.keys.empty() ? 1 : std::max(1.0, plan->estimated_rows / 10);
  std::string details =
      absl::StrCat(op.keys.size(), op.keys.size() == 1 ? " key, " : " keys, ", op.aggregates.size(),
                   op.aggregates.size() == 1 ? " aggregate" : " aggregates");
  return MakeWithLayout(std::move(op), {std::move(plan)}, Layout(std::move(columns)), rows,
                        std::move(details));
}

absl::StatusOr<PlanPtr> StatementPlanner::PlanOutputs(BoundProjection& projection, PlanPtr plan) {
  ProjectPlan op;
  Layout layout;
  std::string details;
  for (const BoundOutput& output : projection.outputs) {
    RELATA_ASSIGN_OR_RETURN(Expression compiled, Compile(*output.expr, plan->layout));
    op.outputs.emplace_back(output.variable, std::move(compiled));
    layout.Add(output.variable);
    absl::StrAppend(&details, details.empty() ? "" : ", ", NameOf(output.variable));
  }
  // ORDER BY may look at what the outputs leave out.
  if (!projection.distinct) {
    for (const BoundSort& sort : projection.order) {
      for (const VariableId variable : FreeVariables(*sort.expr)) {
        const std::optional<size_t> column = plan->layout.Find(variable);
        if (!column || layout.Contains(variable)) continue;
        op.outputs.emplace_back(variable, Expression::ColumnAt(*column));
        layout.Add(variable);
      }
    }
  }
  const double rows = plan->estimated_rows;
  return MakeWithLayout(std::move(op), {std::move(plan)}, std::move(layout), rows,
                        std::move(details));
}

absl::StatusOr<PlanPtr> StatementPlanner::PlanOrder(BoundProjection& projection, PlanPtr plan) {
  const Layout none;
  double rows = plan->estimated_rows;
  if (!projection.order.empty()) {
    SortPlan sort;
    for (const BoundSort& item : projection.order) {
      RELATA_ASSIGN_OR_RETURN(Expression expr, Compile(*item.expr, plan->layout));
      sort.keys.push_back({std::move(expr), item.descending, item.nulls_first});
    }
    if (use_rules() && projection.limit != nullptr) {
      RELATA_ASSIGN_OR_RETURN(sort.limit, Compile(*projection.limit, none));
      RELATA_ASSIGN_OR_RETURN(sort.skip, CompileIfAny(projection.skip, none));
    }
    std::string details = sort.limit ? "top" : "";
    plan = Make(std::move(sort), {std::move(plan)}, {}, rows, std::move(details));
  }
  if (projection.skip == nullptr && projection.limit == nullptr) return plan;
  SkipLimitPlan op;
  RELATA_ASSIGN_OR_RETURN(op.skip, CompileIfAny(projection.skip, none));
  RELATA_ASSIGN_OR_RETURN(op.limit, CompileIfAny(projection.limit, none));
  op.exhaust = Writes(*plan);
  if (projection.limit != nullptr && projection.limit->kind == BoundKind::kLiteral &&
      projection.limit->literal.kind() == Datum::Kind::kInt) {
    rows = std::min(rows, static_cast<double>(projection.limit->literal.AsInt()));
  }
  return Make(std::move(op), {std::move(plan)}, {}, rows, "");
}

absl::StatusOr<PlanPtr> StatementPlanner::PlanProjection(BoundProjection& projection,
                                                         PlanPtr plan) {
  // Already counted where the match was planned with its projection.
  const bool counted = projection.aggregates && std::holds_alternative<TwoHopCountPlan>(plan->op);
  if (projection.aggregates && !counted) {
    RELATA_ASSIGN_OR_RETURN(plan, PlanAggregation(projection, std::move(plan)));
  }
  RELATA_ASSIGN_OR_RETURN(plan, PlanOutputs(projection, std::move(plan)));
  if (projection.distinct) {
    const double rows = std::max(1.0, plan->estimated_rows / 2);
    plan = Make(DistinctPlan{}, {std::move(plan)}, {}, rows, "");
  }
  RELATA_ASSIGN_OR_RETURN(plan, PlanOrder(projection, std::move(plan)));
  std::vector<VariableId> outputs;
  for (const BoundOutput& output : projection.outputs) outputs.push_back(output.variable);
  plan = KeepColumns(std::move(plan), outputs);
  if (projection.where == nullptr) return plan;
  return Filter(std::move(plan), *projection.where, 0.5);
}

}  // namespace relata::query
