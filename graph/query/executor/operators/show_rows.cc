#include "graph/query/executor/operators/show_rows.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/status_macros.h"
#include "graph/database.h"
#include "graph/query/executor/running_statements.h"
#include "graph/query/executor/schema_names.h"
#include "graph/query/functions/aggregate.h"
#include "graph/query/procedures/procedure.h"

namespace relata::query {
namespace {

using Rows = std::vector<Datum::Map>;

Datum Text(absl::string_view text) { return Datum::String(text); }
Datum Texts(std::vector<absl::string_view> texts) {
  Datum::List list;
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

absl::StatusOr<Rows> ShowIndexes(ExecutionContext& context) {
  RELATA_ASSIGN_OR_RETURN(const SeenSchema seen, SchemaOf(context));
  const NameTable& names = context.reader->names();
  Rows rows;
  for (const auto& [id, index] : seen.schema->indexes()) {
    const absl::string_view label = names.Name(index.label);
    const absl::string_view property = names.Name(index.property);
    const bool online = context.database->IndexUsable(id, context.reader->context(0).snapshot);
    const std::string name =
        index.unique ? UniqueName(label, property) : IndexName(label, property);
    rows.push_back({{"name", Text(name)},
                    {"entityType", Text("NODE")},
                    {"labelsOrTypes", Texts({label})},
                    {"properties", Texts({property})},
                    {"state", Text(online ? "ONLINE" : "POPULATING")},
                    {"owningConstraint", index.unique ? Text(name) : Datum()}});
  }
  return rows;
}

// One constraint; `properties` may be empty.
Datum::Map Constraint(absl::string_view name, absl::string_view type, bool of_nodes,
                      absl::string_view label_or_type, std::vector<absl::string_view> properties,
                      Datum property_type) {
  return {{"name", Text(name)},
          {"type", Text(type)},
          {"entityType", Text(of_nodes ? "NODE" : "RELATIONSHIP")},
          {"labelsOrTypes", Texts({label_or_type})},
          {"properties", Texts(std::move(properties))},
          {"propertyType", std::move(property_type)}};
}

void AddPropertyConstraints(const PropertyDeclaration& declared, const NameTable& names,
                            Rows& rows) {
  const bool of_nodes = declared.label.valid();
  const absl::string_view owner = of_nodes ? names.Name(declared.label) : names.Name(declared.type);
  const absl::string_view property = names.Name(declared.property);
  if (declared.required) {
    rows.push_back(
        Constraint(ExistsName(owner, property),
                   of_nodes ? "NODE_PROPERTY_EXISTENCE" : "RELATIONSHIP_PROPERTY_EXISTENCE",
                   of_nodes, owner, {property}, Datum()));
  }
  if (AllowsEveryType(declared.types)) return;
  std::string types;
  for (const ValueType type : declared.types) {
    absl::StrAppend(&types, types.empty() ? "" : " | ", ValueTypeName(type));
  }
  rows.push_back(Constraint(TypedName(owner, property),
                            of_nodes ? "NODE_PROPERTY_TYPE" : "RELATIONSHIP_PROPERTY_TYPE",
                            of_nodes, owner, {property}, Text(types)));
}

void AddTypeConstraints(const RelationshipTypeDeclaration& declared, const NameTable& names,
                        Rows& rows) {
  const absl::string_view type = names.Name(declared.type);
  if (declared.one_per_pair) {
    rows.push_back(Constraint(OnePerPairName(type), "ONE_PER_PAIR", false, type, {}, Datum()));
  }
  if (!declared.from_labels.empty() || !declared.to_labels.empty()) {
    rows.push_back(Constraint(EndsName(type), "RELATIONSHIP_ENDS", false, type, {}, Datum()));
  }
  for (const PropertyId property : declared.inline_properties) {
    const absl::string_view name = names.Name(property);
    rows.push_back(Constraint(InlineName(type, name), "INLINE", false, type, {name}, Datum()));
  }
}

absl::StatusOr<Rows> ShowConstraints(ExecutionContext& context) {
  RELATA_ASSIGN_OR_RETURN(const SeenSchema seen, SchemaOf(context));
  const NameTable& names = context.reader->names();
  Rows rows;
  for (const auto& [id, index] : seen.schema->indexes()) {
    if (!index.unique) continue;
    const absl::string_view label = names.Name(index.label);
    const absl::string_view property = names.Name(index.property);
    rows.push_back(
        Constraint(UniqueName(label, property), "UNIQUENESS", true, label, {property}, Datum()));
  }
  for (const PropertyDeclaration& declared : seen.schema->properties()) {
    AddPropertyConstraints(declared, names, rows);
  }
  for (const auto& [type, declared] : seen.schema->types()) {
    AddTypeConstraints(declared, names, rows);
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
                    {"currentQuery", Text(entry->text)}});
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
