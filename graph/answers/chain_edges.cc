#include "graph/answers/chain_edges.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <tuple>
#include <utility>

#include "base/status_macros.h"
#include "graph/answers/chain_dates.h"
#include "graph/answers/seen_facts.h"

namespace relata {
namespace {

bool SameLink(const ChainCandidate& a, const ChainCandidate& b) {
  return a.type == b.type && a.outgoing == b.outgoing && a.to == b.to;
}

// Fills in the best of the rest of an order.
void FillBounds(const std::vector<ChainCandidate>& candidates, Range ChainCandidate::*weight,
                CandidateOrder& order) {
  order.best_from.resize(order.positions.size());
  Range best{-std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  for (size_t i = order.positions.size(); i-- > 0;) {
    const Range& w = candidates[order.positions[i]].*weight;
    best = {std::max(best.low, w.low), std::max(best.high, w.high)};
    order.best_from[i] = best;
  }
}

}  // namespace

Range CombineShares(const Range& a, const Range& b) { return {a.low * b.low, a.high * b.high}; }

Range CombineAmounts(const Range& a, const Range& b) {
  return {std::min(a.low, b.low), std::min(a.high, b.high)};
}

absl::StatusOr<const ChainEdgeList*> ChainEdges::Of(EntityId vertex) {
  static const auto* const kNone = new ChainEdgeList();
  auto found = lists_.find(vertex);
  if (found == lists_.end()) {
    RELATA_ASSIGN_OR_RETURN(std::unique_ptr<const ChainEdgeList> list, Make(vertex));
    found = lists_.emplace(vertex, std::move(list)).first;
  }
  return found->second == nullptr ? kNone : found->second.get();
}

absl::StatusOr<std::unique_ptr<ChainEdgeList>> ChainEdges::Make(EntityId vertex) {
  ChainEdgeList list;
  RELATA_RETURN_IF_ERROR(Collect(vertex, list));
  if (list.candidates.empty()) return nullptr;
  if (!FindShares(list.candidates)) {
    RELATA_RETURN_IF_ERROR(ReadWeights(vertex, list.candidates));
  }
  if (request_.parallel == ChainParallel::kMerged) Merge(list);
  Sort(list);
  return std::make_unique<ChainEdgeList>(std::move(list));
}

absl::Status ChainEdges::Collect(EntityId vertex, ChainEdgeList& list) {
  facts_.clear();
  last_ = RelationshipId();
  edges_ = 0;
  if (walk_.decides()) {
    RELATA_RETURN_IF_ERROR(walk_.Run({vertex}, [&](size_t /*vertex*/, const auto& edge) {
      AddEdge(vertex, edge.ToEdge(), edge.valid().from, list);
    }));
  } else {
    Expansion expansion;
    RELATA_RETURN_IF_ERROR(
        Expand(snapshot_, {vertex}, request_.steps, view_, &expansion, EdgeTimes::kGiven));
    for (size_t i = 0; i < expansion.edges.size(); ++i) {
      AddEdge(vertex, expansion.edges[i], expansion.valid[i].from, list);
    }
  }
  return budget_.Spend(edges_);
}

void ChainEdges::AddEdge(EntityId vertex, const Edge& edge, const Bound& from,
                         ChainEdgeList& list) {
  // The first fact of each relationship: under the raw policy an instant shows several of one.
  if (edge.relationship == last_) return;
  last_ = edge.relationship;
  ++edges_;
  if (request_.mode == ChainMode::kSimple && edge.neighbour == vertex) return;
  if (!StartedWithin(from, request_.started_from, request_.started_before, view_.valid.certainly)) {
    return;
  }
  facts_.push_back(edge.fact);
  ChainCandidate& candidate = list.candidates.emplace_back();
  candidate.to = edge.neighbour;
  candidate.id = edge.relationship;
  candidate.type = edge.type;
  candidate.outgoing = edge.outgoing;
  candidate.from = from;
}

bool ChainEdges::FindShares(std::vector<ChainCandidate>& candidates) {
  const std::optional<PropertyId> share = weights_.share_property();
  // Under another policy another fact may be seen than the edge's; amounts are not in columns.
  if (columns_ == nullptr || !share || !view_.policy->IsDefault() ||
      request_.order == ChainOrder::kAmount) {
    return false;
  }
  if (shares_ == nullptr) shares_ = columns_->Find(PropertyColumns::Owner::kFact, *share);
  if (shares_ == nullptr) return false;
  Value stated;
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (!shares_->Get(facts_[i].value(), snapshot_.version(), &stated)) return false;
    // Without it other properties count.
    if (stated.is_null()) return false;
    candidates[i].share = ChainWeights::StatedShare(stated).share;
  }
  return true;
}

absl::Status ChainEdges::ReadWeights(EntityId vertex,
                                     std::vector<ChainCandidate>& candidates) const {
  std::vector<RelationshipEnds> ends;
  ends.reserve(candidates.size());
  for (const ChainCandidate& c : candidates) {
    ends.push_back(c.outgoing ? RelationshipEnds{c.id, c.type, vertex, c.to}
                              : RelationshipEnds{c.id, c.type, c.to, vertex});
  }
  RELATA_ASSIGN_OR_RETURN(const auto facts, SeenFacts(snapshot_, view_, ends));
  KeepShares(facts);
  size_t kept = 0;
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (!facts[i]) continue;
    ChainCandidate& candidate = candidates[kept++];
    candidate = candidates[i];
    candidate.share = weights_.ShareOf(candidate.type, *facts[i]).share;
    candidate.from = facts[i]->valid.from;
    if (request_.order == ChainOrder::kAmount) candidate.amount = weights_.AmountOf(*facts[i]);
  }
  candidates.resize(kept);
  return absl::OkStatus();
}

void ChainEdges::KeepShares(const std::vector<std::optional<Fact>>& facts) const {
  const std::optional<PropertyId> share = weights_.share_property();
  if (columns_ == nullptr || !share) return;
  std::vector<PropertyColumns::Read> reads;
  for (const std::optional<Fact>& fact : facts) {
    if (!fact) continue;
    const Value* const stated = fact->FindProperty(*share);
    reads.push_back({fact->id.value(), stated == nullptr ? Value() : *stated});
  }
  columns_->Keep(PropertyColumns::Owner::kFact, *share, snapshot_.version(), reads);
}

void ChainEdges::Merge(ChainEdgeList& list) const {
  // Edges come by type, direction, neighbour, id: those to merge stand together, the lowest id
  // first.
  std::vector<ChainCandidate> merged;
  for (const ChainCandidate& candidate : list.candidates) {
    const auto member = static_cast<uint32_t>(list.members.size());
    list.members.push_back(candidate.id);
    if (merged.empty() || !SameLink(merged.back(), candidate)) {
      merged.push_back(candidate);
      merged.back().members_begin = member;
      merged.back().members_end = member + 1;
      continue;
    }
    ChainCandidate& link = merged.back();
    link.share = {link.share.low + candidate.share.low, link.share.high + candidate.share.high};
    link.amount = {link.amount.low + candidate.amount.low,
                   link.amount.high + candidate.amount.high};
    link.members_end = member + 1;
  }
  for (ChainCandidate& link : merged) {
    link.share = {std::min(link.share.low, 1.0), std::min(link.share.high, 1.0)};
  }
  list.candidates = std::move(merged);
}

void ChainEdges::Sort(ChainEdgeList& list) const {
  const auto weight =
      request_.order == ChainOrder::kAmount ? &ChainCandidate::amount : &ChainCandidate::share;
  const auto& candidates = list.candidates;
  list.by_low.positions.resize(candidates.size());
  std::iota(list.by_low.positions.begin(), list.by_low.positions.end(), 0);
  list.exact = std::all_of(candidates.begin(), candidates.end(), [&](const ChainCandidate& c) {
    return (c.*weight).low == (c.*weight).high;
  });
  if (!list.exact) list.by_high.positions = list.by_low.positions;
  const auto sort = [&](CandidateOrder& order, auto key) {
    std::sort(order.positions.begin(), order.positions.end(),
              [&](uint32_t a, uint32_t b) { return key(candidates[a]) < key(candidates[b]); });
    FillBounds(candidates, weight, order);
  };
  sort(list.by_low, [&](const ChainCandidate& c) {
    return std::make_tuple(-(c.*weight).low, -(c.*weight).high, c.id);
  });
  if (list.exact) return;
  sort(list.by_high,
       [&](const ChainCandidate& c) { return std::make_tuple(-(c.*weight).high, c.id); });
}

}  // namespace relata
