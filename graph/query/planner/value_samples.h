#ifndef RELATA_GRAPH_QUERY_PLANNER_VALUE_SAMPLES_H_
#define RELATA_GRAPH_QUERY_PLANNER_VALUE_SAMPLES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "base/mutex.h"
#include "graph/database.h"

namespace relata::query {

// What the nodes or relationships of an index have as values (of several properties: together).
struct ValueSample {
  // Distinct values divided by those that have one, 0 to 1.
  double values_each = 1;
  // How many have the value of one of them: where a few values are those of most it is their
  // number, and not what is left for each value.
  double of_value = 1;
  // The part of the label's nodes (of the type's relationships) that have one, 0 to 1.
  double having = 1;
};

// Samples by index, from a few nodes of its label (relationships of its type) that are spread over
// the graph, looked at when a plan first asks and again once their number in the graph has changed
// by half (and by more than 100): until then what was written since is not in it, nor is a value
// that was only changed. One whose value f have stands for 1/f of a value, so that the mean of that
// is the number of values divided by the number of those that have one. At most kNodes seeks and as
// many short scans a look. Belongs to an engine, for one database. Thread-safe.
class ValueSamples {
 public:
  static constexpr int kNodes = 32;
  static constexpr size_t kMostCounted = 1000;  // of one value

  explicit ValueSamples(const Database* database) : database_(database) {}

  // Of the first `properties` properties of the index, 1 to all. nullopt: nothing that was looked
  // at has them, or no storage to ask.
  std::optional<ValueSample> Of(const IndexDefinition& index, size_t properties);

 private:
  struct Entry {
    std::optional<ValueSample> sample;
    uint64_t size = 0;  // of the graph, then
  };

  absl::StatusOr<std::optional<ValueSample>> Look(const IndexDefinition& index,
                                                  size_t properties) const;

  const Database* const database_;
  Mutex mutex_;
  std::map<std::pair<IndexId, size_t>, Entry> entries_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_PLANNER_VALUE_SAMPLES_H_
