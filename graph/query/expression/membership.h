#ifndef RELATA_GRAPH_QUERY_EXPRESSION_MEMBERSHIP_H_
#define RELATA_GRAPH_QUERY_EXPRESSION_MEMBERSHIP_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "graph/query/executor/execution_context.h"
#include "graph/query/expression/program.h"
#include "graph/query/runtime/datum.h"

namespace relata::query {

// IN for a run: a long list that comes again (a literal, a parameter, one list beside many rows) is
// hashed once instead of looked through for each row. Gives what In() of operators.h gives. Used by
// one thread.
class MembershipCache {
 public:
  explicit MembershipCache(QueryBudget* budget) : budget_(budget) {}

  // `in`: which IN of the statement asks.
  absl::StatusOr<Datum> Test(const Instruction& in, const Datum& element, const Datum& list);

 private:
  // Shorter ones are looked through.
  static constexpr size_t kLong = 16;
  // What a member costs, in bytes.
  static constexpr size_t kMemberBytes = 2 * sizeof(Datum) + 2;

  // The members of a list by how they are compared.
  struct Members {
    Members(QueryBudget* budget, const Datum::List& list);
    MemoryHold hold;
    absl::flat_hash_set<Datum, DatumHash, DatumEquivalent> hashed;
    std::vector<Datum> others;  // whose equality is not that of the set, or may be null
  };
  struct Entry {
    Datum list;  // holds what it is known by
    std::unique_ptr<Members> members;
  };

  QueryBudget* const budget_;
  absl::flat_hash_map<const Instruction*, Entry> entries_;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXPRESSION_MEMBERSHIP_H_
