#include "graph/query/semantics/type_names.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/functions/type_expression.h"

namespace relata::query {
namespace {

// The kind of values that a property type admits besides null.
constexpr std::pair<TypeSet, ValueType> kPropertyTypes[] = {
    {types::kBool, ValueType::kBool},
    {types::kInt, ValueType::kInt64},
    {types::kFloat, ValueType::kFloat64},
    {types::kDecimal, ValueType::kDecimal},
    {types::kMoney, ValueType::kMoney},
    {types::kString, ValueType::kString},
    {types::kBytes, ValueType::kBytes},
    {types::kDate, ValueType::kDate},
    {types::kLocalTime, ValueType::kLocalTime},
    {types::kTime, ValueType::kTime},
    {types::kLocalDateTime, ValueType::kLocalDateTime},
    {types::kDateTime, ValueType::kDateTime},
    {types::kDuration, ValueType::kDuration},
    {types::kList, ValueType::kList},
};

absl::Status UnexpectedType(Span span, absl::string_view message) {
  return SyntaxError("UnexpectedSyntax", span, message);
}

absl::StatusOr<TypeExpression> Parsed(absl::string_view text, Span span) {
  absl::StatusOr<TypeExpression> type = ParseType(text);
  if (!type.ok()) return UnexpectedType(span, type.status().message());
  return type;
}

}  // namespace

absl::StatusOr<ValueType> PropertyTypeOf(absl::string_view name, Span span) {
  RELATA_ASSIGN_OR_RETURN(const TypeExpression type, Parsed(name, span));
  const TypeSet kinds = type.kinds() & ~types::kNull;
  for (const auto& [set, value_type] : kPropertyTypes) {
    if (set == kinds) return value_type;
  }
  return UnexpectedType(span, absl::StrCat("no property can be constrained to `", name,
                                           "`; write plain types, several with `|` between them"));
}

absl::Status CheckTypeName(absl::string_view text, Span span) {
  return Parsed(text, span).status();
}

}  // namespace relata::query
