#include "graph/facts/portion.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "graph/facts/belief.h"
#include "gtest/gtest.h"
#include "tests/graph/facts/fact_builders.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

Portion Part(absl::string_view from, absl::string_view to) {
  return Portion::Parse(from, to).value();
}

// `2020 .. 2021-05-01T00:00:00Z` for a fact that is there, `-` for none.
std::string Times(const std::optional<Fact>& fact) {
  if (!fact) return "-";
  return fact->valid.from.ToString() + " .. " + fact->valid.to.ToString();
}

std::vector<std::string> Cut(absl::string_view from, absl::string_view to, const Portion& portion) {
  const CutFact cut = CutByPortion(NumberedFact(1, from, to), portion);
  return {Times(cut.before), Times(cut.inside), Times(cut.after)};
}

TEST(PortionTest, ReadsInstantsDatesAndOpenSides) {
  RELATA_ASSERT_OK_AND_ASSIGN(const Portion portion,
                              Portion::Parse("2021-01-01", "2021-02-01T08:00:00+08:00"));
  EXPECT_EQ(portion.from, T("2021-01-01"));
  EXPECT_EQ(portion.to, T("2021-02-01"));
  EXPECT_FALSE(portion.all());
  EXPECT_TRUE(Part("..", "..").all());
  EXPECT_FALSE(Part("2021-01-01", "..").all());
  EXPECT_FALSE(Part("..", "2021-01-01").all());
}

TEST(PortionTest, RefusesWhatIsEmptyOrNoInstant) {
  EXPECT_THAT(Portion::Parse("2026-01-01", "2026-01-01"), StatusIs(kInvalid, HasSubstr("empty")));
  EXPECT_THAT(Portion::Parse("2026-01-02", "2026-01-01"), StatusIs(kInvalid, HasSubstr("empty")));
  EXPECT_THAT(Portion::Parse("2026", ".."), StatusIs(kInvalid, HasSubstr("start")));
  EXPECT_THAT(Portion::Parse("..", ""), StatusIs(kInvalid, HasSubstr("end")));
}

TEST(CutByPortionTest, ExactBoundsAreCutExactly) {
  EXPECT_THAT(
      Cut("2019-05-01T00:00:00Z", "..", Part("2021-01-01", "2023-01-01")),
      ElementsAre("2019-05-01T00:00:00Z .. 2021-01-01T00:00:00Z",
                  "2021-01-01T00:00:00Z .. 2023-01-01T00:00:00Z", "2023-01-01T00:00:00Z .. .."));
  EXPECT_THAT(Cut("..", "..", Part("2021-01-01", "..")),
              ElementsAre(".. .. 2021-01-01T00:00:00Z", "2021-01-01T00:00:00Z .. ..", "-"));
  EXPECT_THAT(Cut("..", "..", Part("..", "2021-01-01")),
              ElementsAre("-", ".. .. 2021-01-01T00:00:00Z", "2021-01-01T00:00:00Z .. .."));
  EXPECT_THAT(Cut("..", "..", Portion()), ElementsAre("-", ".. .. ..", "-"));
}

TEST(CutByPortionTest, ACutWhereTheFactWasCertainIsExact) {
  EXPECT_THAT(
      Cut("2025", "2028", Part("2026-05-01", "2026-06-01")),
      ElementsAre("2025 .. 2026-05-01T00:00:00Z", "2026-05-01T00:00:00Z .. 2026-06-01T00:00:00Z",
                  "2026-06-01T00:00:00Z .. 2028"));
}

TEST(CutByPortionTest, ACutInsideAnImpreciseBoundStaysAsUncertainBeyondIt) {
  EXPECT_THAT(Cut("2026", "2028", Part("2026-05-01", "2026-06-01")),
              ElementsAre("2026 .. 2026-05-01T00:00:00Z",
                          "2026-05-01T00:00:00Z/2027-01-01T00:00:00Z .. 2026-06-01T00:00:00Z",
                          "2026-06-01T00:00:00Z/2027-01-01T00:00:00Z .. 2028"));
  EXPECT_THAT(Cut("2020", "2028", Part("2028-03-01", "..")),
              ElementsAre("2020 .. 2028-01-01T00:00:00Z/2028-03-01T00:00:00Z",
                          "2028-03-01T00:00:00Z .. 2028", "-"));
  const CutFact about = CutByPortion(NumberedFact(1, "2026~", ".."), Part("..", "2026-05-01"));
  EXPECT_TRUE(about.after->valid.from.about);
  EXPECT_FALSE(about.inside->valid.to.about);
}

TEST(CutByPortionTest, AnUnknownBoundStaysFlagged) {
  const CutFact end = CutByPortion(NumberedFact(1, "2020", ""), Part("2022-01-01", ".."));
  ASSERT_TRUE(end.before && end.inside);
  EXPECT_TRUE(end.before->valid.to.unknown);
  EXPECT_EQ(end.before->valid.to.earliest, kMinusInfinity);
  EXPECT_EQ(end.before->valid.to.latest, T("2022-01-01"));
  EXPECT_EQ(end.inside->valid.from, Bound::At(T("2022-01-01")));
  EXPECT_EQ(end.inside->valid.to, Bound::Unknown());

  const CutFact start = CutByPortion(NumberedFact(1, "", ".."), Part("2022-01-01", "2023-01-01"));
  ASSERT_TRUE(start.before && start.inside && start.after);
  EXPECT_EQ(start.before->valid.from, Bound::Unknown());
  EXPECT_EQ(start.before->valid.to, Bound::At(T("2022-01-01")));
  for (const auto& [piece, from] :
       {std::pair(*start.inside, T("2022-01-01")), std::pair(*start.after, T("2023-01-01"))}) {
    EXPECT_TRUE(piece.valid.from.unknown);
    EXPECT_EQ(piece.valid.from.earliest, from);
    EXPECT_EQ(piece.valid.from.latest, kPlusInfinity);
  }
}

TEST(CutByPortionTest, APortionThatDoesNotTouchAFactLeavesIt) {
  const Portion portion = Part("2021-01-01", "2022-01-01");
  EXPECT_THAT(Cut("2019", "2021-01-01T00:00:00Z", portion),
              ElementsAre("2019 .. 2021-01-01T00:00:00Z", "-", "-"));
  EXPECT_THAT(Cut("2022-01-01", "..", portion), ElementsAre("-", "-", "2022-01-01 .. .."));
  // Possibly valid on the first day of 2021: touched.
  EXPECT_THAT(
      Cut("2019", "2021-01-01", portion),
      ElementsAre("2019 .. 2021-01-01T00:00:00Z", "2021-01-01T00:00:00Z .. 2021-01-01", "-"));
}

TEST(CutByPortionTest, AFactWithinThePortionIsWhollyInside) {
  EXPECT_THAT(Cut("2021-01-01", "2021", Part("2021-01-01", "2022-01-01")),
              ElementsAre("-", "2021-01-01 .. 2021", "-"));
}

TEST(CutByPortionTest, PiecesKeepStatementCitationsAndRank) {
  Fact fact = NumberedFact(7, "2020", "2030", {CitedBy(1, Stance::kAsserts, "2021")});
  fact.recorded = CommitVersion(4);
  const CutFact cut = CutByPortion(fact, Part("2022-01-01", "2023-01-01"));
  ASSERT_TRUE(cut.before && cut.inside && cut.after);
  for (const Fact& piece : {*cut.before, *cut.inside, *cut.after}) {
    EXPECT_EQ(piece.value.get<int64_t>(), 7);
    EXPECT_EQ(piece.citations, fact.citations);
    EXPECT_EQ(piece.recorded, CommitVersion(4));
  }
  EXPECT_EQ(cut.before->id, FactId(7));
  EXPECT_FALSE(cut.before->cut_from);
  const RankOrigin origin{From("2020"), CommitVersion(4), FactId(7)};
  for (const Fact& piece : {*cut.inside, *cut.after}) {
    EXPECT_FALSE(piece.id.valid());
    EXPECT_EQ(piece.cut_from, origin);
  }
}

TEST(CutByPortionTest, APieceOfAPieceRanksAsTheFirstFact) {
  Fact piece = NumberedFact(8, "2022-01-01T00:00:00Z", "..");
  piece.cut_from = RankOrigin{From("2020"), CommitVersion(2), FactId(3)};
  const CutFact cut = CutByPortion(piece, Part("2025-01-01", ".."));
  EXPECT_EQ(cut.before->cut_from, piece.cut_from);
  EXPECT_EQ(cut.inside->cut_from, piece.cut_from);
}

// A change of a portion over facts of known ids; new ones are from 100.
struct Changed {
  bool changed = false;
  std::vector<Fact> facts;
  std::vector<uint64_t> Ids() const {
    std::vector<uint64_t> ids;
    for (const Fact& fact : facts) ids.push_back(fact.id.value());
    return ids;
  }
};

Changed Change(std::vector<Fact> facts, const Portion& portion,
               absl::FunctionRef<std::optional<Fact>(Fact)> change) {
  FactId next(100);
  Changed result;
  result.changed = ChangePortion(
      portion, [&] { return std::exchange(next, next.next()); }, change, facts);
  result.facts = std::move(facts);
  return result;
}

std::optional<Fact> End(const Fact&) { return std::nullopt; }
std::optional<Fact> SetTo99(Fact fact) {
  fact.value = Value::Int(99);
  return fact;
}

TEST(ChangePortionTest, EndsWhatIsInsideAndKeepsTheRest) {
  const std::vector<Fact> facts = {NumberedFact(1, "2019-01-01", "2021-06-01T00:00:00Z"),
                                   NumberedFact(2, "2021-06-01T00:00:00Z", "2022-06-01T00:00:00Z"),
                                   NumberedFact(3, "2025-01-01", "..")};
  const Changed changed = Change(facts, Part("2021-01-01", "2023-01-01"), End);
  EXPECT_TRUE(changed.changed);
  EXPECT_THAT(changed.Ids(), ElementsAre(1, 3));
  EXPECT_EQ(Times(changed.facts[0]), "2019-01-01 .. 2021-01-01T00:00:00Z");
  EXPECT_EQ(Times(changed.facts[1]), "2025-01-01 .. ..");
}

TEST(ChangePortionTest, TheEarliestPieceThatIsLeftKeepsTheId) {
  const std::vector<Fact> facts = {NumberedFact(1, "2020-01-01", "2030-01-01")};
  EXPECT_THAT(Change(facts, Part("2021-01-01", "2022-01-01"), End).Ids(), ElementsAre(1, 100));
  EXPECT_THAT(Change(facts, Part("..", "2022-01-01"), End).Ids(), ElementsAre(1));
  EXPECT_THAT(Change(facts, Part("2021-01-01", "2022-01-01"), SetTo99).Ids(),
              ElementsAre(1, 100, 101));
  EXPECT_THAT(Change(facts, Part("..", "2022-01-01"), SetTo99).Ids(), ElementsAre(1, 100));
}

TEST(ChangePortionTest, ReplacesThePieceInside) {
  const Changed changed =
      Change({NumberedFact(1, "2020", "..")}, Part("2024-01-01", "2024-07-01"), SetTo99);
  ASSERT_EQ(changed.facts.size(), 3u);
  EXPECT_EQ(changed.facts[0].value.get<int64_t>(), 1);
  EXPECT_EQ(changed.facts[1].value.get<int64_t>(), 99);
  EXPECT_EQ(changed.facts[2].value.get<int64_t>(), 1);
  EXPECT_EQ(Times(changed.facts[1]), "2024-01-01T00:00:00Z .. 2024-07-01T00:00:00Z");
}

TEST(ChangePortionTest, AllOfValidTimeCutsNothing) {
  const std::vector<Fact> facts = {NumberedFact(1, "2020", "2021"), NumberedFact(2, "", "..")};
  const Changed changed = Change(facts, Portion(), SetTo99);
  EXPECT_TRUE(changed.changed);
  ASSERT_THAT(changed.Ids(), ElementsAre(1, 2));
  for (size_t i = 0; i < facts.size(); ++i) {
    EXPECT_EQ(changed.facts[i].valid, facts[i].valid);
    EXPECT_FALSE(changed.facts[i].cut_from);
    EXPECT_EQ(changed.facts[i].value.get<int64_t>(), 99);
  }
  EXPECT_THAT(Change(facts, Portion(), End).Ids(), IsEmpty());
}

TEST(ChangePortionTest, SaysWhereItTouchedNothing) {
  const std::vector<Fact> facts = {NumberedFact(1, "2020-01-01", "2021-01-01T00:00:00Z")};
  const Changed changed = Change(facts, Part("2021-01-01", "2022-01-01"), End);
  EXPECT_FALSE(changed.changed);
  EXPECT_THAT(changed.Ids(), ElementsAre(1));
  EXPECT_FALSE(Change({}, Portion(), End).changed);
}

TEST(ChangePortionTest, AfterACutTheRivalThatRankedBehindStaysBehind) {
  const std::vector<Fact> facts = {NumberedFact(1, "2020-01-01", ".."),
                                   NumberedFact(2, "2022-01-01", "2024-01-01")};
  const Changed changed = Change(facts, Part("2022-06-01", "2022-07-01"), End);
  const auto value_at = [&](absl::string_view instant) {
    return SelectOne(changed.facts, ViewAt(instant))->value.get<int64_t>();
  };
  EXPECT_EQ(value_at("2022-03-01"), 2);
  EXPECT_EQ(value_at("2023-01-01"), 2);
  EXPECT_EQ(value_at("2025-01-01"), 1);
}

// ---- Cuts at random.

Portion RandomPortion(Random& random, const std::vector<Instant>& instants) {
  const auto any_instant = [&] {
    return instants.empty() || OneIn(random, 2) ? RandomInstant(random)
                                                : instants[Below(random, instants.size())];
  };
  const Instant a = any_instant();
  const Instant b = any_instant();
  Portion portion{std::min(a, b), std::max(a, b) + 1};
  if (OneIn(random, 5)) portion.from = kMinusInfinity;
  if (OneIn(random, 5)) portion.to = kPlusInfinity;
  return portion;
}

// Everything that a reader can see at an instant: the values in rank order.
std::vector<int64_t> Seen(const std::vector<Fact>& facts, Instant t, bool certainly,
                          const BeliefPolicy& policy) {
  std::vector<int64_t> values;
  for (const VisibleFact& shown :
       SelectVisible(facts, ViewWith(ValidTime::At(t, certainly), policy))) {
    values.push_back(shown.fact->value.get<int64_t>());
  }
  return values;
}

// S4.2: splitting changes no answer at an instant.
TEST(PortionPropertyTest, SplittingChangesNoAnswerAtAnyInstant) {
  Random random(21);
  size_t pieces_made = 0;
  for (int round = 0; round < 1'500; ++round) {
    const std::vector<Fact> whole = RandomFacts(random, 1 + Below(random, 4));
    std::vector<Fact> pieces = whole;
    FactId next(100);
    for (uint64_t cuts = 1 + Below(random, 3); cuts > 0; --cuts) {
      ChangePortion(
          RandomPortion(random, InstantsAround(pieces)),
          [&] { return std::exchange(next, next.next()); },
          [](Fact fact) { return std::optional<Fact>(std::move(fact)); }, pieces);
    }
    pieces_made += pieces.size() - whole.size();
    std::vector<Instant> instants = InstantsAround(pieces);
    for (int more = 0; more < 5; ++more) instants.push_back(RandomInstant(random));
    const BeliefPolicy policy = RandomPolicy(random);
    BeliefPolicy raw;
    raw.raw = true;
    for (const Instant t : instants) {
      for (const bool certainly : {false, true}) {
        ASSERT_EQ(Seen(pieces, t, certainly, policy), Seen(whole, t, certainly, policy))
            << "round " << round << " at " << FormatInstant(t);
        // Under the raw policy every fact is seen, so each must have exactly one piece there.
        ASSERT_EQ(Seen(pieces, t, certainly, raw), Seen(whole, t, certainly, raw))
            << "round " << round << " at " << FormatInstant(t);
      }
    }
  }
  EXPECT_GT(pieces_made, 3'000u);
}

// Ending a portion takes away what was valid in it and nothing else.
TEST(PortionPropertyTest, EndingAPortionChangesTheAnswersInsideOnly) {
  Random random(22);
  BeliefPolicy raw;
  raw.raw = true;
  for (int round = 0; round < 1'500; ++round) {
    const std::vector<Fact> whole = RandomFacts(random, 3);
    const Portion portion = RandomPortion(random, InstantsAround(whole));
    const Changed changed = Change(whole, portion, End);
    std::vector<Instant> instants = InstantsAround(changed.facts);
    for (int more = 0; more < 10; ++more) instants.push_back(RandomInstant(random));
    for (const Instant t : instants) {
      const bool inside = portion.from <= t && t < portion.to;
      for (const bool certainly : {false, true}) {
        const std::vector<int64_t> before = Seen(whole, t, certainly, raw);
        ASSERT_EQ(Seen(changed.facts, t, certainly, raw), inside ? std::vector<int64_t>() : before);
      }
    }
    for (const Fact& fact : changed.facts) {
      ASSERT_LT(fact.valid.from.earliest, fact.valid.to.latest);
      ASSERT_LE(fact.valid.from.earliest, fact.valid.from.latest);
      ASSERT_LE(fact.valid.to.earliest, fact.valid.to.latest);
    }
  }
}

}  // namespace
}  // namespace relata
