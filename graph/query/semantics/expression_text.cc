#include <limits>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "graph/query/semantics/bound_text.h"
#include "graph/query/semantics/bound_text_writer.h"

namespace relata::query {
namespace {

// In the order of BoundKind; empty where the text has a form of its own.
constexpr absl::string_view kOperators[] = {
    "",
    "",
    "",
    "",
    "element",
    "slice",
    "not",
    "and",
    "or",
    "xor",
    "negate",
    "equal",
    "not_equal",
    "less",
    "less_or_equal",
    "greater",
    "greater_or_equal",
    "add",
    "subtract",
    "multiply",
    "divide",
    "modulo",
    "power",
    "concat",
    "in",
    "starts_with",
    "ends_with",
    "contains",
    "matches",
    "is_null",
    "is_not_null",
};

constexpr absl::string_view kQuantifiers[] = {"all", "any", "none", "single"};

}  // namespace

std::string BoundTextWriter::Name(VariableId variable) const {
  if (variable == kNoVariable) return "-";
  const Variable& v = statement_.variables[variable];
  return absl::StrCat(v.named ? v.name : "", "@", variable);
}

std::string BoundTextWriter::Names(const std::vector<VariableId>& variables) const {
  return absl::StrJoin(variables, ", ", [this](std::string* out, VariableId variable) {
    absl::StrAppend(out, Name(variable));
  });
}

std::string BoundTextWriter::List(const std::vector<BoundExprPtr>& expressions) {
  std::vector<std::string> texts;
  texts.reserve(expressions.size());
  for (const BoundExprPtr& e : expressions) texts.push_back(e ? Text(*e) : "-");
  return absl::StrJoin(texts, ", ");
}

std::string BoundTextWriter::Labels(const BoundLabels& labels) {
  using Kind = BoundLabels::Kind;
  std::vector<std::string> parts;
  for (const BoundLabels& part : labels.args) parts.push_back(Labels(part));
  switch (labels.kind) {
    case Kind::kName:
      return labels.name;
    case Kind::kAnd:
      return absl::StrCat("(", absl::StrJoin(parts, "&"), ")");
    case Kind::kOr:
      return absl::StrCat("(", absl::StrJoin(parts, "|"), ")");
    case Kind::kNot:
      return absl::StrCat("!", absl::StrJoin(parts, ""));
    case Kind::kWildcard:
      return "%";
    case Kind::kDynamic:
      break;
  }
  return absl::StrCat(labels.any ? "$any(" : "$(", Text(*labels.dynamic), ")");
}

std::string BoundTextWriter::MapText(const BoundExpr& e) {
  std::vector<std::string> texts;
  for (size_t i = 0; i < e.keys.size(); ++i) {
    texts.push_back(absl::StrCat(e.keys[i], ": ", Text(*e.args[i])));
  }
  return absl::StrCat("{", absl::StrJoin(texts, ", "), "}");
}

std::string BoundTextWriter::SubqueryText(const BoundSubquery& subquery) {
  constexpr absl::string_view kNames[] = {"exists", "count", "collect", "first"};
  // The query itself follows the clause, under this number.
  subqueries_.push_back(subquery.query.get());
  return absl::StrCat(kNames[static_cast<size_t>(subquery.kind)], "(#", subqueries_.size(),
                      subquery.imports.empty() ? "" : " imports ", Names(subquery.imports), ")");
}

std::string BoundTextWriter::Text(const BoundExpr& e) {
  switch (e.kind) {
    case BoundKind::kLiteral:
      return e.literal.is_string() ? absl::StrCat("'", e.literal.AsString(), "'")
                                   : e.literal.ToString();
    case BoundKind::kParameter:
      return absl::StrCat("$", e.name);
    case BoundKind::kVariable:
      return Name(e.variable);
    case BoundKind::kProperty:
      return absl::StrCat(Text(*e.args[0]), ".", e.name);
    case BoundKind::kHasLabels:
      return absl::StrCat(Text(*e.args[0]), ":", Labels(*e.labels));
    case BoundKind::kIsTyped:
      return absl::StrCat(Text(*e.args[0]), " :: ", e.name);
    case BoundKind::kFunction:
      return absl::StrCat(e.function->name, "(", List(e.args), ")");
    case BoundKind::kCase:
      return absl::StrCat("case(", List(e.args), ")");
    case BoundKind::kList:
      return absl::StrCat("[", List(e.args), "]");
    case BoundKind::kMap:
      return MapText(e);
    case BoundKind::kMapMerge:
      return absl::StrCat("merge(", List(e.args), ")");
    case BoundKind::kListComprehension:
      return absl::StrCat("for(", Name(e.variable), "; ", List(e.args), ")");
    case BoundKind::kQuantifier:
      return absl::StrCat(kQuantifiers[static_cast<size_t>(e.quantifier)], "(", Name(e.variable),
                          "; ", List(e.args), ")");
    case BoundKind::kReduce:
      return absl::StrCat("reduce(", Name(e.accumulator), ", ", Name(e.variable), "; ",
                          List(e.args), ")");
    case BoundKind::kPath:
      return absl::StrCat("path(", Names(e.elements), ")");
    case BoundKind::kSubquery:
      return SubqueryText(*e.subquery);
    default:
      break;
  }
  return absl::StrCat(kOperators[static_cast<size_t>(e.kind)], "(", List(e.args), ")");
}

}  // namespace relata::query
