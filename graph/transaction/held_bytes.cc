#include "graph/transaction/held_bytes.h"

#include <cstdint>
#include <vector>

namespace relata {
namespace {

// Of a node of std::map beside what it maps: three pointers and a colour.
constexpr size_t kMapNodeBytes = 32 + kAllocationBytes;

template <typename T>
size_t ArrayBytes(const std::vector<T>& items) {
  return items.capacity() == 0 ? 0 : items.capacity() * sizeof(T) + kAllocationBytes;
}

size_t HeapBytes(const Value& value) {
  if (const auto* text = value.get_if<std::string>()) return relata::HeapBytes(*text);
  if (const auto* bytes = value.get_if<Bytes>()) return relata::HeapBytes(bytes->data);
  if (const auto* date_time = value.get_if<DateTime>()) return relata::HeapBytes(date_time->zone);
  const auto* list = value.get_if<Value::List>();
  if (list == nullptr) return 0;
  size_t bytes = ArrayBytes(*list);
  for (const Value& element : *list) bytes += HeapBytes(element);
  return bytes;
}

size_t HeapBytes(const std::vector<Fact>& facts) {
  size_t bytes = ArrayBytes(facts);
  for (const Fact& fact : facts) {
    bytes += HeapBytes(fact.value) + ArrayBytes(fact.properties) + ArrayBytes(fact.citations);
    for (const auto& [property, value] : fact.properties) bytes += HeapBytes(value);
    for (const Citation& citation : fact.citations) bytes += relata::HeapBytes(citation.locator);
  }
  return bytes;
}

}  // namespace

size_t HeapBytes(const std::string& text) {
  // Short ones lie in the string itself.
  return text.capacity() < sizeof(std::string) / 2 ? 0 : text.capacity() + kAllocationBytes;
}

size_t WindowBytes(const std::string& logical_key) {
  // Nodes of the tree are filled by halves and more.
  constexpr size_t kTreeSlot = 3 * (sizeof(std::string) + sizeof(uint64_t)) / 2;
  return kTreeSlot + sizeof(std::string) + 2 * HeapBytes(logical_key);
}

size_t HeapBytes(const EntityState& state) {
  size_t bytes = HeapBytes(state.key) + ArrayBytes(state.labels);
  for (const auto& entry : state.properties) {
    bytes += kMapNodeBytes + sizeof(entry) + HeapBytes(entry.second);
  }
  return bytes;
}

size_t HeapBytes(const RelationshipState& state) {
  return HeapBytes(state.key) + HeapBytes(state.facts);
}

}  // namespace relata
