#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "graph/query/query_error.h"
#include "tests/graph/query/executor/plan_fixture.h"
#include "tests/support/status_matchers.h"

// Each operator over small plans, in batches of 1, 2 and 1,024 rows.
namespace relata::query {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class OperatorsTest : public PlanFixture {
 protected:
  OperatorsTest() {
    const auto n = [](int64_t i) {
      return std::pair<std::string, FactWrite>("n", Says(Value::Int(i)));
    };
    harness_.MustApply({Put("a", {"Person"}, {n(1)}), Put("b", {"Person"}, {n(2)}),
                        Put("c", {"Person", "Bot"}, {n(3)}), Put("d", {"Bot"}),
                        Put("e", {"Person"}, {n(2)}), Link("ab", "KNOWS", "a", "b"),
                        Link("bc", "KNOWS", "b", "c"), Link("ca", "KNOWS", "c", "a"),
                        Link("ac", "LIKES", "a", "c"), Link("dd", "KNOWS", "d", "d")});
  }

  PlanPtr Where(PlanPtr child, BoundExprPtr condition) {
    const size_t columns = child->layout.size();
    return Plan(FilterPlan{Compiled(std::move(condition), columns)}, {std::move(child)}, columns);
  }
  PlanPtr Key(const std::string& key, PlanPtr child = nullptr) {
    KeySeekPlan seek;
    seek.key = Expression::Constant(Datum::String(key));
    std::vector<PlanPtr> children;
    const size_t columns = child == nullptr ? 1 : child->layout.size() + 1;
    if (child != nullptr) children.push_back(std::move(child));
    return Plan(seek, std::move(children), columns);
  }
  static PlanPtr Limit(PlanPtr child, int64_t skip, int64_t limit) {
    SkipLimitPlan plan;
    plan.skip = Expression::Constant(Datum::Int(skip));
    plan.limit = Expression::Constant(Datum::Int(limit));
    const size_t columns = child->layout.size();
    return Plan(std::move(plan), {std::move(child)}, columns);
  }
  static PlanPtr Sorted(PlanPtr child, bool descending, std::optional<int64_t> limit) {
    SortPlan sort;
    sort.keys.push_back({Expression::ColumnAt(0), descending, descending});
    if (limit) sort.limit = Expression::Constant(Datum::Int(*limit));
    const size_t columns = child->layout.size();
    return Plan(std::move(sort), {std::move(child)}, columns);
  }
};

TEST_F(OperatorsTest, ScansNodesInIdOrder) {
  EXPECT_THAT(Rows(Scan()), ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_THAT(Rows(Scan("Bot")), ElementsAre("c", "d"));
  EXPECT_THAT(Rows(Scan("Nobody")), IsEmpty());
  EXPECT_THAT(Rows(Scan("Bot", Scan("Bot"))), ElementsAre("c c", "c d", "d c", "d d"));
}

TEST_F(OperatorsTest, SeeksKeysAndIds) {
  EXPECT_THAT(Rows(Key("b")), ElementsAre("b"));
  EXPECT_THAT(Rows(Key("z")), IsEmpty());
  IdSeekPlan seek;
  const int64_t id = static_cast<int64_t>(harness_.IdOf("c").value());
  seek.value = Expression::Constant(Datum::Of(
      Datum::List{Datum::Int(id), Datum::Float(static_cast<double>(id)), Datum::Int(-1), Datum()}));
  seek.many = true;
  EXPECT_THAT(Rows(Plan(seek, {}, 1)), ElementsAre("c"));
}

TEST_F(OperatorsTest, SeeksAnIndexAndFallsBackToAScan) {
  IndexSeekPlan seek;
  seek.label = "Person";
  seek.sought.properties = {"n"};
  seek.sought.equal = {Expression::Constant(Datum::Float(2.0))};
  EXPECT_THAT(Rows(Plan(seek, {}, 1)), ElementsAre("b", "e"));
  harness_.MustApply({Index("Person", "n")});
  RELATA_ASSERT_OK(harness_.db().WaitForIndexes());
  EXPECT_THAT(Rows(Plan(seek, {}, 1)), ElementsAre("b", "e"));
  seek.sought.equal = {Expression::Constant(List({3, 1, 1}))};
  seek.sought.many = true;
  EXPECT_THAT(Rows(Plan(seek, {}, 1)), ElementsAre("a", "c"));
}

TEST_F(OperatorsTest, ExpandsByDirectionAndType) {
  const auto out = EdgeDirection::kOut;
  EXPECT_THAT(Rows(ExpandFrom(Key("a"), 0, out)), ElementsAre("a ab b", "a ac c"));
  EXPECT_THAT(Rows(ExpandFrom(Key("a"), 0, EdgeDirection::kIn)), ElementsAre("a ca c"));
  EXPECT_THAT(Rows(ExpandFrom(Key("a"), 0, EdgeDirection::kEither, {"KNOWS"})),
              ElementsAre("a ab b", "a ca c"));
  EXPECT_THAT(Rows(ExpandFrom(Key("d"), 0, EdgeDirection::kEither)), ElementsAre("d dd d"));
  EXPECT_THAT(Rows(ExpandFrom(Key("a"), 0, out, {"HATES"})), IsEmpty());
  // A null start gives nothing.
  EXPECT_THAT(Rows(ExpandFrom(Values({Datum()}), 0, out)), IsEmpty());
}

TEST_F(OperatorsTest, ExpandsIntoKnownNodesWithoutRepeating) {
  ExpandPlan into;
  into.from = 0;
  into.into = 1;
  EXPECT_THAT(
      SortedRows(Plan(into, {Scan("Person", Scan("Person"))}, 3)),
      ElementsAre("a b ab", "a c ac", "a c ca", "b a ab", "b c bc", "c a ac", "c a ca", "c b bc"));
  ExpandPlan back;
  back.from = 2;
  back.different_from = {1};
  EXPECT_THAT(Rows(Plan(back, {ExpandFrom(Key("b"), 0, EdgeDirection::kOut)}, 5)),
              ElementsAre("b bc c ca a", "b bc c ac a"));
}

TEST_F(OperatorsTest, TestsFarLabels) {
  ExpandPlan expand;
  expand.has_far_labels = true;
  expand.far_labels.name = "Bot";
  EXPECT_THAT(Rows(Plan(expand, {Scan("Person")}, 3)), ElementsAre("a ca c", "a ac c", "b bc c"));
  LabelsCondition no_bot;
  no_bot.kind = BoundLabels::Kind::kNot;
  no_bot.args = {expand.far_labels};
  expand.far_labels = no_bot;
  EXPECT_THAT(Rows(Plan(expand, {Key("b")}, 3)), ElementsAre("b ab a"));
  expand.far_labels = LabelsCondition();
  expand.far_labels.kind = BoundLabels::Kind::kDynamic;
  expand.far_labels.dynamic = Expression::Constant(Datum::Of(Datum::List{
      Datum::String(absl::string_view("Person")), Datum::String(absl::string_view("Bot"))}));
  EXPECT_THAT(Rows(Plan(expand, {Key("b")}, 3)), ElementsAre("b bc c"));
}

TEST_F(OperatorsTest, ScansRelationships) {
  RelationshipScanPlan scan;
  EXPECT_THAT(Rows(Plan(scan, {}, 3)),
              ElementsAre("a ab b", "b bc c", "c ca a", "a ac c", "d dd d"));
  scan.direction = EdgeDirection::kEither;
  scan.types = {"LIKES", "HATES"};
  EXPECT_THAT(Rows(Plan(scan, {}, 3)), ElementsAre("a ac c", "c ac a"));
  scan.types = {"KNOWS"};
  EXPECT_EQ(Rows(Plan(scan, {}, 3)).size(), 7u);  // the loop once
}

TEST_F(OperatorsTest, ChecksRelationshipsThatAreBound) {
  const PlanPtr known = Project(Plan(RelationshipScanPlan(), {}, 3), {Expression::ColumnAt(1)});
  BoundRelationshipPlan bound;
  bound.types = {"LIKES"};
  EXPECT_THAT(Rows(Plan(bound, {known}, 3)), ElementsAre("ac a c", "ac c a"));
  bound.direction = EdgeDirection::kIn;
  EXPECT_THAT(Rows(Plan(bound, {known}, 3)), ElementsAre("ac c a"));
  bound.left = 1;
  EXPECT_THAT(Rows(Plan(bound, {Scan("Bot", known)}, 3)), ElementsAre("ac c a"));
}

TEST_F(OperatorsTest, FiltersAndProjects) {
  const PlanPtr twos =
      Where(Scan("Person"), Binary(BoundKind::kEqual, PropertyOf(0, "n"), Literal(Datum::Int(2))));
  EXPECT_THAT(Rows(twos), ElementsAre("b", "e"));
  // A column that is used twice and moved once.
  EXPECT_THAT(Rows(Project(twos, {Expression::ColumnAt(0), Compiled(PropertyOf(0, "n"), 1),
                                  Expression::ColumnAt(0)})),
              ElementsAre("b 2 b", "e 2 e"));
}

TEST_F(OperatorsTest, UnwindsListsAndWhatIsNone) {
  const PlanPtr lists = Values({List({1, 2}), Datum(), Datum::Int(7), List({})});
  EXPECT_THAT(Rows(Plan(UnwindPlan{Expression::ColumnAt(0), {}, {}, {}}, {lists}, 2)),
              ElementsAre("[1,2] 1", "[1,2] 2", "7 7"));
}

TEST_F(OperatorsTest, SkipsAndLimits) {
  EXPECT_THAT(Rows(Limit(Scan(), 1, 3)), ElementsAre("b", "c", "d"));
  EXPECT_THAT(Rows(Limit(Scan(), 4, 3)), ElementsAre("e"));
  EXPECT_THAT(Rows(Limit(Scan(), 0, 0)), IsEmpty());
  const absl::Status negative = Run(Limit(Scan(), 0, -1), {}).status();
  ASSERT_TRUE(GetQueryError(negative).has_value());
  EXPECT_EQ(GetQueryError(negative)->detail, "NegativeIntegerArgument");
  EXPECT_EQ(GetQueryError(negative)->error_class, ErrorClass::kSyntax);
}

TEST_F(OperatorsTest, AggregatesByGroup) {
  AggregatePlan plan;
  plan.keys.push_back(Compiled(PropertyOf(0, "n"), 1));
  plan.aggregates.push_back({AggregateKind::kCountStar, false, {}});
  std::vector<Expression> node;
  node.push_back(Expression::ColumnAt(0));
  plan.aggregates.push_back({AggregateKind::kCollect, false, node});
  EXPECT_THAT(Rows(Plan(plan, {Scan()}, 3)),
              ElementsAre("1 1 [a]", "2 2 [b,e]", "3 1 [c]", "null 1 [d]"));
}

TEST_F(OperatorsTest, AggregatesNothingAndDistinctValues) {
  std::vector<Expression> value;
  value.push_back(Expression::ColumnAt(0));
  AggregatePlan plan;
  plan.aggregates.push_back({AggregateKind::kCount, false, value});
  plan.aggregates.push_back({AggregateKind::kCount, true, value});
  plan.aggregates.push_back({AggregateKind::kSum, false, value});
  plan.aggregates.push_back({AggregateKind::kSum, true, value});
  plan.aggregates.push_back({AggregateKind::kMin, false, value});
  EXPECT_THAT(Rows(Plan(plan, {Values({})}, 5)), ElementsAre("0 0 0 0 null"));
  // Integers and a float: one batch of packed columns, then mixed.
  EXPECT_THAT(
      Rows(Plan(
          plan,
          {Values({Datum::Int(2), Datum::Int(2), Datum(), Datum::Float(2.0), Datum::Float(0.5)})},
          5)),
      ElementsAre("4 2 6.5 2.5 0.5"));
}

TEST_F(OperatorsTest, SumOfIntegersOverflows) {
  std::vector<Expression> value;
  value.push_back(Expression::ColumnAt(0));
  AggregatePlan plan;
  plan.aggregates.push_back({AggregateKind::kSum, false, value});
  const PlanPtr sum = Plan(plan, {Values({Datum::Int(INT64_MAX), Datum::Int(1)})}, 1);
  EXPECT_THAT(Run(sum, {}), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(OperatorsTest, DistinctGoesByEquivalence) {
  EXPECT_THAT(Rows(Plan(DistinctPlan(),
                        {Values({Datum::Int(1), Datum::Float(1.0), Datum(), Datum::Int(2), Datum(),
                                 Datum::Int(1)})},
                        1)),
              ElementsAre("1", "null", "2"));
}

TEST_F(OperatorsTest, SortsWithNullsAndStably) {
  const PlanPtr pairs =
      Plan(UnwindPlan{Expression::Constant(List({0, 1})), {}, {}, {}},
           {Values({Datum::Int(2), Datum(), Datum::Int(1), Datum::Float(1.5)})}, 2);
  EXPECT_THAT(Rows(Sorted(pairs, false, std::nullopt)),
              ElementsAre("1 0", "1 1", "1.5 0", "1.5 1", "2 0", "2 1", "null 0", "null 1"));
  EXPECT_THAT(Rows(Sorted(pairs, true, 3)), ElementsAre("null 0", "null 1", "2 0"));
}

TEST_F(OperatorsTest, TopRowsAreThoseOfTheWholeSort) {
  Datum::List values;
  uint64_t state = 7;
  for (int i = 0; i < 40'000; ++i) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    values.push_back(Datum::Int(static_cast<int64_t>(state >> 33) % 5000));
  }
  const PlanPtr pairs = Plan(UnwindPlan{Expression::ColumnAt(0), {}, {}, {}}, {Values(values)}, 2);
  std::vector<std::string> all = Must(Run(Sorted(pairs, true, std::nullopt), {}));
  const std::vector<std::string> top = Must(Run(Sorted(pairs, true, 700), {}));
  all.resize(700);
  EXPECT_EQ(top, all);
}

TEST_F(OperatorsTest, AppliesAPlanToEachRow) {
  const PlanPtr right = ExpandFrom(Plan(ArgumentPlan(), {}, 1), 0, EdgeDirection::kOut);
  ApplyPlan apply;
  apply.arguments = {0};
  apply.kept = {1, 2};
  EXPECT_THAT(Rows(Plan(apply, {Scan(), right}, 3)),
              ElementsAre("a ab b", "a ac c", "b bc c", "c ca a", "d dd d"));
  apply.kind = ApplyPlan::Kind::kOptional;
  const std::vector<std::string> with_null = {"a ab b", "a ac c", "b bc c",
                                              "c ca a", "d dd d", "e null null"};
  EXPECT_EQ(Rows(Plan(apply, {Scan(), right}, 3)), with_null);
  // The same with many rows at once.
  apply.batched = true;
  apply.kept = {2, 3};
  EXPECT_EQ(
      Rows(Plan(apply, {Scan(), ExpandFrom(Plan(ArgumentPlan(), {}, 2), 1, EdgeDirection::kOut)},
                3)),
      with_null);
  apply = ApplyPlan();
  apply.kind = ApplyPlan::Kind::kUnit;
  apply.arguments = {0};
  EXPECT_THAT(Rows(Plan(apply, {Scan("Bot"), right}, 1)), ElementsAre("c", "d"));
}

TEST_F(OperatorsTest, JoinsByKeys) {
  const PlanPtr left = Values({Datum::Int(1), Datum(), Datum::Int(2), Datum::Int(1)});
  const PlanPtr right = Project(Values({Datum::Float(1.0), Datum(), Datum::Int(1), Datum::Int(3)}),
                                {Expression::ColumnAt(0), Expression::ColumnAt(0)});
  HashJoinPlan join;
  join.left_keys = {0};
  join.right_keys = {0};
  join.kept = {1};
  EXPECT_THAT(Rows(Plan(join, {left, right}, 2)), ElementsAre("1 1.0", "1 1", "1 1.0", "1 1"));
  EXPECT_THAT(Rows(Plan(join, {left, Limit(right, 0, 0)}, 2)), IsEmpty());
  HashJoinPlan product;
  product.kept = {0};
  EXPECT_THAT(Rows(Plan(product, {Scan("Bot"), Scan("Bot")}, 2)),
              ElementsAre("c c", "c d", "d c", "d d"));
}

TEST_F(OperatorsTest, UnitesPartsAndRunsToTheEnd) {
  const PlanPtr first = Values({Datum::Int(1), Datum::Int(2)});
  UnionPlan both;
  both.columns = {{0, 0}, {0, 0}};
  EXPECT_THAT(Rows(Plan(both, {first, first}, 2)), ElementsAre("1 1", "2 2", "1 1", "2 2"));
  EXPECT_THAT(Rows(Plan(EagerPlan(), {first}, 1)), ElementsAre("1", "2"));
  EXPECT_THAT(Rows(Plan(EmptyResultPlan(), {first}, 0)), IsEmpty());
}

TEST_F(OperatorsTest, CountsWithoutRows) {
  CountPlan count;
  EXPECT_THAT(Rows(Plan(count, {}, 1)), ElementsAre("5"));
  count.label = "Person";
  EXPECT_THAT(Rows(Plan(count, {}, 1)), ElementsAre("4"));
  CountPlan knows;
  knows.relationships = true;
  knows.types = {"KNOWS"};
  EXPECT_THAT(Rows(Plan(knows, {}, 1)), ElementsAre("4"));
  EXPECT_THAT(Rows(Plan(DegreePlan(), {Scan()}, 2)),
              ElementsAre("a 3", "b 2", "c 3", "d 1", "e 0"));
}

TEST_F(OperatorsTest, SeesOneRowAFactUnderAWindow) {
  harness_.MustApply(
      {Link("ab", "KNOWS", "a", "b", {Holds({}, "2020", "2021")}),
       Link("xy", "KNOWS", "d", "e", {Holds({}, "2020", "2021"), Holds({}, "2022", "2023")})});
  EXPECT_THAT(Rows(ExpandFrom(Key("d"), 0, EdgeDirection::kOut)), ElementsAre("d dd d"));
  valid_ = ValidTime::All();
  EXPECT_THAT(Rows(ExpandFrom(Key("d"), 0, EdgeDirection::kOut)),
              ElementsAre("d dd d", "d xy e", "d xy e"));
}

TEST_F(OperatorsTest, ShowsTheSchema) {
  harness_.MustApply({Unique("Person", "email"), Index("Person", "n")});
  RELATA_ASSERT_OK(harness_.db().WaitForIndexes());
  ShowPlan show;
  show.fields = {"name", "state"};
  EXPECT_THAT(Rows(Plan(show, {}, 2)),
              ElementsAre("index_Person_n ONLINE", "unique_Person_email ONLINE"));
  show.kind = BoundShow::Kind::kConstraints;
  show.fields = {"type", "properties"};
  EXPECT_THAT(Rows(Plan(show, {}, 2)), ElementsAre("UNIQUENESS [email]"));
}

TEST_F(OperatorsTest, HoldsMemoryWithinItsLimit) {
  Datum::List values;
  for (int i = 0; i < 20'000; ++i) values.push_back(Datum::Int(i));
  const PlanPtr many = Values(values);
  std::vector<Expression> value;
  value.push_back(Expression::ColumnAt(0));
  AggregatePlan collect;
  collect.aggregates.push_back({AggregateKind::kCollect, false, value});
  AggregatePlan group;
  group.keys.push_back(Expression::ColumnAt(0));
  HashJoinPlan join;
  join.left_keys = {0};
  join.right_keys = {0};
  const std::vector<std::pair<std::string, PlanPtr>> plans = {
      {"sort", Sorted(many, true, std::nullopt)}, {"distinct", Plan(DistinctPlan(), {many}, 1)},
      {"collect", Plan(collect, {many}, 1)},      {"group", Plan(group, {many}, 1)},
      {"join", Plan(join, {many, many}, 1)},      {"eager", Plan(EagerPlan(), {many}, 1)}};
  for (const auto& [name, plan] : plans) {
    EXPECT_THAT(Run(plan, {.memory_bytes = 100'000}),
                StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("memory")))
        << name;
    RELATA_EXPECT_OK(Run(plan, {.memory_bytes = 10'000'000})) << name;
  }
  // A few rows of many are little.
  RELATA_EXPECT_OK(Run(Sorted(many, true, 10), {.memory_bytes = 400'000}));
}

}  // namespace
}  // namespace relata::query
