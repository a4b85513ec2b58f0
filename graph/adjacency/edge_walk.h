#ifndef RELATA_GRAPH_ADJACENCY_EDGE_WALK_H_
#define RELATA_GRAPH_ADJACENCY_EDGE_WALK_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "base/ids.h"
#include "base/status_macros.h"
#include "graph/adjacency/adjacency.h"
#include "graph/adjacency/adjacency_cache.h"
#include "graph/adjacency/changed_array.h"
#include "graph/adjacency/lanes.h"
#include "graph/adjacency/packed_array.h"
#include "graph/adjacency/packed_ends.h"
#include "graph/facts/belief.h"
#include "graph/store/snapshot.h"

namespace relata {

// The three forms of an edge that ForEachEdge shows, with the same members. They read what is asked
// for and no more, and hold until the visit returns.

// In a packed array.
class PackedEdge {
 public:
  PackedEdge(const PackedArray& array, size_t i, const Lane& lane)
      : array_(array), i_(i), lane_(lane) {}
  EntityId neighbour() const { return array_.neighbour(i_); }
  RelationshipId relationship() const { return array_.relationship(i_); }
  FactId fact() const { return array_.fact(i_); }
  Interval valid() const { return array_.valid(i_); }
  Edge ToEdge() const {
    const RelationshipId relationship = array_.relationship(i_);
    return {array_.neighbour(i_), relationship,   array_.fact(i_),
            lane_.type,           lane_.outgoing, array_.digest(i_)};
  }

 private:
  const PackedArray& array_;
  const size_t i_;
  const Lane& lane_;
};

// Just read, or changed since the array was made.
class UnpackedEdge {
 public:
  UnpackedEdge(const AdjacentFact& fact, const Lane& lane) : fact_(fact), lane_(lane) {}
  EntityId neighbour() const { return fact_.neighbour; }
  RelationshipId relationship() const { return fact_.relationship; }
  FactId fact() const { return fact_.fact; }
  Interval valid() const { return fact_.valid; }
  Edge ToEdge() const {
    return {fact_.neighbour, fact_.relationship, fact_.fact,
            lane_.type,      lane_.outgoing,     fact_.digest};
  }

 private:
  const AdjacentFact& fact_;
  const Lane& lane_;
};

// Of an expansion.
class ExpandedEdge {
 public:
  explicit ExpandedEdge(const Edge& edge) : edge_(edge) {}
  EntityId neighbour() const { return edge_.neighbour; }
  RelationshipId relationship() const { return edge_.relationship; }
  const Edge& ToEdge() const { return edge_; }

 private:
  const Edge& edge_;
};

// Visits edges where they lie, in the cache's arrays, without copying them. For policies whose
// verdict needs no citation. Used by one thread; what it is made of must outlive it.
class EdgeWalk {
 public:
  EdgeWalk(const Snapshot& snapshot, absl::Span<const Step> steps, const ReadView& view);

  // Whether the edges visited are those that the view shows. Else they are one for each
  // relationship that may have a fact to show: the facts with their citations decide.
  bool decides() const { return choice_ != Choice::kFacts; }

  // Calls visit(i, edge) for each edge of vertices[i], in the order of Expand.
  template <typename Visit>
  absl::Status Run(absl::Span<const EntityId> vertices, Visit&& visit) {
    return ForEachLane(
        vertices,
        [&](size_t i, const AdjacencyCache::Found& found, const Lane& lane) {
          const PackedArray array(found.block, found.fact_distance);
          VisitArray(array, found.changed, vertices[i], lane,
                     [&](const auto& edge) { visit(i, edge); });
        },
        [&](size_t i, absl::Span<const AdjacentFact> facts, const Lane& lane) {
          VisitFacts(facts, vertices[i], lane, [&](const auto& edge) { visit(i, edge); });
        });
  }

  // Calls visit(ends) with the neighbours of all those edges in the same order, some at a time: for
  // searches that ask for nothing else. Precondition: decides().
  template <typename Visit>
  absl::Status RunEnds(absl::Span<const EntityId> vertices, Visit&& visit) {
    std::optional<PackedEnds::ValidAt> at;
    if (choice_ == Choice::kDigest && valid_.kind == ValidTime::Kind::kInstant &&
        valid_.from != kPlusInfinity) {
      at.emplace(valid_.from);
    }
    std::array<EntityId, kMostEnds> ends;
    size_t count = 0;
    const auto add = [&](const auto& edge) {
      ends[count++] = edge.neighbour();
      if (count == kMostEnds) visit(absl::MakeConstSpan(ends.data(), std::exchange(count, 0)));
    };
    RELATA_RETURN_IF_ERROR(ForEachLane(
        vertices,
        [&](size_t i, const AdjacencyCache::Found& found, const Lane& lane) {
          PackedEnds plain;
          if (found.changed != nullptr || lane.skip_loops || !at || !plain.Read(found.block, *at)) {
            const PackedArray array(found.block, found.fact_distance);
            VisitArray(array, found.changed, vertices[i], lane, add);
            return;
          }
          for (uint32_t begin = 0; begin < plain.size();) {
            const uint32_t end =
                std::min<uint32_t>(plain.size(), begin + static_cast<uint32_t>(kMostEnds - count));
            plain.Copy(begin, end, ends.data() + count);
            count += end - begin;
            begin = end;
            if (count == kMostEnds) {
              visit(absl::MakeConstSpan(ends.data(), std::exchange(count, 0)));
            }
          }
        },
        [&](size_t i, absl::Span<const AdjacentFact> facts, const Lane& lane) {
          VisitFacts(facts, vertices[i], lane, add);
        }));
    if (count > 0) visit(absl::MakeConstSpan(ends.data(), count));
    return absl::OkStatus();
  }

  // Calls visit(edge) for each edge in an array of the vertex that was found. Preconditions: the
  // Pin under which it was, and decides().
  template <typename Visit>
  void VisitFound(const AdjacencyCache::Found& found, EntityId vertex, const Lane& lane,
                  Visit visit) const {
    const PackedArray array(found.block, found.fact_distance);
    VisitArray(array, found.changed, vertex, lane, visit);
  }
  // How many those are: without a look at them where all of an array are edges.
  uint64_t CountFound(const AdjacencyCache::Found& found, EntityId vertex, const Lane& lane) const;

 private:
  // How the facts of one relationship are chosen.
  enum class Choice : uint8_t {
    kDigest,  // the default policy: verdict and rank are in the array
    kRaw,     // every fact; rank and certainty are those of the default policy
    kFacts,   // any other policy
  };

  // Neighbours that RunEnds shows at once.
  static constexpr size_t kMostEnds = 256;
  // So many vertices before its turn the array of one is asked of memory.
  static constexpr size_t kAhead = 16;

  // The cache for the length of one call.
  class Lookups {
   public:
    explicit Lookups(AdjacencyCache* cache) : cache_(cache) {
      if (cache != nullptr) pin_.emplace(cache);
    }
    ~Lookups() {
      if (cache_ != nullptr) cache_->CountLookups(hits_, misses_);
    }
    Lookups(const Lookups&) = delete;
    Lookups& operator=(const Lookups&) = delete;

    AdjacencyCache::Found Find(const Lane& lane, EntityId vertex, CommitVersion version) {
      AdjacencyCache::Found found;
      if (lane.cached != nullptr) found = cache_->Find(*lane.cached, vertex, version);
      if (found.block != nullptr) ++hits_;
      return found;
    }
    void Prefetch(absl::Span<const Lane> lanes, EntityId vertex) const {
      for (const Lane& lane : lanes) {
        if (lane.cached != nullptr) cache_->Prefetch(*lane.cached, vertex);
      }
    }
    // Whether the vertex is known to have no relationship of the lane, which had no array.
    bool KnowsEmpty(const Lane& lane, EntityId vertex, CommitVersion version);

   private:
    AdjacencyCache* const cache_;
    std::optional<AdjacencyCache::Pin> pin_;
    uint64_t hits_ = 0;
    uint64_t misses_ = 0;
  };

  // Calls on_array(i, found, lane) for each array of vertices[i], and on_facts(i, facts, lane) for
  // what had to be read, in the order of Expand.
  template <typename OnArray, typename OnFacts>
  absl::Status ForEachLane(absl::Span<const EntityId> vertices, OnArray&& on_array,
                           OnFacts&& on_facts) {
    Lookups lookups(snapshot_.adjacency_cache());
    const absl::Span<const Lane> named = lanes_.Named();
    for (size_t i = 0; i < std::min(kAhead, vertices.size()); ++i) {
      lookups.Prefetch(named, vertices[i]);
    }
    for (size_t i = 0; i < vertices.size(); ++i) {
      if (i + kAhead < vertices.size()) lookups.Prefetch(named, vertices[i + kAhead]);
      const EntityId vertex = vertices[i];
      RELATA_ASSIGN_OR_RETURN(const absl::Span<const Lane> lanes, lanes_.Of(vertex));
      for (const Lane& lane : lanes) {
        const AdjacencyCache::Found found = lookups.Find(lane, vertex, snapshot_.version());
        if (found.block != nullptr) {
          on_array(i, found, lane);
        } else if (!lookups.KnowsEmpty(lane, vertex, snapshot_.version())) {
          RELATA_ASSIGN_OR_RETURN(const std::vector<AdjacentFact> facts, ReadLane(vertex, lane));
          on_facts(i, facts, lane);
        }
      }
    }
    return absl::OkStatus();
  }

  // What is to be looked at in each fact of an array.
  struct Tests {
    bool none = false;     // every fact is an edge
    bool digests = false;  // some facts are hidden
    bool times = false;    // some may not be valid
    PackedArray::InstantTest instant;
  };
  Tests TestsOf(const PackedArray& array, const Lane& lane) const {
    Tests tests;
    tests.digests = choice_ == Choice::kDigest && !array.all_visible();
    if (valid_.kind == ValidTime::Kind::kInstant) {
      tests.times = !array.AllValidAt(valid_.from);
      if (tests.times) tests.instant = array.TestAt(valid_.from, valid_.certainly);
    } else {
      tests.times = valid_.kind == ValidTime::Kind::kWindow || valid_.certainly;
    }
    tests.none =
        !tests.digests && !tests.times && !lane.skip_loops && (array.single() || !once_each_);
    return tests;
  }
  bool Passes(const Tests& tests, const PackedArray& array, size_t i) const {
    if (tests.digests && !array.digest(i).visible()) return false;
    if (!tests.times) return true;
    if (tests.instant.exists) return array.Passes(tests.instant, i);
    return Matches(valid_, array.valid(i), array.certain_from(i));
  }
  bool Passes(const AdjacentFact& fact) const {
    return (choice_ != Choice::kDigest || fact.digest.visible()) &&
           Matches(valid_, fact.valid, fact.certain_from);
  }

  template <typename Visit>
  void VisitArray(const PackedArray& array, const ChangedArray* changed, EntityId vertex,
                  const Lane& lane, Visit visit) const {
    const Tests tests = TestsOf(array, lane);
    ForEachPart(
        array, changed, snapshot_.version(),
        [&](uint32_t begin, uint32_t end) {
          if (tests.none) {
            for (uint32_t i = begin; i < end; ++i) visit(PackedEdge(array, i, lane));
          } else {
            VisitTested(array, tests, begin, end, vertex, lane, visit);
          }
        },
        [&](const ArrayChange& change) { VisitFacts(change.facts, vertex, lane, visit); });
  }

  template <typename Visit>
  void VisitTested(const PackedArray& array, const Tests& tests, uint32_t begin, uint32_t end,
                   EntityId vertex, const Lane& lane, Visit& visit) const {
    const bool once = once_each_ && !array.single();
    RelationshipId visited;
    for (uint32_t i = begin; i < end; ++i) {
      if (!Passes(tests, array, i)) continue;
      if (lane.skip_loops && array.neighbour(i) == vertex) continue;
      if (once) {
        const RelationshipId relationship = array.relationship(i);
        if (relationship == visited) continue;
        visited = relationship;
      }
      visit(PackedEdge(array, i, lane));
    }
  }

  template <typename Visit>
  void VisitFacts(absl::Span<const AdjacentFact> facts, EntityId vertex, const Lane& lane,
                  Visit visit) const {
    RelationshipId visited;
    for (const AdjacentFact& fact : facts) {
      if (once_each_ && fact.relationship == visited) continue;
      if ((lane.skip_loops && fact.neighbour == vertex) || !Passes(fact)) continue;
      visited = fact.relationship;
      visit(UnpackedEdge(fact, lane));
    }
  }

  // From storage, and into the cache where the snapshot is of the head.
  absl::StatusOr<std::vector<AdjacentFact>> ReadLane(EntityId vertex, const Lane& lane) const;

  const Snapshot& snapshot_;
  const Choice choice_;
  // Under kFacts what is possible: certain is possible too.
  const ValidTime valid_;
  const bool once_each_;
  LaneList lanes_;
};

// Calls visit(i, edge) for each edge of vertices[i] that Expand would give, in its order: for
// searches, which need few of an edge's fields and keep none of it. `edge` has neighbour(),
// relationship() and ToEdge(). The visit must be short and must not walk.
template <typename Visit>
absl::Status ForEachEdge(const Snapshot& snapshot, absl::Span<const EntityId> vertices,
                         absl::Span<const Step> steps, const ReadView& view, Visit&& visit) {
  EdgeWalk walk(snapshot, steps, view);
  if (walk.decides()) return walk.Run(vertices, visit);
  Expansion expansion;
  RELATA_RETURN_IF_ERROR(Expand(snapshot, vertices, steps, view, &expansion));
  for (size_t i = 0; i < vertices.size(); ++i) {
    for (const Edge& edge : expansion.of(i)) visit(i, ExpandedEdge(edge));
  }
  return absl::OkStatus();
}

// Calls visit(ends) with the neighbours of the same edges in the same order, some at a time: for
// searches that need nothing else of an edge.
template <typename Visit>
absl::Status ForEachEnd(const Snapshot& snapshot, absl::Span<const EntityId> vertices,
                        absl::Span<const Step> steps, const ReadView& view, Visit&& visit) {
  EdgeWalk walk(snapshot, steps, view);
  if (walk.decides()) return walk.RunEnds(vertices, visit);
  return ForEachEdge(snapshot, vertices, steps, view, [&](size_t /*vertex*/, const auto& edge) {
    const EntityId end = edge.neighbour();
    visit(absl::MakeConstSpan(&end, 1));
  });
}

}  // namespace relata

#endif  // RELATA_GRAPH_ADJACENCY_EDGE_WALK_H_
