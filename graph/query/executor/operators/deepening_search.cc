#include "graph/query/executor/operators/deepening_search.h"

#include <algorithm>
#include <utility>

#include "base/status_macros.h"

namespace relata::query {

absl::Status DeepeningSearch::Start(EntityId from, std::optional<EntityId> to,
                                    std::vector<Step> steps, int64_t min, int64_t max) {
  from_ = from;
  to_ = to;
  wanted_ = nullptr;
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
  return possible_ ? StartLength() : absl::OkStatus();
}

absl::Status DeepeningSearch::StartToWanted(EntityId from, std::vector<Step> steps, int64_t min,
                                            int64_t max, Wanted wanted) {
  from_ = from;
  to_ = std::nullopt;
  wanted_ = std::move(wanted);
  steps_ = std::move(steps);
  length_ = min;
  max_ = steps_.empty() ? 0 : max;
  possible_ = min <= max_;
  if (!possible_) return absl::OkStatus();
  // All that can be reached: from each of them the reversed steps lead back to the start.
  RELATA_RETURN_IF_ERROR(distances_.Measure(from, Reversed(steps_), max_));
  ends_ = distances_.Nodes();
  RELATA_RETURN_IF_ERROR(meter_.Hold(ends_.capacity() * sizeof(EntityId)));
  RELATA_RETURN_IF_ERROR(distances_.Measure(ends_, steps_, max_));
  return StartLength();
}

absl::Status DeepeningSearch::NarrowEnds() {
  const size_t before = ends_.size();
  const bool never_back = mode_ == BoundPathMode::kAcyclic && length_ > 0;
  std::erase_if(
      ends_, [&](EntityId end) { return (never_back && end == from_) || !wanted_(end, length_); });
  possible_ = !ends_.empty();
  if (!possible_ || ends_.size() == before) return absl::OkStatus();
  return distances_.Measure(ends_, steps_, max_);
}

absl::Status DeepeningSearch::StartLength() {
  if (wanted_ != nullptr) RELATA_RETURN_IF_ERROR(NarrowEnds());
  walk_.Start(from_, steps_, length_, length_, to_,
              to_ || wanted_ != nullptr ? &distances_ : nullptr);
  return absl::OkStatus();
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
    RELATA_RETURN_IF_ERROR(StartLength());
  }
  return false;
}

}  // namespace relata::query
