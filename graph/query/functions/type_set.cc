#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "graph/query/functions/function.h"

namespace relata::query {
namespace {

struct NamedBit {
  TypeSet bit;
  absl::string_view name;
};
constexpr NamedBit kBits[] = {
    {types::kNull, "Null"},         {types::kBool, "Boolean"},
    {types::kInt, "Integer"},       {types::kFloat, "Float"},
    {types::kDecimal, "Decimal"},   {types::kMoney, "Money"},
    {types::kString, "String"},     {types::kBytes, "Bytes"},
    {types::kDate, "Date"},         {types::kLocalTime, "LocalTime"},
    {types::kTime, "Time"},         {types::kLocalDateTime, "LocalDateTime"},
    {types::kDateTime, "DateTime"}, {types::kDuration, "Duration"},
    {types::kList, "List"},         {types::kMap, "Map"},
    {types::kNode, "Node"},         {types::kRelationship, "Relationship"},
    {types::kPath, "Path"},
};

TypeSet OfScalar(ValueType type) {
  switch (type) {
    case ValueType::kInt64:
      return types::kInt;
    case ValueType::kFloat64:
      return types::kFloat;
    case ValueType::kDecimal:
      return types::kDecimal;
    case ValueType::kMoney:
      return types::kMoney;
    case ValueType::kBytes:
      return types::kBytes;
    case ValueType::kDate:
      return types::kDate;
    case ValueType::kLocalTime:
      return types::kLocalTime;
    case ValueType::kTime:
      return types::kTime;
    case ValueType::kLocalDateTime:
      return types::kLocalDateTime;
    case ValueType::kDateTime:
      return types::kDateTime;
    case ValueType::kDuration:
      return types::kDuration;
    default:
      return types::kNull;
  }
}

}  // namespace

std::string TypeSetName(TypeSet set) {
  if (set == types::kAny || set == (types::kAny & ~types::kNull)) return "Any";
  // Null is understood among others.
  if (set != types::kNull) set &= ~types::kNull;
  std::vector<absl::string_view> names;
  for (const NamedBit& named : kBits) {
    if ((set & named.bit) != 0) names.push_back(named.name);
  }
  return names.empty() ? "nothing" : absl::StrJoin(names, " or ");
}

TypeSet TypeSetOf(const Datum& d) {
  switch (d.kind()) {
    case Datum::Kind::kNull:
      return types::kNull;
    case Datum::Kind::kBool:
      return types::kBool;
    case Datum::Kind::kInt:
      return types::kInt;
    case Datum::Kind::kFloat:
      return types::kFloat;
    case Datum::Kind::kString:
      return types::kString;
    case Datum::Kind::kScalar:
      return OfScalar(d.AsScalar().type());
    case Datum::Kind::kList:
      return types::kList;
    case Datum::Kind::kMap:
      return types::kMap;
    case Datum::Kind::kNode:
      return types::kNode;
    case Datum::Kind::kRelationship:
      return types::kRelationship;
    case Datum::Kind::kPath:
      return types::kPath;
  }
  return types::kNull;
}

}  // namespace relata::query
