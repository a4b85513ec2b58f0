#include "graph/query/executor/morsel_source.h"

#include <algorithm>
#include <vector>

#include "base/status_macros.h"
#include "graph/database.h"

namespace relata::query {
namespace {

// A label that few nodes bear has longer ranges, up to so many times as long.
constexpr uint64_t kLongestRange = 64;

// How many nodes of any label stand beside one of this label, a power of two.
uint64_t Sparsity(const Database& database, LabelId label) {
  const GraphStatistics statistics = database.Statistics();
  uint64_t bearing = 1;
  for (const auto& [id, count] : statistics.entities_by_label) {
    if (id == label) bearing = std::max<uint64_t>(1, count);
  }
  uint64_t times = 1;
  while (times < kLongestRange && 2 * times * bearing <= statistics.entities) times *= 2;
  return times;
}

ContextId ContextOf(const PlanNode& scan) {
  if (const auto* nodes = std::get_if<NodeScanPlan>(&scan.op)) return nodes->context;
  if (const auto* edges = std::get_if<EdgeAggregatePlan>(&scan.op)) return edges->context;
  return std::get<RelationshipScanPlan>(scan.op).context;
}

}  // namespace

const PlanNode* ScanBelow(const PlanNode& pipeline) {
  const PlanNode* node = &pipeline;
  while (node->children.size() == 1) node = node->children[0].get();
  const bool scan =
      node->children.empty() && (std::holds_alternative<NodeScanPlan>(node->op) ||
                                 std::holds_alternative<RelationshipScanPlan>(node->op) ||
                                 std::holds_alternative<EdgeAggregatePlan>(node->op));
  return scan ? node : nullptr;
}

MorselSource::MorselSource(const PlanNode& scan, const ExecutionContext& context)
    : scan_(scan), snapshot_(context.reader->context(ContextOf(scan)).snapshot) {
  ids_ = std::max<uint64_t>(1, context.morsel_ids);
  const auto* nodes = std::get_if<NodeScanPlan>(&scan.op);
  if (nodes == nullptr || nodes->label.empty()) return;
  label_ = snapshot_.names().FindLabel(nodes->label);
  nothing_ = !label_;
  if (label_ && context.database != nullptr) ids_ *= Sparsity(*context.database, *label_);
}

absl::StatusOr<std::optional<uint64_t>> MorselSource::FirstAfter(uint64_t id) const {
  if (!std::holds_alternative<RelationshipScanPlan>(scan_.op)) {
    RELATA_ASSIGN_OR_RETURN(const std::vector<EntityId> next,
                            snapshot_.ListEntities(label_, EntityId(id), 1));
    if (next.empty()) return std::nullopt;
    return next[0].value();
  }
  RELATA_ASSIGN_OR_RETURN(const std::vector<RelationshipEnds> next,
                          snapshot_.ListRelationships(RelationshipId(id), 1));
  if (next.empty()) return std::nullopt;
  return next[0].id.value();
}

absl::StatusOr<std::optional<Morsel>> MorselSource::Next() {
  if (nothing_) return std::nullopt;
  RELATA_ASSIGN_OR_RETURN(const std::optional<uint64_t> first, FirstAfter(after_));
  if (!first) {
    nothing_ = true;
    return std::nullopt;
  }
  const uint64_t last = *first + std::min(ids_ - 1, UINT64_MAX - *first);
  const Morsel morsel{scan_.id, *first - 1, last};
  after_ = last;
  nothing_ = last == UINT64_MAX;
  return morsel;
}

}  // namespace relata::query
