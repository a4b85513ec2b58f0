#include "graph/store/records.h"

#include <functional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr CommitVersion kWritten{40};

Fact StoredFact(uint64_t id, Value value) {
  Fact fact;
  fact.id = FactId(id);
  fact.value = std::move(value);
  fact.recorded = CommitVersion(33);
  return fact;
}

EntityState MakeEntity() {
  EntityState state;
  state.id = EntityId(1234567);
  state.key = "company/深度求索";
  state.labels = {LabelId(1), LabelId(300)};
  state.created = CommitVersion(7);
  state.source_retracted = -5;
  state.properties[PropertyId(2)] = {StoredFact(10, Value::String("DeepSeek"))};
  state.properties[PropertyId(9)] = {StoredFact(11, Value::Double(0.5))};
  state.properties[PropertyId(10)] = {StoredFact(12, Value::Int(1)), StoredFact(13, Value::Int(2))};
  return state;
}

RelationshipState MakeRelationship() {
  RelationshipState state;
  state.ends = {RelationshipId(5), TypeId(3), EntityId(8), EntityId(9)};
  state.key = "l";
  state.created = CommitVersion(20);
  state.facts = {StoredFact(1, Value()), StoredFact(2, Value())};
  state.facts[0].properties = {{PropertyId(4), Value::Double(0.25)},
                               {PropertyId(6), Value::Int(1)}};
  Citation citation;
  citation.source = EntityId(99);
  citation.recorded = CommitVersion(33);
  citation.recorded_at = 1'000;
  citation.reported = Bound::Parse("2026-03", BoundRole::kFrom).value();
  citation.locator = "p. 3";
  state.facts[1].citations = {citation};
  state.facts[1].valid.to = Bound::Parse("2026", BoundRole::kTo).value();
  return state;
}

// A decoder as the damage tests call it.
using Decode = std::function<absl::Status(absl::string_view)>;

// Cuts the record at each byte, flips each bit and adds a byte: an error that names the place or,
// where the flip made another right record, a result; never anything else.
void ExpectSturdy(const std::string& record, const Decode& decode) {
  RELATA_EXPECT_OK(decode(record));
  for (size_t n = 0; n < record.size(); ++n) {
    EXPECT_THAT(decode(record.substr(0, n)), StatusIs(absl::StatusCode::kDataLoss)) << n;
  }
  EXPECT_THAT(decode(record + '\0'), StatusIs(absl::StatusCode::kDataLoss));
  for (size_t bit = 0; bit < 8 * record.size(); ++bit) {
    std::string flipped = record;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    const absl::Status status = decode(flipped);
    EXPECT_TRUE(status.ok() || absl::IsDataLoss(status) || absl::IsFailedPrecondition(status))
        << bit << ": " << status;
    if (bit >= 8) {
      EXPECT_FALSE(absl::IsFailedPrecondition(status)) << bit;
    }
  }
  std::string newer = record;
  newer[0] = 2;
  EXPECT_THAT(decode(newer), StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST(RecordsTest, AnEntityKeepsItsPlainPropertiesOnly) {
  const EntityState state = MakeEntity();
  RELATA_ASSERT_OK_AND_ASSIGN(const EntityState decoded,
                              DecodeEntity(state.id, kWritten, EncodeEntity(state, kWritten)));
  EXPECT_EQ(decoded.id, state.id);
  EXPECT_EQ(decoded.key, state.key);
  EXPECT_EQ(decoded.labels, state.labels);
  EXPECT_EQ(decoded.created, state.created);
  EXPECT_EQ(decoded.source_retracted, state.source_retracted);
  ASSERT_THAT(decoded.properties, SizeIs(2));
  const Fact& name = decoded.FindProperty(PropertyId(2))->front();
  EXPECT_EQ(name.value.ToString(), "DeepSeek");
  EXPECT_EQ(name.id, FactId(10));
  EXPECT_EQ(name.recorded, CommitVersion(33));
  EXPECT_TRUE(name.plain());
  EXPECT_EQ(decoded.FindProperty(PropertyId(10)), nullptr);
}

TEST(RecordsTest, OnlyOnePlainFactLivesInTheEntitysRecord) {
  const Fact plain = StoredFact(1, Value::Int(1));
  Fact dated = plain;
  dated.valid.from = Bound::At(0);
  Fact cited = plain;
  cited.citations = {Citation()};
  Fact cut = plain;
  cut.cut_from = RankOrigin();
  EXPECT_TRUE(StoredInline({plain}));
  EXPECT_FALSE(StoredInline({plain, plain}));
  EXPECT_FALSE(StoredInline({dated}));
  EXPECT_FALSE(StoredInline({cited}));
  EXPECT_FALSE(StoredInline({cut}));
  EXPECT_FALSE(StoredInline({}));
}

TEST(RecordsTest, ARelationshipKeepsItsFacts) {
  const RelationshipState state = MakeRelationship();
  RELATA_ASSERT_OK_AND_ASSIGN(const RelationshipState decoded,
                              DecodeOut(state.ends, kWritten, EncodeOut(state, kWritten)));
  EXPECT_EQ(decoded.ends, state.ends);
  EXPECT_EQ(decoded.created, state.created);
  ASSERT_THAT(decoded.facts, SizeIs(2));
  EXPECT_EQ(decoded.facts[0].properties[0].first, PropertyId(4));
  EXPECT_TRUE(Equivalent(decoded.facts[0].properties[0].second, Value::Double(0.25)));
  EXPECT_EQ(decoded.facts[1].citations, state.facts[1].citations);
  EXPECT_EQ(decoded.facts[1].valid, state.facts[1].valid);
  EXPECT_EQ(decoded.facts[1].recorded, CommitVersion(33));
  RELATA_ASSERT_OK_AND_ASSIGN(const RelationshipRecord record,
                              DecodeRelationship(state.ends.id, EncodeRelationship(state)));
  EXPECT_EQ(record.ends, state.ends);
  EXPECT_EQ(record.key, "l");
}

TEST(RecordsTest, TheIncomingEntryKeepsDigestsAndInlineProperties) {
  const RelationshipState state = MakeRelationship();
  RELATA_ASSERT_OK_AND_ASSIGN(const std::vector<FactSummary> summaries,
                              DecodeIn(state.ends, EncodeIn(state, {PropertyId(4)})));
  ASSERT_THAT(summaries, SizeIs(2));
  for (const FactSummary& s : summaries) {
    const bool is_first = s.id == FactId(1);
    EXPECT_EQ(s.digest.status, is_first ? FactStatus::kUncited : FactStatus::kAsserted);
    EXPECT_THAT(s.properties, SizeIs(is_first ? 1 : 0));
  }
}

TEST(RecordsTest, EntriesOfBothDirectionsGiveTheSameSummaries) {
  const RelationshipState state = MakeRelationship();
  std::vector<FactId> out;
  std::vector<FactId> in;
  RELATA_ASSERT_OK(SummarizeOut(state.ends, kWritten, EncodeOut(state, kWritten),
                                [&](const FactSummary& s) { out.push_back(s.id); }));
  RELATA_ASSERT_OK(SummarizeIn(state.ends, EncodeIn(state, {PropertyId(4)}),
                               [&](const FactSummary& s) { in.push_back(s.id); }));
  EXPECT_THAT(out, SizeIs(2));
  EXPECT_EQ(out, in);
}

TEST(RecordsTest, IdsComeBack) {
  for (const uint64_t id : {uint64_t{1}, uint64_t{300}, UINT64_MAX}) {
    EXPECT_THAT(DecodeId("an id", EncodeId(id)), IsOkAndHolds(id));
  }
}

TEST(RecordsTest, DamageIsAnErrorAndNeverMore) {
  const EntityState entity = MakeEntity();
  ExpectSturdy(EncodeEntity(entity, kWritten), [&](absl::string_view bytes) {
    return DecodeEntity(entity.id, kWritten, bytes).status();
  });
  const RelationshipState relationship = MakeRelationship();
  ExpectSturdy(EncodeOut(relationship, kWritten), [&](absl::string_view bytes) {
    return DecodeOut(relationship.ends, kWritten, bytes).status();
  });
  ExpectSturdy(EncodeIn(relationship, {PropertyId(4)}), [&](absl::string_view bytes) {
    return DecodeIn(relationship.ends, bytes).status();
  });
  const auto ignore = [](const FactSummary& /*summary*/) {};
  ExpectSturdy(EncodeOut(relationship, kWritten), [&](absl::string_view bytes) {
    return SummarizeOut(relationship.ends, kWritten, bytes, ignore);
  });
  ExpectSturdy(EncodeIn(relationship, {PropertyId(4)}), [&](absl::string_view bytes) {
    return SummarizeIn(relationship.ends, bytes, ignore);
  });
  ExpectSturdy(EncodeRelationship(relationship), [&](absl::string_view bytes) {
    return DecodeRelationship(relationship.ends.id, bytes).status();
  });
  const Fact& fact = relationship.facts[1];
  ExpectSturdy(EncodeEntityFact(fact, kWritten), [&](absl::string_view bytes) {
    return DecodeEntityFact(fact.id, PropertyId(9), kWritten, bytes).status();
  });
  ExpectSturdy(EncodeId(300),
               [](absl::string_view bytes) { return DecodeId("an id", bytes).status(); });
}

TEST(RecordsTest, ErrorsNameTheRecordAndTheId) {
  const EntityState entity = MakeEntity();
  EXPECT_THAT(DecodeEntity(entity.id, kWritten, EncodeEntity(entity, kWritten).substr(0, 4)),
              StatusIs(absl::StatusCode::kDataLoss,
                       testing::AllOf(HasSubstr("the record of an entity"), HasSubstr("1234567"))));
  // A version before the first commit, and a fact under another fact's key.
  EXPECT_THAT(DecodeEntity(entity.id, CommitVersion(3), EncodeEntity(entity, kWritten)),
              StatusIs(absl::StatusCode::kDataLoss));
  const Fact fact = StoredFact(8, Value::Int(1));
  EXPECT_THAT(
      DecodeEntityFact(FactId(9), PropertyId(9), kWritten, EncodeEntityFact(fact, kWritten)),
      StatusIs(absl::StatusCode::kDataLoss, HasSubstr("another fact")));
}

TEST(StatesTest, NamesGoThroughTheirValues) {
  for (const NameKind kind :
       {NameKind::kPreferred, NameKind::kAlias, NameKind::kAbbreviation, NameKind::kFormer}) {
    const EntityName name{"深度求索", "zh-Hans", kind};
    EXPECT_EQ(NameFromValue(NameToValue(name)), name);
    RELATA_EXPECT_OK(CheckStorable(NameToValue(name)));
  }
}

}  // namespace
}  // namespace relata
