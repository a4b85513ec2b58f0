// Which entries states have, and that look-ups find them: all that match, and few else.
#include "graph/store/index_entries.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "graph/store/key_layout.h"
#include "graph/values/value_codec.h"
#include "gtest/gtest.h"

namespace relata {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr PropertyId kFirstPart{7};
constexpr PropertyId kSecondPart{3};
constexpr PropertyId kThirdPart{9};

IndexDefinition NodeIndex(std::vector<PropertyId> properties) {
  return {IndexId(5), LabelId(1), TypeId(), std::move(properties), false};
}

Fact FactOf(uint64_t id, Value value) {
  Fact fact;
  fact.id = FactId(id);
  fact.value = std::move(value);
  return fact;
}

// Each list: the values of one property, none where it is empty.
EntityState Entity(uint64_t id, const std::vector<std::pair<PropertyId, Value::List>>& properties) {
  EntityState state;
  state.id = EntityId(id);
  state.labels = {LabelId(1)};
  uint64_t fact = 1;
  for (const auto& [property, values] : properties) {
    for (const Value& value : values) {
      state.properties[property].push_back(FactOf(fact++, value));
    }
  }
  return state;
}

IndexLookup Equal(std::vector<Value> values) { return {std::move(values), {}, {}, {}}; }

bool Finds(const IndexDefinition& index, const IndexLookup& lookup,
           const std::vector<std::string>& keys) {
  const std::vector<KeyRange> ranges = IndexRanges(index, lookup);
  return std::any_of(keys.begin(), keys.end(), [&](const std::string& key) {
    return std::any_of(ranges.begin(), ranges.end(), [&](const KeyRange& range) {
      return range.start <= key && key < range.limit;
    });
  });
}

TEST(IndexEntriesTest, OnePropertyOfEntitiesHasTheKeysItAlwaysHad) {
  const EntityState state =
      Entity(4, {{kFirstPart, {Value::Int(1), Value::Double(1), Value::Int(2)}}});
  const std::vector<std::string> keys = IndexEntries(NodeIndex({kFirstPart}), state);
  EXPECT_THAT(keys,
              ::testing::UnorderedElementsAre(IndexKey(IndexId(5), Value::Int(1), state.id),
                                              IndexKey(IndexId(5), Value::Double(1), state.id),
                                              IndexKey(IndexId(5), Value::Int(2), state.id)));
  EntityState other = state;
  other.labels = {LabelId(2)};
  EXPECT_THAT(IndexEntries(NodeIndex({kFirstPart}), other), IsEmpty());
}

TEST(IndexEntriesTest, SeveralPropertiesHaveAnEntryForEachCombination) {
  const IndexDefinition index = NodeIndex({kFirstPart, kSecondPart});
  const auto keys = IndexEntries(
      index,
      Entity(4, {{kFirstPart, {Value::Int(1), Value::Int(2)}},
                 {kSecondPart, {Value::String("a"), Value::String("b"), Value::String("a")}}}));
  EXPECT_THAT(keys, SizeIs(4));
  EXPECT_TRUE(Finds(index, Equal({Value::Double(2), Value::String("b")}), keys));
  EXPECT_FALSE(Finds(index, Equal({Value::Int(2), Value::String("c")}), keys));
  EXPECT_TRUE(Finds(index, Equal({Value::Int(2)}), keys));
}

TEST(IndexEntriesTest, AValueThatIsNotThereIsToldFromAllOthers) {
  const IndexDefinition index = NodeIndex({kFirstPart, kSecondPart, kThirdPart});
  const auto keys = IndexEntries(
      index, Entity(4, {{kFirstPart, {Value::Int(1)}}, {kThirdPart, {Value::Int(3)}}}));
  EXPECT_THAT(keys, SizeIs(1));
  EXPECT_TRUE(Finds(index, Equal({Value::Int(1)}), keys));
  EXPECT_FALSE(Finds(index, Equal({Value::Int(1), Value::Int(3)}), keys));
  IndexLookup small{{Value::Int(1)}, {}, Value::Int(100), {}};
  EXPECT_FALSE(Finds(index, small, keys));
  // Without the first there is no entry.
  EXPECT_THAT(IndexEntries(index, Entity(4, {{kSecondPart, {Value::Int(1)}}})), IsEmpty());
}

TEST(IndexEntriesTest, ManyCombinationsAreFoundWhateverIsAskedOfThem) {
  const IndexDefinition index = NodeIndex({kFirstPart, kSecondPart, kThirdPart});
  Value::List many;
  for (int64_t i = 0; i < 40; ++i) many.push_back(Value::Int(i));
  const EntityState state = Entity(
      4, {{kFirstPart, {Value::Int(1), Value::Int(2)}}, {kSecondPart, many}, {kThirdPart, many}});
  const auto keys = IndexEntries(index, state);
  EXPECT_THAT(keys, SizeIs(2));
  EXPECT_TRUE(Finds(index, Equal({Value::Int(2), Value::Int(39), Value::Int(0)}), keys));
  EXPECT_TRUE(Finds(index, {{Value::Int(2)}, Value::Int(38), {}, {}}, keys));
  EXPECT_FALSE(Finds(index, Equal({Value::Int(3), Value::Int(39)}), keys));
  EXPECT_EQ(CombinationsOf(index, state), std::nullopt);
  EXPECT_THAT(*CombinationsOf(NodeIndex({kFirstPart, kSecondPart}),
                              Entity(4, {{kFirstPart, {Value::Int(1)}}})),
              IsEmpty());
}

TEST(IndexEntriesTest, FactsOfARelationshipHaveAnEntryEach) {
  const IndexDefinition index{IndexId(5), LabelId(), TypeId(2), {kFirstPart, kSecondPart}, false};
  RelationshipState state;
  state.ends = {RelationshipId(8), TypeId(2), EntityId(1), EntityId(2)};
  for (int64_t i = 0; i < 3; ++i) {
    Fact fact;
    fact.id = FactId(static_cast<uint64_t>(i + 1));
    fact.properties = {{kFirstPart, Value::Int(i)}};
    if (i > 0) fact.properties.emplace_back(kSecondPart, Value::Int(10 * i));
    std::sort(fact.properties.begin(), fact.properties.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    state.facts.push_back(fact);
  }
  const auto keys = IndexEntries(index, state);
  ASSERT_THAT(keys, SizeIs(3));
  EXPECT_EQ(DecodeIndexKey(keys[0]).value(), 8U);
  EXPECT_TRUE(Finds(index, Equal({Value::Int(2), Value::Int(20)}), keys));
  EXPECT_FALSE(Finds(index, Equal({Value::Int(1), Value::Int(20)}), keys));
  state.ends.type = TypeId(3);
  EXPECT_THAT(IndexEntries(index, state), IsEmpty());
}

TEST(IndexEntriesTest, TextsAreFoundByTheirStart) {
  const IndexDefinition index = NodeIndex({kFirstPart});
  const auto keys = [&](const std::string& text) {
    return IndexEntries(index, Entity(4, {{kFirstPart, {Value::String(text)}}}));
  };
  const std::string nul("a\0b", 3);
  const auto starting = [](const std::string& text) { return IndexLookup{{}, {}, {}, text}; };
  EXPECT_TRUE(Finds(index, starting("ab"), keys("abc")));
  EXPECT_TRUE(Finds(index, starting("ab"), keys("ab")));
  EXPECT_FALSE(Finds(index, starting("ab"), keys("a")));
  EXPECT_FALSE(Finds(index, starting("ab"), keys("ac")));
  EXPECT_TRUE(Finds(index, starting(""), keys("")));
  EXPECT_TRUE(Finds(index, starting(nul), keys(nul + "c")));
  EXPECT_FALSE(Finds(index, starting(nul), keys("ab")));
  // Beyond what a key holds of a text.
  const std::string longer(kLongestCollation + 50, 'x');
  EXPECT_TRUE(Finds(index, starting(longer), keys(longer + "y")));
}

Value RandomPart(std::mt19937_64& random) {
  const auto small = static_cast<int64_t>(random() % 7) - 3;
  switch (random() % 9) {
    case 0:
      return Value::Int(small);
    case 1:
      return Value::Double(static_cast<double>(small) + 0.5);
    case 2:
      return Value::String(std::string(random() % 3, static_cast<char>('a' + random() % 3)));
    case 3:
      return Value::Bool(small > 0);
    case 4:
      return Value::Of(Date{small});
    case 5:
      return Value::Of(LocalDateTime{small, 0});
    case 6:
      return Value::Of(DateTime{small, 0, static_cast<int32_t>(random() % 2) * 3600, ""});
    case 7:
      return Value::Of(Decimal{small * 10, 1});
    default:
      // A long text: keys hold its start and a hash.
      return Value::String(std::string(kLongestCollation, 'a') + std::string(random() % 3, 'b'));
  }
}

// Whether `<=` of queries may hold: the order of values within one family of types.
bool AtMost(const Value& a, const Value& b) { return TotalOrder(a, b) <= 0; }

TEST(IndexEntriesTest, RangesHoldEveryValueBetweenTheirBounds) {
  std::mt19937_64 random(3);
  int within = 0;
  int outside = 0;
  for (int i = 0; i < 20'000; ++i) {
    const Value value = RandomPart(random);
    const Value low = RandomPart(random);
    const Value high = RandomPart(random);
    const IndexDefinition index = NodeIndex({kFirstPart, kSecondPart});
    const auto keys = IndexEntries(index, Entity(4, {{kFirstPart, {low}}, {kSecondPart, {value}}}));
    IndexLookup lookup{{low}, {}, {}, {}};
    if (random() % 4 != 0) lookup.at_least = low;
    if (random() % 4 != 0) lookup.at_most = high;
    const auto same_type = [&](const Value& bound) {
      const auto number = [](const Value& v) {
        return v.type() == ValueType::kInt64 || v.type() == ValueType::kFloat64 ||
               v.type() == ValueType::kDecimal;
      };
      return bound.type() == value.type() || (number(bound) && number(value));
    };
    const bool between = (!lookup.at_least || (same_type(low) && AtMost(low, value))) &&
                         (!lookup.at_most || (same_type(high) && AtMost(value, high)));
    const bool found = Finds(index, lookup, keys);
    if (between) {
      EXPECT_TRUE(found) << value.ToString() << " in " << low.ToString() << " to "
                         << high.ToString();
    }
    within += between && found;
    outside += !between && !found;
  }
  EXPECT_GT(within, 1000);
  EXPECT_GT(outside, 1000);
}

TEST(IndexEntriesTest, BoundsThatDoNotCompareFindNothing) {
  const IndexDefinition index = NodeIndex({kFirstPart});
  EXPECT_THAT(IndexRanges(index, {{}, Value::Int(1), Value::String("z"), {}}), IsEmpty());
  EXPECT_THAT(IndexRanges(index, {{}, Value::Int(5), Value::Int(4), {}}), IsEmpty());
}

}  // namespace
}  // namespace relata
