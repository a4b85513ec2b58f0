#ifndef RELATA_TESTS_TCK_GRAPH_STATE_H_
#define RELATA_TESTS_TCK_GRAPH_STATE_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "absl/status/statusor.h"
#include "graph/database.h"

namespace relata {

// Everything a later query could see of a graph, by identity. A plain type.
struct GraphState {
  std::set<uint64_t> nodes;
  std::set<uint64_t> relationships;
  std::set<std::string> labels;  // the distinct ones
  // Whether of a relationship, id, property, and its value with its valid time.
  std::set<std::tuple<bool, uint64_t, std::string, std::string>> properties;
};

// `+nodes` -> 2, …: the counts of the TCK that are not zero.
using StateDifference = std::map<std::string, int64_t>;

// Reads all of the database's head, past the query engine.
absl::StatusOr<GraphState> ReadGraphState(const Database& database);

StateDifference Difference(const GraphState& before, const GraphState& after);

}  // namespace relata

#endif  // RELATA_TESTS_TCK_GRAPH_STATE_H_
