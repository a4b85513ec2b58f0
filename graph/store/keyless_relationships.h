#ifndef RELATA_GRAPH_STORE_KEYLESS_RELATIONSHIPS_H_
#define RELATA_GRAPH_STORE_KEYLESS_RELATIONSHIPS_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "base/ids.h"

namespace relata {

// The relationships of one database that are known to have no stable key, so that an answer that
// shows many of them need not read the record of each for it. A key is given when a relationship is
// made and never changes, and ids are never used again: what was added stays true at every version,
// and no commit has to be told. A bit for each id, in pages that are made as ids of theirs are
// added; ids beyond kMostIds are not kept. Thread-safe, takes no lock.
class KeylessRelationships {
 public:
  static constexpr uint64_t kIdsOfPage = uint64_t{1} << 17;  // 16 KiB
  static constexpr uint64_t kPages = 4096;
  static constexpr uint64_t kMostIds = kIdsOfPage * kPages;

  KeylessRelationships() = default;
  ~KeylessRelationships();
  KeylessRelationships(const KeylessRelationships&) = delete;
  KeylessRelationships& operator=(const KeylessRelationships&) = delete;

  bool Contains(RelationshipId id) const;
  // Precondition: there is or was such a relationship, and it has no key.
  void Add(RelationshipId id);

 private:
  static constexpr uint64_t kBits = 64;
  using Page = std::array<std::atomic<uint64_t>, kIdsOfPage / kBits>;

  static uint64_t BitOf(RelationshipId id) { return uint64_t{1} << (id.value() % kBits); }
  static size_t WordOf(RelationshipId id) { return id.value() % kIdsOfPage / kBits; }

  std::array<std::atomic<Page*>, kPages> pages_{};
};

}  // namespace relata

#endif  // RELATA_GRAPH_STORE_KEYLESS_RELATIONSHIPS_H_
