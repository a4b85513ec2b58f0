#ifndef RELATA_GRAPH_QUERY_SYNTAX_LEXER_H_
#define RELATA_GRAPH_QUERY_SYNTAX_LEXER_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "graph/query/compile_watch.h"
#include "graph/query/syntax/token.h"

namespace relata::query {

// Splits a text into tokens: Unicode names (ID_Start and connectors, then ID_Continue and currency
// signs), Unicode white space, comments
// `//` to the end of the line and `/* */`. Never fails: at what it cannot read it stops with a
// token kBad, so that an error of the grammar before it is told first. Gives no more than about
// `most` tokens, and stops early where `watch` (may be null) ends the statement. Linear.
// Precondition: less than 2^32 bytes.
TokenList Tokenize(absl::string_view text, size_t most = SIZE_MAX, CompileWatch* watch = nullptr);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_SYNTAX_LEXER_H_
