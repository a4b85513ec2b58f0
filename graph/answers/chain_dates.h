#ifndef RELATA_GRAPH_ANSWERS_CHAIN_DATES_H_
#define RELATA_GRAPH_ANSWERS_CHAIN_DATES_H_

#include "graph/values/bound.h"

namespace relata {

// Whether a from-bound lies in [from, before): possibly (some instant of it does) or certainly (all
// do). An exact or unbounded bound is one instant, of which the infinities are two.
bool StartedWithin(const Bound& bound, Instant from, Instant before, bool certainly);

// What the steps walked so far require of the next one, so that dates can be picked from the
// from-bounds that do not decrease in the direction of the edges (S8.1). A plain value.
class DateOrder {
 public:
  // `outgoing`: the walk goes along the edges, so dates may not fall; else against them, so they
  // may not rise.
  explicit DateOrder(bool outgoing)
      : outgoing_(outgoing), limit_(outgoing ? kMinusInfinity : kPlusInfinity) {}

  // Adds the from-bound of the next step; false where it does not fit, and then the walk ends.
  bool Add(const Bound& bound);

 private:
  bool outgoing_;
  // Along the edges: the latest `earliest` so far. Against them: the earliest `latest` so far, ...
  Instant limit_;
  // ... and whether a date may be that very instant (it is of an exact bound) or must lie before
  // it.
  bool reachable_ = true;
};

}  // namespace relata

#endif  // RELATA_GRAPH_ANSWERS_CHAIN_DATES_H_
