#include "graph/query/executor/operators/show_rows.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/status_macros.h"
#include "graph/catalog/schema_rule.h"
#include "graph/database.h"
#include "graph/query/executor/running_statements.h"
#include "graph/query/functions/aggregate.h"
#include "graph/query/procedures/procedure.h"

namespace relata::query {
namespace {

using Rows = std::vector<Datum::Map>;

Datum Text(absl::string_view text) { return Datum::String(text); }
Datum Texts(const std::vector<absl::string_view>& texts) {
  Datum::List list;
  list.reserve(texts.size());
  for (const absl::string_view text : texts) list.push_back(Text(text));
  return Datum::Of(std::move(list));
}

// Keeps the snapshot's schema, or points to the transaction's.
struct SeenSchema {
  std::shared_ptr<const Schema> held;
  const Schema* schema = nullptr;
};

absl::StatusOr<SeenSchema> SchemaOf(ExecutionContext& context) {
  if (context.reader->transaction() != nullptr) {
    return SeenSchema{nullptr, &context.reader->transaction()->schema()};
  }
  RELATA_ASSIGN_OR_RETURN(std::shared_ptr<const Schema> held,
                          context.reader->context(0).snapshot.GetSchema());
  const Schema* const schema = held.get();
  return SeenSchema{std::move(held), schema};
}

std::vector<absl::string_view> NamesOf(const std::vector<PropertyId>& properties,
                                       const NameTable& names) {
  std::vector<absl::string_view> named;
  named.reserve(properties.size());
  for (const PropertyId property : properties) named.push_back(names.Name(property));
  return named;
}

absl::StatusOr<Rows> ShowIndexes(ExecutionContext& context) {
  RELATA_ASSIGN_OR_RETURN(const SeenSchema seen, SchemaOf(context));
  const NameTable& names = context.reader->names();
  Rows rows;
  for (const auto& [id, index] : seen.schema->indexes()) {
    const bool online = context.database->IndexUsable(id, context.reader->context(0).snapshot);
    const std::string name = RuleName(*seen.schema, names, RuleOfIndex(*seen.schema, index));
    rows.push_back({{"name", Text(name)},
                    {"entityType", Text(index.of_relationships() ? "RELATIONSHIP" : "NODE")},
                    {"labelsOrTypes", Texts({index.of_relationships() ? names.Name(index.type)
                                                                      : names.Name(index.label)})},
                    {"properties", Texts(NamesOf(index.properties, names))},
                    {"state", Text(online ? "ONLINE" : "POPULATING")},
                    {"owningConstraint", index.unique ? Text(name) : Datum()}});
  }
  return rows;
}

absl::string_view ConstraintType(const SchemaRule& rule) {
  const bool of_nodes = rule.label.valid();
  switch (rule.kind) {
    case SchemaRule::Kind::kIndex:
    case SchemaRule::Kind::kUnique:
      break;
    case SchemaRule::Kind::kExists:
      return of_nodes ? "NODE_PROPERTY_EXISTENCE" : "RELATIONSHIP_PROPERTY_EXISTENCE";
    case SchemaRule::Kind::kTyped:
      return of_nodes ? "NODE_PROPERTY_TYPE" : "RELATIONSHIP_PROPERTY_TYPE";
    case SchemaRule::Kind::kEnds:
      return "RELATIONSHIP_ENDS";
    case SchemaRule::Kind::kOnePerPair:
      return "ONE_PER_PAIR";
    case SchemaRule::Kind::kInline:
      return "INLINE";
    case SchemaRule::Kind::kNodeKey:
      return "NODE_KEY";
  }
  return "UNIQUENESS";
}

// `INT64 | FLOAT64` of a type constraint, else null.
Datum AllowedTypes(const Schema& schema, const SchemaRule& rule) {
  if (rule.kind != SchemaRule::Kind::kTyped) return Datum();
  const PropertyDeclaration* const declared = rule.label.valid()
                                                  ? schema.FindProperty(rule.label, rule.property())
                                                  : schema.FindProperty(rule.type, rule.property());
  std::string types;
  for (const ValueType type : declared->types) {
    absl::StrAppend(&types, types.empty() ? "" : " | ", ValueTypeName(type));
  }
  return Text(types);
}

absl::StatusOr<Rows> ShowConstraints(ExecutionContext& context) {
  RELATA_ASSIGN_OR_RETURN(const SeenSchema seen, SchemaOf(context));
  const NameTable& names = context.reader->names();
  Rows rows;
  for (const SchemaRule& rule : RulesOf(*seen.schema)) {
    if (!rule.constraint()) continue;
    const bool of_nodes = rule.label.valid();
    rows.push_back(
        {{"name", Text(RuleName(*seen.schema, names, rule))},
         {"type", Text(ConstraintType(rule))},
         {"entityType", Text(of_nodes ? "NODE" : "RELATIONSHIP")},
         {"labelsOrTypes", Texts({of_nodes ? names.Name(rule.label) : names.Name(rule.type)})},
         {"properties", Texts(NamesOf(rule.properties, names))},
         {"propertyType", AllowedTypes(*seen.schema, rule)}});
  }
  return rows;
}

Rows ShowTransactions(ExecutionContext& context) {
  constexpr int64_t kMicros = 1'000'000;
  const int64_t now = context.database->clock()->NowMicros();
  Rows rows;
  for (const auto& entry : context.running->List()) {
    int64_t seconds = entry->started_micros / kMicros;
    int64_t micros = entry->started_micros % kMicros;
    if (micros < 0) {
      micros += kMicros;
      --seconds;
    }
    DateTime started;
    started.seconds = seconds;
    started.nanos = static_cast<int32_t>(micros * 1000);
    const int64_t elapsed_micros = std::max<int64_t>(0, now - entry->started_micros);
    Duration elapsed;
    elapsed.seconds = elapsed_micros / kMicros;
    elapsed.nanos = static_cast<int32_t>(elapsed_micros % kMicros * 1000);
    rows.push_back({{"transactionId", Text(entry->id)},
                    {"principal", Text(entry->principal)},
                    {"startTime", Datum::FromValue(Value::Of(started))},
                    {"elapsedTime", Datum::FromValue(Value::Of(elapsed))},
                    {"status", Text(entry->terminated ? "Terminated" : "Running")},
                    {"currentQuery", Text(entry->text)},
                    {"steps", Datum::Int(static_cast<int64_t>(entry->steps.load()))}});
  }
  return rows;
}

Rows ShowProcedures(ExecutionContext& context) {
  Rows rows;
  for (const std::shared_ptr<const Procedure>& procedure : context.procedures->All()) {
    rows.push_back({{"name", Text(procedure->name)},
                    {"description", Text(procedure->description)},
                    {"mode", Text(procedure->writes ? "WRITE" : "READ")},
                    {"signature", Text(procedure->Signature())}});
  }
  return rows;
}

Rows ShowFunctions() {
  Rows rows;
  for (const FunctionDefinition* const function : AllFunctions()) {
    rows.push_back(
        {{"name", Text(function->name)},
         {"category", Text(function->volatility == Volatility::kGraph ? "Graph" : "Scalar")},
         {"description", Text(function->description)},
         {"signature", Text(function->signature)},
         {"aggregating", Datum::Bool(false)}});
  }
  for (const AggregateDefinition& aggregate : AllAggregates()) {
    rows.push_back({{"name", Text(aggregate.name)},
                    {"category", Text("Aggregating")},
                    {"description", Text(aggregate.description)},
                    {"signature", Text(aggregate.signature)},
                    {"aggregating", Datum::Bool(true)}});
  }
  return rows;
}

absl::StatusOr<Rows> UnorderedRows(BoundShow::Kind kind, ExecutionContext& context) {
  switch (kind) {
    case BoundShow::Kind::kIndexes:
      return ShowIndexes(context);
    case BoundShow::Kind::kConstraints:
      return ShowConstraints(context);
    case BoundShow::Kind::kTransactions:
      return ShowTransactions(context);
    case BoundShow::Kind::kProcedures:
      return ShowProcedures(context);
    case BoundShow::Kind::kFunctions:
      return ShowFunctions();
  }
  return absl::InternalError("unknown kind of SHOW");
}

}  // namespace

absl::StatusOr<std::vector<Datum::Map>> ShowRows(BoundShow::Kind kind, ExecutionContext& context) {
  RELATA_ASSIGN_OR_RETURN(Rows rows, UnorderedRows(kind, context));
  // The first field is the name, but of statements, which come by their start.
  if (kind != BoundShow::Kind::kTransactions) {
    std::stable_sort(rows.begin(), rows.end(), [](const Datum::Map& a, const Datum::Map& b) {
      return a[0].second.AsString() < b[0].second.AsString();
    });
  }
  for (Datum::Map& row : rows) {
    std::sort(row.begin(), row.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
  }
  return rows;
}

}  // namespace relata::query
