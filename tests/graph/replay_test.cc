// Replaying the commit log into an empty database gives the same answers at every version.
#include "graph/replay.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/graph/database_harness.h"
#include "tests/graph/snapshot_text.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using ::testing::SizeIs;

// Versions with everything that a log can hold: schema changes, cuts, retraction, deletes, refused
// batches between.
void Fill(DatabaseHarness& h) {
  h.MustApply({Put("s", {"Source"}, {{"published", Says(Text("2026-03"))}}), Put("t", {"Source"}),
               Put("a", {"Company"}), Put("b", {"Company", "Lab"}),
               Names("a", {Named("Alpha", "en", NameKind::kPreferred), Named("甲", "zh")})});
  h.MustApply({Unique("Company", "code"), DeclareRelationshipType{"OWNS", true, {}, {}, {"share"}},
               Set("a", "code", Value::Int(1))});
  h.MustApply({Link("l", "OWNS", "a", "b",
                    {Holds({{"share", Value::Double(0.5)}}, "2024", "2025", {CitedFrom("s")}),
                     Holds({{"share", Value::Double(0.6)}}, "2025", "..", {CitedFrom("t")})})});
  EXPECT_FALSE(h.Apply({Set("b", "code", Value::Int(1)), Put("refused", {"Never"})}).ok());
  h.MustApply(
      {Link("m", "USES", "b", "a"),
       Add("a", "p", {Says(Value::Int(1), "2024", "..", {CitedFrom("s"), CitedFrom("t")})})});
  h.MustApply({Set("a", "p", Value::Int(2), During("2025-01-01", "2026-01-01"))});
  h.MustApply({DeclareRelationshipType{"OWNS", true, {"Company"}, {}, {"note"}}});
  h.MustApply({Retract("s")});
  h.MustApply({});
  h.MustApply({Index("Lab", "p"), Set("b", "p", Value::Int(7))});
  h.MustApply({Unlink("l", During("2025-06-01", "2025-07-01"))});
  h.MustApply({Put("gone"), Link("", "USES", "gone", "a")});
  h.MustApply({Delete("gone", /*detach=*/true), RemoveNames{Key("a"), "甲", "", {}}});
  h.MustApply({Create("gone"), Labels("b", {}, {"Lab"}), Unlink("m")});
  EXPECT_THAT(h.db().WaitForIndexes(), IsOk());
}

TEST(ReplayTest, EveryVersionAnswersTheSame) {
  DatabaseHarness original;
  Fill(original);
  DatabaseHarness copy;  // its clock stands before the first commit of the original
  RELATA_ASSERT_OK(copy.db().ReplayFrom(original.db()));
  ASSERT_EQ(copy.Latest().version(), original.Latest().version());
  for (int opening = 0; opening < 2; ++opening) {
    for (uint64_t v = 0; v <= original.Latest().version().value(); ++v) {
      SCOPED_TRACE(absl::StrCat("version ", v));
      EXPECT_EQ(copy.At(v).commit_time(), original.At(v).commit_time());
      EXPECT_EQ(TextOf(copy.At(v), TextDetail::kAll), TextOf(original.At(v), TextDetail::kAll));
    }
    copy.Reopen();
  }
}

TEST(ReplayTest, HistoriesChangesAndStatisticsAreTheSame) {
  DatabaseHarness original;
  Fill(original);
  DatabaseHarness copy;
  RELATA_ASSERT_OK(copy.db().ReplayFrom(original.db()));
  const CommitVersion head = original.Latest().version();
  const auto changes_of = [&](Database& db) {
    return db.Changes(CommitVersion(), head, 1000).value();
  };
  const auto expected = changes_of(original.db());
  const auto changes = changes_of(copy.db());
  ASSERT_EQ(changes.size(), expected.size());
  for (size_t i = 0; i < changes.size(); ++i) {
    EXPECT_EQ(changes[i].version, expected[i].version);
    EXPECT_EQ(changes[i].commit_time, expected[i].commit_time);
    EXPECT_EQ(changes[i].entities, expected[i].entities);
    EXPECT_EQ(changes[i].relationships, expected[i].relationships);
    EXPECT_EQ(changes[i].schema_changed, expected[i].schema_changed);
  }
  EXPECT_EQ(copy.db().Statistics().facts, original.db().Statistics().facts);
  EXPECT_EQ(copy.db().Statistics().citations, original.db().Statistics().citations);
  EXPECT_EQ(copy.db().Statistics().entities_by_label, original.db().Statistics().entities_by_label);
  const auto spans = copy.Latest().EntityHistory(copy.IdOf("a")).value();
  EXPECT_THAT(spans, SizeIs(original.Latest().EntityHistory(original.IdOf("a")).value().size()));
}

TEST(ReplayTest, TheCopyGoesOnAsADatabaseOfItsOwn) {
  DatabaseHarness original;
  Fill(original);
  DatabaseHarness copy;
  RELATA_ASSERT_OK(copy.db().ReplayFrom(original.db()));
  copy.clock().SetNowMicros(original.clock().NowMicros());
  const EntityId newest = original.MustApply({Create("next")}).items[0].entity.value();
  const BatchResult next = copy.MustApply({Create("next"), Set("next", "n", Value::Int(1))});
  EXPECT_GE(*next.items[0].entity, newest);
  // The constraint holds for what was replayed, from the first write on.
  EXPECT_THAT(copy.Apply({Set("b", "code", Value::Int(1))}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  for (const IndexInfo& info : copy.db().Indexes()) {
    EXPECT_TRUE(copy.db().IndexUsable(info.definition.id, copy.Latest()));
  }
}

TEST(ReplayTest, AConstraintOverReplayedDataHoldsAtOnce) {
  for (int round = 0; round < 5; ++round) {
    DatabaseHarness original;
    std::vector<Mutation> batch;
    batch.reserve(700);
    for (int i = 0; i < 700; ++i) {
      batch.push_back(Put(absl::StrCat("e", i), {"C"}, {{"code", Says(Value::Int(i))}}));
    }
    original.MustApply(batch);
    original.MustApply({Unique("C", "code")});
    DatabaseHarness copy;
    RELATA_ASSERT_OK(copy.db().ReplayFrom(original.db()));
    EXPECT_THAT(copy.Apply({Put("x", {"C"}, {{"code", Says(Value::Int(699))}})}),
                StatusIs(absl::StatusCode::kFailedPrecondition));
  }
}

TEST(ReplayTest, OnlyAnEmptyDatabaseTakesALog) {
  DatabaseHarness original;
  Fill(original);
  DatabaseHarness full;
  full.MustApply({Put("x")});
  EXPECT_THAT(full.db().ReplayFrom(original.db()), StatusIs(absl::StatusCode::kFailedPrecondition));
  DatabaseHarness empty;
  DatabaseHarness copy;
  RELATA_EXPECT_OK(copy.db().ReplayFrom(empty.db()));
  EXPECT_EQ(copy.Latest().version(), CommitVersion(0));
}

}  // namespace
}  // namespace relata
