#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/functions/decimal_division.h"
#include "graph/query/functions/duration_arithmetic.h"
#include "graph/query/functions/operators.h"
#include "graph/query/functions/temporal_arithmetic.h"
#include "graph/query/functions/temporal_parts.h"
#include "graph/query/functions/value_errors.h"

namespace relata::query {
namespace {

using Kind = Datum::Kind;

absl::Status CannotCombine(absl::string_view verb, const Datum& a, absl::string_view between,
                           const Datum& b) {
  return ArgumentTypeError(absl::StrCat("cannot ", verb, " ", TypeName(a), " ", between, " ",
                                        TypeName(b), "; convert one of them first"));
}

absl::Status IntegerOverflow(int64_t a, absl::string_view op, int64_t b) {
  return OverflowError(absl::StrCat(a, " ", op, " ", b,
                                    " does not fit a 64-bit integer; use toFloat() or decimal()"));
}

// Decimals say OUT_OF_RANGE.
absl::StatusOr<Datum> ToDatum(absl::StatusOr<Decimal> result) {
  if (result.ok()) return Datum::FromValue(Value::Of(*result));
  if (result.status().code() == absl::StatusCode::kOutOfRange) {
    return OverflowError(result.status().message());
  }
  return result.status();
}

absl::StatusOr<Datum> ToDatum(absl::StatusOr<Duration> result) {
  if (!result.ok()) return result.status();
  return Datum::FromValue(Value::Of(*result));
}

absl::StatusOr<Datum> ToDatum(absl::StatusOr<Money> result) {
  if (result.ok()) return Datum::FromValue(Value::Of(*result));
  if (result.status().code() == absl::StatusCode::kOutOfRange) {
    return OverflowError(result.status().message());
  }
  return ArgumentValueError(result.status().message());
}

absl::StatusOr<Datum> ToDatum(absl::StatusOr<Value> result) {
  if (!result.ok()) return result.status();
  return Datum::FromValue(*std::move(result));
}

// Numbers without their qualifiers: an int64, else a decimal, else a double where one of two is.
enum class NumberKind : uint8_t { kInt, kDecimal, kFloat };

NumberKind KindOf(const Datum& number) {
  if (number.kind() == Kind::kInt) return NumberKind::kInt;
  if (number.kind() == Kind::kFloat) return NumberKind::kFloat;
  switch (number.AsScalar().type()) {
    case ValueType::kInt64:
      return NumberKind::kInt;
    case ValueType::kFloat64:
      return NumberKind::kFloat;
    default:
      return NumberKind::kDecimal;
  }
}

int64_t IntOf(const Datum& number) {
  return number.kind() == Kind::kInt ? number.AsInt() : number.AsScalar().get<int64_t>();
}

double FloatOf(const Datum& number) {
  if (number.kind() == Kind::kInt) return static_cast<double>(number.AsInt());
  if (number.kind() == Kind::kFloat) return number.AsFloat();
  return number.AsScalar().AsDouble();
}

Decimal DecimalOf(const Datum& number) {
  if (KindOf(number) == NumberKind::kInt) return Decimal{IntOf(number), 0};
  return number.AsScalar().get<Decimal>();
}

// A table row: one arithmetic operator on the three kinds of numbers.
struct NumberOperator {
  absl::StatusOr<Datum> (*on_ints)(int64_t a, int64_t b);
  absl::StatusOr<Decimal> (*on_decimals)(const Decimal& a, const Decimal& b);
  double (*on_floats)(double a, double b);
};

absl::StatusOr<Datum> Apply(const NumberOperator& op, const Datum& a, const Datum& b) {
  const NumberKind kind = std::max(KindOf(a), KindOf(b));
  if (kind == NumberKind::kInt) return op.on_ints(IntOf(a), IntOf(b));
  if (kind == NumberKind::kFloat) return Datum::Float(op.on_floats(FloatOf(a), FloatOf(b)));
  return ToDatum(op.on_decimals(DecimalOf(a), DecimalOf(b)));
}

absl::StatusOr<Datum> AddInts(int64_t a, int64_t b) {
  int64_t result = 0;
  if (__builtin_add_overflow(a, b, &result)) return IntegerOverflow(a, "+", b);
  return Datum::Int(result);
}

absl::StatusOr<Datum> SubtractInts(int64_t a, int64_t b) {
  int64_t result = 0;
  if (__builtin_sub_overflow(a, b, &result)) return IntegerOverflow(a, "-", b);
  return Datum::Int(result);
}

absl::StatusOr<Datum> MultiplyInts(int64_t a, int64_t b) {
  int64_t result = 0;
  if (__builtin_mul_overflow(a, b, &result)) return IntegerOverflow(a, "*", b);
  return Datum::Int(result);
}

absl::StatusOr<Datum> DivideInts(int64_t a, int64_t b) {
  if (b == 0) return DivisionByZeroError();
  if (a == std::numeric_limits<int64_t>::min() && b == -1) return IntegerOverflow(a, "/", b);
  return Datum::Int(a / b);
}

absl::StatusOr<Datum> ModuloInts(int64_t a, int64_t b) {
  if (b == 0) return DivisionByZeroError();
  return Datum::Int(b == -1 ? 0 : a % b);
}

constexpr NumberOperator kAdd = {
    AddInts, [](const Decimal& a, const Decimal& b) { return relata::Add(a, b); },
    [](double a, double b) { return a + b; }};
constexpr NumberOperator kSubtract = {
    SubtractInts, [](const Decimal& a, const Decimal& b) { return relata::Subtract(a, b); },
    [](double a, double b) { return a - b; }};
constexpr NumberOperator kMultiply = {
    MultiplyInts, [](const Decimal& a, const Decimal& b) { return relata::Multiply(a, b); },
    [](double a, double b) { return a * b; }};
constexpr NumberOperator kDivide = {DivideInts, DivideDecimals,
                                    [](double a, double b) { return a / b; }};
constexpr NumberOperator kModulo = {ModuloInts, RemainderOfDecimals,
                                    [](double a, double b) { return std::fmod(a, b); }};

template <typename T>
const T* ScalarOf(const Datum& d) {
  return d.kind() == Kind::kScalar ? d.AsScalar().get_if<T>() : nullptr;
}

absl::StatusOr<Datum> Joined(const Datum& a, const Datum& b) {
  Datum::List list;
  const size_t size_a = a.is_list() ? a.AsList().size() : 1;
  const size_t size_b = b.is_list() ? b.AsList().size() : 1;
  list.reserve(size_a + size_b);
  for (const Datum* part : {&a, &b}) {
    if (part->is_list()) {
      list.insert(list.end(), part->AsList().begin(), part->AsList().end());
    } else {
      list.push_back(*part);
    }
  }
  Datum joined = Datum::Of(std::move(list));
  RELATA_RETURN_IF_ERROR(CheckNesting(joined));
  return joined;
}

// What `+` puts beside a string.
bool HasPlainText(const Datum& d) {
  return d.kind() == Kind::kBool || d.kind() == Kind::kInt || d.kind() == Kind::kFloat ||
         d.kind() == Kind::kString ||
         (d.kind() == Kind::kScalar && d.value_type() != ValueType::kBytes);
}

absl::StatusOr<Datum> JoinedText(const Datum& a, const Datum& b) {
  std::string text = a.is_string() && b.is_string() ? absl::StrCat(a.AsString(), b.AsString())
                                                    : a.ToString() + b.ToString();
  Datum joined = Datum::String(std::move(text));
  RELATA_RETURN_IF_ERROR(CheckNesting(joined));
  return joined;
}

absl::StatusOr<Datum> ScaleMoney(const Money& money, const Datum& factor, bool divide) {
  RELATA_ASSIGN_OR_RETURN(const Decimal number, ToExactDecimal(factor));
  absl::StatusOr<Decimal> amount =
      divide ? DivideDecimals(money.amount, number) : relata::Multiply(money.amount, number);
  if (!amount.ok()) return ToDatum(std::move(amount));
  return Datum::FromValue(Value::Of(Money{*amount, money.currency}));
}

// Temporal values, durations and money; nullopt where they do not go together.
absl::StatusOr<std::optional<Datum>> AddScalars(const Datum& a, const Datum& b, int sign) {
  std::optional<absl::StatusOr<Datum>> result;
  const auto* duration_a = ScalarOf<Duration>(a);
  const auto* duration_b = ScalarOf<Duration>(b);
  const auto* money_a = ScalarOf<Money>(a);
  const auto* money_b = ScalarOf<Money>(b);
  if (duration_a != nullptr && duration_b != nullptr) {
    result = ToDatum(AddDurations(*duration_a, *duration_b, sign));
  } else if (IsPointInTime(a.value_type()) && duration_b != nullptr) {
    result = ToDatum(AddDuration(a.AsScalar(), *duration_b, sign));
  } else if (sign > 0 && duration_a != nullptr && IsPointInTime(b.value_type())) {
    result = ToDatum(AddDuration(b.AsScalar(), *duration_a, sign));
  } else if (money_a != nullptr && money_b != nullptr) {
    result =
        ToDatum(sign > 0 ? relata::Add(*money_a, *money_b) : relata::Subtract(*money_a, *money_b));
  }
  if (!result.has_value()) return std::optional<Datum>();
  if (!result->ok()) return result->status();
  return std::optional<Datum>(**std::move(result));
}

}  // namespace

absl::StatusOr<Datum> Add(const Datum& a, const Datum& b) {
  if (a.is_null() || b.is_null()) return Datum();
  if (a.is_number() && b.is_number()) return Apply(kAdd, a, b);
  if (a.is_list() || b.is_list()) return Joined(a, b);
  if ((a.is_string() && HasPlainText(b)) || (b.is_string() && HasPlainText(a))) {
    return JoinedText(a, b);
  }
  RELATA_ASSIGN_OR_RETURN(std::optional<Datum> sum, AddScalars(a, b, 1));
  if (sum.has_value()) return *std::move(sum);
  return CannotCombine("add", a, "and", b);
}

absl::StatusOr<Datum> Subtract(const Datum& a, const Datum& b) {
  if (a.is_null() || b.is_null()) return Datum();
  if (a.is_number() && b.is_number()) return Apply(kSubtract, a, b);
  RELATA_ASSIGN_OR_RETURN(std::optional<Datum> difference, AddScalars(a, b, -1));
  if (difference.has_value()) return *std::move(difference);
  return CannotCombine("subtract", b, "from", a);
}

absl::StatusOr<Datum> Multiply(const Datum& a, const Datum& b) {
  if (a.is_null() || b.is_null()) return Datum();
  if (a.is_number() && b.is_number()) return Apply(kMultiply, a, b);
  if (b.is_number()) {
    if (const auto* d = ScalarOf<Duration>(a)) return ToDatum(MultiplyDuration(*d, b));
    if (const auto* m = ScalarOf<Money>(a)) return ScaleMoney(*m, b, /*divide=*/false);
  }
  if (a.is_number()) {
    if (const auto* d = ScalarOf<Duration>(b)) return ToDatum(MultiplyDuration(*d, a));
    if (const auto* m = ScalarOf<Money>(b)) return ScaleMoney(*m, a, /*divide=*/false);
  }
  return CannotCombine("multiply", a, "by", b);
}

absl::StatusOr<Datum> Divide(const Datum& a, const Datum& b) {
  if (a.is_null() || b.is_null()) return Datum();
  if (a.is_number() && b.is_number()) return Apply(kDivide, a, b);
  const auto* money = ScalarOf<Money>(a);
  if (b.is_number()) {
    if (const auto* d = ScalarOf<Duration>(a)) return ToDatum(DivideDuration(*d, b));
    if (money != nullptr) return ScaleMoney(*money, b, /*divide=*/true);
  }
  const auto* divisor = ScalarOf<Money>(b);
  if (money != nullptr && divisor != nullptr) {
    if (money->currency != divisor->currency) {
      return ArgumentValueError(absl::StrCat("amounts in ", money->currency_code(), " and ",
                                             divisor->currency_code(),
                                             " have no ratio; convert one of them first"));
    }
    return ToDatum(DivideDecimals(money->amount, divisor->amount));
  }
  return CannotCombine("divide", a, "by", b);
}

absl::StatusOr<Datum> Modulo(const Datum& a, const Datum& b) {
  if (a.is_null() || b.is_null()) return Datum();
  if (a.is_number() && b.is_number()) return Apply(kModulo, a, b);
  return CannotCombine("take the remainder of", a, "by", b);
}

absl::StatusOr<Datum> Power(const Datum& a, const Datum& b) {
  if (a.is_null() || b.is_null()) return Datum();
  if (a.is_number() && b.is_number()) return Datum::Float(std::pow(FloatOf(a), FloatOf(b)));
  return CannotCombine("raise", a, "to", b);
}

absl::StatusOr<Datum> Negate(const Datum& a) {
  if (a.is_null()) return Datum();
  if (a.is_number()) {
    // Not 0 - a, which would make 0.0 of 0.0 instead of -0.0.
    if (KindOf(a) == NumberKind::kFloat) return Datum::Float(-FloatOf(a));
    return Apply(kMultiply, Datum::Int(-1), a);
  }
  if (const auto* d = ScalarOf<Duration>(a)) return ToDatum(NegateDuration(*d));
  if (const auto* m = ScalarOf<Money>(a)) {
    return Datum::FromValue(Value::Of(Money{{-m->amount.mantissa, m->amount.scale}, m->currency}));
  }
  return ArgumentTypeError(absl::StrCat("cannot negate ", AType(a)));
}

absl::StatusOr<Datum> Concatenate(const Datum& a, const Datum& b) {
  if (a.is_null() || b.is_null()) return Datum();
  if (a.is_list() && b.is_list()) return Joined(a, b);
  if (a.is_string() && b.is_string()) return JoinedText(a, b);
  return CannotCombine("concatenate", a, "and", b);
}

}  // namespace relata::query
