#ifndef RELATA_GRAPH_QUERY_SYNTAX_PARSER_H_
#define RELATA_GRAPH_QUERY_SYNTAX_PARSER_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "graph/query/compile_watch.h"
#include "graph/query/syntax/ast.h"

namespace relata::query {

// What a text may be at most, so that no text can exhaust the stack or memory.
struct ParserLimits {
  size_t bytes = 4 << 20;
  int depth = 400;                // of nested expressions, patterns and subqueries
  size_t tokens = SIZE_MAX;       // words, numbers, texts and signs
  CompileWatch* watch = nullptr;  // may end it; outlives the parse
};

// One statement; a `;` at the end is allowed. Errors are SyntaxErrors with a span (query_error.h),
// detail `UnexpectedSyntax` unless openCypher knows a finer one (`InvalidNumberLiteral`,
// `IntegerOverflow`, `FloatingPointOverflow`, `InvalidUnicodeLiteral`, `InvalidUnicodeCharacter`,
// `InvalidRelationshipPattern`, …); the message says what stands there and what was expected.
// RESOURCE_EXHAUSTED beyond the limits, what the watch says where it ends the statement. Linear in
// the text.
absl::StatusOr<ast::Statement> Parse(absl::string_view text, const ParserLimits& limits = {});

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_SYNTAX_PARSER_H_
