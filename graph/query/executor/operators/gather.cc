#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "graph/query/executor/morsel_run.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/operator_meter.h"

namespace relata::query {
namespace {

// What a morsel gave so far.
struct Batches : public MorselResult {
  Batches(QueryBudget* budget, MemoryHolder holder) : hold(budget, holder) {}

  std::vector<Batch> batches;
  MemoryHold hold;
};

// Keeps the rows of a morsel up to a bound, and as far as the statement has memory for them: a
// morsel that gives more is read on from where it stands, by the thread that reads, so that none
// needs room for all of its rows, and no statement fails that would not on one thread.
class PipelineWorker : public MorselWorker {
 public:
  // `most`: bytes of rows that are kept of a morsel.
  PipelineWorker(ExecutionContext* context, MemoryHolder holder, std::unique_ptr<Operator> pipeline,
                 size_t most)
      : context_(context), holder_(holder), pipeline_(std::move(pipeline)), most_(most) {}

  absl::StatusOr<std::unique_ptr<MorselResult>> Run() override {
    midway_ = false;
    RELATA_RETURN_IF_ERROR(pipeline_->Open(nullptr));
    auto result = std::make_unique<Batches>(context_->budget, holder_);
    size_t kept = 0;
    while (!midway_) {
      Batch batch;
      RELATA_ASSIGN_OR_RETURN(const bool more, pipeline_->Next(&batch));
      if (!more) break;
      if (batch.rows == 0) continue;
      const size_t bytes = batch.Bytes();
      kept += bytes;
      midway_ = kept >= most_ || !result->hold.Add(bytes).ok();
      result->batches.push_back(std::move(batch));
    }
    return result;
  }

  bool stopped_midway() const override { return midway_; }
  absl::StatusOr<bool> GoOn(Batch* out) { return pipeline_->Next(out); }

 private:
  ExecutionContext* const context_;
  const MemoryHolder holder_;
  const std::unique_ptr<Operator> pipeline_;
  const size_t most_;
  bool midway_ = false;
};

// Gives the rows of its child, which runs by morsels, in the order in which it would give them on
// one thread.
class Gather : public Operator {
 public:
  Gather(const PlanNode& plan, ExecutionContext* context)
      : plan_(plan), context_(context), meter_(plan, context) {}

  absl::Status Open(const Batch* /*argument*/) override {
    result_.reset();
    ended_ = false;
    run_ = std::make_unique<MorselRun>(
        plan_, *ScanBelow(plan_), context_,
        [this](ExecutionContext* context) -> absl::StatusOr<std::unique_ptr<MorselWorker>> {
          RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> pipeline,
                                  MakeOperator(*plan_.children[0], context));
          return std::make_unique<PipelineWorker>(context, HolderOf(plan_.op), std::move(pipeline),
                                                  MostOfOne());
        });
    return absl::OkStatus();
  }

  absl::StatusOr<bool> Next(Batch* out) override {
    while (!ended_) {
      if (result_ != nullptr) {
        RELATA_ASSIGN_OR_RETURN(const bool more, GiveOfResult(out));
        if (more) return true;
      }
      RELATA_ASSIGN_OR_RETURN(std::unique_ptr<MorselResult> result, run_->Next());
      result_.reset(static_cast<Batches*>(result.release()));
      next_ = 0;
      ended_ = result_ == nullptr;
    }
    // What the workers counted is added up.
    run_.reset();
    return false;
  }

 private:
  // Bytes of rows that are kept of a morsel, and of all; of these at most this part of the memory
  // that the statement may hold, so that there is room for what is done with the rows.
  static constexpr size_t kMostOfOne = size_t{1} << 20;
  static constexpr size_t kMostKept = size_t{16} << 20;
  static constexpr size_t kPartKept = 16;

  size_t MostOfOne() const {
    const size_t kept = std::min(kMostKept, context_->budget->limits().memory_bytes / kPartKept);
    return std::min<size_t>(kMostOfOne, kept / run_->most_unread());
  }

  absl::StatusOr<bool> GiveOfResult(Batch* out) {
    if (next_ < result_->batches.size()) {
      *out = std::move(result_->batches[next_++]);
      RELATA_RETURN_IF_ERROR(meter_.Work(1));
      return true;
    }
    auto* const worker = static_cast<PipelineWorker*>(run_->worker());
    if (worker == nullptr || !worker->stopped_midway()) return false;
    return worker->GoOn(out);
  }

  const PlanNode& plan_;
  ExecutionContext* const context_;
  OperatorMeter meter_;
  std::unique_ptr<MorselRun> run_;
  std::unique_ptr<Batches> result_;
  size_t next_ = 0;  // of its batches
  bool ended_ = false;
};

}  // namespace

MadeOperator MakeGather(const PlanNode& plan, ExecutionContext* context) {
  if (ScanBelow(plan) == nullptr) {
    return absl::InternalError("rows are gathered of what has no scan below it");
  }
  return std::make_unique<Gather>(plan, context);
}

}  // namespace relata::query
