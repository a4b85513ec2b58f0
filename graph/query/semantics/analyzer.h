#ifndef RELATA_GRAPH_QUERY_SEMANTICS_ANALYZER_H_
#define RELATA_GRAPH_QUERY_SEMANTICS_ANALYZER_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "graph/query/compile_watch.h"
#include "graph/query/procedures/procedure.h"
#include "graph/query/semantics/bound_query.h"
#include "graph/query/syntax/ast.h"

namespace relata::query {

// Resolves a statement. All compile-time errors of openCypher 9 that the parser does not find
// (MakeQueryError with class, detail and span): scopes, types, aggregation, patterns, writes; also
// those of S11 (FOR SYSTEM_TIME with a write). `procedures` resolves CALL. Names of parameters that
// are used but absent are found when the statement runs, but for CALL without parentheses, whose
// arguments are parameters: `parameters` (may be null) are the names given. `watch` (may be null)
// may end it.
absl::StatusOr<std::unique_ptr<BoundStatement>> Analyze(const ast::Statement& statement,
                                                        absl::string_view text,
                                                        const ProcedureRegistry& procedures,
                                                        const Datum::Map* parameters,
                                                        CompileWatch* watch = nullptr);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_SEMANTICS_ANALYZER_H_
