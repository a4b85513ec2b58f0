#include "graph/adjacency/adjacency.h"

#include <utility>

#include "base/status_macros.h"
#include "graph/adjacency/adjacency_cache.h"
#include "graph/adjacency/lanes.h"
#include "graph/facts/fact_codec.h"
#include "graph/store/key_layout.h"
#include "graph/store/records.h"

namespace relata {
namespace {

using ArrayPointer = std::shared_ptr<const AdjacencyArray>;

void AppendFacts(EntityId neighbour, RelationshipId relationship,
                 const std::vector<FactSummary>& summaries, AdjacencyArray& array) {
  for (const FactSummary& summary : summaries) {
    array.facts.push_back(
        {neighbour, relationship, summary.id, summary.valid, summary.certain_from, summary.digest});
  }
}

// Reads a lane from storage.
absl::StatusOr<ArrayPointer> BuildArray(const Snapshot& snapshot, EntityId vertex,
                                        const Lane& lane) {
  auto array = std::make_shared<AdjacencyArray>();
  array->since = snapshot.version();
  VersionedScan scan(
      snapshot.store(),
      KeyRange::Prefix(lane.outgoing ? OutPrefix(vertex, lane.type) : InPrefix(vertex, lane.type)));
  for (; scan.Valid(); scan.Next()) {
    if (lane.outgoing) {
      RELATA_ASSIGN_OR_RETURN(const RelationshipEnds ends, DecodeOutKey(scan.key()));
      RELATA_ASSIGN_OR_RETURN(const RelationshipState state,
                              DecodeOut(ends, scan.written(), scan.record()));
      AppendFacts(ends.to, ends.id, Summarize(state.facts, {}), *array);
    } else {
      RELATA_ASSIGN_OR_RETURN(const RelationshipEnds ends, DecodeInKey(scan.key()));
      RELATA_ASSIGN_OR_RETURN(const std::vector<FactSummary> summaries,
                              DecodeIn(ends, scan.record()));
      AppendFacts(ends.from, ends.id, summaries, *array);
    }
  }
  RELATA_RETURN_IF_ERROR(scan.status());
  array->facts.shrink_to_fit();
  return array;
}

// From the cache where it has the array; else from storage, and then into the cache where the
// snapshot is of the head.
absl::StatusOr<ArrayPointer> ArrayOf(const Snapshot& snapshot, EntityId vertex, const Lane& lane) {
  AdjacencyCache* const cache = snapshot.adjacency_cache();
  const AdjacencyKey key{vertex, lane.type, lane.outgoing};
  if (cache != nullptr) {
    if (ArrayPointer array = cache->Find(key, snapshot.version())) return array;
  }
  RELATA_ASSIGN_OR_RETURN(ArrayPointer array, BuildArray(snapshot, vertex, lane));
  if (cache != nullptr && snapshot.store().at_head()) {
    cache->Install(key, snapshot.version(), array);
  }
  return array;
}

// How the facts of one relationship are chosen.
enum class Choice {
  kDigest,  // the default policy: verdict and rank are in the array
  kRaw,     // every fact; rank and certainty are those of the default policy
  kFacts,   // any other policy: the facts with their citations decide
};

Choice ChoiceOf(const BeliefPolicy& policy) {
  if (policy.raw) return Choice::kRaw;
  return policy.IsDefault() ? Choice::kDigest : Choice::kFacts;
}

Edge MakeEdge(const AdjacentFact& fact, const Lane& lane) {
  return {fact.neighbour, fact.relationship, lane.type, lane.outgoing,
          fact.digest,    fact.fact,         fact.valid};
}

// Answers one call of Expand.
class Expander {
 public:
  Expander(const Snapshot& snapshot, absl::Span<const Step> steps, const ReadView& view,
           Expansion* out)
      : snapshot_(snapshot),
        steps_(steps),
        view_(view),
        out_(*out),
        choice_(ChoiceOf(*view.policy)),
        one_each_(view.valid.kind == ValidTime::Kind::kInstant && !view.policy->raw) {}

  absl::Status Run(absl::Span<const EntityId> vertices) {
    out_.offsets.assign(1, 0);
    out_.edges.clear();
    for (const EntityId vertex : vertices) {
      RELATA_RETURN_IF_ERROR(AddVertex(vertex));
      out_.offsets.push_back(out_.edges.size());
    }
    return choice_ == Choice::kFacts ? ChooseByFacts(vertices) : absl::OkStatus();
  }

 private:
  absl::Status AddVertex(EntityId vertex) {
    RELATA_ASSIGN_OR_RETURN(const std::vector<Lane> lanes, LanesOf(snapshot_, vertex, steps_));
    for (const Lane& lane : lanes) {
      RELATA_ASSIGN_OR_RETURN(const ArrayPointer array, ArrayOf(snapshot_, vertex, lane));
      AddLane(vertex, lane, *array);
    }
    return absl::OkStatus();
  }

  // Adds the edges of an array; under kFacts those whose relationship may have a fact to show, once
  // each.
  void AddLane(EntityId vertex, const Lane& lane, const AdjacencyArray& array) {
    RelationshipId added;
    for (const AdjacentFact& fact : array.facts) {
      if (lane.skip_loops && fact.neighbour == vertex) continue;
      const bool once = one_each_ || choice_ == Choice::kFacts;
      if (once && fact.relationship == added) continue;
      if (!MayShow(fact)) continue;
      out_.edges.push_back(MakeEdge(fact, lane));
      added = fact.relationship;
    }
  }

  bool MayShow(const AdjacentFact& fact) const {
    switch (choice_) {
      case Choice::kDigest:
        return fact.digest.visible() && Matches(view_.valid, fact.valid, fact.certain_from);
      case Choice::kRaw:
        return Matches(view_.valid, fact.valid, fact.certain_from);
      case Choice::kFacts:
        break;
    }
    // What is not possible under any policy needs no look at the citations. Certain is possible
    // too.
    ValidTime possibly = view_.valid;
    possibly.certainly = false;
    return Matches(possibly, fact.valid, fact.certain_from);
  }

  // Replaces each edge by those of the facts that the policy shows.
  absl::Status ChooseByFacts(absl::Span<const EntityId> vertices) {
    Expansion candidates;
    std::swap(candidates, out_);
    out_.offsets.assign(1, 0);
    for (size_t i = 0; i < vertices.size(); ++i) {
      std::vector<RelationshipEnds> ends;
      for (const Edge& edge : candidates.of(i)) ends.push_back(edge.Ends(vertices[i]));
      RELATA_ASSIGN_OR_RETURN(const auto states, snapshot_.GetRelationships(ends));
      for (size_t k = 0; k < ends.size(); ++k) {
        if (states[k]) AddVisible(candidates.of(i)[k], states[k]->facts);
      }
      out_.offsets.push_back(out_.edges.size());
    }
    return absl::OkStatus();
  }

  void AddVisible(const Edge& candidate, const std::vector<Fact>& facts) {
    for (const VisibleFact& visible : SelectVisible(facts, view_)) {
      Edge edge = candidate;
      edge.fact = visible.fact->id;
      edge.valid = visible.fact->valid;
      edge.digest = MakeDigest(*visible.fact);
      out_.edges.push_back(edge);
    }
  }

  const Snapshot& snapshot_;
  const absl::Span<const Step> steps_;
  const ReadView& view_;
  Expansion& out_;
  const Choice choice_;
  const bool one_each_;
};

}  // namespace

absl::Status Expand(const Snapshot& snapshot, absl::Span<const EntityId> vertices,
                    absl::Span<const Step> steps, const ReadView& view, Expansion* out) {
  return Expander(snapshot, steps, view, out).Run(vertices);
}

}  // namespace relata
