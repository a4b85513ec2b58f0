#include <algorithm>
#include <optional>
#include <vector>

#include "base/status_macros.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/operator_meter.h"
#include "graph/query/executor/operators/walk_steps.h"

namespace relata::query {
namespace {

// Counts by scanning ids: what is counted depends on the context's version, and for relationships
// on its valid time and belief too, which no stored count knows.
class Count : public Operator {
 public:
  Count(const PlanNode& plan, ExecutionContext* context)
      : plan_(std::get<CountPlan>(plan.op)), context_(context), meter_(plan, context) {}

  absl::Status Open(const Batch* /*argument*/) override {
    given_ = false;
    return absl::OkStatus();
  }

  absl::StatusOr<bool> Next(Batch* out) override {
    out->columns.clear();
    out->rows = 0;
    if (given_) return false;
    given_ = true;
    RELATA_ASSIGN_OR_RETURN(const int64_t count,
                            plan_.relationships ? CountRelationships() : CountEntities());
    out->rows = 1;
    out->columns.emplace_back(Column::Kind::kInt).Append(Datum::Int(count));
    return true;
  }

 private:
  static constexpr size_t kPage = 4096;

  absl::StatusOr<int64_t> CountEntities() {
    std::optional<LabelId> label;
    if (!plan_.label.empty()) {
      label = context_->reader->names().FindLabel(plan_.label);
      if (!label) return 0;
    }
    int64_t count = 0;
    EntityId after;
    while (true) {
      RELATA_ASSIGN_OR_RETURN(const std::vector<EntityId> ids,
                              context_->reader->ListEntities(plan_.context, label, after, kPage));
      RELATA_RETURN_IF_ERROR(meter_.Work(ids.size() + 1));
      meter_.Fetched(ids.size());
      if (ids.empty()) return count;
      count += static_cast<int64_t>(ids.size());
      after = ids.back();
    }
  }

  absl::StatusOr<int64_t> CountRelationships() {
    const std::optional<std::vector<Step>> steps =
        ResolveSteps(context_->reader->names(), plan_.types, EdgeDirection::kOut);
    if (!steps) return 0;
    int64_t count = 0;
    RelationshipId after;
    std::vector<RelationshipRef> page;
    while (true) {
      RELATA_RETURN_IF_ERROR(
          context_->reader->ListRelationships(plan_.context, after, kPage, &page));
      RELATA_RETURN_IF_ERROR(meter_.Expanded(page.size()));
      if (page.empty()) return count;
      for (const RelationshipRef& relationship : page) {
        if (FitsType(*steps, relationship.ends.type)) ++count;
      }
      after = page.back().ends.id;
    }
  }

  const CountPlan& plan_;
  ExecutionContext* const context_;
  OperatorMeter meter_;
  bool given_ = false;
};

}  // namespace

MadeOperator MakeCount(const PlanNode& plan, ExecutionContext* context) {
  return std::make_unique<Count>(plan, context);
}

}  // namespace relata::query
