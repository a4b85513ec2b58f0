#include "graph/query/expression/expression.h"

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/manual_clock.h"
#include "graph/query/executor/execution_context.h"
#include "graph/query/procedures/procedure.h"
#include "graph/query/query_error.h"
#include "graph/query/runtime/packed_column.h"
#include "graph/query/semantics/analyzer.h"
#include "graph/query/syntax/parser.h"
#include "gtest/gtest.h"

namespace relata::query {
namespace {

// An expression over the columns a, b and list, as a query gives it: nothing is known of their
// types.
class ExpressionTest : public ::testing::Test {
 protected:
  ExpressionTest() {
    parameters_ = {{"a", Datum()}, {"b", Datum()}, {"list", Datum()}, {"p", Datum::Int(5)}};
    context_.parameters = &parameters_;
    context_.budget = &budget_;
  }

  absl::StatusOr<Expression> Compile(const std::string& text) {
    const std::string query =
        absl::StrCat("WITH $a AS a, $b AS b, $list AS list RETURN ", text, " AS x");
    absl::StatusOr<ast::Statement> parsed = Parse(query);
    if (!parsed.ok()) return parsed.status();
    absl::StatusOr<std::unique_ptr<BoundStatement>> bound =
        Analyze(*parsed, query, procedures_, &parameters_);
    if (!bound.ok()) return bound.status();
    const auto& clauses = (*bound)->query.parts[0].clauses;
    std::vector<VariableId> variables;
    for (const BoundOutput& output : std::get<BoundProjection>(clauses[0].body).outputs) {
      variables.push_back(output.variable);
    }
    return Expression::Compile(*std::get<BoundProjection>(clauses[1].body).outputs[0].expr,
                               Layout(variables), nullptr);
  }

  // The value for each row, or the error.
  std::string Run(const Expression& expression, const std::vector<std::vector<Datum>>& columns,
                  size_t rows, bool packed) {
    Batch batch;
    batch.rows = rows;
    for (const std::vector<Datum>& values : columns) {
      if (packed) {
        batch.columns.push_back(PackColumn(values));
      } else {
        batch.columns.emplace_back();
        for (const Datum& value : values) batch.columns.back().Append(value);
      }
    }
    Column out;
    const absl::Status status = expression.Evaluate(context_, batch, &out);
    if (!status.ok()) {
      const auto info = GetQueryError(status);
      return info ? info->detail : std::string(status.message());
    }
    EXPECT_EQ(out.size(), rows);
    std::string text;
    for (size_t row = 0; row < out.size(); ++row)
      absl::StrAppend(&text, out.Get(row).ToString(), "; ");
    return text;
  }

  ManualClock clock_{0};
  Datum::Map parameters_;
  ProcedureRegistry procedures_;
  QueryBudget budget_{&clock_, {}, nullptr};
  ExecutionContext context_;
};

struct ConstantCase {
  const char* text;
  const char* value;  // or the detail of its error
};

TEST_F(ExpressionTest, ConstantsHaveTheValueOfTheStandard) {
  const ConstantCase cases[] = {
      {"1 + 2 * 3", "7"},
      {"$p + 1", "6"},
      {"CASE WHEN false THEN 1 / 0 WHEN true THEN 'b' ELSE 1 / 0 END", "b"},
      {"CASE 3 WHEN 1 THEN 'one' WHEN 3 THEN 'three' END", "three"},
      {"CASE WHEN null THEN 1 END", "null"},
      {"false AND 1 / 0 = 1", "false"},
      {"true OR 1 / 0 = 1", "true"},
      {"true AND null", "null"},
      {"1 / 0", "DivisionByZero"},
      {"9223372036854775807 + 1", "NumberOverflow"},
      {"[x IN [1, 2, 3, null] WHERE x > 1 | x * $p]", "[10, 15]"},
      {"[x IN [[1, 2], [3]] | [y IN x | y + size(x)]]", "[[3, 4], [4]]"},
      {"all(x IN [] WHERE x > 1)", "true"},
      {"all(x IN [2, null] WHERE x > 1)", "null"},
      {"all(x IN [0, null] WHERE x > 1)", "false"},
      {"any(x IN [2, null] WHERE x > 1)", "true"},
      {"any(x IN [0, null] WHERE x > 1)", "null"},
      {"none(x IN [0, null] WHERE x > 1)", "null"},
      {"none(x IN [2, null] WHERE x > 1)", "false"},
      {"single(x IN [2, 0] WHERE x > 1)", "true"},
      {"single(x IN [2, null] WHERE x > 1)", "null"},
      {"single(x IN [2, 3, null] WHERE x > 1)", "false"},
      {"any(x IN null WHERE x > 1)", "null"},
      {"reduce(s = 0, x IN [1, 2, 3] | s + x)", "6"},
      {"reduce(s = 'a', x IN null | s + x)", "null"},
      {"reduce(s = 0, x IN [1, 2] | s + reduce(t = x, y IN [10, 20] | t + y))", "63"},
      {"[1, 2, 3, 4][1..3]", "[2, 3]"},
      {"[1, 2, 3, 4][-2..]", "[3, 4]"},
      {"[1, 2, 3, 4][..$p]", "[1, 2, 3, 4]"},
      {"{b: 1, a: {c: $p}}.a.c", "5"},
      {"{b: 1}['b']", "1"},
      {"3 IN [1, null, 3]", "true"},
      {"4 IN [1, null, 3]", "null"},
      {"1 < 2 < 3", "true"},
      {"NOT (null IS NULL)", "false"},
      {"2 ^ 3", "8.0"},
  };
  for (const ConstantCase& c : cases) {
    SCOPED_TRACE(c.text);
    const absl::StatusOr<Expression> expression = Compile(c.text);
    ASSERT_TRUE(expression.ok()) << expression.status();
    const absl::StatusOr<Datum> value = expression->EvaluateConstant(context_);
    const std::string text = value.ok() ? value->ToString() : GetQueryError(value.status())->detail;
    EXPECT_EQ(text, c.value);
  }
}

// Columns that packed loops, boxed loops and blocks over some of the rows see differently.
TEST_F(ExpressionTest, ColumnsGiveWhatTheirRowsGiveOneByOne) {
  const Datum null{};
  const double nan = std::nan("");
  const int64_t max = std::numeric_limits<int64_t>::max();
  const auto ints = [](const std::vector<int64_t>& values) {
    Datum::List list;
    for (const int64_t v : values) list.push_back(Datum::Int(v));
    return Datum::Of(std::move(list));
  };
  const auto time = [](int64_t micros) { return DateTimeAt(UtcTime{micros}); };
  DateTime in_shanghai;
  in_shanghai.offset_seconds = 8 * 3600;
  const Datum elsewhere = Datum::FromValue(Value::Of(std::move(in_shanghai)));
  const std::vector<std::vector<Datum>> as = {
      {time(0), time(-1), null, time(86'400'000'000)},
      {elsewhere, time(1), null, time(0)},
      {Datum::Int(1), Datum::Int(-7), null, Datum::Int(max)},
      {Datum::Float(1.5), Datum::Float(nan), null, Datum::Float(-0.0)},
      {Datum::Bool(true), Datum::Bool(false), null, Datum::Bool(true)},
      {Datum::Int(1), Datum::Float(2.5), Datum::String("x"), null},
  };
  const std::vector<std::vector<Datum>> bs = {
      {Datum::Int(2), Datum::Int(-1), Datum::Int(3), Datum::Int(1)},
      {Datum::Float(0.5), null, Datum::Float(nan), Datum::Float(9.3e18)},
      {Datum::Bool(false), Datum::Bool(false), Datum::Bool(true), null},
      {time(0), null, time(2), time(-5)},
  };
  const std::vector<Datum> lists = {ints({1, 2, 3}), ints({}), null, ints({5})};
  const char* const texts[] = {
      "a + b",
      "a - b",
      "a * b",
      "a / b",
      "a % b",
      "a = b",
      "a <> b",
      "a < b",
      "a <= b",
      "a > b",
      "a >= b",
      "a IS NULL",
      "a IS NOT NULL OR b > 1",
      "a = b AND a < b",
      "a = b XOR b = a",
      "CASE WHEN a < b THEN a WHEN a = 1 THEN 'one' ELSE [b] END",
      "CASE WHEN a IS NULL THEN 0 ELSE a / b END",
      "[x IN list WHERE x <> a | x + b]",
      "any(x IN list WHERE x = a)",
      "all(x IN list WHERE x < b)",
      "reduce(s = a, x IN list | s + x)",
      "[a, b, list]",
      "{k: a, l: [b]}",
      "a IN list",
      "list[0]",
      "a",
      "NOT (a < b)",
      "coalesce(a, b)",
      "$p * b",
      "a >= datetime('1970-01-01T00:00:00Z')",
      "datetime('1970-01-01T00:00:00+08:00') < a",
      "a = datetime('1970-01-01T00:00:00Z')",
      "datetime('1970-01-01T08:00:00+08:00') <> a",
      "a < null",
  };
  for (const char* text : texts) {
    const absl::StatusOr<Expression> expression = Compile(text);
    ASSERT_TRUE(expression.ok()) << text << ": " << expression.status();
    for (const auto& a : as) {
      for (const auto& b : bs) {
        SCOPED_TRACE(absl::StrCat(text, " ", a[0].ToString(), " ", b[0].ToString()));
        std::string one_by_one;
        bool failed = false;
        for (size_t row = 0; row < a.size(); ++row) {
          const std::string value = Run(*expression, {{a[row]}, {b[row]}, {lists[row]}}, 1, false);
          failed |= value.empty() || value.back() != ' ';
          one_by_one += value;
        }
        const std::string whole = Run(*expression, {a, b, lists}, a.size(), true);
        const std::string boxed = Run(*expression, {a, b, lists}, a.size(), false);
        EXPECT_EQ(whole, boxed);
        if (failed) {
          // The error of some row.
          EXPECT_NE(one_by_one.find(whole), std::string::npos) << one_by_one;
        } else {
          EXPECT_EQ(whole, one_by_one);
        }
      }
    }
  }
}

TEST_F(ExpressionTest, SelectsRowsThatAreTrue) {
  const absl::StatusOr<Expression> expression = Compile("a > $p AND b <> 0");
  ASSERT_TRUE(expression.ok()) << expression.status();
  Batch batch;
  batch.rows = 4;
  batch.columns.push_back(PackColumn({Datum::Int(6), Datum::Int(7), Datum(), Datum::Int(1)}));
  batch.columns.push_back(PackColumn({Datum::Int(0), Datum::Int(1), Datum::Int(1), Datum::Int(1)}));
  batch.columns.push_back(PackColumn({Datum(), Datum(), Datum(), Datum()}));
  std::vector<uint32_t> rows;
  ASSERT_TRUE(expression->Select(context_, batch, &rows).ok());
  EXPECT_EQ(rows, (std::vector<uint32_t>{1}));
}

TEST_F(ExpressionTest, ErrorsCarryTheSpanOfWhatFailed) {
  const absl::StatusOr<Expression> expression = Compile("1 + 2 / $zero");
  ASSERT_TRUE(expression.ok()) << expression.status();
  const absl::Status missing = expression->EvaluateConstant(context_).status();
  EXPECT_EQ(GetQueryError(missing)->detail, "MissingParameter");
  parameters_.emplace_back("zero", Datum::Int(0));
  const absl::Status status = expression->EvaluateConstant(context_).status();
  ASSERT_TRUE(GetQueryError(status).has_value());
  const std::string query = "WITH $a AS a, $b AS b, $list AS list RETURN 1 + 2 / $zero AS x";
  const Span span = *GetQueryError(status)->span;
  EXPECT_EQ(query.substr(span.begin, span.end - span.begin), "2 / $zero");
}

TEST_F(ExpressionTest, ConstantsAreKnownWithoutRows) {
  const absl::StatusOr<Expression> column = Compile("b");
  ASSERT_TRUE(column.ok());
  EXPECT_EQ(column->column(), 1);
  EXPECT_EQ(Compile("b + 1")->column(), -1);
}

TEST_F(ExpressionTest, WhatIsTheSameThroughoutAStatementIsComputedOnce) {
  const auto value = [&](const Expression& expression) {
    return Run(expression, {{Datum::Int(1)}, {Datum()}, {Datum()}}, 1, true);
  };
  const absl::StatusOr<Expression> text = Compile("toString($p) + a");
  const absl::StatusOr<Expression> large = Compile("size(range(1, $p * 100)) + a");
  const absl::StatusOr<Expression> random = Compile("rand()");
  ASSERT_TRUE(text.ok() && large.ok() && random.ok());
  context_.keeps_fixed = true;
  EXPECT_EQ(value(*text), "51; ");
  EXPECT_EQ(value(*large), "501; ");
  EXPECT_NE(value(*random), value(*random));
  // No statement does this: it shows what was kept.
  parameters_.back().second = Datum::Int(6);
  EXPECT_EQ(value(*text), "51; ");
  context_.fixed = nullptr;
  EXPECT_EQ(value(*text), "61; ");
  EXPECT_EQ(value(*large), "601; ");
  parameters_.back().second = Datum::Int(7);
  context_.keeps_fixed = false;
  EXPECT_EQ(value(*text), "71; ");
  EXPECT_EQ(value(*large), "701; ");
}

TEST_F(ExpressionTest, StopsWhenCancelled) {
  QueryBudget cancelled(&clock_, {}, [] { return true; });
  context_.budget = &cancelled;
  const absl::StatusOr<Expression> expression =
      Compile("reduce(s = 0, x IN range(1, 100000) | s + x)");
  ASSERT_TRUE(expression.ok()) << expression.status();
  EXPECT_TRUE(absl::IsCancelled(expression->EvaluateConstant(context_).status()));
}

}  // namespace
}  // namespace relata::query
