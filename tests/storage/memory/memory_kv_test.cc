#include "storage/memory/memory_kv.h"

#include <memory>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/storage/ordered_kv_contract.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using absl::StatusCode;
using testing::HasSubstr;

class MemoryHarness final : public KvHarness {
 public:
  OrderedKv& kv() override { return *kv_; }
  void Reopen() override { kv_ = kv_->Crash(); }

 private:
  std::unique_ptr<MemoryKv> kv_ = std::make_unique<MemoryKv>();
};

std::unique_ptr<KvHarness> MakeMemoryHarness() { return std::make_unique<MemoryHarness>(); }

INSTANTIATE_TEST_SUITE_P(Memory, OrderedKvContractTest, testing::Values(&MakeMemoryHarness));

// Writes `number` under the keys a, b and c as one batch.
absl::Status WriteNumber(MemoryKv& kv, int number, bool sync) {
  KvBatch batch;
  for (const char* key : {"a", "b", "c"}) batch.Put(KeySpace::kLive, key, absl::StrCat(number));
  return kv.Write(batch, {}, sync);
}

// The number that all three keys hold; "" where none is there, "mixed" where they differ.
std::string Number(const MemoryKv& kv) {
  const auto values = kv.MultiGet(KeySpace::kLive, {"a", "b", "c"}, nullptr);
  if (!values.ok() || (*values)[0] != (*values)[1] || (*values)[0] != (*values)[2]) return "mixed";
  return (*values)[0].value_or("");
}

TEST(MemoryKvFaultTest, AFailedWriteLeavesNothingAndLaterOnesWork) {
  FaultPlan plan;
  plan.fail_write_at = 2;
  MemoryKv kv(plan);
  RELATA_ASSERT_OK(WriteNumber(kv, 1, true));
  EXPECT_THAT(WriteNumber(kv, 2, true), StatusIs(StatusCode::kUnavailable));
  EXPECT_EQ(Number(kv), "1");
  EXPECT_EQ(Number(*kv.Crash()), "1");
  RELATA_ASSERT_OK(WriteNumber(kv, 3, true));
  EXPECT_EQ(Number(*kv.Crash()), "3");
}

TEST(MemoryKvFaultTest, ATornWriteIsDroppedWholeAndStopsTheEngine) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    FaultPlan plan;
    plan.seed = seed;
    plan.tear_write_at = 2;
    MemoryKv kv(plan);
    RELATA_ASSERT_OK(WriteNumber(kv, 1, true));
    EXPECT_THAT(WriteNumber(kv, 2, true), StatusIs(StatusCode::kUnavailable));
    EXPECT_THAT(WriteNumber(kv, 3, true),
                StatusIs(StatusCode::kUnavailable, HasSubstr("takes no writes")));
    EXPECT_EQ(Number(kv), "1");
    const std::unique_ptr<MemoryKv> found = kv.Crash();
    EXPECT_EQ(Number(*found), "1");
    RELATA_EXPECT_OK(WriteNumber(*found, 4, true));
  }
}

TEST(MemoryKvFaultTest, AfterAFailedSyncTheWriteIsWholeOrAbsent) {
  std::set<std::string> outcomes;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    FaultPlan plan;
    plan.seed = seed;
    plan.fail_sync_at = 2;
    MemoryKv kv(plan);
    RELATA_ASSERT_OK(WriteNumber(kv, 1, true));
    RELATA_ASSERT_OK(WriteNumber(kv, 1, false));
    EXPECT_THAT(WriteNumber(kv, 2, true), StatusIs(StatusCode::kUnavailable));
    EXPECT_EQ(Number(kv), "1");
    EXPECT_THAT(WriteNumber(kv, 3, false), StatusIs(StatusCode::kUnavailable));
    outcomes.insert(Number(*kv.Crash()));
  }
  EXPECT_EQ(outcomes, (std::set<std::string>{"1", "2"}));
}

TEST(MemoryKvFaultTest, OfUnsyncedWritesACrashKeepsTheFirstOnes) {
  std::set<std::string> outcomes;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    FaultPlan plan;
    plan.seed = seed;
    MemoryKv kv(plan);
    RELATA_ASSERT_OK(WriteNumber(kv, 1, true));
    RELATA_ASSERT_OK(WriteNumber(kv, 2, false));
    RELATA_ASSERT_OK(WriteNumber(kv, 3, false));
    EXPECT_EQ(Number(kv), "3");
    outcomes.insert(Number(*kv.Crash()));
  }
  EXPECT_EQ(outcomes, (std::set<std::string>{"1", "2", "3"}));
}

TEST(MemoryKvFaultTest, ASyncMakesEarlierWritesDurableToo) {
  MemoryKv kv;
  RELATA_ASSERT_OK(WriteNumber(kv, 1, false));
  RELATA_ASSERT_OK(kv.Write({}, {}, true));
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Number(*kv.Crash()), "1");
}

TEST(MemoryKvFaultTest, CountsStartWhenThePlanIsArmed) {
  MemoryKv kv;
  RELATA_ASSERT_OK(WriteNumber(kv, 1, true));
  RELATA_ASSERT_OK(WriteNumber(kv, 2, false));
  FaultPlan plan;
  plan.fail_write_at = 1;
  kv.Arm(plan);
  EXPECT_THAT(WriteNumber(kv, 3, true), StatusIs(StatusCode::kUnavailable));
  EXPECT_EQ(kv.write_count(), 3u);
  EXPECT_EQ(kv.sync_count(), 2u);
}

TEST(MemoryKvFaultTest, AGuardThatFailsIsNotAWrite) {
  MemoryKv kv;
  EXPECT_THAT(kv.Write({}, {{KeySpace::kLive, "a", "1"}}, true), StatusIs(StatusCode::kAborted));
  EXPECT_EQ(kv.write_count(), 0u);
}

TEST(MemoryKvFaultTest, CorruptReadsFlipOneBitOfSomeValuesAndNoneStored) {
  MemoryKv kv;
  const std::string value(64, 'v');
  KvBatch batch;
  batch.Put(KeySpace::kLive, "key", value);
  RELATA_ASSERT_OK(kv.Write(batch, {}, true));
  FaultPlan plan;
  plan.corrupt_reads = 0.5;
  kv.Arm(plan);
  int corrupted = 0;
  for (int i = 0; i < 400; ++i) {
    const auto cursor = kv.NewIterator(KeySpace::kLive, nullptr, "", "");
    cursor->SeekToFirst();
    ASSERT_TRUE(cursor->Valid());
    RELATA_ASSERT_OK_AND_ASSIGN(const auto got, kv.Get(KeySpace::kLive, "key", nullptr));
    for (const std::string& read : {KvBytes(cursor->value()), *got}) {
      int flipped = 0;
      for (size_t at = 0; at < value.size(); ++at) {
        flipped += __builtin_popcount(static_cast<unsigned char>(read[at] ^ value[at]));
      }
      ASSERT_LE(flipped, 1);
      corrupted += flipped;
    }
  }
  EXPECT_GT(corrupted, 300);
  EXPECT_LT(corrupted, 500);
  kv.Arm(FaultPlan());
  EXPECT_THAT(kv.Get(KeySpace::kLive, "key", nullptr), IsOkAndHolds(value));
}

TEST(MemoryKvTest, HasNoCheckpoints) {
  MemoryKv kv;
  EXPECT_THAT(kv.Checkpoint("/nowhere", {}), StatusIs(StatusCode::kUnimplemented));
}

}  // namespace
}  // namespace relata
