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

// Leaves each relationship once, with its first fact: under the raw policy an instant shows several
// facts of one.
void KeepFirstFacts(Expansion& expansion) {
  size_t kept = 0;
  for (size_t i = 0; i < expansion.edges.size(); ++i) {
    const Edge& edge = expansion.edges[i];
    if (kept > 0 && expansion.edges[kept - 1].relationship == edge.relationship) continue;
    expansion.edges[kept] = edge;
    expansion.valid[kept++] = expansion.valid[i];
  }
  expansion.edges.resize(kept);
  expansion.valid.resize(kept);
}

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
  const auto found = lists_.find(vertex);
  if (found != lists_.end()) return found->second.get();
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<ChainEdgeList> list, Make(vertex));
  return lists_.emplace(vertex, std::move(list)).first->second.get();
}

absl::StatusOr<std::unique_ptr<ChainEdgeList>> ChainEdges::Make(EntityId vertex) {
  Expansion expansion;
  RELATA_RETURN_IF_ERROR(
      Expand(snapshot_, {vertex}, request_.steps, view_, &expansion, EdgeTimes::kGiven));
  KeepFirstFacts(expansion);
  RELATA_RETURN_IF_ERROR(budget_.Spend(expansion.edges.size()));
  std::vector<Edge> edges;
  std::vector<Bound> from;
  for (size_t i = 0; i < expansion.edges.size(); ++i) {
    const Edge& edge = expansion.edges[i];
    if (request_.mode == ChainMode::kSimple && edge.neighbour == vertex) continue;
    if (StartedWithin(expansion.valid[i].from, request_.started_from, request_.started_before,
                      view_.valid.certainly)) {
      edges.push_back(edge);
      from.push_back(expansion.valid[i].from);
    }
  }
  std::vector<Range> shares;
  std::vector<std::optional<Fact>> facts;
  const bool known = FindShares(edges, &shares);
  if (!known) {
    std::vector<RelationshipEnds> ends;
    ends.reserve(edges.size());
    for (const Edge& edge : edges) ends.push_back(edge.Ends(vertex));
    RELATA_ASSIGN_OR_RETURN(facts, SeenFacts(snapshot_, view_, ends));
    KeepShares(facts);
  }

  auto list = std::make_unique<ChainEdgeList>();
  for (size_t i = 0; i < edges.size(); ++i) {
    if (!known && !facts[i]) continue;
    const uint32_t member = list->members.size();
    list->members.push_back(edges[i].relationship);
    ChainCandidate& candidate = list->candidates.emplace_back();
    candidate.to = edges[i].neighbour;
    candidate.id = edges[i].relationship;
    candidate.type = edges[i].type;
    candidate.outgoing = edges[i].outgoing;
    candidate.share = known ? shares[i] : weights_.ShareOf(edges[i].type, *facts[i]).share;
    candidate.from = known ? from[i] : facts[i]->valid.from;
    candidate.members_begin = member;
    candidate.members_end = member + 1;
    if (request_.order == ChainOrder::kAmount) candidate.amount = weights_.AmountOf(*facts[i]);
  }
  if (request_.parallel == ChainParallel::kMerged) Merge(*list);
  Sort(*list);
  return list;
}

bool ChainEdges::FindShares(absl::Span<const Edge> edges, std::vector<Range>* shares) const {
  const std::optional<PropertyId> share = weights_.share_property();
  // Under another policy another fact may be seen than the edge's; amounts are not in columns.
  if (columns_ == nullptr || !share || !view_.policy->IsDefault() ||
      request_.order == ChainOrder::kAmount) {
    return false;
  }
  const PropertyColumns::Column* const column =
      columns_->Find(PropertyColumns::Owner::kFact, *share);
  if (column == nullptr) return false;
  Value stated;
  for (const Edge& edge : edges) {
    if (!column->Get(edge.fact.value(), snapshot_.version(), &stated)) return false;
    // Without it other properties count.
    if (stated.is_null()) return false;
    shares->push_back(ChainWeights::StatedShare(stated).share);
  }
  return true;
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
    if (merged.empty() || !SameLink(merged.back(), candidate)) {
      merged.push_back(candidate);
      continue;
    }
    ChainCandidate& link = merged.back();
    link.share = {link.share.low + candidate.share.low, link.share.high + candidate.share.high};
    link.amount = {link.amount.low + candidate.amount.low,
                   link.amount.high + candidate.amount.high};
    link.members_end = candidate.members_end;
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
  list.by_high.positions = list.by_low.positions;
  const auto sort = [&](CandidateOrder& order, auto key) {
    std::sort(order.positions.begin(), order.positions.end(),
              [&](uint32_t a, uint32_t b) { return key(candidates[a]) < key(candidates[b]); });
    FillBounds(candidates, weight, order);
  };
  sort(list.by_low, [&](const ChainCandidate& c) {
    return std::make_tuple(-(c.*weight).low, -(c.*weight).high, c.id);
  });
  sort(list.by_high,
       [&](const ChainCandidate& c) { return std::make_tuple(-(c.*weight).high, c.id); });
}

}  // namespace relata
