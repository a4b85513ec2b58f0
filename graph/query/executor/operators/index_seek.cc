#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "base/status_macros.h"
#include "graph/query/executor/operators/index_lookups.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/row_expander.h"

namespace relata::query {
namespace {

// For each row finds candidates by the index, or all of the label where the index is not usable.
// Where one value is asked for it keeps those whose seen value is one of those wanted; else the
// filters behind it do.
class IndexSeek : public RowExpander {
 public:
  IndexSeek(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child)
      : RowExpander(plan, context, std::move(child), {Column::Kind::kNode}),
        plan_(std::get<IndexSeekPlan>(plan.op)),
        lookups_(&plan_.sought) {}

 protected:
  absl::Status Begin(const Batch& input) override {
    row_ = 0;
    found_.clear();
    next_ = 0;
    looked_up_ = false;
    if (!plan_.sought.one_value()) return lookups_.Begin(*context_, input);
    return plan_.sought.equal[0].Evaluate(*context_, input, &values_);
  }

  absl::StatusOr<bool> Produce(const Batch& input, size_t limit, RowWriter& writer) override {
    while (row_ < input.rows) {
      if (writer.size() >= limit) return true;
      if (!looked_up_) RELATA_RETURN_IF_ERROR(LookUp());
      for (; next_ < found_.size() && writer.size() < limit; ++next_) {
        writer.Add(row_);
        writer.column(0).Append(NodeRef{found_[next_], plan_.context});
      }
      if (next_ < found_.size()) continue;
      if (more_) {
        RELATA_RETURN_IF_ERROR(ReadPage());
      } else {
        ++row_;
        looked_up_ = false;
      }
    }
    return false;
  }

 private:
  static constexpr size_t kPage = 1024;
  // So many batches are found by an index before the label is read instead: to give none twice,
  // those that were given are kept.
  static constexpr size_t kMostBatches = 1024;

  // What is read of a row that asks for more than one value, page by page.
  struct Candidates {
    std::vector<PropertyId> properties;
    IndexLookup lookup;
    IndexReading reading;
    absl::flat_hash_set<EntityId> given;  // where there is more than one page
    EntityId after;                       // of the label, once it is read instead
  };

  // Sets `found_` for the row, in id order: all of it or, with `more_`, what ReadPage gives next.
  absl::Status LookUp() {
    looked_up_ = true;
    more_ = false;
    found_.clear();
    next_ = 0;
    const NameTable& names = context_->reader->names();
    label_ = names.FindLabel(plan_.label);
    const std::optional<std::vector<PropertyId>> properties = lookups_.Properties(names);
    if (!label_ || !properties) return absl::OkStatus();
    if (plan_.sought.one_value()) return FindEqual(*properties);
    std::vector<IndexLookup> lookups = lookups_.Of(row_);
    if (lookups.empty()) return absl::OkStatus();
    candidates_ = Candidates{*properties, std::move(lookups[0]), {kPage, std::nullopt}, {}, {}};
    more_ = true;
    return absl::OkStatus();
  }

  // Sets `found_` to the next candidates.
  absl::Status ReadPage() {
    next_ = 0;
    RELATA_ASSIGN_OR_RETURN(const bool by_index, ReadIndexPage());
    if (!by_index) {
      RELATA_ASSIGN_OR_RETURN(
          found_, context_->reader->ListEntities(plan_.context, label_, candidates_.after, kPage));
      more_ = !found_.empty();
      if (more_) candidates_.after = found_.back();
      std::erase_if(found_, [this](EntityId id) { return candidates_.given.contains(id); });
    }
    RELATA_RETURN_IF_ERROR(meter_.Work(found_.size() + 1));
    return meter_.Hold(found_.capacity() * sizeof(EntityId) +
                       candidates_.given.capacity() * (sizeof(EntityId) + 1));
  }

  // False: the index is not usable, or finds so many that the rest of the label is read instead.
  absl::StatusOr<bool> ReadIndexPage() {
    if (candidates_.after.valid() ||
        candidates_.given.size() >= kMostBatches * context_->batch_rows)
      return false;
    RELATA_ASSIGN_OR_RETURN(
        std::optional<std::vector<EntityId>> ids,
        context_->reader->FindByIndex(plan_.context, *label_, candidates_.properties,
                                      candidates_.lookup, &candidates_.reading));
    if (!ids) return false;
    found_ = *std::move(ids);
    more_ = !candidates_.reading.done();
    if (more_ || !candidates_.given.empty()) {
      std::erase_if(found_, [this](EntityId id) { return !candidates_.given.insert(id).second; });
    }
    return true;
  }

  absl::Status FindEqual(const std::vector<PropertyId>& properties) {
    const PropertyId property = properties[0];
    wanted_.clear();
    const Datum value = values_.Get(row_);
    if (!plan_.sought.many) {
      wanted_.insert(value);
    } else if (value.is_list()) {
      wanted_.insert(value.AsList().begin(), value.AsList().end());
    }
    const bool unique_kind = !plan_.sought.many && properties.size() == 1;
    if (unique_kind) {
      RELATA_ASSIGN_OR_RETURN(const bool guessed, Guess(property));
      if (guessed) return absl::OkStatus();
    }
    std::vector<EntityId> candidates;
    for (const Datum& one : wanted_) {
      const absl::StatusOr<Value> stored = one.ToValue();
      // A null, a node or a path is no property's value.
      if (one.is_null() || !stored.ok()) continue;
      IndexReading reading;
      RELATA_ASSIGN_OR_RETURN(const std::optional<std::vector<EntityId>> ids,
                              context_->reader->FindByIndex(
                                  plan_.context, *label_, properties,
                                  {{*stored}, std::nullopt, std::nullopt, std::nullopt}, &reading));
      if (!ids) return ScanLabel();
      RELATA_RETURN_IF_ERROR(meter_.Work(ids->size() + 1));
      RELATA_RETURN_IF_ERROR(
          meter_.Hold((ids->capacity() + 2 * candidates.capacity()) * sizeof(EntityId)));
      candidates.insert(candidates.end(), ids->begin(), ids->end());
    }
    std::sort(candidates.begin(), candidates.end());
    candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
    for (size_t begin = 0; begin < candidates.size(); begin += kPage) {
      const size_t end = std::min(candidates.size(), begin + kPage);
      RELATA_RETURN_IF_ERROR(
          KeepEqual(absl::MakeConstSpan(candidates).subspan(begin, end - begin)));
    }
    if (!unique_kind || found_.size() != 1) return absl::OkStatus();
    RELATA_ASSIGN_OR_RETURN(const Value held, value.ToValue());
    if (!EqualIsSame(held)) return absl::OkStatus();
    return context_->reader->KeepGuess(plan_.context, *label_, property, held, found_.front());
  }

  // Whether what equals the value is the same to a unique index. Date-times of two zones are equal,
  // but not the same.
  static bool EqualIsSame(const Value& value) {
    return value.type() == ValueType::kInt64 || value.type() == ValueType::kString;
  }

  // Whether the entity that a unique index gave last for the value holds it: then it is found.
  absl::StatusOr<bool> Guess(PropertyId property) {
    const absl::StatusOr<Value> value = wanted_.begin()->ToValue();
    if (!value.ok() || !EqualIsSame(*value)) return false;
    RELATA_ASSIGN_OR_RETURN(
        const std::optional<EntityId> guess,
        context_->reader->GuessByIndex(plan_.context, *label_, property, *value));
    if (guess) RELATA_RETURN_IF_ERROR(KeepEqual({*guess}));
    return !found_.empty();
  }

  absl::Status ScanLabel() {
    found_.clear();
    EntityId after;
    while (true) {
      RELATA_ASSIGN_OR_RETURN(const std::vector<EntityId> ids,
                              context_->reader->ListEntities(plan_.context, label_, after, kPage));
      if (ids.empty()) return absl::OkStatus();
      RELATA_RETURN_IF_ERROR(KeepEqual(ids));
      after = ids.back();
    }
  }

  // Adds those that bear the label and whose seen value equals one that is wanted.
  absl::Status KeepEqual(absl::Span<const EntityId> ids) {
    Column nodes(Column::Kind::kNode);
    for (const EntityId id : ids) nodes.Append(NodeRef{id, plan_.context});
    Column has_label;
    RELATA_RETURN_IF_ERROR(context_->reader->HasLabel(nodes, plan_.label, &has_label));
    Column values;
    RELATA_RETURN_IF_ERROR(
        context_->reader->Properties(nodes, plan_.sought.properties[0], &values));
    RELATA_RETURN_IF_ERROR(meter_.Work(ids.size() + 1));
    meter_.Fetched(ids.size());
    for (size_t i = 0; i < ids.size(); ++i) {
      if (!has_label.Get(i).is_true()) continue;
      // Equal data are equivalent; of equivalent ones NaN and lists with nulls are not equal.
      const Datum value = values.Get(i);
      const auto wanted = wanted_.find(value);
      if (wanted != wanted_.end() && Equals(value, *wanted) == Ternary::kTrue) {
        found_.push_back(ids[i]);
      }
    }
    return HoldFound();
  }

  absl::Status HoldFound() {
    return meter_.Hold(found_.capacity() * sizeof(EntityId) +
                       wanted_.capacity() * (sizeof(Datum) + 1));
  }

  const IndexSeekPlan& plan_;
  IndexLookups lookups_;
  Column values_;
  uint32_t row_ = 0;
  bool looked_up_ = false;
  bool more_ = false;
  std::optional<LabelId> label_;
  Candidates candidates_;
  absl::flat_hash_set<Datum, DatumHash, DatumEquivalent> wanted_;
  std::vector<EntityId> found_;
  size_t next_ = 0;
};

}  // namespace

MadeOperator MakeIndexSeek(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child, MakeInput(plan, context));
  return std::make_unique<IndexSeek>(plan, context, std::move(child));
}

}  // namespace relata::query
