#include <algorithm>
#include <array>
#include <compare>
#include <concepts>

#include "absl/hash/hash.h"
#include "graph/values/number_order.h"
#include "graph/values/value.h"

namespace relata {
namespace {

// The place of each ValueType in TotalOrder. The numbers are one family.
constexpr std::array<int, std::variant_size_v<Value::Rep>> kFamily = {
    /*null*/ 13,     /*bool*/ 10,      /*int64*/ 11, /*float64*/ 11,
    /*decimal*/ 11,  /*money*/ 12,     /*string*/ 9, /*bytes*/ 8,
    /*date*/ 4,      /*local time*/ 6, /*time*/ 5,   /*local date-time*/ 3,
    /*date-time*/ 2, /*duration*/ 7,   /*list*/ 1,   /*map*/ 0};

// 2^64 divided by the golden ratio: the families' hashes lie far apart.
constexpr size_t kFamilyStep = 0x9e3779b97f4a7c15;

int Family(const Value& value) { return kFamily[static_cast<size_t>(value.type())]; }

int Sign(std::strong_ordering order) { return order < 0 ? -1 : order > 0 ? 1 : 0; }

template <typename T>
concept IsNumber = std::same_as<T, int64_t> || std::same_as<T, double> || std::same_as<T, Decimal>;

// Numbers of one type or of two.
template <IsNumber A, IsNumber B>
int Order(const A& a, const B& b) {
  return CompareNumbers(a, b);
}

int Order(const Money& a, const Money& b) {
  const int order = Sign(a.currency <=> b.currency);
  return order != 0 ? order : Compare(a.amount, b.amount);
}

int Order(const Value::Map& a, const Value::Map& b) {
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (const int order = a[i].first.compare(b[i].first); order != 0) return order;
    if (const int order = TotalOrder(a[i].second, b[i].second); order != 0) return order;
  }
  return Sign(a.size() <=> b.size());
}

int Order(const Value::List& a, const Value::List& b) {
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (const int order = TotalOrder(a[i], b[i]); order != 0) return order;
  }
  return Sign(a.size() <=> b.size());
}

int Order(std::monostate, std::monostate) { return 0; }

// The alternatives that compare by themselves.
template <typename T>
requires std::three_way_comparable<T, std::strong_ordering>
int Order(const T& a, const T& b) { return Sign(a <=> b); }

// For std::visit over two values of one family.
struct OrderWithin {
  template <typename A, typename B>
  int operator()(const A& a, const B& b) const {
    if constexpr (requires { Order(a, b); }) {
      return Order(a, b);
    } else {
      return 0;  // never reached: of two families
    }
  }
};

struct Hash {
  size_t operator()(std::monostate) const { return 0; }
  size_t operator()(bool b) const { return absl::HashOf(b); }
  size_t operator()(int64_t i) const { return HashNumber(i); }
  size_t operator()(double d) const { return HashNumber(d); }
  size_t operator()(const Decimal& d) const { return HashNumber(d); }
  size_t operator()(const Money& m) const {
    return absl::HashOf(m.currency_code(), HashNumber(m.amount));
  }
  size_t operator()(const std::string& s) const { return absl::HashOf(s); }
  size_t operator()(const Bytes& b) const { return absl::HashOf(b.data); }
  size_t operator()(const Date& d) const { return absl::HashOf(d.days); }
  size_t operator()(const LocalTime& t) const { return absl::HashOf(t.nanos); }
  size_t operator()(const Time& t) const { return absl::HashOf(t.nanos, t.offset_seconds); }
  size_t operator()(const LocalDateTime& t) const { return absl::HashOf(t.seconds, t.nanos); }
  size_t operator()(const DateTime& t) const {
    return absl::HashOf(t.seconds, t.nanos, t.offset_seconds, t.zone);
  }
  size_t operator()(const Duration& d) const {
    return absl::HashOf(d.months, d.days, d.seconds, d.nanos);
  }
  size_t operator()(const Value::List& list) const {
    size_t hash = list.size();
    for (const Value& element : list) hash = absl::HashOf(hash, HashValue(element));
    return hash;
  }
  size_t operator()(const Value::Map& map) const {
    size_t hash = map.size();
    for (const auto& [name, value] : map) hash = absl::HashOf(hash, name, HashValue(value));
    return hash;
  }
};

}  // namespace

int TotalOrder(const Value& a, const Value& b) {
  if (Family(a) != Family(b)) return Family(a) < Family(b) ? -1 : 1;
  return std::visit(OrderWithin(), a.rep(), b.rep());
}

bool Equivalent(const Value& a, const Value& b) { return TotalOrder(a, b) == 0; }

bool SameStatement(const Value& a, const Value& b) {
  if (a.qualifier() != b.qualifier()) return false;
  const auto* list_a = a.get_if<Value::List>();
  const auto* list_b = b.get_if<Value::List>();
  if (list_a == nullptr || list_b == nullptr) return Equivalent(a, b);
  return std::equal(list_a->begin(), list_a->end(), list_b->begin(), list_b->end(), SameStatement);
}

size_t HashValue(const Value& v) {
  // Not absl::HashOf of both: that of two small numbers does not depend on their order.
  return absl::HashOf(std::visit(Hash(), v.rep()) + kFamilyStep * static_cast<size_t>(Family(v)));
}

}  // namespace relata
