#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_CODE_GROUPS_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_CODE_GROUPS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "graph/adjacency/property_columns.h"
#include "graph/query/executor/operators/aggregate_groups.h"

namespace relata::query {

// The groups of rows whose keys are codes of the cache's columns. Rows of codes that differ are
// numbered first, key by key, and each number is looked up among the groups once: codes that differ
// may be values that are equal. Used by one thread.
class CodeGroups {
 public:
  using Codes = PropertyColumns::Column::Codes;

  // `groups` must outlive it.
  CodeGroups(size_t keys, AggregateGroups* groups) : levels_(keys), groups_(*groups) {}

  void Restart();
  // numbers[i], which holds that of row i by the keys before this one (0 where there is none),
  // becomes that by this key too. The code of row i is the i-th, or that of `rows[i]`.
  void Refine(size_t key, const Codes& codes, std::vector<uint32_t>* numbers);
  void Refine(size_t key, const Codes& codes, absl::Span<const uint32_t> rows,
              std::vector<uint32_t>* numbers);
  // Replaces numbers by all keys by those of groups. `known`: the column of each key.
  void ToGroups(absl::Span<const PropertyColumns::Column* const> known,
                std::vector<uint32_t>* numbers);
  // About what it holds.
  size_t Bytes() const;

 private:
  struct Entry {
    uint32_t before = 0;  // by the keys before
    uint8_t shape = 0;
    uint64_t bits = 0;
    bool operator==(const Entry&) const = default;
    template <typename H>
    friend H AbslHashValue(H h, const Entry& e) {
      return H::combine(std::move(h), e.before, e.shape, e.bits);
    }
  };
  static constexpr size_t kRecent = 256;
  struct Level {
    absl::flat_hash_map<Entry, uint32_t> numbers;
    std::vector<Entry> entries;  // by number
    // Number and one of an entry that came lately, by the lowest of its bits; 0: none.
    std::array<uint32_t, kRecent> recent{};
  };
  static uint32_t NumberOf(Level& level, const Entry& entry);
  void FindGroups(absl::Span<const PropertyColumns::Column* const> known,
                  const std::vector<uint32_t>& fresh);

  std::vector<Level> levels_;       // by key
  std::vector<uint32_t> group_of_;  // by number of the last level; kNone: not looked up yet
  AggregateGroups& groups_;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_CODE_GROUPS_H_
