#include <optional>
#include <vector>

#include "base/status_macros.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/row_expander.h"

namespace relata::query {
namespace {

class NodeScan : public RowExpander {
 public:
  NodeScan(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child)
      : RowExpander(plan, context, std::move(child), {Column::Kind::kNode}),
        plan_(std::get<NodeScanPlan>(plan.op)),
        id_(plan.id) {}

 protected:
  void Restart() override {
    all_.clear();
    all_known_ = false;
    too_many_ = false;
    const bool ours = context_->morsel && context_->morsel->scan == id_;
    part_ = ours ? *context_->morsel : Morsel{id_, 0, UINT64_MAX};
  }

  absl::Status Begin(const Batch& /*input*/) override {
    row_ = 0;
    StartRow();
    return absl::OkStatus();
  }

  absl::StatusOr<bool> Produce(const Batch& input, size_t limit, RowWriter& writer) override {
    while (row_ < input.rows) {
      if (writer.size() >= limit) return true;
      RELATA_ASSIGN_OR_RETURN(const bool more,
                              all_known_ ? GiveKept(limit, writer) : GiveListed(limit, writer));
      if (more) continue;
      if (!all_known_ && !too_many_) all_known_ = true;
      ++row_;
      StartRow();
    }
    return false;
  }

 private:
  // So many ids are kept for the next rows of the child.
  static constexpr size_t kKept = 1 << 16;

  void StartRow() {
    after_ = EntityId(part_.after);
    next_kept_ = 0;
  }

  // Adds ids of the row at hand; false: it has no more.
  bool GiveKept(size_t limit, RowWriter& writer) {
    for (; next_kept_ < all_.size() && writer.size() < limit; ++next_kept_) {
      Give(all_[next_kept_], writer);
    }
    return next_kept_ < all_.size();
  }

  absl::StatusOr<bool> GiveListed(size_t limit, RowWriter& writer) {
    std::optional<LabelId> label;
    if (!plan_.label.empty()) {
      label = context_->reader->names().FindLabel(plan_.label);
      if (!label) return false;
    }
    const size_t wanted = limit - writer.size();
    RELATA_ASSIGN_OR_RETURN(std::vector<EntityId> ids,
                            context_->reader->ListEntities(plan_.context, label, after_, wanted));
    if (ids.empty()) return false;
    after_ = ids.back();
    while (!ids.empty() && ids.back().value() > part_.last) ids.pop_back();
    meter_.Fetched(ids.size());
    for (const EntityId id : ids) Give(id, writer);
    Keep(ids);
    return after_.value() < part_.last;
  }

  void Keep(const std::vector<EntityId>& ids) {
    if (too_many_) return;
    if (all_.size() + ids.size() > kKept) {
      too_many_ = true;
      std::vector<EntityId>().swap(all_);
      return;
    }
    all_.insert(all_.end(), ids.begin(), ids.end());
  }

  void Give(EntityId id, RowWriter& writer) {
    writer.Add(row_);
    writer.column(0).Append(NodeRef{id, plan_.context});
  }

  const NodeScanPlan& plan_;
  const int id_;
  Morsel part_;
  uint32_t row_ = 0;
  EntityId after_;
  // The ids of one whole scan, to give them again.
  std::vector<EntityId> all_;
  bool all_known_ = false;
  bool too_many_ = false;
  size_t next_kept_ = 0;
};

}  // namespace

MadeOperator MakeNodeScan(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child, MakeInput(plan, context));
  return std::make_unique<NodeScan>(plan, context, std::move(child));
}

}  // namespace relata::query
