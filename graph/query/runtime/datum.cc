#include "graph/query/runtime/datum.h"

#include <algorithm>
#include <limits>
#include <type_traits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/error_parts.h"
#include "base/status_macros.h"

namespace relata::query {

template <typename T>
struct Datum::CellOf : Datum::Cell {
  explicit CellOf(T&& p) : payload(std::move(p)) {}
  const T payload;
};

namespace {

// What malloc keeps beside a block, about.
constexpr size_t kBlockOverhead = 16;

size_t AddSaturating(size_t a, size_t b) {
  return a > std::numeric_limits<size_t>::max() - b ? std::numeric_limits<size_t>::max() : a + b;
}

size_t StringBytes(const std::string& s) {
  return s.capacity() > sizeof(std::string) / 2 ? s.capacity() + kBlockOverhead : 0;
}

// Bytes beyond the payload itself, and how deep it is nested.
size_t Measure(const std::string& s, uint32_t* /*depth*/) { return StringBytes(s); }

size_t Measure(const Datum::List& list, uint32_t* depth) {
  size_t bytes = kBlockOverhead + list.capacity() * sizeof(Datum);
  for (const Datum& element : list) {
    bytes = AddSaturating(bytes, element.HeapBytes());
    *depth = std::max(*depth, element.Depth());
  }
  ++*depth;
  return bytes;
}

size_t Measure(const Datum::Map& map, uint32_t* depth) {
  size_t bytes = kBlockOverhead + map.capacity() * sizeof(Datum::Map::value_type);
  for (const auto& [name, value] : map) {
    bytes = AddSaturating(bytes, AddSaturating(StringBytes(name), value.HeapBytes()));
    *depth = std::max(*depth, value.Depth());
  }
  ++*depth;
  return bytes;
}

size_t Measure(const PathValue& path, uint32_t* /*depth*/) {
  return path.nodes.capacity() * sizeof(NodeRef) +
         path.relationships.capacity() * sizeof(RelationshipRef) + 2 * kBlockOverhead;
}

size_t Measure(const RelationshipRef& /*relationship*/, uint32_t* /*depth*/) { return 0; }

size_t Measure(const Value& value, uint32_t* /*depth*/) {
  if (const auto* bytes = value.get_if<Bytes>()) return StringBytes(bytes->data);
  if (const auto* date_time = value.get_if<DateTime>()) return StringBytes(date_time->zone);
  return 0;
}

bool FitsKind(const Value& value) { return value.qualifier() == Qualifier::kExact; }

}  // namespace

template <typename T>
Datum Datum::Share(Kind kind, T&& payload) {
  static_assert(!std::is_reference_v<T>, "the cell takes what it is given");
  auto* cell = new CellOf<T>(std::forward<T>(payload));
  cell->heap_bytes =
      AddSaturating(sizeof(CellOf<T>) + kBlockOverhead, Measure(cell->payload, &cell->depth));
  Datum d;
  d.kind_ = kind;
  d.bits_.cell = cell;
  return d;
}

template <typename T>
const T& Datum::payload() const {
  return static_cast<const CellOf<T>*>(bits_.cell)->payload;
}

void Datum::Destroy() {
  switch (kind_) {
    case Kind::kString:
      delete static_cast<CellOf<std::string>*>(bits_.cell);
      break;
    case Kind::kScalar:
      delete static_cast<CellOf<Value>*>(bits_.cell);
      break;
    case Kind::kList:
      delete static_cast<CellOf<List>*>(bits_.cell);
      break;
    case Kind::kMap:
      delete static_cast<CellOf<Map>*>(bits_.cell);
      break;
    case Kind::kRelationship:
      delete static_cast<CellOf<RelationshipRef>*>(bits_.cell);
      break;
    case Kind::kPath:
      delete static_cast<CellOf<PathValue>*>(bits_.cell);
      break;
    default:
      break;
  }
}

Datum Datum::Bool(bool b) {
  Datum d;
  d.kind_ = Kind::kBool;
  d.bits_.boolean = b;
  return d;
}

Datum Datum::Int(int64_t i) {
  Datum d;
  d.kind_ = Kind::kInt;
  d.bits_.integer = i;
  return d;
}

Datum Datum::Float(double real) {
  Datum d;
  d.kind_ = Kind::kFloat;
  d.bits_.real = real;
  return d;
}

Datum Datum::String(absl::string_view s) { return Share(Kind::kString, std::string(s)); }
Datum Datum::String(std::string&& s) { return Share(Kind::kString, std::move(s)); }
Datum Datum::Of(List list) { return Share(Kind::kList, std::move(list)); }
Datum Datum::Of(Map map) { return Share(Kind::kMap, std::move(map)); }

Datum Datum::SortedMap(Map map) {
  const auto by_name = [](const auto& a, const auto& b) { return a.first < b.first; };
  if (!std::is_sorted(map.begin(), map.end(), by_name)) {
    std::stable_sort(map.begin(), map.end(), by_name);
  }
  // Of equal names the last stays.
  size_t kept = 0;
  for (size_t i = 0; i < map.size(); ++i) {
    if (i + 1 < map.size() && map[i + 1].first == map[i].first) continue;
    if (kept != i) map[kept] = std::move(map[i]);
    ++kept;
  }
  map.erase(map.begin() + static_cast<ptrdiff_t>(kept), map.end());
  return Of(std::move(map));
}

Datum Datum::Of(NodeRef node) {
  Datum d;
  d.kind_ = Kind::kNode;
  d.context_ = node.context;
  d.bits_.integer = static_cast<int64_t>(node.id.value());
  return d;
}

Datum Datum::Of(RelationshipRef relationship) {
  return Share(Kind::kRelationship, RelationshipRef(relationship));
}

Datum Datum::Of(PathValue path) { return Share(Kind::kPath, std::move(path)); }

Datum Datum::FromValue(const Value& value) { return FromValue(Value(value)); }

Datum Datum::FromValue(Value&& value) {
  switch (value.type()) {
    case ValueType::kNull:
      return {};
    case ValueType::kBool:
      return Bool(value.get<bool>());
    case ValueType::kInt64:
      if (FitsKind(value)) return Int(value.get<int64_t>());
      break;
    case ValueType::kFloat64:
      if (FitsKind(value)) return Float(value.get<double>());
      break;
    case ValueType::kString:
      return String(absl::string_view(value.get<std::string>()));
    case ValueType::kList: {
      List list;
      list.reserve(value.get<Value::List>().size());
      for (const Value& element : value.get<Value::List>()) list.push_back(FromValue(element));
      return Of(std::move(list));
    }
    case ValueType::kMap: {
      Map map;
      map.reserve(value.get<Value::Map>().size());
      for (const auto& [name, element] : value.get<Value::Map>()) {
        map.emplace_back(name, FromValue(element));
      }
      return Of(std::move(map));
    }
    default:
      break;
  }
  return Share(Kind::kScalar, std::move(value));
}

bool Datum::is_number() const {
  return kind_ == Kind::kInt || kind_ == Kind::kFloat ||
         (kind_ == Kind::kScalar && AsScalar().is_number());
}

ValueType Datum::value_type() const {
  switch (kind_) {
    case Kind::kBool:
      return ValueType::kBool;
    case Kind::kInt:
      return ValueType::kInt64;
    case Kind::kFloat:
      return ValueType::kFloat64;
    case Kind::kString:
      return ValueType::kString;
    case Kind::kScalar:
      return AsScalar().type();
    case Kind::kList:
      return ValueType::kList;
    case Kind::kMap:
      return ValueType::kMap;
    default:
      return ValueType::kNull;
  }
}

absl::string_view Datum::AsString() const { return payload<std::string>(); }
const Value& Datum::AsScalar() const { return payload<Value>(); }
const Datum::List& Datum::AsList() const { return payload<List>(); }
const Datum::Map& Datum::AsMap() const { return payload<Map>(); }
const RelationshipRef& Datum::AsRelationship() const { return payload<RelationshipRef>(); }
const PathValue& Datum::AsPath() const { return payload<PathValue>(); }

const Datum* Datum::FindKey(absl::string_view name) const {
  const Map& map = AsMap();
  const auto found = std::lower_bound(
      map.begin(), map.end(), name,
      [](const auto& entry, absl::string_view n) { return absl::string_view(entry.first) < n; });
  if (found == map.end() || found->first != name) return nullptr;
  return &found->second;
}

absl::StatusOr<Value> Datum::ToValue() const {
  switch (kind_) {
    case Kind::kNull:
      return Value();
    case Kind::kBool:
      return Value::Bool(AsBool());
    case Kind::kInt:
      return Value::Int(AsInt());
    case Kind::kFloat:
      return Value::Double(AsFloat());
    case Kind::kString:
      return Value::String(AsString());
    case Kind::kScalar:
      return AsScalar();
    case Kind::kList: {
      Value::List list;
      list.reserve(AsList().size());
      for (const Datum& element : AsList()) {
        RELATA_ASSIGN_OR_RETURN(Value value, element.ToValue());
        list.push_back(std::move(value));
      }
      return Value::Of(std::move(list));
    }
    case Kind::kMap: {
      Value::Map map;
      map.reserve(AsMap().size());
      for (const auto& [name, element] : AsMap()) {
        RELATA_ASSIGN_OR_RETURN(Value value, element.ToValue());
        map.emplace_back(name, std::move(value));
      }
      return Value::Of(std::move(map));
    }
    default:
      return absl::InvalidArgumentError(absl::StrCat(
          "a ", TypeName(*this), " cannot be stored in a property or sent as a value"));
  }
}

std::string Datum::ToString() const {
  switch (kind_) {
    case Kind::kNull:
      return "null";
    case Kind::kBool:
      return AsBool() ? "true" : "false";
    case Kind::kInt:
      return absl::StrCat(AsInt());
    case Kind::kFloat:
      return Value::Double(AsFloat()).ToString();
    case Kind::kString:
      return std::string(AsString());
    case Kind::kScalar:
      return AsScalar().ToString();
    case Kind::kList:
      return absl::StrCat("[",
                          absl::StrJoin(AsList(), ", ",
                                        [](std::string* out, const Datum& element) {
                                          absl::StrAppend(out, element.ToString());
                                        }),
                          "]");
    case Kind::kMap:
      return absl::StrCat("{",
                          absl::StrJoin(AsMap(), ", ",
                                        [](std::string* out, const auto& entry) {
                                          absl::StrAppend(out, entry.first, ": ",
                                                          entry.second.ToString());
                                        }),
                          "}");
    case Kind::kNode:
      return absl::StrCat("(#", AsNode().id.value(), ")");
    case Kind::kRelationship:
      return absl::StrCat("[#", AsRelationship().ends.id.value(), "]");
    case Kind::kPath:
      break;
  }
  const PathValue& path = AsPath();
  std::string text = absl::StrCat("<(#", path.nodes[0].id.value(), ")");
  for (size_t i = 0; i < path.relationships.size(); ++i) {
    const bool forward = path.relationships[i].ends.from == path.nodes[i].id;
    absl::StrAppend(&text, forward ? "-[#" : "<-[#", path.relationships[i].ends.id.value(),
                    forward ? "]->(#" : "]-(#", path.nodes[i + 1].id.value(), ")");
  }
  return text + ">";
}

size_t Datum::HeapBytes() const { return shared() ? bits_.cell->heap_bytes : 0; }
uint32_t Datum::Depth() const { return shared() ? bits_.cell->depth : 0; }

absl::Status CheckNesting(const Datum& d) {
  if (d.Depth() > kDeepestNesting) {
    return LimitReached(
        "nesting", kDeepestNesting,
        absl::StrCat("lists and maps cannot be nested deeper than ", kDeepestNesting));
  }
  if (d.HeapBytes() > kLargestDatumBytes) {
    return LimitReached(
        "value_bytes", kLargestDatumBytes,
        absl::StrCat("a single value cannot be larger than ", kLargestDatumBytes, " bytes"));
  }
  return absl::OkStatus();
}

absl::string_view TypeName(const Datum& d) {
  switch (d.kind()) {
    case Datum::Kind::kNode:
      return "Node";
    case Datum::Kind::kRelationship:
      return "Relationship";
    case Datum::Kind::kPath:
      return "Path";
    default:
      break;
  }
  static constexpr absl::string_view kNames[] = {
      "Null", "Boolean",   "Integer", "Float",         "Decimal",  "Money",    "String", "Bytes",
      "Date", "LocalTime", "Time",    "LocalDateTime", "DateTime", "Duration", "List",   "Map"};
  static_assert(std::size(kNames) == static_cast<size_t>(ValueType::kMap) + 1);
  return kNames[static_cast<size_t>(d.value_type())];
}

}  // namespace relata::query
