#include "graph/query/executor/operators/deepening_search.h"

#include <algorithm>
#include <utility>

#include "base/status_macros.h"

namespace relata::query {

absl::Status DeepeningSearch::Start(EntityId from, std::optional<EntityId> to,
                                    std::vector<Step> steps, int64_t min, int64_t max) {
  from_ = from;
  to_ = to;
  steps_ = std::move(steps);
  length_ = min;
  max_ = steps_.empty() ? 0 : max;
  possible_ = min <= max_;
  if (to_ && possible_) {
    RELATA_RETURN_IF_ERROR(distances_.Measure(*to_, steps_, max_));
    const std::optional<int64_t> least = distances_.Of(from);
    possible_ = least && *least <= max_;
    if (possible_) length_ = std::max(length_, *least);
  }
  if (possible_) StartLength();
  return absl::OkStatus();
}

void DeepeningSearch::StartLength() {
  walk_.Start(from_, steps_, length_, length_, to_, to_ ? &distances_ : nullptr);
}

absl::StatusOr<bool> DeepeningSearch::Next() {
  while (possible_) {
    RELATA_ASSIGN_OR_RETURN(const bool more, walk_.Next());
    if (more) {
      if (!to_ || walk_.end() == *to_) return true;
      continue;
    }
    possible_ = walk_.cut() && length_ < max_;
    if (!possible_) break;
    ++length_;
    StartLength();
  }
  return false;
}

}  // namespace relata::query
