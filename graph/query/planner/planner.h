#ifndef RELATA_GRAPH_QUERY_PLANNER_PLANNER_H_
#define RELATA_GRAPH_QUERY_PLANNER_PLANNER_H_

#include <memory>

#include "absl/status/statusor.h"
#include "graph/database.h"
#include "graph/query/compile_watch.h"
#include "graph/query/planner/plan.h"
#include "graph/query/semantics/bound_query.h"

namespace relata::query {

class DegreeSamples;
class ValueSamples;

// What the planner knows of the data: counts at the head, samples, and which indexes there are.
// Estimates only: a plan is right whatever the data.
struct PlannerInput {
  const Database* database = nullptr;
  DegreeSamples* degrees = nullptr;  // null: degrees are those of the whole graph
  ValueSamples* values = nullptr;    // null: a value of an index is that of a few nodes
  double morsel_rows = 30'000;       // parts that make fewer rows by estimate run on one thread
  CompileWatch* watch = nullptr;     // may end the planning
  bool use_indexes = true;
  bool use_rules =
      true;  // false: patterns in the order written, no rewriting: for differential tests
};

// Makes a plan of an analyzed statement. Errors: what the watch says, where it ends the statement.
absl::StatusOr<std::shared_ptr<const CompiledStatement>> PlanStatement(
    std::unique_ptr<BoundStatement> statement, const PlannerInput& input);
// The tree as EXPLAIN shows it; with `profile` (by PlanNode::id) as PROFILE does.
struct OperatorProfile;
std::string PlanText(const CompiledStatement& statement,
                     const std::vector<OperatorProfile>* profile);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_PLANNER_PLANNER_H_
