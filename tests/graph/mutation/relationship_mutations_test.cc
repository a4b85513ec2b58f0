// Relationships and their facts: S1.1, S1.2, S4.1 to S4.3, and the declarations of types.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "graph/mutation/mutation.h"
#include "gtest/gtest.h"
#include "tests/graph/database_harness.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

// Two entities, `a` and `b`.
class RelationshipMutationsTest : public testing::Test {
 protected:
  RelationshipMutationsTest() { h.MustApply({Put("a", {"A"}), Put("b", {"B"})}); }

  std::vector<RelationshipId> Pair(const char* type) {
    return h.Latest().FindPair(h.IdOf("a"), *h.db().names().FindType(type), h.IdOf("b")).value();
  }

  DatabaseHarness h;
};

TEST_F(RelationshipMutationsTest, WithoutKeyEachWriteMakesOne) {
  h.MustApply({Link("", "OWNS", "a", "b"), Link("", "OWNS", "a", "b")});
  EXPECT_THAT(Pair("OWNS"), SizeIs(2));
}

TEST_F(RelationshipMutationsTest, AKeyNamesTheRelationshipThatGetsTheFact) {
  h.MustApply(
      {Link("l", "OWNS", "a", "b", {Holds({{"share", Value::Double(0.36)}}, "..", "2026-05")})});
  h.MustApply({Link("l", "OWNS", "a", "b", {Holds({{"share", Value::Double(0.34)}}, "2026-05")})});
  EXPECT_THAT(Pair("OWNS"), SizeIs(1));
  EXPECT_THAT(h.LinkTexts("l"), ElementsAre("share=0.36@../2026-05", "share=0.34@2026-05/.."));
}

TEST_F(RelationshipMutationsTest, APutThatNamesAnotherTypeOrEndIsRefused) {
  h.MustApply({Link("l", "OWNS", "a", "b")});
  EXPECT_THAT(h.Apply({Link("l", "USES", "a", "b")}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("type")));
  EXPECT_THAT(h.Apply({Link("l", "OWNS", "b", "b")}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("start")));
  EXPECT_THAT(h.Apply({Link("l", "OWNS", "a", "a")}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("end")));
  RelationshipWrite create = Link("l", "OWNS", "a", "b");
  create.put = false;
  EXPECT_THAT(h.Apply({create}), StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST_F(RelationshipMutationsTest, OnePerPairTakesThePairAsItsIdentity) {
  h.MustApply({DeclareRelationshipType{"OWNS", true, {}, {}, {}}});
  h.MustApply({Link("", "OWNS", "a", "b", {Holds({}, "2024")}),
               Link("", "OWNS", "a", "b", {Holds({}, "2025")}), Link("", "OWNS", "b", "a")});
  h.MustApply({Link("", "OWNS", "a", "b", {Holds({}, "2026")})});
  ASSERT_THAT(Pair("OWNS"), SizeIs(1));
  EXPECT_THAT(h.Latest().GetRelationship(Pair("OWNS")[0]).value()->facts, SizeIs(3));
  EXPECT_EQ(h.db().Statistics().relationships, 2U);
  // By its ends, where the type allows it.
  h.MustApply({DeleteRelationship{PairRef{"OWNS", Key("a"), Key("b")}, {}}});
  EXPECT_THAT(Pair("OWNS"), SizeIs(0));
  h.MustApply({Link("", "USES", "a", "b")});
  EXPECT_THAT(h.Apply({DeleteRelationship{PairRef{"USES", Key("a"), Key("b")}, {}}}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(RelationshipMutationsTest, OnePerPairOverExistingDataNeedsDataThatFits) {
  h.MustApply({Link("x", "OWNS", "a", "b"), Link("y", "OWNS", "a", "b")});
  const Mutation declare = DeclareRelationshipType{"OWNS", true, {}, {}, {}};
  EXPECT_THAT(h.Apply({declare}), StatusIs(absl::StatusCode::kFailedPrecondition));
  h.MustApply({Unlink("y"), declare});
  h.MustApply({Link("", "OWNS", "a", "b", {Holds({}, "2026")})});
  EXPECT_THAT(Pair("OWNS"), SizeIs(1));
}

TEST_F(RelationshipMutationsTest, AllowedEndsAreAskedAtTheWriteAndOfExistingData) {
  h.MustApply({DeclareRelationshipType{"OWNS", false, {"A"}, {"B", "C"}, {}}});
  h.MustApply({Link("l", "OWNS", "a", "b")});
  EXPECT_THAT(h.Apply({Link("", "OWNS", "b", "b")}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("from")));
  EXPECT_THAT(h.Apply({Link("", "OWNS", "a", "a")}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("to")));
  // The label may come in the same batch.
  h.MustApply({Labels("a", {"C"}, {}), Link("", "OWNS", "a", "a")});
  EXPECT_THAT(h.Apply({DeclareRelationshipType{"OWNS", false, {"B"}, {}, {}}}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(RelationshipMutationsTest, SetChangesThePropertyInEachFactAndNothingElse) {
  h.MustApply({Put("s", {"Source"}), Link("l", "OWNS", "a", "b",
                                          {Holds({{"p", Value::Int(1)}, {"q", Value::Int(1)}},
                                                 "2024", "2025", {CitedFrom("s")}),
                                           Holds({{"p", Value::Int(2)}}, "2025")})});
  const RelationshipState before = h.Relationship("l");
  h.MustApply({SetLink("l", "p", Value::Int(9))});
  const RelationshipState after = h.Relationship("l");
  EXPECT_THAT(h.LinkTexts("l"), ElementsAre("p=9,q=1@2024/2025", "p=9@2025/.."));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(after.facts[i].id, before.facts[i].id);
    EXPECT_EQ(after.facts[i].recorded, before.facts[i].recorded);
    EXPECT_EQ(after.facts[i].citations, before.facts[i].citations);
  }
  h.MustApply({SetLink("l", "p", Value())});
  EXPECT_THAT(h.LinkTexts("l"), ElementsAre("q=1@2024/2025", "@2025/.."));
}

TEST_F(RelationshipMutationsTest, SetForAPortionCutsAndCitationsGoWithEveryPiece) {
  h.MustApply({Put("s", {"Source"}), Link("l", "OWNS", "a", "b",
                                          {Holds({{"p", Value::Int(1)}}, "2024-01-01T00:00:00Z",
                                                 "..", {CitedFrom("s")})})});
  h.MustApply({SetLink("l", "p", Value::Int(2), During("2025-01-01", "2026-01-01"))});
  EXPECT_THAT(h.LinkTexts("l"), ElementsAre("p=1@2024-01-01T00:00:00Z/2025-01-01T00:00:00Z",
                                            "p=2@2025-01-01T00:00:00Z/2026-01-01T00:00:00Z",
                                            "p=1@2026-01-01T00:00:00Z/.."));
  const RelationshipState state = h.Relationship("l");
  for (const Fact& fact : state.facts) EXPECT_THAT(fact.citations, SizeIs(1));
  EXPECT_EQ(state.facts[2].cut_from->fact, state.facts[0].id);
  EXPECT_THAT(h.Latest().FactsOfSource(h.IdOf("s")), IsOkAndHolds(SizeIs(3)));
}

TEST_F(RelationshipMutationsTest, CutDownToNoFactItNoLongerExists) {
  h.MustApply({Link("l", "OWNS", "a", "b", {Holds({}, "2024-01-01", "2025-01-01")})});
  h.MustApply({Unlink("l", During("2024-06-01", ".."))});
  EXPECT_THAT(h.Relationship("l").facts, SizeIs(1));
  h.MustApply({Unlink("l", During("2020-01-01", "2030-01-01"))});
  EXPECT_THAT(h.Latest().FindRelationship("l"), IsOkAndHolds(testing::Eq(std::nullopt)));
  EXPECT_EQ(h.db().Statistics().relationships, 0U);
  EXPECT_THAT(h.Apply({Unlink("l")}), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(RelationshipMutationsTest, AKeyMadeAgainGetsANewId) {
  h.MustApply({Link("l", "OWNS", "a", "b")});
  const RelationshipId first = h.RelationshipOf("l");
  h.MustApply({Unlink("l"), Link("l", "OWNS", "b", "a")});
  EXPECT_GT(h.RelationshipOf("l"), first);
  EXPECT_EQ(h.Relationship("l").ends.from, h.IdOf("b"));
}

TEST_F(RelationshipMutationsTest, RefusesWhatIsWrongWhateverTheData) {
  const auto refused = [&](RelationshipWrite write, absl::StatusCode code) {
    EXPECT_THAT(h.Apply({std::move(write)}), StatusIs(code));
  };
  refused(Link("", "OWNS", "a", "b", {}), absl::StatusCode::kInvalidArgument);
  refused(Link("", "OWNS", "a", "b", {Says(Value::Int(1))}), absl::StatusCode::kInvalidArgument);
  refused(Link("", "OWNS", "a", "b", {Holds({{"_key", Text("x")}})}),
          absl::StatusCode::kInvalidArgument);
  refused(Link("", "OWNS", "a", "b", {Holds({{"p", Text("x")}, {"p", Text("y")}})}),
          absl::StatusCode::kInvalidArgument);
  refused(Link("", "OWNS", "a", "nobody"), absl::StatusCode::kNotFound);
  RelationshipWrite endless = Link("", "OWNS", "a", "b");
  endless.to = EntityRef();
  refused(endless, absl::StatusCode::kInvalidArgument);
  RelationshipWrite typeless = Link("unknown", "", "a", "b");
  refused(typeless, absl::StatusCode::kNotFound);
}

TEST_F(RelationshipMutationsTest, ReplacingPropertiesTouchesEachFact) {
  h.MustApply(
      {Link("l", "OWNS", "a", "b",
            {Holds({{"p", Value::Int(1)}}, "2024"), Holds({{"q", Value::Int(1)}}, "2025")})});
  h.MustApply({SetProperties{LinkKey("l"), {{"r", Value::Int(3)}}, true}});
  EXPECT_THAT(h.LinkTexts("l"), ElementsAre("r=3@2024/..", "r=3@2025/.."));
}

}  // namespace
}  // namespace relata
