#include "graph/answers/neighbours.h"

#include <utility>

#include "absl/status/status.h"
#include "base/status_macros.h"
#include "graph/adjacency/lanes.h"
#include "graph/answers/seen_facts.h"
#include "graph/store/key_layout.h"

namespace relata {
namespace {

// How many relationships are read ahead at a time.
constexpr size_t kReadAhead = 256;

// Lists the rows of one entity, lane by lane in the order of the store's keys, which is that of the
// rows.
class NeighbourLister {
 public:
  NeighbourLister(const Snapshot& snapshot, const ReadView& view, EntityId entity,
                  const NeighbourCursor* after, size_t limit)
      : snapshot_(snapshot), view_(view), entity_(entity), after_(after), limit_(limit) {}

  absl::StatusOr<NeighbourPage> List(absl::Span<const Lane> lanes) {
    for (const Lane& lane : lanes) {
      if (Full()) break;
      if (IsDone(lane)) continue;
      RELATA_RETURN_IF_ERROR(ListLane(lane));
    }
    NeighbourPage page;
    page.rows = std::move(rows_);
    if (page.rows.size() > limit_) {
      page.rows.resize(limit_);
      if (limit_ > 0) page.next = CursorAt(page.rows.back());
    }
    return page;
  }

 private:
  // One row more than asked for tells whether there are more.
  bool Full() const { return rows_.size() > limit_; }

  // (type, out before in) of a lane or of the cursor.
  static std::pair<TypeId, int> PlaceOf(TypeId type, bool outgoing) {
    return {type, outgoing ? 0 : 1};
  }
  bool IsDone(const Lane& lane) const {
    return after_ != nullptr &&
           PlaceOf(lane.type, lane.outgoing) < PlaceOf(after_->type, after_->outgoing);
  }

  // The keys of a lane that are not before the cursor.
  KeyRange RangeOf(const Lane& lane) const {
    KeyRange range = KeyRange::Prefix(lane.outgoing ? OutPrefix(entity_, lane.type)
                                                    : InPrefix(entity_, lane.type));
    if (after_ != nullptr &&
        PlaceOf(lane.type, lane.outgoing) == PlaceOf(after_->type, after_->outgoing)) {
      const RelationshipId id = after_->relationship;
      range.start = lane.outgoing ? OutKey({id, lane.type, entity_, after_->entity})
                                  : InKey({id, lane.type, after_->entity, entity_});
    }
    return range;
  }

  absl::Status ListLane(const Lane& lane) {
    std::vector<RelationshipEnds> batch;
    VersionedScan scan(snapshot_.store(), RangeOf(lane));
    for (; scan.Valid() && !Full(); scan.Next()) {
      RELATA_ASSIGN_OR_RETURN(const RelationshipEnds ends,
                              lane.outgoing ? DecodeOutKey(scan.key()) : DecodeInKey(scan.key()));
      if (lane.skip_loops && ends.from == ends.to) continue;
      batch.push_back(ends);
      if (batch.size() == kReadAhead) RELATA_RETURN_IF_ERROR(AddBatch(lane, batch));
    }
    RELATA_RETURN_IF_ERROR(scan.status());
    return AddBatch(lane, batch);
  }

  absl::Status AddBatch(const Lane& lane, std::vector<RelationshipEnds>& batch) {
    RELATA_ASSIGN_OR_RETURN(const auto states, snapshot_.GetRelationships(batch));
    for (size_t i = 0; i < batch.size() && !Full(); ++i) {
      if (states[i]) AddFacts(lane, *states[i]);
    }
    batch.clear();
    return absl::OkStatus();
  }

  void AddFacts(const Lane& lane, const RelationshipState& state) {
    std::vector<VisibleFact> facts = SelectVisible(state.facts, view_);
    size_t first = 0;
    if (after_ != nullptr && state.ends.id == after_->relationship) first = AfterCursor(facts);
    for (size_t i = first; i < facts.size() && !Full(); ++i) {
      rows_.push_back({state.ends, lane.outgoing ? state.ends.to : state.ends.from, lane.outgoing,
                       *facts[i].fact, std::move(facts[i].belief)});
    }
  }

  // The place after the cursor's fact; where that is not shown (any more), the relationship is
  // done.
  size_t AfterCursor(const std::vector<VisibleFact>& facts) const {
    for (size_t i = 0; i < facts.size(); ++i) {
      if (facts[i].fact->id == after_->fact) return i + 1;
    }
    return facts.size();
  }

  static NeighbourCursor CursorAt(const Neighbour& row) {
    return {row.ends.type, row.outgoing, row.entity, row.ends.id, row.fact.id};
  }

  const Snapshot& snapshot_;
  const ReadView& view_;
  const EntityId entity_;
  const NeighbourCursor* const after_;
  const size_t limit_;
  std::vector<Neighbour> rows_;
};

}  // namespace

absl::StatusOr<NeighbourPage> ListNeighbours(const Snapshot& snapshot, const ReadView& view,
                                             EntityId entity, const std::vector<Step>& steps,
                                             const NeighbourCursor* after, size_t limit) {
  if (steps.empty()) {
    return absl::InvalidArgumentError("neighbours need at least one step (type and direction)");
  }
  RELATA_RETURN_IF_ERROR(CheckExists(snapshot, entity, "asked"));
  RELATA_ASSIGN_OR_RETURN(const std::vector<Lane> lanes, LanesOf(snapshot, entity, steps));
  return NeighbourLister(snapshot, view, entity, after, limit).List(lanes);
}

}  // namespace relata
