// Citations and sources: S4.3, S4.4, S5.1.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "graph/facts/belief.h"
#include "graph/mutation/mutation.h"
#include "gtest/gtest.h"
#include "tests/graph/database_harness.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Two sources, `s` and `t`, and two entities.
class SourceMutationsTest : public testing::Test {
 protected:
  SourceMutationsTest() {
    h_.MustApply({Put("s", {"Source"}, {{"published", Says(Text("2026-03"))}}),
                  Put("t", {"Source"}), Put("a"), Put("b")});
  }
  FactStatus StatusOf(const Fact& fact) { return EvaluateBelief(fact, *DefaultPolicy()).status; }

  DatabaseHarness h_;
};

TEST_F(SourceMutationsTest, AReportDateDefaultsToPublished) {
  h_.MustApply(
      {Add("a", "p",
           {Says(Value::Int(1), "..", "..",
                 {CitedFrom("s"), CitedFrom("t"), CitedFrom("s", Stance::kDisputes, "2025")})})});
  const std::vector<Citation> citations = h_.Facts("a", "p")[0].citations;
  ASSERT_THAT(citations, SizeIs(3));
  EXPECT_EQ(citations[0].reported->ToString(), "2026-03");
  EXPECT_FALSE(citations[1].reported.has_value());
  EXPECT_EQ(citations[2].reported->ToString(), "2025");
  EXPECT_EQ(citations[0].confidence, 1.0);
  EXPECT_EQ(citations[0].recorded, CommitVersion(2));
  // A later `published` does not change what was written.
  h_.MustApply({Set("s", "published", Text("2020"))});
  EXPECT_EQ(h_.Facts("a", "p")[0].citations[0].reported->ToString(), "2026-03");
}

TEST_F(SourceMutationsTest, ADateAsPublishedIsTaken) {
  h_.MustApply({Set("t", "published", Value::Of<Date>(Date::Parse("2026-02-03").value()))});
  h_.MustApply({Add("a", "p", {Says(Value::Int(1), "..", "..", {CitedFrom("t")})})});
  EXPECT_EQ(h_.Facts("a", "p")[0].citations[0].reported->ToString(), "2026-02-03");
}

TEST_F(SourceMutationsTest, OnlySourcesCanBeCitedAndConfidenceLiesInZeroToOne) {
  EXPECT_THAT(h_.Apply({Add("a", "p", {Says(Value::Int(1), "..", "..", {CitedFrom("b")})})}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("Source")));
  for (const double confidence : {-0.1, 1.1}) {
    EXPECT_THAT(h_.Apply({Add("a", "p",
                              {Says(Value::Int(1), "..", "..",
                                    {CitedFrom("s", Stance::kAsserts, "", confidence)})})}),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST_F(SourceMutationsTest, ACitationThatIsThereStaysWithItsFirstCommit) {
  const Mutation said = Add("a", "p", {Says(Value::Int(1), "..", "..", {CitedFrom("s")})});
  h_.MustApply({said});
  h_.MustApply({said});
  ASSERT_THAT(h_.Facts("a", "p")[0].citations, SizeIs(1));
  EXPECT_EQ(h_.Facts("a", "p")[0].citations[0].recorded, CommitVersion(2));
  const FactId fact = h_.Facts("a", "p")[0].id;
  h_.MustApply({Cite{FactByIdRef{fact, Key("a")}, CitedFrom("s")},
                Cite{FactByIdRef{fact, Key("a")}, CitedFrom("s", Stance::kAsserts, "", 0.5)}});
  EXPECT_THAT(h_.Facts("a", "p")[0].citations, SizeIs(2));
}

TEST_F(SourceMutationsTest, CiteNamesAFactOfTheOwnerGiven) {
  h_.MustApply({Link("l", "OWNS", "a", "b"), Add("a", "p", {Says(Value::Int(1))})});
  const FactId of_link = h_.Relationship("l").facts[0].id;
  h_.MustApply({Cite{FactByIdRef{of_link, LinkKey("l")}, CitedFrom("s")}});
  EXPECT_THAT(h_.Relationship("l").facts[0].citations, SizeIs(1));
  EXPECT_THAT(h_.Apply({Cite{FactByIdRef{of_link, Key("a")}, CitedFrom("s")}}),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(h_.Apply({Cite{FactRef(), CitedFrom("s")}}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(SourceMutationsTest, ACitedSourceCannotBeDeletedNorLoseItsLabel) {
  h_.MustApply({Add("a", "p", {Says(Value::Int(1), "..", "..", {CitedFrom("s")})})});
  for (const bool detach : {false, true}) {
    EXPECT_THAT(h_.Apply({Delete("s", detach)}), StatusIs(absl::StatusCode::kFailedPrecondition));
  }
  EXPECT_THAT(h_.Apply({Labels("s", {}, {"Source"})}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  // Nothing cites it any more, also where that happens in the same batch.
  h_.MustApply({Set("a", "p", Value()), Delete("s")});
  EXPECT_FALSE(h_.Exists("s"));
  h_.MustApply({Delete("t")});
}

TEST_F(SourceMutationsTest, ASourceCitedOnlyByItselfCanBeDeleted) {
  h_.MustApply({Add("s", "p", {Says(Value::Int(1), "..", "..", {CitedFrom("s")})})});
  h_.MustApply({Delete("s")});
  EXPECT_FALSE(h_.Exists("s"));
}

TEST_F(SourceMutationsTest, RetractingVoidsAllCitationsOfTheSourceAndNoOther) {
  h_.MustApply({Add("a", "p",
                    {Says(Value::Int(1), "2025", "..", {CitedFrom("s")}),
                     Says(Value::Int(2), "2025", "..", {CitedFrom("s"), CitedFrom("t")}),
                     Says(Value::Int(3), "2025", "..", {CitedFrom("t")})}),
                Link("l", "OWNS", "a", "b", {Holds({}, "..", "..", {CitedFrom("s")})})});
  const BatchResult retraction = h_.MustApply({Retract("s")});
  const std::vector<Fact> facts = h_.Facts("a", "p");
  EXPECT_EQ(StatusOf(facts[0]), FactStatus::kRetracted);
  EXPECT_EQ(StatusOf(facts[1]), FactStatus::kAsserted);
  EXPECT_EQ(StatusOf(facts[2]), FactStatus::kAsserted);
  EXPECT_EQ(StatusOf(h_.Relationship("l").facts[0]), FactStatus::kRetracted);
  EXPECT_EQ(facts[0].citations[0].source_retracted, retraction.commit_time);
  EXPECT_FALSE(facts[2].citations[0].source_retracted.has_value());
  EXPECT_EQ(h_.Entity("s").source_retracted, retraction.commit_time);
  // The version before it is as it was.
  EXPECT_FALSE(h_.At(2).GetEntity(h_.IdOf("s")).value()->source_retracted.has_value());
  // It is one act: again changes nothing, and what cites the source later is void from the start.
  h_.MustApply({Retract("s")});
  EXPECT_EQ(h_.Entity("s").source_retracted, retraction.commit_time);
  h_.MustApply({Add("b", "p", {Says(Value::Int(1), "..", "..", {CitedFrom("s")})})});
  EXPECT_EQ(StatusOf(h_.Facts("b", "p")[0]), FactStatus::kRetracted);
  EXPECT_THAT(h_.Apply({Retract("a")}), StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(SourceMutationsTest, RetractingReachesCitationsOfTheSameBatch) {
  h_.MustApply({Add("a", "p", {Says(Value::Int(1), "..", "..", {CitedFrom("s")})}), Retract("s")});
  EXPECT_EQ(StatusOf(h_.Facts("a", "p")[0]), FactStatus::kRetracted);
}

TEST_F(SourceMutationsTest, FactsOfASourceFollowTheFacts) {
  h_.MustApply({Add("a", "p", {Says(Value::Int(1), "..", "..", {CitedFrom("s")})}),
                Names("b", {Named("Beta", "en")}),
                Link("l", "OWNS", "a", "b", {Holds({}, "..", "..", {CitedFrom("s")})})});
  EXPECT_THAT(h_.Latest().FactsOfSource(h_.IdOf("s")), IsOkAndHolds(SizeIs(2)));
  h_.MustApply({Set("a", "p", Value::Int(5)), Unlink("l")});
  EXPECT_THAT(h_.Latest().FactsOfSource(h_.IdOf("s")), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(h_.At(2).FactsOfSource(h_.IdOf("s")), IsOkAndHolds(SizeIs(2)));
}

}  // namespace
}  // namespace relata
