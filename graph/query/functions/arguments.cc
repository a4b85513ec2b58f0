#include "graph/query/functions/arguments.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/functions/value_errors.h"

namespace relata::query {

absl::Status WrongArgument(absl::string_view function, const Datum& argument,
                           absl::string_view expected) {
  return ArgumentValueError(
      absl::StrCat(function, "() takes ", expected, ", not ", AType(argument)));
}

absl::StatusOr<int64_t> IntegerArgument(absl::string_view function, const Datum& argument) {
  if (argument.kind() == Datum::Kind::kInt) return argument.AsInt();
  return WrongArgument(function, argument, "an Integer here");
}

absl::StatusOr<absl::string_view> StringArgument(absl::string_view function,
                                                 const Datum& argument) {
  if (argument.is_string()) return argument.AsString();
  return WrongArgument(function, argument, "a String here");
}

absl::StatusOr<double> FloatArgument(absl::string_view function, const Datum& argument) {
  if (argument.kind() == Datum::Kind::kFloat) return argument.AsFloat();
  if (argument.kind() == Datum::Kind::kInt) return static_cast<double>(argument.AsInt());
  if (argument.is_number()) return argument.AsScalar().AsDouble();
  return WrongArgument(function, argument, "a number");
}

absl::StatusOr<int64_t> CountArgument(absl::string_view function, const Datum& argument) {
  RELATA_ASSIGN_OR_RETURN(const int64_t count, IntegerArgument(function, argument));
  if (count >= 0) return count;
  return ArgumentError("NegativeIntegerArgument",
                       absl::StrCat(function, "() takes no negative number here: ", count));
}

absl::StatusOr<Datum> CheckedList(Datum::List list) {
  Datum result = Datum::Of(std::move(list));
  RELATA_RETURN_IF_ERROR(CheckNesting(result));
  return result;
}

}  // namespace relata::query
