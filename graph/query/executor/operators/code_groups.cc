#include "graph/query/executor/operators/code_groups.h"

#include <utility>

#include "graph/query/executor/known_values.h"

namespace relata::query {

void CodeGroups::Restart() {
  levels_ = std::vector<Level>(levels_.size());
  group_of_.clear();
}

uint32_t CodeGroups::NumberOf(Level& level, const Entry& entry) {
  uint32_t& recent = level.recent[(entry.bits + entry.before) % kRecent];
  if (recent != 0 && level.entries[recent - 1] == entry) return recent - 1;
  const auto [it, is_new] =
      level.numbers.try_emplace(entry, static_cast<uint32_t>(level.entries.size()));
  if (is_new) level.entries.push_back(entry);
  recent = it->second + 1;
  return it->second;
}

void CodeGroups::Refine(size_t key, const Codes& codes, std::vector<uint32_t>* numbers) {
  for (size_t i = 0; i < numbers->size(); ++i) {
    uint32_t& number = (*numbers)[i];
    number = NumberOf(levels_[key], {number, codes.shapes[i], codes.bits[i]});
  }
}

void CodeGroups::Refine(size_t key, const Codes& codes, absl::Span<const uint32_t> rows,
                        std::vector<uint32_t>* numbers) {
  for (size_t i = 0; i < numbers->size(); ++i) {
    uint32_t& number = (*numbers)[i];
    number = NumberOf(levels_[key], {number, codes.shapes[rows[i]], codes.bits[rows[i]]});
  }
}

void CodeGroups::ToGroups(absl::Span<const PropertyColumns::Column* const> known,
                          std::vector<uint32_t>* numbers) {
  // Numbers of rows that were left out since have no group.
  group_of_.resize(levels_.back().entries.size(), RowTable::kNone);
  std::vector<uint32_t> fresh;
  for (const uint32_t number : *numbers) {
    if (group_of_[number] != RowTable::kNone) continue;
    group_of_[number] = 0;
    fresh.push_back(number);
  }
  if (!fresh.empty()) FindGroups(known, fresh);
  for (uint32_t& number : *numbers) number = group_of_[number];
}

void CodeGroups::FindGroups(absl::Span<const PropertyColumns::Column* const> known,
                            const std::vector<uint32_t>& fresh) {
  std::vector<Column> keys(levels_.size());
  std::vector<const Column*> pointers(levels_.size());
  std::vector<uint32_t> at = fresh;
  for (size_t key = levels_.size(); key-- > 0;) {
    Codes codes;
    for (uint32_t& number : at) {
      const Entry& entry = levels_[key].entries[number];
      codes.shapes.push_back(entry.shape);
      codes.bits.push_back(entry.bits);
      number = entry.before;
    }
    keys[key] = ColumnOfCodes(*known[key], codes);
    pointers[key] = &keys[key];
  }
  std::vector<uint32_t> groups;
  groups_.FindOrAdd(pointers, fresh.size(), &groups);
  for (size_t i = 0; i < fresh.size(); ++i) group_of_[fresh[i]] = groups[i];
}

size_t CodeGroups::Bytes() const {
  size_t bytes = group_of_.capacity() * sizeof(uint32_t);
  for (const Level& level : levels_) {
    bytes += level.entries.capacity() * sizeof(Entry) +
             level.numbers.capacity() * (sizeof(Entry) + sizeof(uint64_t));
  }
  return bytes;
}

}  // namespace relata::query
