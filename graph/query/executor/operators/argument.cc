#include "base/status_macros.h"
#include "graph/query/executor/operators/makers.h"

namespace relata::query {
namespace {

class ArgumentOperator : public Operator {
 public:
  explicit ArgumentOperator(size_t columns) : columns_(columns) {}

  absl::Status Open(const Batch* argument) override {
    argument_ = argument;
    given_ = false;
    if ((argument == nullptr ? 0 : argument->columns.size()) < columns_) {
      return absl::InternalError("a plan's argument has fewer columns than its layout");
    }
    return absl::OkStatus();
  }

  absl::StatusOr<bool> Next(Batch* out) override {
    out->columns.clear();
    out->rows = 0;
    if (given_) return false;
    given_ = true;
    out->rows = argument_ == nullptr ? 1 : argument_->rows;
    for (size_t i = 0; i < columns_; ++i) out->columns.push_back(argument_->columns[i]);
    return true;
  }

 private:
  const size_t columns_;
  const Batch* argument_ = nullptr;
  bool given_ = false;
};

}  // namespace

MadeOperator MakeArgument(const PlanNode& plan, ExecutionContext* /*context*/) {
  return std::make_unique<ArgumentOperator>(plan.layout.size());
}

}  // namespace relata::query
