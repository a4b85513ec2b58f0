#include "graph/query/executor/operators/row_count.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/query_error.h"

namespace relata::query {

absl::StatusOr<int64_t> EvaluateRowCount(const Expression& expr, absl::string_view clause,
                                         int64_t missing, ExecutionContext& context) {
  if (expr.empty()) return missing;
  RELATA_ASSIGN_OR_RETURN(const Datum value, expr.EvaluateConstant(context));
  if (value.kind() != Datum::Kind::kInt) {
    return MakeQueryError(ErrorClass::kSyntax, ErrorPhase::kRuntime, "InvalidArgumentType",
                          std::nullopt,
                          absl::StrCat(clause, " takes a non-negative integer, not ",
                                       TypeName(value), " ", value.ToString()));
  }
  if (value.AsInt() < 0) {
    return MakeQueryError(
        ErrorClass::kSyntax, ErrorPhase::kRuntime, "NegativeIntegerArgument", std::nullopt,
        absl::StrCat(clause, " takes a non-negative integer, not ", value.AsInt()));
  }
  return value.AsInt();
}

}  // namespace relata::query
