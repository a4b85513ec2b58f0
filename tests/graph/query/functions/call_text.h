#ifndef RELATA_TESTS_GRAPH_QUERY_FUNCTIONS_CALL_TEXT_H_
#define RELATA_TESTS_GRAPH_QUERY_FUNCTIONS_CALL_TEXT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "graph/query/functions/function.h"
#include "graph/query/runtime/datum.h"

namespace relata::query {

// The value of a text of calls: literals, lists, maps, `f(a, b)` of the functions that need no
// graph and of the aggregates (`sum([1, 2])` adds the elements of the list; a second argument goes
// to each), `x.name`, `x[i]`, `x[i..j]`, and operators between two operands, left to right without
// precedence, each between blanks: `+ - * / % ^ || = <> < <= > >= IN =~`, `STARTS WITH` and the
// like. A test's syntax error is INTERNAL; the rest are errors as the functions give them.
absl::StatusOr<Datum> Evaluate(absl::string_view text, CallContext& context);

// A datum as the data files show it: strings in quotes, the rest as Datum::ToString.
std::string ShowDatum(const Datum& d);

}  // namespace relata::query

#endif  // RELATA_TESTS_GRAPH_QUERY_FUNCTIONS_CALL_TEXT_H_
