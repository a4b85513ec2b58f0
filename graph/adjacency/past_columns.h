#ifndef RELATA_GRAPH_ADJACENCY_PAST_COLUMNS_H_
#define RELATA_GRAPH_ADJACENCY_PAST_COLUMNS_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "base/ids.h"
#include "base/mutex.h"
#include "graph/adjacency/property_columns.h"

namespace relata {

// Property columns of single versions of the past, for those who ask the same earlier state again
// and again: a report as of the end of last year. What was does not change, so no commit takes a
// value out. The columns of a few versions are kept; those asked for longest ago make room, and
// live on while a reader holds them. Thread-safe.
class PastColumns {
 public:
  static constexpr size_t kMostVersions = 4;

  // `budget_bytes`: of the columns of each version.
  explicit PastColumns(size_t budget_bytes) : budget_(budget_bytes) {}

  // The columns of `version`, empty where it was not asked for lately. Never null. What is kept in
  // them and found in them must be of that version exactly.
  std::shared_ptr<PropertyColumns> At(CommitVersion version);
  // Of those that are kept.
  size_t bytes() const;

 private:
  struct Kept {
    CommitVersion version;
    std::shared_ptr<PropertyColumns> columns;
  };
  const size_t budget_;
  mutable Mutex mutex_;
  std::vector<Kept> kept_ ABSL_GUARDED_BY(mutex_);  // the one asked for last at the end
};

}  // namespace relata

#endif  // RELATA_GRAPH_ADJACENCY_PAST_COLUMNS_H_
