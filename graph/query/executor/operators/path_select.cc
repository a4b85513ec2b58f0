#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/operator_meter.h"
#include "graph/query/executor/operators/row_count.h"
#include "graph/query/executor/operators/row_table.h"
#include "graph/query/executor/operators/selector_count.h"

namespace relata::query {
namespace {

// Gathers rows, sees them by ascending length, and gives those kept in the child's order. What is
// not kept of some rows is not kept of more, so it drops that now and then: it holds little more
// than what it gives, and a batch or two.
class PathSelect : public Operator {
 public:
  PathSelect(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child)
      : plan_(std::get<PathSelectPlan>(plan.op)),
        context_(context),
        meter_(plan, context),
        child_(std::move(child)) {}

  absl::Status Open(const Batch* argument) override {
    rows_ = Batch();
    kept_.clear();
    gathered_ = false;
    given_ = 0;
    select_at_ = kLeastRows;
    RELATA_RETURN_IF_ERROR(meter_.Hold(0));
    return child_->Open(argument);
  }

  absl::StatusOr<bool> Next(Batch* out) override {
    if (!gathered_) {
      RELATA_RETURN_IF_ERROR(GatherAll());
      RELATA_RETURN_IF_ERROR(Select());
      gathered_ = true;
    }
    out->columns.clear();
    out->rows = std::min(context_->batch_rows, kept_.size() - given_);
    if (out->rows == 0) return false;
    RELATA_RETURN_IF_ERROR(meter_.Work(out->rows));
    const absl::Span<const uint32_t> rows = absl::MakeConstSpan(kept_).subspan(given_, out->rows);
    for (const Column& column : rows_.columns) out->columns.push_back(column.Gather(rows));
    given_ += out->rows;
    return true;
  }

 private:
  // So many rows are gathered before some are dropped.
  static constexpr size_t kLeastRows = 4096;
  // What selecting takes beside the row.
  static constexpr size_t kBytesPerRow = 4 * sizeof(uint32_t);

  absl::Status GatherAll() {
    BatchMeasure measure;
    Batch input;
    while (true) {
      RELATA_ASSIGN_OR_RETURN(const bool more, child_->Next(&input));
      if (!more) return absl::OkStatus();
      RELATA_RETURN_IF_ERROR(meter_.Work(input.rows + 1));
      if (input.rows == 0) continue;
      RELATA_RETURN_IF_ERROR(meter_.HoldMore(measure.Add(input) + input.rows * kBytesPerRow));
      rows_.columns.resize(input.columns.size());
      for (size_t i = 0; i < input.columns.size(); ++i) {
        rows_.columns[i].AppendAll(input.columns[i]);
      }
      rows_.rows += input.rows;
      if (rows_.rows >= select_at_) RELATA_RETURN_IF_ERROR(DropOthers(&measure));
    }
  }

  // Keeps the rows that are selected so far.
  absl::Status DropOthers(BatchMeasure* measure) {
    RELATA_RETURN_IF_ERROR(Select());
    rows_.Keep(kept_);
    kept_.clear();
    select_at_ = std::max(kLeastRows, 2 * rows_.rows);
    measure->Clear();
    return meter_.Hold(measure->Add(rows_) + rows_.rows * kBytesPerRow);
  }

  absl::Status Select() {
    RELATA_ASSIGN_OR_RETURN(const int64_t count,
                            EvaluateRowCount(plan_.count, "a path selector", 1, *context_));
    if (rows_.rows == 0) return absl::OkStatus();
    std::vector<uint32_t> partitions(rows_.rows, 0);
    size_t partition_count = 1;
    if (!plan_.partition.empty()) {
      RowTable table(plan_.partition.size());
      std::vector<const Column*> keys;
      for (const size_t column : plan_.partition) keys.push_back(&rows_.columns[column]);
      table.FindOrAdd(keys, rows_.rows, &partitions);
      partition_count = table.size();
    }
    std::vector<int64_t> lengths(rows_.rows, 0);
    const Column& length = rows_.columns[plan_.length];
    for (size_t row = 0; row < rows_.rows; ++row) {
      const Datum value = length.Get(row);
      if (value.kind() == Datum::Kind::kInt) lengths[row] = value.AsInt();
    }
    std::vector<uint32_t> order(rows_.rows);
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&lengths](uint32_t a, uint32_t b) { return lengths[a] < lengths[b]; });
    std::vector<SelectorCount> counts(partition_count);
    for (const uint32_t row : order) {
      if (counts[partitions[row]].Keep(plan_.selector, count, lengths[row])) kept_.push_back(row);
    }
    std::sort(kept_.begin(), kept_.end());
    return context_->budget->CheckStopped();
  }

  const PathSelectPlan& plan_;
  ExecutionContext* const context_;
  OperatorMeter meter_;
  const std::unique_ptr<Operator> child_;
  Batch rows_;
  std::vector<uint32_t> kept_;  // ascending
  bool gathered_ = false;
  size_t given_ = 0;
  size_t select_at_ = kLeastRows;  // rows
};

}  // namespace

MadeOperator MakePathSelect(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child,
                          MakeOperator(*plan.children[0], context));
  return std::make_unique<PathSelect>(plan, context, std::move(child));
}

}  // namespace relata::query
