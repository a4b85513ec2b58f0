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

namespace {

// A property of a node or relationship of the row, which is there to be read later as well.
bool IsPropertyOfRow(const BoundExpr& expr, const Layout& layout) {
  if (expr.kind != BoundKind::kProperty || expr.args[0]->kind != BoundKind::kVariable) return false;
  const TypeSet type = expr.args[0]->type & ~types::kNull;
  const bool entity = type == types::kNode || type == types::kRelationship;
  return entity && layout.Contains(expr.args[0]->variable);
}

}  // namespace

std::vector<bool> StatementPlanner::LateOutputs(const BoundProjection& projection,
                                                const PlanNode& plan) const {
  std::vector<bool> late(projection.outputs.size(), false);
  // A write below may delete what is to be read; different rows are told by their values.
  const bool limited = use_rules() && projection.limit != nullptr && !projection.distinct &&
                       !projection.aggregates && !Writes(plan);
  if (!limited) return late;
  for (size_t i = 0; i < late.size(); ++i) {
    const BoundOutput& output = projection.outputs[i];
    const bool sorts =
        std::any_of(projection.order.begin(), projection.order.end(), [&](const BoundSort& sort) {
          const std::vector<VariableId> free = FreeVariables(*sort.expr);
          return std::find(free.begin(), free.end(), output.variable) != free.end();
        });
    late[i] = !sorts && IsPropertyOfRow(*output.expr, plan.layout);
  }
  return late;
}

absl::StatusOr<PlanPtr> StatementPlanner::FetchLate(const BoundProjection& projection, PlanPtr plan,
                                                    const std::vector<bool>& late) {
  ProjectPlan op;
  Layout layout;
  std::string details;
  for (size_t i = 0; i < late.size(); ++i) {
    const BoundOutput& output = projection.outputs[i];
    Expression value;
    if (late[i]) {
      RELATA_ASSIGN_OR_RETURN(value, Compile(*output.expr, plan->layout));
      absl::StrAppend(&details, details.empty() ? "" : ", ", NameOf(output.variable));
    } else {
      value = Expression::ColumnAt(*plan->layout.Find(output.variable));
    }
    op.outputs.emplace_back(output.variable, std::move(value));
    layout.Add(output.variable);
  }
  const double rows = plan->estimated_rows;
  return MakeWithLayout(std::move(op), {std::move(plan)}, std::move(layout), rows,
                        std::move(details));
}

absl::StatusOr<PlanPtr> StatementPlanner::PlanOutputs(BoundProjection& projection, PlanPtr plan,
                                                      const std::vector<bool>& late) {
  ProjectPlan op;
  Layout layout;
  std::string details;
  const auto keep = [&](VariableId variable) {
    const std::optional<size_t> column = plan->layout.Find(variable);
    if (!column || layout.Contains(variable)) return;
    op.outputs.emplace_back(variable, Expression::ColumnAt(*column));
    layout.Add(variable);
  };
  for (size_t i = 0; i < late.size(); ++i) {
    const BoundOutput& output = projection.outputs[i];
    if (late[i]) continue;
    RELATA_ASSIGN_OR_RETURN(Expression compiled, Compile(*output.expr, plan->layout));
    op.outputs.emplace_back(output.variable, std::move(compiled));
    layout.Add(output.variable);
    absl::StrAppend(&details, details.empty() ? "" : ", ", NameOf(output.variable));
  }
  for (size_t i = 0; i < late.size(); ++i) {
    if (late[i]) keep(projection.outputs[i].expr->args[0]->variable);
  }
  // ORDER BY may look at what the outputs leave out.
  if (!projection.distinct) {
    for (const BoundSort& sort : projection.order) {
      for (const VariableId variable : FreeVariables(*sort.expr)) keep(variable);
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
  absl::flat_hash_set<VariableId> read;
  if (given_.size() > 0) CollectUsedAfterGrouping(projection, read);
  plan = GiveAgain(read, std::move(plan));
  const std::vector<bool> late = LateOutputs(projection, *plan);
  RELATA_ASSIGN_OR_RETURN(plan, PlanOutputs(projection, std::move(plan), late));
  if (projection.distinct) {
    const double rows = std::max(1.0, plan->estimated_rows / 2);
    plan = Make(DistinctPlan{}, {std::move(plan)}, {}, rows, "");
    plan = GiveAgain(read, std::move(plan));
  }
  RELATA_ASSIGN_OR_RETURN(plan, PlanOrder(projection, std::move(plan)));
  if (std::find(late.begin(), late.end(), true) != late.end()) {
    RELATA_ASSIGN_OR_RETURN(plan, FetchLate(projection, std::move(plan), late));
  }
  std::vector<VariableId> outputs;
  for (const BoundOutput& output : projection.outputs) outputs.push_back(output.variable);
  plan = KeepColumns(std::move(plan), outputs);
  if (projection.where != nullptr) read_later_.insert(read.begin(), read.end());
  plan = GiveAgain(read_later_, std::move(plan));
  if (projection.where == nullptr) return plan;
  return Filter(std::move(plan), *projection.where, 0.5);
}

}  // namespace relata::query
