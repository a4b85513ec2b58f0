#include "storage/rocksdb/rocksdb_tuning.h"

#include <cstddef>

#include "gtest/gtest.h"

namespace relata {
namespace {

constexpr size_t kMebibyte = size_t{1} << 20;

TEST(RocksDbTuningTest, PartsOfTheBlockCacheHoldTheLargestFilters) {
  for (const size_t cache : {32, 64, 100, 256, 1'000, 2'048}) {
    EXPECT_GE(cache >> BlockCacheShardBits(cache * kMebibyte), size_t{32}) << cache;
  }
}

TEST(RocksDbTuningTest, LargeBlockCachesHaveManyParts) {
  EXPECT_EQ(BlockCacheShardBits(0), 0);
  EXPECT_EQ(BlockCacheShardBits(63 * kMebibyte), 0);
  EXPECT_EQ(BlockCacheShardBits(64 * kMebibyte), 1);
  EXPECT_EQ(BlockCacheShardBits(256 * kMebibyte), 3);
  EXPECT_EQ(BlockCacheShardBits(100'000 * kMebibyte), 6);
}

}  // namespace
}  // namespace relata
