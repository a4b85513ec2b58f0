#include "graph/query/executor/operators/aggregate_state.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "graph/query/executor/operators/row_table.h"
#include "graph/query/functions/aggregate.h"

namespace relata::query {
namespace {

using Kind = Column::Kind;

class CountState : public AggregateState {
 public:
  void Grow(size_t groups) override { counts_.resize(groups, 0); }

  absl::Status Add(absl::Span<const uint32_t> groups, const Column* value,
                   const Column* /*extra*/) override {
    const bool all = value == nullptr || (value->kind() != Kind::kDatum && value->nulls().empty());
    if (all && counts_.size() == 1) {
      counts_[0] += static_cast<int64_t>(groups.size());
      return absl::OkStatus();
    }
    for (size_t row = 0; row < groups.size(); ++row) {
      if (all || !value->IsNull(row)) ++counts_[groups[row]];
    }
    return absl::OkStatus();
  }

  absl::Status Merge(AggregateState& other, absl::Span<const uint32_t> groups) override {
    const std::vector<int64_t>& added = static_cast<CountState&>(other).counts_;
    for (size_t i = 0; i < groups.size(); ++i) counts_[groups[i]] += added[i];
    return absl::OkStatus();
  }

  absl::Status Finish(uint32_t group, Column* out) override {
    out->Append(Datum::Int(counts_[group]));
    return absl::OkStatus();
  }

  size_t Bytes() const override { return counts_.capacity() * sizeof(int64_t); }

 private:
  std::vector<int64_t> counts_;
};

// Any aggregate through its Accumulator. Those of groups that saw nothing are made at the end.
class AccumulatorState : public AggregateState {
 public:
  explicit AccumulatorState(AggregateKind kind)
      : kind_(kind),
        grows_(kind == AggregateKind::kCollect || kind == AggregateKind::kPercentileCont ||
               kind == AggregateKind::kPercentileDisc || kind == AggregateKind::kMin ||
               kind == AggregateKind::kMax) {}

  void Grow(size_t groups) override { accumulators_.resize(groups); }

  absl::Status Add(absl::Span<const uint32_t> groups, const Column* value,
                   const Column* extra) override {
    if (IsExtreme() && accumulators_.size() == 1 && value->kind() == Kind::kInt) {
      return AddExtreme(*value);
    }
    for (size_t row = 0; row < groups.size(); ++row) {
      if (value->IsNull(row)) continue;
      RELATA_RETURN_IF_ERROR(
          AddValue(groups[row], value->Get(row), extra == nullptr ? Datum() : extra->Get(row)));
    }
    return absl::OkStatus();
  }

  absl::Status AddValue(uint32_t group, const Datum& value, const Datum& extra) {
    Accumulator& accumulator = At(group);
    if (!grows_) return accumulator.Add(value, extra);
    const size_t before = accumulator.Bytes();
    RELATA_RETURN_IF_ERROR(accumulator.Add(value, extra));
    bytes_ += accumulator.Bytes() - before;  // may wrap around and back
    return absl::OkStatus();
  }

  absl::Status Merge(AggregateState& other, absl::Span<const uint32_t> groups) override {
    auto& added = static_cast<AccumulatorState&>(other);
    for (size_t i = 0; i < groups.size(); ++i) {
      std::unique_ptr<Accumulator>& theirs = added.accumulators_[i];
      if (theirs == nullptr) continue;
      std::unique_ptr<Accumulator>& ours = accumulators_[groups[i]];
      const size_t before = ours == nullptr ? 0 : ours->Bytes();
      if (ours == nullptr) {
        ours = std::move(theirs);
      } else {
        RELATA_RETURN_IF_ERROR(ours->Merge(*theirs));
      }
      if (grows_) bytes_ += ours->Bytes() - before;  // may wrap around and back
    }
    return absl::OkStatus();
  }

  absl::Status Finish(uint32_t group, Column* out) override {
    RELATA_ASSIGN_OR_RETURN(const Datum result, At(group).Finish());
    accumulators_[group].reset();
    out->Append(result);
    return absl::OkStatus();
  }

  size_t Bytes() const override { return accumulators_.capacity() * kEach + bytes_; }

 private:
  // About what an accumulator takes beyond Accumulator::Bytes.
  static constexpr size_t kEach = 80;

  bool IsExtreme() const { return kind_ == AggregateKind::kMin || kind_ == AggregateKind::kMax; }

  Accumulator& At(uint32_t group) {
    if (accumulators_[group] == nullptr) accumulators_[group] = MakeAccumulator(kind_);
    return *accumulators_[group];
  }

  // min and max of packed integers in the only group: the batch's own extreme decides.
  absl::Status AddExtreme(const Column& value) {
    bool any = false;
    int64_t extreme = 0;
    for (size_t row = 0; row < value.size(); ++row) {
      if (value.IsNull(row)) continue;
      const int64_t i = value.ints()[row];
      if (!any) {
        extreme = i;
      } else {
        extreme = kind_ == AggregateKind::kMin ? std::min(extreme, i) : std::max(extreme, i);
      }
      any = true;
    }
    return any ? AddValue(0, Datum::Int(extreme), Datum()) : absl::OkStatus();
  }

  const AggregateKind kind_;
  const bool grows_;
  std::vector<std::unique_ptr<Accumulator>> accumulators_;
  size_t bytes_ = 0;
};

// sum: packed integers and floats are added here and handed to the accumulator where something else
// comes or an addition of integers would overflow.
class SumState : public AggregateState {
 public:
  SumState() : general_(AggregateKind::kSum) {}

  void Grow(size_t groups) override {
    sums_.resize(groups);
    general_.Grow(groups);
  }

  absl::Status Add(absl::Span<const uint32_t> groups, const Column* value,
                   const Column* extra) override {
    if (value->kind() == Kind::kFloat) {
      AddFloats(groups, *value);
      return absl::OkStatus();
    }
    if (value->kind() == Kind::kInt) return AddInts(groups, *value);
    for (size_t row = 0; row < groups.size(); ++row) {
      if (!value->IsNull(row)) sums_[groups[row]].handed_on = true;
    }
    return general_.Add(groups, value, extra);
  }

  absl::Status Merge(AggregateState& other, absl::Span<const uint32_t> groups) override {
    auto& added = static_cast<SumState&>(other);
    for (size_t i = 0; i < groups.size(); ++i) {
      const Partial& theirs = added.sums_[i];
      Partial& ours = sums_[groups[i]];
      ours.floats.Merge(theirs.floats);
      ours.has_floats = ours.has_floats || theirs.has_floats;
      ours.handed_on = ours.handed_on || theirs.handed_on;
      RELATA_RETURN_IF_ERROR(AddInt(groups[i], theirs.ints));
    }
    return general_.Merge(added.general_, groups);
  }

  absl::Status Finish(uint32_t group, Column* out) override {
    Partial& sum = sums_[group];
    if (!sum.handed_on && !sum.has_floats) {
      out->Append(Datum::Int(sum.ints));
      return absl::OkStatus();
    }
    if (!sum.handed_on && sum.ints == 0) {
      out->Append(Datum::Float(sum.floats.Get()));
      return absl::OkStatus();
    }
    if (sum.ints != 0) RELATA_RETURN_IF_ERROR(HandOnInts(group));
    if (sum.has_floats) {
      for (const double part : {sum.floats.rounded(), sum.floats.lost()}) {
        RELATA_RETURN_IF_ERROR(general_.AddValue(group, Datum::Float(part), Datum()));
      }
    }
    return general_.Finish(group, out);
  }

  size_t Bytes() const override { return sums_.capacity() * sizeof(Partial) + general_.Bytes(); }

 private:
  // What was not handed on, of a group.
  struct Partial {
    int64_t ints = 0;
    FloatSum floats;
    bool has_floats = false;
    bool handed_on = false;  // the accumulator has something
  };

  void AddFloats(absl::Span<const uint32_t> groups, const Column& value) {
    const double* const floats = value.floats().data();
    const bool nulls = !value.nulls().empty();
    for (size_t row = 0; row < groups.size(); ++row) {
      if (nulls && value.IsNull(row)) continue;
      Partial& sum = sums_[groups[row]];
      sum.floats.Add(floats[row]);
      sum.has_floats = true;
    }
  }

  absl::Status AddInts(absl::Span<const uint32_t> groups, const Column& value) {
    const std::vector<int64_t>& ints = value.ints();
    for (size_t row = 0; row < groups.size(); ++row) {
      if (!value.IsNull(row)) RELATA_RETURN_IF_ERROR(AddInt(groups[row], ints[row]));
    }
    return absl::OkStatus();
  }

  absl::Status AddInt(uint32_t group, int64_t value) {
    int64_t& sum = sums_[group].ints;
    int64_t added = 0;
    if (__builtin_add_overflow(sum, value, &added)) {
      RELATA_RETURN_IF_ERROR(HandOnInts(group));
      added = value;
    }
    sum = added;
    return absl::OkStatus();
  }

  absl::Status HandOnInts(uint32_t group) {
    Partial& sum = sums_[group];
    sum.handed_on = true;
    return general_.AddValue(group, Datum::Int(std::exchange(sum.ints, 0)), Datum());
  }

  std::vector<Partial> sums_;
  AccumulatorState general_;
};

// Passes each value of a group on once.
class DistinctState : public AggregateState {
 public:
  explicit DistinctState(std::unique_ptr<AggregateState> inner)
      : seen_(2), inner_(std::move(inner)) {}

  void Grow(size_t groups) override { inner_->Grow(groups); }

  absl::Status Add(absl::Span<const uint32_t> groups, const Column* value,
                   const Column* extra) override {
    // Nulls are not counted, and would make packed columns look mixed.
    std::vector<uint32_t> rows;
    Column group_column(Kind::kInt);
    for (size_t row = 0; row < groups.size(); ++row) {
      if (value->IsNull(row)) continue;
      rows.push_back(static_cast<uint32_t>(row));
      group_column.Append(Datum::Int(groups[row]));
    }
    if (rows.empty()) return absl::OkStatus();
    const Column values = value->Gather(rows);
    size_t known = seen_.size();
    std::vector<uint32_t> numbers;
    seen_.FindOrAdd({&group_column, &values}, rows.size(), &numbers);
    std::vector<uint32_t> fresh;
    std::vector<uint32_t> fresh_groups;
    for (size_t i = 0; i < rows.size(); ++i) {
      if (numbers[i] < known) continue;
      known = numbers[i] + 1;
      fresh.push_back(rows[i]);
      fresh_groups.push_back(groups[rows[i]]);
    }
    const Column fresh_values = value->Gather(fresh);
    if (extra == nullptr) return inner_->Add(fresh_groups, &fresh_values, nullptr);
    const Column fresh_extra = extra->Gather(fresh);
    return inner_->Add(fresh_groups, &fresh_values, &fresh_extra);
  }

  // The values of all groups are added again: those that are new here count. (The second argument
  // of what takes two is not kept.)
  absl::Status Merge(AggregateState& other, absl::Span<const uint32_t> groups) override {
    const std::vector<Column>& seen = static_cast<DistinctState&>(other).seen_.columns();
    const size_t rows = static_cast<DistinctState&>(other).seen_.size();
    std::vector<uint32_t> of_rows(rows);
    for (size_t row = 0; row < rows; ++row) {
      of_rows[row] = groups[static_cast<size_t>(seen[0].Get(row).AsInt())];
    }
    return Add(of_rows, &seen[1], nullptr);
  }

  absl::Status Finish(uint32_t group, Column* out) override { return inner_->Finish(group, out); }
  size_t Bytes() const override { return seen_.Bytes() + inner_->Bytes(); }

 private:
  RowTable seen_;  // group, value
  const std::unique_ptr<AggregateState> inner_;
};

}  // namespace

std::unique_ptr<AggregateState> MakeAggregateState(const AggregatePlan::Aggregate& aggregate) {
  std::unique_ptr<AggregateState> state;
  switch (aggregate.kind) {
    case AggregateKind::kCountStar:
      return std::make_unique<CountState>();
    case AggregateKind::kCount:
      state = std::make_unique<CountState>();
      break;
    case AggregateKind::kSum:
      state = std::make_unique<SumState>();
      break;
    default:
      state = std::make_unique<AccumulatorState>(aggregate.kind);
      break;
  }
  if (aggregate.distinct) return std::make_unique<DistinctState>(std::move(state));
  return state;
}

}  // namespace relata::query
