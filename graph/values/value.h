#ifndef RELATA_GRAPH_VALUES_VALUE_H_
#define RELATA_GRAPH_VALUES_VALUE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "graph/values/decimal.h"
#include "graph/values/money.h"
#include "graph/values/temporal.h"

namespace relata {

class Value;

struct Bytes {
  std::string data;
  auto operator<=>(const Bytes&) const = default;
};

// How exact a number or an amount is meant. The numbers live on disk.
enum class Qualifier : uint8_t {
  kExact = 0,
  kAbout = 1,
  kAtLeast = 2,
  kAtMost = 3,
  kMoreThan = 4,
  kLessThan = 5,
  kUpTo = 6,
};

// The numbers live on disk.
enum class ValueType : uint8_t {
  kNull = 0,
  kBool = 1,
  kInt64 = 2,
  kFloat64 = 3,
  kDecimal = 4,
  kMoney = 5,
  kString = 6,
  kBytes = 7,
  kDate = 8,
  kLocalTime = 9,
  kTime = 10,
  kLocalDateTime = 11,
  kDateTime = 12,
  kDuration = 13,
  kList = 14,
  kMap = 15,
};
// `INT64`, as users read it.
absl::string_view ValueTypeName(ValueType type);

// A value (docs/semantics.md, S7). A plain, copyable type; moved where possible. Maps exist in
// parameters and results only.
class Value {
 public:
  using List = std::vector<Value>;
  using Map = std::vector<std::pair<std::string, Value>>;  // ascending by name, each name once
  // In the order of ValueType.
  using Rep =
      std::variant<std::monostate, bool, int64_t, double, Decimal, Money, std::string, Bytes, Date,
                   LocalTime, Time, LocalDateTime, DateTime, Duration, List, Map>;

  // Lists in lists, the outermost counted: what CheckStorable admits, and what the codecs read.
  static constexpr int kDeepestList = 32;

  Value() = default;  // null
  // Takes any alternative of Rep, by its exact type.
  template <typename T>
  static Value Of(T v, Qualifier qualifier = Qualifier::kExact) {
    Value value;
    value.rep_.emplace<T>(std::move(v));
    value.qualifier_ = qualifier;
    return value;
  }
  // UTF-8.
  static Value String(absl::string_view s) { return Of<std::string>(std::string(s)); }
  static Value Int(int64_t i) { return Of<int64_t>(i); }
  static Value Double(double d) { return Of<double>(d); }
  static Value Bool(bool b) { return Of<bool>(b); }

  ValueType type() const { return static_cast<ValueType>(rep_.index()); }
  bool is_null() const { return rep_.index() == 0; }
  bool is_number() const {
    return type() == ValueType::kInt64 || type() == ValueType::kFloat64 ||
           type() == ValueType::kDecimal;
  }
  // Precondition: the value is of this alternative.
  template <typename T>
  const T& get() const {
    return std::get<T>(rep_);
  }
  // nullptr where it is of another one.
  template <typename T>
  const T* get_if() const {
    return std::get_if<T>(&rep_);
  }
  const Rep& rep() const { return rep_; }
  Qualifier qualifier() const { return qualifier_; }
  void set_qualifier(Qualifier q) { qualifier_ = q; }
  // Number or decimal as the nearest float64, for shares and weights. Precondition: is_number().
  double AsDouble() const;

  // A display form: `2800000000 USD`, `at least 10`, `1.0`, `NaN`, `[1, 2]`, `{a: 1}`, `null`,
  // bytes as `0x00ff`, text without quotes.
  std::string ToString() const;

 private:
  Rep rep_;
  Qualifier qualifier_ = Qualifier::kExact;
};

// INVALID_ARGUMENT, with the reason, for what cannot be the value of a property (S7): null (which
// removes one), maps, lists that hold maps or are nested deeper than kDeepestList, and a qualifier
// on anything but a number or money.
absl::Status CheckStorable(const Value& value);

// Equality as grouping, DISTINCT, unique constraints and "the same fact" see it (S7): numbers by
// value over types, NaN equals NaN, null equals null, lists by elements. Date-times also need the
// same offset and zone. Qualifiers do not count.
bool Equivalent(const Value& a, const Value& b);
// Equivalent, and the same qualifier, in lists too: whether two facts state the same (S4.3).
bool SameStatement(const Value& a, const Value& b);
// A total order that Equivalent agrees with; negative, 0 or positive. Between types as openCypher
// orders them: maps, lists, date-times, local date-times, dates, times, local times, durations,
// bytes, strings (by code point), false, true, numbers of all types with NaN last, money by
// currency and then amount, null. Lists and maps by elements, a shorter one before its extensions.
int TotalOrder(const Value& a, const Value& b);
// Agrees with Equivalent. Not stable between runs.
size_t HashValue(const Value& v);

}  // namespace relata

#endif  // RELATA_GRAPH_VALUES_VALUE_H_
