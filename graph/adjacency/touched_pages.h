#ifndef RELATA_GRAPH_ADJACENCY_TOUCHED_PAGES_H_
#define RELATA_GRAPH_ADJACENCY_TOUCHED_PAGES_H_

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "base/ids.h"

namespace relata {

// Which adjacency arrays a commit changes, where they are too many to name: a bit for the arrays of
// one type and direction of 64 consecutive entities, those of a page of a SlotTable. Not
// thread-safe.
class TouchedPages {
 public:
  void Add(TypeId type, bool outgoing, EntityId vertex);
  // `first` is the id of the first entity of the page, a multiple of 64. By type, direction and id.
  void ForEach(absl::FunctionRef<void(TypeId type, bool outgoing, uint64_t first)> visit) const;

 private:
  // By 2 * type + direction; then by page. Ids of both are dense.
  std::vector<std::vector<bool>> lanes_;
};

}  // namespace relata

#endif  // RELATA_GRAPH_ADJACENCY_TOUCHED_PAGES_H_
