#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/functions/arguments.h"
#include "graph/query/functions/code_points.h"
#include "graph/query/functions/function.h"
#include "graph/query/functions/operators.h"
#include "graph/query/functions/value_errors.h"

namespace relata::query {
namespace {

absl::StatusOr<Datum> Size(CallContext& /*context*/, Arguments args) {
  const Datum& d = args[0];
  if (d.is_list()) return Datum::Int(static_cast<int64_t>(d.AsList().size()));
  if (d.is_string()) return Datum::Int(CountCodePoints(d.AsString()));
  if (d.value_type() == ValueType::kBytes) {
    return Datum::Int(static_cast<int64_t>(d.AsScalar().get<Bytes>().data.size()));
  }
  return WrongArgument("size", d, "a List or a String");
}

absl::StatusOr<Datum> IsEmpty(CallContext& /*context*/, Arguments args) {
  const Datum& d = args[0];
  if (d.is_list()) return Datum::Bool(d.AsList().empty());
  if (d.is_string()) return Datum::Bool(d.AsString().empty());
  if (d.is_map()) return Datum::Bool(d.AsMap().empty());
  return WrongArgument("isEmpty", d, "a List, a Map or a String");
}

absl::StatusOr<const Datum::List*> ListArgument(absl::string_view function, const Datum& d) {
  if (d.is_list()) return &d.AsList();
  return WrongArgument(function, d, "a List");
}

absl::StatusOr<Datum> Head(CallContext& /*context*/, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(const Datum::List* list, ListArgument("head", args[0]));
  return list->empty() ? Datum() : list->front();
}

absl::StatusOr<Datum> Last(CallContext& /*context*/, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(const Datum::List* list, ListArgument("last", args[0]));
  return list->empty() ? Datum() : list->back();
}

absl::StatusOr<Datum> Tail(CallContext& /*context*/, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(const Datum::List* list, ListArgument("tail", args[0]));
  if (list->empty()) return args[0];
  return Datum::Of(Datum::List(list->begin() + 1, list->end()));
}

absl::StatusOr<Datum> Reverse(CallContext& /*context*/, Arguments args) {
  if (args[0].is_string()) return Datum::String(ReverseCodePoints(args[0].AsString()));
  if (!args[0].is_list()) return WrongArgument("reverse", args[0], "a List or a String");
  return Datum::Of(Datum::List(args[0].AsList().rbegin(), args[0].AsList().rend()));
}

absl::StatusOr<int64_t> RangeArgument(const Datum& argument) {
  if (argument.kind() == Datum::Kind::kInt) return argument.AsInt();
  return ArgumentError("InvalidArgumentType",
                       absl::StrCat("range() takes Integers, not ", AType(argument)));
}

absl::StatusOr<Datum> Range(CallContext& /*context*/, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(const int64_t start, RangeArgument(args[0]));
  RELATA_ASSIGN_OR_RETURN(const int64_t end, RangeArgument(args[1]));
  int64_t step = 1;
  if (args.size() == 3) {
    RELATA_ASSIGN_OR_RETURN(step, RangeArgument(args[2]));
  }
  if (step == 0) return ArgumentError("NumberOutOfRange", "the step of range() must not be 0");
  if (step > 0 ? start > end : start < end) return Datum::Of(Datum::List());
  const absl::int128 count = (absl::int128(end) - start) / step + 1;
  if (count > absl::int128(kLargestDatumBytes / sizeof(Datum))) {
    return absl::ResourceExhaustedError(
        "range() would make a list larger than a single value can be; use smaller steps");
  }
  Datum::List list;
  list.reserve(static_cast<size_t>(count));
  auto value = static_cast<uint64_t>(start);  // unsigned: the sum after the last one may wrap
  for (size_t i = 0; i < static_cast<size_t>(count); ++i, value += static_cast<uint64_t>(step)) {
    list.push_back(Datum::Int(static_cast<int64_t>(value)));
  }
  return CheckedList(std::move(list));
}

absl::StatusOr<Datum> Coalesce(CallContext& /*context*/, Arguments args) {
  for (const Datum& argument : args) {
    if (!argument.is_null()) return argument;
  }
  return Datum();
}

absl::StatusOr<Datum> NullIf(CallContext& /*context*/, Arguments args) {
  return Equals(args[0], args[1]) == Ternary::kTrue ? Datum() : args[0];
}

FunctionDefinition ListFunction(absl::string_view name, std::vector<TypeSet> parameters,
                                TypeSet result, ScalarFunction call, absl::string_view signature,
                                absl::string_view description) {
  const int args = static_cast<int>(parameters.size());
  return {.name = name,
          .min_args = args,
          .max_args = args,
          .parameters = std::move(parameters),
          .result = result,
          .call = call,
          .signature = signature,
          .description = description};
}

}  // namespace

std::vector<FunctionDefinition> ListFunctions() {
  using types::kAny;
  using types::kInt;
  using types::kList;
  using types::kString;
  std::vector<FunctionDefinition> rows = {
      ListFunction("size", {kList | kString | types::kBytes}, kInt, Size,
                   "size(value :: List | String) :: Integer",
                   "How many elements a list, or characters a text, has."),
      ListFunction("isEmpty", {kList | kString | types::kMap}, types::kBool, IsEmpty,
                   "isEmpty(value :: List | Map | String) :: Boolean",
                   "Whether there is nothing in it."),
      ListFunction("head", {kList}, kAny, Head, "head(list :: List) :: Any",
                   "The first element; null where there is none."),
      ListFunction("last", {kList}, kAny, Last, "last(list :: List) :: Any",
                   "The last element; null where there is none."),
      ListFunction("tail", {kList}, kList, Tail, "tail(list :: List) :: List",
                   "All elements but the first."),
      ListFunction("reverse", {kList | kString}, kList | kString, Reverse,
                   "reverse(value :: List | String) :: List | String", "The other way around."),
      // Arguments of other types are errors of the run, as openCypher has it.
      ListFunction("range", {kAny, kAny, kAny}, kList, Range,
                   "range(start :: Integer, end :: Integer [, step :: Integer]) :: List<Integer>",
                   "The integers from start to end, end included."),
      ListFunction("coalesce", {kAny}, kAny, Coalesce, "coalesce(value :: Any, ...) :: Any",
                   "The first argument that is not null."),
      ListFunction("nullIf", {kAny, kAny}, kAny, NullIf,
                   "nullIf(value :: Any, other :: Any) :: Any",
                   "null where both are equal, else the first."),
  };
  for (FunctionDefinition& row : rows) {
    if (row.name == "range") row.min_args = 2;
    if (row.name == "coalesce") row.max_args = -1;
    if (row.name == "coalesce" || row.name == "nullIf") row.null_if_any_null = false;
  }
  return rows;
}

}  // namespace relata::query
