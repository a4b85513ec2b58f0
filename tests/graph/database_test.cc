// The database as a whole: opening, identity, changes, waiting, deterministic state over openings.
#include "graph/database.h"

#include <atomic>
#include <string>
#include <thread>

#include "gmock/gmock.h"
#include "graph/store/meta_layout.h"
#include "gtest/gtest.h"
#include "tests/graph/database_harness.h"
#include "tests/graph/snapshot_text.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(DatabaseTest, IdentityIsGivenOnceAndStays) {
  DatabaseHarness h;
  DatabaseHarness other;
  const std::string uuid = h.db().uuid();
  EXPECT_THAT(uuid, testing::MatchesRegex("[0-9a-f]{32}"));
  EXPECT_NE(uuid, other.db().uuid());
  h.CrashAndReopen();
  EXPECT_EQ(h.db().uuid(), uuid);
  EXPECT_EQ(h.db().incarnation(), 1U);
}

TEST(DatabaseTest, EverythingIsThereAfterReopening) {
  DatabaseHarness h;
  h.MustApply({Put("s", {"Source"}), Put("a", {"L"}), Names("a", {Named("Alpha", "en")}),
               Add("a", "p", {Says(Value::Int(1), "2024", "..", {CitedFrom("s")})}),
               Link("l", "T", "a", "s")});
  h.MustApply({Set("a", "p", Value::Int(2)), Retract("s")});
  const std::string first = TextOf(h.At(1), TextDetail::kAll);
  const std::string second = TextOf(h.Latest(), TextDetail::kAll);
  for (int opening = 0; opening < 3; ++opening) {
    if (opening % 2 == 0) {
      h.Reopen();
    } else {
      h.CrashAndReopen();
    }
    EXPECT_EQ(TextOf(h.At(1), TextDetail::kAll), first);
    EXPECT_EQ(TextOf(h.Latest(), TextDetail::kAll), second);
  }
}

TEST(DatabaseTest, ADatabaseOfANewerFormatOrADamagedOneIsRefused) {
  DatabaseHarness h;
  const std::string key = MetaPrefix(MetaKind::kDatabase);
  const auto open_with = [&](std::string record) {
    MemoryKv kv;
    KvBatch batch;
    batch.Put(KeySpace::kMeta, key, std::move(record));
    EXPECT_THAT(kv.Write(batch, {}, true), IsOk());
    return Database::Open(&kv, &h.clock(), DatabaseOptions()).status();
  };
  const std::string record = *h.kv().Get(KeySpace::kMeta, key, nullptr).value();
  std::string newer = record;
  newer[0] = 2;
  EXPECT_THAT(open_with(newer), StatusIs(absl::StatusCode::kFailedPrecondition));
  for (size_t n = 0; n < record.size(); ++n) {
    EXPECT_THAT(open_with(record.substr(0, n)), StatusIs(absl::StatusCode::kDataLoss)) << n;
  }
}

TEST(DatabaseTest, ChangesNameWhatEachCommitDid) {
  DatabaseHarness h;
  Batch batch;
  batch.principal = "importer";
  batch.request.id = "r1";
  batch.mutations = {Put("a"), Put("b"), Link("l", "T", "a", "b")};
  RELATA_ASSERT_OK_AND_ASSIGN(const BatchResult first, h.Apply(batch));
  h.MustApply({Set("b", "p", Value::Int(1))});
  h.MustApply({Delete("b", true)});
  RELATA_ASSERT_OK_AND_ASSIGN(const auto changes,
                              h.db().Changes(CommitVersion(0), CommitVersion(3), 100));
  ASSERT_THAT(changes, SizeIs(3));
  EXPECT_EQ(changes[0].version, first.version);
  EXPECT_EQ(changes[0].commit_time, first.commit_time);
  EXPECT_EQ(changes[0].principal, "importer");
  EXPECT_EQ(changes[0].request_id, "r1");
  EXPECT_THAT(changes[0].entities, ElementsAre(*first.items[0].entity, *first.items[1].entity));
  EXPECT_THAT(changes[0].relationships, ElementsAre(*first.items[2].relationship));
  EXPECT_THAT(changes[1].entities, ElementsAre(*first.items[1].entity));
  EXPECT_THAT(changes[1].relationships, IsEmpty());
  EXPECT_THAT(changes[2].entities, ElementsAre(*first.items[1].entity));
  EXPECT_THAT(changes[2].relationships, ElementsAre(*first.items[2].relationship));
  EXPECT_THAT(h.db().Changes(CommitVersion(1), CommitVersion(3), 1), IsOkAndHolds(SizeIs(1)));
  EXPECT_THAT(h.db().Changes(CommitVersion(3), CommitVersion(3), 9), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(h.db().Changes(CommitVersion(0), CommitVersion(4), 9),
              StatusIs(absl::StatusCode::kOutOfRange));
}

TEST(DatabaseTest, WaitPastEndsWithACommit) {
  DatabaseHarness h;
  std::atomic<bool> past{false};
  std::thread waiter([&] { past = h.db().WaitPast(CommitVersion(0), INT64_MAX); });
  h.MustApply({Put("a")});
  waiter.join();
  EXPECT_TRUE(past);
  EXPECT_FALSE(h.db().WaitPast(CommitVersion(1), h.clock().MonotonicMicros()));
}

TEST(DatabaseTest, NowIsTheLargerOfClockAndCommitTime) {
  DatabaseHarness h;
  const BatchResult result = h.MustApply({Put("a")});
  EXPECT_EQ(h.db().Now(h.Latest()), h.clock().NowMicros());
  h.clock().SetNowMicros(0);
  EXPECT_EQ(h.db().Now(h.Latest()), result.commit_time);
}

TEST(DatabaseTest, ASnapshotStaysAsItWasWhileCommitsGoOn) {
  DatabaseHarness h;
  h.MustApply({Put("a", {"L"}), Put("b"), Link("l", "T", "a", "b")});
  const Snapshot pinned = h.Latest();
  const std::string before = TextOf(pinned, TextDetail::kAll);
  h.MustApply({Delete("b", true), Set("a", "p", Value::Int(1)), Index("L", "p")});
  EXPECT_EQ(TextOf(pinned, TextDetail::kAll), before);
  EXPECT_EQ(TextOf(h.At(1), TextDetail::kAll), before);
}

}  // namespace
}  // namespace relata
