#include "graph/answers/chain_search.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/status_macros.h"

namespace relata {
namespace {

// Most questions need no more room.
constexpr size_t kUsualNodes = 32;

// Descending: the larger number comes first.
int CompareDown(double a, double b) { return a > b ? -1 : a < b ? 1 : 0; }

template <typename T>
int CompareUp(T a, T b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

}  // namespace

ChainSearch::ChainSearch(const Snapshot& snapshot, const ChainRequest& request, ChainEdges& edges,
                         const Reachability* reach, Budget& budget)
    : snapshot_(snapshot),
      request_(request),
      edges_(edges),
      reach_(reach),
      budget_(budget),
      by_amount_(request.order == ChainOrder::kAmount),
      queue_(Later{this}) {
  nodes_.reserve(kUsualNodes);
  Node& start = nodes_.emplace_back();
  start.vertex = request.start;
  start.amount = {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
  start.dates = DateOrder(request.steps.front().direction == Direction::kOut);
  // Where no length is asked for there is nothing to look for.
  const bool any_length = request.min_hops <= request.max_hops;
  if (any_length && MayGrow(start)) queue_.push({Kind::kVertex, 0, 0, 1, WeightOf(start)});
}

int ChainSearch::CompareKeys(uint32_t hops_a, const Range& a, uint32_t hops_b,
                             const Range& b) const {
  const int by_hops = CompareUp(hops_a, hops_b);
  if (request_.order == ChainOrder::kHops && by_hops != 0) return by_hops;
  if (const int by_low = CompareDown(a.low, b.low); by_low != 0) return by_low;
  if (const int by_high = CompareDown(a.high, b.high); by_high != 0) return by_high;
  return by_hops;
}

int ChainSearch::Compare(const Entry& a, const Entry& b) const {
  const int by_key = CompareKeys(a.hops, a.weight, b.hops, b.weight);
  return by_key != 0 ? by_key : ComparePaths(a.node, b.node);
}

int ChainSearch::ComparePaths(uint32_t a, uint32_t b) const {
  const int by_length = CompareUp(nodes_[a].hops, nodes_[b].hops);
  while (nodes_[a].hops > nodes_[b].hops) a = nodes_[a].parent;
  while (nodes_[b].hops > nodes_[a].hops) b = nodes_[b].parent;
  int by_ids = 0;
  while (a != b) {
    // The hop nearest to the start decides: it is the one seen last.
    const int here = CompareUp(nodes_[a].link.candidate->id, nodes_[b].link.candidate->id);
    if (here != 0) by_ids = here;
    a = nodes_[a].parent;
    b = nodes_[b].parent;
  }
  return by_ids != 0 ? by_ids : by_length;
}

absl::StatusOr<std::optional<ChainSearch::Found>> ChainSearch::Next() {
  while (!queue_.empty() && budget_.open()) {
    const Entry entry = queue_.top();
    queue_.pop();
    if (entry.kind == Kind::kVertex) {
      RELATA_RETURN_IF_ERROR(OpenVertex(entry));
    } else if (entry.kind == Kind::kRest) {
      RELATA_RETURN_IF_ERROR(TakeCandidate(entry));
    } else {
      const Node node = nodes_[entry.node];
      if (MayGrow(node)) {
        queue_.push({Kind::kVertex, entry.node, 0, node.hops + 1, WeightOf(node)});
      }
      RELATA_ASSIGN_OR_RETURN(const bool is_answer, IsAnswer(node));
      if (is_answer) return Describe(node, RankOf(node));
    }
  }
  return std::nullopt;
}

bool ChainSearch::MayGrow(const Node& node) const {
  const int left = request_.max_hops - static_cast<int>(node.hops);
  if (left <= 0) return false;
  if (!request_.end) return true;
  // A simple chain does not come back to its end, nor to its start.
  if (request_.mode == ChainMode::kSimple &&
      (node.vertex == *request_.end || request_.start == *request_.end)) {
    return false;
  }
  return reach_ == nullptr || reach_->Within(node.vertex, left);
}

absl::StatusOr<bool> ChainSearch::IsAnswer(const Node& node) {
  if (static_cast<int>(node.hops) < request_.min_hops) return false;
  if (request_.end && node.vertex != *request_.end) return false;
  if (request_.end_labels.empty()) return true;
  return HasEndLabel(node.vertex);
}

absl::StatusOr<bool> ChainSearch::HasEndLabel(EntityId vertex) {
  const auto found = end_labels_.find(vertex);
  if (found != end_labels_.end()) return found->second;
  RELATA_ASSIGN_OR_RETURN(const auto entity, snapshot_.GetEntityRecord(vertex));
  const bool has = entity && std::any_of(request_.end_labels.begin(), request_.end_labels.end(),
                                         [&](LabelId label) { return entity->HasLabel(label); });
  end_labels_.emplace(vertex, has);
  return has;
}

absl::Status ChainSearch::OpenVertex(const Entry& entry) {
  RELATA_ASSIGN_OR_RETURN(const ChainEdgeList* const list, edges_.Of(nodes_[entry.node].vertex));
  PushRest(entry.node, 0, *list);
  return absl::OkStatus();
}

const CandidateOrder& ChainSearch::OrderFor(const Node& node, const ChainEdgeList& list) const {
  return WeightOf(node).low == 0.0 ? list.ByHigh() : list.by_low;
}

void ChainSearch::PushRest(uint32_t node, uint32_t position, const ChainEdgeList& list) {
  const CandidateOrder& order = OrderFor(nodes_[node], list);
  if (position >= order.positions.size()) return;
  const Range& best = order.best_from[position];
  const Range weight = by_amount_ ? CombineAmounts(nodes_[node].amount, best)
                                  : CombineShares(nodes_[node].share, best);
  queue_.push({Kind::kRest, node, position, nodes_[node].hops + 1, weight});
}

absl::Status ChainSearch::TakeCandidate(const Entry& entry) {
  RELATA_ASSIGN_OR_RETURN(const ChainEdgeList* const list, edges_.Of(nodes_[entry.node].vertex));
  const CandidateOrder& order = OrderFor(nodes_[entry.node], *list);
  uint32_t position = entry.position;
  std::optional<Node> extended;
  while (!extended && position < order.positions.size()) {
    extended = Extend(entry.node, *list, list->candidates[order.positions[position]]);
    ++position;
  }
  PushRest(entry.node, position, *list);
  if (extended) {
    const uint32_t node = nodes_.size();
    nodes_.push_back(*extended);
    queue_.push({Kind::kChain, node, 0, extended->hops, WeightOf(*extended)});
  }
  return budget_.Spend(position - entry.position);
}

std::optional<ChainSearch::Node> ChainSearch::Extend(uint32_t node, const ChainEdgeList& list,
                                                     const ChainCandidate& candidate) const {
  if (Repeats(node, candidate)) return std::nullopt;
  const Node& from = nodes_[node];
  Node to = from;
  to.parent = node;
  to.link = {&list, &candidate};
  to.vertex = candidate.to;
  to.hops = from.hops + 1;
  to.share = CombineShares(from.share, candidate.share);
  if (by_amount_) to.amount = CombineAmounts(from.amount, candidate.amount);
  if (request_.non_decreasing && !to.dates.Add(candidate.from)) return std::nullopt;
  if (request_.end && to.vertex != *request_.end && !MayGrow(to)) return std::nullopt;
  return to;
}

bool ChainSearch::Repeats(uint32_t node, const ChainCandidate& candidate) const {
  for (;; node = nodes_[node].parent) {
    const Node& n = nodes_[node];
    if (request_.mode == ChainMode::kSimple && n.vertex == candidate.to) return true;
    if (n.hops == 0) return false;
    if (request_.mode == ChainMode::kTrail && n.link.candidate->id == candidate.id) return true;
  }
}

uint64_t ChainSearch::RankOf(const Node& node) {
  const Range weight = WeightOf(node);
  if (last_answer_ &&
      CompareKeys(last_answer_->hops, last_answer_->weight, node.hops, weight) != 0) {
    ++rank_;
  }
  last_answer_ = Entry{Kind::kChain, 0, 0, node.hops, weight};
  return rank_;
}

ChainSearch::Found ChainSearch::Describe(const Node& node, uint64_t rank) const {
  Found found;
  found.share = node.share;
  found.least_amount = node.amount;
  found.rank = rank;
  found.links.resize(node.hops);
  for (const Node* n = &node; n->hops > 0; n = &nodes_[n->parent]) {
    found.links[n->hops - 1] = n->link;
  }
  return found;
}

}  // namespace relata
