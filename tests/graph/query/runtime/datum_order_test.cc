// CompareOrder, EquivalentData, HashDatum and the three-valued comparisons, on random data.

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "graph/query/runtime/datum.h"
#include "gtest/gtest.h"
#include "tests/graph/query/runtime/random_data.h"

namespace relata::query {
namespace {

constexpr int kTriples = 200'000;

int Sign(int order) { return order < 0 ? -1 : order > 0 ? 1 : 0; }

std::string Pair(const Datum& a, const Datum& b) { return a.ToString() + " and " + b.ToString(); }

TEST(DatumOrderTest, IsATotalOrder) {
  RandomData random(1);
  for (int i = 0; i < kTriples; ++i) {
    const Datum a = random.Any();
    const Datum b = random.Any();
    const Datum c = random.Any();
    EXPECT_EQ(Sign(CompareOrder(a, b)), -Sign(CompareOrder(b, a))) << Pair(a, b);
    EXPECT_EQ(CompareOrder(a, a), 0) << a.ToString();
    if (CompareOrder(a, b) <= 0 && CompareOrder(b, c) <= 0) {
      EXPECT_LE(CompareOrder(a, c), 0) << Pair(a, b) << " and " << c.ToString();
    }
  }
}

TEST(DatumOrderTest, EquivalenceAgreesWithOrderAndHash) {
  RandomData random(2);
  int equivalent = 0;
  for (int i = 0; i < kTriples; ++i) {
    const Datum a = random.Any();
    const Datum b = random.Any();
    EXPECT_EQ(EquivalentData(a, b), CompareOrder(a, b) == 0) << Pair(a, b);
    if (!EquivalentData(a, b)) continue;
    ++equivalent;
    EXPECT_EQ(HashDatum(a), HashDatum(b)) << Pair(a, b);
    EXPECT_EQ(Equals(a, b), Equals(a, a)) << Pair(a, b);
  }
  EXPECT_GT(equivalent, 1000);
}

TEST(DatumOrderTest, ComparisonsAgreeWithOneAnother) {
  RandomData random(3);
  for (int i = 0; i < kTriples; ++i) {
    const Datum a = random.Any();
    const Datum b = random.Any();
    EXPECT_EQ(Equals(a, b), Equals(b, a)) << Pair(a, b);
    if (Equals(a, b) == Ternary::kTrue) {
      EXPECT_TRUE(EquivalentData(a, b)) << Pair(a, b);
    }
    const Ternary less = LessThan(a, b);
    EXPECT_EQ(less == Ternary::kNull, LessThan(b, a) == Ternary::kNull) << Pair(a, b);
    if (less == Ternary::kTrue) {
      EXPECT_EQ(LessThan(b, a), Ternary::kFalse) << Pair(a, b);
      EXPECT_EQ(LessOrEqual(a, b), Ternary::kTrue) << Pair(a, b);
      EXPECT_LT(CompareOrder(a, b), 0) << Pair(a, b);
    }
  }
}

// A value survives the way to a datum and back, and compares as it did.
TEST(DatumOrderTest, ValuesOrderAsTheyDid) {
  RandomValues random(4);
  for (int i = 0; i < kTriples / 4; ++i) {
    const Value a = random.Any();
    const Value b = random.Any();
    const Datum datum_a = Datum::FromValue(a);
    const Datum datum_b = Datum::FromValue(b);
    ASSERT_TRUE(datum_a.ToValue().ok());
    EXPECT_TRUE(Identical(*datum_a.ToValue(), a)) << a.ToString();
    EXPECT_EQ(Sign(CompareOrder(datum_a, datum_b)), Sign(TotalOrder(a, b)))
        << Pair(datum_a, datum_b);
    EXPECT_EQ(datum_a.ToString(), a.ToString());
  }
}

TEST(DatumOrderTest, KindsAscend) {
  const NodeRef node{EntityId(1), 0};
  const RelationshipRef relationship{
      {RelationshipId(1), TypeId(1), EntityId(1), EntityId(2)}, FactId(1), 0};
  const auto value = [](auto v) { return Datum::FromValue(Value::Of(std::move(v))); };
  const std::vector<Datum> ascending = {
      Datum::Of(Datum::Map{}),
      Datum::Of(node),
      Datum::Of(relationship),
      Datum::Of(Datum::List{}),
      Datum::Of(PathValue{{node}, {}}),
      value(*DateTime::Parse("2024-01-01T00:00Z")),
      value(*LocalDateTime::Parse("2024-01-01T00:00")),
      value(*Date::Parse("2024-01-01")),
      value(*Time::Parse("00:00Z")),
      value(*LocalTime::Parse("00:00")),
      value(*Duration::Parse("P1D")),
      value(Bytes{"a"}),
      Datum::String(""),
      Datum::Bool(false),
      Datum::Bool(true),
      Datum::Float(-std::numeric_limits<double>::infinity()),
      Datum::Int(1),
      value(*Decimal::Parse("1.5")),
      Datum::Float(std::numeric_limits<double>::infinity()),
      Datum::Float(std::numeric_limits<double>::quiet_NaN()),
      value(*Money::Parse("1", "USD")),
      Datum(),
  };
  for (size_t i = 0; i < ascending.size(); ++i) {
    for (size_t j = 0; j < ascending.size(); ++j) {
      EXPECT_EQ(Sign(CompareOrder(ascending[i], ascending[j])), i < j   ? -1
                                                                : i > j ? 1
                                                                        : 0)
          << Pair(ascending[i], ascending[j]);
    }
  }
}

// Time contexts and the facts that were seen do not make other nodes and relationships (S11.2).
TEST(DatumOrderTest, EntitiesAreEqualByIdentity) {
  EXPECT_EQ(Equals(Datum::Of(NodeRef{EntityId(7), 0}), Datum::Of(NodeRef{EntityId(7), 1})),
            Ternary::kTrue);
  const RelationshipEnds ends{RelationshipId(3), TypeId(1), EntityId(1), EntityId(2)};
  const Datum a = Datum::Of(RelationshipRef{ends, FactId(1), 0});
  const Datum b = Datum::Of(RelationshipRef{ends, FactId(2), 1});
  EXPECT_EQ(Equals(a, b), Ternary::kTrue);
  EXPECT_EQ(HashDatum(a), HashDatum(b));
}

TEST(DatumTest, KnowsItsDepthAndSize) {
  Datum nested = Datum::Int(1);
  EXPECT_EQ(nested.Depth(), 0u);
  EXPECT_EQ(nested.HeapBytes(), 0u);
  for (uint32_t depth = 1; depth <= kDeepestNesting; ++depth) {
    nested = Datum::Of(Datum::List{nested});
    EXPECT_EQ(nested.Depth(), depth);
  }
  EXPECT_TRUE(CheckNesting(nested).ok());
  nested = Datum::SortedMap({{"a", nested}});
  EXPECT_EQ(CheckNesting(nested).code(), absl::StatusCode::kResourceExhausted);
  // A few steps make a value of 2^100 elements: known without walking it.
  Datum doubled = Datum::Int(1);
  for (int i = 0; i < 100; ++i) doubled = Datum::Of(Datum::List{doubled, doubled});
  EXPECT_EQ(doubled.HeapBytes(), std::numeric_limits<size_t>::max());
  EXPECT_EQ(CheckNesting(doubled).code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(EquivalentData(doubled, Datum(doubled)));
}

TEST(DatumTest, SortedMapKeepsTheLastOfEqualNames) {
  const Datum map =
      Datum::SortedMap({{"b", Datum::Int(1)}, {"a", Datum::Int(2)}, {"b", Datum::Int(3)}});
  EXPECT_EQ(map.ToString(), "{a: 2, b: 3}");
  ASSERT_NE(map.FindKey("b"), nullptr);
  EXPECT_EQ(map.FindKey("b")->AsInt(), 3);
  EXPECT_EQ(map.FindKey("c"), nullptr);
}

}  // namespace
}  // namespace relata::query
