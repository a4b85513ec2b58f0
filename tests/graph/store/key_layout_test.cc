#include "graph/store/key_layout.h"

#include <algorithm>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "graph/catalog/reserved_names.h"
#include "graph/values/value_codec.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

RelationshipEnds Ends(uint64_t id, uint32_t type, uint64_t from, uint64_t to) {
  return {RelationshipId(id), TypeId(type), EntityId(from), EntityId(to)};
}

bool InRange(const KeyRange& range, const std::string& key) {
  return range.start <= key && (range.limit.empty() || key < range.limit);
}

// Keys of every table, with parts that are prefixes of each other where they can be.
std::vector<std::string> ManyKeys() {
  const std::vector<uint64_t> ids = {1, 2, 255, 256, 0x0100000000000000, UINT64_MAX};
  const std::vector<std::string> texts = {"",  "a",    "aa",       std::string("a\0", 2),
                                          "b", "深度", "深度求索", "\xff"};
  std::vector<std::string> keys;
  for (const uint64_t id : ids) {
    keys.push_back(EntityKeyOf(EntityId(id)));
    keys.push_back(RelationshipKeyOf(RelationshipId(id)));
    keys.push_back(EntityFactKey(EntityId(7), PropertyId(3), FactId(id)));
    keys.push_back(EntityFactKey(EntityId(id), PropertyId(4), FactId(1)));
    keys.push_back(LabelKey(LabelId(1), EntityId(id)));
    keys.push_back(OutKey(Ends(1, 2, id, 3)));
    keys.push_back(InKey(Ends(1, 2, id, 3)));
    keys.push_back(SourceFactKey(EntityId(id), {true, 1, {}, FactId(2)}));
    keys.push_back(SourceFactKey(EntityId(id), {false, 1, PropertyId(1), FactId(2)}));
    for (const std::string& text : texts) {
      keys.push_back(NameKey(text, EntityId(id), FactId(1)));
      keys.push_back(IndexKey(IndexId(1), Value::String(text), EntityId(id)));
    }
    for (const Value& value :
         {Value::Int(1), Value::Double(1.0), Value::Double(1.5), Value::Int(-1)}) {
      keys.push_back(IndexKey(IndexId(1), value, EntityId(id)));
    }
  }
  for (const std::string& text : texts) {
    keys.push_back(EntityByKeyKey(text));
    keys.push_back(RelationshipByKeyKey(text));
  }
  return keys;
}

TEST(KeyLayoutTest, NoKeyIsAPrefixOfAnother) {
  std::vector<std::string> keys = ManyKeys();
  std::sort(keys.begin(), keys.end());
  for (size_t i = 1; i < keys.size(); ++i) {
    ASSERT_NE(keys[i - 1], keys[i]);
    EXPECT_NE(keys[i].substr(0, keys[i - 1].size()), keys[i - 1]);
  }
}

TEST(KeyLayoutTest, IdsComeBackFromKeys) {
  const RelationshipEnds ends = Ends(0x0102030405060708, 9, 1, UINT64_MAX);
  EXPECT_THAT(DecodeEntityKey(EntityKeyOf(EntityId(258))), IsOkAndHolds(EntityId(258)));
  EXPECT_THAT(DecodeRelationshipKey(RelationshipKeyOf(ends.id)), IsOkAndHolds(ends.id));
  EXPECT_THAT(DecodeOutKey(OutKey(ends)), IsOkAndHolds(ends));
  EXPECT_THAT(DecodeInKey(InKey(ends)), IsOkAndHolds(ends));
  EXPECT_THAT(DecodeLabelKey(LabelKey(LabelId(3), EntityId(4))), IsOkAndHolds(EntityId(4)));
  RELATA_ASSERT_OK_AND_ASSIGN(
      const EntityFactIds fact,
      DecodeEntityFactKey(EntityFactKey(EntityId(1), PropertyId(2), FactId(3))));
  EXPECT_EQ(fact.entity, EntityId(1));
  EXPECT_EQ(fact.property, PropertyId(2));
  EXPECT_EQ(fact.fact, FactId(3));
  RELATA_ASSERT_OK_AND_ASSIGN(const EntityFactIds name,
                              DecodeNameKey(NameKey("深度求索", EntityId(1), FactId(3))));
  EXPECT_EQ(name.entity, EntityId(1));
  EXPECT_EQ(name.property, kNamesProperty);
  EXPECT_EQ(name.fact, FactId(3));
  for (const FactOwner& owner :
       {FactOwner{true, 5, {}, FactId(6)}, FactOwner{false, 5, PropertyId(7), FactId(6)}}) {
    EXPECT_THAT(DecodeSourceFactKey(SourceFactKey(EntityId(1), owner)), IsOkAndHolds(owner));
  }
  EXPECT_THAT(DecodeIndexKey(IndexKey(IndexId(1), Value::String("x"), EntityId(9))),
              IsOkAndHolds(uint64_t{9}));
}

TEST(KeyLayoutTest, ScansGoByTheIdsInTheirOrder) {
  const std::vector<RelationshipEnds> sorted = {
      Ends(9, 1, 1, 1), Ends(1, 1, 1, 2),   Ends(2, 1, 1, 2),   Ends(1, 1, 1, 256),
      Ends(1, 2, 1, 1), Ends(1, 256, 1, 1), Ends(1, 1, 256, 1), Ends(1, 1, UINT64_MAX, 1)};
  for (size_t i = 1; i < sorted.size(); ++i) {
    EXPECT_LT(OutKey(sorted[i - 1]), OutKey(sorted[i]));
  }
  const RelationshipEnds ends = Ends(4, 2, 1, 3);
  for (const std::string& prefix : {OutPrefix(ends.from), OutPrefix(ends.from, ends.type),
                                    OutPrefix(ends.from, ends.type, ends.to)}) {
    EXPECT_TRUE(InRange(KeyRange::Prefix(prefix), OutKey(ends)));
  }
  EXPECT_FALSE(
      InRange(KeyRange::Prefix(OutPrefix(ends.from, ends.type, EntityId(4))), OutKey(ends)));
  EXPECT_TRUE(InRange(KeyRange::Prefix(InPrefix(ends.to, ends.type)), InKey(ends)));
  EXPECT_FALSE(InRange(KeyRange::Prefix(InPrefix(ends.from)), InKey(ends)));
}

TEST(KeyLayoutTest, NameRangesAreExactOrByPrefix) {
  const auto key = [](const char* text) { return NameKey(text, EntityId(UINT64_MAX), FactId(1)); };
  EXPECT_TRUE(InRange(NameRange("deep", false), key("deep")));
  EXPECT_FALSE(InRange(NameRange("deep", false), key("deepseek")));
  EXPECT_FALSE(InRange(NameRange("deep", false), key("dee")));
  EXPECT_TRUE(InRange(NameRange("deep", true), key("deep")));
  EXPECT_TRUE(InRange(NameRange("deep", true), key("deepseek")));
  EXPECT_FALSE(InRange(NameRange("deep", true), key("deez")));
  EXPECT_TRUE(InRange(NameRange("", true), key("anything")));
  // A part of a character's bytes is a prefix of bytes, which is harmless.
  EXPECT_TRUE(InRange(NameRange("深", true), key("深度求索")));
}

TEST(KeyLayoutTest, EqualValuesShareTheirIndexPrefix) {
  const std::string one = IndexPrefix(IndexId(1)) + ValueKeyPrefix(Value::Int(1));
  for (const Value& same : {Value::Int(1), Value::Double(1.0)}) {
    EXPECT_TRUE(InRange(KeyRange::Prefix(one), IndexKey(IndexId(1), same, EntityId(5))));
  }
  for (const Value& other : {Value::Int(2), Value::Double(1.0000001), Value::String("1")}) {
    EXPECT_FALSE(InRange(KeyRange::Prefix(one), IndexKey(IndexId(1), other, EntityId(5))));
  }
  EXPECT_FALSE(InRange(KeyRange::Prefix(one), IndexKey(IndexId(2), Value::Int(1), EntityId(5))));
}

TEST(KeyLayoutTest, AKeyOfAnotherShapeIsDataLoss) {
  const auto damaged = [](const absl::Status& status) {
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kDataLoss));
  };
  // Every prefix of a key, and a key with a byte too many.
  const auto all_shapes = [](std::string key, const auto& decode) {
    for (size_t n = 0; n < key.size(); ++n) decode(key.substr(0, n));
    decode(key + "x");
    key[0] = 0x7f;
    decode(key);
  };
  const RelationshipEnds ends = Ends(4, 2, 1, 3);
  all_shapes(EntityKeyOf(EntityId(1)),
             [&](const std::string& k) { damaged(DecodeEntityKey(k).status()); });
  all_shapes(EntityFactKey(EntityId(1), PropertyId(1), FactId(1)),
             [&](const std::string& k) { damaged(DecodeEntityFactKey(k).status()); });
  all_shapes(LabelKey(LabelId(1), EntityId(1)),
             [&](const std::string& k) { damaged(DecodeLabelKey(k).status()); });
  all_shapes(NameKey("name", EntityId(1), FactId(1)),
             [&](const std::string& k) { damaged(DecodeNameKey(k).status()); });
  all_shapes(OutKey(ends), [&](const std::string& k) { damaged(DecodeOutKey(k).status()); });
  all_shapes(InKey(ends), [&](const std::string& k) { damaged(DecodeInKey(k).status()); });
  all_shapes(RelationshipKeyOf(ends.id),
             [&](const std::string& k) { damaged(DecodeRelationshipKey(k).status()); });
  all_shapes(SourceFactKey(EntityId(1), {true, 1, {}, FactId(1)}),
             [&](const std::string& k) { damaged(DecodeSourceFactKey(k).status()); });
  const std::string index = IndexKey(IndexId(1), Value::Int(1), EntityId(1));
  for (size_t n = 0; n < 13; ++n) damaged(DecodeIndexKey(index.substr(0, n)).status());
}

}  // namespace
}  // namespace relata
