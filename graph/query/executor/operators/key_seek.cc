#include <optional>
#include <utility>

#include "base/status_macros.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/row_expander.h"

namespace relata::query {
namespace {

class KeySeek : public RowExpander {
 public:
  KeySeek(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child)
      : RowExpander(plan, context, std::move(child), {Column::Kind::kNode}),
        plan_(std::get<KeySeekPlan>(plan.op)) {}

 protected:
  absl::Status Begin(const Batch& input) override {
    row_ = 0;
    return plan_.key.Evaluate(*context_, input, &keys_);
  }

  absl::StatusOr<bool> Produce(const Batch& input, size_t limit, RowWriter& writer) override {
    for (; row_ < input.rows; ++row_) {
      if (writer.size() >= limit) return true;
      const Datum key = keys_.Get(row_);
      if (!key.is_string()) continue;
      RELATA_ASSIGN_OR_RETURN(const std::optional<EntityId> id,
                              context_->reader->FindByKey(plan_.context, key.AsString()));
      meter_.Fetched(1);
      if (!id) continue;
      writer.Add(row_);
      writer.column(0).Append(NodeRef{*id, plan_.context});
    }
    return false;
  }

 private:
  const KeySeekPlan& plan_;
  Column keys_;
  uint32_t row_ = 0;
};

}  // namespace

MadeOperator MakeKeySeek(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child, MakeInput(plan, context));
  return std::make_unique<KeySeek>(plan, context, std::move(child));
}

}  // namespace relata::query
