#include <optional>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/row_expander.h"
#include "graph/query/executor/operators/walk_steps.h"

namespace relata::query {
namespace {

class RelationshipScan : public RowExpander {
 public:
  RelationshipScan(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child)
      : RowExpander(plan, context, std::move(child),
                    {Column::Kind::kNode, Column::Kind::kRelationship, Column::Kind::kNode}),
        plan_(std::get<RelationshipScanPlan>(plan.op)),
        id_(plan.id) {}

 protected:
  void Restart() override {
    const bool ours = context_->morsel && context_->morsel->scan == id_;
    part_ = ours ? *context_->morsel : Morsel{id_, 0, UINT64_MAX};
  }

  absl::Status Begin(const Batch& /*input*/) override {
    steps_ = ResolveSteps(context_->reader->names(), plan_.types, plan_.direction);
    row_ = 0;
    StartRow();
    return absl::OkStatus();
  }

  absl::StatusOr<bool> Produce(const Batch& input, size_t limit, RowWriter& writer) override {
    if (!steps_) return false;
    while (row_ < input.rows) {
      if (writer.size() >= limit) return true;
      if (next_ == page_.size()) {
        if (all_read_) {
          ++row_;
          StartRow();
          continue;
        }
        RELATA_RETURN_IF_ERROR(ReadPage());
        continue;
      }
      Give(page_[next_++], writer);
    }
    return false;
  }

 private:
  static constexpr size_t kPage = 1024;

  void StartRow() {
    after_ = RelationshipId(part_.after);
    page_.clear();
    next_ = 0;
    all_read_ = false;
  }

  absl::Status ReadPage() {
    page_.clear();
    next_ = 0;
    RELATA_RETURN_IF_ERROR(
        context_->reader->ListRelationships(plan_.context, after_, kPage, &page_));
    if (!page_.empty()) after_ = page_.back().ends.id;
    all_read_ = page_.empty() || after_.value() >= part_.last;
    while (!page_.empty() && page_.back().ends.id.value() > part_.last) page_.pop_back();
    meter_.Fetched(page_.size());
    return meter_.Expanded(page_.size());
  }

  void Give(const RelationshipRef& relationship, RowWriter& writer) {
    const RelationshipEnds& ends = relationship.ends;
    if (!FitsType(*steps_, ends.type)) return;
    if (plan_.direction != EdgeDirection::kIn) GiveOne(ends.from, relationship, ends.to, writer);
    const bool loop = ends.from == ends.to;
    if (plan_.direction == EdgeDirection::kIn ||
        (plan_.direction == EdgeDirection::kEither && !loop)) {
      GiveOne(ends.to, relationship, ends.from, writer);
    }
  }

  void GiveOne(EntityId left, RelationshipRef relationship, EntityId right, RowWriter& writer) {
    relationship.context = plan_.context;
    writer.Add(row_);
    writer.column(0).Append(NodeRef{left, plan_.context});
    writer.column(1).Append(relationship);
    writer.column(2).Append(NodeRef{right, plan_.context});
  }

  const RelationshipScanPlan& plan_;
  const int id_;
  Morsel part_;
  std::optional<std::vector<Step>> steps_;
  uint32_t row_ = 0;
  RelationshipId after_;
  std::vector<RelationshipRef> page_;
  size_t next_ = 0;
  bool all_read_ = false;
};

}  // namespace

MadeOperator MakeRelationshipScan(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child, MakeInput(plan, context));
  return std::make_unique<RelationshipScan>(plan, context, std::move(child));
}

}  // namespace relata::query
