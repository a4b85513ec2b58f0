#ifndef RELATA_GRAPH_QUERY_FUNCTIONS_OPERATORS_H_
#define RELATA_GRAPH_QUERY_FUNCTIONS_OPERATORS_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "graph/query/runtime/datum.h"

namespace relata::query {

// The operators of openCypher on data, null in null out where the standard says so. Errors are
// runtime TypeErrors with detail `InvalidArgumentType` (operands that do not go together),
// ArithmeticErrors (`NumberOverflow`, `DivisionByZero`).

// Numbers (int64 exact, overflow an error; with a float a float; decimals exact), strings, lists
// (concatenation, an element appended or prepended), temporal and durations, money of one currency.
absl::StatusOr<Datum> Add(const Datum& a, const Datum& b);
absl::StatusOr<Datum> Subtract(const Datum& a, const Datum& b);
absl::StatusOr<Datum> Multiply(const Datum& a, const Datum& b);
// Integers truncate toward zero; integer division by zero is an error; a decimal quotient keeps up
// to 20 digits after the point, half even.
absl::StatusOr<Datum> Divide(const Datum& a, const Datum& b);
absl::StatusOr<Datum> Modulo(const Datum& a, const Datum& b);
absl::StatusOr<Datum> Power(const Datum& a, const Datum& b);  // always a float
absl::StatusOr<Datum> Negate(const Datum& a);
absl::StatusOr<Datum> Concatenate(const Datum& a, const Datum& b);  // ||: strings and lists

// Three-valued.
Ternary And(Ternary a, Ternary b);
Ternary Or(Ternary a, Ternary b);
Ternary Xor(Ternary a, Ternary b);
Ternary Not(Ternary a);
// TypeError where it is neither boolean nor null.
absl::StatusOr<Ternary> ToTernary(const Datum& d);
absl::StatusOr<Datum> In(const Datum& element, const Datum& list);
// null where either is no string.
Datum StartsWith(const Datum& a, const Datum& b);
Datum EndsWith(const Datum& a, const Datum& b);
Datum Contains(const Datum& a, const Datum& b);
// The whole text; java.util.regex-like syntax as ICU has it. INVALID_ARGUMENT for a bad pattern,
// RESOURCE_EXHAUSTED beyond the time limit of a match.
absl::StatusOr<Datum> MatchesRegex(const Datum& text, const Datum& pattern);

// container[index]: a list by integer (negative from the end; null out of range), a map by string.
// Nodes and relationships are the evaluator's.
absl::StatusOr<Datum> ElementAt(const Datum& container, const Datum& index);
// list[from..to]; `from` or `to` may be missing (nullptr).
absl::StatusOr<Datum> Slice(const Datum& list, const Datum* from, const Datum* to);
// value.name of a map (null where absent), a temporal value, a duration, money. TypeError for what
// has no properties. Nodes and relationships are the evaluator's.
absl::StatusOr<Datum> PropertyOf(const Datum& value, absl::string_view name);
// IS :: TYPE. `type` as written (`INTEGER`, `LIST<STRING> NOT NULL`, `INTEGER | FLOAT`);
// INVALID_ARGUMENT where it is none. Where a type is asked of many values: ParseType and Conforms
// of functions/type_expression.h.
absl::StatusOr<bool> IsOfType(const Datum& value, absl::string_view type);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_FUNCTIONS_OPERATORS_H_
