// The committer under many threads: strict serializability, groups, pinned readers, and system
// times that stay answered.

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/committer.h"
#include "storage/memory/memory_kv.h"
#include "tests/storage/scripted_commit.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

int Number(const StoreSnapshot& snapshot, const std::string& key) {
  const absl::StatusOr<std::optional<VersionedRecord>> record = snapshot.Get(key);
  RELATA_EXPECT_OK(record.status());
  return record.ok() && record->has_value() ? std::stoi((*record)->record) : 0;
}

class CommitterConcurrencyTest : public testing::Test {
 protected:
  void SetUp() override { Open({}); }

  void Open(const Committer::Options& options) {
    absl::StatusOr<std::unique_ptr<Committer>> opened =
        Committer::Open(&kv_, SystemClock(), options);
    RELATA_ASSERT_OK(opened.status());
    committer_ = *std::move(opened);
  }

  template <typename Body>
  static void RunThreads(int count, Body body) {
    std::vector<std::thread> threads;
    threads.reserve(static_cast<size_t>(count));
    for (int i = 0; i < count; ++i) threads.emplace_back(body, i);
    for (std::thread& thread : threads) thread.join();
  }

  // Adds one to the counter, in as many tries as it needs.
  Committed Increment(const std::string& key) {
    while (true) {
      const auto head = committer_->Head();
      ScriptedCommit commit(head->version());
      commit.Read(key).Put(key, std::to_string(Number(*head, key) + 1));
      const absl::StatusOr<Committed> committed = committer_->Commit(commit);
      if (committed.ok()) return *committed;
      EXPECT_THAT(committed, StatusIs(absl::StatusCode::kAborted));
      if (!absl::IsAborted(committed.status())) return {};
    }
  }

  MemoryKv kv_;
  std::unique_ptr<Committer> committer_;
};

TEST_F(CommitterConcurrencyTest, CounterLosesNoIncrement) {
  constexpr int kThreads = 8;
  constexpr int kIncrements = 150;
  RunThreads(kThreads, [&](int) {
    CommitVersion last;
    for (int i = 0; i < kIncrements; ++i) {
      const Committed committed = Increment("n");
      // Strict: what is acknowledged is seen at once, and comes after all that was acknowledged
      // before.
      EXPECT_GT(committed.version, last);
      EXPECT_GE(committer_->Head()->version(), committed.version);
      last = committed.version;
    }
  });
  EXPECT_EQ(Number(*committer_->Head(), "n"), kThreads * kIncrements);
  // Each version holds one increment more than the one before.
  for (uint64_t version = 1; version <= uint64_t{kThreads} * kIncrements; ++version) {
    RELATA_ASSERT_OK_AND_ASSIGN(const auto snapshot, committer_->At(CommitVersion(version)));
    ASSERT_EQ(Number(*snapshot, "n"), static_cast<int>(version));
  }
}

// Each thread may add a key only where it has seen fewer than ten in the range: without validation
// of the range (phantoms) there would be more.
TEST_F(CommitterConcurrencyTest, RangeReadsSeeNoPhantoms) {
  const KeyRange range = KeyRange::Prefix("k");
  RunThreads(8, [&](int thread) {
    for (int i = 0; i < 30; ++i) {
      const auto head = committer_->Head();
      int found = 0;
      for (VersionedScan scan(*head, range); scan.Valid(); scan.Next()) ++found;
      if (found >= 10) return;
      ScriptedCommit commit(head->version());
      commit.ReadRange(range).Put(absl::StrCat("k", thread * 100 + i + 1000), "x");
      const absl::Status status = committer_->Commit(commit).status();
      EXPECT_TRUE(status.ok() || absl::IsAborted(status)) << status;
    }
  });
  int found = 0;
  for (VersionedScan scan(*committer_->Head(), range); scan.Valid(); scan.Next()) ++found;
  EXPECT_EQ(found, 10);
}

// Each reads both and writes one: at most one of the two may be set (write skew).
TEST_F(CommitterConcurrencyTest, NoWriteSkew) {
  for (int round = 0; round < 200; ++round) {
    const std::string left = absl::StrCat("left", round);
    const std::string right = absl::StrCat("right", round);
    RunThreads(2, [&](int thread) {
      const auto head = committer_->Head();
      if (Number(*head, left) + Number(*head, right) > 0) return;
      ScriptedCommit commit(head->version());
      commit.Read(left).Read(right).Put(thread == 0 ? left : right, "1");
      const absl::Status status = committer_->Commit(commit).status();
      EXPECT_TRUE(status.ok() || absl::IsAborted(status)) << status;
    });
    EXPECT_EQ(Number(*committer_->Head(), left) + Number(*committer_->Head(), right), 1);
  }
}

// While one group is written, others gather: the first transaction holds the leader up until all
// stand in line, or nearly so, and then they need far fewer syncs than there are commits.
TEST_F(CommitterConcurrencyTest, GroupsShareASync) {
  constexpr int kThreads = 40;
  std::atomic<int> coming{0};
  RunThreads(kThreads, [&](int thread) {
    ScriptedCommit commit(CommitVersion(0));
    commit.Put(std::to_string(thread), "x").BeforeStage([&](CommitVersion version) {
      if (version == CommitVersion(1)) {
        while (coming < kThreads) std::this_thread::yield();
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
      }
      return absl::OkStatus();
    });
    ++coming;
    RELATA_EXPECT_OK(committer_->Commit(commit).status());
  });
  EXPECT_EQ(committer_->Head()->version(), CommitVersion(kThreads));
  EXPECT_LT(kv_.sync_count(), kThreads / 2);
}

TEST_F(CommitterConcurrencyTest, GroupsKeepTheirLimits) {
  Committer::Options options;
  options.max_group = 3;
  options.max_group_bytes = 300;
  options.conflict_window_bytes = 1 << 20;
  Open(options);
  constexpr int kThreads = 12;
  std::atomic<int> coming{0};
  RunThreads(kThreads, [&](int thread) {
    ScriptedCommit commit(CommitVersion(0));
    commit.Put(std::to_string(thread), std::string(200, 'x')).BeforeStage([&](CommitVersion v) {
      while (v == CommitVersion(1) && coming < kThreads) std::this_thread::yield();
      return absl::OkStatus();
    });
    ++coming;
    RELATA_EXPECT_OK(committer_->Commit(commit).status());
  });
  EXPECT_EQ(committer_->Head()->version(), CommitVersion(kThreads));
  // Two of them pass 300 bytes.
  EXPECT_GE(kv_.sync_count(), kThreads / 2);
}

// Refusals in the middle of groups: the versions of the accepted ones have no gap, and each gets
// its own error.
TEST_F(CommitterConcurrencyTest, RefusedTransactionsTakeNoVersion) {
  std::mutex mutex;
  std::set<uint64_t> versions;
  RunThreads(8, [&](int thread) {
    for (int i = 0; i < 100; ++i) {
      const std::string key = std::to_string(thread * 1000 + i);
      ScriptedCommit commit(committer_->Head()->version());
      commit.Put(key, "x");
      const bool refuse = (thread + i) % 3 == 0;
      if (refuse) {
        commit.BeforeStage([key](CommitVersion) { return absl::NotFoundError(key); });
      }
      const absl::StatusOr<Committed> committed = committer_->Commit(commit);
      if (refuse) {
        EXPECT_THAT(committed, StatusIs(absl::StatusCode::kNotFound, key));
        continue;
      }
      RELATA_ASSERT_OK(committed.status());
      std::lock_guard<std::mutex> lock(mutex);
      versions.insert(committed->version.value());
    }
  });
  EXPECT_EQ(*versions.begin(), 1);
  EXPECT_EQ(*versions.rbegin(), versions.size());
  EXPECT_EQ(committer_->Head()->version().value(), versions.size());
}

// Version v writes key v % 10 with the record v, or deletes it where v % 7 is 0: so what any
// version holds is known.
std::map<std::string, std::string> ExpectedAt(uint64_t version) {
  std::map<std::string, std::string> expected;
  for (uint64_t v = 1; v <= version; ++v) {
    const std::string key = std::to_string(v % 10);
    if (v % 7 == 0) {
      expected.erase(key);
    } else {
      expected[key] = std::to_string(v);
    }
  }
  return expected;
}

TEST_F(CommitterConcurrencyTest, PinnedReadersSeeTheirVersionWhileCommitsGoOn) {
  constexpr uint64_t kVersions = 400;
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (uint64_t v = 1; v <= kVersions; ++v) {
      ScriptedCommit commit(committer_->Head()->version());
      const std::string key = std::to_string(v % 10);
      if (v % 7 == 0) {
        commit.Delete(key);
      } else {
        commit.Put(key, std::to_string(v));
      }
      RELATA_EXPECT_OK(committer_->Commit(commit).status());
    }
    done = true;
  });
  RunThreads(3, [&](int thread) {
    std::vector<std::shared_ptr<const StoreSnapshot>> pinned;
    uint64_t round = static_cast<uint64_t>(thread);
    for (bool last = false; !last; ++round) {
      last = done;
      std::shared_ptr<const StoreSnapshot> snapshot = committer_->Head();
      if (round % 2 == 0) {
        const CommitVersion past(round * 7919 % (snapshot->version().value() + 1));
        absl::StatusOr<std::shared_ptr<const StoreSnapshot>> at = committer_->At(past);
        RELATA_ASSERT_OK(at.status());
        snapshot = *std::move(at);
      }
      if (round % 5 == 0) pinned.push_back(snapshot);
      if (round % 3 == 0 && !pinned.empty()) snapshot = pinned[round % pinned.size()];
      std::map<std::string, std::string> found;
      VersionedScan scan(
          *snapshot, {},
          round % 4 < 2 ? VersionedScan::Direction::kForward : VersionedScan::Direction::kBackward);
      for (; scan.Valid(); scan.Next()) {
        found[std::string(scan.key())] = std::string(scan.record());
      }
      RELATA_ASSERT_OK(scan.status());
      ASSERT_EQ(found, ExpectedAt(snapshot->version().value()));
    }
  });
  writer.join();
}

// An answer at a system time stays the answer at that time, though commits are under way while it
// is given.
TEST_F(CommitterConcurrencyTest, AnsweredTimesStayAnswered) {
  std::atomic<bool> done{false};
  std::thread writers([&] {
    RunThreads(2, [&](int) {
      for (int i = 0; i < 400; ++i) Increment("n");
    });
    done = true;
  });
  RunThreads(2, [&](int) {
    std::vector<std::pair<int64_t, CommitVersion>> answers;
    while (!done) {
      const int64_t now = SystemClock()->NowMicros();
      RELATA_ASSERT_OK_AND_ASSIGN(const auto snapshot, committer_->AtTime(now));
      EXPECT_LE(snapshot->commit_time_us(), now);
      answers.emplace_back(now, snapshot->version());
    }
    for (size_t i = 0; i < answers.size(); i += 1 + answers.size() / 500) {
      RELATA_ASSERT_OK_AND_ASSIGN(const auto again, committer_->AtTime(answers[i].first));
      EXPECT_EQ(again->version(), answers[i].second);
    }
  });
  writers.join();
}

// Maintenance runs alone: while it looks at the head, no commit can change it.
TEST_F(CommitterConcurrencyTest, MaintenanceRunsBetweenGroups) {
  constexpr int kRounds = 200;
  RunThreads(4, [&](int thread) {
    for (int i = 0; i < kRounds; ++i) {
      if (thread != 0) {
        Increment("n");
        continue;
      }
      RELATA_EXPECT_OK(committer_->Maintain([&](VersionedBatch& batch) {
        const int seen = Number(*committer_->Head(), "n");
        std::this_thread::yield();
        EXPECT_EQ(Number(*committer_->Head(), "n"), seen);
        batch.PutMeta("seen", std::to_string(seen));
        return absl::OkStatus();
      }));
    }
  });
  EXPECT_EQ(Number(*committer_->Head(), "n"), 3 * kRounds);
  EXPECT_EQ(committer_->Head()->version(), CommitVersion(uint64_t{3} * kRounds));
}

// A transaction that reads what every other writes never wins beside them; alone it does, and none
// of theirs is lost.
TEST_F(CommitterConcurrencyTest, CommitAloneMeetsNoConflict) {
  constexpr int kRounds = 200;
  RunThreads(4, [&](int thread) {
    for (int i = 0; i < kRounds; ++i) {
      if (thread != 0) {
        Increment("n");
        continue;
      }
      std::optional<ScriptedCommit> commit;
      RELATA_EXPECT_OK(committer_->CommitAlone([&]() -> absl::StatusOr<PendingCommit*> {
        const auto head = committer_->Head();
        commit.emplace(head->version());
        const int seen = Number(*head, "n");
        std::this_thread::yield();
        commit->ReadRange({}).Put("n", std::to_string(seen + 1));
        return &*commit;
      }));
    }
  });
  EXPECT_EQ(Number(*committer_->Head(), "n"), 4 * kRounds);
  EXPECT_EQ(committer_->Head()->version(), CommitVersion(uint64_t{4} * kRounds));
}

TEST_F(CommitterConcurrencyTest, WatchersSeeEveryHead) {
  constexpr uint64_t kVersions = 300;
  std::thread watcher([&] {
    CommitVersion seen;
    while (seen < CommitVersion(kVersions)) {
      ASSERT_TRUE(committer_->WaitPast(seen, INT64_MAX));
      const CommitVersion head = committer_->Head()->version();
      ASSERT_GT(head, seen);
      seen = head;
    }
  });
  for (uint64_t i = 0; i < kVersions; ++i) Increment("n");
  watcher.join();
}

}  // namespace
}  // namespace relata
