// Bulk loads: the intent protocol, with every step of it failing in turn.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/logging.h"
#include "base/manual_clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/committer.h"
#include "storage/memory/memory_kv.h"
#include "tests/storage/scripted_commit.h"
#include "tests/storage/scripted_load.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::HasSubstr;
using Records = std::map<std::string, std::string>;

constexpr int64_t kLoadTestStart = 1'700'000'000'000'000;

class CommitterLoadTest : public testing::Test {
 protected:
  void SetUp() override {
    ConfigureLogging({LogLevel::kOff, LogFormat::kText});
    Open();
  }
  void TearDown() override { ConfigureLogging({}); }

  void Open() {
    committer_.reset();
    absl::StatusOr<std::unique_ptr<Committer>> opened = Committer::Open(kv_.get(), &clock_, {});
    RELATA_ASSERT_OK(opened.status());
    committer_ = *std::move(opened);
  }
  void CrashAndReopen() {
    committer_.reset();
    kv_ = kv_->Crash();
    Open();
  }

  void Put(const std::string& key, const std::string& record) {
    ScriptedCommit commit(committer_->Head()->version());
    RELATA_ASSERT_OK(committer_->Commit(commit.Put(key, record)).status());
  }
  static Records RecordsOf(const StoreSnapshot& snapshot) {
    Records records;
    VersionedScan scan(snapshot, {});
    for (; scan.Valid(); scan.Next()) {
      records[std::string(scan.key())] = std::string(scan.record());
    }
    RELATA_EXPECT_OK(scan.status());
    return records;
  }
  Records AtHead() { return RecordsOf(*committer_->Head()); }

  std::unique_ptr<MemoryKv> kv_ = std::make_unique<MemoryKv>();
  ManualClock clock_{kLoadTestStart};
  std::unique_ptr<Committer> committer_;
};

const Records& Loaded() {
  static const auto* const kRecords =
      new Records{{"l1", "1"}, {"l2", "2"}, {"l3", "3"}, {"l4", "4"}, {"l5", "5"}};
  return *kRecords;
}

Records With(Records records, const Records& more) {
  records.insert(more.begin(), more.end());
  return records;
}

TEST_F(CommitterLoadTest, ALoadIsOneCommit) {
  Put("a", "before");
  auto before = committer_->Head();
  ScriptedLoad load(Loaded());
  bool published = false;
  load.OnPublish([&](CommitVersion version) {
    published = true;
    EXPECT_EQ(version, CommitVersion(2));
    EXPECT_EQ(committer_->Head()->version(), CommitVersion(1));
  });
  RELATA_ASSERT_OK_AND_ASSIGN(const Committed committed, committer_->Load(load));
  EXPECT_TRUE(published);
  EXPECT_EQ(committed.version, CommitVersion(2));
  EXPECT_EQ(committer_->Head()->commit_time_us(), committed.time_us);
  EXPECT_EQ(AtHead(), With(Loaded(), {{"a", "before"}}));
  EXPECT_EQ(RecordsOf(*before), (Records{{"a", "before"}}));
  before.reset();
  RELATA_ASSERT_OK_AND_ASSIGN(auto past, committer_->At(CommitVersion(1)));
  EXPECT_EQ(RecordsOf(*past), (Records{{"a", "before"}}));
  past.reset();
  RELATA_ASSERT_OK_AND_ASSIGN(const auto entry, ReadCommit(*kv_, nullptr, CommitVersion(2)));
  EXPECT_EQ(entry->principal, "loader");
  EXPECT_EQ(entry->changes, (std::vector<CommitEntry::Change>{{2, 1, 5}}));
  EXPECT_THAT(kv_->Get(KeySpace::kMeta, kBulkIntentKey, nullptr), IsOkAndHolds(std::nullopt));
  EXPECT_EQ(kv_->staged_count(), 0u);
  // Commits go on, over loaded keys too, and so do loads.
  Put("l3", "after");
  ScriptedLoad second(Records{{"m", "1"}});
  RELATA_ASSERT_OK(committer_->Load(second).status());
  CrashAndReopen();
  EXPECT_EQ(committer_->Head()->version(), CommitVersion(4));
  RELATA_ASSERT_OK_AND_ASSIGN(const auto loaded, committer_->At(CommitVersion(2)));
  EXPECT_EQ(RecordsOf(*loaded), With(Loaded(), {{"a", "before"}}));
}

TEST_F(CommitterLoadTest, TransactionsThatReadBeforeTheLoadRunAgain) {
  Put("a", "1");
  ScriptedCommit early(committer_->Head()->version());
  early.Put("b", "1");
  ScriptedLoad load(Loaded());
  RELATA_ASSERT_OK(committer_->Load(load).status());
  EXPECT_THAT(committer_->Commit(early), StatusIs(absl::StatusCode::kAborted));
  Put("b", "1");
}

TEST_F(CommitterLoadTest, ARefusedLoadLeavesNothing) {
  ScriptedLoad invalid(Loaded());
  invalid.OnValidate([](const StoreSnapshot&) { return absl::AbortedError("changed"); });
  EXPECT_THAT(committer_->Load(invalid), StatusIs(absl::StatusCode::kAborted));
  ScriptedLoad half(Loaded());
  half.AfterRuns([&] {
    EXPECT_EQ(kv_->staged_count(), 3u);
    return absl::ResourceExhaustedError("no more space");
  });
  EXPECT_THAT(committer_->Load(half), StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(kv_->staged_count(), 0u);
  EXPECT_FALSE(committer_->read_only(nullptr));
  Put("a", "1");
  EXPECT_EQ(committer_->Head()->version(), CommitVersion(1));
  EXPECT_EQ(AtHead(), (Records{{"a", "1"}}));
}

TEST_F(CommitterLoadTest, ReadersAreNotHeldWhileRunsAreWritten) {
  Put("a", "1");
  ScriptedLoad load(Loaded());
  load.AfterRuns([&] {
    clock_.AdvanceMicros(1'000'000);
    const absl::StatusOr<std::shared_ptr<const StoreSnapshot>> now =
        committer_->AtTime(clock_.NowMicros());
    RELATA_EXPECT_OK(now.status());
    EXPECT_EQ((*now)->version(), CommitVersion(1));
    return now.status();
  });
  RELATA_ASSERT_OK_AND_ASSIGN(const Committed committed, committer_->Load(load));
  EXPECT_GT(committed.time_us, clock_.NowMicros());  // the time that was answered is over
}

TEST_F(CommitterLoadTest, OthersCommitWhileRunsAreWritten) {
  Put("a", "1");
  ScriptedLoad load(Loaded());
  load.AfterRuns([&] {
    Put("a", "2");
    Put("b", "1");
    return absl::OkStatus();
  });
  int validated = 0;
  load.OnValidate([&](const StoreSnapshot& head) {
    ++validated;
    EXPECT_EQ(head.version(), CommitVersion(3));
    return absl::OkStatus();
  });
  RELATA_ASSERT_OK_AND_ASSIGN(const Committed committed, committer_->Load(load));
  EXPECT_EQ(validated, 2);
  EXPECT_EQ(committed.version, CommitVersion(4));
  Put("l2", "after");
  for (const bool reopened : {false, true}) {
    if (reopened) CrashAndReopen();
    EXPECT_EQ(AtHead(), With({{"a", "2"}, {"b", "1"}, {"l2", "after"}}, Loaded()));
    RELATA_ASSERT_OK_AND_ASSIGN(const auto loaded, committer_->At(CommitVersion(4)));
    EXPECT_EQ(RecordsOf(*loaded), With(Loaded(), {{"a", "2"}, {"b", "1"}}));
    RELATA_ASSERT_OK_AND_ASSIGN(const auto record, loaded->Get("l2"));
    EXPECT_EQ(record, (VersionedRecord{CommitVersion(4), "2"}));
    RELATA_ASSERT_OK_AND_ASSIGN(const auto before, committer_->At(CommitVersion(3)));
    EXPECT_EQ(RecordsOf(*before), (Records{{"a", "2"}, {"b", "1"}}));
  }
}

TEST_F(CommitterLoadTest, LoadsWriteTheirRunsBesideEachOther) {
  ScriptedLoad first(Loaded());
  first.AfterRuns([&] {
    ScriptedLoad refused(Records{{"r1", "1"}});
    refused.OnValidate([](const StoreSnapshot&) { return absl::AbortedError("changed"); });
    EXPECT_THAT(committer_->Load(refused), StatusIs(absl::StatusCode::kAborted));
    EXPECT_EQ(kv_->staged_count(), 3u);  // those of the first
    ScriptedLoad second(Records{{"l0", "0"}, {"l6", "6"}});
    const absl::StatusOr<Committed> committed = committer_->Load(second);
    RELATA_EXPECT_OK(committed.status());
    EXPECT_EQ(committed->version, CommitVersion(1));
    return absl::OkStatus();
  });
  RELATA_ASSERT_OK_AND_ASSIGN(const Committed committed, committer_->Load(first));
  EXPECT_EQ(committed.version, CommitVersion(2));
  EXPECT_EQ(kv_->staged_count(), 0u);
  for (const bool reopened : {false, true}) {
    if (reopened) CrashAndReopen();
    EXPECT_EQ(AtHead(), With(Loaded(), {{"l0", "0"}, {"l6", "6"}}));
    RELATA_ASSERT_OK_AND_ASSIGN(const auto past, committer_->At(CommitVersion(1)));
    EXPECT_EQ(RecordsOf(*past), (Records{{"l0", "0"}, {"l6", "6"}}));
  }
  // A number that was used before the opening is not used again.
  ScriptedLoad third(Records{{"m", "1"}});
  RELATA_ASSERT_OK(committer_->Load(third).status());
  RELATA_ASSERT_OK_AND_ASSIGN(const auto past, committer_->At(CommitVersion(2)));
  EXPECT_EQ(RecordsOf(*past), With(Loaded(), {{"l0", "0"}, {"l6", "6"}}));
}

TEST_F(CommitterLoadTest, RecordsThatHoldTheCommitTimeAreWrittenInTheLoadsTurn) {
  ScriptedLoad load(Loaded());
  load.WithTimed({{"t", "at "}}).AfterRuns([&] {
    clock_.AdvanceMicros(1'000'000);
    Put("a", "1");
    return absl::OkStatus();
  });
  RELATA_ASSERT_OK_AND_ASSIGN(const Committed committed, committer_->Load(load));
  EXPECT_EQ(AtHead(), With(Loaded(), {{"a", "1"}, {"t", absl::StrCat("at ", committed.time_us)}}));
}

TEST_F(CommitterLoadTest, RecordsOfALoadWithoutAVersionAreDataLoss) {
  ScriptedLoad load(Loaded());
  RELATA_ASSERT_OK(committer_->Load(load).status());
  KvBatch damage;
  damage.Delete(KeySpace::kMeta, LoadVersionKey(0));
  RELATA_ASSERT_OK(kv_->Write(damage, {}, true));
  CrashAndReopen();
  EXPECT_THAT(committer_->Head()->Get("l1"), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(CommitterLoadTest, AStepThatFailsAfterTheCommitPointIsFinishedByTheNextOpening) {
  Put("a", "1");
  // Three runs, the end of the intent, the intent; the sixth write brings them in.
  FaultPlan plan;
  plan.fail_write_at = 6;
  kv_->Arm(plan);
  ScriptedLoad load(Loaded());
  EXPECT_THAT(committer_->Load(load),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("version 2")));
  EXPECT_TRUE(committer_->read_only(nullptr));
  EXPECT_EQ(AtHead(), (Records{{"a", "1"}}));
  EXPECT_THAT(committer_->Checkpoint("anywhere", {}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("bulk load")));
  CrashAndReopen();
  EXPECT_EQ(committer_->Head()->version(), CommitVersion(2));
  EXPECT_EQ(AtHead(), With(Loaded(), {{"a", "1"}}));
  EXPECT_EQ(kv_->staged_count(), 0u);
  CrashAndReopen();
  EXPECT_EQ(AtHead(), With(Loaded(), {{"a", "1"}}));
}

TEST_F(CommitterLoadTest, RunsOfARecordedLoadThatAreMissingAreDataLoss) {
  FaultPlan plan;
  plan.fail_write_at = 6;
  kv_->Arm(plan);
  ScriptedLoad load(Loaded());
  EXPECT_THAT(committer_->Load(load), StatusIs(absl::StatusCode::kUnavailable));
  committer_.reset();
  kv_ = kv_->Crash();
  RELATA_ASSERT_OK(kv_->DropStaged());
  EXPECT_THAT(Committer::Open(kv_.get(), &clock_, {}),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("version 1")));
}

enum class LoadFault { kFailWrite, kTearWrite, kFailSync };

FaultPlan LoadFaultPlan(LoadFault fault, uint64_t nth, uint64_t seed) {
  FaultPlan plan;
  plan.seed = seed;
  if (fault == LoadFault::kFailWrite) plan.fail_write_at = nth;
  if (fault == LoadFault::kTearWrite) plan.tear_write_at = nth;
  if (fault == LoadFault::kFailSync) plan.fail_sync_at = nth;
  return plan;
}

// Each write of the load fails in turn, in each way, and then the machine dies; the finishing of
// the load at the next opening fails in turn too.
TEST_F(CommitterLoadTest, FailingAtAnyStepLeavesTheLoadWholeOrAbsent) {
  int whole = 0;
  int absent = 0;
  for (const LoadFault fault :
       {LoadFault::kFailWrite, LoadFault::kTearWrite, LoadFault::kFailSync}) {
    for (uint64_t nth = 1; nth <= 7; ++nth) {
      for (uint64_t seed = 1; seed <= 6; ++seed) {
        SCOPED_TRACE(absl::StrCat("fault ", static_cast<int>(fault), " at ", nth, ", seed ", seed));
        committer_.reset();
        kv_ = std::make_unique<MemoryKv>();
        Open();
        Put("a", "1");
        kv_->Arm(LoadFaultPlan(fault, nth, seed));
        ScriptedLoad load(Loaded());
        const bool acknowledged = committer_->Load(load).ok();
        EXPECT_EQ(acknowledged, nth > 6);
        committer_.reset();
        kv_ = kv_->Crash();
        kv_->Arm(LoadFaultPlan(fault, 1, seed));
        if (!Committer::Open(kv_.get(), &clock_, {}).ok()) kv_ = kv_->Crash();
        kv_->Arm({});
        Open();
        const Records found = AtHead();
        const bool is_whole = found == With(Loaded(), {{"a", "1"}});
        EXPECT_TRUE(is_whole || found == (Records{{"a", "1"}}));
        EXPECT_EQ(committer_->Head()->version(), CommitVersion(is_whole ? 2 : 1));
        EXPECT_TRUE(is_whole || !acknowledged);
        EXPECT_EQ(kv_->staged_count(), 0u);
        ++(is_whole ? whole : absent);
        // What follows is as ever.
        ScriptedLoad again(Records{{"n", "1"}});
        RELATA_EXPECT_OK(committer_->Load(again).status());
      }
    }
  }
  EXPECT_GT(whole, 20);
  EXPECT_GT(absent, 20);
}

}  // namespace
}  // namespace relata
