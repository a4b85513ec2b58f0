#ifndef RELATA_TESTS_GRAPH_QUERY_EXECUTOR_PLAN_FIXTURE_H_
#define RELATA_TESTS_GRAPH_QUERY_EXECUTOR_PLAN_FIXTURE_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "graph/query/executor/execution_context.h"
#include "graph/query/executor/operator.h"
#include "graph/query/planner/plan.h"
#include "gtest/gtest.h"
#include "tests/graph/database_harness.h"

namespace relata::query {

using PlanPtr = std::shared_ptr<const PlanNode>;

// --- plans by hand

// A plan node with that many columns; which variables they hold does not matter here.
PlanPtr Plan(PlanOperator op, std::vector<PlanPtr> children, size_t columns);
PlanPtr Scan(const std::string& label = "", PlanPtr child = nullptr);
// A list unwound: one column of values.
PlanPtr Values(Datum::List values);
PlanPtr Project(PlanPtr child, std::vector<Expression> outputs);
PlanPtr ExpandFrom(PlanPtr child, size_t from, EdgeDirection direction,
                   std::vector<std::string> types = {});

// --- expressions over columns

BoundExprPtr ColumnOf(VariableId column);
BoundExprPtr Literal(Datum value);
BoundExprPtr PropertyOf(VariableId column, const std::string& name);
BoundExprPtr Binary(BoundKind kind, BoundExprPtr a, BoundExprPtr b);
// Variables are columns: variable i is column i of `columns`.
Expression Compiled(BoundExprPtr expr, size_t columns);

Datum List(const std::vector<int64_t>& values);

// Runs plans over a graph. What is given is text: a row is its values, divided by spaces; nodes and
// relationships are named by their keys.
class PlanFixture : public ::testing::Test {
 protected:
  struct Limits {
    size_t batch_rows = 1024;
    size_t memory_bytes = SIZE_MAX;
    uint64_t expansions = UINT64_MAX;
    std::function<bool()> cancelled = nullptr;
  };

  absl::StatusOr<std::vector<std::string>> Run(const PlanPtr& plan, const Limits& limits);
  // With batches of 1, 2 and 1,024 rows, which must give the same.
  std::vector<std::string> Rows(const PlanPtr& plan);
  std::vector<std::string> SortedRows(const PlanPtr& plan);
  std::string Text(const Datum& value);

  DatabaseHarness harness_;
  // When the reads are valid: unset, now.
  std::optional<ValidTime> valid_;
  // Of the last run.
  uint64_t expansions_ = 0;
};

}  // namespace relata::query

#endif  // RELATA_TESTS_GRAPH_QUERY_EXECUTOR_PLAN_FIXTURE_H_
