#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/functions/operators.h"
#include "tests/query/differential/naive_evaluator.h"

namespace relata::differential {
namespace {

Datum Count(size_t n) { return Datum::Int(static_cast<int64_t>(n)); }

}  // namespace

using query::Datum;
using query::Ternary;
using Kind = Expression::Kind;

absl::StatusOr<bool> NaiveEvaluator::Holds(const Expression& condition, const Row& row) {
  RELATA_ASSIGN_OR_RETURN(const Datum value, Evaluate(condition, row));
  RELATA_ASSIGN_OR_RETURN(const Ternary truth, query::ToTernary(value));
  return truth == Ternary::kTrue;
}

Datum NaiveEvaluator::PropertyOfEntity(const Datum& entity, const std::string& name) const {
  if (entity.is_null()) return Datum();
  const Properties& properties = entity.kind() == Datum::Kind::kNode
                                     ? graph_.Find(entity.AsNode()).properties
                                     : graph_.Find(entity.AsRelationship()).properties;
  const auto found = properties.find(name);
  return found == properties.end() ? Datum() : found->second;
}

absl::StatusOr<Datum> NaiveEvaluator::Evaluate(const Expression& e, const Row& row,
                                               const Rows* group) {
  switch (e.kind) {
    case Kind::kLiteral:
      return e.value;
    case Kind::kVariable: {
      const auto found = row.find(e.name);
      if (found == row.end()) return absl::InternalError(absl::StrCat(e.name, " is not in scope"));
      return found->second;
    }
    case Kind::kPattern:
    case Kind::kExists:
    case Kind::kCount:
      return EvaluateSubquery(e, row);
    case Kind::kAggregate:
      return EvaluateAggregate(e, *group);
    case Kind::kComprehension:
    case Kind::kAll:
    case Kind::kAny:
    case Kind::kNone:
    case Kind::kSingle:
      return EvaluateOverList(e, row, group);
    case Kind::kCase: {
      RELATA_ASSIGN_OR_RETURN(const Datum condition, Evaluate(e.operands[0], row, group));
      return Evaluate(e.operands[condition.is_true() ? 1 : 2], row, group);
    }
    default:
      break;
  }
  std::vector<Datum> values;
  for (const Expression& operand : e.operands) {
    RELATA_ASSIGN_OR_RETURN(Datum value, Evaluate(operand, row, group));
    values.push_back(std::move(value));
  }
  switch (e.kind) {
    case Kind::kProperty:
      return PropertyOfEntity(values[0], e.name);
    case Kind::kIsNull:
      return Datum::Bool(values[0].is_null());
    case Kind::kIsNotNull:
      return Datum::Bool(!values[0].is_null());
    case Kind::kList:
      return Datum::Of(Datum::List(values));
    case Kind::kCall:
      return EvaluateCall(e, values);
    case Kind::kBinary:
      return EvaluateBinary(e, values[0], values[1]);
    case Kind::kHasLabel: {
      if (values[0].is_null()) return Datum();
      const std::vector<std::string>& labels = graph_.Find(values[0].AsNode()).labels;
      return Datum::Bool(std::find(labels.begin(), labels.end(), e.name) != labels.end());
    }
    default:
      break;
  }
  if (e.name == "-") return query::Negate(values[0]);
  RELATA_ASSIGN_OR_RETURN(const Ternary truth, query::ToTernary(values[0]));
  return query::ToDatum(query::Not(truth));
}

absl::StatusOr<Datum> NaiveEvaluator::EvaluateBinary(const Expression& e, const Datum& a,
                                                     const Datum& b) {
  const std::string& name = e.name;
  if (name == "=") return query::ToDatum(query::Equals(a, b));
  if (name == "<>") return query::ToDatum(query::Not(query::Equals(a, b)));
  if (name == "<") return query::ToDatum(query::LessThan(a, b));
  if (name == "<=") return query::ToDatum(query::LessOrEqual(a, b));
  if (name == ">") return query::ToDatum(query::LessThan(b, a));
  if (name == ">=") return query::ToDatum(query::LessOrEqual(b, a));
  if (name == "IN") return query::In(a, b);
  if (name == "STARTS WITH") return query::StartsWith(a, b);
  if (name == "ENDS WITH") return query::EndsWith(a, b);
  if (name == "CONTAINS") return query::Contains(a, b);
  if (name == "+") return query::Add(a, b);
  if (name == "-") return query::Subtract(a, b);
  if (name == "*") return query::Multiply(a, b);
  RELATA_ASSIGN_OR_RETURN(const Ternary left, query::ToTernary(a));
  RELATA_ASSIGN_OR_RETURN(const Ternary right, query::ToTernary(b));
  if (name == "AND") return query::ToDatum(query::And(left, right));
  if (name == "OR") return query::ToDatum(query::Or(left, right));
  if (name == "XOR") return query::ToDatum(query::Xor(left, right));
  return absl::InternalError(absl::StrCat("no operator ", name));
}

absl::StatusOr<Datum> NaiveEvaluator::EvaluateCall(const Expression& e,
                                                   const std::vector<Datum>& args) {
  if (e.name == "coalesce") {
    for (const Datum& arg : args) {
      if (!arg.is_null()) return arg;
    }
    return Datum();
  }
  const Datum& arg = args[0];
  if (arg.is_null()) return Datum();
  if (e.name == "size" && arg.is_list()) return Count(arg.AsList().size());
  if (e.name == "size") return Count(arg.AsString().size());  // only ASCII is drawn
  if (e.name == "head") return arg.AsList().empty() ? Datum() : arg.AsList().front();
  if (e.name == "last") return arg.AsList().empty() ? Datum() : arg.AsList().back();
  if (e.name == "type") return Datum::String(graph_.Find(arg.AsRelationship()).type);
  if (e.name == "startNode") return graph_.nodes[graph_.Find(arg.AsRelationship()).from].value;
  if (e.name == "endNode") return graph_.nodes[graph_.Find(arg.AsRelationship()).to].value;
  if (e.name == "length") return Count(arg.AsPath().relationships.size());
  Datum::List list;
  if (e.name == "nodes") {
    for (const query::NodeRef& node : arg.AsPath().nodes) list.push_back(Datum::Of(node));
    return Datum::Of(std::move(list));
  }
  if (e.name == "relationships") {
    for (const auto& relationship : arg.AsPath().relationships) {
      list.push_back(Datum::Of(relationship));
    }
    return Datum::Of(std::move(list));
  }
  return absl::InternalError(absl::StrCat("no function ", e.name));
}

absl::StatusOr<Datum> NaiveEvaluator::EvaluateOverList(const Expression& e, const Row& row,
                                                       const Rows* group) {
  RELATA_ASSIGN_OR_RETURN(const Datum list, Evaluate(e.operands[0], row, group));
  if (list.is_null()) return Datum();
  Datum::List kept;
  int holds = 0;
  int unknown = 0;
  for (const Datum& item : list.AsList()) {
    Row inner = row;
    inner[e.name] = item;
    RELATA_ASSIGN_OR_RETURN(const Datum condition, Evaluate(e.operands[1], inner));
    unknown += condition.is_null() ? 1 : 0;
    if (!condition.is_true()) continue;
    ++holds;
    if (e.kind != Kind::kComprehension) continue;
    RELATA_ASSIGN_OR_RETURN(Datum mapped, Evaluate(e.operands[2], inner));
    kept.push_back(std::move(mapped));
  }
  const int items = static_cast<int>(list.AsList().size());
  switch (e.kind) {
    case Kind::kComprehension:
      return Datum::Of(std::move(kept));
    case Kind::kAll:
      if (holds + unknown < items) return Datum::Bool(false);
      return unknown > 0 ? Datum() : Datum::Bool(true);
    case Kind::kAny:
      if (holds > 0) return Datum::Bool(true);
      return unknown > 0 ? Datum() : Datum::Bool(false);
    case Kind::kNone:
      if (holds > 0) return Datum::Bool(false);
      return unknown > 0 ? Datum() : Datum::Bool(true);
    default:
      break;  // single
  }
  if (holds > 1) return Datum::Bool(false);
  return unknown > 0 ? Datum() : Datum::Bool(holds == 1);
}

absl::StatusOr<Datum> NaiveEvaluator::EvaluateSubquery(const Expression& e, const Row& row) {
  int64_t found = 0;
  RELATA_RETURN_IF_ERROR(MatchPatterns(e.patterns, row, [&](const Row& match) -> absl::Status {
    bool holds = true;
    if (!e.operands.empty()) {
      RELATA_ASSIGN_OR_RETURN(holds, Holds(e.operands[0], match));
    }
    found += holds ? 1 : 0;
    return absl::OkStatus();
  }));
  return e.kind == Kind::kCount ? Datum::Int(found) : Datum::Bool(found > 0);
}

absl::StatusOr<Datum> NaiveEvaluator::EvaluateAggregate(const Expression& e, const Rows& group) {
  if (e.operands.empty()) return Datum::Int(static_cast<int64_t>(group.size()));
  Datum::List values;
  for (const Row& row : group) {
    RELATA_ASSIGN_OR_RETURN(Datum value, Evaluate(e.operands[0], row));
    if (value.is_null()) continue;
    const bool repeated =
        e.distinct && std::any_of(values.begin(), values.end(), [&](const Datum& other) {
          return query::EquivalentData(value, other);
        });
    if (!repeated) values.push_back(std::move(value));
  }
  if (e.name == "count") return Datum::Int(static_cast<int64_t>(values.size()));
  if (e.name == "collect") return Datum::Of(std::move(values));
  if (e.name == "min" || e.name == "max") {
    if (values.empty()) return Datum();
    const auto less = [](const Datum& a, const Datum& b) { return query::CompareOrder(a, b) < 0; };
    return e.name == "min" ? *std::min_element(values.begin(), values.end(), less)
                           : *std::max_element(values.begin(), values.end(), less);
  }
  Datum sum = Datum::Int(0);
  for (const Datum& value : values) {
    RELATA_ASSIGN_OR_RETURN(sum, query::Add(sum, value));
  }
  if (e.name == "sum") return sum;
  if (e.name != "avg") return absl::InternalError(absl::StrCat("no aggregate ", e.name));
  if (values.empty()) return Datum();
  return query::Divide(sum, Datum::Float(static_cast<double>(values.size())));
}

}  // namespace relata::differential
