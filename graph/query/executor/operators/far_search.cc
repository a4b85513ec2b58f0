#include "graph/query/executor/operators/far_search.h"

#include <utility>

#include "base/status_macros.h"

namespace relata::query {

FarSearch::FarSearch(const VarExpandPlan& walk, const PlanNode& plan, EdgeFilter* filter,
                     OperatorMeter* meter, ExecutionContext* context)
    : walk_plan_(walk),
      search_(SearchFor(walk)),
      nearest_(filter, meter, walk.min, walk.max, walk.direction == EdgeDirection::kEither,
               walk.mode),
      levels_(filter, meter, walk.min, walk.max, walk.mode),
      walks_(filter, plan, context, walk.context, walk.mode) {}

FarSearch::Search FarSearch::SearchFor(const VarExpandPlan& walk) {
  if (walk.min <= 1) return Search::kNearest;
  return LevelEnds::CanTell(walk.max, walk.mode) ? Search::kLevels : Search::kWalks;
}

void FarSearch::Start(EntityId start, const std::optional<std::vector<Step>>& steps,
                      std::optional<EntityId> into) {
  leads_somewhere_ = steps.has_value();
  // Without any type that exists only the empty walk is left.
  only_start_ = !leads_somewhere_ && walk_plan_.min == 0;
  start_ = start;
  if (!leads_somewhere_) return;
  switch (search_) {
    case Search::kNearest:
      nearest_.Start(start, *steps);
      break;
    case Search::kLevels:
      levels_.Start(start, *steps);
      break;
    case Search::kWalks:
      met_.clear();
      walks_.Start(start, *steps, walk_plan_.min, walk_plan_.max, into, nullptr);
      break;
  }
}

absl::StatusOr<bool> FarSearch::Next(std::vector<EntityId>* found) {
  if (!leads_somewhere_) {
    if (!std::exchange(only_start_, false)) return false;
    found->push_back(start_);
    return true;
  }
  const size_t before = found->size();
  bool more = false;
  switch (search_) {
    case Search::kNearest: {
      RELATA_ASSIGN_OR_RETURN(more, nearest_.Next(found));
      break;
    }
    case Search::kLevels: {
      RELATA_ASSIGN_OR_RETURN(more, levels_.Next(found));
      break;
    }
    case Search::kWalks: {
      RELATA_ASSIGN_OR_RETURN(more, NextOfWalks(found));
      break;
    }
  }
  return more || found->size() > before;
}

absl::StatusOr<bool> FarSearch::NextOfWalks(std::vector<EntityId>* found) {
  for (size_t i = 0; i < kPiece; ++i) {
    RELATA_ASSIGN_OR_RETURN(const bool more, walks_.Next());
    if (!more) return false;
    if (met_.insert(walks_.end())) found->push_back(walks_.end());
  }
  return true;
}

}  // namespace relata::query
