#ifndef RELATA_GRAPH_ADJACENCY_PACKED_ARRAY_H_
#define RELATA_GRAPH_ADJACENCY_PACKED_ARRAY_H_

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "base/ids.h"
#include "graph/facts/belief.h"
#include "graph/values/bound.h"

namespace relata {

// One fact in an adjacency array, unpacked.
struct AdjacentFact {
  EntityId neighbour;
  RelationshipId relationship;
  FactId fact;
  Interval valid;
  Instant certain_from = kPlusInfinity;  // Belief::certain_from where the from-bound is unknown
  BeliefDigest digest;
  bool operator==(const AdjacentFact&) const = default;
};

// A column of unsigned numbers of `width` bits each (0 to 57, or 64), one after the other. It is
// read by eight-byte loads that end where the number ends, so eight bytes before the column must be
// readable, and none after it.
struct BitColumn {
  const uint8_t* data = nullptr;
  uint32_t width = 0;
  uint64_t mask = 0;

  uint64_t At(size_t i) const {
    const size_t end_bit = (i + 1) * width;
    const size_t end_byte = (end_bit + 7) >> 3;
    uint64_t word;
    std::memcpy(&word, data + end_byte - sizeof(word), sizeof(word));
    // The number's lowest bit within the word; 64 where the width is 0, and the mask then takes all
    // away.
    const size_t shift = 64 - width - ((end_byte << 3) - end_bit);
    return (word >> (shift & 63)) & mask;
  }
};

// Columns are read as they lie in memory.
static_assert(std::endian::native == std::endian::little);

// The facts at one vertex in one direction and type, ordered by (neighbour, relationship), the
// facts of a relationship in rank order under the default policy; immutable, one block of bytes.
// This is a view of such a block with its header decoded: made in some nanoseconds, borrowed.
//
// The block: `since` u32; word u32 (fields below); count u16 or u32; extension u32 where the word
// says so; bases; where intervals stand in a table, the two bounds of the safe range and the table;
// columns: neighbour, relationship, from, to, fact, digest. Each column has the width that the
// range of its values needs and holds distances from a base: from-bounds below the latest, so that
// the base is the greatest; to-bounds above the earliest. What all facts share takes no column.
class PackedArray {
 public:
  PackedArray() = default;
  // `fact_distance`: what FactId less RelationshipId is in all arrays of the lane that do not say
  // otherwise.
  PackedArray(const uint8_t* block, uint64_t fact_distance) { Decode(block, fact_distance); }

  uint32_t size() const { return size_; }
  // Of the block.
  size_t bytes() const { return bytes_; }
  // The version from which on it is exact, as a distance from where the cache begins to count.
  uint32_t since() const { return since_; }
  // Whether every fact is of another relationship.
  bool single() const { return single_; }
  // Whether the default policy shows every fact.
  bool all_visible() const { return !has_hidden_; }
  // Whether every fact is certainly valid at that instant, so that none needs a look.
  bool AllValidAt(Instant t) const { return safe_from_ <= t && t < safe_to_; }
  Instant safe_from() const { return safe_from_; }
  Instant safe_to() const { return safe_to_; }

  EntityId neighbour(size_t i) const { return EntityId(neighbour_base_ + neighbours_.At(i)); }
  RelationshipId relationship(size_t i) const {
    return RelationshipId(relationship_base_ + relationships_.At(i));
  }
  FactId fact(size_t i) const {
    return FactId(relationship(i).value() + fact_base_ + facts_.At(i));
  }
  BeliefDigest digest(size_t i) const { return ToDigest(digest_base_ | digests_.At(i)); }
  Interval valid(size_t i) const;
  Instant certain_from(size_t i) const;
  AdjacentFact Get(size_t i) const;

  // A test of a fact against an instant that needs no interval: by comparing what the columns hold.
  struct InstantTest {
    // Whether there is such a test for the array; else look at the interval of each fact.
    bool exists = false;
    uint64_t least_from = 0;
    uint64_t least_to = 0;
  };
  InstantTest TestAt(Instant t, bool certainly) const;
  bool Passes(const InstantTest& test, size_t i) const {
    return froms_.At(i) >= test.least_from && tos_.At(i) >= test.least_to;
  }

  // The first fact at or after (neighbour, relationship).
  uint32_t LowerBound(EntityId neighbour, RelationshipId relationship) const;

 private:
  friend class ArrayPacker;
  friend class PackedEnds;

  // How the bounds of one side are kept.
  enum class BoundClass : uint8_t {
    kUnbounded = 0,
    kDay = 1,
    kInstant = 2,
    kTable = 3,  // of the from side: intervals stand in a table, the column says where
  };
  // The units that instants are counted in.
  enum class Unit : uint8_t { kMicros = 0, kMillis = 1, kSeconds = 2, kDays = 3 };
  static int64_t MicrosOf(Unit unit);
  // Whole units up to the instant, rounded down.
  static int64_t UnitsBefore(Instant t, Unit unit) {
    const int64_t micros = MicrosOf(unit);
    const int64_t units = t / micros;
    return units * micros > t ? units - 1 : units;
  }

  // Fields of the word.
  static constexpr uint32_t kWidthBits = 6;
  static constexpr uint32_t kWidthMask = 63;
  static constexpr int kNeighbourWidth = 0;
  static constexpr int kRelationshipWidth = 6;
  static constexpr int kFromWidth = 12;
  static constexpr int kFromClass = 18;  // 2 bits
  static constexpr int kFromUnit = 20;   // 2 bits
  static constexpr uint32_t kLongCount = 1u << 22;
  static constexpr uint32_t kExtended = 1u << 23;
  static constexpr uint32_t kNeighbourBase = 1u << 24;
  static constexpr uint32_t kRelationshipBase = 1u << 25;
  static constexpr uint32_t kWideBases = 1u << 26;  // of eight bytes instead of four
  static constexpr uint32_t kRepeats = 1u << 27;    // some relationship has several facts
  // Fields of the extension.
  static constexpr int kToWidth = 0;
  static constexpr int kFactWidth = 6;
  static constexpr int kToClass = 12;
  static constexpr int kToUnit = 14;
  static constexpr int kDigest = 16;  // 4 bits, of all facts
  static constexpr uint32_t kDigestColumn = 1u << 20;
  static constexpr uint32_t kHidden = 1u << 21;
  static constexpr uint32_t kOpenFrom = 1u << 22;  // the largest number stands for unbounded
  static constexpr uint32_t kOpenTo = 1u << 23;
  static constexpr uint32_t kFactBase = 1u << 24;

  // An entry of the table of intervals.
  struct TimeEntry {
    Interval valid;
    Instant certain_from;
  };
  static constexpr uint32_t kDigestWidth = 4;

  template <typename T>
  static T Take(const uint8_t*& at) {
    T value;
    std::memcpy(&value, at, sizeof(value));
    at += sizeof(value);
    return value;
  }
  static BeliefDigest ToDigest(uint64_t bits) {
    return {static_cast<FactStatus>(bits & 3), static_cast<uint8_t>(bits >> 2)};
  }
  // The width that a field holds: 58 and more mean 64.
  static uint32_t WidthIn(uint32_t word, int field) {
    const uint32_t width = (word >> field) & kWidthMask;
    return width > 57 ? 64 : width;
  }
  static void Place(uint32_t width, uint32_t count, const uint8_t*& at, BitColumn& column) {
    column.data = at;
    column.width = width;
    column.mask = width == 0 ? 0 : ~uint64_t{0} >> (64 - width);
    at += (size_t{width} * count + 7) / 8;
  }
  static int64_t TakeBase(BoundClass bounds, const uint8_t*& at) {
    if (bounds == BoundClass::kDay) return Take<int32_t>(at);
    return bounds == BoundClass::kInstant ? Take<int64_t>(at) : 0;
  }
  void Decode(const uint8_t* block, uint64_t fact_distance);
  Bound FromBound(uint64_t code) const;
  Bound ToBound(uint64_t code) const;
  TimeEntry TableEntry(uint64_t index) const;

  uint32_t size_ = 0;
  uint32_t since_ = 0;
  size_t bytes_ = 0;
  bool single_ = true;
  bool has_hidden_ = false;
  bool open_from_ = false;
  bool open_to_ = false;
  BoundClass from_class_ = BoundClass::kUnbounded;
  BoundClass to_class_ = BoundClass::kUnbounded;
  Unit from_unit_ = Unit::kMicros;
  Unit to_unit_ = Unit::kMicros;
  uint8_t digest_base_ = 0;
  uint64_t neighbour_base_ = 0;
  uint64_t relationship_base_ = 0;
  uint64_t fact_base_ = 0;
  int64_t from_base_ = 0;  // in units
  int64_t to_base_ = 0;
  Instant safe_from_ = kMinusInfinity;
  Instant safe_to_ = kPlusInfinity;
  const uint8_t* table_ = nullptr;
  BitColumn neighbours_;
  BitColumn relationships_;
  BitColumn froms_;
  BitColumn tos_;
  BitColumn facts_;
  BitColumn digests_;
};

// The block of the facts, in the order that PackedArray states. `fact_distance`: as PackedArray;
// nullopt: the array says itself.
std::vector<uint8_t> PackFacts(absl::Span<const AdjacentFact> facts, uint32_t since,
                               std::optional<uint64_t> fact_distance);
// FactId less RelationshipId where it is the same of all facts (there is one at least).
std::optional<uint64_t> CommonFactDistance(absl::Span<const AdjacentFact> facts);

inline int64_t PackedArray::MicrosOf(Unit unit) {
  constexpr int64_t kMicros[] = {1, 1'000, 1'000'000, 86'400'000'000};
  return kMicros[static_cast<size_t>(unit)];
}

inline void PackedArray::Decode(const uint8_t* block, uint64_t fact_distance) {
  const uint8_t* at = block;
  since_ = Take<uint32_t>(at);
  const uint32_t word = Take<uint32_t>(at);
  size_ = (word & kLongCount) != 0 ? Take<uint32_t>(at) : Take<uint16_t>(at);
  const uint32_t extension = (word & kExtended) != 0 ? Take<uint32_t>(at) : 0;
  const bool wide = (word & kWideBases) != 0;
  if ((word & kNeighbourBase) != 0) {
    neighbour_base_ = wide ? Take<uint64_t>(at) : Take<uint32_t>(at);
  }
  if ((word & kRelationshipBase) != 0) {
    relationship_base_ = wide ? Take<uint64_t>(at) : Take<uint32_t>(at);
  }
  single_ = (word & kRepeats) == 0;
  from_class_ = static_cast<BoundClass>((word >> kFromClass) & 3);
  from_unit_ = static_cast<Unit>((word >> kFromUnit) & 3);
  from_base_ = TakeBase(from_class_, at);
  fact_base_ = fact_distance;
  if (extension != 0) {
    has_hidden_ = (extension & kHidden) != 0;
    open_from_ = (extension & kOpenFrom) != 0;
    open_to_ = (extension & kOpenTo) != 0;
    digest_base_ = (extension >> kDigest) & 15;
    to_class_ = static_cast<BoundClass>((extension >> kToClass) & 3);
    to_unit_ = static_cast<Unit>((extension >> kToUnit) & 3);
    to_base_ = TakeBase(to_class_, at);
    if ((extension & kFactBase) != 0) fact_base_ = Take<uint64_t>(at);
  }
  if (from_class_ == BoundClass::kTable) {
    safe_from_ = Take<int64_t>(at);
    safe_to_ = Take<int64_t>(at);
    const uint32_t entries = Take<uint32_t>(at);
    table_ = at;
    at += entries * sizeof(TimeEntry);
  } else {
    if (from_class_ != BoundClass::kUnbounded) {
      safe_from_ = from_base_ * MicrosOf(from_unit_);
      if (from_class_ == BoundClass::kDay) safe_from_ += MicrosOf(Unit::kDays);
    }
    if (to_class_ != BoundClass::kUnbounded) safe_to_ = to_base_ * MicrosOf(to_unit_);
  }
  Place(WidthIn(word, kNeighbourWidth), size_, at, neighbours_);
  Place(WidthIn(word, kRelationshipWidth), size_, at, relationships_);
  Place(WidthIn(word, kFromWidth), size_, at, froms_);
  Place(WidthIn(extension, kToWidth), size_, at, tos_);
  Place(WidthIn(extension, kFactWidth), size_, at, facts_);
  Place((extension & kDigestColumn) != 0 ? kDigestWidth : 0, size_, at, digests_);
  bytes_ = static_cast<size_t>(at - block);
}

}  // namespace relata

#endif  // RELATA_GRAPH_ADJACENCY_PACKED_ARRAY_H_
