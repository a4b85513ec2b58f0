#ifndef RELATA_GRAPH_QUERY_PLANNER_WALK_CONDITIONS_H_
#define RELATA_GRAPH_QUERY_PLANNER_WALK_CONDITIONS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "graph/query/semantics/bound_query.h"

// What a condition on the whole of a walk says of its parts: a search that knows leaves out early
// what can never be part of an answer. Pure functions.
namespace relata::query {

// The names of one walk: the list of its relationships, and the paths that it is part of.
struct WalkNames {
  VariableId list = kNoVariable;
  std::vector<VariableId> paths;
  // The list is all of those paths: their length is its own.
  bool whole_path = false;
};

// What must be true of every relationship, or of every node (both ends included), of the walk.
struct PartCondition {
  bool of_nodes = false;
  VariableId part = kNoVariable;  // in `condition`
  BoundExprPtr condition;         // a copy
};
// Of all(), none() and NOT any() over the walk's relationships or nodes. For a walk that is a whole
// path of one relationship or more it says the same as `condition`; else `condition` may ask for
// more. nullopt: nothing that could be told early.
std::optional<PartCondition> PartConditionOf(const BoundExpr& condition, const WalkNames& walk);

// The most relationships that `condition` allows the walk, where it compares its length with a
// literal by <, <= or =. nullopt: any number. May be negative.
std::optional<int64_t> LengthBoundOf(const BoundExpr& condition, const WalkNames& walk);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_PLANNER_WALK_CONDITIONS_H_
