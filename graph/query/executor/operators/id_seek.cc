#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "base/status_macros.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/row_expander.h"

namespace relata::query {
namespace {

// The entity that a value of id() names; nullopt for what is no such number.
std::optional<EntityId> ToId(const Datum& value) {
  constexpr double kBeyondExact = 9007199254740992.0;  // 2^53
  int64_t id = 0;
  if (value.kind() == Datum::Kind::kInt) {
    id = value.AsInt();
  } else if (value.kind() == Datum::Kind::kFloat) {
    const double d = value.AsFloat();
    if (!(d > 0 && d <= kBeyondExact) || d != std::floor(d)) return std::nullopt;
    id = static_cast<int64_t>(d);
  }
  if (id <= 0) return std::nullopt;
  return EntityId(static_cast<uint64_t>(id));
}

class IdSeek : public RowExpander {
 public:
  IdSeek(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child)
      : RowExpander(plan, context, std::move(child), {Column::Kind::kNode}),
        plan_(std::get<IdSeekPlan>(plan.op)) {}

 protected:
  absl::Status Begin(const Batch& input) override {
    row_ = 0;
    element_ = 0;
    given_.clear();
    return plan_.value.Evaluate(*context_, input, &values_);
  }

  absl::StatusOr<bool> Produce(const Batch& input, size_t limit, RowWriter& writer) override {
    for (; row_ < input.rows; ++row_, element_ = 0, given_.clear()) {
      if (writer.size() >= limit) return true;
      const Datum value = values_.Get(row_);
      if (!plan_.many) {
        RELATA_RETURN_IF_ERROR(Give(value, writer));
        continue;
      }
      if (!value.is_list()) continue;
      const Datum::List& list = value.AsList();
      for (; element_ < list.size() && writer.size() < limit; ++element_) {
        RELATA_RETURN_IF_ERROR(Give(list[element_], writer));
        RELATA_RETURN_IF_ERROR(meter_.Work(1));
      }
      if (element_ < list.size()) return true;
    }
    return false;
  }

 private:
  absl::Status Give(const Datum& value, RowWriter& writer) {
    const std::optional<EntityId> id = ToId(value);
    if (!id || (plan_.many && !given_.insert(*id).second)) return absl::OkStatus();
    RELATA_ASSIGN_OR_RETURN(const bool exists, context_->reader->Exists(plan_.context, *id));
    meter_.Fetched(1);
    if (!exists) return absl::OkStatus();
    writer.Add(row_);
    writer.column(0).Append(NodeRef{*id, plan_.context});
    return absl::OkStatus();
  }

  const IdSeekPlan& plan_;
  Column values_;
  uint32_t row_ = 0;
  size_t element_ = 0;
  absl::flat_hash_set<EntityId> given_;  // of the row's list
};

}  // namespace

MadeOperator MakeIdSeek(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child, MakeInput(plan, context));
  return std::make_unique<IdSeek>(plan, context, std::move(child));
}

}  // namespace relata::query
