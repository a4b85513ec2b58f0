#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/operator_meter.h"
#include "graph/query/executor/operators/row_table.h"

namespace relata::query {
namespace {

class Distinct : public Operator {
 public:
  Distinct(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child)
      : meter_(plan, context), child_(std::move(child)), seen_(plan.layout.size()) {}

  absl::Status Open(const Batch* argument) override {
    seen_.Clear();
    RELATA_RETURN_IF_ERROR(meter_.Hold(0));
    return child_->Open(argument);
  }

  absl::StatusOr<bool> Next(Batch* out) override {
    while (true) {
      RELATA_ASSIGN_OR_RETURN(const bool more, child_->Next(out));
      if (!more) return false;
      RELATA_RETURN_IF_ERROR(meter_.Work(out->rows + 1));
      if (out->rows == 0) continue;
      size_t known = seen_.size();
      std::vector<const Column*> keys;
      for (const Column& column : out->columns) keys.push_back(&column);
      seen_.FindOrAdd(keys, out->rows, &numbers_);
      RELATA_RETURN_IF_ERROR(meter_.Hold(seen_.Bytes()));
      fresh_.clear();
      for (size_t row = 0; row < out->rows; ++row) {
        if (numbers_[row] < known) continue;
        known = numbers_[row] + 1;
        fresh_.push_back(static_cast<uint32_t>(row));
      }
      if (fresh_.empty()) continue;
      out->Keep(fresh_);
      return true;
    }
  }

 private:
  OperatorMeter meter_;
  const std::unique_ptr<Operator> child_;
  RowTable seen_;
  std::vector<uint32_t> numbers_;
  std::vector<uint32_t> fresh_;
};

}  // namespace

MadeOperator MakeDistinct(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child,
                          MakeOperator(*plan.children[0], context));
  return std::make_unique<Distinct>(plan, context, std::move(child));
}

}  // namespace relata::query
