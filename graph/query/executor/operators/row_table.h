#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_ROW_TABLE_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_ROW_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "graph/query/executor/operators/operator_meter.h"
#include "graph/query/runtime/column.h"

namespace relata::query {

// Different rows of a few columns, each with a number in the order in which it came: EquivalentData
// decides what is equal, so null equals null. Numbers, nodes and relationships in packed columns
// are compared as integers as long as all rows have them packed. Used by one thread.
class RowTable {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  explicit RowTable(size_t columns) : columns_(columns) {}

  // Sets `numbers` to the number of each row of `keys` (as many columns as this has, `rows` rows),
  // adding those that are new. Precondition: fewer than 2^32 - 1 different rows in all.
  void FindOrAdd(absl::Span<const Column* const> keys, size_t rows, std::vector<uint32_t>* numbers);
  // The same without adding; kNone where there is none.
  void Find(absl::Span<const Column* const> keys, size_t rows, std::vector<uint32_t>* numbers);

  size_t size() const { return hashes_.size(); }
  // The different rows, in the order of their numbers.
  const std::vector<Column>& columns() const { return columns_; }
  // About what it holds.
  size_t Bytes() const;
  void Clear();

 private:
  // Makes stored rows and `keys` comparable: as integers where all are packed alike, else as data.
  void Match(absl::Span<const Column* const> keys);
  void Hash(absl::Span<const Column* const> keys, size_t rows);
  void HashGenerally(absl::Span<const Column* const> keys, size_t rows,
                     std::vector<size_t>* hashes) const;
  bool Same(absl::Span<const Column* const> keys, size_t row, uint32_t number) const;
  // The slot of an equal row, or the empty one where it belongs.
  size_t Probe(absl::Span<const Column* const> keys, size_t row) const;
  void Add(absl::Span<const Column* const> keys, size_t row, size_t slot);
  void Rebuild(size_t slots);

  std::vector<Column> columns_;
  bool packed_ = true;              // hashes are those of packed columns
  std::vector<size_t> hashes_;      // of stored rows
  std::vector<uint32_t> slots_;     // number + 1; 0: empty. A power of two of them
  std::vector<size_t> row_hashes_;  // of the call at hand
  BatchMeasure measure_;
  size_t data_bytes_ = 0;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_ROW_TABLE_H_
