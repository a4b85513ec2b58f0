#include "graph/adjacency/changed_array.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace relata {
namespace {

// What a shared change costs beside itself.
constexpr size_t kSharedBytes = 32;

auto OrderOf(const ArrayChange& change) {
  return std::tuple(change.neighbour, change.relationship, change.version);
}

}  // namespace

size_t ChangedArray::bytes() const {
  size_t bytes = sizeof(*this) + changes.capacity() * sizeof(changes[0]);
  for (const auto& change : changes) bytes += change->bytes() + kSharedBytes;
  return bytes;
}

std::unique_ptr<ChangedArray> WithChange(const PackedArray& array, const uint8_t* block,
                                         const ChangedArray* changed, ArrayChange change) {
  change.position = array.LowerBound(change.neighbour, change.relationship);
  uint32_t end = change.position;
  while (end < array.size() && array.relationship(end) == change.relationship) ++end;
  change.replaced = end - change.position;
  auto next = std::make_unique<ChangedArray>();
  next->block = block;
  if (changed != nullptr) {
    next->changes.reserve(changed->changes.size() + 1);
    next->changes = changed->changes;
  }
  const auto place = std::upper_bound(
      next->changes.begin(), next->changes.end(), change,
      [](const ArrayChange& a, const auto& b) { return OrderOf(a) < OrderOf(*b); });
  next->changes.insert(place, std::make_shared<const ArrayChange>(std::move(change)));
  return next;
}

std::vector<AdjacentFact> UnpackFacts(const PackedArray& array, const ChangedArray* changed,
                                      CommitVersion version) {
  std::vector<AdjacentFact> facts;
  facts.reserve(array.size());
  ForEachPart(
      array, changed, version,
      [&](uint32_t begin, uint32_t end) {
        for (uint32_t i = begin; i < end; ++i) facts.push_back(array.Get(i));
      },
      [&](const ArrayChange& change) {
        facts.insert(facts.end(), change.facts.begin(), change.facts.end());
      });
  return facts;
}

}  // namespace relata
