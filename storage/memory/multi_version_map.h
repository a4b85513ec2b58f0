#ifndef RELATA_STORAGE_MEMORY_MULTI_VERSION_MAP_H_
#define RELATA_STORAGE_MEMORY_MULTI_VERSION_MAP_H_

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"
#include "storage/ordered_kv.h"

namespace relata {

// Sorted maps, one for each key space, that keep the older values of a key for as long as a pinned
// sequence number needs them. Every batch gets the next sequence number; a read names the number
// that it reads at. Between calls each key holds the newest value at or below the oldest pin and
// every later one; a key whose only value is a deletion at or below the oldest pin is not in the
// map. Not thread-safe: the owner locks.
class MultiVersionMap {
 public:
  // A key and its value as seen at some sequence number; views hold until the map changes.
  struct Entry {
    absl::string_view key;
    absl::string_view value;
  };

  // Sequence number of the newest batch; 0 in an empty map.
  uint64_t newest() const { return newest_; }

  // Makes the operations visible as newest() + 1; of several on one key the last counts.
  void Apply(const std::vector<KvBatch::Op>& ops);

  // Until the matching Unpin, reads at `sequence` stay possible. Pins count; `sequence` must be
  // newest() or pinned.
  void Pin(uint64_t sequence);
  void Unpin(uint64_t sequence);

  // Reads at `sequence`, which is newest() or pinned. nullopt: no such key.
  std::optional<absl::string_view> Get(KeySpace space, absl::string_view key,
                                       uint64_t sequence) const;
  // The first entry with key >= `from` (or > `from`), and the last with key < `until`; empty
  // `until` in LastBefore: the last of all.
  std::optional<Entry> FirstAtOrAfter(KeySpace space, absl::string_view from,
                                      uint64_t sequence) const;
  std::optional<Entry> FirstAfter(KeySpace space, absl::string_view from, uint64_t sequence) const;
  std::optional<Entry> LastBefore(KeySpace space, absl::string_view until, uint64_t sequence) const;

  // Everything that is visible at `sequence`, as one batch of puts.
  KvBatch Export(uint64_t sequence) const;
  // Bytes of keys and of all kept values. Cost: a pass over the space.
  uint64_t Bytes(KeySpace space) const;
  // Kept values, older ones and deletions included. Cost: a pass over the space.
  size_t VersionCount(KeySpace space) const;

 private:
  struct Version {
    uint64_t sequence;
    std::optional<std::string> value;  // nullopt: deleted
  };
  using Space = absl::btree_map<std::string, std::vector<Version>>;
  // A key that holds something which only pins before `sequence` need.
  struct Superseded {
    uint64_t sequence;
    KeySpace space;
    std::string key;
  };

  Space& space(KeySpace key_space) { return spaces_[static_cast<size_t>(key_space)]; }
  const Space& space(KeySpace key_space) const { return spaces_[static_cast<size_t>(key_space)]; }
  static const Version* VisibleAt(const std::vector<Version>& versions, uint64_t sequence);
  static std::optional<Entry> FirstVisible(Space::const_iterator at, Space::const_iterator end,
                                           uint64_t sequence);
  uint64_t OldestNeeded() const;
  void DropUnneeded();
  void Prune(const Superseded& superseded, uint64_t oldest);

  uint64_t newest_ = 0;
  std::array<Space, kKeySpaceCount> spaces_;
  absl::btree_map<uint64_t, int> pins_;
  std::deque<Superseded> superseded_;
};

}  // namespace relata

#endif  // RELATA_STORAGE_MEMORY_MULTI_VERSION_MAP_H_
