#include "graph/query/functions/value_type_name.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace relata::query {
namespace {

absl::string_view PlainName(const Datum& value) {
  switch (value.kind()) {
    case Datum::Kind::kNode:
      return "NODE";
    case Datum::Kind::kRelationship:
      return "RELATIONSHIP";
    case Datum::Kind::kPath:
      return "PATH";
    default:
      break;
  }
  switch (value.value_type()) {
    case ValueType::kInt64:
      return "INTEGER";
    case ValueType::kFloat64:
      return "FLOAT";
    case ValueType::kTime:
      return "ZONED TIME";
    case ValueType::kDateTime:
      return "ZONED DATETIME";
    default:
      return relata::ValueTypeName(value.value_type());
  }
}

}  // namespace

std::string ValueTypeNameOf(const Datum& value) {
  if (value.is_null()) return "NULL";
  if (!value.is_list()) return absl::StrCat(PlainName(value), " NOT NULL");
  std::set<std::string> elements;
  bool has_null = false;
  for (const Datum& element : value.AsList()) {
    if (element.is_null()) {
      has_null = true;
    } else {
      elements.insert(ValueTypeNameOf(element));
    }
  }
  std::string names = absl::StrJoin(elements, " | ");
  if (has_null) {
    // A union that admits null: none of its types says NOT NULL.
    const auto nullable = [](std::string* out, const std::string& name) {
      absl::StrAppend(out, name.substr(0, name.size() - absl::string_view(" NOT NULL").size()));
    };
    names = elements.empty() ? "NULL" : absl::StrJoin(elements, " | ", nullable);
  }
  if (names.empty()) names = "NOTHING";
  return absl::StrCat("LIST<", names, "> NOT NULL");
}

}  // namespace relata::query
