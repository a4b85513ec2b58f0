#include "graph/facts/fact_codec.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/graph/facts/fact_builders.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::HasSubstr;

constexpr uint8_t kFactFormat = 1;
constexpr CommitVersion kFactVersion(1'000);

constexpr auto kDataLoss = absl::StatusCode::kDataLoss;

std::string EncodeFacts(const std::vector<Fact>& facts) {
  std::string out;
  RecordWriter writer(&out, kFactFormat);
  WriteFacts(facts, kFactVersion, writer);
  return out;
}

absl::StatusOr<std::vector<Fact>> DecodeFacts(absl::string_view bytes) {
  RecordReader reader(bytes, "facts", kFactFormat);
  std::vector<Fact> facts = ReadFacts(kFactVersion, reader);
  if (absl::Status status = reader.Finish(); !status.ok()) return status;
  return facts;
}

std::string EncodeFacts(const std::vector<FactSummary>& summaries) {
  std::string out;
  RecordWriter writer(&out, kFactFormat);
  WriteSummaries(summaries, writer);
  return out;
}

absl::StatusOr<std::vector<FactSummary>> DecodeSummaries(absl::string_view bytes) {
  RecordReader reader(bytes, "summaries", kFactFormat);
  std::vector<FactSummary> summaries = ReadSummaries(reader);
  if (absl::Status status = reader.Finish(); !status.ok()) return status;
  return summaries;
}

bool SameValue(const Value& a, const Value& b) {
  return a.type() == b.type() && SameStatement(a, b) && a.ToString() == b.ToString();
}

bool SameProperties(const std::vector<std::pair<PropertyId, Value>>& a,
                    const std::vector<std::pair<PropertyId, Value>>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& left, const auto& right) {
                      return left.first == right.first && SameValue(left.second, right.second);
                    });
}

// Every field alike.
bool Identical(const Fact& a, const Fact& b) {
  return a.id == b.id && SameValue(a.value, b.value) &&
         SameProperties(a.properties, b.properties) && a.valid == b.valid &&
         a.citations == b.citations && a.recorded == b.recorded && a.cut_from == b.cut_from;
}

bool Identical(const FactSummary& a, const FactSummary& b) {
  return a.id == b.id && a.valid == b.valid && a.digest == b.digest &&
         a.certain_from == b.certain_from && SameProperties(a.properties, b.properties);
}

template <typename T>
bool AllIdentical(const std::vector<T>& a, const std::vector<T>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const T& left, const T& right) { return Identical(left, right); });
}

Value RandomValue(Random& random) {
  switch (Below(random, 7)) {
    case 0:
      return Value();
    case 1:
      return Value::Bool(OneIn(random, 2));
    case 2:
      return Value::Int(static_cast<int64_t>(random() >> Below(random, 64)));
    case 3:
      return Value::Double(static_cast<double>(Below(random, 1000)) / 8);
    case 4:
      return Value::Of(Decimal{static_cast<int64_t>(Below(random, 10'000)),
                               static_cast<uint8_t>(Below(random, 5))},
                       static_cast<Qualifier>(Below(random, 7)));
    case 5:
      return Value::String(std::string(Below(random, 40), 'x'));
    default:
      return Value::Of(Value::List{Value::Int(1), Value::String("深度求索")});
  }
}

Bound RandomOriginBound(Random& random) { return RandomBound(random, BoundRole::kFrom); }

// With everything that a record can hold, absent and present.
Fact AnyFact(Random& random, uint64_t id) {
  Fact fact = RandomFact(random, OneIn(random, 5) ? random() : id);
  fact.value = RandomValue(random);
  uint32_t property = 0;
  for (uint64_t count = Below(random, 4); count > 0; --count) {
    property += 1 + static_cast<uint32_t>(Below(random, 300));
    fact.properties.emplace_back(PropertyId(property), RandomValue(random));
  }
  fact.recorded = OneIn(random, 2) ? kFactVersion : CommitVersion(1 + Below(random, 1'000));
  for (Citation& citation : fact.citations) {
    if (OneIn(random, 3)) citation.recorded = kFactVersion;
    if (OneIn(random, 3)) citation.locator = "第 3 页, p. 12";
    if (OneIn(random, 3)) citation.source = EntityId(random());
  }
  if (OneIn(random, 4)) {
    fact.cut_from = RankOrigin{RandomOriginBound(random), CommitVersion(1 + Below(random, 1'000)),
                               FactId(random())};
    fact.valid.from.kind = BoundKind::kInstant;
    fact.valid.from = Bound::At(T("2020-05-01"));
    fact.valid.to = Bound::Unbounded(BoundRole::kTo);
  }
  return fact;
}

std::vector<Fact> AnyFacts(Random& random) {
  std::vector<Fact> facts;
  for (uint64_t count = Below(random, 5); count > 0; --count) {
    facts.push_back(AnyFact(random, facts.size() + 1));
  }
  return facts;
}

TEST(FactCodecTest, RoundTrips) {
  Random random(31);
  for (int round = 0; round < 10'000; ++round) {
    const std::vector<Fact> facts = AnyFacts(random);
    RELATA_ASSERT_OK_AND_ASSIGN(const std::vector<Fact> back, DecodeFacts(EncodeFacts(facts)));
    ASSERT_TRUE(AllIdentical(back, facts)) << "round " << round;
  }
}

TEST(FactCodecTest, PiecesOfACutRoundTrip) {
  Fact left = NumberedFact(1, "", "");
  left.valid.to = {kMinusInfinity, T("2022-03-01"), BoundKind::kCut, false, true};
  Fact right = NumberedFact(2, "2020", "2021");
  right.valid.from = {T("2020-03-01"), T("2021-01-01"), BoundKind::kCut, true, false};
  right.cut_from = RankOrigin{From("2020~"), CommitVersion(7), FactId(1)};
  Fact unknown = NumberedFact(3, "", "..");
  unknown.valid.from = {T("2022-03-01"), kPlusInfinity, BoundKind::kCut, false, true};
  unknown.cut_from = RankOrigin{Bound::Unknown(), CommitVersion(1'000), FactId(1)};
  const std::vector<Fact> facts = {left, right, unknown};
  RELATA_ASSERT_OK_AND_ASSIGN(const std::vector<Fact> back, DecodeFacts(EncodeFacts(facts)));
  EXPECT_TRUE(AllIdentical(back, facts));
}

TEST(FactCodecTest, WhatHasNotCommittedRoundTrips) {
  Fact fact = NumberedFact(1, "..", "..", {CitedBy(1, Stance::kAsserts)});
  fact.recorded = CommitVersion();
  fact.citations[0].recorded = CommitVersion();
  fact.citations[0].recorded_at = kPlusInfinity;
  RELATA_ASSERT_OK_AND_ASSIGN(const std::vector<Fact> back, DecodeFacts(EncodeFacts({fact})));
  EXPECT_TRUE(AllIdentical(back, {fact}));
}

TEST(FactCodecTest, BytesOnDisk) {
  Fact fact;
  fact.id = FactId(5);
  fact.recorded = kFactVersion;
  EXPECT_EQ(EncodeFacts({fact}), std::string("\x01\x01\x00\x05", 4));

  fact.recorded = CommitVersion(kFactVersion.value() - 3);
  Citation citation;
  citation.source = EntityId(9);
  citation.stance = Stance::kDisputes;
  citation.recorded = kFactVersion;
  citation.recorded_at = 2;
  citation.locator = "p";
  Citation next = citation;
  next.source = EntityId(10);
  next.locator.clear();
  next.source_retracted = 3;
  fact.citations = {citation, next};
  EXPECT_EQ(EncodeFacts({fact}), std::string("\x01\x01"
                                             "\x28\x05\x03"           // flags, id, recorded
                                             "\x02"                   // two citations
                                             "\x12\x09\x01p\x00\x04"  // recorded 0 before, at 2
                                             "\x62\x0a\x06",          // retracted at 3
                                             15));
}

TEST(FactCodecTest, AFactOfTheSameCommitCostsTwoBytesBesideItsStatement) {
  Fact fact = NumberedFact(1, "..", "..");
  fact.recorded = kFactVersion;
  fact.properties = {{PropertyId(3), Value::Double(0.5)}};
  Fact bare = fact;
  bare.id = FactId(2);
  bare.value = Value();
  bare.properties.clear();
  EXPECT_EQ(EncodeFacts({fact, bare}).size(), EncodeFacts({fact}).size() + 2);
}

TEST(FactCodecTest, EveryTruncationIsDamage) {
  Random random(32);
  for (int round = 0; round < 300; ++round) {
    const std::string bytes = EncodeFacts(AnyFacts(random));
    for (size_t length = 0; length < bytes.size(); ++length) {
      ASSERT_THAT(DecodeFacts(bytes.substr(0, length)), StatusIs(absl::StatusCode::kDataLoss));
    }
    ASSERT_THAT(DecodeFacts(bytes + 'x'), StatusIs(absl::StatusCode::kDataLoss));
  }
}

// Damage is found or gives other facts, which are sound in themselves; it never crashes.
TEST(FactCodecTest, FlippedBytesAreDamageOrOtherFacts) {
  Random random(33);
  size_t found = 0, other = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = EncodeFacts(AnyFacts(random));
    for (uint64_t flips = 1 + Below(random, 3); flips > 0; --flips) {
      bytes[1 + Below(random, bytes.size() - 1)] = static_cast<char>(random());
    }
    const absl::StatusOr<std::vector<Fact>> facts = DecodeFacts(bytes);
    if (!facts.ok()) {
      ASSERT_THAT(facts, StatusIs(absl::StatusCode::kDataLoss, HasSubstr("facts is damaged")));
      ++found;
      continue;
    }
    RELATA_ASSERT_OK_AND_ASSIGN(const std::vector<Fact> back, DecodeFacts(EncodeFacts(*facts)));
    ASSERT_TRUE(AllIdentical(back, *facts));
    ++other;
  }
  EXPECT_GT(found, 3'000u);
  EXPECT_GT(other, 3'000u);
}

TEST(FactCodecTest, RefusesWhatNoWriterMakes) {
  const auto damaged = [](std::string tail) {
    return DecodeFacts(std::string("\x01\x01", 2) + std::move(tail)).status();
  };
  EXPECT_THAT(damaged(std::string("\x40\x05", 2)), StatusIs(kDataLoss, HasSubstr("flags")));
  // Recorded 1,001 commits before commit 1,000.
  EXPECT_THAT(damaged("\x20\x05\xe9\x07"), StatusIs(kDataLoss, HasSubstr("version")));
  // A property id 0; a null of it follows.
  EXPECT_THAT(damaged(std::string("\x02\x05\x01\x00\x00", 5)),
              StatusIs(kDataLoss, HasSubstr("ascend")));
  EXPECT_THAT(damaged(std::string("\x08\x05\x01\x00\x09\x00\x04", 7)),
              StatusIs(kDataLoss, HasSubstr("stance")));
  EXPECT_THAT(damaged(std::string("\x08\x05\x01\x81\x09\x00\x04", 7)),
              StatusIs(kDataLoss, HasSubstr("flags")));
  EXPECT_THAT(damaged("\x08\x05\x01\x21\x09"), StatusIs(kDataLoss, HasSubstr("in front")));
  // A confidence of 2.
  EXPECT_THAT(damaged(std::string("\x08\x05\x01\x05\x09\0\0\0\0\0\0\0\x40\x00\x04", 15)),
              StatusIs(kDataLoss, HasSubstr("confidence")));
}

TEST(FactSummaryTest, StandInRankOrderWithTheirDigests) {
  const std::vector<Fact> facts = {
      NumberedFact(1, "2020", ".."),
      NumberedFact(2, "2022", "..", {CitedBy(1, Stance::kAsserts), CitedBy(2, Stance::kDisputes)}),
      NumberedFact(3, "2021", "..", {CitedBy(1, Stance::kRetracts)})};
  const std::vector<FactSummary> summaries = Summarize(facts, {});
  ASSERT_EQ(summaries.size(), 3u);
  EXPECT_EQ(summaries[0].id, FactId(2));
  EXPECT_EQ(summaries[0].digest, (BeliefDigest{FactStatus::kDisputed, 1}));
  EXPECT_EQ(summaries[1].id, FactId(3));
  EXPECT_FALSE(summaries[1].digest.visible());
  EXPECT_EQ(summaries[2].id, FactId(1));
  EXPECT_EQ(summaries[2].valid, facts[0].valid);
}

TEST(FactSummaryTest, KeepsInlinePropertiesAndTheCertaintyOfUnknownStarts) {
  Fact fact = NumberedFact(1, "", "..", {CitedBy(1, Stance::kAsserts, "2024-03-11")});
  fact.properties = {{PropertyId(2), Value::Int(2)},
                     {PropertyId(4), Value::Int(4)},
                     {PropertyId(6), Value::Int(6)}};
  Fact known = fact;
  known.valid.from = From("2020");
  const std::vector<FactSummary> summaries =
      Summarize({fact, known}, {PropertyId(1), PropertyId(4), PropertyId(6)});
  ASSERT_EQ(summaries.size(), 2u);
  EXPECT_EQ(summaries[0].certain_from, kPlusInfinity);
  EXPECT_EQ(summaries[1].certain_from, T("2024-03-12"));
  ASSERT_EQ(summaries[1].properties.size(), 2u);
  EXPECT_EQ(summaries[1].properties[0].first, PropertyId(4));
  EXPECT_EQ(summaries[1].properties[1].second.get<int64_t>(), 6);
}

// The first summary that is valid and visible is the fact that a reader with the default policy
// sees.
TEST(FactSummaryTest, AnswerAnInstantAsTheFactsDo) {
  Random random(34);
  for (int round = 0; round < 3'000; ++round) {
    const std::vector<Fact> facts = RandomFacts(random, 1 + Below(random, 5));
    RELATA_ASSERT_OK_AND_ASSIGN(const std::vector<FactSummary> summaries,
                                DecodeSummaries(EncodeFacts(Summarize(facts, {}))));
    for (const Instant t : InstantsAround(facts)) {
      for (const bool certainly : {false, true}) {
        const ReadView view{ValidTime::At(t, certainly), DefaultPolicy()};
        const auto first =
            std::find_if(summaries.begin(), summaries.end(), [&](const FactSummary& summary) {
              return summary.digest.visible() &&
                     Matches(view.valid, summary.valid, summary.certain_from);
            });
        const Fact* seen = SelectOne(facts, view);
        ASSERT_EQ(first == summaries.end() ? FactId() : first->id,
                  seen == nullptr ? FactId() : seen->id);
      }
    }
  }
}

std::vector<FactSummary> AnySummaries(Random& random) {
  return Summarize(AnyFacts(random), {PropertyId(1), PropertyId(2), PropertyId(3)});
}

TEST(FactSummaryTest, AreMadeFromWrittenFactsWithoutMakingThose) {
  Random random(36);
  for (int round = 0; round < 2'000; ++round) {
    const std::vector<Fact> facts = AnyFacts(random);
    const std::string bytes = EncodeFacts(facts);
    RecordReader reader(bytes, "facts", kFactFormat);
    std::vector<FactSummary> made;
    SummarizeFacts(kFactVersion, reader,
                   [&](FactSummary summary) { made.push_back(std::move(summary)); });
    RELATA_EXPECT_OK(reader.Finish());
    const std::vector<FactSummary> expected = Summarize(facts, {});
    ASSERT_TRUE(AllIdentical(made, expected));
    const std::string cut = bytes.substr(0, Below(random, bytes.size()));
    RecordReader other(cut, "facts", kFactFormat);
    SummarizeFacts(kFactVersion, other, [](const FactSummary& /*summary*/) {});
    ASSERT_THAT(other.Finish(), StatusIs(absl::StatusCode::kDataLoss));
  }
}

TEST(FactSummaryTest, RoundTripsAndFindsDamage) {
  Random random(35);
  for (int round = 0; round < 5'000; ++round) {
    const std::vector<FactSummary> summaries = AnySummaries(random);
    const std::string bytes = EncodeFacts(summaries);
    RELATA_ASSERT_OK_AND_ASSIGN(const std::vector<FactSummary> back, DecodeSummaries(bytes));
    ASSERT_TRUE(AllIdentical(back, summaries));
    ASSERT_THAT(DecodeSummaries(bytes.substr(0, Below(random, bytes.size()))),
                StatusIs(absl::StatusCode::kDataLoss));
    std::string flipped = bytes;
    flipped[1 + Below(random, bytes.size() - 1)] = static_cast<char>(random());
    const absl::StatusOr<std::vector<FactSummary>> other = DecodeSummaries(flipped);
    if (other.ok()) {
      RELATA_ASSERT_OK_AND_ASSIGN(const std::vector<FactSummary> again,
                                  DecodeSummaries(EncodeFacts(*other)));
      ASSERT_TRUE(AllIdentical(again, *other));
    } else {
      ASSERT_THAT(other, StatusIs(absl::StatusCode::kDataLoss));
    }
  }
}

TEST(FactSummaryTest, ADigestThatContradictsItselfIsDamage) {
  const auto read = [](uint8_t flags) {
    return DecodeSummaries(std::string{'\x01', '\x01', static_cast<char>(flags), '\x05'});
  };
  EXPECT_THAT(read(0x00), IsOk());
  EXPECT_THAT(read(0x14), IsOk());                                         // asserted by one
  EXPECT_THAT(read(0x10), StatusIs(kDataLoss, HasSubstr("contradicts")));  // uncited, by one
  EXPECT_THAT(read(0x04), StatusIs(kDataLoss, HasSubstr("contradicts")));  // asserted by none
  EXPECT_THAT(read(0x1c), StatusIs(kDataLoss, HasSubstr("contradicts")));  // retracted, by one
  EXPECT_THAT(read(0x80), StatusIs(kDataLoss, HasSubstr("flags")));
}

}  // namespace
}  // namespace relata
