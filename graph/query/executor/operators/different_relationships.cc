#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "base/status_macros.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/operator_meter.h"

namespace relata::query {
namespace {

class DifferentRelationships : public Operator {
 public:
  DifferentRelationships(const PlanNode& plan, ExecutionContext* context,
                         std::unique_ptr<Operator> child)
      : plan_(std::get<DifferentRelationshipsPlan>(plan.op)),
        meter_(plan, context),
        child_(std::move(child)) {}

  absl::Status Open(const Batch* argument) override { return child_->Open(argument); }

  absl::StatusOr<bool> Next(Batch* out) override {
    while (true) {
      RELATA_ASSIGN_OR_RETURN(const bool more, child_->Next(out));
      if (!more) return false;
      RELATA_RETURN_IF_ERROR(meter_.Work(out->rows + 1));
      kept_.clear();
      for (size_t row = 0; row < out->rows; ++row) {
        if (AllDiffer(*out, row)) kept_.push_back(static_cast<uint32_t>(row));
      }
      if (kept_.empty()) continue;
      out->Keep(kept_);
      return true;
    }
  }

 private:
  bool AllDiffer(const Batch& batch, size_t row) {
    seen_.clear();
    for (const size_t index : plan_.columns) {
      const Column& column = batch.columns[index];
      if (column.IsNull(row)) continue;
      if (column.kind() == Column::Kind::kRelationship) {
        if (!seen_.insert(column.relationships()[row].ends.id).second) return false;
      } else if (column.kind() == Column::Kind::kDatum && !AddDifferent(column.data()[row])) {
        return false;
      }
    }
    return true;
  }

  bool AddDifferent(const Datum& value) {
    if (value.kind() == Datum::Kind::kRelationship) {
      return seen_.insert(value.AsRelationship().ends.id).second;
    }
    if (!value.is_list()) return true;
    for (const Datum& element : value.AsList()) {
      if (element.kind() == Datum::Kind::kRelationship &&
          !seen_.insert(element.AsRelationship().ends.id).second) {
        return false;
      }
    }
    return true;
  }

  const DifferentRelationshipsPlan& plan_;
  OperatorMeter meter_;
  const std::unique_ptr<Operator> child_;
  absl::flat_hash_set<RelationshipId> seen_;  // of one row
  std::vector<uint32_t> kept_;
};

}  // namespace

MadeOperator MakeDifferentRelationships(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child,
                          MakeOperator(*plan.children[0], context));
  return std::make_unique<DifferentRelationships>(plan, context, std::move(child));
}

}  // namespace relata::query
