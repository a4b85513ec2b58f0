#ifndef RELATA_GRAPH_QUERY_FUNCTIONS_ARGUMENTS_H_
#define RELATA_GRAPH_QUERY_FUNCTIONS_ARGUMENTS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "graph/query/runtime/datum.h"

namespace relata::query {

// What the rows of the function table share: the arguments of a call, checked.
using Arguments = absl::Span<const Datum>;

// TypeError, `InvalidArgumentValue`: `function` cannot take this argument.
absl::Status WrongArgument(absl::string_view function, const Datum& argument,
                           absl::string_view expected);

// The argument as that kind; WrongArgument otherwise.
absl::StatusOr<int64_t> IntegerArgument(absl::string_view function, const Datum& argument);
absl::StatusOr<absl::string_view> StringArgument(absl::string_view function, const Datum& argument);
// Any number, as the nearest float.
absl::StatusOr<double> FloatArgument(absl::string_view function, const Datum& argument);
// A count or position that is not below 0: ArgumentError, `NegativeIntegerArgument`, otherwise.
absl::StatusOr<int64_t> CountArgument(absl::string_view function, const Datum& argument);

// The list, or RESOURCE_EXHAUSTED where it is too deep or too large (CheckNesting).
absl::StatusOr<Datum> CheckedList(Datum::List list);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_FUNCTIONS_ARGUMENTS_H_
