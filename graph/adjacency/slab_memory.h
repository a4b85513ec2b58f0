#ifndef RELATA_GRAPH_ADJACENCY_SLAB_MEMORY_H_
#define RELATA_GRAPH_ADJACENCY_SLAB_MEMORY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace relata {

// Memory for many small blocks of bytes: most adjacency arrays are shorter than what a general
// allocator adds to each. Blocks up to kLargestSmall bytes come from slabs, each of blocks of one
// size (a multiple of eight); larger ones from the general allocator. An empty slab is given back.
// Blocks are aligned to eight bytes. Where there are many slabs they lie in regions for which the
// system is asked for huge pages: arrays and columns are read here and there, and with pages of
// 4 KiB most reads would first wait for the page tables. Not thread-safe.
class SlabMemory {
 public:
  SlabMemory() = default;
  ~SlabMemory();
  SlabMemory(const SlabMemory&) = delete;
  SlabMemory& operator=(const SlabMemory&) = delete;

  uint8_t* Allocate(size_t bytes);
  // `bytes`: as given to Allocate.
  void Free(uint8_t* block, size_t bytes);
  // What a block of that size takes, the rounding included.
  static size_t BytesOf(size_t bytes);
  // Bytes taken from the system: blocks in use, and free ones in slabs.
  size_t held_bytes() const { return held_bytes_; }

 private:
  static constexpr size_t kLargestSmall = 512;
  static constexpr size_t kSlabBytes = size_t{16} << 10;  // also their alignment
  static constexpr size_t kUnit = 8;
  static constexpr size_t kCacheLine = 64;
  // A huge page of x86-64 and AArch64.
  static constexpr size_t kRegionBytes = size_t{2} << 20;
  // Slabs are single ones up to so much: what is not used of the last region is little then.
  static constexpr size_t kSingleSlabs = size_t{16} << 20;
  // What the general allocator adds to a block, and the multiple that it rounds to.
  static constexpr size_t kLargeHeader = 8;
  static constexpr size_t kLargeUnit = 16;

  // Slabs side by side.
  struct Region {
    uint8_t* memory = nullptr;
    std::vector<uint8_t*> free;  // slabs that are not in use
  };
  // At the start of its memory.
  struct Slab {
    Region* region = nullptr;  // null: a single one
    uint32_t block_bytes = 0;
    uint32_t live = 0;
    uint32_t fresh = 0;         // the offset from which on no block was given out yet
    uint8_t* free = nullptr;    // a list through the blocks
    Slab* next_open = nullptr;  // of those with room, of the same size
    Slab* previous_open = nullptr;
    bool open = false;
  };

  Slab* NewSlab(size_t size_class);
  Region* RegionWithRoom();
  void GiveBack(Slab* slab);
  void Open(Slab* slab);
  void Close(Slab* slab);

  std::array<Slab*, kLargestSmall / kUnit + 1> open_{};
  std::vector<std::unique_ptr<Region>> regions_;
  size_t held_bytes_ = 0;
};

}  // namespace relata

#endif  // RELATA_GRAPH_ADJACENCY_SLAB_MEMORY_H_
