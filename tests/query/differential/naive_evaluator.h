#ifndef RELATA_TESTS_QUERY_DIFFERENTIAL_NAIVE_EVALUATOR_H_
#define RELATA_TESTS_QUERY_DIFFERENTIAL_NAIVE_EVALUATOR_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "graph/query/runtime/datum.h"
#include "tests/query/differential/plain_graph.h"
#include "tests/query/differential/query_model.h"

namespace relata::differential {

struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<query::Datum>> rows;
};

// What a query answers, worked out as openCypher 9 words it: each clause turns a table into the
// next, a pattern is matched by trying every node and relationship. It shares with the engine the
// operators on single values (graph/query/functions/operators.h) and their comparison, and nothing
// else. Slow and simple on purpose. For one graph, which it borrows; used by one thread.
class NaiveEvaluator {
 public:
  // `steps`: how many candidates it looks at before it gives up with RESOURCE_EXHAUSTED.
  NaiveEvaluator(const PlainGraph& graph, int64_t steps) : graph_(graph), steps_(steps) {}

  // In the order of the query where it has one, else in any. Errors of values are those of the
  // operators.
  absl::StatusOr<Table> Run(const Query& query);

 private:
  using Row = std::map<std::string, query::Datum>;
  using Rows = std::vector<Row>;
  // One way of matching patterns, while it is being found.
  struct Match {
    Row row;
    std::vector<size_t> used;  // relationships; none twice
    query::PathValue path;     // of the pattern at hand
    size_t node = 0;           // where the pattern at hand has got to
  };
  using Sink = std::function<absl::Status(const Row&)>;

  // --- clauses
  absl::StatusOr<Table> RunPart(const SingleQuery& part);
  absl::StatusOr<Rows> RunClause(const Clause& clause, const Rows& rows);
  absl::StatusOr<Rows> RunMatch(const Clause& clause, const Rows& rows);
  absl::StatusOr<Rows> RunUnwind(const Clause& clause, const Rows& rows);
  absl::StatusOr<Rows> Project(const Projection& projection, const Rows& rows);
  // Each projected row with the scope that ORDER BY sees.
  absl::StatusOr<std::vector<std::pair<Row, Row>>> ProjectEach(const Projection& projection,
                                                               const Rows& rows);
  absl::StatusOr<std::vector<std::pair<Row, Row>>> ProjectGroups(const Projection& projection,
                                                                 const Rows& rows);
  absl::Status Sort(const Projection& projection, std::vector<std::pair<Row, Row>>& rows);

  // --- patterns
  // All rows that extend `row`.
  absl::Status MatchPatterns(const std::vector<Pattern>& patterns, const Row& row,
                             const Sink& sink);
  absl::Status StartPattern(const std::vector<Pattern>& patterns, size_t which, const Match& match,
                            const Sink& sink);
  // Tries `node` in place `place` of a pattern, and goes on from there.
  absl::Status EnterNode(const std::vector<Pattern>& patterns, size_t which, size_t place,
                         size_t node, Match match, const Sink& sink);
  absl::Status TakeHop(const std::vector<Pattern>& patterns, size_t which, size_t place,
                       const Match& match, const Sink& sink);
  absl::Status TakeWalk(const std::vector<Pattern>& patterns, size_t which, size_t place,
                        const Match& match, const query::Datum::List& walked, const Sink& sink);
  // The ends that a relationship leads to from `node`: none, or one.
  absl::StatusOr<std::vector<size_t>> Follow(const HopPattern& hop, size_t relationship,
                                             const Match& match);
  absl::StatusOr<bool> Fits(const std::vector<std::pair<std::string, Expression>>& wanted,
                            const Properties& properties, const Row& row);
  absl::Status CountStep();

  // --- expressions; `group`: the rows of the group, where an aggregate may stand
  absl::StatusOr<query::Datum> Evaluate(const Expression& e, const Row& row,
                                        const Rows* group = nullptr);
  absl::StatusOr<query::Datum> EvaluateBinary(const Expression& e, const query::Datum& a,
                                              const query::Datum& b);
  absl::StatusOr<query::Datum> EvaluateCall(const Expression& e,
                                            const std::vector<query::Datum>& args);
  absl::StatusOr<query::Datum> EvaluateOverList(const Expression& e, const Row& row,
                                                const Rows* group);
  absl::StatusOr<query::Datum> EvaluateSubquery(const Expression& e, const Row& row);
  absl::StatusOr<query::Datum> EvaluateAggregate(const Expression& e, const Rows& group);
  query::Datum PropertyOfEntity(const query::Datum& entity, const std::string& name) const;
  absl::StatusOr<bool> Holds(const Expression& condition, const Row& row);

  const PlainGraph& graph_;
  int64_t steps_;
};

// Rows that do not differ, seen as values.
bool EquivalentRows(const std::vector<query::Datum>& a, const std::vector<query::Datum>& b);

}  // namespace relata::differential

#endif  // RELATA_TESTS_QUERY_DIFFERENTIAL_NAIVE_EVALUATOR_H_
