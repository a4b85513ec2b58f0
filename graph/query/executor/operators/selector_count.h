#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_SELECTOR_COUNT_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_SELECTOR_COUNT_H_

#include <cstdint>

#include "graph/query/semantics/bound_query.h"

namespace relata::query {

// Which paths of one partition a selector keeps, given them by ascending length.
class SelectorCount {
 public:
  // Whether a path of that length, not shorter than those before, is kept; counts it where it is.
  // `count`: the selector's k.
  bool Keep(BoundPath::Selector selector, int64_t count, int64_t length) {
    if (!Wants(selector, count, length)) return false;
    ++paths_;
    if (length != last_length_) ++groups_;
    last_length_ = length;
    return true;
  }
  bool Wants(BoundPath::Selector selector, int64_t count, int64_t length) const {
    switch (selector) {
      case BoundPath::Selector::kAll:
        return true;
      case BoundPath::Selector::kAnyShortest:
        return paths_ == 0;
      case BoundPath::Selector::kAny:
      case BoundPath::Selector::kShortest:
        return paths_ < count;
      case BoundPath::Selector::kAllShortest:
        return paths_ == 0 || length == last_length_;
      case BoundPath::Selector::kShortestGroups:
        return length == last_length_ || groups_ < count;
    }
    return false;
  }
  int64_t paths() const { return paths_; }

 private:
  int64_t paths_ = 0;
  int64_t groups_ = 0;  // different lengths
  int64_t last_length_ = -1;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_SELECTOR_COUNT_H_
