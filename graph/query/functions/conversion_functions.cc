#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/functions/arguments.h"
#include "graph/query/functions/decimal_division.h"
#include "graph/query/functions/duration_arithmetic.h"
#include "graph/query/functions/function.h"
#include "graph/query/functions/value_errors.h"
#include "graph/query/functions/value_type_name.h"
#include "graph/values/iso_text.h"

namespace relata::query {
namespace {

// 2^63: the first double above every int64.
constexpr double kBeyondInt64 = 9223372036854775808.0;
constexpr size_t kLongestNumber = 400;

absl::string_view Trimmed(const Datum& text) { return absl::StripAsciiWhitespace(text.AsString()); }

bool IsFloatText(absl::string_view text, double* value) {
  // Digits only: absl also reads hexadecimal floats.
  return text.size() <= kLongestNumber && !text.empty() && !absl::StrContains(text, 'x') &&
         !absl::StrContains(text, 'X') && absl::SimpleAtod(text, value);
}

absl::StatusOr<Datum> FloatToInteger(double value) {
  if (value >= -kBeyondInt64 && value < kBeyondInt64) {
    return Datum::Int(static_cast<int64_t>(value));
  }
  return OverflowError(
      absl::StrCat(Value::Double(value).ToString(), " does not fit a 64-bit integer"));
}

absl::StatusOr<Datum> DecimalToInteger(const Decimal& decimal) {
  const Decimal whole = RoundDecimal(decimal, 0, RoundingMode::kDown);
  if (whole.mantissa >= std::numeric_limits<int64_t>::min() &&
      whole.mantissa <= std::numeric_limits<int64_t>::max()) {
    return Datum::Int(static_cast<int64_t>(whole.mantissa));
  }
  return OverflowError(absl::StrCat(decimal.ToString(), " does not fit a 64-bit integer"));
}

// A text that is no number, or one that does not fit, is null.
Datum TextToInteger(absl::string_view text) {
  int64_t integer = 0;
  if (absl::SimpleAtoi(text, &integer)) return Datum::Int(integer);
  if (const absl::StatusOr<Decimal> decimal = Decimal::Parse(text, /*allow_exponent=*/true);
      decimal.ok()) {
    const absl::StatusOr<Datum> whole = DecimalToInteger(*decimal);
    return whole.ok() ? *whole : Datum();
  }
  double real = 0;
  if (!IsFloatText(text, &real)) return {};
  const absl::StatusOr<Datum> whole = FloatToInteger(real);
  return whole.ok() ? *whole : Datum();
}

absl::StatusOr<Datum> ToInteger(CallContext& /*context*/, Arguments args) {
  const Datum& d = args[0];
  if (d.kind() == Datum::Kind::kInt) return d;
  if (d.kind() == Datum::Kind::kBool) return Datum::Int(d.AsBool() ? 1 : 0);
  if (d.kind() == Datum::Kind::kFloat) return FloatToInteger(d.AsFloat());
  if (d.is_string()) return TextToInteger(Trimmed(d));
  if (!d.is_number()) return WrongArgument("toInteger", d, "a number, a String or a Boolean");
  const Value& value = d.AsScalar();
  if (const auto* integer = value.get_if<int64_t>()) return Datum::Int(*integer);
  if (const auto* real = value.get_if<double>()) return FloatToInteger(*real);
  return DecimalToInteger(value.get<Decimal>());
}

absl::StatusOr<Datum> ToFloat(CallContext& /*context*/, Arguments args) {
  const Datum& d = args[0];
  if (d.is_string()) {
    double value = 0;
    return IsFloatText(Trimmed(d), &value) ? Datum::Float(value) : Datum();
  }
  if (!d.is_number()) return WrongArgument("toFloat", d, "a number or a String");
  RELATA_ASSIGN_OR_RETURN(const double value, FloatArgument("toFloat", d));
  return Datum::Float(value);
}

absl::StatusOr<Datum> ToBoolean(CallContext& /*context*/, Arguments args) {
  const Datum& d = args[0];
  if (d.kind() == Datum::Kind::kBool) return d;
  if (d.kind() == Datum::Kind::kInt) return Datum::Bool(d.AsInt() != 0);
  if (!d.is_string()) return WrongArgument("toBoolean", d, "a Boolean, a String or an Integer");
  const absl::string_view text = Trimmed(d);
  if (absl::EqualsIgnoreCase(text, "true")) return Datum::Bool(true);
  if (absl::EqualsIgnoreCase(text, "false")) return Datum::Bool(false);
  return Datum();
}

absl::StatusOr<Datum> ToText(CallContext& /*context*/, Arguments args) {
  const Datum& d = args[0];
  switch (d.kind()) {
    case Datum::Kind::kString:
      return d;
    case Datum::Kind::kBool:
    case Datum::Kind::kInt:
    case Datum::Kind::kFloat:
    case Datum::Kind::kScalar:
      return Datum::String(d.ToString());
    default:
      return WrongArgument("toString", d,
                           "a Boolean, a number, a String, a temporal value or money");
  }
}

absl::StatusOr<Datum> ToDecimal(CallContext& /*context*/, Arguments args) {
  const Datum& d = args[0];
  if (d.is_string()) {
    const absl::StatusOr<Decimal> decimal = Decimal::Parse(Trimmed(d), /*allow_exponent=*/true);
    if (decimal.ok()) return Datum::FromValue(Value::Of(*decimal));
    return ArgumentValueError(decimal.status().message());
  }
  if (!d.is_number()) return WrongArgument("decimal", d, "a number or a String");
  RELATA_ASSIGN_OR_RETURN(const Decimal decimal, ToExactDecimal(d));
  return Datum::FromValue(Value::Of(decimal));
}

absl::StatusOr<Datum> ToMoney(CallContext& context, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(const absl::string_view currency, StringArgument("money", args[1]));
  RELATA_ASSIGN_OR_RETURN(const Datum amount, ToDecimal(context, args.subspan(0, 1)));
  const absl::StatusOr<Money> money =
      Money::Parse(amount.AsScalar().get<Decimal>().ToString(), currency);
  if (!money.ok()) return ArgumentValueError(money.status().message());
  return Datum::FromValue(Value::Of(*money));
}

// `0x00ff`, as bytes are shown.
absl::StatusOr<Datum> ToBytes(CallContext& /*context*/, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(absl::string_view text, StringArgument("bytes", args[0]));
  if (absl::StartsWith(text, "0x")) text.remove_prefix(2);
  const bool hexadecimal =
      text.size() % 2 == 0 &&
      text.find_first_not_of("0123456789abcdefABCDEF") == absl::string_view::npos;
  if (!hexadecimal) {
    return ArgumentValueError(absl::StrCat(
        QuotedForError(text), " is not an even number of hexadecimal digits, as 0x00ff is"));
  }
  return Datum::FromValue(Value::Of(Bytes{absl::HexStringToBytes(text)}));
}

// The same with null for what cannot be converted.
template <ScalarFunction kConvert>
absl::StatusOr<Datum> OrNull(CallContext& context, Arguments args) {
  absl::StatusOr<Datum> converted = kConvert(context, args);
  return converted.ok() ? std::move(converted) : Datum();
}

// Names with linkage, for ToList.
constexpr char kToIntegerList[] = "toIntegerList", kToFloatList[] = "toFloatList",
               kToBooleanList[] = "toBooleanList", kToStringList[] = "toStringList",
               kToDecimalList[] = "toDecimalList";

// Each element, null for what cannot be converted.
template <ScalarFunction kConvert, const char* kName>
absl::StatusOr<Datum> ToList(CallContext& context, Arguments args) {
  if (!args[0].is_list()) return WrongArgument(kName, args[0], "a List");
  Datum::List list;
  list.reserve(args[0].AsList().size());
  for (const Datum& element : args[0].AsList()) {
    if (element.is_null()) {
      list.emplace_back();
      continue;
    }
    RELATA_ASSIGN_OR_RETURN(Datum converted, OrNull<kConvert>(context, {&element, 1}));
    list.push_back(std::move(converted));
  }
  return CheckedList(std::move(list));
}

absl::StatusOr<Datum> TypeOfValue(CallContext& /*context*/, Arguments args) {
  return Datum::String(ValueTypeNameOf(args[0]));
}

FunctionDefinition Row(absl::string_view name, std::vector<TypeSet> parameters, TypeSet result,
                       ScalarFunction call, absl::string_view signature,
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

constexpr TypeSet kSimple = types::kAny & ~(types::kList | types::kMap | types::kNode |
                                            types::kRelationship | types::kPath);

std::vector<FunctionDefinition> OrNullRows() {
  using types::kAny;
  using types::kList;
  return {
      Row("toIntegerOrNull", {kAny}, types::kInt, OrNull<ToInteger>,
          "toIntegerOrNull(value :: Any) :: Integer", "As toInteger, null for other types."),
      Row("toFloatOrNull", {kAny}, types::kFloat, OrNull<ToFloat>,
          "toFloatOrNull(value :: Any) :: Float", "As toFloat, null for other types."),
      Row("toBooleanOrNull", {kAny}, types::kBool, OrNull<ToBoolean>,
          "toBooleanOrNull(value :: Any) :: Boolean", "As toBoolean, null for other types."),
      Row("toStringOrNull", {kAny}, types::kString, OrNull<ToText>,
          "toStringOrNull(value :: Any) :: String", "As toString, null for other types."),
      Row("toDecimalOrNull", {kAny}, types::kDecimal, OrNull<ToDecimal>,
          "toDecimalOrNull(value :: Any) :: Decimal", "As toDecimal, null for what is none."),
      Row(kToIntegerList, {kList}, kList, ToList<ToInteger, kToIntegerList>,
          "toIntegerList(list :: List) :: List<Integer>",
          "Each element as toIntegerOrNull has it."),
      Row(kToFloatList, {kList}, kList, ToList<ToFloat, kToFloatList>,
          "toFloatList(list :: List) :: List<Float>", "Each element as toFloatOrNull has it."),
      Row(kToBooleanList, {kList}, kList, ToList<ToBoolean, kToBooleanList>,
          "toBooleanList(list :: List) :: List<Boolean>",
          "Each element as toBooleanOrNull has it."),
      Row(kToStringList, {kList}, kList, ToList<ToText, kToStringList>,
          "toStringList(list :: List) :: List<String>", "Each element as toStringOrNull has it."),
      Row(kToDecimalList, {kList}, kList, ToList<ToDecimal, kToDecimalList>,
          "toDecimalList(list :: List) :: List<Decimal>",
          "Each element as toDecimalOrNull has it."),
  };
}

}  // namespace

std::vector<FunctionDefinition> ConversionFunctions() {
  using types::kNumber;
  using types::kString;
  std::vector<FunctionDefinition> rows = {
      Row("toInteger", {kNumber | kString | types::kBool}, types::kInt, ToInteger,
          "toInteger(value :: Number | String | Boolean) :: Integer",
          "The whole part of a number or of a text that is one; null for other texts."),
      Row("toFloat", {kNumber | kString}, types::kFloat, ToFloat,
          "toFloat(value :: Number | String) :: Float",
          "A number, or a text that is one, as a float; null for other texts."),
      Row("toBoolean", {types::kBool | kString | types::kInt}, types::kBool, ToBoolean,
          "toBoolean(value :: Boolean | String | Integer) :: Boolean",
          "true and false from their texts, null for other texts; an integer is true unless 0."),
      Row("toString", {kSimple}, kString, ToText, "toString(value :: Any) :: String",
          "The text of a value."),
      Row("decimal", {kNumber | kString}, types::kDecimal, ToDecimal,
          "decimal(value :: Number | String) :: Decimal",
          "An exact decimal of up to 38 digits; the scale of a text is kept."),
      Row("toDecimal", {kNumber | kString}, types::kDecimal, ToDecimal,
          "toDecimal(value :: Number | String) :: Decimal",
          "An exact decimal of up to 38 digits; the scale of a text is kept."),
      Row("money", {kNumber | kString, kString}, types::kMoney, ToMoney,
          "money(amount :: Number | String, currency :: String) :: Money",
          "An amount in a currency (ISO 4217): money('2.8e9', 'USD')."),
      Row("bytes", {kString}, types::kBytes, ToBytes, "bytes(text :: String) :: Bytes",
          "The bytes of hexadecimal digits: bytes('0x00ff')."),
      Row("valueType", {types::kAny}, kString, TypeOfValue, "valueType(value :: Any) :: String",
          "The name of the value's type: `INTEGER NOT NULL`, `LIST<STRING NOT NULL> NOT NULL`."),
  };
  rows.back().null_if_any_null = false;
  for (FunctionDefinition& row : OrNullRows()) rows.push_back(std::move(row));
  return rows;
}

}  // namespace relata::query
