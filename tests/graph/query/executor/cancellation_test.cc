#include <atomic>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/graph/query/executor/plan_fixture.h"
#include "tests/support/status_matchers.h"

// Every operator over more than it can finish: after a cancel it must stop soon.
namespace relata::query {
namespace {

// How much may still be looked at after the cancel: the budget asks every few thousand steps.
constexpr uint64_t kExpansionsAfter = 20'000;
// Ten times what is promised.
constexpr std::chrono::milliseconds kTimeAfter(1000);

struct Endless {
  std::string name;
  PlanPtr plan;
};

PlanPtr Product(PlanPtr child) {
  Datum::List values;
  for (int i = 0; i < 3000; ++i) values.push_back(Datum::Int(i));
  const size_t columns = child->layout.size() + 1;
  return Plan(UnwindPlan{Expression::Constant(Datum::Of(std::move(values))), {}, {}, {}},
              {std::move(child)}, columns);
}

// 8.1e10 rows of three numbers.
PlanPtr ManyRows() { return Product(Product(Product(Plan(ArgumentPlan(), {}, 0)))); }

// The same, with each node of the graph in the last column.
PlanPtr ManyNodes() { return Scan("", ManyRows()); }

std::vector<Endless> RowOperators() {
  std::vector<Expression> first;
  first.push_back(Expression::ColumnAt(0));
  AggregatePlan aggregate;
  aggregate.aggregates.push_back({AggregateKind::kSum, false, first});
  AggregatePlan group;
  group.keys = first;
  group.aggregates.push_back({AggregateKind::kCount, true, first});
  SortPlan top;
  top.keys.push_back({Expression::ColumnAt(2), true, true});
  top.limit = Expression::Constant(Datum::Int(10));
  FilterPlan nothing{Compiled(Binary(BoundKind::kLess, ColumnOf(2), Literal(Datum::Int(-1))), 3)};
  SkipLimitPlan skip;
  skip.skip = Expression::Constant(Datum::Int(INT64_MAX));
  ApplyPlan apply;
  apply.kind = ApplyPlan::Kind::kUnit;
  HashJoinPlan product;
  UnionPlan both;
  both.columns = {{0, 1, 2}, {0, 1, 2}};
  const auto end = [](PlanPtr plan) { return Plan(EmptyResultPlan(), {std::move(plan)}, 0); };
  const PlanPtr distinct =
      Plan(DistinctPlan(), {Project(ManyRows(), {Expression::ColumnAt(0)})}, 1);
  return {{"Unwind", end(ManyRows())},
          {"Filter", Plan(nothing, {ManyRows()}, 3)},
          {"Project", end(Project(ManyRows(), {Expression::ColumnAt(1)}))},
          {"Aggregate", Plan(aggregate, {ManyRows()}, 1)},
          {"Aggregate groups", Plan(group, {ManyRows()}, 2)},
          {"Sort", Plan(top, {ManyRows()}, 3)},
          {"Distinct", end(distinct)},
          {"SkipLimit", Plan(skip, {ManyRows()}, 3)},
          {"Union", end(Plan(both, {ManyRows(), ManyRows()}, 3))},
          {"Apply", end(Plan(apply, {ManyRows(), Plan(ArgumentPlan(), {}, 0)}, 3))},
          {"Apply one row", end(Plan(apply, {Plan(ArgumentPlan(), {}, 0), ManyRows()}, 0))},
          {"HashJoin", end(Plan(product, {ManyRows(), Scan()}, 3))},
          {"NodeScan", end(ManyNodes())}};
}

std::vector<Endless> WalkingOperators() {
  const auto end = [](PlanPtr plan) { return Plan(EmptyResultPlan(), {std::move(plan)}, 0); };
  ExpandPlan expand;
  expand.from = 3;
  ExpandPlan into = expand;
  into.into = 4;
  VarExpandPlan walks;
  walks.max = INT64_MAX;
  VarExpandPlan far = walks;
  far.from = 3;
  far.distinct_far = true;
  // The lone node cannot be reached, so that the search has no end.
  VarExpandPlan nowhere = walks;
  nowhere.min = 2;
  nowhere.direction = EdgeDirection::kOut;
  nowhere.distinct_far = true;
  nowhere.into = 1;
  ShortestPathPlan shortest;
  shortest.selector = BoundPath::Selector::kShortest;
  shortest.count = Expression::Constant(Datum::Int(INT64_MAX));
  ShortestPathPlan many = shortest;
  many.from = 3;
  many.selector = BoundPath::Selector::kAllShortest;
  QuantifiedExpandPlan repeated;
  repeated.max = INT64_MAX;
  repeated.inner = ExpandFrom(Plan(ArgumentPlan(), {}, 2), 1, EdgeDirection::kOut);
  repeated.inner_end = 3;
  repeated.inner_relationships = {2};
  DegreePlan degree;
  degree.from = 3;
  return {{"Expand", end(Plan(expand, {ManyNodes()}, 6))},
          {"Expand into", end(Plan(into, {Scan("", ManyNodes())}, 6))},
          {"VarExpand", end(Plan(walks, {Scan()}, 3))},
          {"VarExpand far nodes", end(Plan(far, {ManyNodes()}, 6))},
          {"VarExpand to nowhere", end(Plan(nowhere, {Scan("Lone", Scan("Hub"))}, 3))},
          {"ShortestPath by length", end(Plan(shortest, {Scan()}, 3))},
          {"ShortestPath", end(Plan(many, {ManyNodes()}, 6))},
          {"QuantifiedExpand", end(Plan(repeated, {Scan()}, 3))},
          {"RelationshipScan", end(Plan(RelationshipScanPlan(), {ManyRows()}, 6))},
          {"Degree", end(Plan(degree, {ManyNodes()}, 5))}};
}

class CancellationTest : public PlanFixture {
 protected:
  // Runs until `cancelled` has been asked a few times, then says yes.
  void ExpectStops(const Endless& endless, size_t batch_rows) {
    SCOPED_TRACE(absl::StrCat(endless.name, " in batches of ", batch_rows));
    int asked = 0;
    std::chrono::steady_clock::time_point cancelled_at;
    Limits limits;
    limits.batch_rows = batch_rows;
    limits.cancelled = [&] {
      if (++asked < 5) return false;
      if (asked == 5) cancelled_at = std::chrono::steady_clock::now();
      return true;
    };
    const absl::Status status = Run(endless.plan, limits).status();
    const auto took = std::chrono::steady_clock::now() - cancelled_at;
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kCancelled));
    EXPECT_LT(took, kTimeAfter);
    EXPECT_EQ(asked, 5) << "went on after it was told to stop";
  }

  // Stops at a limit of expansions, and not much later.
  void ExpectStaysWithin(const Endless& endless) {
    SCOPED_TRACE(endless.name);
    Limits limits;
    limits.expansions = 50'000;
    EXPECT_THAT(Run(endless.plan, limits), StatusIs(absl::StatusCode::kResourceExhausted));
    EXPECT_LT(expansions_, limits.expansions + kExpansionsAfter);
  }
};

TEST_F(CancellationTest, RowOperatorsStop) {
  harness_.MustApply({Create("a"), Create("b")});
  for (const Endless& endless : RowOperators()) {
    ExpectStops(endless, 1024);
    ExpectStops(endless, 1);
  }
}

TEST_F(CancellationTest, WalkingOperatorsStop) {
  // Everybody knows everybody, but for the lone one.
  constexpr int kNodes = 30;
  std::vector<Mutation> mutations = {Create("lone", {"Lone"})};
  for (int i = 0; i < kNodes; ++i) {
    mutations.push_back(Create(
        absl::StrCat(i), i == 0 ? std::vector<std::string>{"Hub"} : std::vector<std::string>{}));
  }
  for (int i = 0; i < kNodes; ++i) {
    for (int j = 0; j < kNodes; ++j) {
      if (i != j) mutations.push_back(Link("", "KNOWS", absl::StrCat(i), absl::StrCat(j)));
    }
  }
  harness_.MustApply(std::move(mutations));
  for (const Endless& endless : WalkingOperators()) {
    if (endless.name == "VarExpand to nowhere") {
      // It looks backwards from the lone node, which nothing leads to, and is done.
      EXPECT_THAT(Run(endless.plan, {}), IsOk());
      EXPECT_LT(expansions_, kExpansionsAfter);
      continue;
    }
    ExpectStops(endless, 1024);
    ExpectStops(endless, 1);
    ExpectStaysWithin(endless);
  }
}

}  // namespace
}  // namespace relata::query
