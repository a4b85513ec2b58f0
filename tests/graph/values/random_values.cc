#include "tests/graph/values/random_values.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

#include "graph/values/period.h"

namespace relata {
namespace {

constexpr int64_t kNanosPerDay = 86'400'000'000'000;
constexpr int64_t kSecondsPerDay = 86'400;
constexpr int32_t kMaxOffset = 18 * 3600;

absl::int128 LargestMantissa() {
  absl::int128 power = 1;
  for (int i = 0; i < Decimal::kMaxDigits; ++i) power *= 10;
  return power - 1;
}

struct SameFields {
  bool operator()(double a, double b) const {
    return std::bit_cast<uint64_t>(a) == std::bit_cast<uint64_t>(b);
  }
  bool operator()(const Decimal& a, const Decimal& b) const {
    return a.mantissa == b.mantissa && a.scale == b.scale;
  }
  bool operator()(const Money& a, const Money& b) const {
    return a.currency == b.currency && (*this)(a.amount, b.amount);
  }
  bool operator()(const Value::List& a, const Value::List& b) const {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), Identical);
  }
  bool operator()(const Value::Map& a, const Value::Map& b) const {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
      return x.first == y.first && Identical(x.second, y.second);
    });
  }
  template <typename T>
  bool operator()(const T& a, const T& b) const {
    return a == b;
  }
  template <typename A, typename B>
  bool operator()(const A&, const B&) const {
    return false;
  }
};

}  // namespace

bool Identical(const Value& a, const Value& b) {
  return a.qualifier() == b.qualifier() && a.type() == b.type() &&
         std::visit(SameFields(), a.rep(), b.rep());
}

int64_t RandomValues::Integer() { return static_cast<int64_t>(random_()) >> Below(64); }

double RandomValues::Float() {
  constexpr double kHard[] = {0.0,
                              -0.0,
                              1.0,
                              0.1,
                              0.5,
                              1e38,
                              1e300,
                              9007199254740992.0,
                              9007199254740994.0,
                              9223372036854775808.0,
                              std::numeric_limits<double>::quiet_NaN(),
                              std::numeric_limits<double>::infinity(),
                              -std::numeric_limits<double>::infinity(),
                              std::numeric_limits<double>::denorm_min(),
                              std::numeric_limits<double>::lowest()};
  switch (Below(3)) {
    case 0:
      return kHard[Below(std::size(kHard))];
    case 1:
      return std::ldexp(static_cast<double>(Integer() >> 11), static_cast<int>(Below(60)) - 30);
    default: {
      const auto any = std::bit_cast<double>(random_());
      return std::isnan(any) ? std::numeric_limits<double>::quiet_NaN() : any;
    }
  }
}

Decimal RandomValues::AnyDecimal() {
  const auto scale = static_cast<uint8_t>(Below(4) == 0 ? Below(39) : Below(4));
  switch (Below(3)) {
    case 0:
      return Decimal{absl::int128(static_cast<int64_t>(Below(21)) - 10), scale};
    case 1:
      return Decimal{absl::int128(Integer()), scale};
    default: {
      const absl::int128 any = absl::MakeInt128(Integer(), random_()) % LargestMantissa();
      return Decimal{any, scale};
    }
  }
}

Value RandomValues::Number() {
  const auto qualifier = static_cast<Qualifier>(Below(3) == 0 ? Below(7) : 0);
  switch (Below(4)) {
    case 0:
      return Value::Of<int64_t>(Below(2) == 0 ? static_cast<int64_t>(Below(21)) - 10 : Integer(),
                                qualifier);
    case 1:
      return Value::Of<int64_t>((int64_t{1} << 53) + static_cast<int64_t>(Below(5)) - 2, qualifier);
    case 2:
      return Value::Of<double>(
          Below(2) == 0 ? static_cast<double>(static_cast<int64_t>(Below(21)) - 10) : Float(),
          qualifier);
    default:
      return Value::Of<Decimal>(AnyDecimal(), qualifier);
  }
}

std::string RandomValues::String() {
  const std::string hard[] = {"",           "a",
                              "ab",         std::string("\0", 1),
                              "é",          "深度求索",
                              "深度",       std::string("a\0", 2),
                              "a\x01",      "DeepSeek",
                              "\x7f",       std::string("a\0\0b", 4),
                              "\U0001F600", std::string("\0\xff", 2)};
  std::string text = hard[Below(std::size(hard))];
  if (Below(2) == 0) text += hard[Below(std::size(hard))];
  if (Below(200) == 0) text += std::string(1000 + Below(100), 'x');
  return text;
}

int64_t RandomValues::Day() {
  if (Below(2) == 0) return static_cast<int64_t>(Below(21)) - 10;
  std::uniform_int_distribution<int64_t> days(Date::kMinDays + 1, Date::kMaxDays - 1);
  return days(random_);
}

Value RandomValues::Temporal() {
  const auto nanos = static_cast<int64_t>(Below(2) == 0 ? Below(3) : Below(kNanosPerDay));
  const int64_t seconds = Day() * kSecondsPerDay + nanos / 1'000'000'000;
  const auto fraction = static_cast<int32_t>(nanos % 1'000'000'000);
  const int32_t offset = Below(2) == 0
                             ? static_cast<int32_t>(Below(3)) * 3600 - 3600
                             : static_cast<int32_t>(Below(2 * kMaxOffset + 1)) - kMaxOffset;
  switch (Below(6)) {
    case 0:
      return Value::Of(Date{Day()});
    case 1:
      return Value::Of(LocalTime{nanos});
    case 2:
      return Value::Of(Time{nanos, offset});
    case 3:
      return Value::Of(LocalDateTime{seconds, fraction});
    case 4:
      return Value::Of(DateTime{seconds, fraction, offset, Below(2) == 0 ? "" : "Asia/Shanghai"});
    default:
      // Months, days and hours whose lengths come close to each other.
      if (Below(2) == 0) return Value::Of(Duration{Integer(), Integer(), Integer(), fraction});
      return Value::Of(Duration{static_cast<int64_t>(Below(3)) - 1,
                                static_cast<int64_t>(Below(62)) - 31,
                                3600 * (static_cast<int64_t>(Below(49)) - 24), fraction});
  }
}

Value RandomValues::Any(int list_depth) {
  switch (Below(list_depth > 0 ? 10 : 9)) {
    case 0:
      return Value();
    case 1:
      return Value::Bool(Below(2) == 0);
    case 2:
    case 3:
      return Number();
    case 4: {
      constexpr std::array<char, 3> kCurrencies[] = {
          {'C', 'N', 'Y'}, {'U', 'S', 'D'}, {'U', 'S', 'N'}};
      return Value::Of(Money{AnyDecimal(), kCurrencies[Below(3)]},
                       static_cast<Qualifier>(Below(7)));
    }
    case 5:
    case 6:
      return Value::Of(String());
    case 7:
      return Value::Of(Bytes{String()});
    case 8:
      return Temporal();
    default: {
      Value::List list;
      for (uint64_t left = Below(5); left > 0; --left) list.push_back(Any(list_depth - 1));
      return Value::Of(std::move(list));
    }
  }
}

Bound RandomValues::AnyBound(BoundRole role) {
  constexpr int64_t kDays = 2'900'000;
  const Instant t = static_cast<Instant>(Below(kDays)) * kMicrosPerDay - 600'000 * kMicrosPerDay +
                    static_cast<Instant>(Below(2) == 0 ? 0 : Below(kMicrosPerDay));
  Bound bound;
  const auto kind = static_cast<BoundKind>(Below(9));
  if (kind == BoundKind::kUnbounded) return Bound::Unbounded(role);
  if (kind == BoundKind::kUnknown) return Bound::Unknown();
  if (kind == BoundKind::kInstant) {
    bound = Bound::At(t);
    if (Below(2) == 0)
      bound.zone_minutes = static_cast<int16_t>(static_cast<int>(Below(2161)) - 1080);
  } else if (IsPeriod(kind)) {
    bound = BoundOf(PeriodAt(kind, t));
  } else if (Below(2) == 0) {
    bound = Bound{t, t + 1 + static_cast<Instant>(Below(1'000'000)), BoundKind::kCut};
  } else {
    bound = Bound{t, kPlusInfinity, BoundKind::kCut, false, /*unknown=*/true};
    if (role == BoundRole::kTo)
      std::tie(bound.earliest, bound.latest) = std::pair(kMinusInfinity, t);
  }
  bound.about = Below(3) == 0;
  return bound;
}

}  // namespace relata
