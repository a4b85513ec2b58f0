#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "graph/query/executor/operators/aggregate_state.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/operator_meter.h"
#include "graph/query/executor/operators/row_expander.h"
#include "graph/query/executor/operators/row_table.h"

namespace relata::query {
namespace {

// Groups in a table of keys; the states of the aggregates are columns beside it.
class Aggregate : public Operator {
 public:
  Aggregate(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child)
      : plan_(std::get<AggregatePlan>(plan.op)),
        context_(context),
        meter_(plan, context),
        child_(std::move(child)),
        groups_(plan_.keys.size()) {}

  absl::Status Open(const Batch* argument) override {
    groups_.Clear();
    states_.clear();
    for (const AggregatePlan::Aggregate& aggregate : plan_.aggregates) {
      states_.push_back(MakeAggregateState(aggregate));
    }
    gathered_ = false;
    given_ = 0;
    RELATA_RETURN_IF_ERROR(meter_.Hold(0));
    return child_->Open(argument);
  }

  absl::StatusOr<bool> Next(Batch* out) override {
    if (!gathered_) {
      RELATA_RETURN_IF_ERROR(GatherAll());
      gathered_ = true;
    }
    out->columns.clear();
    out->rows = std::min(context_->batch_rows, GroupCount() - given_);
    if (out->rows == 0) return false;
    RELATA_RETURN_IF_ERROR(meter_.Work(out->rows));
    std::vector<uint32_t> rows(out->rows);
    std::iota(rows.begin(), rows.end(), static_cast<uint32_t>(given_));
    for (const Column& key : groups_.columns()) out->columns.push_back(key.Gather(rows));
    for (const std::unique_ptr<AggregateState>& state : states_) {
      Column column(Column::Kind::kDatum);
      for (const uint32_t group : rows) RELATA_RETURN_IF_ERROR(state->Finish(group, &column));
      out->columns.push_back(Pack(std::move(column)));
    }
    given_ += out->rows;
    return true;
  }

 private:
  size_t GroupCount() const { return plan_.keys.empty() ? 1 : groups_.size(); }

  absl::Status GatherAll() {
    if (plan_.keys.empty()) GrowStates();
    Batch input;
    while (true) {
      RELATA_ASSIGN_OR_RETURN(const bool more, child_->Next(&input));
      if (!more) return absl::OkStatus();
      RELATA_RETURN_IF_ERROR(meter_.Work(input.rows + 1));
      if (input.rows == 0) continue;
      RELATA_RETURN_IF_ERROR(AddBatch(input));
      size_t bytes = groups_.Bytes();
      for (const std::unique_ptr<AggregateState>& state : states_) bytes += state->Bytes();
      RELATA_RETURN_IF_ERROR(meter_.Hold(bytes));
    }
  }

  void GrowStates() {
    for (const std::unique_ptr<AggregateState>& state : states_) state->Grow(GroupCount());
  }

  // The value of an expression: a column of the input as it is, or `storage`.
  absl::StatusOr<const Column*> Value(const Expression& expr, const Batch& input, Column* storage) {
    if (expr.column() >= 0) return &input.columns[static_cast<size_t>(expr.column())];
    RELATA_RETURN_IF_ERROR(expr.Evaluate(*context_, input, storage));
    return storage;
  }

  absl::Status AddBatch(const Batch& input) {
    RELATA_RETURN_IF_ERROR(NumberRows(input));
    for (size_t i = 0; i < plan_.aggregates.size(); ++i) {
      const std::vector<Expression>& args = plan_.aggregates[i].args;
      const Column* values[2] = {nullptr, nullptr};
      Column storage[2];
      for (size_t arg = 0; arg < std::min<size_t>(args.size(), 2); ++arg) {
        RELATA_ASSIGN_OR_RETURN(values[arg], Value(args[arg], input, &storage[arg]));
      }
      RELATA_RETURN_IF_ERROR(states_[i]->Add(numbers_, values[0], values[1]));
    }
    return absl::OkStatus();
  }

  // Sets `numbers_` to the group of each row.
  absl::Status NumberRows(const Batch& input) {
    if (plan_.keys.empty()) {
      numbers_.assign(input.rows, 0);
      return absl::OkStatus();
    }
    std::vector<Column> storage(plan_.keys.size());
    std::vector<const Column*> keys(plan_.keys.size());
    for (size_t i = 0; i < keys.size(); ++i) {
      RELATA_ASSIGN_OR_RETURN(keys[i], Value(plan_.keys[i], input, &storage[i]));
    }
    const size_t before = groups_.size();
    groups_.FindOrAdd(keys, input.rows, &numbers_);
    if (groups_.size() != before) GrowStates();
    return absl::OkStatus();
  }

  // Results that are all integers are packed.
  static Column Pack(Column column) {
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

  const AggregatePlan& plan_;
  ExecutionContext* const context_;
  OperatorMeter meter_;
  const std::unique_ptr<Operator> child_;
  RowTable groups_;
  std::vector<std::unique_ptr<AggregateState>> states_;
  std::vector<uint32_t> numbers_;
  bool gathered_ = false;
  size_t given_ = 0;
};

}  // namespace

MadeOperator MakeAggregate(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child, MakeInput(plan, context));
  return std::make_unique<Aggregate>(plan, context, std::move(child));
}

}  // namespace relata::query
