#ifndef RELATA_BASE_IDS_H_
#define RELATA_BASE_IDS_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <ostream>
#include <utility>

namespace relata {

// An integer with a meaning of its own. Two ids of different tags do not convert into each other or
// into plain integers, so they cannot be swapped in a call.
//
// The value 0 means "none"; it is what a default-constructed id holds, and no stored thing has it.
// Ids are compared by value, hash with absl::Hash and std::hash, and are as cheap to copy as Rep.
template <typename Tag, typename Rep>
class StrongId {
 public:
  using rep_type = Rep;

  constexpr StrongId() = default;
  explicit constexpr StrongId(Rep value) : value_(value) {}

  constexpr Rep value() const { return value_; }

  // False for "none".
  constexpr bool valid() const { return value_ != 0; }

  // The id one above this one. After the largest value of Rep comes "none".
  constexpr StrongId next() const { return StrongId(static_cast<Rep>(value_ + 1)); }

  friend constexpr auto operator<=>(StrongId a, StrongId b) = default;

  template <typename H>
  friend H AbslHashValue(H state, StrongId id) {
    return H::combine(std::move(state), id.value_);
  }

  // Writes the plain number, for messages and test output.
  friend std::ostream& operator<<(std::ostream& out, StrongId id) { return out << id.value_; }

 private:
  Rep value_ = 0;
};

// A node of the graph. Never reused, also not after the entity is deleted.
using EntityId = StrongId<struct EntityIdTag, uint64_t>;
// The identity of a typed, directed relationship between two entities. Never reused.
using RelationshipId = StrongId<struct RelationshipIdTag, uint64_t>;
// One fact of a relationship or of an entity's property. Never reused.
using FactId = StrongId<struct FactIdTag, uint64_t>;
// An interned label of entities.
using LabelId = StrongId<struct LabelIdTag, uint32_t>;
// An interned type of relationships.
using TypeId = StrongId<struct TypeIdTag, uint32_t>;
// An interned name of a property.
using PropertyId = StrongId<struct PropertyIdTag, uint32_t>;
// A secondary index.
using IndexId = StrongId<struct IndexIdTag, uint32_t>;
// The number of a commit in one database: the first commit is 1, each accepted one adds 1. The
// value 0 is the empty database before the first commit, so here "none" also is a readable version.
using CommitVersion = StrongId<struct CommitVersionTag, uint64_t>;

}  // namespace relata

template <typename Tag, typename Rep>
struct std::hash<relata::StrongId<Tag, Rep>> {
  size_t operator()(relata::StrongId<Tag, Rep> id) const { return std::hash<Rep>()(id.value()); }
};

#endif  // RELATA_BASE_IDS_H_
