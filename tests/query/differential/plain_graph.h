#ifndef RELATA_TESTS_QUERY_DIFFERENTIAL_PLAIN_GRAPH_H_
#define RELATA_TESTS_QUERY_DIFFERENTIAL_PLAIN_GRAPH_H_

#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/manual_clock.h"
#include "graph/database.h"
#include "graph/query/engine.h"
#include "graph/query/runtime/datum.h"
#include "storage/memory/memory_kv.h"

namespace relata::differential {

using Random = std::mt19937_64;
// In [0, bound). Precondition: bound > 0.
int Below(Random& random, int bound);
bool OneIn(Random& random, int n);
template <typename T>
const T& PickOne(Random& random, const std::vector<T>& from) {
  return from[Below(random, static_cast<int>(from.size()))];
}

using Properties = std::map<std::string, query::Datum>;  // none of them null

struct PlainNode {
  std::vector<std::string> labels;
  Properties properties;
  query::Datum value;  // as the engine names it
};

struct PlainRelationship {
  size_t from = 0;  // of nodes
  size_t to = 0;
  std::string type;
  Properties properties;
  query::Datum value;  // as the engine names it
};

// A small property graph held as it is drawn. Every node and relationship has a property `uid`, its
// place in the vector. Properties: `i` integer, `f` float (a multiple of a half, so that sums do
// not depend on their order), `s` string, `b` boolean, `l` list of integers, `m` of any type; each
// may be absent.
struct PlainGraph {
  std::vector<PlainNode> nodes;
  std::vector<PlainRelationship> relationships;

  // Preconditions: an entity of this graph, after QueryDatabase::Load.
  const PlainNode& Find(const query::NodeRef& node) const;
  const PlainRelationship& Find(const query::RelationshipRef& relationship) const;
};

// 0 to 20 nodes with labels A to D (none to three each) and relationships R to T, with loops and
// parallels.
PlainGraph RandomGraph(Random& random);
// One CREATE statement that makes the graph; empty for an empty graph.
std::string CreateText(const PlainGraph& graph);

// A database in memory and its query engine.
class QueryDatabase {
 public:
  static absl::StatusOr<std::unique_ptr<QueryDatabase>> Make();
  virtual ~QueryDatabase() = default;
  // Closes the database and opens what it left.
  virtual absl::Status Reopen();
  // All rows; after `seconds` the query ends with CANCELLED.
  virtual absl::StatusOr<std::vector<std::vector<query::Datum>>> Run(
      absl::string_view text, query::QueryOptions options = {}, double seconds = 20);
  // The plan of a query, as EXPLAIN gives it.
  absl::StatusOr<std::string> Explain(absl::string_view text);
  // Makes the graph and learns how the engine names its entities.
  absl::Status Load(PlainGraph& graph);
  // Indexes of one and of several properties of some labels and types, ready for use.
  absl::Status CreateIndexes(Random& random);
  virtual Database& database() { return *database_; }
  ManualClock& clock() { return clock_; }

 protected:
  QueryDatabase();

 private:
  ManualClock clock_;
  std::unique_ptr<MemoryKv> kv_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<query::QueryEngine> engine_;
};

}  // namespace relata::differential

#endif  // RELATA_TESTS_QUERY_DIFFERENTIAL_PLAIN_GRAPH_H_
