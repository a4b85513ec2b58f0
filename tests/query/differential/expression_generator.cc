#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/query/differential/query_generator.h"

namespace relata::differential {

using query::Datum;
using Kind = Expression::Kind;

namespace {

Expression Make(Kind kind, std::string name, std::vector<Expression> operands = {}) {
  Expression e;
  e.kind = kind;
  e.name = std::move(name);
  e.operands = std::move(operands);
  return e;
}

Expression Constant(Datum value) {
  Expression e;
  e.value = std::move(value);
  return e;
}

}  // namespace

std::string ExpressionGenerator::NewName(const char* prefix) {
  return absl::StrCat(prefix, next_name_++);
}

std::vector<std::string> ExpressionGenerator::Names(DrawnType type) const {
  std::vector<std::string> names;
  for (const DrawnVariable& variable : scope_) {
    if (variable.type == type) names.push_back(variable.name);
  }
  return names;
}

DrawnType ExpressionGenerator::DrawScalarType() {
  return PickOne<DrawnType>(
      random_, {DrawnType::kInteger, DrawnType::kInteger, DrawnType::kFloat, DrawnType::kString,
                DrawnType::kBoolean, DrawnType::kIntegers, DrawnType::kMixed});
}

Expression ExpressionGenerator::Draw(DrawnType type, int depth) {
  const std::vector<std::string> names = Names(type);
  const bool only_variables = type >= DrawnType::kRelationship;
  if (!names.empty() && (only_variables || OneIn(random_, 3))) {
    return Make(Kind::kVariable, PickOne(random_, names));
  }
  switch (type) {
    case DrawnType::kInteger:
      return Integer(depth);
    case DrawnType::kFloat:
      return Float(depth);
    case DrawnType::kString:
      return String(depth);
    case DrawnType::kBoolean:
      return Boolean(depth);
    case DrawnType::kIntegers:
      return Integers(depth);
    case DrawnType::kMixed:
      return OneIn(random_, 3) ? Draw(DrawScalarType(), 0) : Property("m");
    case DrawnType::kNode:
      return Node(depth);
    default:
      return Constant(Datum());
  }
}

Expression ExpressionGenerator::Literal(DrawnType type) {
  if (OneIn(random_, 15)) return Constant(Datum());
  switch (type) {
    case DrawnType::kInteger:
      return Constant(Datum::Int(Below(random_, 6) - 1));
    case DrawnType::kFloat:
      return Constant(Datum::Float(Below(random_, 7) * 0.5));
    case DrawnType::kString:
      return Constant(Datum::String(PickOne<std::string>(random_, {"a", "b", "ab", ""})));
    case DrawnType::kBoolean:
      return Constant(Datum::Bool(OneIn(random_, 2)));
    default:
      break;
  }
  Datum::List list;
  for (int n = Below(random_, 5); n > 0; --n) {
    list.push_back(OneIn(random_, 8) ? Datum() : Datum::Int(Below(random_, 5)));
  }
  return Constant(Datum::Of(std::move(list)));
}

Expression ExpressionGenerator::Property(const char* property) {
  std::vector<std::string> owners = Names(DrawnType::kNode);
  for (std::string& name : Names(DrawnType::kRelationship)) owners.push_back(std::move(name));
  if (owners.empty()) {
    static const std::map<char, DrawnType> kTypes = {
        {'i', DrawnType::kInteger}, {'f', DrawnType::kFloat},    {'s', DrawnType::kString},
        {'b', DrawnType::kBoolean}, {'l', DrawnType::kIntegers}, {'m', DrawnType::kInteger}};
    return Literal(kTypes.at(*property));
  }
  return Make(Kind::kProperty, property, {Make(Kind::kVariable, PickOne(random_, owners))});
}

std::pair<std::string, Expression> ExpressionGenerator::DrawPropertyFilter() {
  static const std::pair<const char*, DrawnType> kFilters[] = {
      {"i", DrawnType::kInteger}, {"i", DrawnType::kInteger}, {"f", DrawnType::kFloat},
      {"s", DrawnType::kString},  {"b", DrawnType::kBoolean}, {"m", DrawnType::kInteger}};
  const auto& [name, type] = kFilters[Below(random_, std::size(kFilters))];
  return {name, OneIn(random_, 4) ? Draw(type, 0) : Literal(type)};
}

Expression ExpressionGenerator::Integer(int depth) {
  if (depth == 0) return OneIn(random_, 3) ? Literal(DrawnType::kInteger) : Property("i");
  switch (Below(random_, 12)) {
    case 0:
      return Make(Kind::kBinary, PickOne<std::string>(random_, {"+", "-", "*"}),
                  {Integer(depth - 1), Integer(depth - 1)});
    case 1:
      return Make(Kind::kUnary, "-", {Integer(depth - 1)});
    case 2:
      return Make(Kind::kCall, "size", {Integers(depth - 1)});
    case 3:
      return Make(Kind::kCall, "coalesce", {Property("i"), Literal(DrawnType::kInteger)});
    case 4:
      return Make(Kind::kCase, "", {Boolean(depth - 1), Integer(depth - 1), Integer(depth - 1)});
    case 5:
      return Make(Kind::kCall, "head", {Integers(depth - 1)});
    case 6:
      return subqueries_ > 0 ? Property("i") : Subquery(Kind::kCount);
    case 7:
      for (const DrawnType list : {DrawnType::kNodeBag, DrawnType::kWalk}) {
        if (const auto names = Names(list); !names.empty()) {
          return Make(Kind::kCall, "size", {Make(Kind::kVariable, PickOne(random_, names))});
        }
      }
      [[fallthrough]];
    case 8:
      if (const auto paths = Names(DrawnType::kPath); !paths.empty()) {
        return Make(Kind::kCall, "length", {Make(Kind::kVariable, PickOne(random_, paths))});
      }
      [[fallthrough]];
    default:
      return Property("i");
  }
}

Expression ExpressionGenerator::Float(int depth) {
  if (depth > 0 && OneIn(random_, 3)) {
    return Make(Kind::kBinary, "+", {Float(depth - 1), Integer(depth - 1)});
  }
  return OneIn(random_, 4) ? Literal(DrawnType::kFloat) : Property("f");
}

Expression ExpressionGenerator::String(int depth) {
  if (depth > 0 && OneIn(random_, 4)) {
    return Make(Kind::kBinary, "+", {String(depth - 1), String(depth - 1)});
  }
  if (const auto names = Names(DrawnType::kRelationship); !names.empty() && OneIn(random_, 3)) {
    return Make(Kind::kCall, "type", {Make(Kind::kVariable, PickOne(random_, names))});
  }
  return OneIn(random_, 4) ? Literal(DrawnType::kString) : Property("s");
}

Expression ExpressionGenerator::Integers(int depth) {
  if (depth > 0 && OneIn(random_, 3)) {
    const std::string item = NewName("x");
    const Expression list = Integers(depth - 1);
    scope_.push_back({item, DrawnType::kInteger});
    const Expression condition = Comparison(0);
    const Expression mapped = Draw(DrawnType::kInteger, depth - 1);
    scope_.pop_back();
    return Make(Kind::kComprehension, item, {list, condition, mapped});
  }
  if (depth > 0 && OneIn(random_, 4)) {
    return Make(Kind::kList, "", {Integer(depth - 1), Integer(depth - 1)});
  }
  return OneIn(random_, 2) ? Literal(DrawnType::kIntegers) : Property("l");
}

Expression ExpressionGenerator::Node(int depth) {
  const std::vector<std::string> links = Names(DrawnType::kRelationship);
  const std::vector<std::string> paths = Names(DrawnType::kPath);
  if (!links.empty() && OneIn(random_, 4)) {
    return Make(Kind::kCall, OneIn(random_, 2) ? "startNode" : "endNode",
                {Make(Kind::kVariable, PickOne(random_, links))});
  }
  if (!paths.empty() && OneIn(random_, 3)) {
    return Make(Kind::kCall, OneIn(random_, 2) ? "head" : "last",
                {Make(Kind::kCall, "nodes", {Make(Kind::kVariable, PickOne(random_, paths))})});
  }
  const std::vector<std::string> nodes = Names(DrawnType::kNode);
  if (nodes.empty()) return Constant(Datum());
  Expression node = Make(Kind::kVariable, PickOne(random_, nodes));
  if (depth == 0 || !OneIn(random_, 6)) return node;
  return Make(Kind::kCall, "coalesce", {node, Make(Kind::kVariable, PickOne(random_, nodes))});
}

Expression ExpressionGenerator::Comparison(int depth) {
  static const std::vector<std::string> kComparisons = {"=", "<>", "<", "<=", ">", ">="};
  const DrawnType type = PickOne<DrawnType>(
      random_, {DrawnType::kInteger, DrawnType::kInteger, DrawnType::kString, DrawnType::kFloat});
  const Expression left = OneIn(random_, 6) ? Property("m") : Draw(type, depth);
  return Make(Kind::kBinary, PickOne(random_, kComparisons),
              {left, OneIn(random_, 2) ? Literal(type) : Draw(type, depth)});
}

Expression ExpressionGenerator::DrawCondition(int depth) { return Boolean(depth, true); }

Expression ExpressionGenerator::Boolean(int depth, bool pattern) {
  if (depth > 0 && OneIn(random_, 3)) {
    if (OneIn(random_, 3)) return Make(Kind::kUnary, "NOT", {Boolean(depth - 1, pattern)});
    return Make(Kind::kBinary, PickOne<std::string>(random_, {"AND", "AND", "OR", "OR", "XOR"}),
                {Boolean(depth - 1, pattern), Boolean(depth - 1, pattern)});
  }
  return Atom(depth, pattern);
}

Expression ExpressionGenerator::Atom(int depth, bool pattern) {
  const int below = depth > 0 ? depth - 1 : 0;
  const std::vector<std::string> nodes = Names(DrawnType::kNode);
  switch (Below(random_, 14)) {
    case 0:
      return Property("b");
    case 1:
      return Make(OneIn(random_, 2) ? Kind::kIsNull : Kind::kIsNotNull, "",
                  {Draw(DrawScalarType(), below)});
    case 2:
      return Make(Kind::kBinary, "IN", {Integer(below), Integers(below)});
    case 3:
      return Make(Kind::kBinary,
                  PickOne<std::string>(random_, {"STARTS WITH", "ENDS WITH", "CONTAINS"}),
                  {String(below), Literal(DrawnType::kString)});
    case 4:
    case 5:
      if (nodes.empty()) break;
      return Make(Kind::kHasLabel, PickOne<std::string>(random_, {"A", "B", "C", "D"}),
                  {Make(Kind::kVariable, PickOne(random_, nodes))});
    case 6:
      if (nodes.empty()) break;
      return Make(Kind::kBinary, OneIn(random_, 3) ? "=" : "<>", {Node(below), Node(below)});
    case 7:
      if (nodes.empty() || !pattern) break;
      return PatternPredicate();
    case 8:
      if (subqueries_ > 0) break;
      return Subquery(Kind::kExists);
    case 9: {
      if (depth == 0) break;
      const Expression list = Integers(below);
      const std::string item = NewName("x");
      scope_.push_back({item, DrawnType::kInteger});
      const Expression condition = Comparison(0);
      scope_.pop_back();
      return Make(PickOne<Kind>(random_, {Kind::kAll, Kind::kAny, Kind::kNone, Kind::kSingle}),
                  item, {list, condition});
    }
    case 10:
      if (const auto bags = Names(DrawnType::kNodeBag); !bags.empty() && !nodes.empty()) {
        return Make(Kind::kBinary, "IN", {Node(0), Make(Kind::kVariable, PickOne(random_, bags))});
      }
      break;
    case 11:
      if (OneIn(random_, 4)) return Literal(DrawnType::kBoolean);
      break;
    default:
      break;
  }
  return Comparison(below);
}

Expression ExpressionGenerator::PatternPredicate() {
  Expression e = Make(Kind::kPattern, "");
  Pattern pattern;
  const std::vector<std::string> nodes = Names(DrawnType::kNode);
  const int hops = 1 + Below(random_, 2);
  for (int place = 0; place <= hops; ++place) {
    NodePattern node;
    if (place == 0 || OneIn(random_, 3)) node.variable = PickOne(random_, nodes);
    if (OneIn(random_, 4)) node.labels = {PickOne<std::string>(random_, {"A", "B", "C"})};
    if (place > 0) {
      HopPattern hop = DrawHop(true);
      hop.variable.clear();
      pattern.hops.push_back(std::move(hop));
    }
    pattern.nodes.push_back(std::move(node));
  }
  e.patterns.push_back(std::move(pattern));
  return e;
}

Expression ExpressionGenerator::Subquery(Kind kind) {
  Expression e = Make(kind, "");
  const std::vector<DrawnVariable> outer = scope_;
  const std::set<std::string> taken = std::exchange(taken_, {});
  ++subqueries_;
  e.patterns.push_back(DrawPattern(2, false));
  if (OneIn(random_, 2)) e.operands.push_back(DrawCondition(1));
  --subqueries_;
  taken_ = taken;
  scope_ = outer;
  return e;
}

Expression ExpressionGenerator::DrawAggregate(DrawnType* type, bool scalars_only) {
  const int which = Below(random_, scope_.empty() ? 2 : 10);
  *type = DrawnType::kInteger;
  if (which == 0) return Make(Kind::kAggregate, "count");
  if (which == 1) {
    return Make(Kind::kBinary, "+", {Make(Kind::kAggregate, "count"), Constant(Datum::Int(1))});
  }
  Expression e = Make(Kind::kAggregate, "count");
  e.distinct = OneIn(random_, 3);
  const bool has_nodes = !Names(DrawnType::kNode).empty();
  if (which <= 4) {
    e.operands = {has_nodes && OneIn(random_, 2) ? Node(0) : Draw(DrawScalarType(), 1)};
  } else if (which == 5 && has_nodes && !scalars_only) {
    *type = DrawnType::kNodeBag;
    e.name = "collect";
    e.operands = {Node(0)};
  } else if (which <= 7) {
    const bool real = OneIn(random_, 2);
    e.name = OneIn(random_, 2) ? "sum" : "avg";
    e.operands = {Draw(real ? DrawnType::kFloat : DrawnType::kInteger, 1)};
    if (real || e.name == "avg") *type = DrawnType::kFloat;
  } else {
    *type =
        PickOne<DrawnType>(random_, {DrawnType::kInteger, DrawnType::kFloat, DrawnType::kString});
    e.name = OneIn(random_, 2) ? "min" : "max";
    e.operands = {Draw(*type, 1)};
  }
  return e;
}

}  // namespace relata::differential
