#ifndef RELATA_GRAPH_ADJACENCY_PACKED_ENDS_H_
#define RELATA_GRAPH_ADJACENCY_PACKED_ENDS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/ids.h"
#include "graph/adjacency/packed_array.h"
#include "graph/values/bound.h"

namespace relata {

// The neighbours of a packed array of which no fact needs a look: for searches that ask where edges
// lead and nothing else. Most arrays are so, and short, and then the decoding of a whole header
// takes longer than what is read of it. A view of the block, borrowed.
class PackedEnds {
 public:
  // An instant that facts are to be valid at, made ready to be compared with what headers hold.
  // Costs some divisions once.
  class ValidAt {
   public:
    // Precondition: not kPlusInfinity, at which nothing is valid.
    explicit ValidAt(Instant t);

   private:
    friend class PackedEnds;
    // By class and unit of the from-bounds: all facts of an array are certainly valid where its
    // base is no greater.
    std::array<int64_t, 16> greatest_base_;
  };

  // False where some fact of the block might not be an edge under the default policy at that
  // instant, or not the only one of its relationship: then PackedArray tells.
  bool Read(const uint8_t* block, const ValidAt& at) {
    const auto word = Load<uint32_t>(block + kWordAt);
    if ((word & kNeverPlain) != 0) return false;
    size_ = Load<uint16_t>(block + kCountAt);
    const uint8_t* place = block + kBasesAt;
    size_t after_bases = 0;
    if ((word & PackedArray::kExtended) != 0) {
      const auto extension = Load<uint32_t>(place);
      if ((extension & kNotPlain) != 0) return false;
      place += sizeof(extension);
      if ((extension & PackedArray::kFactBase) != 0) after_bases = sizeof(uint64_t);
    }
    base_ = 0;
    if ((word & PackedArray::kNeighbourBase) != 0) {
      base_ = Load<uint32_t>(place);
      place += sizeof(uint32_t);
    }
    if ((word & PackedArray::kRelationshipBase) != 0) place += sizeof(uint32_t);
    const uint32_t kind = (word >> PackedArray::kFromClass) & 15;
    const uint32_t bounds = kind & 3;
    int64_t from_base = 0;
    if (bounds == static_cast<uint32_t>(PackedArray::BoundClass::kInstant)) {
      from_base = Load<int64_t>(place);
      place += sizeof(int64_t);
    } else if (bounds == static_cast<uint32_t>(PackedArray::BoundClass::kDay)) {
      from_base = Load<int32_t>(place);
      place += sizeof(int32_t);
    }
    if (from_base > at.greatest_base_[kind]) return false;
    PackedArray::Place(PackedArray::WidthIn(word, PackedArray::kNeighbourWidth), 0,
                       place += after_bases, neighbours_);
    return true;
  }

  uint32_t size() const { return size_; }
  // The neighbours [begin, end), in the order of the array.
  void Copy(uint32_t begin, uint32_t end, EntityId* out) const {
    const BitColumn neighbours = neighbours_;
    const uint64_t base = base_;
    for (uint32_t i = begin; i < end; ++i) *out++ = EntityId(base + neighbours.At(i));
  }

 private:
  // Where a block has its word, its count (of two bytes) and what follows.
  static constexpr size_t kWordAt = 4;
  static constexpr size_t kCountAt = 8;
  static constexpr size_t kBasesAt = 10;
  static constexpr uint32_t kNeverPlain =
      PackedArray::kLongCount | PackedArray::kWideBases | PackedArray::kRepeats;
  static constexpr uint32_t kNotPlain = PackedArray::kHidden | 3U << PackedArray::kToClass;

  template <typename T>
  static T Load(const uint8_t* at) {
    T value;
    std::memcpy(&value, at, sizeof(value));
    return value;
  }

  uint32_t size_ = 0;
  uint64_t base_ = 0;
  BitColumn neighbours_;
};

}  // namespace relata

#endif  // RELATA_GRAPH_ADJACENCY_PACKED_ENDS_H_
