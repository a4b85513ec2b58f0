#include "graph/query/executor/operators/aggregate_groups.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/status_macros.h"

namespace relata::query {
namespace {

// Results that are all integers are packed.
Column PackIntegers(Column column) {
  const std::vector<Datum>& data = column.data();
  if (!std::all_of(data.begin(), data.end(),
                   [](const Datum& d) { return d.kind() == Datum::Kind::kInt; })) {
    return column;
  }
  Column packed(Column::Kind::kInt);
  packed.Resize(data.size());
  for (size_t i = 0; i < data.size(); ++i) packed.mutable_ints()[i] = data[i].AsInt();
  return packed;
}

}  // namespace

void AggregateGroups::Restart() {
  groups_.Clear();
  states_.clear();
  for (const AggregatePlan::Aggregate& aggregate : aggregates_) {
    states_.push_back(MakeAggregateState(aggregate));
    states_.back()->Grow(size());
  }
  given_ = 0;
}

void AggregateGroups::FindOrAdd(absl::Span<const Column* const> keys, size_t rows,
                                std::vector<uint32_t>* numbers) {
  if (keys_ == 0) {
    numbers->assign(rows, 0);
    return;
  }
  const size_t before = groups_.size();
  groups_.FindOrAdd(keys, rows, numbers);
  if (groups_.size() == before) return;
  for (const std::unique_ptr<AggregateState>& state : states_) state->Grow(groups_.size());
}

absl::Status AggregateGroups::Merge(AggregateGroups& other) {
  std::vector<const Column*> keys;
  for (const Column& key : other.groups_.columns()) keys.push_back(&key);
  std::vector<uint32_t> numbers;
  FindOrAdd(keys, other.size(), &numbers);
  for (size_t i = 0; i < states_.size(); ++i) {
    RELATA_RETURN_IF_ERROR(states_[i]->Merge(*other.states_[i], numbers));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> AggregateGroups::Give(size_t limit, Batch* out) {
  out->columns.clear();
  out->rows = std::min(limit, size() - given_);
  if (out->rows == 0) return false;
  std::vector<uint32_t> rows(out->rows);
  std::iota(rows.begin(), rows.end(), static_cast<uint32_t>(given_));
  for (const Column& key : groups_.columns()) out->columns.push_back(key.Gather(rows));
  for (const std::unique_ptr<AggregateState>& state : states_) {
    Column column(Column::Kind::kDatum);
    for (const uint32_t group : rows) RELATA_RETURN_IF_ERROR(state->Finish(group, &column));
    out->columns.push_back(PackIntegers(std::move(column)));
  }
  given_ += out->rows;
  return true;
}

size_t AggregateGroups::Bytes() const {
  size_t bytes = groups_.Bytes();
  for (const std::unique_ptr<AggregateState>& state : states_) bytes += state->Bytes();
  return bytes;
}

}  // namespace relata::query
