#ifndef RELATA_GRAPH_QUERY_SYNTAX_AST_TEXT_H_
#define RELATA_GRAPH_QUERY_SYNTAX_AST_TEXT_H_

#include <string>

#include "graph/query/syntax/ast.h"

namespace relata::query {

// A syntax tree as text, for tests and people who debug the parser: one line a clause and what
// belongs to it indented under it; expressions as one line in prefix form, `(add 1 (multiply 2
// n.x))`; patterns nearly as they are written. Everything of the tree is in it except spans.
std::string AstText(const ast::Statement& statement);
std::string AstText(const ast::Expr& expr);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_SYNTAX_AST_TEXT_H_
