#include "graph/adjacency/slab_memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

namespace relata {
namespace {

size_t RoundUp(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }

}  // namespace

SlabMemory::~SlabMemory() {
  // Every block was freed before, so every slab has been given back but those that are kept open.
  for (Slab* slab : open_) {
    while (slab != nullptr) {
      Slab* const next = slab->next_open;
      GiveBack(slab);
      slab = next;
    }
  }
}

size_t SlabMemory::BytesOf(size_t bytes) {
  return bytes <= kLargestSmall ? RoundUp(std::max(bytes, kUnit), kUnit)
                                : RoundUp(bytes + kLargeHeader, kLargeUnit);
}

uint8_t* SlabMemory::Allocate(size_t bytes) {
  if (bytes > kLargestSmall) {
    held_bytes_ += BytesOf(bytes);
    return static_cast<uint8_t*>(::operator new(bytes));
  }
  const size_t size_class = BytesOf(bytes) / kUnit;
  Slab* slab = open_[size_class];
  if (slab == nullptr) slab = NewSlab(size_class);
  ++slab->live;
  uint8_t* block = slab->free;
  if (block != nullptr) {
    std::memcpy(&slab->free, block, sizeof(slab->free));
  } else {
    block = reinterpret_cast<uint8_t*>(slab) + slab->fresh;
    slab->fresh += slab->block_bytes;
  }
  if (slab->free == nullptr && slab->fresh + slab->block_bytes > kSlabBytes) Close(slab);
  return block;
}

void SlabMemory::Free(uint8_t* block, size_t bytes) {
  if (bytes > kLargestSmall) {
    held_bytes_ -= BytesOf(bytes);
    ::operator delete(block);
    return;
  }
  const uintptr_t address = reinterpret_cast<uintptr_t>(block) & ~uintptr_t{kSlabBytes - 1};
  // NOLINTNEXTLINE(performance-no-int-to-ptr): a slab starts at a multiple of its size
  auto* const slab = reinterpret_cast<Slab*>(address);
  std::memcpy(block, &slab->free, sizeof(slab->free));
  slab->free = block;
  --slab->live;
  if (!slab->open) Open(slab);
  const bool last_open = slab->next_open == nullptr && slab->previous_open == nullptr;
  if (slab->live > 0 || last_open) return;
  Close(slab);
  GiveBack(slab);
}

void SlabMemory::GiveBack(Slab* slab) {
  Region* const region = slab->region;
  if (region == nullptr) {
    held_bytes_ -= kSlabBytes;
    ::operator delete (slab, std::align_val_t{kSlabBytes});
    return;
  }
  region->free.push_back(reinterpret_cast<uint8_t*>(slab));
  if (region->free.size() < kRegionBytes / kSlabBytes) return;
  held_bytes_ -= kRegionBytes;
  ::operator delete (region->memory, std::align_val_t{kRegionBytes});
  std::erase_if(regions_, [region](const auto& each) { return each.get() == region; });
}

SlabMemory::Slab* SlabMemory::NewSlab(size_t size_class) {
  Region* const region = RegionWithRoom();
  void* memory = nullptr;
  if (region != nullptr) {
    memory = region->free.back();
    region->free.pop_back();
  } else {
    memory = ::operator new (kSlabBytes, std::align_val_t{kSlabBytes});
    held_bytes_ += kSlabBytes;
  }
  Slab* const slab = new (memory) Slab();
  slab->region = region;
  slab->block_bytes = static_cast<uint32_t>(size_class * kUnit);
  slab->fresh = static_cast<uint32_t>(RoundUp(sizeof(Slab), kCacheLine));
  Open(slab);
  return slab;
}

// Null where a single slab is to be taken.
SlabMemory::Region* SlabMemory::RegionWithRoom() {
  for (size_t i = regions_.size(); i-- > 0;) {
    if (!regions_[i]->free.empty()) return regions_[i].get();
  }
  if (held_bytes_ < kSingleSlabs) return nullptr;
  auto region = std::make_unique<Region>();
  region->memory =
      static_cast<uint8_t*>(::operator new (kRegionBytes, std::align_val_t{kRegionBytes}));
  // Where it is refused, pages are as they are.
  madvise(region->memory, kRegionBytes, MADV_HUGEPAGE);
  for (size_t at = kRegionBytes; at > 0; at -= kSlabBytes) {
    region->free.push_back(region->memory + at - kSlabBytes);
  }
  held_bytes_ += kRegionBytes;
  regions_.push_back(std::move(region));
  return regions_.back().get();
}

void SlabMemory::Open(Slab* slab) {
  Slab*& first = open_[slab->block_bytes / kUnit];
  slab->open = true;
  slab->previous_open = nullptr;
  slab->next_open = first;
  if (first != nullptr) first->previous_open = slab;
  first = slab;
}

void SlabMemory::Close(Slab* slab) {
  slab->open = false;
  if (slab->previous_open != nullptr) {
    slab->previous_open->next_open = slab->next_open;
  } else {
    open_[slab->block_bytes / kUnit] = slab->next_open;
  }
  if (slab->next_open != nullptr) slab->next_open->previous_open = slab->previous_open;
}

}  // namespace relata
