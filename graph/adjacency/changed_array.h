#ifndef RELATA_GRAPH_ADJACENCY_CHANGED_ARRAY_H_
#define RELATA_GRAPH_ADJACENCY_CHANGED_ARRAY_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/ids.h"
#include "graph/adjacency/packed_array.h"

namespace relata {

// One relationship of an array, as a commit left it.
struct ArrayChange {
  EntityId neighbour;
  RelationshipId relationship;
  CommitVersion version;
  // What it stands for in the array: `replaced` facts from `position` on, none for a new one.
  uint32_t position = 0;
  uint32_t replaced = 0;
  std::vector<AdjacentFact> facts;  // none: it was deleted

  size_t bytes() const { return sizeof(*this) + facts.capacity() * sizeof(AdjacentFact); }
};

// An array and the changes since it was made, ordered by (neighbour, relationship, version).
// Immutable, so a further change makes another one, which shares those before. It serves readers of
// every version from the array's on.
struct ChangedArray {
  const uint8_t* block = nullptr;
  std::vector<std::shared_ptr<const ArrayChange>> changes;

  size_t bytes() const;
};

// `changed` (null: nothing changed) with one change more, whose position is found in `array`.
std::unique_ptr<ChangedArray> WithChange(const PackedArray& array, const uint8_t* block,
                                         const ChangedArray* changed, ArrayChange change);

// Goes through an array as of `version` in order: `run(begin, end)` for facts of the array itself,
// `change(c)` for a relationship as a commit up to then left it. `changed` may be null.
template <typename Run, typename Change>
void ForEachPart(const PackedArray& array, const ChangedArray* changed, CommitVersion version,
                 Run&& run, Change&& change) {
  uint32_t done = 0;
  const size_t count = changed == nullptr ? 0 : changed->changes.size();
  for (size_t i = 0; i < count;) {
    const RelationshipId relationship = changed->changes[i]->relationship;
    const ArrayChange* newest = nullptr;
    for (; i < count && changed->changes[i]->relationship == relationship; ++i) {
      if (changed->changes[i]->version <= version) newest = changed->changes[i].get();
    }
    if (newest == nullptr) continue;
    if (done < newest->position) run(done, newest->position);
    if (!newest->facts.empty()) change(*newest);
    done = newest->position + newest->replaced;
  }
  if (done < array.size()) run(done, array.size());
}

// All facts as of `version`.
std::vector<AdjacentFact> UnpackFacts(const PackedArray& array, const ChangedArray* changed,
                                      CommitVersion version);

}  // namespace relata

#endif  // RELATA_GRAPH_ADJACENCY_CHANGED_ARRAY_H_
