#ifndef RELATA_GRAPH_QUERY_PLANNER_DEGREE_SAMPLES_H_
#define RELATA_GRAPH_QUERY_PLANNER_DEGREE_SAMPLES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/mutex.h"
#include "graph/database.h"
#include "graph/query/semantics/bound_query.h"

namespace relata::query {

// How many relationships of a type the nodes of a label have, and what is at their other ends.
// Counts beyond DegreeSamples::kMostCounted are cut.
struct DegreeSample {
  double average = 0;
  double largest = 0;           // of the nodes looked at
  std::vector<double> degrees;  // of the nodes looked at, ascending
  // The part of the relationships, 0 to 1, whose other end bears the label; from `far_ends` of
  // them. Labels that none of these bears are not there.
  std::map<std::string, double> far_labels;
  size_t far_ends = 0;
};

// Degrees by (label, type, direction), from a few nodes that are spread over the graph, looked at
// when a plan first asks. Nothing is counted at a commit, nothing is stored. So fresh are they: a
// sample is taken again once the number of relationships has changed by half (and by more than 100)
// since; until then what was written since is not in it. At most kNodes seeks, as many scans of at
// most kMostCounted keys and kFarEnds times as many reads of nodes a look. Belongs to an engine,
// for one database. Thread-safe.
class DegreeSamples {
 public:
  static constexpr int kNodes = 32;
  static constexpr size_t kFarEnds = 4;  // of a node
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
