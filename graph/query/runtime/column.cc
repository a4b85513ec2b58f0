#include "graph/query/runtime/column.h"

#include <algorithm>
#include <optional>
#include <type_traits>
#include <utility>

#include "graph/values/temporal.h"

namespace relata::query {
namespace {

using Kind = Column::Kind;

constexpr int64_t kMicrosPerSecond = 1'000'000;

// Whether a packed column of that kind can hold the value. Not for kDatum.
bool Packs(Kind kind, const Datum& value) {
  switch (kind) {
    case Kind::kBool:
      return value.kind() == Datum::Kind::kBool;
    case Kind::kInt:
      return value.kind() == Datum::Kind::kInt;
    case Kind::kFloat:
      return value.kind() == Datum::Kind::kFloat;
    case Kind::kNode:
      return value.kind() == Datum::Kind::kNode;
    case Kind::kRelationship:
      return value.kind() == Datum::Kind::kRelationship;
    default:
      return UtcTimeOf(value).has_value();
  }
}

}  // namespace

Datum DateTimeAt(UtcTime time) {
  DateTime value;
  value.seconds = time.micros / kMicrosPerSecond;
  int64_t micros = time.micros % kMicrosPerSecond;
  if (micros < 0) {
    micros += kMicrosPerSecond;
    --value.seconds;
  }
  value.nanos = static_cast<int32_t>(micros * 1000);
  return Datum::FromValue(Value::Of(std::move(value)));
}

std::optional<UtcTime> UtcTimeOf(const Datum& value) {
  constexpr int64_t kMostSeconds = kPlusInfinity / kMicrosPerSecond - 1;
  if (value.kind() != Datum::Kind::kScalar) return std::nullopt;
  const auto* const time = value.AsScalar().get_if<DateTime>();
  if (time == nullptr || time->offset_seconds != 0 || !time->zone.empty() ||
      time->nanos % 1000 != 0 || time->seconds > kMostSeconds || time->seconds < -kMostSeconds) {
    return std::nullopt;
  }
  return UtcTime{time->seconds * kMicrosPerSecond + time->nanos / 1000};
}

Column::Column(Kind kind) {
  switch (kind) {
    case Kind::kDatum:
      break;
    case Kind::kBool:
      data_.emplace<1>();
      break;
    case Kind::kInt:
      data_.emplace<2>();
      break;
    case Kind::kFloat:
      data_.emplace<3>();
      break;
    case Kind::kNode:
      data_.emplace<4>();
      break;
    case Kind::kRelationship:
      data_.emplace<5>();
      break;
    case Kind::kDateTime:
      data_.emplace<6>();
      break;
  }
}

void Column::Resize(size_t rows) {
  std::visit([rows](auto& values) { values.resize(rows); }, data_);
  if (!nulls_.empty()) nulls_.resize(rows, 0);
  size_ = rows;
}

void Column::SetNull(size_t row) {
  if (kind() == Kind::kDatum) {
    mutable_data()[row] = Datum();
    return;
  }
  if (nulls_.empty()) nulls_.resize(size_, 0);
  nulls_[row] = 1;
}

void Column::Clear() {
  std::visit([](auto& values) { values.clear(); }, data_);
  nulls_.clear();
  size_ = 0;
}

void Column::Reserve(size_t rows) {
  std::visit([rows](auto& values) { values.reserve(rows); }, data_);
}

Datum Column::Get(size_t row) const {
  if (kind() == Kind::kDatum) return data()[row];
  if (IsNull(row)) return {};
  switch (kind()) {
    case Kind::kBool:
      return Datum::Bool(bools()[row] != 0);
    case Kind::kInt:
      return Datum::Int(ints()[row]);
    case Kind::kFloat:
      return Datum::Float(floats()[row]);
    case Kind::kNode:
      return Datum::Of(nodes()[row]);
    case Kind::kDateTime:
      return DateTimeAt(times()[row]);
    default:
      return Datum::Of(relationships()[row]);
  }
}

void Column::Append(const Datum& value) {
  if (kind() != Kind::kDatum) {
    if (value.is_null()) {
      AppendNull();
      return;
    }
    if (!Packs(kind(), value)) ToData();
  }
  switch (kind()) {
    case Kind::kDatum:
      mutable_data().push_back(value);
      break;
    case Kind::kBool:
      mutable_bools().push_back(value.AsBool() ? 1 : 0);
      break;
    case Kind::kInt:
      mutable_ints().push_back(value.AsInt());
      break;
    case Kind::kFloat:
      mutable_floats().push_back(value.AsFloat());
      break;
    case Kind::kNode:
      mutable_nodes().push_back(value.AsNode());
      break;
    case Kind::kRelationship:
      mutable_relationships().push_back(value.AsRelationship());
      break;
    case Kind::kDateTime:
      mutable_times().push_back(*UtcTimeOf(value));
      break;
  }
  ++size_;
  if (!nulls_.empty()) nulls_.push_back(0);
}

void Column::AppendNull() {
  std::visit([](auto& values) { values.emplace_back(); }, data_);
  ++size_;
  if (kind() == Kind::kDatum) return;
  nulls_.resize(size_, 0);
  nulls_.back() = 1;
}

void Column::Append(NodeRef node) {
  if (kind() != Kind::kNode) {
    Append(Datum::Of(node));
    return;
  }
  mutable_nodes().push_back(node);
  ++size_;
  if (!nulls_.empty()) nulls_.push_back(0);
}

void Column::Append(const RelationshipRef& relationship) {
  if (kind() != Kind::kRelationship) {
    Append(Datum::Of(relationship));
    return;
  }
  mutable_relationships().push_back(relationship);
  ++size_;
  if (!nulls_.empty()) nulls_.push_back(0);
}

void Column::AppendFrom(const Column& other, size_t row) {
  if (kind() != other.kind()) {
    Append(other.Get(row));
    return;
  }
  const bool null = kind() != Kind::kDatum && other.IsNull(row);
  std::visit(
      [&other, row](auto& values) {
        values.push_back(std::get<std::decay_t<decltype(values)>>(other.data_)[row]);
      },
      data_);
  ++size_;
  if (null) nulls_.resize(size_, 0);
  if (!nulls_.empty()) {
    nulls_.resize(size_, 0);
    nulls_.back() = null ? 1 : 0;
  }
}

void Column::AppendAll(const Column& other) {
  if (size_ == 0 && kind() != other.kind()) *this = Column(other.kind());
  if (kind() != other.kind()) {
    Reserve(size_ + other.size());
    for (size_t row = 0; row < other.size(); ++row) Append(other.Get(row));
    return;
  }
  std::visit(
      [&other](auto& values) {
        const auto& added = std::get<std::decay_t<decltype(values)>>(other.data_);
        values.insert(values.end(), added.begin(), added.end());
      },
      data_);
  if (!nulls_.empty() || !other.nulls_.empty()) {
    nulls_.resize(size_, 0);
    nulls_.insert(nulls_.end(), other.nulls_.begin(), other.nulls_.end());
    nulls_.resize(size_ + other.size_, 0);
  }
  size_ += other.size_;
}

void Column::AppendGathered(const Column& other, absl::Span<const uint32_t> rows) {
  if (size_ == 0 && kind() != other.kind()) *this = Column(other.kind());
  if (kind() != other.kind()) {
    Reserve(size_ + rows.size());
    for (const uint32_t row : rows) Append(other.Get(row));
    return;
  }
  std::visit(
      [&other, rows](auto& values) {
        const auto& added = std::get<std::decay_t<decltype(values)>>(other.data_);
        values.reserve(values.size() + rows.size());
        for (const uint32_t row : rows) values.push_back(added[row]);
      },
      data_);
  const size_t before = size_;
  size_ += rows.size();
  if (nulls_.empty() && other.nulls_.empty()) return;
  nulls_.resize(before, 0);
  nulls_.reserve(size_);
  for (const uint32_t row : rows) nulls_.push_back(other.nulls_.empty() ? 0 : other.nulls_[row]);
}

Column Column::Gather(absl::Span<const uint32_t> rows) const {
  Column gathered(kind());
  gathered.AppendGathered(*this, rows);
  return gathered;
}

void Column::Truncate(size_t rows) {
  if (rows < size_) Resize(rows);
}

size_t Column::Bytes() const {
  size_t bytes = nulls_.capacity();
  std::visit(
      [&bytes](const auto& values) {
        bytes += values.capacity() * sizeof(typename std::decay_t<decltype(values)>::value_type);
      },
      data_);
  if (kind() == Kind::kDatum) {
    for (const Datum& d : data()) bytes += d.HeapBytes();
  }
  return bytes;
}

void Column::ToData() {
  if (kind() == Kind::kDatum) return;
  std::vector<Datum> values;
  values.reserve(std::max(size_ + 1, size_t{16}));
  for (size_t row = 0; row < size_; ++row) values.push_back(Get(row));
  data_ = std::move(values);
  nulls_.clear();
}

void Batch::Clear() {
  rows = 0;
  for (Column& column : columns) column.Clear();
}

void Batch::Keep(absl::Span<const uint32_t> rows_kept) {
  if (rows_kept.size() != rows) {
    for (Column& column : columns) column = column.Gather(rows_kept);
  }
  rows = rows_kept.size();
}

size_t Batch::Bytes() const {
  size_t bytes = 0;
  for (const Column& column : columns) bytes += column.Bytes();
  return bytes;
}

}  // namespace relata::query
