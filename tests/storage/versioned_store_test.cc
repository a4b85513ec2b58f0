#include "storage/versioned_store.h"

#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/memory/memory_kv.h"
#include "storage/versioned_record.h"
#include "tests/storage/counting_kv.h"
#include "tests/storage/versioned_store_model.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr auto kForward = VersionedScan::Direction::kForward;
constexpr auto kBackward = VersionedScan::Direction::kBackward;

// A store in memory that is written one commit at a time.
class VersionedStoreTest : public testing::Test {
 protected:
  struct Write {
    std::string key;
    std::optional<std::string> record;  // nullopt: delete
  };

  void Commit(const std::vector<Write>& writes) {
    KvBatch batch;
    VersionedBatch versioned(&kv_, &batch);
    versioned.BeginVersion(CommitVersion(++head_));
    for (const Write& write : writes) {
      if (write.record.has_value()) {
        RELATA_ASSERT_OK(versioned.Put(write.key, *write.record));
      } else {
        RELATA_ASSERT_OK(versioned.Delete(write.key));
      }
    }
    RELATA_ASSERT_OK(kv_.Write(batch, {}, /*sync=*/true));
  }

  void PutRaw(KeySpace space, std::string key, std::string value) {
    KvBatch batch;
    batch.Put(space, std::move(key), std::move(value));
    RELATA_ASSERT_OK(kv_.Write(batch, {}, /*sync=*/true));
  }

  StoreSnapshot Head() {
    return StoreSnapshot(&kv_, kv_.NewSnapshot(), CommitVersion(head_), 0, true);
  }
  StoreSnapshot At(uint64_t version) {
    return StoreSnapshot(&kv_, kv_.NewSnapshot(), CommitVersion(version), 0, false);
  }

  static std::vector<std::string> Keys(const StoreSnapshot& snapshot, const KeyRange& range,
                                       VersionedScan::Direction direction) {
    std::vector<std::string> keys;
    VersionedScan scan(snapshot, range, direction);
    for (; scan.Valid(); scan.Next()) keys.emplace_back(scan.key());
    RELATA_EXPECT_OK(scan.status());
    return keys;
  }

  // Every reader that meets the damaged record says DATA_LOSS and names the space.
  void ExpectDamage(const StoreSnapshot& snapshot, const std::string& key,
                    const std::string& space) {
    const auto damaged = StatusIs(absl::StatusCode::kDataLoss, HasSubstr(space));
    EXPECT_THAT(snapshot.Get(key), damaged);
    EXPECT_THAT(snapshot.MultiGet({key}), damaged);
    ExpectDamageInScans(snapshot, space);
  }

  void ExpectDamageInScans(const StoreSnapshot& snapshot, const std::string& space) {
    const auto damaged = StatusIs(absl::StatusCode::kDataLoss, HasSubstr(space));
    EXPECT_THAT(snapshot.NewestChange({}), damaged);
    EXPECT_THAT(ReadHistory(snapshot, {}), damaged);
    for (const VersionedScan::Direction direction : {kForward, kBackward}) {
      VersionedScan scan(snapshot, {}, direction);
      while (scan.Valid()) scan.Next();
      EXPECT_THAT(scan.status(), damaged);
    }
  }

  MemoryKv kv_;
  uint64_t head_ = 0;
};

TEST_F(VersionedStoreTest, ReadsEachVersionAsItWas) {
  Commit({{"a", "1"}});
  Commit({{"a", "2"}, {"b", "x"}});
  Commit({{"a", std::nullopt}});

  EXPECT_THAT(At(0).Get("a"), IsOkAndHolds(std::nullopt));
  RELATA_ASSERT_OK_AND_ASSIGN(const auto first, At(1).Get("a"));
  EXPECT_EQ(first->record, "1");
  EXPECT_EQ(first->written, CommitVersion(1));
  RELATA_ASSERT_OK_AND_ASSIGN(const auto second, At(2).Get("a"));
  EXPECT_EQ(second->record, "2");
  EXPECT_THAT(Head().Get("a"), IsOkAndHolds(std::nullopt));
  EXPECT_THAT(Keys(Head(), {}, kForward), ElementsAre("b"));
  EXPECT_THAT(Keys(At(2), {}, kBackward), ElementsAre("b", "a"));
  EXPECT_THAT(Keys(At(0), {}, kForward), IsEmpty());
}

TEST_F(VersionedStoreTest, HeadReadsLiveOnly) {
  Commit({{"a", "1"}, {"b", "1"}});
  Commit({{"a", "2"}, {"b", std::nullopt}});
  // Damaged history is not even looked at.
  PutRaw(KeySpace::kHistory, HistoryKey("a", CommitVersion(1)), "");
  PutRaw(KeySpace::kHistory, "x", "");
  RELATA_ASSERT_OK_AND_ASSIGN(const auto record, Head().Get("a"));
  EXPECT_EQ(record->record, "2");
  EXPECT_THAT(Head().Get("b"), IsOkAndHolds(std::nullopt));
  EXPECT_THAT(Keys(Head(), {}, kForward), ElementsAre("a"));
  EXPECT_THAT(Keys(Head(), {}, kBackward), ElementsAre("a"));
}

TEST_F(VersionedStoreTest, SeveralWritesInOneVersionLeaveTheLast) {
  Commit({{"a", "0"}});
  Commit({{"a", "1"}, {"a", "2"}, {"b", "1"}, {"b", std::nullopt}, {"c", "1"}});
  Commit({{"c", std::nullopt}, {"c", "2"}});
  RELATA_ASSERT_OK_AND_ASSIGN(const std::vector<KeyHistory> history, ReadHistory(Head(), {}));
  ASSERT_THAT(history, SizeIs(2));
  EXPECT_EQ(history[0].key, "a");
  ASSERT_THAT(history[0].versions, SizeIs(2));
  EXPECT_EQ(history[0].versions[0].ended, CommitVersion(2));
  EXPECT_EQ(history[0].versions[1].record, "2");
  EXPECT_EQ(history[1].key, "c");
  ASSERT_THAT(history[1].versions, SizeIs(2));
  EXPECT_EQ(history[1].versions[0].record, "1");
  EXPECT_EQ(history[1].versions[1].record, "2");
}

TEST_F(VersionedStoreTest, BytesAreAsDocumented) {
  Commit({{"a", "one"}});
  for (int i = 2; i < 300; ++i) Commit({});
  Commit({{"a", "two"}});
  EXPECT_THAT(kv_.Get(KeySpace::kLive, "a", nullptr),
              IsOkAndHolds(std::optional<std::string>("\xac\x02two")));
  EXPECT_THAT(kv_.Get(KeySpace::kHistory, "a\xff\xff\xff\xff\xff\xff\xff\xfe", nullptr),
              IsOkAndHolds(std::optional<std::string>("\xac\x02one")));
}

// Thousands of versions of a key cost a scan a few steps, in both directions, wherever in its
// history the version lies.
TEST_F(VersionedStoreTest, PassesLongHistoriesBySeeking) {
  constexpr int kVersions = 10000;
  Commit({{"a", "x"}, {"b", "0"}, {"c", "x"}});
  for (int i = 1; i < kVersions; ++i) Commit({{"b", std::to_string(i)}});
  Commit({{"b", std::nullopt}});
  CountingKv counting(&kv_);
  for (const uint64_t version : {1, 2, 5000, kVersions, kVersions + 1}) {
    const StoreSnapshot snapshot(&counting, counting.NewSnapshot(), CommitVersion(version), 0,
                                 false);
    for (const VersionedScan::Direction direction : {kForward, kBackward}) {
      counting.ResetMoves();
      EXPECT_THAT(Keys(snapshot, {}, direction), SizeIs(version <= kVersions ? 3 : 2));
      EXPECT_LT(counting.moves(), 40) << "version " << version;
    }
    counting.ResetMoves();
    EXPECT_THAT(snapshot.NewestChange({}), IsOkAndHolds(CommitVersion(version)));
    EXPECT_LT(counting.moves(), 40) << "version " << version;
  }
}

TEST_F(VersionedStoreTest, DamagedLiveRecordIsDataLoss) {
  Commit({{"a", "1"}});
  for (const std::string& bytes : {std::string(), std::string(1, '\0'), std::string(10, '\xff')}) {
    PutRaw(KeySpace::kLive, "a", bytes);
    ExpectDamage(Head(), "a", "live space");
    ExpectDamage(At(1), "a", "live space");
    KvBatch batch;
    VersionedBatch versioned(&kv_, &batch);
    versioned.BeginVersion(CommitVersion(9));
    EXPECT_THAT(versioned.Put("a", "2"), StatusIs(absl::StatusCode::kDataLoss));
    EXPECT_THAT(versioned.Delete("a"), StatusIs(absl::StatusCode::kDataLoss));
    EXPECT_TRUE(batch.empty());
  }
}

TEST_F(VersionedStoreTest, LiveRecordBeyondTheHeadIsDataLoss) {
  Commit({{"a", "1"}});
  PutRaw(KeySpace::kLive, "a", EncodeVersionedValue(CommitVersion(7), "x"));
  ExpectDamage(Head(), "a", "live space");
}

TEST_F(VersionedStoreTest, DamagedHistoryIsDataLoss) {
  Commit({{"a", "1"}});
  Commit({{"a", std::nullopt}});
  const std::string key = HistoryKey("a", CommitVersion(1));
  // No version, version 0, ended before it was written.
  for (const std::string& bytes :
       {std::string(), std::string(1, '\0'), EncodeVersionedValue(CommitVersion(1), "x")}) {
    PutRaw(KeySpace::kHistory, key, bytes);
    ExpectDamage(At(1), "a", "history space");
  }
}

TEST_F(VersionedStoreTest, HistoryKeyWithoutVersionIsDataLoss) {
  Commit({{"a", "1"}});
  Commit({{"a", std::nullopt}});
  PutRaw(KeySpace::kHistory, "b\xff\xff\xff\xff\xff", EncodeVersionedValue(CommitVersion(2), "x"));
  ExpectDamageInScans(At(1), "history space");
  // What lies beside it can be read.
  EXPECT_THAT(At(1).Get("a"), IsOkAndHolds(VersionedRecord{CommitVersion(1), "1"}));
}

TEST_F(VersionedStoreTest, OverlapOfLiveAndHistoryIsDataLoss) {
  Commit({{"a", "1"}});
  PutRaw(KeySpace::kHistory, HistoryKey("a", CommitVersion(1)),
         EncodeVersionedValue(CommitVersion(3), "x"));
  for (const VersionedScan::Direction direction : {kForward, kBackward}) {
    VersionedScan scan(At(1), {}, direction);
    EXPECT_FALSE(scan.Valid());
    EXPECT_THAT(scan.status(), StatusIs(absl::StatusCode::kDataLoss));
  }
}

// Random bytes in both spaces: any answer or error, but no crash and no endless loop.
TEST_F(VersionedStoreTest, AnyBytesAreReadWithoutCrash) {
  std::mt19937_64 random(7);
  const auto bytes = [&random](size_t size) {
    std::string result(random() % (size + 1), '\0');
    for (char& c : result) c = static_cast<char>(random() % 4 == 0 ? 0xff : random() % 3);
    return result;
  };
  for (int round = 0; round < 500; ++round) {
    MemoryKv kv;
    KvBatch batch;
    for (int i = 0; i < 20; ++i) {
      batch.Put(random() % 3 == 0 ? KeySpace::kLive : KeySpace::kHistory, bytes(11), bytes(4));
    }
    RELATA_ASSERT_OK(kv.Write(batch, {}, /*sync=*/true));
    const StoreSnapshot snapshot(&kv, kv.NewSnapshot(), CommitVersion(1 + random() % 3), 0, false);
    const KeyRange range{bytes(3), ""};
    for (const VersionedScan::Direction direction : {kForward, kBackward}) {
      VersionedScan scan(snapshot, range, direction);
      for (int steps = 0; scan.Valid(); scan.Next()) ASSERT_LT(++steps, 100);
    }
    (void)snapshot.NewestChange(range);
    (void)ReadHistory(snapshot, range);
    (void)snapshot.Get(bytes(3));
  }
}

TEST_F(VersionedStoreTest, EngineErrorsArePassedOn) {
  Commit({{"a", "1"}});
  Commit({{"a", "2"}});
  CountingKv counting(&kv_);
  counting.FailMovesAfter(0);
  const StoreSnapshot snapshot(&counting, counting.NewSnapshot(), CommitVersion(1), 0, false);
  const auto unavailable = StatusIs(absl::StatusCode::kUnavailable);
  for (const VersionedScan::Direction direction : {kForward, kBackward}) {
    VersionedScan scan(snapshot, {"a", "b"}, direction);
    EXPECT_FALSE(scan.Valid());
    EXPECT_THAT(scan.status(), unavailable);
  }
  EXPECT_THAT(snapshot.Get("a"), unavailable);
  EXPECT_THAT(snapshot.NewestChange({}), unavailable);
  EXPECT_THAT(ReadHistory(snapshot, {}), unavailable);
}

TEST(VersionedStorePropertyTest, AgreesWithMapOfMaps) {
  for (uint64_t seed = 1; seed <= 3000; ++seed) {
    SCOPED_TRACE(seed);
    MemoryKv kv;
    RandomHistory history(&kv, seed);
    history.Grow(1 + static_cast<int>(seed % 7));
    history.CheckAll();
    if (testing::Test::HasFailure()) break;
  }
}

// Fewer, longer ones: keys get histories that are passed by seeking. Checked in between too, so
// that pinned snapshots are read both before and after later commits.
TEST(VersionedStorePropertyTest, AgreesWithMapOfMapsInLongHistories) {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(seed);
    MemoryKv kv;
    RandomHistory history(&kv, 100000 + seed);
    for (int round = 0; round < 3; ++round) {
      history.Grow(12);
      history.CheckAll();
    }
    if (testing::Test::HasFailure()) break;
  }
}

}  // namespace
}  // namespace relata
