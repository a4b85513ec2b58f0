#ifndef RELATA_GRAPH_QUERY_RUNTIME_COLUMN_H_
#define RELATA_GRAPH_QUERY_RUNTIME_COLUMN_H_

#include <cstdint>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "absl/types/span.h"
#include "graph/query/runtime/datum.h"
#include "graph/values/bound.h"

namespace relata::query {

// A datetime of UTC in whole microseconds, as columns pack it; never an infinity.
struct UtcTime {
  Instant micros = 0;
};
// As a value.
Datum DateTimeAt(UtcTime time);
// nullopt: not a datetime, of another offset or with a zone, not in whole microseconds, or beyond
// what they count.
std::optional<UtcTime> UtcTimeOf(const Datum& value);

// One column of a batch: values of one kind packed, with nulls aside, or any mix of them as data. A
// plain type; used by one thread at a time.
class Column {
 public:
  enum class Kind : uint8_t {
    kDatum = 0,
    kBool = 1,
    kInt = 2,
    kFloat = 3,
    kNode = 4,
    kRelationship = 5,
    kDateTime = 6
  };

  explicit Column(Kind kind = Kind::kDatum);

  Kind kind() const { return static_cast<Kind>(data_.index()); }
  size_t size() const { return size_; }
  // Empty: no nulls. Else one byte a row, 1 for null. kDatum columns keep nulls in the data
  // instead.
  const std::vector<uint8_t>& nulls() const { return nulls_; }
  bool IsNull(size_t row) const {
    return kind() == Kind::kDatum ? data()[row].is_null() : !nulls_.empty() && nulls_[row] != 0;
  }

  // The packed values; precondition: that kind. A null row holds anything.
  const std::vector<Datum>& data() const { return std::get<0>(data_); }
  const std::vector<uint8_t>& bools() const { return std::get<1>(data_); }
  const std::vector<int64_t>& ints() const { return std::get<2>(data_); }
  const std::vector<double>& floats() const { return std::get<3>(data_); }
  const std::vector<NodeRef>& nodes() const { return std::get<4>(data_); }
  const std::vector<RelationshipRef>& relationships() const { return std::get<5>(data_); }
  const std::vector<UtcTime>& times() const { return std::get<6>(data_); }
  // To fill in place: call Resize first, then write; SetNull for nulls.
  std::vector<Datum>& mutable_data() { return std::get<0>(data_); }
  std::vector<uint8_t>& mutable_bools() { return std::get<1>(data_); }
  std::vector<int64_t>& mutable_ints() { return std::get<2>(data_); }
  std::vector<double>& mutable_floats() { return std::get<3>(data_); }
  std::vector<NodeRef>& mutable_nodes() { return std::get<4>(data_); }
  std::vector<RelationshipRef>& mutable_relationships() { return std::get<5>(data_); }
  std::vector<UtcTime>& mutable_times() { return std::get<6>(data_); }
  void Resize(size_t rows);
  void SetNull(size_t row);
  void Clear();
  void Reserve(size_t rows);

  // The value of a row, boxed.
  Datum Get(size_t row) const;
  // Appends; a value that does not fit the packed kind turns the column into kDatum.
  void Append(const Datum& value);
  void AppendNull();
  void Append(NodeRef node);
  void Append(const RelationshipRef& relationship);
  // Appends row `row` of `other`, or all of it, or the rows named. With the last two an empty
  // column takes over the kind of `other`; with any, one of another kind turns into kDatum where it
  // has to.
  void AppendFrom(const Column& other, size_t row);
  void AppendAll(const Column& other);
  void AppendGathered(const Column& other, absl::Span<const uint32_t> rows);
  // The rows named, in that order.
  Column Gather(absl::Span<const uint32_t> rows) const;
  // Keeps rows [0, rows).
  void Truncate(size_t rows);
  // About what it holds.
  size_t Bytes() const;

 private:
  void ToData();  // into kDatum

  std::variant<std::vector<Datum>, std::vector<uint8_t>, std::vector<int64_t>, std::vector<double>,
               std::vector<NodeRef>, std::vector<RelationshipRef>, std::vector<UtcTime>>
      data_;
  std::vector<uint8_t> nulls_;
  size_t size_ = 0;
};

// Rows in columns. All columns have `rows` rows; a batch may have rows and no column.
struct Batch {
  size_t rows = 0;
  std::vector<Column> columns;

  void Clear();
  // Keeps the rows named (ascending), in place.
  void Keep(absl::Span<const uint32_t> rows_kept);
  size_t Bytes() const;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_RUNTIME_COLUMN_H_
