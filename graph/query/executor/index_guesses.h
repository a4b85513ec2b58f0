#ifndef RELATA_GRAPH_QUERY_EXECUTOR_INDEX_GUESSES_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_INDEX_GUESSES_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "absl/hash/hash.h"
#include "base/ids.h"
#include "graph/values/value.h"

namespace relata::query {

// Which entity was found last for a value of a unique index. A guess: it may be of another value,
// or the entity may not hold the value any more, so whoever takes one looks whether it does. Then
// no other entity does, as a unique constraint counts every fact whatever its time and sources, and
// the index need not be read. Nothing has to be told of commits. Thread-safe, without locks; of
// fixed size.
class IndexGuesses {
 public:
  // Invalid: none.
  EntityId Find(IndexId index, const Value& value) const {
    return EntityId(places_[PlaceOf(index, value)].load(std::memory_order_relaxed));
  }
  void Keep(IndexId index, const Value& value, EntityId entity) {
    places_[PlaceOf(index, value)].store(entity.value(), std::memory_order_relaxed);
  }

 private:
  static constexpr size_t kPlaces = size_t{1} << 17;
  static size_t PlaceOf(IndexId index, const Value& value) {
    return absl::HashOf(index.value(), HashValue(value)) % kPlaces;
  }

  std::array<std::atomic<uint64_t>, kPlaces> places_{};
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_INDEX_GUESSES_H_
