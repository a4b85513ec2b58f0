#include "storage/conflict_window.h"

namespace relata {
namespace {

// A key is kept twice, in the map and in its commit's list.
constexpr size_t kBytesBesideKey = 2 * sizeof(std::string) + sizeof(CommitVersion);

size_t KeptBytes(const std::string& key) { return 2 * key.size() + kBytesBesideKey; }

bool Contains(const KeyRange& range, const std::string& key) {
  return key >= range.start && (range.limit.empty() || key < range.limit);
}

}  // namespace

void ConflictWindow::Reset(CommitVersion head) {
  last_write_.clear();
  order_.clear();
  bytes_ = 0;
  floor_ = head;
}

void ConflictWindow::Add(CommitVersion version, const std::vector<std::string>& write_keys) {
  if (write_keys.empty()) return;
  for (const std::string& key : write_keys) {
    last_write_[key] = version;
    bytes_ += KeptBytes(key);
  }
  order_.emplace_back(version, write_keys);
  while (bytes_ > limit_bytes_ && !order_.empty()) ForgetOldest();
}

void ConflictWindow::ForgetOldest() {
  const auto& [version, keys] = order_.front();
  for (const std::string& key : keys) {
    bytes_ -= KeptBytes(key);
    const auto last = last_write_.find(key);
    if (last != last_write_.end() && last->second == version) last_write_.erase(last);
  }
  floor_ = version;
  order_.pop_front();
}

bool ConflictWindow::Conflicts(CommitVersion read_version,
                               const std::vector<std::string>& read_keys,
                               const std::vector<KeyRange>& read_ranges) const {
  if (read_version < floor_) return true;
  if (order_.empty() || order_.back().first <= read_version) return false;
  for (const std::string& key : read_keys) {
    const auto last = last_write_.find(key);
    if (last != last_write_.end() && last->second > read_version) return true;
  }
  if (read_ranges.empty()) return false;
  size_t recent_keys = 0;
  for (auto commit = order_.rbegin(); commit != order_.rend() && commit->first > read_version;
       ++commit) {
    recent_keys += commit->second.size();
  }
  for (const KeyRange& range : read_ranges) {
    if (WroteInto(range, read_version, recent_keys)) return true;
  }
  return false;
}

// Walks the kept keys of the range, unless there turn out to be more of them than keys written
// since.
bool ConflictWindow::WroteInto(const KeyRange& range, CommitVersion read_version,
                               size_t recent_keys) const {
  size_t steps = 0;
  for (auto at = last_write_.lower_bound(range.start); steps < recent_keys; ++at, ++steps) {
    if (at == last_write_.end() || !Contains(range, at->first)) return false;
    if (at->second > read_version) return true;
  }
  for (auto commit = order_.rbegin(); commit != order_.rend() && commit->first > read_version;
       ++commit) {
    for (const std::string& key : commit->second) {
      if (Contains(range, key)) return true;
    }
  }
  return false;
}

}  // namespace relata
