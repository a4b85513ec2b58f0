#include "tests/query/differential/query_generator.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

namespace relata::differential {

using query::Datum;

NodePattern ExpressionGenerator::DrawNode() {
  NodePattern node;
  const std::vector<std::string> known = Names(DrawnType::kNode);
  if (!known.empty() && OneIn(random_, 2)) {
    node.variable = PickOne(random_, known);
  } else if (!OneIn(random_, 4)) {
    node.variable = NewName("n");
  }
  if (OneIn(random_, 4)) node.labels = {PickOne<std::string>(random_, {"A", "B", "C"})};
  if (!node.labels.empty() && OneIn(random_, 10)) node.labels.emplace_back("D");
  if (OneIn(random_, 14)) node.properties.push_back(DrawPropertyFilter());
  return node;
}

HopPattern ExpressionGenerator::DrawHop(bool may_walk) {
  HopPattern hop;
  static const std::vector<HopPattern::Direction> kDirections = {
      HopPattern::Direction::kRight, HopPattern::Direction::kLeft, HopPattern::Direction::kBoth};
  hop.direction = PickOne(random_, kDirections);
  if (OneIn(random_, 2)) hop.types = {PickOne<std::string>(random_, {"R", "S", "T"})};
  if (!hop.types.empty() && OneIn(random_, 3)) hop.types.emplace_back("R");
  if (hop.types.size() == 2 && hop.types[0] == "R") hop.types.pop_back();
  if (OneIn(random_, 20)) hop.properties.push_back(DrawPropertyFilter());
  if (may_walk && OneIn(random_, 4)) {
    hop.min = Below(random_, 3);
    hop.max = *hop.min + Below(random_, 3);
    if (OneIn(random_, 2)) hop.variable = NewName("w");
    return hop;
  }
  if (OneIn(random_, 2)) {
    hop.variable = NewName("r");
    std::vector<std::string> known;
    for (std::string& name : Names(DrawnType::kRelationship)) {
      if (!taken_.contains(name)) known.push_back(std::move(name));
    }
    if (!known.empty() && OneIn(random_, 6)) hop.variable = PickOne(random_, known);
    taken_.insert(hop.variable);
  }
  return hop;
}

Pattern ExpressionGenerator::DrawPattern(int most_hops, bool named) {
  const auto learn = [&](const std::string& name, DrawnType type) {
    if (name.empty()) return;
    for (const DrawnVariable& variable : scope_) {
      if (variable.name == name) return;
    }
    scope_.push_back({name, type});
  };
  Pattern pattern;
  const int hops = std::min(Below(random_, most_hops + 1), Below(random_, most_hops + 2));
  bool may_walk = true;
  // What a property map may name is what was bound before the clause, so new variables are learnt
  // only when the patterns are whole; a repeated node is drawn from those of before, too.
  pattern.nodes.push_back(DrawNode());
  for (int i = 0; i < hops; ++i) {
    pattern.hops.push_back(DrawHop(may_walk));
    may_walk = may_walk && !pattern.hops.back().min;
    NodePattern next = DrawNode();
    if (OneIn(random_, 8)) next.variable = pattern.nodes[0].variable;  // a circle
    pattern.nodes.push_back(std::move(next));
  }
  for (const NodePattern& node : pattern.nodes) learn(node.variable, DrawnType::kNode);
  for (const HopPattern& hop : pattern.hops) {
    learn(hop.variable, hop.min ? DrawnType::kWalk : DrawnType::kRelationship);
  }
  if (named && OneIn(random_, 4)) {
    pattern.variable = NewName("p");
    learn(pattern.variable, DrawnType::kPath);
  }
  return pattern;
}

std::vector<Pattern> ExpressionGenerator::DrawPatterns(int most) {
  taken_.clear();
  std::vector<Pattern> patterns;
  const int count = OneIn(random_, 3) ? 1 + Below(random_, most) : 1;
  for (int i = 0; i < count; ++i) {
    Pattern pattern = DrawPattern(i == 0 ? 3 : 1, true);
    if (i > 0) {  // its property maps may only name what was bound before the clause
      const auto drop = [](auto& parts) {
        for (auto& part : parts) part.properties.clear();
      };
      drop(pattern.nodes);
      drop(pattern.hops);
    }
    patterns.push_back(std::move(pattern));
  }
  return patterns;
}

namespace {

Expression Variable(const std::string& name) {
  Expression e;
  e.kind = Expression::Kind::kVariable;
  e.name = name;
  return e;
}

bool IsScalar(DrawnType type) { return type <= DrawnType::kMixed; }

// Draws the parts of one query.
class QueryDrawer {
 public:
  QueryDrawer(Random& random, const QueryShape& shape)
      : random_(random), shape_(shape), expressions_(random) {}

  // `columns`: the types that RETURN must give; nullopt: any.
  SingleQuery DrawPart(const std::optional<std::vector<DrawnType>>& columns) {
    SingleQuery part;
    expressions_.scope().clear();
    for (int more = Below(random_, 4); more >= 0; --more) part.clauses.push_back(DrawClause());
    Clause last;
    last.kind = Clause::Kind::kReturn;
    if (columns) {
      for (const DrawnType type : *columns) {
        last.projection.items.emplace_back(expressions_.Draw(type, 2), Column(last.projection));
      }
      last.projection.distinct = OneIn(random_, 3);
    } else {
      last.projection = DrawProjection(true);
    }
    part.clauses.push_back(std::move(last));
    return part;
  }

  // One pattern, perhaps from a node that is known, and a count or the distinct values of what it
  // binds: what a planner has shortcuts for (degrees multiplied, a search instead of walks).
  SingleQuery DrawShortcut() {
    SingleQuery part;
    expressions_.scope().clear();
    for (int patterns = OneIn(random_, 3) ? 2 : 1; patterns > 0; --patterns) {
      Clause match;
      match.kind =
          patterns == 1 && OneIn(random_, 4) ? Clause::Kind::kOptionalMatch : Clause::Kind::kMatch;
      match.patterns = expressions_.DrawPatterns(1);
      if (OneIn(random_, 5)) match.where = expressions_.DrawCondition(1);
      part.clauses.push_back(std::move(match));
    }
    Clause last;
    last.kind = Clause::Kind::kReturn;
    Expression count;
    count.kind = Expression::Kind::kAggregate;
    count.name = "count";
    count.distinct = !OneIn(random_, 3);
    std::vector<Expression> nodes;
    for (const std::string& name : expressions_.Names(DrawnType::kNode)) {
      nodes.push_back(Variable(name));
    }
    if (nodes.empty() || OneIn(random_, 3)) {
      count.distinct = false;
      last.projection.items.emplace_back(std::move(count), "c0");
    } else if (shape_.scalars_only || OneIn(random_, 2)) {
      if (OneIn(random_, 3)) last.projection.items.emplace_back(PickOne(random_, nodes), "c0");
      count.operands = {PickOne(random_, nodes)};
      if (shape_.scalars_only) last.projection.items.clear();
      last.projection.items.emplace_back(std::move(count), "c1");
    } else {
      last.projection.distinct = true;
      last.projection.items.emplace_back(PickOne(random_, nodes), "c0");
      if (OneIn(random_, 3)) last.projection.items.emplace_back(PickOne(random_, nodes), "c1");
    }
    part.clauses.push_back(std::move(last));
    return part;
  }

  // What indexes answer: nodes with a label or relationships of a type by equalities, ranges and
  // starts of some of their properties, perhaps with values of rows.
  SingleQuery DrawLookUp() {
    SingleQuery part;
    expressions_.scope().clear();
    if (OneIn(random_, 3)) {
      Clause rows;
      rows.kind = Clause::Kind::kUnwind;
      rows.list = expressions_.Draw(DrawnType::kIntegers, 0);
      rows.variable = expressions_.NewName("u");
      expressions_.scope().push_back({rows.variable, DrawnType::kInteger});
      part.clauses.push_back(std::move(rows));
    }
    const std::vector<std::string> rows = expressions_.Names(DrawnType::kInteger);
    Clause match;
    match.kind = OneIn(random_, 6) ? Clause::Kind::kOptionalMatch : Clause::Kind::kMatch;
    const bool of_relationship = OneIn(random_, 3);
    Pattern pattern;
    pattern.nodes.emplace_back().variable = expressions_.NewName("n");
    if (!of_relationship) {
      pattern.nodes[0].labels = {PickOne<std::string>(random_, {"A", "B", "C"})};
    }
    std::string sought = pattern.nodes[0].variable;
    expressions_.scope().push_back({sought, DrawnType::kNode});
    if (of_relationship || OneIn(random_, 3)) {
      HopPattern& hop = pattern.hops.emplace_back();
      hop.variable = expressions_.NewName("r");
      hop.types = {PickOne<std::string>(random_, {"R", "S"})};
      hop.direction = PickOne<HopPattern::Direction>(
          random_, {HopPattern::Direction::kRight, HopPattern::Direction::kLeft,
                    HopPattern::Direction::kBoth});
      expressions_.scope().push_back({hop.variable, DrawnType::kRelationship});
      if (of_relationship) sought = hop.variable;
      pattern.nodes.emplace_back().variable = expressions_.NewName("n");
      expressions_.scope().push_back({pattern.nodes[1].variable, DrawnType::kNode});
    }
    match.patterns.push_back(std::move(pattern));
    for (const char* property : {"i", "s", "f"}) {
      for (int more = Below(random_, 3); more > 0; --more) {
        Expression condition = DrawSought(sought, property, rows);
        match.where = match.where ? Binary("AND", *std::move(match.where), std::move(condition))
                                  : std::move(condition);
      }
    }
    part.clauses.push_back(std::move(match));
    Clause last;
    last.kind = Clause::Kind::kReturn;
    last.projection = DrawProjection(true);
    part.clauses.push_back(std::move(last));
    return part;
  }

  DrawnType DrawScalarType() { return expressions_.DrawScalarType(); }

 private:
  static Expression Binary(std::string name, Expression left, Expression right) {
    Expression e;
    e.kind = Expression::Kind::kBinary;
    e.name = std::move(name);
    e.operands = {std::move(left), std::move(right)};
    return e;
  }

  // A condition on the property of a variable; `rows`: variables that it may compare it with.
  Expression DrawSought(const std::string& variable, absl::string_view property,
                        const std::vector<std::string>& rows) {
    Expression asked;
    asked.kind = Expression::Kind::kProperty;
    asked.name = std::string(property);
    asked.operands = {Variable(variable)};
    Expression value;
    if (property == "s") {
      value.value = Datum::String(PickOne<std::string>(random_, {"a", "b", "ab", ""}));
      if (OneIn(random_, 3)) return Binary("STARTS WITH", std::move(asked), std::move(value));
    } else if (!rows.empty() && OneIn(random_, 2)) {
      value = Variable(PickOne(random_, rows));
    } else {
      value.value = property == "i" ? Datum::Int(Below(random_, 5) - 1)
                                    : Datum::Float(Below(random_, 7) * 0.5 - 1);
    }
    if (property == "i" && OneIn(random_, 6)) {
      Expression list;
      list.value = Datum::Of(Datum::List{Datum::Int(1), Datum(), Datum::Int(Below(random_, 4))});
      return Binary("IN", std::move(asked), std::move(list));
    }
    const std::string op =
        PickOne<std::string>(random_, {"=", "=", "=", "=", "<", "<=", ">", ">=", "<>"});
    return OneIn(random_, 3) ? Binary(op, std::move(value), std::move(asked))
                             : Binary(op, std::move(asked), std::move(value));
  }

  Clause DrawClause() {
    Clause clause;
    const bool first = expressions_.scope().empty();
    const int which = Below(random_, first ? 8 : 12);
    if (which <= 5 || which == 7) {
      clause.kind = which == 5 ? Clause::Kind::kOptionalMatch : Clause::Kind::kMatch;
      if (!first && OneIn(random_, 2)) clause.kind = Clause::Kind::kOptionalMatch;
      clause.patterns = expressions_.DrawPatterns(2);
      if (OneIn(random_, 3)) clause.where = expressions_.DrawCondition(2);
      return clause;
    }
    if (which == 6) {
      clause.kind = Clause::Kind::kUnwind;
      const std::vector<std::string> bags = expressions_.Names(DrawnType::kNodeBag);
      const bool unpack = !bags.empty() && OneIn(random_, 2);
      clause.list =
          unpack ? Variable(PickOne(random_, bags)) : expressions_.Draw(DrawnType::kIntegers, 1);
      clause.variable = expressions_.NewName("u");
      expressions_.scope().push_back(
          {clause.variable, unpack ? DrawnType::kNode : DrawnType::kInteger});
      return clause;
    }
    clause.kind = Clause::Kind::kWith;
    clause.projection = DrawProjection(false);
    if (OneIn(random_, 3)) clause.where = expressions_.DrawCondition(1);
    return clause;
  }

  static std::string Column(const Projection& projection) {
    return absl::StrCat("c", projection.items.size());
  }

  // Draws the items and makes their aliases the scope.
  Projection DrawProjection(bool last) {
    Projection projection;
    const bool aggregates = OneIn(random_, 3);
    projection.distinct = OneIn(random_, 5);
    std::vector<DrawnVariable> scope;
    const auto add = [&](Expression e, DrawnType type) {
      std::string alias = type == DrawnType::kNodeBag ? expressions_.NewName("bag")
                          : last                      ? Column(projection)
                                                      : expressions_.NewName("v");
      if (!last && e.kind == Expression::Kind::kVariable && OneIn(random_, 2)) alias = e.name;
      for (const DrawnVariable& other : scope) {
        if (other.name == alias) return;
      }
      scope.push_back({alias, type});
      projection.items.emplace_back(std::move(e), std::move(alias));
    };
    for (int more = Below(random_, 3); more >= 0; --more) {
      const DrawnType type = DrawItemType(last, aggregates || projection.distinct);
      add(expressions_.Draw(type, 2), type);
    }
    if (aggregates && OneIn(random_, 3)) {  // no keys: one group
      projection.items.clear();
      scope.clear();
    }
    for (int more = aggregates ? Below(random_, 2) : -1; more >= 0; --more) {
      DrawnType type;
      Expression e = expressions_.DrawAggregate(&type, shape_.scalars_only);
      if (type == DrawnType::kNodeBag) projection.distinct = false;
      add(std::move(e), type);
    }
    AddOrder(projection, scope, aggregates);
    expressions_.scope() = std::move(scope);
    return projection;
  }

  // `keys`: whether the values are compared, as those of a list in no order cannot be.
  DrawnType DrawItemType(bool last, bool keys) {
    const std::vector<DrawnVariable>& scope = expressions_.scope();
    if (scope.empty() || OneIn(random_, 3)) return DrawScalarType();
    const DrawnType type = PickOne(random_, scope).type;
    if (keys && type == DrawnType::kNodeBag) return DrawScalarType();
    if (last && shape_.scalars_only && !IsScalar(type)) return DrawScalarType();
    return type;
  }

  void AddOrder(Projection& projection, const std::vector<DrawnVariable>& aliases,
                bool aggregates) {
    if (!OneIn(random_, 3)) return;
    const std::vector<DrawnVariable> before = expressions_.scope();
    if (!aggregates && !projection.distinct && OneIn(random_, 2)) {
      // By something of before. An alias hides a variable of its name.
      auto& scope = expressions_.scope();
      std::erase_if(scope, [&](const DrawnVariable& variable) {
        return std::any_of(aliases.begin(), aliases.end(),
                           [&](const DrawnVariable& alias) { return alias.name == variable.name; });
      });
      projection.order.push_back(
          {expressions_.Draw(expressions_.DrawScalarType(), 1), OneIn(random_, 2)});
    }
    bool total = true;  // rows that tie are the same
    for (const DrawnVariable& alias : aliases) {
      if (alias.type == DrawnType::kNodeBag || (shape_.scalars_only && !IsScalar(alias.type))) {
        total = false;
      } else {
        projection.order.push_back({Variable(alias.name), OneIn(random_, 3)});
      }
    }
    expressions_.scope() = before;
    if (!total || !OneIn(random_, 2)) return;
    if (OneIn(random_, 2)) projection.skip = Below(random_, 4);
    if (!projection.skip || OneIn(random_, 2)) projection.limit = Below(random_, 8);
  }

  Random& random_;
  const QueryShape shape_;
  ExpressionGenerator expressions_;
};

}  // namespace

Query DrawQuery(Random& random, const QueryShape& shape) {
  QueryDrawer drawer(random, shape);
  Query query;
  if (OneIn(random, 5)) {
    query.parts.push_back(drawer.DrawShortcut());
    return query;
  }
  if (OneIn(random, 4)) {
    query.parts.push_back(drawer.DrawLookUp());
    return query;
  }
  if (!OneIn(random, 8)) {
    query.parts.push_back(drawer.DrawPart(std::nullopt));
    return query;
  }
  std::vector<DrawnType> columns;
  for (int more = Below(random, 3); more >= 0; --more) columns.push_back(drawer.DrawScalarType());
  for (int more = 1 + Below(random, 2); more >= 0; --more) {
    query.parts.push_back(drawer.DrawPart(columns));
  }
  query.union_all = OneIn(random, 2);
  return query;
}

Query DrawFilter(Random& random) {
  ExpressionGenerator expressions(random);
  Clause match;
  match.patterns = expressions.DrawPatterns(2);
  match.where = expressions.Draw(DrawnType::kBoolean, 3);
  Clause last;
  last.kind = Clause::Kind::kReturn;
  for (const DrawnVariable& variable : expressions.scope()) {
    last.projection.items.emplace_back(Variable(variable.name), variable.name);
  }
  if (last.projection.items.empty()) {
    Expression one;
    one.value = Datum::Int(1);
    last.projection.items.emplace_back(std::move(one), "c0");
  }
  Query query;
  query.parts.push_back({{std::move(match), std::move(last)}});
  return query;
}

}  // namespace relata::differential
