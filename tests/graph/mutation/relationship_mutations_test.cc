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
  RelationshipMutationsTest() { h_.MustApply({Put("a", {"A"}), Put("b", {"B"})}); }

  std::vector<RelationshipId> Pair(const char* type) {
    return h_.Latest()
        .FindPair(h_.IdOf("a"), *h_.db().names().FindType(type), h_.IdOf("b"))
        .value();
  }

  DatabaseHarness h_;
};

TEST_F(RelationshipMutationsTest, WithoutKeyEachWriteMakesOne) {
  h_.MustApply({Link("", "OWNS", "a", "b"), Link("", "OWNS", "a", "b")});
  EXPECT_THAT(Pair("OWNS"), SizeIs(2));
}

TEST_F(RelationshipMutationsTest, AKeyNamesTheRelationshipThatGetsTheFact) {
  h_.MustApply(
      {Link("l", "OWNS", "a", "b", {Holds({{"share", Value::Double(0.36)}}, "..", "2026-05")})});
  h_.MustApply({Link("l", "OWNS", "a", "b", {Holds({{"share", Value::Double(0.34)}}, "2026-05")})});
  EXPECT_THAT(Pair("OWNS"), SizeIs(1));
  EXPECT_THAT(h_.LinkTexts("l"), ElementsAre("share=0.36@../2026-05", "share=0.34@2026-05/.."));
}

TEST_F(RelationshipMutationsTest, APutThatNamesAnotherTypeOrEndIsRefused) {
  h_.MustApply({Link("l", "OWNS", "a", "b")});
  EXPECT_THAT(h_.Apply({Link("l", "USES", "a", "b")}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("type")));
  EXPECT_THAT(h_.Apply({Link("l", "OWNS", "b", "b")}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("start")));
  EXPECT_THAT(h_.Apply({Link("l", "OWNS", "a", "a")}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("end")));
  RelationshipWrite create = Link("l", "OWNS", "a", "b");
  create.put = false;
  EXPECT_THAT(h_.Apply({create}), StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST_F(RelationshipMutationsTest, OnePerPairTakesThePairAsItsIdentity) {
  h_.MustApply({DeclareRelationshipType{"OWNS", true, {}, {}, {}}});
  h_.MustApply({Link("", "OWNS", "a", "b", {Holds({}, "2024")}),
                Link("", "OWNS", "a", "b", {Holds({}, "2025")}), Link("", "OWNS", "b", "a")});
  h_.MustApply({Link("", "OWNS", "a", "b", {Holds({}, "2026")})});
  ASSERT_THAT(Pair("OWNS"), SizeIs(1));
  EXPECT_THAT(h_.Latest().GetRelationship(Pair("OWNS")[0]).value()->facts, SizeIs(3));
  EXPECT_EQ(h_.db().Statistics().relationships, 2U);
  // By its ends, where the type allows it.
  h_.MustApply({DeleteRelationship{PairRef{"OWNS", Key("a"), Key("b")}, {}}});
  EXPECT_THAT(Pair("OWNS"), SizeIs(0));
  h_.MustApply({Link("", "USES", "a", "b")});
  EXPECT_THAT(h_.Apply({DeleteRelationship{PairRef{"USES", Key("a"), Key("b")}, {}}}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(RelationshipMutationsTest, OnePerPairOverExistingDataNeedsDataThatFits) {
  h_.MustApply({Link("x", "OWNS", "a", "b"), Link("y", "OWNS", "a", "b")});
  const Mutation declare = DeclareRelationshipType{"OWNS", true, {}, {}, {}};
  EXPECT_THAT(h_.Apply({declare}), StatusIs(absl::StatusCode::kFailedPrecondition));
  h_.MustApply({Unlink("y"), declare});
  h_.MustApply({Link("", "OWNS", "a", "b", {Holds({}, "2026")})});
  EXPECT_THAT(Pair("OWNS"), SizeIs(1));
}

TEST_F(RelationshipMutationsTest, AllowedEndsAreAskedAtTheWriteAndOfExistingData) {
  h_.MustApply({DeclareRelationshipType{"OWNS", false, {"A"}, {"B", "C"}, {}}});
  h_.MustApply({Link("l", "OWNS", "a", "b")});
  EXPECT_THAT(h_.Apply({Link("", "OWNS", "b", "b")}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("from")));
  EXPECT_THAT(h_.Apply({Link("", "OWNS", "a", "a")}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("to")));
  // The label may come in the same batch.
  h_.MustApply({Labels("a", {"C"}, {}), Link("", "OWNS", "a", "a")});
  EXPECT_THAT(h_.Apply({DeclareRelationshipType{"OWNS", false, {"B"}, {}, {}}}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(RelationshipMutationsTest, SetChangesThePropertyInEachFactAndNothingElse) {
  h_.MustApply({Put("s", {"Source"}), Link("l", "OWNS", "a", "b",
                                           {Holds({{"p", Value::Int(1)}, {"q", Value::Int(1)}},
                                                  "2024", "2025", {CitedFrom("s")}),
                                            Holds({{"p", Value::Int(2)}}, "2025")})});
  const RelationshipState before = h_.Relationship("l");
  h_.MustApply({SetLink("l", "p", Value::Int(9))});
  const RelationshipState after = h_.Relationship("l");
  EXPECT_THAT(h_.LinkTexts("l"), ElementsAre("p=9,q=1@2024/2025", "p=9@2025/.."));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(after.facts[i].id, before.facts[i].id);
    EXPECT_EQ(after.facts[i].recorded, before.facts[i].recorded);
    EXPECT_EQ(after.facts[i].citations, before.facts[i].citations);
  }
  h_.MustApply({SetLink("l", "p", Value())});
  EXPECT_THAT(h_.LinkTexts("l"), ElementsAre("q=1@2024/2025", "@2025/.."));
}

TEST_F(RelationshipMutationsTest, SetForAPortionCutsAndCitationsGoWithEveryPiece) {
  h_.MustApply({Put("s", {"Source"}), Link("l", "OWNS", "a", "b",
                                           {Holds({{"p", Value::Int(1)}}, "2024-01-01T00:00:00Z",
                                                  "..", {CitedFrom("s")})})});
  h_.MustApply({SetLink("l", "p", Value::Int(2), During("2025-01-01", "2026-01-01"))});
  EXPECT_THAT(h_.LinkTexts("l"), ElementsAre("p=1@2024-01-01T00:00:00Z/2025-01-01T00:00:00Z",
                                             "p=2@2025-01-01T00:00:00Z/2026-01-01T00:00:00Z",
                                             "p=1@2026-01-01T00:00:00Z/.."));
  const RelationshipState state = h_.Relationship("l");
  for (const Fact& fact : state.facts) EXPECT_THAT(fact.citations, SizeIs(1));
  EXPECT_EQ(state.facts[2].cut_from->fact, state.facts[0].id);
  EXPECT_THAT(h_.Latest().FactsOfSource(h_.IdOf("s")), IsOkAndHolds(SizeIs(3)));
}

TEST_F(RelationshipMutationsTest, CutDownToNoFactItNoLongerExists) {
  h_.MustApply({Link("l", "OWNS", "a", "b", {Holds({}, "2024-01-01", "2025-01-01")})});
  h_.MustApply({Unlink("l", During("2024-06-01", ".."))});
  EXPECT_THAT(h_.Relationship("l").facts, SizeIs(1));
  h_.MustApply({Unlink("l", During("2020-01-01", "2030-01-01"))});
  EXPECT_THAT(h_.Latest().FindRelationship("l"), IsOkAndHolds(testing::Eq(std::nullopt)));
  EXPECT_EQ(h_.db().Statistics().relationships, 0U);
  EXPECT_THAT(h_.Apply({Unlink("l")}), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(RelationshipMutationsTest, AKeyMadeAgainGetsANewId) {
  h_.MustApply({Link("l", "OWNS", "a", "b")});
  const RelationshipId first = h_.RelationshipOf("l");
  h_.MustApply({Unlink("l"), Link("l", "OWNS", "b", "a")});
  EXPECT_GT(h_.RelationshipOf("l"), first);
  EXPECT_EQ(h_.Relationship("l").ends.from, h_.IdOf("b"));
}

TEST_F(RelationshipMutationsTest, RefusesWhatIsWrongWhateverTheData) {
  const auto refused = [&](RelationshipWrite write, absl::StatusCode code) {
    EXPECT_THAT(h_.Apply({std::move(write)}), StatusIs(code));
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
  h_.MustApply(
      {Link("l", "OWNS", "a", "b",
            {Holds({{"p", Value::Int(1)}}, "2024"), Holds({{"q", Value::Int(1)}}, "2025")})});
  h_.MustApply({SetProperties{LinkKey("l"), {{"r", Value::Int(3)}}, true}});
  EXPECT_THAT(h_.LinkTexts("l"), ElementsAre("r=3@2024/..", "r=3@2025/.."));
}

}  // namespace
}  // namespace relata
