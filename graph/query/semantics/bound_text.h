#ifndef RELATA_GRAPH_QUERY_SEMANTICS_BOUND_TEXT_H_
#define RELATA_GRAPH_QUERY_SEMANTICS_BOUND_TEXT_H_

#include <string>

#include "graph/query/semantics/bound_query.h"

// What a bound statement is, as text for tests: one line a clause, what belongs to it indented
// below. Variables are `name@id`, anonymous ones `@id`.
namespace relata::query {

std::string BoundText(const BoundStatement& statement);
// `equal(n@0.name, 'Alice')`.
std::string BoundText(const BoundExpr& e, const BoundStatement& statement);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_SEMANTICS_BOUND_TEXT_H_
