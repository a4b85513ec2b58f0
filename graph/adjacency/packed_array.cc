#include "graph/adjacency/packed_array.h"

#include <array>
#include <limits>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace relata {
namespace {

uint32_t BitsOf(uint64_t range) {
  const auto bits = static_cast<uint32_t>(std::bit_width(range));
  return bits > 57 ? 64 : bits;
}

int64_t SaturatedMinus(int64_t a, int64_t b) {
  int64_t out = 0;
  if (!__builtin_sub_overflow(a, b, &out)) return out;
  return a < 0 ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int64_t>::max();
}

// The least code of a column that passes, given the least distance. Where the largest code stands
// for unbounded, it passes always.
uint64_t LeastCode(int64_t distance, bool open, uint64_t mask) {
  if (distance <= 0) return 0;
  const auto least = static_cast<uint64_t>(distance);
  return open ? std::min(least, mask) : least;
}

}  // namespace

// Chooses the form of an array and writes it.
class ArrayPacker {
 public:
  ArrayPacker(absl::Span<const AdjacentFact> facts, std::optional<uint64_t> fact_distance)
      : facts_(facts) {
    ChooseIds();
    ChooseTimes();
    ChooseFacts(fact_distance);
    ChooseDigests();
  }

  std::vector<uint8_t> Write(uint32_t since) {
    const auto count = static_cast<uint32_t>(facts_.size());
    if (count > std::numeric_limits<uint16_t>::max()) word_ |= PackedArray::kLongCount;
    if (extension_ != 0) word_ |= PackedArray::kExtended;
    Append(since);
    Append(word_);
    if ((word_ & PackedArray::kLongCount) != 0) {
      Append(count);
    } else {
      Append(static_cast<uint16_t>(count));
    }
    if (extension_ != 0) Append(extension_);
    if ((word_ & PackedArray::kNeighbourBase) != 0) AppendIdBase(neighbour_base_);
    if ((word_ & PackedArray::kRelationshipBase) != 0) AppendIdBase(relationship_base_);
    AppendBase(from_);
    AppendBase(to_);
    if ((extension_ & PackedArray::kFactBase) != 0) Append(fact_base_);
    if (from_.bounds == Class::kTable) WriteTable();
    WriteColumns();
    return std::move(block_);
  }

 private:
  using Class = PackedArray::BoundClass;
  using Unit = PackedArray::Unit;
  // How one side's bounds are kept.
  struct Side {
    Class bounds = Class::kUnbounded;
    Unit unit = Unit::kMicros;
    bool open = false;  // some are unbounded
    int64_t base = 0;
    uint32_t width = 0;
  };

  void ChooseIds() {
    uint64_t neighbours[2] = {UINT64_MAX, 0};
    uint64_t relationships[2] = {UINT64_MAX, 0};
    for (const AdjacentFact& fact : facts_) {
      neighbours[0] = std::min(neighbours[0], fact.neighbour.value());
      neighbours[1] = std::max(neighbours[1], fact.neighbour.value());
      relationships[0] = std::min(relationships[0], fact.relationship.value());
      relationships[1] = std::max(relationships[1], fact.relationship.value());
    }
    for (size_t i = 1; i < facts_.size(); ++i) {
      if (facts_[i].relationship == facts_[i - 1].relationship) word_ |= PackedArray::kRepeats;
    }
    if (std::max(neighbours[1], relationships[1]) > UINT32_MAX) word_ |= PackedArray::kWideBases;
    neighbour_width_ =
        ChooseBase(neighbours[0], neighbours[1], PackedArray::kNeighbourBase, neighbour_base_);
    relationship_width_ = ChooseBase(relationships[0], relationships[1],
                                     PackedArray::kRelationshipBase, relationship_base_);
    word_ |= FieldOf(neighbour_width_) << PackedArray::kNeighbourWidth;
    word_ |= FieldOf(relationship_width_) << PackedArray::kRelationshipWidth;
  }

  // A base costs its bytes once, a wider column some bits for each fact.
  uint32_t ChooseBase(uint64_t least, uint64_t most, uint32_t flag, uint64_t& base) {
    const uint32_t with = BitsOf(most - least);
    const uint32_t without = BitsOf(most);
    const size_t base_bits = (word_ & PackedArray::kWideBases) != 0 ? 64 : 32;
    if (size_t{without - with} * facts_.size() <= base_bits) return without;
    word_ |= flag;
    base = least;
    return with;
  }

  static uint32_t FieldOf(uint32_t width) { return std::min(width, PackedArray::kWidthMask); }

  void ChooseTimes() {
    const bool compact = ChooseSide(&Interval::from, BoundRole::kFrom, from_) &&
                         ChooseSide(&Interval::to, BoundRole::kTo, to_);
    if (!compact) {
      to_ = Side();
      from_ = Side();
      from_.bounds = Class::kTable;
      ChooseTable();
    }
    word_ |= static_cast<uint32_t>(from_.bounds) << PackedArray::kFromClass;
    word_ |= static_cast<uint32_t>(from_.unit) << PackedArray::kFromUnit;
    word_ |= FieldOf(from_.width) << PackedArray::kFromWidth;
    extension_ |= FieldOf(to_.width) << PackedArray::kToWidth;
    extension_ |= static_cast<uint32_t>(to_.bounds) << PackedArray::kToClass;
    extension_ |= static_cast<uint32_t>(to_.unit) << PackedArray::kToUnit;
    if (from_.open) extension_ |= PackedArray::kOpenFrom;
    if (to_.open) extension_ |= PackedArray::kOpenTo;
  }

  // Whether the bounds of a side are all unbounded or of one plain kind.
  bool ChooseSide(Bound Interval::*bound, BoundRole role, Side& side) {
    std::array<bool, 4> divides = {true, true, true, true};
    Instant least = kPlusInfinity;
    Instant most = kMinusInfinity;
    for (const AdjacentFact& fact : facts_) {
      const Bound& b = fact.valid.*bound;
      if (b == Bound::Unbounded(role)) {
        side.open = true;
        continue;
      }
      const Class bounds = ClassOf(b);
      if (bounds == Class::kTable) return false;
      if (side.bounds == Class::kUnbounded) side.bounds = bounds;
      if (side.bounds != bounds) return false;
      for (size_t unit = 0; unit < divides.size(); ++unit) {
        divides[unit] &= b.earliest % PackedArray::MicrosOf(static_cast<Unit>(unit)) == 0;
      }
      least = std::min(least, b.earliest);
      most = std::max(most, b.earliest);
    }
    if (side.bounds == Class::kUnbounded) {
      side.open = false;
      return true;
    }
    for (size_t unit = 0; unit < divides.size(); ++unit) {
      if (divides[unit]) side.unit = static_cast<Unit>(unit);
    }
    const int64_t micros = PackedArray::MicrosOf(side.unit);
    side.base = (role == BoundRole::kFrom ? most : least) / micros;
    const uint64_t range =
        static_cast<uint64_t>(most / micros) - static_cast<uint64_t>(least / micros);
    side.width = BitsOf(range + (side.open ? 1 : 0));
    // Farther apart than the calendar of years that people write: codes stay small.
    if (side.width == 64) return false;
    return true;
  }

  // kTable: nothing but the table can hold it.
  static Class ClassOf(const Bound& b) {
    constexpr int64_t kDay = 86'400'000'000;
    if (b.kind == BoundKind::kInstant && b == Bound::At(b.earliest)) return Class::kInstant;
    Bound day;
    day.earliest = b.earliest;
    day.latest = b.earliest + kDay;
    day.kind = BoundKind::kDay;
    return b == day && b.earliest % kDay == 0 ? Class::kDay : Class::kTable;
  }

  void ChooseTable() {
    absl::flat_hash_map<std::pair<Instant, Instant>, std::vector<uint32_t>> known;
    for (const AdjacentFact& fact : facts_) {
      std::vector<uint32_t>& alike = known[{fact.valid.from.earliest, fact.valid.to.earliest}];
      const auto found = std::find_if(alike.begin(), alike.end(), [&](uint32_t entry) {
        return table_[entry].valid == fact.valid && table_[entry].certain_from == fact.certain_from;
      });
      if (found != alike.end()) {
        entry_of_.push_back(*found);
        continue;
      }
      alike.push_back(static_cast<uint32_t>(table_.size()));
      entry_of_.push_back(alike.back());
      table_.push_back({fact.valid, fact.certain_from});
    }
    from_.width = BitsOf(table_.size() - 1);
  }

  void ChooseFacts(std::optional<uint64_t> fact_distance) {
    if (facts_.empty()) return;
    const std::optional<uint64_t> common = CommonFactDistance(facts_);
    if (common && common == fact_distance) return;
    extension_ |= PackedArray::kFactBase;
    auto least = std::numeric_limits<int64_t>::max();
    auto most = std::numeric_limits<int64_t>::min();
    for (const AdjacentFact& fact : facts_) {
      const auto distance = static_cast<int64_t>(fact.fact.value() - fact.relationship.value());
      least = std::min(least, distance);
      most = std::max(most, distance);
    }
    fact_base_ = static_cast<uint64_t>(least);
    fact_width_ = BitsOf(static_cast<uint64_t>(most) - static_cast<uint64_t>(least));
    extension_ |= FieldOf(fact_width_) << PackedArray::kFactWidth;
  }

  static uint64_t BitsOfDigest(const BeliefDigest& digest) {
    return static_cast<uint64_t>(digest.status) | uint64_t{digest.sources} << 2;
  }

  void ChooseDigests() {
    if (facts_.empty()) return;
    const uint64_t first = BitsOfDigest(facts_[0].digest);
    for (const AdjacentFact& fact : facts_) {
      if (BitsOfDigest(fact.digest) != first) extension_ |= PackedArray::kDigestColumn;
      if (!fact.digest.visible()) extension_ |= PackedArray::kHidden;
    }
    if ((extension_ & PackedArray::kDigestColumn) == 0) {
      extension_ |= static_cast<uint32_t>(first) << PackedArray::kDigest;
    }
  }

  template <typename T>
  void Append(const T& value) {
    const size_t end = block_.size();
    block_.resize(end + sizeof(T));
    std::memcpy(block_.data() + end, &value, sizeof(T));
  }
  void AppendIdBase(uint64_t base) {
    if ((word_ & PackedArray::kWideBases) != 0) {
      Append(base);
    } else {
      Append(static_cast<uint32_t>(base));
    }
  }
  void AppendBase(const Side& side) {
    if (side.bounds == Class::kDay) Append(static_cast<int32_t>(side.base));
    if (side.bounds == Class::kInstant) Append(side.base);
  }

  void WriteTable() {
    Instant safe_from = kMinusInfinity;
    Instant safe_to = kPlusInfinity;
    for (const PackedArray::TimeEntry& entry : table_) {
      safe_from = std::max(safe_from, entry.valid.from.latest);
      safe_to = std::min(safe_to, entry.valid.to.earliest);
    }
    Append(safe_from);
    Append(safe_to);
    Append(static_cast<uint32_t>(table_.size()));
    for (const PackedArray::TimeEntry& entry : table_) Append(entry);
  }

  // What the column of a side holds of a bound.
  static uint64_t CodeOf(const Side& side, const Bound& bound, BoundRole role) {
    if (side.bounds == Class::kUnbounded) return 0;
    if (bound.kind == BoundKind::kUnbounded) return ~uint64_t{0};
    const int64_t units = bound.earliest / PackedArray::MicrosOf(side.unit);
    return static_cast<uint64_t>(role == BoundRole::kFrom ? side.base - units : units - side.base);
  }

  void WriteColumns() {
    WriteColumn(neighbour_width_,
                [&](size_t i) { return facts_[i].neighbour.value() - neighbour_base_; });
    WriteColumn(relationship_width_,
                [&](size_t i) { return facts_[i].relationship.value() - relationship_base_; });
    WriteColumn(from_.width, [&](size_t i) {
      return from_.bounds == Class::kTable ? entry_of_[i]
                                           : CodeOf(from_, facts_[i].valid.from, BoundRole::kFrom);
    });
    WriteColumn(to_.width,
                [&](size_t i) { return CodeOf(to_, facts_[i].valid.to, BoundRole::kTo); });
    WriteColumn(fact_width_, [&](size_t i) {
      return facts_[i].fact.value() - facts_[i].relationship.value() - fact_base_;
    });
    if ((extension_ & PackedArray::kDigestColumn) != 0) {
      WriteColumn(PackedArray::kDigestWidth,
                  [&](size_t i) { return BitsOfDigest(facts_[i].digest); });
    }
  }

  template <typename Number>
  void WriteColumn(uint32_t width, Number number) {
    const size_t start = block_.size();
    block_.resize(start + (size_t{width} * facts_.size() + 7) / 8);
    if (width == 0) return;
    const uint64_t mask = ~uint64_t{0} >> (64 - width);
    for (size_t i = 0; i < facts_.size(); ++i) {
      const size_t end_bit = (i + 1) * width;
      const size_t end_byte = (end_bit + 7) >> 3;
      uint8_t* const place = block_.data() + start + end_byte - sizeof(uint64_t);
      uint64_t word;
      std::memcpy(&word, place, sizeof(word));
      word |= (number(i) & mask) << (64 - width - ((end_byte << 3) - end_bit));
      std::memcpy(place, &word, sizeof(word));
    }
  }

  const absl::Span<const AdjacentFact> facts_;
  uint32_t word_ = 0;
  uint32_t extension_ = 0;
  uint32_t neighbour_width_ = 0;
  uint32_t relationship_width_ = 0;
  uint32_t fact_width_ = 0;
  uint64_t neighbour_base_ = 0;
  uint64_t relationship_base_ = 0;
  uint64_t fact_base_ = 0;
  Side from_;
  Side to_;
  std::vector<PackedArray::TimeEntry> table_;
  std::vector<uint32_t> entry_of_;  // by fact
  std::vector<uint8_t> block_;
};

std::vector<uint8_t> PackFacts(absl::Span<const AdjacentFact> facts, uint32_t since,
                               std::optional<uint64_t> fact_distance) {
  return ArrayPacker(facts, fact_distance).Write(since);
}

std::optional<uint64_t> CommonFactDistance(absl::Span<const AdjacentFact> facts) {
  const uint64_t first = facts[0].fact.value() - facts[0].relationship.value();
  for (const AdjacentFact& fact : facts) {
    if (fact.fact.value() - fact.relationship.value() != first) return std::nullopt;
  }
  return first;
}

PackedArray::TimeEntry PackedArray::TableEntry(uint64_t index) const {
  TimeEntry entry;
  std::memcpy(&entry, table_ + index * sizeof(entry), sizeof(entry));
  return entry;
}

Bound PackedArray::FromBound(uint64_t code) const {
  if (from_class_ == BoundClass::kUnbounded || (open_from_ && code == froms_.mask)) {
    return Bound::Unbounded(BoundRole::kFrom);
  }
  Bound bound = Bound::At((from_base_ - static_cast<int64_t>(code)) * MicrosOf(from_unit_));
  if (from_class_ == BoundClass::kDay) {
    bound.kind = BoundKind::kDay;
    bound.latest += MicrosOf(Unit::kDays);
  }
  return bound;
}

Bound PackedArray::ToBound(uint64_t code) const {
  if (to_class_ == BoundClass::kUnbounded || (open_to_ && code == tos_.mask)) {
    return Bound::Unbounded(BoundRole::kTo);
  }
  Bound bound = Bound::At((to_base_ + static_cast<int64_t>(code)) * MicrosOf(to_unit_));
  if (to_class_ == BoundClass::kDay) {
    bound.kind = BoundKind::kDay;
    bound.latest += MicrosOf(Unit::kDays);
  }
  return bound;
}

Interval PackedArray::valid(size_t i) const {
  if (table_ != nullptr) return TableEntry(froms_.At(i)).valid;
  return {FromBound(froms_.At(i)), ToBound(tos_.At(i))};
}

Instant PackedArray::certain_from(size_t i) const {
  return table_ != nullptr ? TableEntry(froms_.At(i)).certain_from : kPlusInfinity;
}

AdjacentFact PackedArray::Get(size_t i) const {
  return {neighbour(i), relationship(i), fact(i), valid(i), certain_from(i), digest(i)};
}

PackedArray::InstantTest PackedArray::TestAt(Instant t, bool certainly) const {
  InstantTest test;
  // Nothing is valid at the end of time, what is unbounded neither.
  if (table_ != nullptr || t == kPlusInfinity) return test;
  test.exists = true;
  if (from_class_ != BoundClass::kUnbounded) {
    // Valid from the first instant of the bound on, certainly from its end on.
    const int64_t length = certainly && from_class_ == BoundClass::kDay ? MicrosOf(Unit::kDays) : 0;
    const int64_t units = UnitsBefore(SaturatedMinus(t, length), from_unit_);
    test.least_from = LeastCode(SaturatedMinus(from_base_, units), open_from_, froms_.mask);
  }
  if (to_class_ != BoundClass::kUnbounded) {
    // Valid before the end of the bound, certainly before its first instant.
    const int64_t length = !certainly && to_class_ == BoundClass::kDay ? MicrosOf(Unit::kDays) : 0;
    const int64_t units = UnitsBefore(SaturatedMinus(t, length), to_unit_);
    test.least_to =
        LeastCode(SaturatedMinus(SaturatedMinus(units, to_base_), -1), open_to_, tos_.mask);
  }
  return test;
}

uint32_t PackedArray::LowerBound(EntityId wanted, RelationshipId wanted_relationship) const {
  uint32_t begin = 0;
  uint32_t end = size_;
  while (begin < end) {
    const uint32_t middle = begin + (end - begin) / 2;
    const EntityId there = neighbour(middle);
    if (there < wanted || (there == wanted && relationship(middle) < wanted_relationship)) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin;
}

}  // namespace relata
