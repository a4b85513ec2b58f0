// What is found after a crash in the middle of a write: every acknowledged commit, an
// unacknowledged one whole or not at all, and history as it was. Runs on the engine in memory,
// which plays every kind of failed write.

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "base/logging.h"
#include "base/manual_clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/committer.h"
#include "storage/memory/memory_kv.h"
#include "tests/storage/scripted_commit.h"
#include "tests/storage/versioned_store_model.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

constexpr int64_t kCrashTestStart = 1'700'000'000'000'000;

// Random commits one after another, with the model beside the store.
class CrashRun {
 public:
  explicit CrashRun(uint64_t seed) : random_(seed), seed_(seed) { Open(); }

  void Arm(FaultPlan plan) {
    plan.seed = seed_;
    kv_->Arm(plan);
  }

  // Commits until one fails, or `count` times. Returns whether one failed.
  bool CommitUntilFailure(int count) {
    for (int i = 0; i < count; ++i) {
      if (!CommitOnce()) return true;
    }
    return false;
  }

  // Crashes, opens what is left, and checks that it is the acknowledged history, or that and the
  // attempted commit.
  void CrashAndCheck() {
    committer_.reset();
    kv_ = kv_->Crash();
    Open();
    const uint64_t head = committer_->Head()->version().value();
    ASSERT_GE(head, acknowledged_);
    ASSERT_LE(head, attempted_);
    if (head == acknowledged_) model_ = acknowledged_model_;
    kept_ += head > acknowledged_ ? 1 : 0;
    acknowledged_ = attempted_ = head;
    acknowledged_model_ = model_;
    for (uint64_t version = 0; version <= head; ++version) CheckVersion(version);
    CheckHistory();
  }

  // How often an unacknowledged commit was found whole.
  int kept() const { return kept_; }

 private:
  void Open() {
    absl::StatusOr<std::unique_ptr<Committer>> opened = Committer::Open(kv_.get(), &clock_, {});
    RELATA_ASSERT_OK(opened.status());
    committer_ = *std::move(opened);
  }

  bool CommitOnce() {
    const uint64_t version = acknowledged_ + 1;
    ScriptedCommit commit((CommitVersion(acknowledged_)));
    for (uint64_t writes = 1 + random_() % 5; writes > 0; --writes) {
      const std::string key(1, static_cast<char>('a' + random_() % 6));
      if (random_() % 4 == 0) {
        commit.Delete(key);
        model_.Delete(version, key);
      } else {
        const std::string record = std::to_string(version) + "." + std::to_string(writes);
        commit.Put(key, record);
        model_.Put(version, key, record);
      }
    }
    attempted_ = version;
    const absl::StatusOr<Committed> committed = committer_->Commit(commit);
    if (!committed.ok()) {
      EXPECT_THAT(committed, StatusIs(absl::StatusCode::kUnavailable));
      EXPECT_EQ(committer_->Head()->version().value(), acknowledged_);
      return false;
    }
    EXPECT_EQ(committed->version.value(), version);
    acknowledged_ = version;
    acknowledged_model_ = model_;
    return true;
  }

  void CheckVersion(uint64_t version) {
    RELATA_ASSERT_OK_AND_ASSIGN(const auto snapshot, committer_->At(CommitVersion(version)));
    std::map<std::string, std::string> expected;
    for (const auto& [key, state] : model_.VisibleAt(version, {})) expected[key] = state.record;
    std::map<std::string, std::string> found;
    VersionedScan scan(*snapshot, {});
    for (; scan.Valid(); scan.Next()) {
      found[std::string(scan.key())] = std::string(scan.record());
    }
    RELATA_ASSERT_OK(scan.status());
    EXPECT_EQ(found, expected) << "version " << version;
  }

  void CheckHistory() {
    RELATA_ASSERT_OK_AND_ASSIGN(const auto histories, ReadHistory(*committer_->Head(), {}));
    size_t found = 0;
    for (const KeyHistory& history : histories) found += history.versions.size();
    size_t expected = 0;
    for (const auto& [key, states] : model_.HistoryAt(acknowledged_, {})) expected += states.size();
    EXPECT_EQ(found, expected);
  }

  std::mt19937_64 random_;
  const uint64_t seed_;
  std::unique_ptr<MemoryKv> kv_ = std::make_unique<MemoryKv>();
  ManualClock clock_{kCrashTestStart};
  std::unique_ptr<Committer> committer_;
  VersionedStoreModel model_;  // with the attempted commit
  VersionedStoreModel acknowledged_model_;
  uint64_t acknowledged_ = 0;
  uint64_t attempted_ = 0;
  int kept_ = 0;
};

enum class Fault { kFailWrite, kTearWrite, kFailSync };

FaultPlan PlanOf(Fault fault, uint64_t nth) {
  FaultPlan plan;
  if (fault == Fault::kFailWrite) plan.fail_write_at = nth;
  if (fault == Fault::kTearWrite) plan.tear_write_at = nth;
  if (fault == Fault::kFailSync) plan.fail_sync_at = nth;
  return plan;
}

// The committer logs each failed write; here they are wanted, and many.
class CommitterCrashTest : public testing::TestWithParam<Fault> {
 protected:
  void SetUp() override { ConfigureLogging({LogLevel::kOff, LogFormat::kText}); }
  void TearDown() override { ConfigureLogging({}); }
};

TEST_P(CommitterCrashTest, EveryWriteMayBeTheLast) {
  constexpr int kCommits = 15;
  int kept = 0;
  for (uint64_t nth = 1; nth <= kCommits; ++nth) {
    for (uint64_t seed = 1; seed <= 12; ++seed) {
      SCOPED_TRACE("write " + std::to_string(nth) + ", seed " + std::to_string(seed));
      CrashRun run(nth * 1000 + seed);
      run.Arm(PlanOf(GetParam(), nth));
      EXPECT_TRUE(run.CommitUntilFailure(kCommits));
      run.CrashAndCheck();
      // The database works on, and fails and recovers once more.
      EXPECT_FALSE(run.CommitUntilFailure(3));
      run.Arm(PlanOf(GetParam(), 2));
      EXPECT_TRUE(run.CommitUntilFailure(2));
      run.CrashAndCheck();
      EXPECT_FALSE(run.CommitUntilFailure(2));
      run.CrashAndCheck();
      kept += run.kept();
      if (HasFailure()) return;
    }
  }
  // Only a write that reached the log whole can be found again; that happens, and not always.
  if (GetParam() == Fault::kFailSync) {
    EXPECT_GT(kept, 0);
    EXPECT_LT(kept, 2 * 12 * kCommits);
  } else {
    EXPECT_EQ(kept, 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Faults, CommitterCrashTest,
                         testing::Values(Fault::kFailWrite, Fault::kTearWrite, Fault::kFailSync),
                         [](const testing::TestParamInfo<Fault>& fault) -> std::string {
                           switch (fault.param) {
                             case Fault::kFailWrite:
                               return "FailWrite";
                             case Fault::kTearWrite:
                               return "TearWrite";
                             case Fault::kFailSync:
                               return "FailSync";
                           }
                           return "Unknown";
                         });

// Many threads write pairs of keys while the device fails: after the crash each thread's last
// acknowledged pair, or its next one, is there, and never one half of a pair.
TEST(CommitterCrashConcurrencyTest, GroupsAreWholeOrAbsent) {
  constexpr int kThreads = 6;
  ConfigureLogging({LogLevel::kOff, LogFormat::kText});
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(seed);
    auto kv = std::make_unique<MemoryKv>();
    ManualClock clock(kCrashTestStart);
    RELATA_ASSERT_OK_AND_ASSIGN(auto committer, Committer::Open(kv.get(), &clock, {}));
    FaultPlan plan = PlanOf(seed % 2 == 0 ? Fault::kTearWrite : Fault::kFailSync, 5 + seed % 20);
    plan.seed = seed;
    kv->Arm(plan);
    std::vector<int> acknowledged(kThreads, 0);
    std::vector<std::thread> threads;
    threads.reserve(kThreads);
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&, thread] {
        for (int i = 1;; ++i) {
          const std::string key = std::to_string(thread);
          ScriptedCommit commit(committer->Head()->version());
          commit.Put("left" + key, std::to_string(i)).Put("right" + key, std::to_string(i));
          if (!committer->Commit(commit).ok()) return;
          acknowledged[thread] = i;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    const uint64_t published = committer->Head()->version().value();
    committer.reset();
    kv = kv->Crash();
    RELATA_ASSERT_OK_AND_ASSIGN(committer, Committer::Open(kv.get(), &clock, {}));
    const auto head = committer->Head();
    EXPECT_GE(head->version().value(), published);
    uint64_t pairs = 0;
    for (int thread = 0; thread < kThreads; ++thread) {
      const std::string key = std::to_string(thread);
      RELATA_ASSERT_OK_AND_ASSIGN(const auto left, head->Get("left" + key));
      RELATA_ASSERT_OK_AND_ASSIGN(const auto right, head->Get("right" + key));
      EXPECT_EQ(left, right);
      const int found = left.has_value() ? std::stoi(left->record) : 0;
      EXPECT_GE(found, acknowledged[thread]);
      EXPECT_LE(found, acknowledged[thread] + 1);
      pairs += static_cast<uint64_t>(found);
    }
    // The log has an entry for every pair, without gaps.
    EXPECT_EQ(pairs, head->version().value());
    RELATA_ASSERT_OK_AND_ASSIGN(
        const std::vector<CommitEntry> log,
        ReadCommits(*kv, nullptr, CommitVersion(0), head->version(), pairs + 1));
    EXPECT_EQ(log.size(), pairs);
  }
  ConfigureLogging({});
}

}  // namespace
}  // namespace relata
