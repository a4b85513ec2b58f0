#ifndef RELATA_GRAPH_QUERY_FUNCTIONS_VALUE_ERRORS_H_
#define RELATA_GRAPH_QUERY_FUNCTIONS_VALUE_ERRORS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "graph/query/query_error.h"
#include "graph/query/runtime/datum.h"

namespace relata::query {

// `a String`, `an Integer`: what a value is, for messages.
inline std::string AType(const Datum& d) {
  const absl::string_view name = TypeName(d);
  return absl::StrCat(name == "Integer" ? "an " : "a ", name);
}

// The runtime errors that functions and operators share; `message` as for MakeQueryError.

// ArithmeticError, `NumberOverflow`: a result that its type cannot hold.
inline absl::Status OverflowError(absl::string_view message) {
  return MakeQueryError(ErrorClass::kArithmetic, ErrorPhase::kRuntime, "NumberOverflow",
                        std::nullopt, message);
}
// ArithmeticError, `DivisionByZero`.
inline absl::Status DivisionByZeroError() {
  return MakeQueryError(ErrorClass::kArithmetic, ErrorPhase::kRuntime, "DivisionByZero",
                        std::nullopt, "division by zero; test the divisor first");
}
// TypeError, `InvalidArgumentType`: operands or arguments of types that do not go together.
inline absl::Status ArgumentTypeError(absl::string_view message) {
  return TypeError("InvalidArgumentType", message);
}
// TypeError, `InvalidArgumentValue`: an argument that a function cannot take.
inline absl::Status ArgumentValueError(absl::string_view message) {
  return TypeError("InvalidArgumentValue", message);
}

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_FUNCTIONS_VALUE_ERRORS_H_
