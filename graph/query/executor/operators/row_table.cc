#include "graph/query/executor/operators/row_table.h"

#include <algorithm>

namespace relata::query {
namespace {

using Kind = Column::Kind;

bool IsPackedId(Kind kind) {
  return kind == Kind::kInt || kind == Kind::kNode || kind == Kind::kRelationship ||
         kind == Kind::kBool;
}

// What tells packed values of one kind apart.
uint64_t PackedAt(const Column& column, size_t row) {
  switch (column.kind()) {
    case Kind::kInt:
      return static_cast<uint64_t>(column.ints()[row]);
    case Kind::kNode:
      return column.nodes()[row].id.value();
    case Kind::kRelationship:
      return column.relationships()[row].ends.id.value();
    default:
      return column.bools()[row];
  }
}

size_t Mix(size_t hash, uint64_t value) {
  // Multiplication by an odd constant with the high half folded in: all bits of the value reach the
  // low bits that choose the slot.
  const unsigned __int128 product =
      static_cast<unsigned __int128>(hash ^ value) * 0x9e3779b97f4a7c15ULL;
  return static_cast<size_t>(product >> 64) ^ static_cast<size_t>(product);
}

bool SameData(const Column& a, size_t i, const Column& b, size_t j) {
  if (a.kind() == Kind::kDatum && b.kind() == Kind::kDatum) {
    return EquivalentData(a.data()[i], b.data()[j]);
  }
  return EquivalentData(a.Get(i), b.Get(j));
}

}  // namespace

void RowTable::FindOrAdd(absl::Span<const Column* const> keys, size_t rows,
                         std::vector<uint32_t>* numbers) {
  Match(keys);
  Hash(keys, rows);
  numbers->resize(rows);
  for (size_t row = 0; row < rows; ++row) {
    if (2 * (size() + 1) > slots_.size()) Rebuild(std::max<size_t>(64, 2 * slots_.size()));
    const size_t slot = Probe(keys, row);
    if (slots_[slot] == 0) Add(keys, row, slot);
    (*numbers)[row] = slots_[slot] - 1;
  }
}

void RowTable::Find(absl::Span<const Column* const> keys, size_t rows,
                    std::vector<uint32_t>* numbers) {
  numbers->assign(rows, kNone);
  if (size() == 0) return;
  Match(keys);
  Hash(keys, rows);
  for (size_t row = 0; row < rows; ++row) {
    const size_t slot = Probe(keys, row);
    if (slots_[slot] != 0) (*numbers)[row] = slots_[slot] - 1;
  }
}

void RowTable::Match(absl::Span<const Column* const> keys) {
  if (!packed_) return;
  const bool first = size() == 0;
  bool alike = true;
  for (size_t i = 0; i < keys.size(); ++i) {
    if (first) columns_[i] = Column(keys[i]->kind());
    alike = alike && IsPackedId(keys[i]->kind()) && keys[i]->kind() == columns_[i].kind();
  }
  if (alike) return;
  packed_ = false;
  if (first) return;
  std::vector<const Column*> stored;
  for (const Column& column : columns_) stored.push_back(&column);
  HashGenerally(stored, size(), &hashes_);
  Rebuild(slots_.size());
}

void RowTable::Hash(absl::Span<const Column* const> keys, size_t rows) {
  if (!packed_) {
    HashGenerally(keys, rows, &row_hashes_);
    return;
  }
  row_hashes_.assign(rows, 0x51ed270b27d2a8c7ULL);
  for (const Column* const key : keys) {
    for (size_t row = 0; row < rows; ++row) {
      row_hashes_[row] =
          key->IsNull(row) ? Mix(~row_hashes_[row], 0) : Mix(row_hashes_[row], PackedAt(*key, row));
    }
  }
}

void RowTable::HashGenerally(absl::Span<const Column* const> keys, size_t rows,
                             std::vector<size_t>* hashes) const {
  hashes->assign(rows, 0);
  for (const Column* const key : keys) {
    for (size_t row = 0; row < rows; ++row) {
      const size_t hash =
          key->kind() == Kind::kDatum ? HashDatum(key->data()[row]) : HashDatum(key->Get(row));
      (*hashes)[row] = Mix((*hashes)[row], hash);
    }
  }
}

bool RowTable::Same(absl::Span<const Column* const> keys, size_t row, uint32_t number) const {
  for (size_t i = 0; i < keys.size(); ++i) {
    const Column& key = *keys[i];
    const Column& stored = columns_[i];
    if (!packed_) {
      if (!SameData(key, row, stored, number)) return false;
      continue;
    }
    const bool null = key.IsNull(row);
    if (null != stored.IsNull(number)) return false;
    if (!null && PackedAt(key, row) != PackedAt(stored, number)) return false;
  }
  return true;
}

size_t RowTable::Probe(absl::Span<const Column* const> keys, size_t row) const {
  const size_t mask = slots_.size() - 1;
  const size_t hash = row_hashes_[row];
  for (size_t slot = hash & mask;; slot = (slot + 1) & mask) {
    if (slots_[slot] == 0) return slot;
    const uint32_t number = slots_[slot] - 1;
    if (hashes_[number] == hash && Same(keys, row, number)) return slot;
  }
}

void RowTable::Add(absl::Span<const Column* const> keys, size_t row, size_t slot) {
  slots_[slot] = static_cast<uint32_t>(size() + 1);
  hashes_.push_back(row_hashes_[row]);
  for (size_t i = 0; i < keys.size(); ++i) {
    columns_[i].AppendFrom(*keys[i], row);
    if (keys[i]->kind() != Kind::kDatum) continue;
    data_bytes_ += measure_.Add(keys[i]->data()[row]);
  }
}

void RowTable::Rebuild(size_t slots) {
  slots_.assign(slots, 0);
  const size_t mask = slots - 1;
  for (size_t number = 0; number < size(); ++number) {
    size_t slot = hashes_[number] & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = static_cast<uint32_t>(number + 1);
  }
}

size_t RowTable::Bytes() const {
  size_t bytes = hashes_.capacity() * sizeof(size_t) + slots_.capacity() * sizeof(uint32_t);
  for (const Column& column : columns_) {
    // Data were measured as they came.
    bytes += column.kind() == Kind::kDatum ? column.size() * sizeof(Datum) : column.Bytes();
  }
  return bytes + data_bytes_;
}

void RowTable::Clear() {
  for (Column& column : columns_) column = Column();
  packed_ = true;
  hashes_.clear();
  slots_.clear();
  measure_.Clear();
  data_bytes_ = 0;
}

}  // namespace relata::query
