#include "graph/catalog/schema.h"

#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "graph/catalog/schema_cache.h"
#include "gtest/gtest.h"
#include "storage/memory/memory_kv.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

RelationshipTypeDeclaration AType() {
  return {
      TypeId(3), true, {LabelId(1), LabelId(400)}, {LabelId(2)}, {PropertyId(5), PropertyId(6)}};
}
PropertyDeclaration AProperty() {
  return {LabelId(1), TypeId(), PropertyId(7), {ValueType::kInt64, ValueType::kDate},
          true,       "USD",    "what it is"};
}
PropertyDeclaration OfType() {
  PropertyDeclaration d = AProperty();
  d.label = LabelId();
  d.type = TypeId(3);
  return d;
}
IndexDefinition AnIndex() { return {IndexId(9), LabelId(1), TypeId(), {PropertyId(7)}, true}; }

IndexDefinition Several() {
  return {IndexId(10), LabelId(1), TypeId(), {PropertyId(8), PropertyId(7)}, true};
}

SchemaRule ARule() { return {SchemaRule::Kind::kUnique, LabelId(1), TypeId(), {PropertyId(7)}}; }

// Versions written one by one, as the committer does.
class SchemaTest : public testing::Test {
 protected:
  void Write(uint64_t version, const std::string& key, const std::string& record) {
    KvBatch engine;
    VersionedBatch batch(&kv_, &engine);
    batch.BeginVersion(CommitVersion(version));
    RELATA_ASSERT_OK(batch.Put(key, record));
    RELATA_ASSERT_OK(kv_.Write(engine, {}, true));
  }
  StoreSnapshot At(uint64_t version, bool at_head = true) {
    return StoreSnapshot(&kv_, kv_.NewSnapshot(), CommitVersion(version), 0, at_head);
  }

  MemoryKv kv_;
};

TEST_F(SchemaTest, DeclarationsComeBackFromTheStore) {
  Write(1, SchemaKey(AType()), EncodeDeclaration(AType()));
  Write(2, SchemaKey(AProperty()), EncodeDeclaration(AProperty()));
  Write(3, SchemaKey(OfType()), EncodeDeclaration(OfType()));
  Write(4, SchemaKey(AnIndex()), EncodeDeclaration(AnIndex()));
  RELATA_ASSERT_OK_AND_ASSIGN(const auto schema, Schema::Load(At(4)));
  EXPECT_EQ(*schema->FindType(TypeId(3)), AType());
  EXPECT_TRUE(schema->one_per_pair(TypeId(3)));
  EXPECT_EQ(schema->FindType(TypeId(4)), nullptr);
  EXPECT_FALSE(schema->one_per_pair(TypeId(4)));
  EXPECT_EQ(*schema->FindProperty(LabelId(1), PropertyId(7)), AProperty());
  EXPECT_EQ(*schema->FindProperty(TypeId(3), PropertyId(7)), OfType());
  EXPECT_EQ(schema->FindProperty(LabelId(2), PropertyId(7)), nullptr);
  EXPECT_EQ(schema->indexes().at(AnIndex().id), AnIndex());
  EXPECT_THAT(schema->rule_names(), IsEmpty());
  Write(5, SchemaKey(ARule()), EncodeRuleName(ARule(), "nobody twice"));
  RELATA_ASSERT_OK_AND_ASSIGN(const auto named, Schema::Load(At(5)));
  EXPECT_THAT(named->rule_names(), ElementsAre(Pair(ARule(), "nobody twice")));
  RELATA_ASSERT_OK_AND_ASSIGN(const auto earlier, Schema::Load(At(1, false)));
  EXPECT_THAT(earlier->properties(), IsEmpty());
  EXPECT_THAT(earlier->types(), SizeIs(1));
}

TEST_F(SchemaTest, ALaterDeclarationReplacesTheEarlier) {
  Schema schema;
  schema.Put(AProperty());
  PropertyDeclaration other = AProperty();
  other.required = false;
  schema.Put(other);
  ASSERT_THAT(schema.properties(), SizeIs(1));
  EXPECT_FALSE(schema.properties()[0].required);
  schema.Put(AnIndex());
  schema.DropIndex(IndexId(9));
  EXPECT_TRUE(schema.indexes().empty());
}

TEST_F(SchemaTest, ANameGoesWithWhatItNames) {
  Schema schema;
  schema.Put(AnIndex());
  schema.Name(ARule(), "n");
  PropertyDeclaration d = OfType();
  schema.Put(d);
  const SchemaRule exists{SchemaRule::Kind::kExists, LabelId(), d.type, {d.property}};
  schema.Name(exists, "e");
  schema.Put(AProperty());  // another property: the names stay
  EXPECT_THAT(schema.rule_names(), SizeIs(2));
  d.required = false;
  schema.Put(d);
  EXPECT_THAT(schema.rule_names(), ElementsAre(Pair(ARule(), "n")));
  schema.DropIndex(AnIndex().id);
  EXPECT_THAT(schema.rule_names(), IsEmpty());
}

TEST_F(SchemaTest, ANodeKeyStandsForItsParts) {
  Schema schema;
  schema.Put(AnIndex());
  schema.Put(AProperty());  // required, and of two types
  const SchemaRule key{SchemaRule::Kind::kNodeKey, LabelId(1), TypeId(), {PropertyId(7)}};
  const auto kinds = [&schema] {
    std::vector<SchemaRule::Kind> all;
    for (const SchemaRule& rule : RulesOf(schema)) all.push_back(rule.kind);
    return all;
  };
  using Kind = SchemaRule::Kind;
  EXPECT_THAT(kinds(), ElementsAre(Kind::kUnique, Kind::kExists, Kind::kTyped));
  EXPECT_TRUE(Holds(schema, key));
  schema.Name(key, "k");
  EXPECT_THAT(kinds(), ElementsAre(Kind::kNodeKey, Kind::kTyped));
  schema.DropIndex(AnIndex().id);
  EXPECT_FALSE(Holds(schema, key));
  EXPECT_THAT(kinds(), ElementsAre(Kind::kExists, Kind::kTyped));
}

TEST_F(SchemaTest, IndexesOfSeveralPropertiesAndOfRelationshipsComeBack) {
  const IndexDefinition several = Several();
  const IndexDefinition of_type{IndexId(11), LabelId(), TypeId(3), {PropertyId(7)}, false};
  const SchemaRule rule{SchemaRule::Kind::kUnique, several.label, TypeId(), several.properties};
  Write(1, SchemaKey(several), EncodeDeclaration(several));
  Write(2, SchemaKey(of_type), EncodeDeclaration(of_type));
  Write(3, SchemaKey(rule), EncodeRuleName(rule, "both"));
  RELATA_ASSERT_OK_AND_ASSIGN(const auto schema, Schema::Load(At(3)));
  EXPECT_EQ(schema->indexes().at(several.id), several);
  EXPECT_EQ(schema->indexes().at(of_type.id), of_type);
  EXPECT_THAT(schema->rule_names(), ElementsAre(Pair(rule, "both")));
  // Another order of the properties is another rule.
  SchemaRule turned = rule;
  std::swap(turned.properties[0], turned.properties[1]);
  EXPECT_FALSE(Holds(*schema, turned));
}

// What databases hold since the first version of the format.
TEST_F(SchemaTest, AnIndexOfOnePropertyIsStoredAsItWas) {
  EXPECT_EQ(EncodeDeclaration(AnIndex()), std::string("\x01\x09\x01\x07\x01", 5));
  EXPECT_EQ(SchemaKey(ARule()), std::string("\x50\x04\0\0\0\x02\0\0\0\x01\0\0\0\0\0\0\0\x07", 18));
}

TEST_F(SchemaTest, ANodeKeyOfSeveralStandsForTheirParts) {
  Schema schema;
  schema.Put(
      IndexDefinition{IndexId(10), LabelId(1), TypeId(), {PropertyId(8), PropertyId(7)}, true});
  PropertyDeclaration required = AProperty();
  required.types = AllPropertyTypes();
  schema.Put(required);
  const SchemaRule key{
      SchemaRule::Kind::kNodeKey, LabelId(1), TypeId(), {PropertyId(8), PropertyId(7)}};
  EXPECT_FALSE(Holds(schema, key));
  required.property = PropertyId(8);
  schema.Put(required);
  EXPECT_TRUE(Holds(schema, key));
  schema.Name(key, "k");
  EXPECT_THAT(RulesOf(schema), ElementsAre(key));
}

TEST_F(SchemaTest, KeysTellDeclarationsApart) {
  EXPECT_NE(SchemaKey(AProperty()), SchemaKey(OfType()));
  EXPECT_NE(SchemaKey(AType()).substr(0, 2), SchemaKey(AProperty()).substr(0, 2));
}

TEST_F(SchemaTest, DamageIsAnErrorAndNeverMore) {
  const std::vector<std::pair<std::string, std::string>> records = {
      {SchemaKey(AType()), EncodeDeclaration(AType())},
      {SchemaKey(AProperty()), EncodeDeclaration(AProperty())},
      {SchemaKey(AnIndex()), EncodeDeclaration(AnIndex())},
      {SchemaKey(Several()), EncodeDeclaration(Several())},
      {SchemaKey(ARule()), EncodeRuleName(ARule(), "n")}};
  uint64_t version = 0;
  for (const auto& [key, record] : records) {
    for (size_t n = 0; n < record.size(); ++n) {
      Write(++version, key, record.substr(0, n));
      EXPECT_THAT(Schema::Load(At(version)), StatusIs(absl::StatusCode::kDataLoss)) << n;
    }
    for (size_t bit = 8; bit < 8 * record.size(); ++bit) {
      std::string flipped = record;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
      Write(++version, key, flipped);
      const absl::Status status = Schema::Load(At(version)).status();
      EXPECT_TRUE(status.ok() || absl::IsDataLoss(status)) << bit << ": " << status;
    }
    std::string newer = record;
    newer[0] = 3;  // indexes and names have two formats
    Write(++version, key, newer);
    EXPECT_THAT(Schema::Load(At(version)), StatusIs(absl::StatusCode::kFailedPrecondition));
    Write(++version, key, record);
  }
  std::string unknown = SchemaKey(AType());
  unknown[1] = 9;
  Write(++version, unknown, EncodeDeclaration(AType()));
  EXPECT_THAT(Schema::Load(At(version)), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(SchemaTest, TheCacheGivesEachSnapshotItsSchema) {
  SchemaCache cache;
  Write(1, SchemaKey(AType()), EncodeDeclaration(AType()));
  const StoreSnapshot first = At(1);
  RELATA_ASSERT_OK_AND_ASSIGN(const auto old_schema, cache.Get(first));
  EXPECT_EQ(cache.Get(first).value(), old_schema);  // read once
  Write(2, SchemaKey(AnIndex()), EncodeDeclaration(AnIndex()));
  cache.Invalidate(CommitVersion(2));
  // A reader of the version before comes late: its schema must not be kept for the new head.
  EXPECT_THAT(cache.Get(At(1, false)).value()->indexes(), IsEmpty());
  EXPECT_THAT(cache.Get(StoreSnapshot(&kv_, first.shared_engine(), CommitVersion(1), 0, true))
                  .value()
                  ->indexes(),
              IsEmpty());
  EXPECT_THAT(cache.Get(At(2)).value()->indexes(), SizeIs(1));
  EXPECT_THAT(cache.Get(At(1, false)).value()->indexes(), IsEmpty());
  EXPECT_THAT(cache.Get(At(3)).value()->indexes(), SizeIs(1));
}

TEST_F(SchemaTest, TheCacheKeepsTheSchemasOfSomeEarlierVersions) {
  SchemaCache cache;
  for (uint64_t version = 1; version <= 20; ++version) {
    IndexDefinition index = AnIndex();
    index.id = IndexId(static_cast<uint32_t>(version));
    Write(version, SchemaKey(index), EncodeDeclaration(index));
    cache.Invalidate(CommitVersion(version));
  }
  EXPECT_THAT(cache.Get(At(20)).value()->indexes(), SizeIs(20));
  const auto fifth = cache.Get(At(5, false)).value();
  EXPECT_THAT(fifth->indexes(), SizeIs(5));
  EXPECT_THAT(cache.Get(At(6, false)).value()->indexes(), SizeIs(6));
  EXPECT_EQ(cache.Get(At(5, false)).value(), fifth);  // read once
  for (uint64_t version = 1; version < 20; ++version) {
    EXPECT_THAT(cache.Get(At(version, false)).value()->indexes(), SizeIs(version));
  }
  EXPECT_THAT(cache.Get(At(20)).value()->indexes(), SizeIs(20));
}

}  // namespace
}  // namespace relata
