#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/operator_meter.h"
#include "graph/query/executor/operators/row_count.h"
#include "graph/query/executor/operators/sort_keys.h"

namespace relata::query {
namespace {

// Holds all rows with their keys, sorts them in runs and merges the runs while it gives rows. With
// a limit of k rows it holds little more than k: now and then it drops what cannot be among them.
class Sort : public Operator {
 public:
  Sort(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child)
      : plan_(std::get<SortPlan>(plan.op)),
        context_(context),
        meter_(plan, context),
        child_(std::move(child)),
        order_(plan_.keys, keys_) {}

  absl::Status Open(const Batch* argument) override {
    rows_ = Batch();
    keys_.clear();
    runs_.clear();
    measure_.Clear();
    gathered_ = false;
    given_ = 0;
    RELATA_RETURN_IF_ERROR(meter_.Hold(0));
    RELATA_RETURN_IF_ERROR(FindWanted());
    return child_->Open(argument);
  }

  absl::StatusOr<bool> Next(Batch* out) override {
    if (!gathered_) {
      RELATA_RETURN_IF_ERROR(GatherAll());
      RELATA_RETURN_IF_ERROR(SortRuns());
      gathered_ = true;
    }
    out->columns.clear();
    out->rows = 0;
    std::vector<uint32_t> rows;
    while (rows.size() < context_->batch_rows && given_ < wanted_ && !runs_.empty()) {
      rows.push_back(TakeLeast());
      ++given_;
    }
    if (rows.empty()) return false;
    RELATA_RETURN_IF_ERROR(meter_.Work(rows.size()));
    out->rows = rows.size();
    for (const Column& column : rows_.columns) out->columns.push_back(column.Gather(rows));
    return true;
  }

 private:
  static constexpr size_t kRunRows = 1 << 14;
  // Beyond the rows wanted so many are collected before the worst are dropped.
  static constexpr size_t kSlack = 4096;

  struct Run {
    uint32_t next;  // in order_of_rows_
    uint32_t end;
  };

  // Orders a heap of runs by their next rows, the least on top.
  struct Later {
    const Sort& sort;
    bool operator()(const Run& a, const Run& b) const {
      return sort.order_(sort.order_of_rows_[b.next], sort.order_of_rows_[a.next]);
    }
  };

  absl::Status FindWanted() {
    constexpr int64_t kAll = std::numeric_limits<int64_t>::max();
    RELATA_ASSIGN_OR_RETURN(const int64_t limit,
                            EvaluateRowCount(plan_.limit, "LIMIT", kAll, *context_));
    RELATA_ASSIGN_OR_RETURN(const int64_t skip, EvaluateRowCount(plan_.skip, "SKIP", 0, *context_));
    limited_ = limit < kAll - skip;
    wanted_ = limited_ ? static_cast<size_t>(limit + skip) : static_cast<size_t>(kAll);
    return absl::OkStatus();
  }

  absl::Status GatherAll() {
    Batch input;
    while (true) {
      RELATA_ASSIGN_OR_RETURN(const bool more, child_->Next(&input));
      if (!more) return absl::OkStatus();
      RELATA_RETURN_IF_ERROR(meter_.Work(input.rows + 1));
      if (input.rows == 0 || wanted_ == 0) continue;
      std::vector<Column> keys(plan_.keys.size());
      for (size_t i = 0; i < keys.size(); ++i) {
        RELATA_RETURN_IF_ERROR(plan_.keys[i].expr.Evaluate(*context_, input, &keys[i]));
      }
      if (threshold_known_) DropBeyondThreshold(&input, &keys);
      if (input.rows == 0) continue;
      RELATA_RETURN_IF_ERROR(Append(std::move(input), std::move(keys)));
      if (limited_ && rows_.rows > wanted_ + std::max(wanted_, kSlack)) {
        RELATA_RETURN_IF_ERROR(DropWorst());
      }
    }
  }

  absl::Status Append(Batch input, std::vector<Column> keys) {
    size_t bytes = measure_.Add(input);
    for (const Column& key : keys) bytes += measure_.Add(key);
    RELATA_RETURN_IF_ERROR(meter_.HoldMore(bytes));
    rows_.rows += input.rows;
    if (rows_.columns.empty() && keys_.empty()) {
      rows_.columns = std::move(input.columns);
      keys_ = std::move(keys);
      return absl::OkStatus();
    }
    for (size_t i = 0; i < rows_.columns.size(); ++i) {
      rows_.columns[i].AppendAll(input.columns[i]);
    }
    for (size_t i = 0; i < keys_.size(); ++i) keys_[i].AppendAll(keys[i]);
    return absl::OkStatus();
  }

  // Rows not before the last one wanted so far cannot be wanted: equal ones came earlier.
  void DropBeyondThreshold(Batch* input, std::vector<Column>* keys) {
    std::vector<uint32_t> kept;
    for (size_t row = 0; row < input->rows; ++row) {
      if (CompareKeys(plan_.keys, *keys, row, keys_, threshold_) < 0) {
        kept.push_back(static_cast<uint32_t>(row));
      }
    }
    if (kept.size() == input->rows) return;
    input->Keep(kept);
    for (Column& key : *keys) key = key.Gather(kept);
  }

  absl::Status DropWorst() {
    std::vector<uint32_t> rows(rows_.rows);
    std::iota(rows.begin(), rows.end(), 0);
    order_.Prepare();
    const auto last = rows.begin() + static_cast<ptrdiff_t>(wanted_ - 1);
    std::nth_element(rows.begin(), last, rows.end(), std::cref(order_));
    const uint32_t worst = *last;
    rows.resize(wanted_);
    std::sort(rows.begin(), rows.end());
    threshold_ =
        static_cast<size_t>(std::lower_bound(rows.begin(), rows.end(), worst) - rows.begin());
    threshold_known_ = true;
    rows_.Keep(rows);
    for (Column& key : keys_) key = key.Gather(rows);
    measure_.Clear();
    size_t bytes = measure_.Add(rows_);
    for (const Column& key : keys_) bytes += measure_.Add(key);
    return meter_.Hold(bytes);
  }

  absl::Status SortRuns() {
    threshold_known_ = false;
    RELATA_RETURN_IF_ERROR(meter_.HoldMore(rows_.rows * (sizeof(uint32_t) + sizeof(uint64_t))));
    order_.Prepare();
    order_of_rows_.resize(rows_.rows);
    std::iota(order_of_rows_.begin(), order_of_rows_.end(), 0);
    for (size_t begin = 0; begin < rows_.rows; begin += kRunRows) {
      const size_t end = std::min(begin + kRunRows, rows_.rows);
      const size_t sorted = std::min(end, begin + std::min(wanted_, kRunRows));
      const auto first = order_of_rows_.begin() + static_cast<ptrdiff_t>(begin);
      const auto middle = order_of_rows_.begin() + static_cast<ptrdiff_t>(sorted);
      if (sorted < end) {
        // No more of a run can be wanted.
        std::nth_element(first, middle, order_of_rows_.begin() + static_cast<ptrdiff_t>(end),
                         std::cref(order_));
      }
      std::sort(first, middle, std::cref(order_));
      runs_.push_back({static_cast<uint32_t>(begin), static_cast<uint32_t>(sorted)});
      RELATA_RETURN_IF_ERROR(context_->budget->CheckStopped());
    }
    std::make_heap(runs_.begin(), runs_.end(), Later{*this});
    return absl::OkStatus();
  }

  uint32_t TakeLeast() {
    if (runs_.size() == 1) {
      const uint32_t only = order_of_rows_[runs_[0].next++];
      if (runs_[0].next == runs_[0].end) runs_.clear();
      return only;
    }
    std::pop_heap(runs_.begin(), runs_.end(), Later{*this});
    Run& run = runs_.back();
    const uint32_t row = order_of_rows_[run.next++];
    if (run.next == run.end) {
      runs_.pop_back();
    } else {
      std::push_heap(runs_.begin(), runs_.end(), Later{*this});
    }
    return row;
  }

  const SortPlan& plan_;
  ExecutionContext* const context_;
  OperatorMeter meter_;
  const std::unique_ptr<Operator> child_;
  bool limited_ = false;
  size_t wanted_ = 0;  // rows to give
  Batch rows_;
  std::vector<Column> keys_;
  RowOrder order_;
  BatchMeasure measure_;
  bool threshold_known_ = false;
  size_t threshold_ = 0;  // the row of rows_ that is the last one wanted
  std::vector<uint32_t> order_of_rows_;
  std::vector<Run> runs_;
  bool gathered_ = false;
  size_t given_ = 0;
};

}  // namespace

MadeOperator MakeSort(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child,
                          MakeOperator(*plan.children[0], context));
  return std::make_unique<Sort>(plan, context, std::move(child));
}

}  // namespace relata::query
