#include <utility>

#include "base/status_macros.h"
#include "graph/catalog/name_table.h"
#include "graph/database.h"
#include "graph/query/procedures/answer_arguments.h"
#include "graph/query/procedures/builtin_procedures.h"

// CALL db.…: what is in the graph, under the names that users of other engines know.
namespace relata::query {
namespace {

// Labels and types that something bears at the head.
absl::Status Labels(ExecutionContext& context, absl::Span<const Datum>, const RowSink& sink) {
  for (const auto& [label, count] : context.database->Statistics().entities_by_label) {
    if (count == 0) continue;
    RELATA_ASSIGN_OR_RETURN(const bool more,
                            sink({Datum::String(context.reader->names().Name(label))}));
    if (!more) break;
  }
  return absl::OkStatus();
}

absl::Status RelationshipTypes(ExecutionContext& context, absl::Span<const Datum>,
                               const RowSink& sink) {
  for (const auto& [type, count] : context.database->Statistics().relationships_by_type) {
    if (count == 0) continue;
    RELATA_ASSIGN_OR_RETURN(const bool more,
                            sink({Datum::String(context.reader->names().Name(type))}));
    if (!more) break;
  }
  return absl::OkStatus();
}

// Every name that a property ever had.
absl::Status PropertyKeys(ExecutionContext& context, absl::Span<const Datum>, const RowSink& sink) {
  for (std::string& name : context.reader->names().StoredNames(NameTable::Space::kProperty)) {
    if (!name.empty() && name.front() == '_') continue;  // reserved
    RELATA_ASSIGN_OR_RETURN(const bool more, sink({Datum::String(std::move(name))}));
    if (!more) break;
  }
  return absl::OkStatus();
}

absl::Status Statistics(ExecutionContext& context, absl::Span<const Datum>, const RowSink& sink) {
  const GraphStatistics statistics = context.database->Statistics();
  const auto count = [](uint64_t n) { return Datum::Int(static_cast<int64_t>(n)); };
  return sink({count(statistics.entities), count(statistics.relationships), count(statistics.facts),
               count(statistics.citations), count(context.database->Latest().version().value())})
      .status();
}

// The schema at the statement's snapshot, a row a declared property.
absl::Status Properties(ExecutionContext& context, absl::Span<const Datum>, const RowSink& sink) {
  const Snapshot& snapshot = context.reader->context(0).snapshot;
  RELATA_ASSIGN_OR_RETURN(const std::shared_ptr<const Schema> schema, snapshot.GetSchema());
  const NameTable& names = snapshot.names();
  for (const PropertyDeclaration& d : schema->properties()) {
    Datum::List types;
    for (const ValueType type : d.types) types.push_back(Datum::String(ValueTypeName(type)));
    RELATA_ASSIGN_OR_RETURN(
        const bool more,
        sink({d.label.valid() ? Datum::String(names.Name(d.label)) : Datum(),
              d.type.valid() ? Datum::String(names.Name(d.type)) : Datum(),
              Datum::String(names.Name(d.property)), Datum::Of(std::move(types)),
              Datum::Bool(d.required), Datum::String(d.unit), Datum::String(d.description)}));
    if (!more) break;
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<Procedure> DbProcedures() {
  const TypeSet text = types::kString;
  return {
      {"db.labels",
       {},
       {Output("label", text, "STRING")},
       false,
       "Labels that entities bear.",
       Labels},
      {"db.relationshipTypes",
       {},
       {Output("relationshipType", text, "STRING")},
       false,
       "Types that relationships have.",
       RelationshipTypes},
      {"db.propertyKeys",
       {},
       {Output("propertyKey", text, "STRING")},
       false,
       "Names that properties have had.",
       PropertyKeys},
      {"db.schema.properties",
       {},
       {Output("label", text | types::kNull, "STRING"),
        Output("relationshipType", text | types::kNull, "STRING"),
        Output("property", text, "STRING"), Output("types", types::kList, "LIST<STRING>"),
        Output("required", types::kBool, "BOOLEAN"), Output("unit", text, "STRING"),
        Output("description", text, "STRING")},
       false,
       "What is declared of properties.",
       Properties},
      {"relata.statistics",
       {},
       {Output("entities", types::kInt, "INTEGER"), Output("relationships", types::kInt, "INTEGER"),
        Output("facts", types::kInt, "INTEGER"), Output("citations", types::kInt, "INTEGER"),
        Output("version", types::kInt, "INTEGER")},
       false,
       "How much the database holds.",
       Statistics},
  };
}

}  // namespace relata::query
