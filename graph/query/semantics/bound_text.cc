#include "graph/query/semantics/bound_text.h"

#include <limits>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "graph/query/procedures/procedure.h"
#include "graph/query/semantics/bound_text_writer.h"

namespace relata::query {

std::string BoundText(const BoundStatement& statement) {
  return BoundTextWriter(statement).Statement();
}

std::string BoundText(const BoundExpr& e, const BoundStatement& statement) {
  return BoundTextWriter(statement).Text(e);
}

void BoundTextWriter::Line(absl::string_view text) {
  absl::StrAppend(&out_, std::string(static_cast<size_t>(indent_) * 2, ' '), text, "\n");
}

void BoundTextWriter::Conditions(absl::string_view word,
                                 const std::vector<BoundExprPtr>& conditions) {
  for (const BoundExprPtr& e : conditions) Line(absl::StrCat(word, " ", Text(*e)));
}

void BoundTextWriter::Optional(absl::string_view word, const BoundExprPtr& e) {
  if (e) Line(absl::StrCat(word, " ", Text(*e)));
}

std::string BoundTextWriter::Statement() {
  for (size_t i = 0; i < statement_.contexts.size(); ++i) {
    constexpr absl::string_view kValid[] = {"default", "as of", "from to", "all"};
    const BoundTimeContext& context = statement_.contexts[i];
    const bool plain = context.valid == BoundTimeContext::Valid::kDefault && !context.system_time &&
                       !context.system_version && !context.belief;
    if (plain) continue;
    Line(absl::StrCat("context ", i, ": ", kValid[static_cast<size_t>(context.valid)],
                      context.certainly ? " certainly" : ""));
    ++indent_;
    Optional("from", context.from);
    Optional("to", context.to);
    Optional("system time", context.system_time);
    Optional("version", context.system_version);
    Optional("belief", context.belief);
    --indent_;
  }
  Query(statement_.query);
  for (size_t i = 0; i < subqueries_.size(); ++i) {
    Line(absl::StrCat("#", i + 1, ":"));
    ++indent_;
    Query(*subqueries_[i]);
    --indent_;
  }
  return std::move(out_);
}

void BoundTextWriter::Query(const BoundQuery& query) {
  for (size_t i = 0; i < query.parts.size(); ++i) {
    const BoundSingleQuery& part = query.parts[i];
    if (i > 0) Line(query.union_all ? "union all" : "union");
    Clauses(part.clauses);
    if (query.parts.size() > 1) Line(absl::StrCat("gives ", Names(part.outputs)));
  }
  if (!query.columns.empty()) {
    Line(absl::StrCat("columns ", absl::StrJoin(query.columns, ", "), " = ", Names(query.outputs)));
  }
}

void BoundTextWriter::Clauses(const std::vector<BoundClause>& clauses) {
  for (const BoundClause& clause : clauses) {
    std::visit([this](const auto& body) { Clause(body); }, clause.body);
  }
}

void BoundTextWriter::Pattern(const BoundPattern& pattern) {
  if (!pattern.different_relationships) Line("relationships may repeat");
  for (const BoundNode& node : pattern.nodes) {
    Line(absl::StrCat("node ", Name(node.variable), node.bound ? " bound" : "",
                      node.labels ? " :" : "", node.labels ? Labels(*node.labels) : ""));
  }
  for (const BoundEdge& edge : pattern.edges) Edge(pattern, edge);
  for (const BoundPath& path : pattern.paths) Path(path);
  Conditions("where", pattern.conditions);
}

void BoundTextWriter::Edge(const BoundPattern& pattern, const BoundEdge& edge) {
  constexpr absl::string_view kArrows[] = {"->", "<-", "--"};
  std::string text = absl::StrCat("edge ", Name(edge.variable), edge.bound ? " bound " : " ",
                                  Name(pattern.nodes[edge.left].variable),
                                  kArrows[static_cast<size_t>(edge.direction)],
                                  Name(pattern.nodes[edge.right].variable));
  if (!edge.types.empty()) absl::StrAppend(&text, " :", absl::StrJoin(edge.types, "|"));
  if (edge.types_condition) absl::StrAppend(&text, " :", Labels(*edge.types_condition));
  if (edge.kind != BoundEdge::Kind::kSingle) {
    const bool open = edge.max == std::numeric_limits<int64_t>::max();
    absl::StrAppend(&text, " {", edge.min, ",", open ? "" : absl::StrCat(edge.max), "}");
  }
  Line(text);
  ++indent_;
  if (!edge.element_conditions.empty()) {
    Conditions(absl::StrCat("each ", Name(edge.element)), edge.element_conditions);
  }
  if (edge.inner) Pattern(*edge.inner);
  for (const BoundEdge::GroupVariable& group : edge.groups) {
    Line(absl::StrCat("group ", Name(group.inside), " as ", Name(group.outside)));
  }
  --indent_;
}

void BoundTextWriter::Path(const BoundPath& path) {
  constexpr absl::string_view kSelectors[] = {
      "", " any", " any shortest", " all shortest", " shortest", " shortest groups"};
  constexpr absl::string_view kModes[] = {" walk", "", " acyclic", " simple"};
  const absl::string_view selector = kSelectors[static_cast<size_t>(path.selector)];
  const absl::string_view mode = kModes[static_cast<size_t>(path.mode)];
  if (path.variable == kNoVariable && selector.empty() && mode.empty()) return;
  Line(absl::StrCat("path ", Name(path.variable), " nodes ", absl::StrJoin(path.nodes, " "),
                    " edges ", absl::StrJoin(path.edges, " "), selector, mode,
                    path.count ? absl::StrCat(" count ", Text(*path.count)) : ""));
}

void BoundTextWriter::Clause(const BoundMatch& match) {
  Line(absl::StrCat(match.optional ? "optional match" : "match",
                    match.context == 0 ? "" : absl::StrCat(" in context ", match.context)));
  ++indent_;
  Pattern(match.pattern);
  --indent_;
}

void BoundTextWriter::Clause(const BoundUnwind& unwind) {
  std::string text = absl::StrCat("unwind ", Text(*unwind.list), " as ", Name(unwind.variable));
  if (unwind.position != kNoVariable) {
    absl::StrAppend(&text, " at ", Name(unwind.position), " from ", unwind.first_position);
  }
  Line(text);
}

void BoundTextWriter::Clause(const BoundProjection& projection) {
  Line(absl::StrCat(projection.is_return ? "return" : "with",
                    projection.distinct ? " distinct" : ""));
  ++indent_;
  for (const BoundOutput& key : projection.group_keys) {
    Line(absl::StrCat("key ", Name(key.variable), " = ", Text(*key.expr)));
  }
  for (const BoundAggregate& aggregate : projection.aggregations) {
    absl::string_view name = "count";
    for (const AggregateDefinition& definition : AllAggregates()) {
      if (definition.kind == aggregate.kind) name = definition.name;
    }
    const bool star = aggregate.kind == AggregateKind::kCountStar;
    Line(absl::StrCat("aggregate ", Name(aggregate.variable), " = ", name,
                      star                 ? "(*)"
                      : aggregate.distinct ? "(distinct "
                                           : "(",
                      List(aggregate.args), star ? "" : ")"));
  }
  for (const BoundOutput& output : projection.outputs) {
    Line(absl::StrCat(Name(output.variable), " = ", Text(*output.expr)));
  }
  for (const BoundSort& sort : projection.order) {
    Line(absl::StrCat("order by ", Text(*sort.expr), sort.descending ? " descending" : "",
                      sort.nulls_first ? " nulls first" : ""));
  }
  Optional("skip", projection.skip);
  Optional("limit", projection.limit);
  Optional("where", projection.where);
  --indent_;
}

void BoundTextWriter::Clause(const BoundFinish&) { Line("finish"); }

}  // namespace relata::query
