#ifndef RELATA_TESTS_QUERY_DIFFERENTIAL_RANDOM_HISTORY_H_
#define RELATA_TESTS_QUERY_DIFFERENTIAL_RANDOM_HISTORY_H_

#include <string>
#include <vector>

#include "graph/mutation/mutation.h"
#include "tests/query/differential/plain_graph.h"

namespace relata::differential {

// Statements that write one after another: nodes and relationships made, changed and deleted, for
// all valid time or for a portion of it, and facts that follow or rival one another. Every node
// and relationship has `k: 1` at all times. All of the valid times that are named lie from 2018 to
// 2025.
std::vector<std::string> RandomStatements(Random& random, int count);

// A statement that changes no answer at any instant: it cuts the facts of a relationship or of a
// property and says the same of the piece.
std::string RandomSplit(Random& random);

// A clause for the start of a query: empty (now), an instant, a window or ALL.
std::string RandomValidTime(Random& random);
// An instant, always.
std::string RandomInstant(Random& random);

// Facts that do not depend on one another, and the nodes (not facts) that they are about. No two
// facts are of one relationship, nor of one property at one instant. Some are cited.
struct IndependentFacts {
  std::vector<Mutation> nodes;  // sources too
  std::vector<Mutation> facts;
};
inline constexpr int kSources = 3;  // with the keys src0, src1, …
IndependentFacts RandomFacts(Random& random);
// Those of the facts that would stand without `source`, cited by the other sources only.
std::vector<Mutation> WithoutSource(const std::vector<Mutation>& facts, const std::string& source);

}  // namespace relata::differential

#endif  // RELATA_TESTS_QUERY_DIFFERENTIAL_RANDOM_HISTORY_H_
