#include "graph/answers/chain_dates.h"

#include <algorithm>

namespace relata {

bool StartedWithin(const Bound& bound, Instant from, Instant before, bool certainly) {
  // Without a limit on a side every date passes it, also an infinite one.
  const bool any_after = from == kMinusInfinity;
  const bool any_before = before == kPlusInfinity;
  if (bound.exact()) {
    return (any_after || from <= bound.earliest) && (any_before || bound.earliest < before);
  }
  if (certainly) {
    return (any_after || from <= bound.earliest) && (any_before || bound.latest <= before);
  }
  return (any_after || from < bound.latest) && (any_before || bound.earliest < before);
}

bool DateOrder::Add(const Bound& bound) {
  if (outgoing_) {
    limit_ = std::max(limit_, bound.earliest);
    return bound.exact() ? limit_ <= bound.latest : limit_ < bound.latest;
  }
  if (bound.latest < limit_ || (bound.latest == limit_ && !bound.exact())) {
    limit_ = bound.latest;
    reachable_ = bound.exact();
  }
  return reachable_ ? bound.earliest <= limit_ : bound.earliest < limit_;
}

}  // namespace relata
