#include "storage/committer.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/manual_clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/memory/memory_kv.h"
#include "tests/storage/scripted_commit.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::HasSubstr;

constexpr int64_t kStart = 1'700'000'000'000'000;

std::string ReadOrAbsent(const StoreSnapshot& snapshot, const std::string& key) {
  const absl::StatusOr<std::optional<VersionedRecord>> record = snapshot.Get(key);
  RELATA_EXPECT_OK(record.status());
  return record.ok() && record->has_value() ? (*record)->record : "absent";
}

class CommitterTest : public testing::Test {
 protected:
  void SetUp() override { Open({}); }

  void Open(const Committer::Options& options) {
    committer_.reset();
    absl::StatusOr<std::unique_ptr<Committer>> opened =
        Committer::Open(kv_.get(), &clock_, options);
    RELATA_ASSERT_OK(opened.status());
    committer_ = *std::move(opened);
  }

  // What a new process finds after this one and the machine died.
  void CrashAndReopen() {
    committer_.reset();
    kv_ = kv_->Crash();
    Open({});
  }

  CommitVersion HeadVersion() { return committer_->Head()->version(); }
  ScriptedCommit AtHead() { return ScriptedCommit(HeadVersion()); }
  // Commits key = record and gives the version, 0 after a failure.
  uint64_t Put(const std::string& key, const std::string& record) {
    const absl::StatusOr<Committed> committed = committer_->Commit(AtHead().Put(key, record));
    RELATA_EXPECT_OK(committed.status());
    return committed.ok() ? committed->version.value() : 0;
  }
  void DeleteRaw(KeySpace space, const std::string& key) {
    KvBatch batch;
    batch.Delete(space, key);
    RELATA_ASSERT_OK(kv_->Write(batch, {}, /*sync=*/true));
  }
  void PutRaw(KeySpace space, const std::string& key, const std::string& value) {
    KvBatch batch;
    batch.Put(space, key, value);
    RELATA_ASSERT_OK(kv_->Write(batch, {}, /*sync=*/true));
  }

  std::unique_ptr<MemoryKv> kv_ = std::make_unique<MemoryKv>();
  ManualClock clock_{kStart};
  std::unique_ptr<Committer> committer_;
};

TEST_F(CommitterTest, StartsWithTheEmptyDatabase) {
  const auto head = committer_->Head();
  EXPECT_EQ(head->version(), CommitVersion(0));
  EXPECT_EQ(head->commit_time_us(), INT64_MIN);
  EXPECT_EQ(ReadOrAbsent(*head, "a"), "absent");
  RELATA_ASSERT_OK_AND_ASSIGN(const auto now, committer_->AtTime(kStart));
  EXPECT_EQ(now->version(), CommitVersion(0));
}

TEST_F(CommitterTest, VersionsCountAcceptedCommits) {
  EXPECT_EQ(Put("a", "1"), 1);
  // One that changes nothing takes a version, a refused one does not.
  ScriptedCommit no_change(HeadVersion());
  RELATA_ASSERT_OK_AND_ASSIGN(const Committed empty, committer_->Commit(no_change));
  EXPECT_EQ(empty.version, CommitVersion(2));
  EXPECT_THAT(committer_->Commit(AtHead().Put("a", "2").BeforeStage(
                  [](CommitVersion) { return absl::NotFoundError("no such thing"); })),
              StatusIs(absl::StatusCode::kNotFound, "no such thing"));
  EXPECT_EQ(Put("b", "1"), 3);
  EXPECT_EQ(ReadOrAbsent(*committer_->Head(), "a"), "1");
}

TEST_F(CommitterTest, WritesTheLogEntryWithTheData) {
  CommitEntry entry;
  entry.principal = "ada";
  entry.request_id = "r1";
  entry.changes = {{1, 2, 2}};
  entry.counters = {{3, 4, -5}};
  RELATA_ASSERT_OK_AND_ASSIGN(const Committed committed,
                              committer_->Commit(AtHead().Put("a", "1").Entry(entry)));
  entry.version = committed.version;
  entry.time_us = committed.time_us;
  EXPECT_THAT(ReadCommit(*kv_, nullptr, committed.version), IsOkAndHolds(entry));
  EXPECT_EQ(kv_->sync_count(), 1);
}

TEST_F(CommitterTest, CommitTimesRiseWhateverTheClockDoes) {
  Put("a", "1");
  Put("a", "2");
  EXPECT_THAT(committer_->CommitTime(CommitVersion(1)), IsOkAndHolds(kStart));
  EXPECT_THAT(committer_->CommitTime(CommitVersion(2)), IsOkAndHolds(kStart + 1));
  clock_.SetNowMicros(kStart - 1000000);
  Put("a", "3");
  EXPECT_THAT(committer_->CommitTime(CommitVersion(3)), IsOkAndHolds(kStart + 2));
  clock_.SetNowMicros(kStart + 100);
  Put("a", "4");
  EXPECT_THAT(committer_->CommitTime(CommitVersion(4)), IsOkAndHolds(kStart + 100));
  EXPECT_EQ(committer_->Head()->commit_time_us(), kStart + 100);
}

TEST_F(CommitterTest, CommitTimesExceedEveryTimeThatWasAnswered) {
  Put("a", "1");
  clock_.SetNowMicros(kStart + 50);
  RELATA_ASSERT_OK_AND_ASSIGN(const auto before, committer_->AtTime(kStart + 50));
  EXPECT_EQ(before->version(), CommitVersion(1));
  Put("a", "2");
  EXPECT_THAT(committer_->CommitTime(CommitVersion(2)), IsOkAndHolds(kStart + 51));
  RELATA_ASSERT_OK_AND_ASSIGN(const auto again, committer_->AtTime(kStart + 50));
  EXPECT_EQ(again->version(), CommitVersion(1));
}

// The machine dies after a read was answered at a time, and comes back with its clock set back.
TEST_F(CommitterTest, AnsweredTimesOutliveACrash) {
  Put("a", "1");
  clock_.SetNowMicros(kStart + 5'000'000);
  RELATA_ASSERT_OK(committer_->AtTime(kStart + 4'000'000).status());
  clock_.SetNowMicros(kStart + 1);
  CrashAndReopen();
  Put("a", "2");
  EXPECT_GT(committer_->Head()->commit_time_us(), kStart + 4'000'000);
  EXPECT_LE(committer_->Head()->commit_time_us(), kStart + 4'000'000 + AnsweredTimes::kAheadUs + 1);
  // And once more, from the time that was answered after the crash.
  clock_.SetNowMicros(kStart + 9'000'000);
  RELATA_ASSERT_OK(committer_->AtTime(kStart + 9'000'000).status());
  clock_.SetNowMicros(kStart);
  CrashAndReopen();
  EXPECT_THAT(committer_->CommitAt(AtHead().Put("a", "3"), kStart + 9'000'000),
              StatusIs(absl::StatusCode::kInvalidArgument));
  Put("a", "3");
  RELATA_ASSERT_OK_AND_ASSIGN(const auto again, committer_->AtTime(kStart + 9'000'000));
  EXPECT_EQ(again->version(), CommitVersion(2));
}

TEST_F(CommitterTest, AnsweringTimesWritesRarely) {
  Put("a", "1");
  const uint64_t before = kv_->sync_count();
  for (int i = 0; i < 100; ++i) {
    RELATA_ASSERT_OK(committer_->AtTime(kStart - i).status());  // up to the last commit: no write
  }
  EXPECT_EQ(kv_->sync_count(), before);
  for (int64_t ms = 1; ms <= 3000; ++ms) {
    clock_.SetNowMicros(kStart + ms * 1000);
    RELATA_ASSERT_OK(committer_->AtTime(kStart + ms * 1000).status());
  }
  EXPECT_LE(kv_->sync_count(), before + 3);
}

// After a stop in order, commits have the times of the clock again.
TEST_F(CommitterTest, ACleanStopGivesBackTheTimeAhead) {
  Put("a", "1");
  clock_.SetNowMicros(kStart + 100);
  RELATA_ASSERT_OK(committer_->AtTime(kStart + 100).status());
  Open({});
  clock_.SetNowMicros(kStart + 200);
  Put("a", "2");
  EXPECT_EQ(committer_->Head()->commit_time_us(), kStart + 200);
}

// What cannot be kept is not answered; what needs no keeping is.
TEST_F(CommitterTest, ATimeThatCannotBeKeptIsRefused) {
  Put("a", "1");
  clock_.SetNowMicros(kStart + 100);
  FaultPlan plan;
  plan.fail_sync_at = 1;
  kv_->Arm(plan);
  EXPECT_THAT(committer_->AtTime(kStart + 100), StatusIs(absl::StatusCode::kUnavailable));
  RELATA_EXPECT_OK(committer_->AtTime(kStart));
}

// A commit that has its time but is not published yet: a read at that time waits for it.
TEST_F(CommitterTest, AtTimeWaitsForACommitUnderWay) {
  std::thread reader;
  std::atomic<uint64_t> answered{99};
  ScriptedCommit commit(HeadVersion());
  commit.Put("a", "1").BeforeStage([&](CommitVersion) {
    reader = std::thread([&] {
      const auto snapshot = committer_->AtTime(kStart);
      RELATA_EXPECT_OK(snapshot.status());
      if (snapshot.ok()) answered = (*snapshot)->version().value();
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return absl::OkStatus();
  });
  RELATA_ASSERT_OK_AND_ASSIGN(const Committed committed, committer_->Commit(commit));
  reader.join();
  EXPECT_EQ(committed.time_us, kStart);
  EXPECT_EQ(answered, 1);
}

TEST_F(CommitterTest, AtReadsAnyVersion) {
  for (int i = 1; i <= 20; ++i) Put("a", std::to_string(i));
  for (uint64_t version = 1; version <= 20; ++version) {
    RELATA_ASSERT_OK_AND_ASSIGN(const auto snapshot, committer_->At(CommitVersion(version)));
    EXPECT_EQ(snapshot->version(), CommitVersion(version));
    EXPECT_EQ(ReadOrAbsent(*snapshot, "a"), std::to_string(version));
    EXPECT_EQ(snapshot->at_head(), version == 20);
  }
  RELATA_ASSERT_OK_AND_ASSIGN(const auto empty, committer_->At(CommitVersion(0)));
  EXPECT_EQ(ReadOrAbsent(*empty, "a"), "absent");
  EXPECT_EQ(empty->commit_time_us(), INT64_MIN);
  RELATA_ASSERT_OK_AND_ASSIGN(const auto head, committer_->At(CommitVersion(20)));
  EXPECT_EQ(head, committer_->Head());
  EXPECT_THAT(committer_->At(CommitVersion(21)),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("newest one, 20")));
  EXPECT_THAT(committer_->CommitTime(CommitVersion(21)), StatusIs(absl::StatusCode::kOutOfRange));
}

TEST_F(CommitterTest, AtTimeFindsTheLastCommitByThen) {
  for (int i = 0; i < 33; ++i) {
    clock_.SetNowMicros(kStart + int64_t{i} * 10);
    Put("a", std::to_string(i));
  }
  for (int64_t offset = -5; offset <= 320; ++offset) {
    RELATA_ASSERT_OK_AND_ASSIGN(const auto snapshot, committer_->AtTime(kStart + offset));
    const uint64_t expected = offset < 0 ? 0 : 1 + static_cast<uint64_t>(offset) / 10;
    EXPECT_EQ(snapshot->version(), CommitVersion(expected)) << offset;
  }
  EXPECT_THAT(committer_->AtTime(kStart + 321),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("in the future")));
  // The newest commit's time can be read though the clock was set back.
  clock_.SetNowMicros(kStart);
  RELATA_ASSERT_OK_AND_ASSIGN(const auto head, committer_->AtTime(kStart + 320));
  EXPECT_EQ(head->version(), CommitVersion(33));
}

TEST_F(CommitterTest, VersionsBelowRetentionAreOutOfRange) {
  for (int i = 0; i < 5; ++i) {
    clock_.SetNowMicros(kStart + int64_t{i} * 10);
    Put("a", std::to_string(i));
  }
  EXPECT_EQ(committer_->EarliestVersion(), CommitVersion(0));
  DeleteRaw(KeySpace::kLog, CommitLogKey(CommitVersion(1)));
  DeleteRaw(KeySpace::kLog, CommitLogKey(CommitVersion(2)));
  Open({});
  EXPECT_EQ(committer_->EarliestVersion(), CommitVersion(3));
  const auto below = StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("3"));
  EXPECT_THAT(committer_->At(CommitVersion(2)), below);
  EXPECT_THAT(committer_->At(CommitVersion(0)), below);
  EXPECT_THAT(committer_->CommitTime(CommitVersion(2)), below);
  EXPECT_THAT(committer_->AtTime(kStart + 19), below);
  RELATA_ASSERT_OK_AND_ASSIGN(const auto third, committer_->AtTime(kStart + 20));
  EXPECT_EQ(third->version(), CommitVersion(3));
}

TEST_F(CommitterTest, ConflictsAreAborted) {
  Put("a", "1");
  ScriptedCommit reader(HeadVersion());
  ScriptedCommit range_reader(HeadVersion());
  ScriptedCommit blind(HeadVersion());
  Put("a", "2");
  const auto aborted = StatusIs(absl::StatusCode::kAborted, HasSubstr("run it again"));
  EXPECT_THAT(committer_->Commit(reader.Read("a").Put("b", "1")), aborted);
  EXPECT_THAT(committer_->Commit(range_reader.ReadRange({"a", "b"}).Put("b", "1")), aborted);
  // Without having read it, a write is in order.
  EXPECT_THAT(committer_->Commit(blind.Put("a", "3")), IsOk());
  EXPECT_EQ(HeadVersion(), CommitVersion(3));
}

TEST_F(CommitterTest, TransactionsOlderThanTheWindowAreAborted) {
  Committer::Options options;
  options.conflict_window_bytes = 1000;
  Open(options);
  ScriptedCommit old(HeadVersion());
  for (int i = 0; i < 50; ++i) Put("key " + std::to_string(i), "x");
  EXPECT_THAT(committer_->Commit(old.Read("unrelated").Put("b", "1")),
              StatusIs(absl::StatusCode::kAborted, HasSubstr("only those from version")));
}

TEST_F(CommitterTest, ReopeningFindsTheHead) {
  Put("a", "1");
  Put("a", "2");
  ScriptedCommit old(CommitVersion(1));
  clock_.SetNowMicros(kStart - 1000);
  CrashAndReopen();
  EXPECT_EQ(HeadVersion(), CommitVersion(2));
  EXPECT_EQ(committer_->Head()->commit_time_us(), kStart + 1);
  EXPECT_EQ(ReadOrAbsent(*committer_->Head(), "a"), "2");
  // Nothing is known of what was written before the opening.
  EXPECT_THAT(committer_->Commit(old.Put("b", "1")), StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(Put("a", "3"), 3);
  EXPECT_THAT(committer_->CommitTime(CommitVersion(3)), IsOkAndHolds(kStart + 2));
}

TEST_F(CommitterTest, CommitAtTakesTheGivenTime) {
  RELATA_ASSERT_OK_AND_ASSIGN(const Committed first,
                              committer_->CommitAt(AtHead().Put("a", "1"), 1000));
  EXPECT_EQ(first.time_us, 1000);
  const auto refused = StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("1001"));
  EXPECT_THAT(committer_->CommitAt(AtHead().Put("a", "2"), 1000), refused);
  EXPECT_THAT(committer_->CommitAt(AtHead().Put("a", "2"), INT64_MAX), refused);
  RELATA_ASSERT_OK_AND_ASSIGN(const auto answered, committer_->AtTime(5000));
  EXPECT_EQ(answered->version(), CommitVersion(1));
  EXPECT_THAT(committer_->CommitAt(AtHead().Put("a", "2"), 5000),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("5001")));
  EXPECT_THAT(committer_->CommitAt(AtHead().Put("a", "2"), 5001), IsOk());
}

TEST_F(CommitterTest, PublishesAfterBeforePublish) {
  CommitVersion published;
  CommitVersion head_meanwhile(99);
  const auto head_before = committer_->Head();
  RELATA_ASSERT_OK(committer_
                       ->Commit(AtHead().Put("a", "1").OnPublish([&](CommitVersion version) {
                         published = version;
                         head_meanwhile = HeadVersion();
                       }))
                       .status());
  EXPECT_EQ(published, CommitVersion(1));
  EXPECT_EQ(head_meanwhile, CommitVersion(0));
  EXPECT_EQ(ReadOrAbsent(*head_before, "a"), "absent");
}

TEST_F(CommitterTest, FailedWriteMakesTheDatabaseReadOnly) {
  Put("a", "1");
  FaultPlan plan;
  plan.fail_write_at = 1;
  kv_->Arm(plan);
  EXPECT_FALSE(committer_->read_only(nullptr));
  bool published = false;
  EXPECT_THAT(committer_->Commit(
                  AtHead().Put("a", "2").OnPublish([&](CommitVersion) { published = true; })),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("may or may not have been kept")));
  EXPECT_FALSE(published);
  std::string why;
  EXPECT_TRUE(committer_->read_only(&why));
  EXPECT_FALSE(why.empty());
  EXPECT_THAT(committer_->Commit(AtHead().Put("a", "3")),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("read-only")));
  // Reads go on, and see nothing of it.
  EXPECT_EQ(HeadVersion(), CommitVersion(1));
  EXPECT_EQ(ReadOrAbsent(*committer_->Head(), "a"), "1");
  EXPECT_THAT(committer_->AtTime(kStart), IsOk());
  CrashAndReopen();
  EXPECT_FALSE(committer_->read_only(nullptr));
  EXPECT_GE(Put("a", "4"), 2);
}

TEST_F(CommitterTest, RefusalAfterStagingSpoilsNothing) {
  Put("a", "1");
  EXPECT_THAT(
      committer_->Commit(AtHead().Put("a", "2").FailAfterStage(absl::InternalError("too late"))),
      StatusIs(absl::StatusCode::kInternal, "too late"));
  EXPECT_EQ(HeadVersion(), CommitVersion(1));
  EXPECT_EQ(Put("b", "1"), 2);
  EXPECT_EQ(ReadOrAbsent(*committer_->Head(), "a"), "1");
  EXPECT_THAT(committer_->CommitTime(CommitVersion(2)), IsOkAndHolds(kStart + 1));
}

// The first waits in Stage for the second to stand in line, so both come into one group in all but
// the strangest timing; whatever the grouping is, answer and data agree.
TEST_F(CommitterTest, SpoiltGroupIsRefusedWhole) {
  std::atomic<bool> second_comes{false};
  absl::Status first_status;
  std::thread first([&] {
    ScriptedCommit commit(CommitVersion(0));
    commit.Put("a", "1").BeforeStage([&](CommitVersion) {
      while (!second_comes) std::this_thread::yield();
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      return absl::OkStatus();
    });
    first_status = committer_->Commit(commit).status();
  });
  ScriptedCommit second(CommitVersion(0));
  second.Put("b", "1").FailAfterStage(absl::InternalError("too late"));
  second_comes = true;
  const absl::Status second_status = committer_->Commit(second).status();
  first.join();
  EXPECT_THAT(second_status, StatusIs(absl::StatusCode::kInternal));
  EXPECT_EQ(ReadOrAbsent(*committer_->Head(), "b"), "absent");
  if (first_status.ok()) {
    EXPECT_EQ(ReadOrAbsent(*committer_->Head(), "a"), "1");
  } else {
    EXPECT_THAT(first_status, StatusIs(absl::StatusCode::kAborted));
    EXPECT_EQ(ReadOrAbsent(*committer_->Head(), "a"), "absent");
    EXPECT_EQ(HeadVersion(), CommitVersion(0));
  }
  EXPECT_EQ(Put("c", "1"), first_status.ok() ? 2 : 1);
}

TEST_F(CommitterTest, OpenRefusesWhatItCannotRead) {
  Put("a", "1");
  CommitEntry entry;
  std::string newer = EncodeCommitEntry(entry);
  newer[0] = '\x02';
  PutRaw(KeySpace::kLog, CommitLogKey(CommitVersion(2)), newer);
  EXPECT_THAT(Committer::Open(kv_.get(), &clock_, {}).status(),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("version 2")));
  PutRaw(KeySpace::kLog, CommitLogKey(CommitVersion(2)), "");
  EXPECT_THAT(Committer::Open(kv_.get(), &clock_, {}).status(),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("version 2")));
}

TEST_F(CommitterTest, OpenRefusesADamagedBoundOfAnsweredTimes) {
  PutRaw(KeySpace::kMeta, kAnsweredTimeKey, EncodeAnsweredTime(kStart) + "x");
  EXPECT_THAT(Committer::Open(kv_.get(), &clock_, {}),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("answered times")));
  PutRaw(KeySpace::kMeta, kAnsweredTimeKey, "\x7f");
  EXPECT_THAT(Committer::Open(kv_.get(), &clock_, {}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(CommitterTest, MissingLogEntryIsDataLoss) {
  for (int i = 0; i < 5; ++i) Put("a", std::to_string(i));
  DeleteRaw(KeySpace::kLog, CommitLogKey(CommitVersion(3)));
  Open({});
  EXPECT_THAT(committer_->At(CommitVersion(3)), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(committer_->At(CommitVersion(4)), IsOk());
}

TEST_F(CommitterTest, MaintenanceMakesNoVersion) {
  Put("a", "1");
  std::shared_ptr<const StoreSnapshot> before = committer_->Head();
  RELATA_ASSERT_OK(committer_->Maintain([](VersionedBatch& batch) {
    batch.PutMeta("state", "done");
    return batch.Put("derived", "x", /*known_new=*/true);
  }));
  EXPECT_EQ(HeadVersion(), CommitVersion(1));
  EXPECT_THAT(committer_->Head()->Get("derived"),
              IsOkAndHolds(VersionedRecord{CommitVersion(1), "x"}));
  EXPECT_EQ(ReadOrAbsent(*before, "derived"), "absent");
  before.reset();  // the engine goes with the crash
  EXPECT_THAT(committer_->Maintain([](VersionedBatch&) { return absl::NotFoundError("none"); }),
              StatusIs(absl::StatusCode::kNotFound, "none"));
  EXPECT_EQ(Put("derived", "y"), 2);
  CrashAndReopen();
  EXPECT_EQ(ReadOrAbsent(*committer_->Head(), "derived"), "y");
  EXPECT_THAT(kv_->Get(KeySpace::kMeta, "state", nullptr),
              IsOkAndHolds(std::optional<std::string>("done")));
  RELATA_ASSERT_OK_AND_ASSIGN(const auto first, committer_->At(CommitVersion(1)));
  EXPECT_EQ(ReadOrAbsent(*first, "derived"), "x");
}

TEST_F(CommitterTest, CommitAloneCommitsWhatItComposes) {
  Put("a", "1");
  ScriptedCommit alone(CommitVersion(1));
  alone.Read("a").Put("a", "2");
  RELATA_ASSERT_OK_AND_ASSIGN(const Committed committed,
                              committer_->CommitAlone([&]() -> absl::StatusOr<PendingCommit*> {
                                EXPECT_EQ(HeadVersion(), CommitVersion(1));
                                return &alone;
                              }));
  EXPECT_EQ(committed.version, CommitVersion(2));
  EXPECT_EQ(ReadOrAbsent(*committer_->Head(), "a"), "2");
  EXPECT_THAT(committer_->CommitAlone([]() -> absl::StatusOr<PendingCommit*> {
    return absl::NotFoundError("nothing like it");
  }),
              StatusIs(absl::StatusCode::kNotFound, "nothing like it"));
  RELATA_ASSERT_OK_AND_ASSIGN(
      const Committed nothing,
      committer_->CommitAlone([]() -> absl::StatusOr<PendingCommit*> { return nullptr; }));
  EXPECT_FALSE(nothing.version.valid());
  EXPECT_EQ(Put("b", "1"), 3);
}

TEST_F(CommitterTest, FailedMaintenanceMakesTheDatabaseReadOnly) {
  Put("a", "1");
  FaultPlan plan;
  plan.fail_sync_at = 1;
  kv_->Arm(plan);
  bool called = false;
  const auto work = [&called](VersionedBatch& batch) {
    called = true;
    batch.PutMeta("state", "done");
    return absl::OkStatus();
  };
  EXPECT_THAT(committer_->Maintain(work), testing::Not(IsOk()));
  EXPECT_TRUE(committer_->read_only(nullptr));
  called = false;
  EXPECT_THAT(committer_->Maintain(work), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_FALSE(called);
  EXPECT_THAT(committer_->Commit(AtHead().Put("a", "2")),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

// Everything in a space, as bytes.
std::vector<std::pair<std::string, std::string>> Contents(const OrderedKv& kv, KeySpace space) {
  std::vector<std::pair<std::string, std::string>> contents;
  const auto cursor = kv.NewIterator(space, nullptr, "", "");
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
    contents.emplace_back(cursor->key(), cursor->value());
  }
  RELATA_EXPECT_OK(cursor->status());
  return contents;
}

// The changes of each version, taken from history, and its entry in the log make the same database
// again, though the clock stands still: every space has the same bytes, so every answer at every
// version is the same.
TEST_F(CommitterTest, ReplayGivesTheSameBytes) {
  std::mt19937_64 random(5);
  for (int i = 0; i < 200; ++i) {
    clock_.AdvanceMicros(static_cast<int64_t>(random() % 3));
    ScriptedCommit commit(HeadVersion());
    for (uint64_t writes = random() % 4; writes > 0; --writes) {
      const std::string key(1, static_cast<char>('a' + random() % 8));
      if (random() % 3 == 0) {
        commit.Delete(key);
      } else {
        commit.Put(key, std::to_string(random()));
      }
    }
    RELATA_ASSERT_OK(committer_->Commit(commit).status());
  }
  RELATA_ASSERT_OK_AND_ASSIGN(const auto histories, ReadHistory(*committer_->Head(), {}));
  RELATA_ASSERT_OK_AND_ASSIGN(const auto log,
                              ReadCommits(*kv_, nullptr, CommitVersion(0), HeadVersion(), 1000));

  MemoryKv copy;
  ManualClock stopped(0);
  RELATA_ASSERT_OK_AND_ASSIGN(const auto replayed, Committer::Open(&copy, &stopped, {}));
  for (const CommitEntry& entry : log) {
    ScriptedCommit commit(replayed->Head()->version());
    commit.Entry(entry);
    for (const KeyHistory& history : histories) {
      for (const RecordVersion& state : history.versions) {
        if (state.ended == entry.version) commit.Delete(history.key);
      }
      for (const RecordVersion& state : history.versions) {
        if (state.written == entry.version) commit.Put(history.key, state.record);
      }
    }
    EXPECT_THAT(replayed->CommitAt(commit, entry.time_us), IsOk());
  }
  for (const KeySpace space :
       {KeySpace::kLive, KeySpace::kHistory, KeySpace::kLog, KeySpace::kMeta}) {
    EXPECT_EQ(Contents(copy, space), Contents(*kv_, space));
  }
  EXPECT_EQ(Contents(*kv_, KeySpace::kLog).size(), 200);
}

TEST_F(CommitterTest, WaitPastEndsByDeadlineCommitOrWake) {
  EXPECT_FALSE(committer_->WaitPast(CommitVersion(0), clock_.MonotonicMicros()));
  EXPECT_FALSE(committer_->WaitPast(CommitVersion(0), INT64_MIN));
  std::thread writer([&] { Put("a", "1"); });
  EXPECT_TRUE(committer_->WaitPast(CommitVersion(0), INT64_MAX));
  writer.join();
  EXPECT_TRUE(committer_->WaitPast(CommitVersion(0), INT64_MIN));
  const int64_t deadline = clock_.MonotonicMicros() + 500;
  std::thread later([&] { clock_.AdvanceMicros(1000); });
  EXPECT_FALSE(committer_->WaitPast(CommitVersion(1), deadline));
  later.join();

  std::atomic<bool> done{false};
  std::thread waiter([&] {
    EXPECT_FALSE(committer_->WaitPast(CommitVersion(1), INT64_MAX));
    done = true;
  });
  while (!done) {
    committer_->Wake();
    std::this_thread::yield();
  }
  waiter.join();
}

}  // namespace
}  // namespace relata
