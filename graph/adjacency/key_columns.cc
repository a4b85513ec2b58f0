#include "graph/adjacency/key_columns.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "graph/adjacency/snapshot_columns.h"
#include "graph/values/value.h"

namespace relata {
namespace {

constexpr auto kOwner = PropertyColumns::Owner::kKey;
constexpr size_t kPartBytes = sizeof(int64_t);
constexpr size_t kMostParts = 3;
// The length and the bytes of a key, then zeros.
using Coded = std::array<char, kMostParts * kPartBytes>;

size_t PartsOf(size_t key_size) { return key_size / kPartBytes + 1; }
PropertyId PartId(size_t part) { return PropertyId(static_cast<uint32_t>(part)); }

}  // namespace

KeyColumns::KeyColumns(const Snapshot& snapshot)
    : snapshot_(snapshot), columns_(ColumnsOf(snapshot)) {}

bool KeyColumns::Get(EntityId id, std::string* key) const {
  if (columns_ == nullptr) return false;
  Coded coded;
  Value value;
  size_t parts = 1;
  for (size_t part = 0; part < parts; ++part) {
    const PropertyColumns::Column* const column = columns_->Find(kOwner, PartId(part));
    if (column == nullptr || !column->Get(id.value(), snapshot_.version(), &value)) return false;
    const int64_t bits = *value.get_if<int64_t>();
    std::memcpy(&coded[part * kPartBytes], &bits, kPartBytes);
    if (part == 0) parts = PartsOf(static_cast<size_t>(coded[0]));
  }
  key->assign(&coded[1], static_cast<size_t>(coded[0]));
  return true;
}

void KeyColumns::Keep(absl::Span<const std::pair<EntityId, std::string>> keys) {
  if (columns_ == nullptr) return;
  std::array<std::vector<PropertyColumns::Read>, kMostParts> reads;
  for (const auto& [id, key] : keys) {
    Coded coded{};
    if (key.size() >= coded.size()) continue;
    coded[0] = static_cast<char>(key.size());
    std::copy(key.begin(), key.end(), &coded[1]);
    for (size_t part = 0; part < PartsOf(key.size()); ++part) {
      int64_t bits;
      std::memcpy(&bits, &coded[part * kPartBytes], kPartBytes);
      reads[part].push_back({id.value(), Value::Int(bits)});
    }
  }
  for (size_t part = 0; part < kMostParts; ++part) {
    if (reads[part].empty()) continue;
    columns_->Keep(kOwner, PartId(part), snapshot_.version(), reads[part]);
  }
}

}  // namespace relata
