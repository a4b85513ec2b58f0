#include "storage/memory/multi_version_map.h"

#include <algorithm>
#include <utility>

namespace relata {

void MultiVersionMap::Apply(const std::vector<KvBatch::Op>& ops) {
  ++newest_;
  for (const KvBatch::Op& op : ops) {
    std::vector<Version>& versions = space(op.space)[op.key];
    std::optional<std::string> value;
    if (op.is_put) value = op.value;
    if (!versions.empty() && versions.back().sequence == newest_) {
      versions.back().value = std::move(value);
    } else {
      versions.push_back({newest_, std::move(value)});
    }
    if (versions.size() > 1 || !op.is_put) superseded_.push_back({newest_, op.space, op.key});
  }
  DropUnneeded();
}

void MultiVersionMap::Pin(uint64_t sequence) { ++pins_[sequence]; }

void MultiVersionMap::Unpin(uint64_t sequence) {
  const auto pin = pins_.find(sequence);
  if (--pin->second == 0) pins_.erase(pin);
  DropUnneeded();
}

uint64_t MultiVersionMap::OldestNeeded() const {
  return pins_.empty() ? newest_ : pins_.begin()->first;
}

void MultiVersionMap::DropUnneeded() {
  const uint64_t oldest = OldestNeeded();
  while (!superseded_.empty() && superseded_.front().sequence <= oldest) {
    Prune(superseded_.front(), oldest);
    superseded_.pop_front();
  }
}

void MultiVersionMap::Prune(const Superseded& superseded, uint64_t oldest) {
  Space& keys = space(superseded.space);
  const auto found = keys.find(superseded.key);
  if (found == keys.end()) return;
  std::vector<Version>& versions = found->second;
  const Version* const needed = VisibleAt(versions, oldest);
  if (needed == nullptr) return;
  const bool deleted = !needed->value.has_value();
  versions.erase(versions.begin(), versions.begin() + (needed - versions.data()) + deleted);
  if (versions.empty()) keys.erase(found);
}

const MultiVersionMap::Version* MultiVersionMap::VisibleAt(const std::vector<Version>& versions,
                                                           uint64_t sequence) {
  const auto after = std::upper_bound(
      versions.begin(), versions.end(), sequence,
      [](uint64_t wanted, const Version& version) { return wanted < version.sequence; });
  return after == versions.begin() ? nullptr : &*(after - 1);
}

std::optional<absl::string_view> MultiVersionMap::Get(KeySpace key_space, absl::string_view key,
                                                      uint64_t sequence) const {
  const Space& keys = space(key_space);
  const auto found = keys.find(key);
  if (found == keys.end()) return std::nullopt;
  const Version* const version = VisibleAt(found->second, sequence);
  if (version == nullptr || !version->value.has_value()) return std::nullopt;
  return *version->value;
}

std::optional<MultiVersionMap::Entry> MultiVersionMap::FirstVisible(Space::const_iterator at,
                                                                    Space::const_iterator end,
                                                                    uint64_t sequence) {
  for (; at != end; ++at) {
    const Version* const version = VisibleAt(at->second, sequence);
    if (version != nullptr && version->value.has_value()) return Entry{at->first, *version->value};
  }
  return std::nullopt;
}

std::optional<MultiVersionMap::Entry> MultiVersionMap::FirstAtOrAfter(KeySpace key_space,
                                                                      absl::string_view from,
                                                                      uint64_t sequence) const {
  const Space& keys = space(key_space);
  return FirstVisible(keys.lower_bound(from), keys.end(), sequence);
}

std::optional<MultiVersionMap::Entry> MultiVersionMap::FirstAfter(KeySpace key_space,
                                                                  absl::string_view from,
                                                                  uint64_t sequence) const {
  const Space& keys = space(key_space);
  return FirstVisible(keys.upper_bound(from), keys.end(), sequence);
}

std::optional<MultiVersionMap::Entry> MultiVersionMap::LastBefore(KeySpace key_space,
                                                                  absl::string_view until,
                                                                  uint64_t sequence) const {
  const Space& keys = space(key_space);
  auto at = until.empty() ? keys.end() : keys.lower_bound(until);
  while (at != keys.begin()) {
    --at;
    const Version* const version = VisibleAt(at->second, sequence);
    if (version != nullptr && version->value.has_value()) return Entry{at->first, *version->value};
  }
  return std::nullopt;
}

KvBatch MultiVersionMap::Export(uint64_t sequence) const {
  KvBatch batch;
  for (int i = 0; i < kKeySpaceCount; ++i) {
    const auto key_space = static_cast<KeySpace>(i);
    for (const auto& [key, versions] : space(key_space)) {
      const Version* const version = VisibleAt(versions, sequence);
      if (version != nullptr && version->value.has_value()) {
        batch.Put(key_space, key, *version->value);
      }
    }
  }
  return batch;
}

uint64_t MultiVersionMap::Bytes(KeySpace key_space) const {
  uint64_t bytes = 0;
  for (const auto& [key, versions] : space(key_space)) {
    bytes += key.size();
    for (const Version& version : versions) bytes += version.value.value_or("").size();
  }
  return bytes;
}

size_t MultiVersionMap::VersionCount(KeySpace key_space) const {
  size_t count = 0;
  for (const auto& [key, versions] : space(key_space)) count += versions.size();
  return count;
}

}  // namespace relata
