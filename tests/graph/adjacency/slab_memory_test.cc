#include "graph/adjacency/slab_memory.h"

#include <algorithm>
#include <cstring>
#include <random>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace relata {
namespace {

TEST(SlabMemoryTest, BlocksDoNotOverlap) {
  SlabMemory memory;
  std::mt19937_64 random(3);
  struct Block {
    uint8_t* data;
    size_t bytes;
    uint8_t mark;
  };
  std::vector<Block> blocks;
  for (int i = 0; i < 20'000; ++i) {
    if (!blocks.empty() && random() % 3 == 0) {
      std::swap(blocks[random() % blocks.size()], blocks.back());
      for (size_t k = 0; k < blocks.back().bytes; ++k) {
        ASSERT_EQ(blocks.back().data[k], blocks.back().mark);
      }
      memory.Free(blocks.back().data, blocks.back().bytes);
      blocks.pop_back();
      continue;
    }
    const size_t bytes = random() % 10 == 0 ? random() % 4'000 + 1 : random() % 512 + 1;
    Block block{memory.Allocate(bytes), bytes, static_cast<uint8_t>(i)};
    ASSERT_EQ(reinterpret_cast<uintptr_t>(block.data) % 8, 0u);
    std::memset(block.data, block.mark, bytes);
    blocks.push_back(block);
  }
  for (const Block& block : blocks) {
    for (size_t k = 0; k < block.bytes; ++k) ASSERT_EQ(block.data[k], block.mark);
    memory.Free(block.data, block.bytes);
  }
}

TEST(SlabMemoryTest, HoldsLittleMoreThanTheBlocks) {
  SlabMemory memory;
  std::vector<uint8_t*> blocks;
  blocks.reserve(100'000);
  for (int i = 0; i < 100'000; ++i) blocks.push_back(memory.Allocate(44));
  EXPECT_EQ(SlabMemory::BytesOf(44), 48u);
  EXPECT_LT(memory.held_bytes(), 100'000u * 48 * 102 / 100);
  for (uint8_t* block : blocks) memory.Free(block, 44);
  EXPECT_LE(memory.held_bytes(), size_t{16} << 10) << "empty slabs are given back";
}

// More than stand alone.
TEST(SlabMemoryTest, RegionsOfManySlabsAreGivenBack) {
  constexpr size_t kBlock = 160;
  constexpr size_t kRegion = size_t{2} << 20;
  SlabMemory memory;
  std::vector<uint8_t*> blocks(size_t{48 << 20} / kBlock);
  for (size_t i = 0; i < blocks.size(); ++i) {
    blocks[i] = memory.Allocate(kBlock);
    std::memset(blocks[i], static_cast<int>(i % 251), kBlock);
  }
  EXPECT_LT(memory.held_bytes(), blocks.size() * kBlock * 102 / 100 + kRegion);
  // Half of each slab, and all of it later.
  std::shuffle(blocks.begin(), blocks.end(), std::mt19937_64(3));
  const size_t held = memory.held_bytes();
  for (size_t i = 0; i < blocks.size() / 2; ++i) memory.Free(blocks[i], kBlock);
  for (size_t i = 0; i < blocks.size() / 2; ++i) {
    blocks[i] = memory.Allocate(kBlock);
    std::memset(blocks[i], 7, kBlock);
  }
  EXPECT_EQ(memory.held_bytes(), held);
  for (uint8_t* block : blocks) {
    ASSERT_EQ(std::memcmp(block, block + 1, kBlock - 1), 0) << "all bytes are the same";
    memory.Free(block, kBlock);
  }
  EXPECT_LE(memory.held_bytes(), kRegion);
}

TEST(SlabMemoryTest, FreedBlocksAreUsedAgain) {
  SlabMemory memory;
  std::vector<uint8_t*> blocks;
  blocks.reserve(10'000);
  for (int i = 0; i < 10'000; ++i) blocks.push_back(memory.Allocate(64));
  const size_t held = memory.held_bytes();
  for (size_t i = 0; i < blocks.size(); i += 2) memory.Free(blocks[i], 64);
  for (size_t i = 0; i < blocks.size(); i += 2) blocks[i] = memory.Allocate(64);
  EXPECT_EQ(memory.held_bytes(), held);
  for (uint8_t* block : blocks) memory.Free(block, 64);
}

}  // namespace
}  // namespace relata
