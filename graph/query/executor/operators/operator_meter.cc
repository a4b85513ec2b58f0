#include "graph/query/executor/operators/operator_meter.h"

#include <algorithm>

#include "base/status_macros.h"

namespace relata::query {
namespace {

// Where the shared payload of a value lies; null for what has none.
const void* PayloadOf(const Datum& d) {
  switch (d.kind()) {
    case Datum::Kind::kString:
      return d.AsString().data();
    case Datum::Kind::kScalar:
      return &d.AsScalar();
    case Datum::Kind::kList:
      return &d.AsList();
    case Datum::Kind::kMap:
      return &d.AsMap();
    case Datum::Kind::kPath:
      return &d.AsPath();
    default:
      return nullptr;
  }
}

}  // namespace

OperatorProfile* OperatorMeter::profile() {
  return context_->profile == nullptr ? nullptr : &(*context_->profile)[id_];
}

absl::Status OperatorMeter::Expanded(uint64_t relationships) {
  if (OperatorProfile* const p = profile()) p->expansions += relationships;
  RELATA_RETURN_IF_ERROR(context_->budget->SpendExpansions(relationships));
  return context_->budget->Spend(1);
}

void OperatorMeter::Fetched(uint64_t n) {
  if (OperatorProfile* const p = profile()) p->reads += n;
}

absl::Status OperatorMeter::Hold(size_t bytes) {
  RELATA_RETURN_IF_ERROR(hold_.Set(bytes));
  held_ = bytes;
  if (OperatorProfile* const p = profile()) p->memory_bytes = std::max(p->memory_bytes, bytes);
  return absl::OkStatus();
}

size_t BatchMeasure::Add(const Datum& value) {
  const size_t heap = value.HeapBytes();
  if (heap < kLarge) return heap;
  const void* const payload = PayloadOf(value);
  return payload != nullptr && !seen_.insert(payload).second ? 0 : heap;
}

size_t BatchMeasure::Add(const Column& column) {
  if (column.kind() != Column::Kind::kDatum) return column.Bytes();
  size_t bytes = column.size() * sizeof(Datum);
  for (const Datum& d : column.data()) bytes += Add(d);
  return bytes;
}

size_t BatchMeasure::Add(const Batch& batch) {
  size_t bytes = 0;
  for (const Column& column : batch.columns) bytes += Add(column);
  return bytes;
}

}  // namespace relata::query
