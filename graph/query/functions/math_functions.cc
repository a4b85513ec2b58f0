#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/functions/arguments.h"
#include "graph/query/functions/decimal_division.h"
#include "graph/query/functions/duration_arithmetic.h"
#include "graph/query/functions/function.h"
#include "graph/query/functions/operators.h"
#include "graph/query/functions/random_numbers.h"
#include "graph/query/functions/value_errors.h"

namespace relata::query {
namespace {

// Doubles from here on are whole, and so are not rounded; decimals of more digits are left alone.
constexpr double kAllWhole = 4503599627370496.0;  // 2^52
constexpr int64_t kMostRoundingDigits = 30;

const Decimal* DecimalOf(const Datum& d) {
  return d.kind() == Datum::Kind::kScalar ? d.AsScalar().get_if<Decimal>() : nullptr;
}

using FloatFunction = double (*)(double);

// Functions from a float to a float, through one template: the name is for errors.
template <FloatFunction kFunction, const char* kName>
absl::StatusOr<Datum> OnFloat(CallContext& /*context*/, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(const double x, FloatArgument(kName, args[0]));
  return Datum::Float(kFunction(x));
}

double Cot(double x) { return 1 / std::tan(x); }
double Coth(double x) { return 1 / std::tanh(x); }
double Degrees(double x) { return x * 180 / std::numbers::pi; }
double Radians(double x) { return x / 180 * std::numbers::pi; }
double Haversin(double x) { return (1 - std::cos(x)) / 2; }

// The nearest whole number, a half toward plus infinity.
double RoundHalfCeiling(double x) {
  if (!(std::fabs(x) < kAllWhole)) return x;
  const double below = std::floor(x);
  return x - below >= 0.5 ? below + 1 : below;
}

absl::StatusOr<Datum> Abs(CallContext& /*context*/, Arguments args) {
  if (args[0].kind() == Datum::Kind::kFloat) return Datum::Float(std::fabs(args[0].AsFloat()));
  if (!args[0].is_number()) return WrongArgument("abs", args[0], "a number");
  return LessThan(args[0], Datum::Int(0)) == Ternary::kTrue ? Negate(args[0]) : args[0];
}

absl::StatusOr<Datum> Sign(CallContext& /*context*/, Arguments args) {
  if (!args[0].is_number()) return WrongArgument("sign", args[0], "a number");
  const Datum zero = Datum::Int(0);
  if (LessThan(args[0], zero) == Ternary::kTrue) return Datum::Int(-1);
  return Datum::Int(LessThan(zero, args[0]) == Ternary::kTrue ? 1 : 0);
}

// ceil, floor: a decimal stays one.
absl::StatusOr<Datum> ToWhole(absl::string_view function, const Datum& number, RoundingMode mode,
                              FloatFunction on_float) {
  if (const Decimal* decimal = DecimalOf(number)) {
    return Datum::FromValue(Value::Of(RoundDecimal(*decimal, 0, mode)));
  }
  RELATA_ASSIGN_OR_RETURN(const double x, FloatArgument(function, number));
  return Datum::Float(on_float(x));
}

absl::StatusOr<Datum> Ceil(CallContext& /*context*/, Arguments args) {
  return ToWhole("ceil", args[0], RoundingMode::kCeiling, std::ceil);
}

absl::StatusOr<Datum> Floor(CallContext& /*context*/, Arguments args) {
  return ToWhole("floor", args[0], RoundingMode::kFloor, std::floor);
}

struct NamedMode {
  absl::string_view name;
  RoundingMode mode;
};
constexpr NamedMode kModes[] = {
    {"UP", RoundingMode::kUp},
    {"DOWN", RoundingMode::kDown},
    {"CEILING", RoundingMode::kCeiling},
    {"FLOOR", RoundingMode::kFloor},
    {"HALF_UP", RoundingMode::kHalfUp},
    {"HALF_DOWN", RoundingMode::kHalfDown},
    {"HALF_EVEN", RoundingMode::kHalfEven},
};

absl::StatusOr<RoundingMode> ModeArgument(const Datum& argument) {
  RELATA_ASSIGN_OR_RETURN(const absl::string_view name, StringArgument("round", argument));
  const std::string upper = absl::AsciiStrToUpper(name);
  const auto found = std::find_if(std::begin(kModes), std::end(kModes),
                                  [&](const NamedMode& known) { return known.name == upper; });
  if (found != std::end(kModes)) return found->mode;
  return ArgumentError("InvalidArgumentValue",
                       "the mode of round() is UP, DOWN, CEILING, FLOOR, HALF_UP, HALF_DOWN or "
                       "HALF_EVEN");
}

// round(x): half toward plus infinity. round(x, precision): half away from zero. With a mode: that.
absl::StatusOr<Datum> Round(CallContext& /*context*/, Arguments args) {
  if (!args[0].is_number()) return WrongArgument("round", args[0], "a number");
  if (args.size() == 1) {
    return ToWhole("round", args[0], RoundingMode::kHalfCeiling, RoundHalfCeiling);
  }
  RELATA_ASSIGN_OR_RETURN(const int64_t digits, CountArgument("round", args[1]));
  RoundingMode mode = RoundingMode::kHalfUp;
  if (args.size() == 3) {
    RELATA_ASSIGN_OR_RETURN(mode, ModeArgument(args[2]));
  }
  const int scale = static_cast<int>(std::min(digits, kMostRoundingDigits));
  if (const Decimal* decimal = DecimalOf(args[0])) {
    return Datum::FromValue(Value::Of(RoundDecimal(*decimal, scale, mode)));
  }
  RELATA_ASSIGN_OR_RETURN(const double x, FloatArgument("round", args[0]));
  if (!(std::fabs(x) < kAllWhole)) return Datum::Float(x);
  // By the digits that are shown: 1.005 rounds to 1.01, though the float is a little below.
  RELATA_ASSIGN_OR_RETURN(const Decimal exact, ToExactDecimal(Datum::Float(x)));
  return Datum::Float(RoundDecimal(exact, scale, mode).ToDouble());
}

absl::StatusOr<Datum> Atan2(CallContext& /*context*/, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(const double y, FloatArgument("atan2", args[0]));
  RELATA_ASSIGN_OR_RETURN(const double x, FloatArgument("atan2", args[1]));
  return Datum::Float(std::atan2(y, x));
}

absl::StatusOr<Datum> IsNaN(CallContext& /*context*/, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(const double x, FloatArgument("isNaN", args[0]));
  return Datum::Bool(std::isnan(x));
}

absl::StatusOr<Datum> Pi(CallContext& /*context*/, Arguments /*args*/) {
  return Datum::Float(std::numbers::pi);
}

absl::StatusOr<Datum> E(CallContext& /*context*/, Arguments /*args*/) {
  return Datum::Float(std::numbers::e);
}

absl::StatusOr<Datum> Rand(CallContext& context, Arguments /*args*/) {
  if (context.random_state == nullptr) {
    return absl::InternalError("rand() was called without a state");
  }
  // 53 random bits in [0, 1).
  return Datum::Float(static_cast<double>(NextRandom(context.random_state) >> 11) * 0x1p-53);
}

// Names with linkage, for OnFloat.
constexpr char kSqrt[] = "sqrt", kExp[] = "exp", kLog[] = "log", kLog10[] = "log10", kSin[] = "sin",
               kCos[] = "cos", kTan[] = "tan", kCot[] = "cot", kAsin[] = "asin", kAcos[] = "acos",
               kAtan[] = "atan", kSinh[] = "sinh", kCosh[] = "cosh", kTanh[] = "tanh",
               kCoth[] = "coth", kDegrees[] = "degrees", kRadians[] = "radians",
               kHaversin[] = "haversin";

FunctionDefinition FloatRow(absl::string_view name, ScalarFunction call,
                            absl::string_view signature, absl::string_view description) {
  return {.name = name,
          .min_args = 1,
          .max_args = 1,
          .parameters = {types::kNumber},
          .result = types::kFloat,
          .call = call,
          .signature = signature,
          .description = description};
}

std::vector<FunctionDefinition> FloatFunctions() {
  return {
      FloatRow(kSqrt, OnFloat<std::sqrt, kSqrt>, "sqrt(x :: Number) :: Float",
               "The square root; NaN below 0."),
      FloatRow(kExp, OnFloat<std::exp, kExp>, "exp(x :: Number) :: Float", "e to the power of x."),
      FloatRow(kLog, OnFloat<std::log, kLog>, "log(x :: Number) :: Float",
               "The natural logarithm."),
      FloatRow(kLog10, OnFloat<std::log10, kLog10>, "log10(x :: Number) :: Float",
               "The logarithm to base 10."),
      FloatRow(kSin, OnFloat<std::sin, kSin>, "sin(x :: Number) :: Float",
               "The sine of an angle in radians."),
      FloatRow(kCos, OnFloat<std::cos, kCos>, "cos(x :: Number) :: Float",
               "The cosine of an angle in radians."),
      FloatRow(kTan, OnFloat<std::tan, kTan>, "tan(x :: Number) :: Float",
               "The tangent of an angle in radians."),
      FloatRow(kCot, OnFloat<Cot, kCot>, "cot(x :: Number) :: Float",
               "The cotangent of an angle in radians."),
      FloatRow(kAsin, OnFloat<std::asin, kAsin>, "asin(x :: Number) :: Float",
               "The angle in radians whose sine is x."),
      FloatRow(kAcos, OnFloat<std::acos, kAcos>, "acos(x :: Number) :: Float",
               "The angle in radians whose cosine is x."),
      FloatRow(kAtan, OnFloat<std::atan, kAtan>, "atan(x :: Number) :: Float",
               "The angle in radians whose tangent is x."),
      FloatRow(kSinh, OnFloat<std::sinh, kSinh>, "sinh(x :: Number) :: Float",
               "The hyperbolic sine."),
      FloatRow(kCosh, OnFloat<std::cosh, kCosh>, "cosh(x :: Number) :: Float",
               "The hyperbolic cosine."),
      FloatRow(kTanh, OnFloat<std::tanh, kTanh>, "tanh(x :: Number) :: Float",
               "The hyperbolic tangent."),
      FloatRow(kCoth, OnFloat<Coth, kCoth>, "coth(x :: Number) :: Float",
               "The hyperbolic cotangent."),
      FloatRow(kDegrees, OnFloat<Degrees, kDegrees>, "degrees(x :: Number) :: Float",
               "Radians in degrees."),
      FloatRow(kRadians, OnFloat<Radians, kRadians>, "radians(x :: Number) :: Float",
               "Degrees in radians."),
      FloatRow(kHaversin, OnFloat<Haversin, kHaversin>, "haversin(x :: Number) :: Float",
               "Half the versine of an angle in radians."),
  };
}

}  // namespace

std::vector<FunctionDefinition> MathFunctions() {
  std::vector<FunctionDefinition> rows = {
      {.name = "abs",
       .min_args = 1,
       .max_args = 1,
       .parameters = {types::kNumber},
       .result = types::kNumber,
       .call = Abs,
       .signature = "abs(x :: Number) :: Number",
       .description = "The number without its sign."},
      {.name = "sign",
       .min_args = 1,
       .max_args = 1,
       .parameters = {types::kNumber},
       .result = types::kInt,
       .call = Sign,
       .signature = "sign(x :: Number) :: Integer",
       .description = "-1, 0 or 1."},
      {.name = "ceil",
       .min_args = 1,
       .max_args = 1,
       .parameters = {types::kNumber},
       .result = types::kFloat | types::kDecimal,
       .call = Ceil,
       .signature = "ceil(x :: Number) :: Float",
       .description = "The least whole number that is not below x; of a decimal a decimal."},
      {.name = "floor",
       .min_args = 1,
       .max_args = 1,
       .parameters = {types::kNumber},
       .result = types::kFloat | types::kDecimal,
       .call = Floor,
       .signature = "floor(x :: Number) :: Float",
       .description = "The largest whole number that is not above x; of a decimal a decimal."},
      {.name = "round",
       .min_args = 1,
       .max_args = 3,
       .parameters = {types::kNumber, types::kInt, types::kString},
       .result = types::kFloat | types::kDecimal,
       .call = Round,
       .signature = "round(x :: Number [, digits :: Integer [, mode :: String]]) :: Float",
       .description = "x with so many digits after the point; halves go up (without digits) or "
                      "away from zero, or as the mode says."},
      {.name = "atan2",
       .min_args = 2,
       .max_args = 2,
       .parameters = {types::kNumber, types::kNumber},
       .result = types::kFloat,
       .call = Atan2,
       .signature = "atan2(y :: Number, x :: Number) :: Float",
       .description = "The angle in radians of the point (x, y)."},
      {.name = "isNaN",
       .min_args = 1,
       .max_args = 1,
       .parameters = {types::kNumber},
       .result = types::kBool,
       .call = IsNaN,
       .signature = "isNaN(x :: Number) :: Boolean",
       .description = "Whether it is the float that is no number."},
      {.name = "pi",
       .result = types::kFloat,
       .call = Pi,
       .signature = "pi() :: Float",
       .description = "The ratio of a circle's circumference to its diameter."},
      {.name = "e",
       .result = types::kFloat,
       .call = E,
       .signature = "e() :: Float",
       .description = "The base of the natural logarithm."},
      {.name = "rand",
       .result = types::kFloat,
       .volatility = Volatility::kVolatile,
       .call = Rand,
       .signature = "rand() :: Float",
       .description = "A random number of [0, 1), another one at each call."},
  };
  for (FunctionDefinition& row : FloatFunctions()) rows.push_back(std::move(row));
  return rows;
}

}  // namespace relata::query
