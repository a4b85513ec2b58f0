#include "tests/query/differential/query_model.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace relata::differential {
namespace {

using query::Datum;

using Kind = Expression::Kind;

std::string Literal(const Datum& value) {
  switch (value.kind()) {
    case Datum::Kind::kNull:
      return "null";
    case Datum::Kind::kBool:
      return value.AsBool() ? "true" : "false";
    case Datum::Kind::kInt:
      return absl::StrCat(value.AsInt());
    case Datum::Kind::kFloat: {
      const std::string text = absl::StrCat(value.AsFloat());
      return text.find('.') == std::string::npos ? absl::StrCat(text, ".0") : text;
    }
    case Datum::Kind::kString:
      return absl::StrCat("'", value.AsString(), "'");
    default:
      break;
  }
  std::vector<std::string> items;
  for (const Datum& item : value.AsList()) items.push_back(Literal(item));
  return absl::StrCat("[", absl::StrJoin(items, ", "), "]");
}

std::string Joined(const std::vector<Expression>& expressions) {
  return absl::StrJoin(expressions, ", ", [](std::string* out, const Expression& e) {
    absl::StrAppend(out, ToText(e));
  });
}

std::string Joined(const std::vector<Pattern>& patterns) {
  return absl::StrJoin(patterns, ", ",
                       [](std::string* out, const Pattern& p) { absl::StrAppend(out, ToText(p)); });
}

std::string PropertiesText(const std::vector<std::pair<std::string, Expression>>& properties) {
  if (properties.empty()) return "";
  return absl::StrCat(" {",
                      absl::StrJoin(properties, ", ",
                                    [](std::string* out, const auto& entry) {
                                      absl::StrAppend(out, entry.first, ": ", ToText(entry.second));
                                    }),
                      "}");
}

std::string NodeText(const NodePattern& node) {
  std::string text = absl::StrCat("(", node.variable);
  for (const std::string& label : node.labels) absl::StrAppend(&text, ":", label);
  return absl::StrCat(text, PropertiesText(node.properties), ")");
}

std::string HopText(const HopPattern& hop) {
  std::string inner = hop.variable;
  if (!hop.types.empty()) absl::StrAppend(&inner, ":", absl::StrJoin(hop.types, "|"));
  if (hop.min) absl::StrAppend(&inner, "*", *hop.min, "..", *hop.max);
  absl::StrAppend(&inner, PropertiesText(hop.properties));
  return absl::StrCat(hop.direction == HopPattern::Direction::kLeft ? "<-[" : "-[", inner,
                      hop.direction == HopPattern::Direction::kRight ? "]->" : "]-");
}

std::string SubqueryText(const Expression& e) {
  return absl::StrCat("{ MATCH ", Joined(e.patterns),
                      e.operands.empty() ? "" : absl::StrCat(" WHERE ", ToText(e.operands[0])),
                      " }");
}

std::string QuantifierText(const char* word, const Expression& e) {
  return absl::StrCat(word, "(", e.name, " IN ", ToText(e.operands[0]), " WHERE ",
                      ToText(e.operands[1]), ")");
}

std::string ProjectionText(const Projection& projection) {
  std::string text = projection.distinct ? "DISTINCT " : "";
  absl::StrAppend(&text,
                  absl::StrJoin(projection.items, ", ", [](std::string* out, const auto& item) {
                    absl::StrAppend(out, ToText(item.first), " AS ", item.second);
                  }));
  if (!projection.order.empty()) {
    absl::StrAppend(
        &text, " ORDER BY ",
        absl::StrJoin(projection.order, ", ", [](std::string* out, const SortItem& item) {
          absl::StrAppend(out, ToText(item.expression), item.descending ? " DESC" : "");
        }));
  }
  if (projection.skip) absl::StrAppend(&text, " SKIP ", *projection.skip);
  if (projection.limit) absl::StrAppend(&text, " LIMIT ", *projection.limit);
  return text;
}

std::string ClauseText(const Clause& clause) {
  const std::string where = clause.where ? absl::StrCat(" WHERE ", ToText(*clause.where)) : "";
  switch (clause.kind) {
    case Clause::Kind::kMatch:
      return absl::StrCat("MATCH ", Joined(clause.patterns), where);
    case Clause::Kind::kOptionalMatch:
      return absl::StrCat("OPTIONAL MATCH ", Joined(clause.patterns), where);
    case Clause::Kind::kUnwind:
      return absl::StrCat("UNWIND ", ToText(clause.list), " AS ", clause.variable);
    case Clause::Kind::kWith:
      return absl::StrCat("WITH ", ProjectionText(clause.projection), where);
    case Clause::Kind::kReturn:
      break;
  }
  return absl::StrCat("RETURN ", ProjectionText(clause.projection));
}

}  // namespace

std::string ToText(const Expression& e) {
  switch (e.kind) {
    case Kind::kLiteral:
      return Literal(e.value);
    case Kind::kVariable:
      return e.name;
    case Kind::kProperty:
      return absl::StrCat(ToText(e.operands[0]), ".", e.name);
    case Kind::kUnary:
      return absl::StrCat("(", e.name, " ", ToText(e.operands[0]), ")");
    case Kind::kIsNull:
      return absl::StrCat("(", ToText(e.operands[0]), " IS NULL)");
    case Kind::kIsNotNull:
      return absl::StrCat("(", ToText(e.operands[0]), " IS NOT NULL)");
    case Kind::kBinary:
      return absl::StrCat("(", ToText(e.operands[0]), " ", e.name, " ", ToText(e.operands[1]), ")");
    case Kind::kHasLabel:
      return absl::StrCat("(", ToText(e.operands[0]), ":", e.name, ")");
    case Kind::kList:
      return absl::StrCat("[", Joined(e.operands), "]");
    case Kind::kCall:
      return absl::StrCat(e.name, "(", Joined(e.operands), ")");
    case Kind::kCase:
      return absl::StrCat("CASE WHEN ", ToText(e.operands[0]), " THEN ", ToText(e.operands[1]),
                          " ELSE ", ToText(e.operands[2]), " END");
    case Kind::kComprehension:
      return absl::StrCat("[", e.name, " IN ", ToText(e.operands[0]), " WHERE ",
                          ToText(e.operands[1]), " | ", ToText(e.operands[2]), "]");
    case Kind::kAll:
      return QuantifierText("all", e);
    case Kind::kAny:
      return QuantifierText("any", e);
    case Kind::kNone:
      return QuantifierText("none", e);
    case Kind::kSingle:
      return QuantifierText("single", e);
    case Kind::kPattern:
      return ToText(e.patterns[0]);
    case Kind::kExists:
      return absl::StrCat("EXISTS ", SubqueryText(e));
    case Kind::kCount:
      return absl::StrCat("COUNT ", SubqueryText(e));
    case Kind::kAggregate:
      break;
  }
  if (e.operands.empty()) return absl::StrCat(e.name, "(*)");
  return absl::StrCat(e.name, "(", e.distinct ? "DISTINCT " : "", ToText(e.operands[0]), ")");
}

std::string ToText(const Pattern& pattern) {
  std::string text = pattern.variable.empty() ? "" : absl::StrCat(pattern.variable, " = ");
  absl::StrAppend(&text, NodeText(pattern.nodes[0]));
  for (size_t i = 0; i < pattern.hops.size(); ++i) {
    absl::StrAppend(&text, HopText(pattern.hops[i]), NodeText(pattern.nodes[i + 1]));
  }
  return text;
}

std::string ToText(const Query& query) {
  return absl::StrJoin(query.parts, query.union_all ? "\nUNION ALL\n" : "\nUNION\n",
                       [](std::string* out, const SingleQuery& part) {
                         absl::StrAppend(out, absl::StrJoin(part.clauses, "\n",
                                                            [](std::string* text, const Clause& c) {
                                                              absl::StrAppend(text, ClauseText(c));
                                                            }));
                       });
}

bool HasAggregate(const Expression& expression) {
  if (expression.kind == Expression::Kind::kAggregate) return true;
  for (const Expression& operand : expression.operands) {
    if (HasAggregate(operand)) return true;
  }
  return false;
}

}  // namespace relata::differential
