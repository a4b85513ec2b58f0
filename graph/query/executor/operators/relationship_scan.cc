#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "base/status_macros.h"
#include "graph/query/executor/operators/index_lookups.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/row_expander.h"
#include "graph/query/executor/operators/walk_steps.h"

namespace relata::query {
namespace {

// For each row all relationships of the types, or those that it finds by an index of one type.
class RelationshipScan : public RowExpander {
 public:
  // `sought` may be null: no index is asked. Both are within `plan`.
  RelationshipScan(const PlanNode& plan, const RelationshipScanPlan& scan,
                   const IndexSought* sought, ExecutionContext* context,
                   std::unique_ptr<Operator> child)
      : RowExpander(plan, context, std::move(child),
                    {Column::Kind::kNode, Column::Kind::kRelationship, Column::Kind::kNode}),
        plan_(scan),
        id_(plan.id) {
    if (sought != nullptr) lookups_.emplace(sought);
  }

 protected:
  void Restart() override {
    const bool ours = context_->morsel && context_->morsel->scan == id_;
    part_ = ours ? *context_->morsel : Morsel{id_, 0, UINT64_MAX};
  }

  absl::Status Begin(const Batch& input) override {
    steps_ = ResolveSteps(context_->reader->names(), plan_.types, plan_.direction);
    row_ = 0;
    if (lookups_) RELATA_RETURN_IF_ERROR(lookups_->Begin(*context_, input));
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
  // So many batches are found by an index before all are read instead: to give none twice, those
  // that were given are kept.
  static constexpr size_t kMostBatches = 1024;

  void StartRow() {
    after_ = RelationshipId(part_.after);
    page_.clear();
    next_ = 0;
    all_read_ = false;
    given_.clear();
    reading_ = IndexReading{kPage, std::nullopt};
    seeking_ = lookups_.has_value();
    wanted_.reset();
  }

  absl::Status ReadPage() {
    next_ = 0;
    if (seeking_) {
      RELATA_ASSIGN_OR_RETURN(seeking_, Seek());
      if (seeking_) return Count();
    }
    RELATA_RETURN_IF_ERROR(
        context_->reader->ListRelationships(plan_.context, after_, kPage, &page_));
    if (!page_.empty()) after_ = page_.back().ends.id;
    all_read_ = page_.empty() || after_.value() >= part_.last;
    while (!page_.empty() && page_.back().ends.id.value() > part_.last) page_.pop_back();
    if (!given_.empty()) LeaveOutGiven();
    return Count();
  }

  absl::Status Count() {
    meter_.Fetched(page_.size());
    return meter_.Expanded(page_.size());
  }

  // Sets `page_` to the next of those that the row looks for; false: the index is not usable, or
  // finds so many that all are read instead.
  absl::StatusOr<bool> Seek() {
    page_.clear();
    if (!wanted_) wanted_ = lookups_->Of(row_);
    const NameTable& names = context_->reader->names();
    const std::optional<TypeId> type = names.FindType(plan_.types[0]);
    const std::optional<std::vector<PropertyId>> properties = lookups_->Properties(names);
    all_read_ = wanted_->empty() || !type || !properties;
    if (all_read_) return true;
    if (given_.size() >= kMostBatches * context_->batch_rows) return false;
    RELATA_ASSIGN_OR_RETURN(const bool usable, context_->reader->FindRelationshipsByIndex(
                                                   plan_.context, *type, *properties,
                                                   wanted_->back(), &reading_, &page_));
    if (!usable) return false;
    if (reading_.done()) {
      wanted_->pop_back();
      reading_ = IndexReading{kPage, std::nullopt};
    }
    all_read_ = wanted_->empty();
    LeaveOutGiven();
    for (size_t i = 0; !all_read_ && i < page_.size(); ++i) given_.insert(page_[i].ends.id);
    RELATA_RETURN_IF_ERROR(meter_.Work(1));
    RELATA_RETURN_IF_ERROR(meter_.Hold(page_.capacity() * sizeof(RelationshipRef) +
                                       given_.capacity() * (sizeof(RelationshipId) + 1)));
    return true;
  }

  void LeaveOutGiven() {
    std::erase_if(page_, [this](const RelationshipRef& r) { return given_.contains(r.ends.id); });
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
  std::optional<IndexLookups> lookups_;
  // Of the row, while an index is read: what is still looked for, and what was given.
  bool seeking_ = false;
  std::optional<std::vector<IndexLookup>> wanted_;
  IndexReading reading_;
  absl::flat_hash_set<RelationshipId> given_;
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
  return std::make_unique<RelationshipScan>(plan, std::get<RelationshipScanPlan>(plan.op), nullptr,
                                            context, std::move(child));
}

MadeOperator MakeRelationshipSeek(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child, MakeInput(plan, context));
  const auto& seek = std::get<RelationshipSeekPlan>(plan.op);
  return std::make_unique<RelationshipScan>(plan, seek.scan, &seek.sought, context,
                                            std::move(child));
}

}  // namespace relata::query
