#include "tests/graph/query/executor/plan_fixture.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status_macros.h"

namespace relata::query {

PlanPtr Plan(PlanOperator op, std::vector<PlanPtr> children, size_t columns) {
  auto node = std::make_shared<PlanNode>();
  node->op = std::move(op);
  node->children = std::move(children);
  for (uint32_t i = 0; i < columns; ++i) node->layout.Add(i);
  return node;
}

PlanPtr Scan(const std::string& label, PlanPtr child) {
  NodeScanPlan scan;
  scan.label = label;
  if (child == nullptr) return Plan(scan, {}, 1);
  const size_t columns = child->layout.size() + 1;
  return Plan(scan, {std::move(child)}, columns);
}

PlanPtr Values(Datum::List values) {
  return Plan(UnwindPlan{Expression::Constant(Datum::Of(std::move(values))), {}, {}, {}}, {}, 1);
}

PlanPtr Project(PlanPtr child, std::vector<Expression> outputs) {
  ProjectPlan project;
  for (Expression& output : outputs) {
    const VariableId variable = static_cast<VariableId>(project.outputs.size());
    project.outputs.emplace_back(variable, std::move(output));
  }
  const size_t columns = project.outputs.size();
  return Plan(std::move(project), {std::move(child)}, columns);
}

PlanPtr ExpandFrom(PlanPtr child, size_t from, EdgeDirection direction,
                   std::vector<std::string> types) {
  ExpandPlan expand;
  expand.from = from;
  expand.direction = direction;
  expand.types = std::move(types);
  const size_t columns = child->layout.size() + 2;
  return Plan(std::move(expand), {std::move(child)}, columns);
}

BoundExprPtr ColumnOf(VariableId column) {
  auto expr = std::make_unique<BoundExpr>();
  expr->kind = BoundKind::kVariable;
  expr->variable = column;
  return expr;
}

BoundExprPtr Literal(Datum value) {
  auto expr = std::make_unique<BoundExpr>();
  expr->literal = std::move(value);
  return expr;
}

BoundExprPtr PropertyOf(VariableId column, const std::string& name) {
  auto expr = std::make_unique<BoundExpr>();
  expr->kind = BoundKind::kProperty;
  expr->name = name;
  expr->args.push_back(ColumnOf(column));
  return expr;
}

BoundExprPtr Binary(BoundKind kind, BoundExprPtr a, BoundExprPtr b) {
  auto expr = std::make_unique<BoundExpr>();
  expr->kind = kind;
  expr->args.push_back(std::move(a));
  expr->args.push_back(std::move(b));
  return expr;
}

Expression Compiled(BoundExprPtr expr, size_t columns) {
  Layout layout;
  for (uint32_t i = 0; i < columns; ++i) layout.Add(i);
  return Must(Expression::Compile(*expr, layout, nullptr));
}

Datum List(const std::vector<int64_t>& values) {
  Datum::List list;
  for (const int64_t value : values) list.push_back(Datum::Int(value));
  return Datum::Of(std::move(list));
}

absl::StatusOr<std::vector<std::string>> PlanFixture::Run(const PlanPtr& plan,
                                                          const Limits& limits) {
  const Snapshot snapshot = harness_.Latest();
  ReadView view;
  view.policy = DefaultPolicy();
  view.valid = valid_.value_or(ValidTime::At(harness_.db().Now(snapshot)));
  const std::vector<ReadContext> contexts = {{snapshot, view, false}};
  GraphReader reader(&contexts, nullptr);
  QueryBudget budget(harness_.db().clock(), {limits.memory_bytes, limits.expansions, INT64_MAX},
                     limits.cancelled);
  const Datum::Map parameters;
  ExecutionContext context;
  context.reader = &reader;
  context.database = &harness_.db();
  context.parameters = &parameters;
  context.budget = &budget;
  context.run_plan = &RunPlan;
  context.batch_rows = limits.batch_rows;
  std::vector<std::string> rows;
  const absl::Status status =
      RunPlan(*plan, &context, nullptr, [&](const Batch& batch) -> absl::StatusOr<bool> {
        EXPECT_EQ(batch.columns.size(), plan->layout.size());
        for (size_t row = 0; row < batch.rows; ++row) {
          std::vector<std::string> values;
          for (const Column& column : batch.columns) values.push_back(Text(column.Get(row)));
          rows.push_back(absl::StrJoin(values, " "));
        }
        return true;
      });
  expansions_ = budget.expansions();
  RELATA_RETURN_IF_ERROR(status);
  return rows;
}

std::vector<std::string> PlanFixture::Rows(const PlanPtr& plan) {
  std::vector<std::string> rows = Must(Run(plan, {}));
  for (const size_t batch_rows : {1, 2}) {
    EXPECT_EQ(Must(Run(plan, {.batch_rows = batch_rows})), rows) << "batches of " << batch_rows;
  }
  return rows;
}

std::vector<std::string> PlanFixture::SortedRows(const PlanPtr& plan) {
  std::vector<std::string> rows = Rows(plan);
  std::sort(rows.begin(), rows.end());
  return rows;
}

std::string PlanFixture::Text(const Datum& value) {
  const Snapshot snapshot = harness_.Latest();
  switch (value.kind()) {
    case Datum::Kind::kNode:
      return Must(snapshot.GetEntity(value.AsNode().id))->key;
    case Datum::Kind::kRelationship:
      return Must(snapshot.GetRelationshipKey(value.AsRelationship().ends.id));
    case Datum::Kind::kList: {
      std::vector<std::string> elements;
      for (const Datum& element : value.AsList()) elements.push_back(Text(element));
      return absl::StrCat("[", absl::StrJoin(elements, ","), "]");
    }
    default:
      return value.ToString();
  }
}

}  // namespace relata::query
