#ifndef RELATA_TESTS_STORAGE_ORDERED_KV_CONTRACT_H_
#define RELATA_TESTS_STORAGE_ORDERED_KV_CONTRACT_H_

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "storage/ordered_kv.h"
#include "tests/storage/kv_harness.h"
#include "tests/support/status_matchers.h"

// What every OrderedKv must do. The test of an engine includes this file and runs the suite on its
// harness:
//
//   INSTANTIATE_TEST_SUITE_P(Memory, OrderedKvContractTest, testing::Values(&MakeMemoryHarness));

namespace relata {

class OrderedKvContractTest : public testing::TestWithParam<KvHarnessFactory> {
 protected:
  using Model = std::map<std::string, std::string>;

  OrderedKvContractTest() : harness_(GetParam()()) {}

  OrderedKv& kv() { return harness_->kv(); }

  absl::Status Put(KeySpace space, std::string key, std::string value) {
    KvBatch batch;
    batch.Put(space, std::move(key), std::move(value));
    return kv().Write(batch, {}, /*sync=*/true);
  }
  absl::Status PutLive(const KvEntries& entries) {
    KvBatch batch;
    for (const auto& [key, value] : entries) batch.Put(KeySpace::kLive, key, value);
    return kv().Write(batch, {}, /*sync=*/true);
  }
  absl::StatusOr<std::optional<std::string>> GetLive(absl::string_view key,
                                                     const KvSnapshot* snapshot = nullptr) {
    return kv().Get(KeySpace::kLive, key, snapshot);
  }
  std::unique_ptr<KvIterator> Cursor(std::string lower = "", std::string upper = "") {
    return kv().NewIterator(KeySpace::kLive, nullptr, std::move(lower), std::move(upper));
  }
  static std::string KeyAt(const KvIterator& cursor) {
    return cursor.Valid() ? KvBytes(cursor.key()) : "(none)";
  }

  // Entries of the model in [lower, upper).
  static KvEntries Expected(const Model& model, const std::string& lower,
                            const std::string& upper) {
    KvEntries entries;
    for (auto at = model.lower_bound(lower);
         at != model.end() && (upper.empty() || at->first < upper); ++at) {
      entries.emplace_back(at->first, at->second);
    }
    return entries;
  }
  static std::string AnyKey(std::mt19937_64& random) {
    static constexpr char kAlphabet[] = {'\x00', '\x01', 'a', 'b', '\x7f', '\x80', '\xff'};
    std::string key(random() % 4, ' ');
    for (char& byte : key) byte = kAlphabet[random() % sizeof(kAlphabet)];
    return key;
  }
  void ExpectSameAsModel(const Model& model, const KvSnapshot* snapshot, std::mt19937_64& random);

  std::unique_ptr<KvHarness> harness_;
};

TEST_P(OrderedKvContractTest, AnEmptyEngineHoldsNothing) {
  EXPECT_THAT(GetLive("a"), IsOkAndHolds(std::nullopt));
  const auto cursor = Cursor();
  cursor->SeekToFirst();
  EXPECT_FALSE(cursor->Valid());
  cursor->SeekToLast();
  EXPECT_FALSE(cursor->Valid());
  EXPECT_THAT(cursor->status(), IsOk());
}

TEST_P(OrderedKvContractTest, PutGetOverwriteDelete) {
  RELATA_ASSERT_OK(Put(KeySpace::kLive, "a", "1"));
  EXPECT_THAT(GetLive("a"), IsOkAndHolds("1"));
  RELATA_ASSERT_OK(Put(KeySpace::kLive, "a", "2"));
  EXPECT_THAT(GetLive("a"), IsOkAndHolds("2"));
  KvBatch batch;
  batch.Delete(KeySpace::kLive, "a");
  batch.Delete(KeySpace::kLive, "never there");
  RELATA_ASSERT_OK(kv().Write(batch, {}, true));
  EXPECT_THAT(GetLive("a"), IsOkAndHolds(std::nullopt));
}

TEST_P(OrderedKvContractTest, AnyBytesAreKeysAndValues) {
  const std::string key("\0\xff\0", 3);
  const std::string value(100000, '\0');
  RELATA_ASSERT_OK(Put(KeySpace::kLive, key, value));
  RELATA_ASSERT_OK(Put(KeySpace::kLive, "", "of the empty key"));
  RELATA_ASSERT_OK(Put(KeySpace::kLive, "empty", ""));
  EXPECT_THAT(GetLive(key), IsOkAndHolds(value));
  EXPECT_THAT(GetLive(""), IsOkAndHolds("of the empty key"));
  EXPECT_THAT(GetLive("empty"), IsOkAndHolds(""));
  const auto cursor = Cursor();
  cursor->SeekBefore(key);
  EXPECT_EQ(KeyAt(*cursor), "");
  cursor->Prev();
  EXPECT_FALSE(cursor->Valid());
  cursor->SeekBefore("");
  EXPECT_FALSE(cursor->Valid());
}

TEST_P(OrderedKvContractTest, SpacesAreSeparate) {
  for (int i = 0; i < kKeySpaceCount; ++i) {
    RELATA_ASSERT_OK(Put(static_cast<KeySpace>(i), "key", absl::StrCat("in ", i)));
  }
  for (int i = 0; i < kKeySpaceCount; ++i) {
    const auto space = static_cast<KeySpace>(i);
    EXPECT_THAT(kv().Get(space, "key", nullptr), IsOkAndHolds(absl::StrCat("in ", i)));
    EXPECT_THAT(ScanForward(kv(), space, nullptr, "", ""),
                IsOkAndHolds(KvEntries{{"key", absl::StrCat("in ", i)}}));
  }
}

TEST_P(OrderedKvContractTest, MultiGetKeepsTheOrderAsked) {
  RELATA_ASSERT_OK(PutLive({{"a", "1"}, {"b", "2"}, {"c", "3"}}));
  const std::vector<std::optional<std::string>> expected = {"3", std::nullopt, "1", "3"};
  EXPECT_THAT(kv().MultiGet(KeySpace::kLive, {"c", "x", "a", "c"}, nullptr),
              IsOkAndHolds(expected));
  EXPECT_THAT(kv().MultiGet(KeySpace::kLive, {}, nullptr), IsOkAndHolds(testing::IsEmpty()));
  const auto snapshot = kv().NewSnapshot();
  RELATA_ASSERT_OK(PutLive({{"a", "later"}, {"x", "later"}}));
  EXPECT_THAT(kv().MultiGet(KeySpace::kLive, {"c", "x", "a", "c"}, snapshot.get()),
              IsOkAndHolds(expected));
}

TEST_P(OrderedKvContractTest, OrderIsThatOfUnsignedBytes) {
  const KvEntries sorted = {{std::string("\0", 1), ""},
                            {"a", ""},
                            {std::string("a\0", 2), ""},
                            {"a\x01", ""},
                            {"aa", ""},
                            {"b\x7f", ""},
                            {"b\x80", ""},
                            {"b\xff", ""},
                            {"深", ""},
                            {"\xff", ""}};
  RELATA_ASSERT_OK(PutLive({sorted.rbegin(), sorted.rend()}));
  EXPECT_THAT(ScanForward(kv(), KeySpace::kLive, nullptr, "", ""), IsOkAndHolds(sorted));
  EXPECT_THAT(ScanBackward(kv(), KeySpace::kLive, nullptr, "", ""),
              IsOkAndHolds(KvEntries(sorted.rbegin(), sorted.rend())));
}

TEST_P(OrderedKvContractTest, CursorSeeksInBothDirections) {
  RELATA_ASSERT_OK(PutLive({{"b", "2"}, {"d", "4"}, {"f", "6"}}));
  const auto cursor = Cursor();
  cursor->Seek("c");
  EXPECT_EQ(KeyAt(*cursor), "d");
  EXPECT_EQ(cursor->value(), "4");
  cursor->Prev();
  EXPECT_EQ(KeyAt(*cursor), "b");
  cursor->Next();
  cursor->Next();
  EXPECT_EQ(KeyAt(*cursor), "f");
  cursor->Seek("d");
  EXPECT_EQ(KeyAt(*cursor), "d");
  cursor->Seek("g");
  EXPECT_FALSE(cursor->Valid());
  cursor->SeekBefore("d");
  EXPECT_EQ(KeyAt(*cursor), "b");
  cursor->SeekBefore("e");
  EXPECT_EQ(KeyAt(*cursor), "d");
  cursor->SeekBefore("b");
  EXPECT_FALSE(cursor->Valid());
  cursor->SeekBefore("z");
  EXPECT_EQ(KeyAt(*cursor), "f");
  cursor->Next();
  EXPECT_FALSE(cursor->Valid());
  EXPECT_THAT(cursor->status(), IsOk());
}

TEST_P(OrderedKvContractTest, CursorStaysWithinItsBounds) {
  RELATA_ASSERT_OK(PutLive({{"a", ""}, {"b", ""}, {"c", ""}, {"d", ""}, {"e", ""}}));
  const auto cursor = Cursor("b", "d");
  cursor->SeekToFirst();
  EXPECT_EQ(KeyAt(*cursor), "b");
  cursor->Prev();
  EXPECT_FALSE(cursor->Valid());
  cursor->SeekToLast();
  EXPECT_EQ(KeyAt(*cursor), "c");
  cursor->Next();
  EXPECT_FALSE(cursor->Valid());
  cursor->Seek("a");
  EXPECT_EQ(KeyAt(*cursor), "b");
  cursor->Seek("d");
  EXPECT_FALSE(cursor->Valid());
  cursor->SeekBefore("z");
  EXPECT_EQ(KeyAt(*cursor), "c");
  cursor->SeekBefore("d");
  EXPECT_EQ(KeyAt(*cursor), "c");
  cursor->SeekBefore("b");
  EXPECT_FALSE(cursor->Valid());
  cursor->SeekBefore("a");
  EXPECT_FALSE(cursor->Valid());
  EXPECT_THAT(ScanForward(kv(), KeySpace::kLive, nullptr, "bb", "bc"),
              IsOkAndHolds(testing::IsEmpty()));
}

TEST_P(OrderedKvContractTest, ABatchAppliesInOrderAndTheLastOperationWins) {
  RELATA_ASSERT_OK(PutLive({{"gone", "old"}}));
  KvBatch batch;
  batch.Put(KeySpace::kLive, "a", "1");
  batch.Delete(KeySpace::kLive, "a");
  batch.Put(KeySpace::kLive, "b", "1");
  batch.Put(KeySpace::kLive, "b", "2");
  batch.Put(KeySpace::kLive, "gone", "new");
  batch.Delete(KeySpace::kLive, "gone");
  batch.Delete(KeySpace::kLive, "c");
  batch.Put(KeySpace::kLive, "c", "3");
  batch.Put(KeySpace::kHistory, "b", "4");
  RELATA_ASSERT_OK(kv().Write(batch, {}, true));
  EXPECT_THAT(ScanForward(kv(), KeySpace::kLive, nullptr, "", ""),
              IsOkAndHolds(KvEntries{{"b", "2"}, {"c", "3"}}));
  EXPECT_THAT(kv().Get(KeySpace::kHistory, "b", nullptr), IsOkAndHolds("4"));
}

TEST_P(OrderedKvContractTest, AnEmptyBatchIsFine) { RELATA_EXPECT_OK(kv().Write({}, {}, true)); }

TEST_P(OrderedKvContractTest, ASnapshotDoesNotSeeLaterWrites) {
  RELATA_ASSERT_OK(PutLive({{"a", "1"}, {"b", "1"}}));
  const auto snapshot = kv().NewSnapshot();
  KvBatch batch;
  batch.Put(KeySpace::kLive, "a", "2");
  batch.Delete(KeySpace::kLive, "b");
  batch.Put(KeySpace::kLive, "c", "2");
  RELATA_ASSERT_OK(kv().Write(batch, {}, true));
  EXPECT_THAT(GetLive("a", snapshot.get()), IsOkAndHolds("1"));
  EXPECT_THAT(GetLive("b", snapshot.get()), IsOkAndHolds("1"));
  EXPECT_THAT(GetLive("c", snapshot.get()), IsOkAndHolds(std::nullopt));
  const KvEntries before = {{"a", "1"}, {"b", "1"}};
  EXPECT_THAT(ScanForward(kv(), KeySpace::kLive, snapshot.get(), "", ""), IsOkAndHolds(before));
  EXPECT_THAT(ScanForward(kv(), KeySpace::kLive, nullptr, "", ""),
              IsOkAndHolds(KvEntries{{"a", "2"}, {"c", "2"}}));
}

TEST_P(OrderedKvContractTest, ACursorWithoutSnapshotStaysAtTheStateItStartedWith) {
  RELATA_ASSERT_OK(PutLive({{"a", "1"}, {"c", "1"}}));
  const auto cursor = Cursor();
  cursor->SeekToFirst();
  KvBatch batch;
  batch.Put(KeySpace::kLive, "b", "2");
  batch.Delete(KeySpace::kLive, "c");
  RELATA_ASSERT_OK(kv().Write(batch, {}, true));
  cursor->Next();
  ASSERT_EQ(KeyAt(*cursor), "c");
  EXPECT_EQ(cursor->value(), "1");
}

TEST_P(OrderedKvContractTest, GuardsThatHoldLetTheBatchThrough) {
  RELATA_ASSERT_OK(PutLive({{"a", "1"}}));
  KvBatch batch;
  batch.Put(KeySpace::kLive, "a", "2");
  RELATA_EXPECT_OK(
      kv().Write(batch, {{KeySpace::kLive, "a", "1"}, {KeySpace::kMeta, "a", std::nullopt}}, true));
  EXPECT_THAT(GetLive("a"), IsOkAndHolds("2"));
}

TEST_P(OrderedKvContractTest, OneGuardThatFailsStopsTheWholeBatch) {
  RELATA_ASSERT_OK(PutLive({{"a", "1"}, {"empty", ""}}));
  KvBatch batch;
  batch.Put(KeySpace::kLive, "a", "2");
  batch.Put(KeySpace::kMeta, "b", "2");
  const std::vector<KvGuard> failing = {{KeySpace::kLive, "a", "0"},
                                        {KeySpace::kLive, "a", std::nullopt},
                                        {KeySpace::kLive, "absent", ""},
                                        {KeySpace::kLive, "empty", std::nullopt}};
  for (const KvGuard& guard : failing) {
    EXPECT_THAT(kv().Write(batch, {{KeySpace::kLive, "a", "1"}, guard}, true),
                StatusIs(absl::StatusCode::kAborted));
  }
  EXPECT_THAT(GetLive("a"), IsOkAndHolds("1"));
  EXPECT_THAT(kv().Get(KeySpace::kMeta, "b", nullptr), IsOkAndHolds(std::nullopt));
}

TEST_P(OrderedKvContractTest, IngestBringsRunsInBesideAndOverWhatIsThere) {
  RELATA_ASSERT_OK(PutLive({{"a", "old"}, {"b", "old"}}));
  const auto snapshot = kv().NewSnapshot();
  const std::vector<SortedRun> runs = {
      {KeySpace::kLive, {{"b", "new"}, {"c", "new"}}},
      {KeySpace::kHistory, {{"h", "new"}}},
      {KeySpace::kLive, {{"c", "newer"}, {"d", "newer"}}},
  };
  RELATA_ASSERT_OK(IngestRuns(kv(), runs));
  const KvEntries expected = {{"a", "old"}, {"b", "new"}, {"c", "newer"}, {"d", "newer"}};
  EXPECT_THAT(ScanForward(kv(), KeySpace::kLive, nullptr, "", ""), IsOkAndHolds(expected));
  EXPECT_THAT(ScanForward(kv(), KeySpace::kLive, snapshot.get(), "", ""),
              IsOkAndHolds(KvEntries{{"a", "old"}, {"b", "old"}}));
  RELATA_ASSERT_OK(PutLive({{"d", "newest"}}));
  EXPECT_THAT(GetLive("d"), IsOkAndHolds("newest"));
  EXPECT_THAT(kv().Get(KeySpace::kHistory, "h", nullptr), IsOkAndHolds("new"));
}

TEST_P(OrderedKvContractTest, ARunDeletesInTheSameStepAsOthersPut) {
  RELATA_ASSERT_OK(PutLive({{"a", "1"}, {"b", "1"}, {"c", "1"}}));
  RELATA_ASSERT_OK_AND_ASSIGN(const auto writer, kv().NewRun(KeySpace::kLive));
  RELATA_ASSERT_OK(writer->Put("a", "2"));
  RELATA_ASSERT_OK(writer->Delete("b"));
  RELATA_ASSERT_OK_AND_ASSIGN(const StagedRun deleting, writer->Finish());
  EXPECT_EQ(deleting.space, KeySpace::kLive);
  RELATA_ASSERT_OK_AND_ASSIGN(const StagedRun meta,
                              StageRun(kv(), {KeySpace::kMeta, {{"m", "2"}}}));
  EXPECT_THAT(GetLive("b"), IsOkAndHolds("1"));
  EXPECT_THAT(kv().Get(KeySpace::kMeta, "m", nullptr), IsOkAndHolds(std::nullopt));
  RELATA_ASSERT_OK(kv().Ingest({deleting, meta}));
  harness_->Reopen();
  EXPECT_THAT(ScanForward(kv(), KeySpace::kLive, nullptr, "", ""),
              IsOkAndHolds(KvEntries{{"a", "2"}, {"c", "1"}}));
  EXPECT_THAT(kv().Get(KeySpace::kMeta, "m", nullptr), IsOkAndHolds("2"));
}

TEST_P(OrderedKvContractTest, RunsRefuseKeysThatDoNotAscendAndEmptyRuns) {
  for (const KvEntries& entries :
       {KvEntries{{"b", ""}, {"a", ""}}, KvEntries{{"b", ""}, {"b", ""}}, KvEntries{}}) {
    EXPECT_THAT(StageRun(kv(), {KeySpace::kLive, entries}),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
  EXPECT_THAT(GetLive("b"), IsOkAndHolds(std::nullopt));
}

TEST_P(OrderedKvContractTest, RunsAreDroppedByName) {
  RELATA_ASSERT_OK_AND_ASSIGN(const StagedRun first,
                              StageRun(kv(), {KeySpace::kLive, {{"a", "1"}}}));
  RELATA_ASSERT_OK_AND_ASSIGN(const StagedRun second,
                              StageRun(kv(), {KeySpace::kLive, {{"b", "1"}}}));
  RELATA_ASSERT_OK(kv().Drop({first}));
  RELATA_ASSERT_OK(kv().Drop({first}));
  EXPECT_THAT(kv().Ingest({first}), StatusIs(absl::StatusCode::kDataLoss));
  RELATA_ASSERT_OK(kv().Ingest({second}));
  EXPECT_THAT(GetLive("a"), IsOkAndHolds(std::nullopt));
  EXPECT_THAT(GetLive("b"), IsOkAndHolds("1"));
}

TEST_P(OrderedKvContractTest, StagedRunsOutliveTheProcessUntilTheyAreDropped) {
  RELATA_ASSERT_OK_AND_ASSIGN(const StagedRun first,
                              StageRun(kv(), {KeySpace::kLive, {{"a", "1"}}}));
  RELATA_ASSERT_OK_AND_ASSIGN(const StagedRun second,
                              StageRun(kv(), {KeySpace::kHistory, {{"b", "1"}}}));
  harness_->Reopen();
  EXPECT_THAT(GetLive("a"), IsOkAndHolds(std::nullopt));
  RELATA_ASSERT_OK(kv().Ingest({first}));
  EXPECT_THAT(GetLive("a"), IsOkAndHolds("1"));
  RELATA_ASSERT_OK(kv().DropStaged());
  RELATA_ASSERT_OK_AND_ASSIGN(const StagedRun third,
                              StageRun(kv(), {KeySpace::kLive, {{"c", "1"}}}));
  // Nothing is brought in where one of the runs is missing.
  EXPECT_THAT(kv().Ingest({third, second}), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(GetLive("c"), IsOkAndHolds(std::nullopt));
  RELATA_ASSERT_OK(kv().Ingest({third}));
  EXPECT_THAT(GetLive("c"), IsOkAndHolds("1"));
}

TEST_P(OrderedKvContractTest, ReopeningKeepsWhatWasSyncedOrIngested) {
  KvBatch unsynced;
  unsynced.Put(KeySpace::kMeta, "before", "1");
  RELATA_ASSERT_OK(kv().Write(unsynced, {}, /*sync=*/false));
  RELATA_ASSERT_OK(PutLive({{"a", "1"}, {"b", "1"}}));
  RELATA_ASSERT_OK(IngestRuns(kv(), {{KeySpace::kLog, {{"l", "1"}}}}));
  harness_->Reopen();
  EXPECT_THAT(ScanForward(kv(), KeySpace::kLive, nullptr, "", ""),
              IsOkAndHolds(KvEntries{{"a", "1"}, {"b", "1"}}));
  EXPECT_THAT(kv().Get(KeySpace::kMeta, "before", nullptr), IsOkAndHolds("1"));
  EXPECT_THAT(kv().Get(KeySpace::kLog, "l", nullptr), IsOkAndHolds("1"));
  RELATA_ASSERT_OK(PutLive({{"a", "2"}}));
  harness_->Reopen();
  EXPECT_THAT(GetLive("a"), IsOkAndHolds("2"));
}

TEST_P(OrderedKvContractTest, SizeGrowsWithTheData) {
  RELATA_ASSERT_OK_AND_ASSIGN(const uint64_t before, kv().ApproximateBytes(KeySpace::kLive));
  std::mt19937_64 random(5);
  for (int i = 0; i < 2000; ++i) {
    std::string value(1000, ' ');
    for (char& byte : value) byte = static_cast<char>(random());
    KvBatch batch;
    batch.Put(KeySpace::kLive, absl::StrCat("key ", i), value);
    RELATA_ASSERT_OK(kv().Write(batch, {}, false));
  }
  RELATA_ASSERT_OK_AND_ASSIGN(const uint64_t after, kv().ApproximateBytes(KeySpace::kLive));
  EXPECT_GT(after, before + 1500000);
  EXPECT_LT(after, before + 6000000);
}

inline void OrderedKvContractTest::ExpectSameAsModel(const Model& model, const KvSnapshot* snapshot,
                                                     std::mt19937_64& random) {
  const std::string lower = AnyKey(random);
  const std::string upper = random() % 4 == 0 ? "" : AnyKey(random);
  if (!upper.empty() && upper < lower) return;
  const KvEntries expected = Expected(model, lower, upper);
  ASSERT_THAT(ScanForward(kv(), KeySpace::kLive, snapshot, lower, upper), IsOkAndHolds(expected));
  ASSERT_THAT(ScanBackward(kv(), KeySpace::kLive, snapshot, lower, upper),
              IsOkAndHolds(KvEntries(expected.rbegin(), expected.rend())));

  const std::string target = AnyKey(random);
  const auto cursor = kv().NewIterator(KeySpace::kLive, snapshot, lower, upper);
  cursor->Seek(target);
  const KvEntries from = Expected(model, std::max(lower, target), upper);
  ASSERT_EQ(KeyAt(*cursor), from.empty() ? "(none)" : from.front().first);
  cursor->SeekBefore(target);
  const KvEntries until =
      target.empty() ? KvEntries()
                     : Expected(model, lower, upper.empty() || target < upper ? target : upper);
  ASSERT_EQ(KeyAt(*cursor), until.empty() ? "(none)" : until.back().first);

  const auto in_model = model.find(target);
  const std::optional<std::string> value =
      in_model == model.end() ? std::nullopt : std::optional<std::string>(in_model->second);
  ASSERT_THAT(GetLive(target, snapshot), IsOkAndHolds(value));
}

// Random batches against a sorted map, with snapshots of earlier states held for a while.
TEST_P(OrderedKvContractTest, IsASortedMapWithSnapshots) {
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    std::mt19937_64 random(seed);
    harness_ = GetParam()();
    Model model;
    std::vector<std::pair<std::shared_ptr<const KvSnapshot>, Model>> pinned;
    for (int round = 0; round < 150; ++round) {
      KvBatch batch;
      for (uint64_t ops = random() % 8; ops > 0; --ops) {
        const std::string key = AnyKey(random);
        if (random() % 3 == 0) {
          batch.Delete(KeySpace::kLive, key);
          model.erase(key);
        } else {
          model[key] = absl::StrCat(round, ".", ops);
          batch.Put(KeySpace::kLive, key, model[key]);
        }
      }
      RELATA_ASSERT_OK(kv().Write(batch, {}, /*sync=*/round % 16 == 0));
      ASSERT_NO_FATAL_FAILURE(ExpectSameAsModel(model, nullptr, random));
      if (random() % 4 == 0) pinned.emplace_back(kv().NewSnapshot(), model);
      if (pinned.size() > 6)
        pinned.erase(pinned.begin() + static_cast<std::ptrdiff_t>(random() % pinned.size()));
      for (const auto& [snapshot, then] : pinned) {
        ASSERT_NO_FATAL_FAILURE(ExpectSameAsModel(then, snapshot.get(), random));
      }
    }
  }
}

// Each batch writes one number under every key: whoever reads a mixture has seen half a batch.
TEST_P(OrderedKvContractTest, ManyReadersSeeWholeBatchesWhileAWriterWrites) {
  constexpr int kBatches = 300;
  constexpr int kKeys = 20;
  std::vector<std::string> keys;
  keys.reserve(kKeys);
  for (int i = 0; i < kKeys; ++i) keys.push_back(absl::StrCat("key ", 100 + i));
  const auto write = [&](int number) {
    KvBatch batch;
    for (const std::string& key : keys) batch.Put(KeySpace::kLive, key, absl::StrCat(number));
    return kv().Write(batch, {}, /*sync=*/false);
  };
  RELATA_ASSERT_OK(write(0));
  std::atomic<bool> done = false;
  std::atomic<int> mixtures = 0;
  std::atomic<int> reads = 0;
  const auto is_whole = [&](const std::vector<std::optional<std::string>>& values) {
    for (const auto& value : values) {
      if (!value.has_value() || value != values.front()) return false;
    }
    return values.size() == keys.size();
  };
  const auto read = [&](bool backward) {
    while (!done || reads < 100) {
      const auto snapshot = kv().NewSnapshot();
      const auto many = kv().MultiGet(KeySpace::kLive, keys, snapshot.get());
      const auto scan = backward ? ScanBackward(kv(), KeySpace::kLive, nullptr, "", "")
                                 : ScanForward(kv(), KeySpace::kLive, snapshot.get(), "", "");
      std::vector<std::optional<std::string>> scanned;
      scanned.reserve(keys.size());
      for (const auto& [key, value] : scan.value_or(KvEntries())) scanned.emplace_back(value);
      if (!many.ok() || !is_whole(*many) || !is_whole(scanned)) ++mixtures;
      ++reads;
    }
  };
  std::vector<std::thread> readers;
  readers.reserve(3);
  for (int i = 0; i < 3; ++i) readers.emplace_back(read, i == 0);
  absl::Status written;
  for (int number = 1; number <= kBatches && written.ok(); ++number) written = write(number);
  done = true;
  for (std::thread& reader : readers) reader.join();
  RELATA_EXPECT_OK(written);
  EXPECT_EQ(mixtures, 0);
  EXPECT_THAT(GetLive(keys.back()), IsOkAndHolds(absl::StrCat(kBatches)));
}

// A counter raised under guards by many threads loses nothing, also beside writes without guards.
TEST_P(OrderedKvContractTest, GuardedWritesAreAtomicAmongThreads) {
  constexpr int kThreads = 4;
  constexpr int kRaises = 50;
  RELATA_ASSERT_OK(Put(KeySpace::kMeta, "counter", "0"));
  std::atomic<int> failures = 0;
  const auto raise = [&](int thread) {
    for (int raised = 0; raised < kRaises;) {
      const auto now = kv().Get(KeySpace::kMeta, "counter", nullptr);
      if (!now.ok() || !now->has_value()) {
        ++failures;
        return;
      }
      KvBatch batch;
      batch.Put(KeySpace::kMeta, "counter", absl::StrCat(std::stoi(**now) + 1));
      const absl::Status status = kv().Write(batch, {{KeySpace::kMeta, "counter", *now}}, false);
      raised += status.ok();
      if (!status.ok() && !absl::IsAborted(status)) ++failures;
      KvBatch other;
      other.Put(KeySpace::kLive, absl::StrCat("of thread ", thread), absl::StrCat(raised));
      if (!kv().Write(other, {}, false).ok()) ++failures;
    }
  };
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(raise, i);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
  EXPECT_THAT(kv().Get(KeySpace::kMeta, "counter", nullptr),
              IsOkAndHolds(absl::StrCat(kThreads * kRaises)));
}

}  // namespace relata

#endif  // RELATA_TESTS_STORAGE_ORDERED_KV_CONTRACT_H_
