#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "base/status_macros.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/row_expander.h"

namespace relata::query {
namespace {

// For each row finds candidates by the index, or all of the label where the index is not usable,
// and keeps those whose seen value is one of those asked for.
class IndexSeek : public RowExpander {
 public:
  IndexSeek(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child)
      : RowExpander(plan, context, std::move(child), {Column::Kind::kNode}),
        plan_(std::get<IndexSeekPlan>(plan.op)) {}

 protected:
  absl::Status Begin(const Batch& input) override {
    row_ = 0;
    found_.clear();
    next_ = 0;
    looked_up_ = false;
    return plan_.value.Evaluate(*context_, input, &values_);
  }

  absl::StatusOr<bool> Produce(const Batch& input, size_t limit, RowWriter& writer) override {
    for (; row_ < input.rows; ++row_, looked_up_ = false) {
      if (writer.size() >= limit) return true;
      if (!looked_up_) RELATA_RETURN_IF_ERROR(LookUp());
      for (; next_ < found_.size() && writer.size() < limit; ++next_) {
        writer.Add(row_);
        writer.column(0).Append(NodeRef{found_[next_], plan_.context});
      }
      if (next_ < found_.size()) return true;
    }
    return false;
  }

 private:
  static constexpr size_t kPage = 1024;

  // Sets `found_` for the row, in id order.
  absl::Status LookUp() {
    looked_up_ = true;
    found_.clear();
    next_ = 0;
    const NameTable& names = context_->reader->names();
    label_ = names.FindLabel(plan_.label);
    const std::optional<PropertyId> property = names.FindProperty(plan_.property);
    if (!label_ || !property) return absl::OkStatus();
    wanted_.clear();
    const Datum value = values_.Get(row_);
    if (!plan_.many) {
      wanted_.insert(value);
    } else if (value.is_list()) {
      wanted_.insert(value.AsList().begin(), value.AsList().end());
    }
    if (!plan_.many) {
      RELATA_ASSIGN_OR_RETURN(const bool guessed, Guess(*property));
      if (guessed) return absl::OkStatus();
    }
    std::vector<EntityId> candidates;
    for (const Datum& one : wanted_) {
      const absl::StatusOr<Value> stored = one.ToValue();
      // A null, a node or a path is no property's value.
      if (one.is_null() || !stored.ok()) continue;
      RELATA_ASSIGN_OR_RETURN(
          const std::optional<std::vector<EntityId>> ids,
          context_->reader->FindByIndex(plan_.context, *label_, *property, *stored));
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
    if (plan_.many || found_.size() != 1) return absl::OkStatus();
    RELATA_ASSIGN_OR_RETURN(const Value held, value.ToValue());
    if (!EqualIsSame(held)) return absl::OkStatus();
    return context_->reader->KeepGuess(plan_.context, *label_, *property, held, found_.front());
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
    RELATA_RETURN_IF_ERROR(context_->reader->Properties(nodes, plan_.property, &values));
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
  Column values_;
  uint32_t row_ = 0;
  bool looked_up_ = false;
  std::optional<LabelId> label_;
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
