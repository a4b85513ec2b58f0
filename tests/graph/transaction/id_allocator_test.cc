#include "graph/transaction/id_allocator.h"

#include <algorithm>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "graph/store/meta_layout.h"
#include "gtest/gtest.h"
#include "storage/memory/memory_kv.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

class IdAllocatorTest : public testing::Test {
 protected:
  std::unique_ptr<IdAllocator> Load() { return IdAllocator::Load(*kv_).value(); }
  // Returns how many writes were staged.
  size_t Commit(IdAllocator& ids, bool refused = false) {
    KvBatch engine;
    VersionedBatch batch(kv_.get(), &engine);
    ids.StageBlocks(batch);
    if (!refused) {
      RELATA_EXPECT_OK(kv_->Write(engine, {}, /*sync=*/true));
      ids.MarkStored();
    }
    return engine.ops().size();
  }

  std::unique_ptr<MemoryKv> kv_ = std::make_unique<MemoryKv>();
};

TEST_F(IdAllocatorTest, IdsStartAtOneAndRiseByKind) {
  const auto ids = Load();
  EXPECT_EQ(ids->NewEntity(), EntityId(1));
  EXPECT_EQ(ids->NewEntity(), EntityId(2));
  EXPECT_EQ(ids->NewRelationship(), RelationshipId(1));
  EXPECT_EQ(ids->NewFact(), FactId(1));
  EXPECT_EQ(ids->NewIndex(), IndexId(1));
}

TEST_F(IdAllocatorTest, CommittedIdsAreNeverGivenAgain) {
  std::set<EntityId> committed;
  for (int opening = 0; opening < 5; ++opening) {
    const auto ids = Load();
    for (int commit = 0; commit < 3; ++commit) {
      for (int i = 0; i < 2000; ++i) EXPECT_TRUE(committed.insert(ids->NewEntity()).second);
      Commit(*ids);
    }
    kv_ = kv_->Crash();
  }
}

TEST_F(IdAllocatorTest, ACommitThatFollowsARefusedGroupStoresTheBlock) {
  const auto ids = Load();
  ids->NewEntity();
  Commit(*ids, /*refused=*/true);
  const EntityId second = ids->NewEntity();
  EXPECT_EQ(Commit(*ids), 1U);
  kv_ = kv_->Crash();
  EXPECT_GT(Load()->NewEntity(), second);
}

TEST_F(IdAllocatorTest, MostCommitsStoreNothing) {
  const auto ids = Load();
  size_t stored = 0;
  for (int i = 0; i < 10'000; ++i) {
    ids->NewFact();
    stored += Commit(*ids);
  }
  EXPECT_GE(stored, 2U);
  EXPECT_LE(stored, 4U);
}

TEST_F(IdAllocatorTest, ThreadsNeverGetOneIdTwice) {
  const auto ids = Load();
  std::vector<std::vector<FactId>> got(4);
  std::vector<std::thread> threads;
  threads.reserve(got.size());
  for (auto& mine : got) {
    threads.emplace_back([&] {
      for (int i = 0; i < 5000; ++i) mine.push_back(ids->NewFact());
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<FactId> all;
  for (const auto& mine : got) {
    EXPECT_TRUE(std::is_sorted(mine.begin(), mine.end()));
    all.insert(mine.begin(), mine.end());
  }
  EXPECT_EQ(all.size(), 20'000U);
}

TEST_F(IdAllocatorTest, SkippingLeavesOutAllThatAnotherGave) {
  const auto other = Load();
  EntityId last;
  for (int i = 0; i < 10; ++i) last = other->NewEntity();
  const auto ids = Load();
  ids->SkipTo(*other);
  EXPECT_GT(ids->NewEntity(), last);
}

TEST_F(IdAllocatorTest, DamageIsDataLoss) {
  KvBatch batch;
  batch.Put(KeySpace::kMeta, MetaPrefix(MetaKind::kIds), std::string("\x01\x05", 2));
  RELATA_ASSERT_OK(kv_->Write(batch, {}, true));
  EXPECT_THAT(IdAllocator::Load(*kv_), StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace relata
