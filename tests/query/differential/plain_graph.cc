#include "tests/query/differential/plain_graph.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status_macros.h"
#include "tests/query/differential/query_model.h"

namespace relata::differential {

using query::Datum;

int Below(Random& random, int bound) {
  return static_cast<int>(random() % static_cast<uint64_t>(bound));
}

bool OneIn(Random& random, int n) { return Below(random, n) == 0; }

namespace {

constexpr int64_t kStart = 1'767'225'600'000'000;  // 2026-01-01

Datum RandomMixed(Random& random) {
  switch (Below(random, 5)) {
    case 0:
      return Datum::Int(Below(random, 4));
    case 1:
      return Datum::Float(Below(random, 6) * 0.5);
    case 2:
      return Datum::String(std::string(1, static_cast<char>('a' + Below(random, 3))));
    case 3:
      return Datum::Bool(OneIn(random, 2));
    default:
      return Datum::Of(Datum::List{Datum::Int(Below(random, 3))});
  }
}

Properties RandomProperties(Random& random, size_t uid) {
  Properties properties;
  properties["uid"] = Datum::Int(static_cast<int64_t>(uid));
  if (!OneIn(random, 4)) properties["i"] = Datum::Int(Below(random, 6) - 1);
  if (!OneIn(random, 3)) properties["f"] = Datum::Float(Below(random, 9) * 0.5 - 1);
  if (!OneIn(random, 4)) {
    properties["s"] = Datum::String(PickOne<std::string>(random, {"a", "b", "ab", "ba", ""}));
  }
  if (!OneIn(random, 3)) properties["b"] = Datum::Bool(OneIn(random, 2));
  if (OneIn(random, 2)) {
    Datum::List list;
    for (int n = Below(random, 4); n > 0; --n) list.push_back(Datum::Int(Below(random, 4)));
    properties["l"] = Datum::Of(std::move(list));
  }
  if (OneIn(random, 2)) properties["m"] = RandomMixed(random);
  return properties;
}

std::string PropertiesText(const Properties& properties) {
  return absl::StrCat("{",
                      absl::StrJoin(properties, ", ",
                                    [](std::string* out, const auto& entry) {
                                      Expression literal;
                                      literal.value = entry.second;
                                      absl::StrAppend(out, entry.first, ": ", ToText(literal));
                                    }),
                      "}");
}

}  // namespace

const PlainNode& PlainGraph::Find(const query::NodeRef& node) const {
  for (const PlainNode& candidate : nodes) {
    if (candidate.value.AsNode().id == node.id) return candidate;
  }
  return nodes.at(nodes.size());  // throws: the engine named a node that is not there
}

const PlainRelationship& PlainGraph::Find(const query::RelationshipRef& relationship) const {
  for (const PlainRelationship& candidate : relationships) {
    if (candidate.value.AsRelationship().ends.id == relationship.ends.id) return candidate;
  }
  return relationships.at(relationships.size());
}

PlainGraph RandomGraph(Random& random) {
  PlainGraph graph;
  const int nodes = OneIn(random, 30) ? Below(random, 2) : 4 + Below(random, 14);
  for (int n = 0; n < nodes; ++n) {
    PlainNode node;
    for (const char* label : {"A", "B", "C", "D"}) {
      if (OneIn(random, *label == 'D' ? 6 : 3)) node.labels.emplace_back(label);
    }
    node.properties = RandomProperties(random, graph.nodes.size());
    graph.nodes.push_back(std::move(node));
  }
  const int relationships = nodes == 0 ? 0 : Below(random, 2 * nodes + 1);
  for (int n = 0; n < relationships; ++n) {
    PlainRelationship relationship;
    relationship.from = Below(random, nodes);
    relationship.to = OneIn(random, 8) ? relationship.from : Below(random, nodes);
    relationship.type = PickOne<std::string>(random, {"R", "R", "S", "T"});
    relationship.properties = RandomProperties(random, graph.relationships.size());
    graph.relationships.push_back(relationship);
    if (OneIn(random, 8)) {  // a parallel
      relationship.properties = RandomProperties(random, graph.relationships.size());
      graph.relationships.push_back(std::move(relationship));
    }
  }
  return graph;
}

std::string CreateText(const PlainGraph& graph) {
  std::vector<std::string> items;
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    const PlainNode& node = graph.nodes[n];
    std::string labels;
    for (const std::string& label : node.labels) absl::StrAppend(&labels, ":", label);
    items.push_back(absl::StrCat("(n", n, labels, " ", PropertiesText(node.properties), ")"));
  }
  for (const PlainRelationship& r : graph.relationships) {
    items.push_back(absl::StrCat("(n", r.from, ")-[:", r.type, " ", PropertiesText(r.properties),
                                 "]->(n", r.to, ")"));
  }
  return items.empty() ? "" : absl::StrCat("CREATE ", absl::StrJoin(items, ",\n  "));
}

QueryDatabase::QueryDatabase() : clock_(kStart), kv_(std::make_unique<MemoryKv>()) {}

absl::StatusOr<std::unique_ptr<QueryDatabase>> QueryDatabase::Make() {
  std::unique_ptr<QueryDatabase> made(new QueryDatabase());
  RELATA_RETURN_IF_ERROR(made->Reopen());
  return made;
}

absl::Status QueryDatabase::Reopen() {
  engine_.reset();
  database_.reset();
  RELATA_ASSIGN_OR_RETURN(database_, Database::Open(kv_.get(), &clock_, DatabaseOptions()));
  engine_ = std::make_unique<query::QueryEngine>(database_.get());
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::vector<Datum>>> QueryDatabase::Run(absl::string_view text,
                                                                   query::QueryOptions options,
                                                                   double seconds) {
  clock_.AdvanceMicros(1000);
  const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  options.cancelled = [until] { return std::chrono::steady_clock::now() > until; };
  RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<query::QueryResult> result,
                          engine_->Run(text, query::Parameters(), options));
  std::vector<std::vector<Datum>> rows;
  query::Batch batch;
  while (true) {
    RELATA_ASSIGN_OR_RETURN(const bool more, result->Next(&batch));
    if (!more) return rows;
    for (size_t row = 0; row < batch.rows; ++row) {
      std::vector<Datum> values;
      for (const query::Column& column : batch.columns) values.push_back(column.Get(row));
      rows.push_back(std::move(values));
    }
  }
}

absl::StatusOr<std::string> QueryDatabase::Explain(absl::string_view text) {
  RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<query::QueryResult> result,
                          engine_->Run(absl::StrCat("EXPLAIN ", text), query::Parameters(), {}));
  return result->plan_text();
}

absl::Status QueryDatabase::Load(PlainGraph& graph) {
  const std::string create = CreateText(graph);
  if (create.empty()) return absl::OkStatus();
  RELATA_RETURN_IF_ERROR(Run(create).status());
  RELATA_ASSIGN_OR_RETURN(const auto nodes, Run("MATCH (n) RETURN n, n.uid"));
  for (const auto& row : nodes) graph.nodes.at(row[1].AsInt()).value = row[0];
  RELATA_ASSIGN_OR_RETURN(const auto links, Run("MATCH ()-[r]->() RETURN r, r.uid"));
  for (const auto& row : links) graph.relationships.at(row[1].AsInt()).value = row[0];
  return absl::OkStatus();
}

absl::Status QueryDatabase::CreateIndexes(Random& random) {
  for (const char* label : {"A", "B", "C"}) {
    for (const char* property : {"i", "s", "f", "m"}) {
      if (!OneIn(random, 3)) continue;
      RELATA_RETURN_IF_ERROR(
          Run(absl::StrCat("CREATE INDEX FOR (n:", label, ") ON (n.", property, ")")).status());
    }
  }
  // Of several properties, and of relationships.
  for (const char* target : {"FOR (n:A) ON (n.i, n.s)", "FOR (n:B) ON (n.s, n.f, n.i)",
                             "FOR (n:C) ON (n.f, n.i)", "FOR ()-[n:R]-() ON (n.i, n.f)",
                             "FOR ()-[n:S]-() ON (n.s, n.i)", "FOR ()-[n:R]-() ON (n.s)"}) {
    if (OneIn(random, 4)) continue;
    RELATA_RETURN_IF_ERROR(Run(absl::StrCat("CREATE INDEX ", target)).status());
  }
  return database().WaitForIndexes();
}

}  // namespace relata::differential
