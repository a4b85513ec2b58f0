#include "graph/answers/chains.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "base/wrong_field.h"
#include "graph/answers/chain_edges.h"
#include "graph/answers/chain_search.h"
#include "graph/answers/chain_weights.h"
#include "graph/answers/reachability.h"
#include "graph/answers/seen_facts.h"

namespace relata {
namespace {

absl::Status CheckDates(const ChainRequest& request) {
  if (request.started_from >= request.started_before) {
    return WrongField("started_before", "started_from must be before started_before");
  }
  if (!request.non_decreasing) return absl::OkStatus();
  if (request.parallel == ChainParallel::kMerged) {
    return WrongField("non_decreasing",
                      "non_decreasing needs single relationships: ask for parallel EACH");
  }
  const Direction direction = request.steps.front().direction;
  const bool one_direction =
      direction != Direction::kEither &&
      std::all_of(request.steps.begin(), request.steps.end(),
                  [&](const Step& step) { return step.direction == direction; });
  if (one_direction) return absl::OkStatus();
  return WrongField("non_decreasing",
                    "non_decreasing needs steps of one direction: all outgoing or all incoming");
}

absl::Status CheckRequest(const ReadView& view, const ChainRequest& request) {
  if (view.valid.kind != ValidTime::Kind::kInstant) {
    return WrongField("read.valid_time",
                      "chains are of one instant of valid time, not of a window or all of it");
  }
  if (request.steps.empty()) {
    return absl::InvalidArgumentError("chains need at least one step (type and direction)");
  }
  // max_hops < min_hops asks for nothing and gets it.
  if (request.min_hops < 1 || request.max_hops < 1) {
    return absl::InvalidArgumentError(absl::StrCat("min_hops and max_hops must be at least 1, not ",
                                                   request.min_hops, " and ", request.max_hops));
  }
  if (request.order == ChainOrder::kAmount && request.currency == std::array<char, 3>{}) {
    return WrongField("currency", "the order by amount needs a currency, such as USD");
  }
  return CheckDates(request);
}

using Found = ChainSearch::Found;
using Link = ChainSearch::Link;

std::vector<RelationshipId> RelationshipsOf(const Found& found) {
  std::vector<RelationshipId> ids;
  for (const Link& link : found.links) {
    const auto members = link.list->MembersOf(*link.candidate);
    ids.insert(ids.end(), members.begin(), members.end());
  }
  return ids;
}

bool IsAfter(const Found& found, const ChainCursor& cursor) {
  return found.rank != cursor.rank ? found.rank > cursor.rank
                                   : RelationshipsOf(found) > cursor.relationships;
}

// Turns what the search found into chains with their facts.
class ChainBuilder {
 public:
  ChainBuilder(const Snapshot& snapshot, const ReadView& view, const ChainRequest& request,
               const ChainWeights& weights)
      : snapshot_(snapshot), view_(view), request_(request), weights_(weights) {}

  absl::Status Build(const std::vector<Found>& all, ChainAnswer& answer) {
    answer.chains.reserve(all.size());
    for (const Found& found : all) answer.chains.push_back(Outline(found));
    if (!request_.with_edges) return absl::OkStatus();
    std::vector<RelationshipEnds> ends;
    for (const Found& found : all) {
      EntityId vertex = request_.start;
      for (const Link& link : found.links) AddEnds(link, vertex, ends);
    }
    RELATA_ASSIGN_OR_RETURN(auto facts, SeenFacts(snapshot_, view_, ends));
    size_t next = 0;
    for (Chain& chain : answer.chains) {
      for (ChainHop& hop : chain.hops) {
        for (ChainEdge& edge : hop.edges) {
          RELATA_RETURN_IF_ERROR(Fill(ends[next], std::move(facts[next]), edge));
          if (edge.share_invalid) answer.invalid_shares.push_back(edge.ends.id);
          ++next;
        }
      }
    }
    auto& invalid = answer.invalid_shares;
    std::sort(invalid.begin(), invalid.end());
    invalid.erase(std::unique(invalid.begin(), invalid.end()), invalid.end());
    return absl::OkStatus();
  }

 private:
  // All but the edges.
  Chain Outline(const Found& found) const {
    Chain chain;
    chain.share = found.share;
    chain.rank = found.rank;
    if (request_.order == ChainOrder::kAmount) chain.least_amount = found.least_amount;
    chain.hops.reserve(found.links.size());
    for (const Link& link : found.links) {
      ChainHop& hop = chain.hops.emplace_back();
      hop.to = link.candidate->to;
      hop.outgoing = link.candidate->outgoing;
      hop.share = link.candidate->share;
      if (request_.with_edges) hop.edges.resize(link.list->MembersOf(*link.candidate).size());
    }
    return chain;
  }

  // Adds the ends of a link's relationships and steps over it.
  static void AddEnds(const Link& link, EntityId& vertex, std::vector<RelationshipEnds>& ends) {
    const ChainCandidate& c = *link.candidate;
    for (const RelationshipId id : link.list->MembersOf(c)) {
      ends.push_back(c.outgoing ? RelationshipEnds{id, c.type, vertex, c.to}
                                : RelationshipEnds{id, c.type, c.to, vertex});
    }
    vertex = c.to;
  }

  absl::Status Fill(const RelationshipEnds& ends, std::optional<Fact> fact, ChainEdge& edge) const {
    if (!fact) {
      return absl::InternalError(
          absl::StrCat("relationship ", ends.id.value(), " changed within one snapshot"));
    }
    const ShareReading reading = weights_.ShareOf(ends.type, *fact);
    edge.ends = ends;
    edge.fact = *std::move(fact);
    edge.share = reading.share;
    edge.share_invalid = reading.invalid;
    return absl::OkStatus();
  }

  const Snapshot& snapshot_;
  const ReadView& view_;
  const ChainRequest& request_;
  const ChainWeights& weights_;
};

absl::Status CheckStart(const Snapshot& snapshot, const ChainRequest& request, ChainEdges& edges) {
  // Who has relationships exists, and those of the start are what a search reads first.
  if (!request.end && request.min_hops <= request.max_hops) {
    RELATA_ASSIGN_OR_RETURN(const ChainEdgeList* const first, edges.Of(request.start));
    if (!first->candidates.empty()) return absl::OkStatus();
  }
  return CheckExists(snapshot, request.start, "start");
}

ChainCursor CursorAt(const Found& found, ChainOrder order) {
  ChainCursor cursor;
  cursor.share = found.share;
  if (order == ChainOrder::kAmount) cursor.least_amount = found.least_amount;
  cursor.relationships = RelationshipsOf(found);
  cursor.rank = found.rank;
  return cursor;
}

}  // namespace

absl::StatusOr<ChainAnswer> FindChains(const Snapshot& snapshot, const ReadView& view,
                                       const ChainRequest& request, const ChainCursor* after,
                                       Budget& budget) {
  RELATA_RETURN_IF_ERROR(CheckRequest(view, request));
  const ChainWeights weights(snapshot.names(), request.currency);
  ChainEdges edges(snapshot, view, request, weights, budget);
  RELATA_RETURN_IF_ERROR(CheckStart(snapshot, request, edges));
  std::optional<Reachability> reach;
  if (request.end) {
    RELATA_RETURN_IF_ERROR(CheckExists(snapshot, *request.end, "end"));
    // The first hop is walked forward in any case.
    RELATA_ASSIGN_OR_RETURN(reach, Reachability::Make(snapshot, view, request.steps, *request.end,
                                                      request.max_hops - 1, budget));
  }
  ChainSearch search(snapshot, request, edges, reach ? &*reach : nullptr, budget);

  std::vector<Found> all;
  while (all.size() < request.limit) {
    RELATA_ASSIGN_OR_RETURN(std::optional<Found> found, search.Next());
    if (!found) break;
    if (after == nullptr || IsAfter(*found, *after)) all.push_back(*std::move(found));
  }
  ChainAnswer answer;
  if (search.frontier() > 0) {
    if (!all.empty()) {
      answer.next = CursorAt(all.back(), request.order);
    } else if (after != nullptr) {
      answer.next = *after;
    }
    answer.cut = all.size() < request.limit;
  }
  if (answer.cut) {
    answer.reproducible = budget.state() != Budget::State::kTimeSpent;
    answer.frontier_left = search.frontier();
    answer.frontier_best = search.frontier_best();
  }
  RELATA_RETURN_IF_ERROR(ChainBuilder(snapshot, view, request, weights).Build(all, answer));
  return answer;
}

}  // namespace relata
