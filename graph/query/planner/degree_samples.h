#ifndef RELATA_GRAPH_QUERY_PLANNER_DEGREE_SAMPLES_H_
#define RELATA_GRAPH_QUERY_PLANNER_DEGREE_SAMPLES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/mutex.h"
#include "graph/database.h"
#include "graph/query/semantics/bound_query.h"

namespace relata::query {

// How many relationships of a type the nodes of a label have.
struct DegreeSample {
  double average = 0;
  double largest = 0;  // of the nodes looked at; counts beyond DegreeSamples::kMostCounted are cut
};

// Degrees by (label, type, direction), from a few nodes that are spread over the graph, looked at
// when a plan first asks and again when the graph has grown or shrunk by half. At most kNodes seeks
// and as many short scans a look. Belongs to an engine, for one database. Thread-safe.
class DegreeSamples {
 public:
  static constexpr int kNodes = 32;
  static constexpr size_t kMostCounted = 1000;

  explicit DegreeSamples(const Database* database) : database_(database) {}

  // `label`, `type` empty: any. nullopt: there is nothing of that name, or no storage to ask.
  // `direction`: kOut or kIn.
  std::optional<DegreeSample> Of(const std::string& label, const std::string& type,
                                 EdgeDirection direction);

 private:
  using Key = std::tuple<std::string, std::string, EdgeDirection>;
  struct Entry {
    std::optional<DegreeSample> sample;
    uint64_t relationships = 0;  // in the graph, then
  };

  absl::StatusOr<std::optional<DegreeSample>> Look(const Key& key) const;

  const Database* const database_;
  Mutex mutex_;
  std::map<Key, Entry> entries_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_PLANNER_DEGREE_SAMPLES_H_
