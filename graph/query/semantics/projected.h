#ifndef RELATA_GRAPH_QUERY_SEMANTICS_PROJECTED_H_
#define RELATA_GRAPH_QUERY_SEMANTICS_PROJECTED_H_

#include <set>
#include <string>
#include <vector>

#include "graph/query/semantics/analysis.h"

namespace relata::query {

// One item of a WITH or RETURN while it is bound.
struct Analysis::ProjectedItem {
  BoundExprPtr expr;
  std::string name;         // of the column
  bool referable = false;   // by that name: it has an alias, or is a variable
  bool aggregated = false;  // has an aggregate in it
  // Of `p{.name, all: collect(q)}`: p, which rows are grouped by.
  VariableId subject = kNoVariable;
  Span span;
};

// The clause.
struct Analysis::Projected {
  std::vector<ProjectedItem> items;
  BoundProjection projection;
  AggregateCollector collector;
  Scope input;                           // names before it
  Scope output;                          // names after it
  std::set<VariableId> input_variables;  // of this query, not of one around it
  std::set<VariableId> output_variables;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_SEMANTICS_PROJECTED_H_
