#include "graph/query/executor/operators/edge_filter.h"

#include <algorithm>

#include "base/status_macros.h"

namespace relata::query {

void EdgeFilter::StartRow(const Batch& input, uint32_t row) {
  input_ = &input;
  row_ = row;
  verdicts_.clear();
  node_verdicts_.clear();
  if (has_excluded_) excluded_.Load(input, row);
}

absl::Status EdgeFilter::Expand(absl::Span<const EntityId> vertices, absl::Span<const Step> steps,
                                Expansion* out) {
  RELATA_RETURN_IF_ERROR(context_->reader->Expand(time_context_, vertices, steps, out));
  RELATA_RETURN_IF_ERROR(meter_.Expanded(out->edges.size()));
  if (!tests_edges() || out->edges.empty()) return absl::OkStatus();
  std::vector<RelationshipRef> relationships;
  relationships.reserve(out->edges.size());
  for (size_t i = 0; i < vertices.size(); ++i) {
    for (const Edge& edge : out->of(i)) {
      relationships.push_back(ToRelationship(edge, vertices[i], time_context_));
    }
  }
  std::vector<uint8_t> truth;
  RELATA_RETURN_IF_ERROR(Test(relationships, &truth));
  size_t kept = 0;
  size_t begin = 0;
  for (size_t i = 0; i < vertices.size(); ++i) {
    const size_t end = out->offsets[i + 1];
    for (size_t e = begin; e < end; ++e) {
      if (truth[e] != 0) out->edges[kept++] = out->edges[e];
    }
    begin = end;
    out->offsets[i + 1] = kept;
  }
  out->edges.resize(kept);
  return absl::OkStatus();
}

absl::Status EdgeFilter::Test(absl::Span<const RelationshipRef> relationships,
                              std::vector<uint8_t>* truth) {
  truth->assign(relationships.size(), 1);
  if (!each_.empty()) RELATA_RETURN_IF_ERROR(TestEach(relationships, truth));
  if (!each_node_.empty()) RELATA_RETURN_IF_ERROR(TestNodes(relationships, truth));
  if (!has_excluded_) return absl::OkStatus();
  for (size_t i = 0; i < relationships.size(); ++i) {
    if (excluded_.Contains(relationships[i].ends.id)) (*truth)[i] = 0;
  }
  return absl::OkStatus();
}

absl::Status EdgeFilter::TestEach(absl::Span<const RelationshipRef> relationships,
                                  std::vector<uint8_t>* truth) {
  if (verdicts_.size() > kRemembered) verdicts_.clear();
  Column unknown(Column::Kind::kRelationship);
  std::vector<uint32_t> tested;  // in `relationships`
  for (uint32_t i = 0; i < relationships.size(); ++i) {
    if (!verdicts_.emplace(relationships[i].fact, 0).second) continue;
    unknown.Append(relationships[i]);
    tested.push_back(i);
  }
  if (!tested.empty()) {
    std::vector<uint32_t> selected;
    RELATA_RETURN_IF_ERROR(Select(each_, std::move(unknown), &selected));
    for (const uint32_t row : selected) verdicts_[relationships[tested[row]].fact] = 1;
    if (tested.size() == relationships.size()) {
      // Nothing was known before.
      std::fill(truth->begin(), truth->end(), 0);
      for (const uint32_t row : selected) (*truth)[row] = 1;
      return absl::OkStatus();
    }
  }
  for (size_t i = 0; i < relationships.size(); ++i) {
    (*truth)[i] = verdicts_.find(relationships[i].fact)->second;
  }
  return absl::OkStatus();
}

absl::Status EdgeFilter::TestNodes(absl::Span<const RelationshipRef> relationships,
                                   std::vector<uint8_t>* truth) {
  if (node_verdicts_.size() > kRemembered) node_verdicts_.clear();
  Column unknown(Column::Kind::kNode);
  for (size_t i = 0; i < relationships.size(); ++i) {
    if ((*truth)[i] == 0) continue;
    for (const EntityId node : {relationships[i].ends.from, relationships[i].ends.to}) {
      if (node_verdicts_.emplace(node, 0).second) unknown.Append(NodeRef{node, time_context_});
    }
  }
  if (unknown.size() > 0) {
    const std::vector<NodeRef> tested = unknown.nodes();
    std::vector<uint32_t> selected;
    RELATA_RETURN_IF_ERROR(Select(each_node_, std::move(unknown), &selected));
    for (const uint32_t row : selected) node_verdicts_[tested[row].id] = 1;
  }
  for (size_t i = 0; i < relationships.size(); ++i) {
    if ((*truth)[i] == 0) continue;
    const RelationshipEnds& ends = relationships[i].ends;
    (*truth)[i] = node_verdicts_.find(ends.from)->second & node_verdicts_.find(ends.to)->second;
  }
  return absl::OkStatus();
}

absl::Status EdgeFilter::Select(const Expression& condition, Column tested,
                                std::vector<uint32_t>* selected) {
  Batch rows;
  rows.rows = tested.size();
  const std::vector<uint32_t> same(rows.rows, row_);
  for (const Column& column : input_->columns) rows.columns.push_back(column.Gather(same));
  rows.columns.push_back(std::move(tested));
  return condition.Select(*context_, rows, selected);
}

}  // namespace relata::query
