#ifndef RELATA_GRAPH_QUERY_PLANNER_VALUE_SAMPLES_H_
#define RELATA_GRAPH_QUERY_PLANNER_VALUE_SAMPLES_H_

#include <cstdint>
#include <map>
#include <optional>

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "base/mutex.h"
#include "graph/database.h"

namespace relata::query {

// What the nodes of an index have as values.
struct ValueSample {
  // Distinct values divided by nodes that have one, 0 to 1.
  double values_a_node = 1;
  // Nodes that have the value of a node: where a few values are those of most nodes it is their
  // number, and not what is left for each value.
  double nodes_of_value = 1;
  // The part of the label's nodes that have one, 0 to 1.
  double having = 1;
};

// Samples by index, from a few nodes of its label that are spread over the graph, looked at when a
// plan first asks and again once the number of nodes has changed by half (and by more than 100):
// until then what was written since is not in it, nor is a value that was only changed. A node
// whose value f nodes have stands for 1/f of a value, so that the mean of that over the nodes is
// the number of values divided by the number of nodes. At most kNodes seeks and as many short scans
// a look. Belongs to an engine, for one database. Thread-safe.
class ValueSamples {
 public:
  static constexpr int kNodes = 32;
  static constexpr size_t kMostCounted = 1000;  // nodes of one value

  explicit ValueSamples(const Database* database) : database_(database) {}

  // nullopt: no node that was looked at has the property, or no storage to ask.
  std::optional<ValueSample> Of(const IndexDefinition& index);

 private:
  struct Entry {
    std::optional<ValueSample> sample;
    uint64_t entities = 0;  // in the graph, then
  };

  absl::StatusOr<std::optional<ValueSample>> Look(const IndexDefinition& index) const;

  const Database* const database_;
  Mutex mutex_;
  std::map<IndexId, Entry> entries_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_PLANNER_VALUE_SAMPLES_H_
