#ifndef RELATA_TESTS_QUERY_DIFFERENTIAL_DIFFERENTIAL_H_
#define RELATA_TESTS_QUERY_DIFFERENTIAL_DIFFERENTIAL_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "graph/query/engine.h"
#include "tests/query/differential/naive_evaluator.h"
#include "tests/query/differential/plain_graph.h"
#include "tests/query/differential/query_model.h"

namespace relata::differential {

using Answer = std::vector<std::vector<query::Datum>>;

// Whether two answers are one: the same rows, as a sequence where `ordered`. Lists in columns named
// `bag…` are compared as bags, and floats up to their last digits: a sum depends on the order in
// which rows come.
bool SameAnswers(const std::vector<std::string>& columns, bool ordered, Answer a, Answer b);
// A row a line, at most `most` of them.
std::string AnswerText(const Answer& answer, size_t most);
// Whether RETURN sorts by all of its columns, so that the answer is a sequence.
bool IsOrdered(const Query& query);

// A way of running a query that must not change its answer.
struct RunMode {
  const char* name;
  size_t batch_rows;
  bool use_indexes;
  bool use_plan_rules;
  int max_threads;
  bool by_morsels = false;  // whatever can, however small
};
const std::vector<RunMode>& RunModes();
query::QueryOptions OptionsOf(const RunMode& mode);

// What was found wrong, for a person: the graph, the query and both answers.
struct Finding {
  std::string text;
};

struct Counts {
  int64_t pairs = 0;       // of a query and a graph, compared
  int64_t runs = 0;        // of the engine
  int64_t skipped = 0;     // too dear for the naive evaluator, or both fail
  int64_t with_rows = 0;   // pairs whose answer has rows
  int64_t partitions = 0;  // queries whose condition was split into three
};

// Draws graphs and queries from a seed and compares. Used by one thread.
class DifferentialRun {
 public:
  using DatabaseMaker = std::function<absl::StatusOr<std::unique_ptr<QueryDatabase>>()>;
  // `make`: where each graph is put and asked for.
  explicit DifferentialRun(uint64_t seed, DatabaseMaker make = QueryDatabase::Make)
      : random_(seed), make_(std::move(make)) {}

  // One graph and `queries` queries on it. `all_modes`: each query in each mode, else in the plain
  // one and one other. The first difference, shrunk. An error where the graph cannot be made.
  absl::StatusOr<std::optional<Finding>> RunGraph(int queries, bool all_modes);
  const Counts& counts() const { return counts_; }

 private:
  // The difference in these modes, if there is one; empty otherwise.
  std::string Compare(const PlainGraph& graph, QueryDatabase& database, const Query& query,
                      const std::vector<RunMode>& modes);
  // LIMIT without an order gives as many rows as it may, and none that are not there without it.
  std::string CompareLimit(QueryDatabase& database, const Query& query, const Answer& whole);
  // Leaves out what the difference does not need.
  Query Shrink(const PlainGraph& graph, QueryDatabase& database, Query query,
               const std::vector<RunMode>& modes);
  // The rows where p holds, where it does not and where it is null are all the rows.
  absl::StatusOr<std::string> ComparePartition(QueryDatabase& database, const Query& query);

  Random random_;
  const DatabaseMaker make_;
  Counts counts_;
};

}  // namespace relata::differential

#endif  // RELATA_TESTS_QUERY_DIFFERENTIAL_DIFFERENTIAL_H_
