#ifndef RELATA_GRAPH_QUERY_SYNTAX_LITERAL_TEXT_H_
#define RELATA_GRAPH_QUERY_SYNTAX_LITERAL_TEXT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "graph/query/query_error.h"
#include "graph/query/runtime/datum.h"

namespace relata::query {

// The number that a token of kind kNumber writes, negated where `negative`: decimal (`12`),
// hexadecimal (`0x1F`), octal (`0o17`, and the old `017`), or a float (`1.5`, `.5`, `1.`, `1e9`).
// Floats stay floats. Integers are int64; -9223372036854775808 is one. SyntaxErrors with `span`:
// InvalidNumberLiteral, IntegerOverflow, FloatingPointOverflow.
absl::StatusOr<Datum> ReadNumberLiteral(absl::string_view text, bool negative, Span span);

// What a token of kind kString means. `text` has its quotes; it begins at byte `offset` of the
// query, for spans of errors. Escapes: \\ \' \" \b \f \n \r \t \` \/ \uXXXX (two of them for a
// surrogate pair) \UXXXXXXXX. SyntaxErrors: InvalidUnicodeLiteral for the last two,
// UnexpectedSyntax for unknown escapes.
absl::StatusOr<std::string> ReadStringLiteral(absl::string_view text, uint32_t offset);

// The name in a token of kind kQuoted: without back-ticks, doubled ones single.
std::string ReadQuotedName(absl::string_view text);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_SYNTAX_LITERAL_TEXT_H_
