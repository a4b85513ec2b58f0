#include <algorithm>
#include <cmath>

#include "absl/hash/hash.h"
#include "graph/query/runtime/datum.h"
#include "graph/values/number_order.h"

namespace relata::query {
namespace {

// The places of the kinds in CompareOrder.
enum class Family : uint8_t {
  kMap,
  kNode,
  kRelationship,
  kList,
  kPath,
  kDateTime,
  kLocalDateTime,
  kDate,
  kTime,
  kLocalTime,
  kDuration,
  kBytes,
  kString,
  kBool,
  kNumber,
  kMoney,
  kNull,
};

Family FamilyOfScalar(ValueType type) {
  switch (type) {
    case ValueType::kDateTime:
      return Family::kDateTime;
    case ValueType::kLocalDateTime:
      return Family::kLocalDateTime;
    case ValueType::kDate:
      return Family::kDate;
    case ValueType::kTime:
      return Family::kTime;
    case ValueType::kLocalTime:
      return Family::kLocalTime;
    case ValueType::kDuration:
      return Family::kDuration;
    case ValueType::kBytes:
      return Family::kBytes;
    case ValueType::kMoney:
      return Family::kMoney;
    default:
      return Family::kNumber;
  }
}

Family FamilyOf(const Datum& d) {
  switch (d.kind()) {
    case Datum::Kind::kNull:
      return Family::kNull;
    case Datum::Kind::kBool:
      return Family::kBool;
    case Datum::Kind::kInt:
    case Datum::Kind::kFloat:
      return Family::kNumber;
    case Datum::Kind::kString:
      return Family::kString;
    case Datum::Kind::kScalar:
      return FamilyOfScalar(d.AsScalar().type());
    case Datum::Kind::kList:
      return Family::kList;
    case Datum::Kind::kMap:
      return Family::kMap;
    case Datum::Kind::kNode:
      return Family::kNode;
    case Datum::Kind::kRelationship:
      return Family::kRelationship;
    case Datum::Kind::kPath:
      return Family::kPath;
  }
  return Family::kNull;
}

template <typename T>
int Sign(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

// Calls `f` with the int64_t, double or Decimal that a number is.
template <typename F>
auto WithNumber(const Datum& d, F f) {
  if (d.kind() == Datum::Kind::kInt) return f(d.AsInt());
  if (d.kind() == Datum::Kind::kFloat) return f(d.AsFloat());
  const Value& value = d.AsScalar();
  if (const auto* i = value.get_if<int64_t>()) return f(*i);
  if (const auto* real = value.get_if<double>()) return f(*real);
  return f(value.get<Decimal>());
}

bool IsNaN(const Datum& number) {
  if (number.kind() == Datum::Kind::kFloat) return std::isnan(number.AsFloat());
  if (number.kind() != Datum::Kind::kScalar) return false;
  const auto* real = number.AsScalar().get_if<double>();
  return real != nullptr && std::isnan(*real);
}

int OrderNumbers(const Datum& a, const Datum& b) {
  if (a.kind() == Datum::Kind::kInt && b.kind() == Datum::Kind::kInt)
    return Sign(a.AsInt(), b.AsInt());
  return WithNumber(a, [&b](const auto& x) {
    return WithNumber(b, [&x](const auto& y) { return CompareNumbers(x, y); });
  });
}

int OrderStrings(const Datum& a, const Datum& b) {
  const int order = a.AsString().compare(b.AsString());
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

int OrderPaths(const PathValue& a, const PathValue& b) {
  if (const int order = Sign(a.nodes[0].id, b.nodes[0].id); order != 0) return order;
  const size_t steps = std::min(a.relationships.size(), b.relationships.size());
  for (size_t i = 0; i < steps; ++i) {
    const int order = Sign(a.relationships[i].ends.id, b.relationships[i].ends.id);
    if (order != 0) return order;
    if (const int nodes = Sign(a.nodes[i + 1].id, b.nodes[i + 1].id); nodes != 0) return nodes;
  }
  return Sign(a.relationships.size(), b.relationships.size());
}

int OrderLists(const Datum::List& a, const Datum::List& b) {
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (const int order = CompareOrder(a[i], b[i]); order != 0) return order;
  }
  return Sign(a.size(), b.size());
}

int OrderMaps(const Datum::Map& a, const Datum::Map& b) {
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (const int order = Sign(a[i].first, b[i].first); order != 0) return order;
    if (const int order = CompareOrder(a[i].second, b[i].second); order != 0) return order;
  }
  return Sign(a.size(), b.size());
}

// Within one family.
int OrderWithin(Family family, const Datum& a, const Datum& b) {
  switch (family) {
    case Family::kNull:
      return 0;
    case Family::kNumber:
      return OrderNumbers(a, b);
    case Family::kString:
      return OrderStrings(a, b);
    case Family::kBool:
      return Sign(a.AsBool(), b.AsBool());
    case Family::kNode:
      return Sign(a.AsNode().id, b.AsNode().id);
    case Family::kRelationship:
      return Sign(a.AsRelationship().ends.id, b.AsRelationship().ends.id);
    case Family::kPath:
      return OrderPaths(a.AsPath(), b.AsPath());
    case Family::kList:
      return &a.AsList() == &b.AsList() ? 0 : OrderLists(a.AsList(), b.AsList());
    case Family::kMap:
      return &a.AsMap() == &b.AsMap() ? 0 : OrderMaps(a.AsMap(), b.AsMap());
    default:
      return TotalOrder(a.AsScalar(), b.AsScalar());
  }
}

Ternary ToTernary(bool b) { return b ? Ternary::kTrue : Ternary::kFalse; }

// What `<`, `<=`, `=` know of two values.
enum class Outcome : uint8_t {
  kLess,
  kEqual,
  kGreater,
  kUnordered,     // with NaN: every comparison is false
  kIncomparable,  // null
};

Outcome OutcomeOf(int order) {
  return order < 0 ? Outcome::kLess : order > 0 ? Outcome::kGreater : Outcome::kEqual;
}

Outcome CompareData(const Datum& a, const Datum& b);

// Lexicographic, as far as it can be known.
Outcome CompareLists(const Datum::List& a, const Datum::List& b) {
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    const Outcome outcome = CompareData(a[i], b[i]);
    if (outcome == Outcome::kEqual) continue;
    if (outcome != Outcome::kIncomparable) return outcome;
    // Maps, nodes and the like have no order but may be equal.
    if (Equals(a[i], b[i]) != Ternary::kTrue) return Outcome::kIncomparable;
  }
  return OutcomeOf(Sign(a.size(), b.size()));
}

Outcome CompareData(const Datum& a, const Datum& b) {
  const Family family = FamilyOf(a);
  if (family != FamilyOf(b)) return Outcome::kIncomparable;
  switch (family) {
    case Family::kNumber:
      if (IsNaN(a) || IsNaN(b)) return Outcome::kUnordered;
      return OutcomeOf(OrderNumbers(a, b));
    case Family::kList:
      return CompareLists(a.AsList(), b.AsList());
    case Family::kMoney: {
      const std::optional<int> order =
          Compare(a.AsScalar().get<Money>(), b.AsScalar().get<Money>());
      return order.has_value() ? OutcomeOf(*order) : Outcome::kIncomparable;
    }
    // Neither has an order that `<` could ask for: a month has no length in days.
    case Family::kDuration:
    case Family::kNull:
    case Family::kMap:
    case Family::kNode:
    case Family::kRelationship:
    case Family::kPath:
      return Outcome::kIncomparable;
    default:
      return OutcomeOf(OrderWithin(family, a, b));
  }
}

Ternary ListsEqual(const Datum::List& a, const Datum::List& b) {
  if (a.size() != b.size()) return Ternary::kFalse;
  Ternary result = Ternary::kTrue;
  for (size_t i = 0; i < a.size(); ++i) {
    const Ternary equal = Equals(a[i], b[i]);
    if (equal == Ternary::kFalse) return equal;
    if (equal == Ternary::kNull) result = equal;
  }
  return result;
}

Ternary MapsEqual(const Datum::Map& a, const Datum::Map& b) {
  if (a.size() != b.size()) return Ternary::kFalse;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i].first != b[i].first) return Ternary::kFalse;
  }
  Ternary result = Ternary::kTrue;
  for (size_t i = 0; i < a.size(); ++i) {
    const Ternary equal = Equals(a[i].second, b[i].second);
    if (equal == Ternary::kFalse) return equal;
    if (equal == Ternary::kNull) result = equal;
  }
  return result;
}

size_t HashPath(const PathValue& path) {
  size_t hash = absl::HashOf(path.nodes[0].id);
  for (const RelationshipRef& relationship : path.relationships) {
    hash = absl::HashOf(hash, relationship.ends.id);
  }
  return hash;
}

size_t HashList(const Datum::List& list) {
  size_t hash = list.size();
  for (const Datum& element : list) hash = absl::HashOf(hash, HashDatum(element));
  return hash;
}

size_t HashMap(const Datum::Map& map) {
  size_t hash = map.size();
  for (const auto& [name, value] : map) hash = absl::HashOf(hash, name, HashDatum(value));
  return hash;
}

size_t HashWithin(Family family, const Datum& d) {
  switch (family) {
    case Family::kNull:
      return 0;
    case Family::kNumber:
      return WithNumber(d, [](const auto& number) { return HashNumber(number); });
    case Family::kString:
      return absl::HashOf(d.AsString());
    case Family::kBool:
      return absl::HashOf(d.AsBool());
    case Family::kNode:
      return absl::HashOf(d.AsNode().id);
    case Family::kRelationship:
      return absl::HashOf(d.AsRelationship().ends.id);
    case Family::kPath:
      return HashPath(d.AsPath());
    case Family::kList:
      return HashList(d.AsList());
    case Family::kMap:
      return HashMap(d.AsMap());
    default:
      return HashValue(d.AsScalar());
  }
}

// 2^64 divided by the golden ratio: the families' hashes lie far apart.
constexpr size_t kFamilyStep = 0x9e3779b97f4a7c15;

}  // namespace

Ternary Equals(const Datum& a, const Datum& b) {
  if (a.is_null() || b.is_null()) return Ternary::kNull;
  const Family family = FamilyOf(a);
  if (family != FamilyOf(b)) return Ternary::kFalse;
  switch (family) {
    case Family::kNumber:
      return ToTernary(!IsNaN(a) && !IsNaN(b) && OrderNumbers(a, b) == 0);
    case Family::kList:
      return ListsEqual(a.AsList(), b.AsList());
    case Family::kMap:
      return MapsEqual(a.AsMap(), b.AsMap());
    case Family::kMoney: {
      const std::optional<int> order =
          Compare(a.AsScalar().get<Money>(), b.AsScalar().get<Money>());
      return order.has_value() ? ToTernary(*order == 0) : Ternary::kNull;
    }
    default:
      return ToTernary(OrderWithin(family, a, b) == 0);
  }
}

Ternary LessThan(const Datum& a, const Datum& b) {
  const Outcome outcome = CompareData(a, b);
  if (outcome == Outcome::kIncomparable) return Ternary::kNull;
  return ToTernary(outcome == Outcome::kLess);
}

Ternary LessOrEqual(const Datum& a, const Datum& b) {
  const Outcome outcome = CompareData(a, b);
  if (outcome == Outcome::kIncomparable) return Ternary::kNull;
  return ToTernary(outcome == Outcome::kLess || outcome == Outcome::kEqual);
}

bool EquivalentData(const Datum& a, const Datum& b) { return CompareOrder(a, b) == 0; }

int CompareOrder(const Datum& a, const Datum& b) {
  const Family family = FamilyOf(a);
  const Family other = FamilyOf(b);
  return family == other ? OrderWithin(family, a, b) : Sign(family, other);
}

size_t HashDatum(const Datum& d) {
  const Family family = FamilyOf(d);
  return absl::HashOf(HashWithin(family, d) + kFamilyStep * static_cast<size_t>(family));
}

}  // namespace relata::query
