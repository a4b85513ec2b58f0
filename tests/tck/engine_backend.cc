#include "tests/tck/engine_backend.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/clock.h"
#include "base/status_macros.h"
#include "graph/query/functions/function.h"
#include "graph/query/procedures/procedure.h"
#include "storage/memory/memory_kv.h"

namespace relata {
namespace {

using query::Datum;

Datum ToDatum(const TckValue& value) {
  switch (value.kind) {
    case TckValue::Kind::kBool:
      return Datum::Bool(value.boolean);
    case TckValue::Kind::kInt:
      return Datum::Int(value.integer);
    case TckValue::Kind::kFloat:
      return Datum::Float(value.real);
    case TckValue::Kind::kString:
      return Datum::String(value.text);
    case TckValue::Kind::kList: {
      Datum::List list;
      for (const TckValue& item : value.items) list.push_back(ToDatum(item));
      return Datum::Of(std::move(list));
    }
    case TckValue::Kind::kMap: {
      Datum::Map map;
      for (const auto& [key, entry] : value.entries) map.emplace_back(key, ToDatum(entry));
      return Datum::SortedMap(std::move(map));
    }
    default:
      return Datum();
  }
}

absl::StatusOr<TckValue> FromDatum(const Datum& datum, query::QueryResult& result);

absl::Status AddProperties(const Datum& entity, query::QueryResult& result, TckValue& value) {
  RELATA_ASSIGN_OR_RETURN(const Datum properties, result.Properties(entity));
  for (const auto& [key, property] : properties.AsMap()) {
    RELATA_ASSIGN_OR_RETURN(TckValue converted, FromDatum(property, result));
    value.entries.emplace_back(key, std::move(converted));
  }
  return absl::OkStatus();
}

absl::StatusOr<TckValue> FromNode(const Datum& node, query::QueryResult& result) {
  TckValue value;
  value.kind = TckValue::Kind::kNode;
  RELATA_ASSIGN_OR_RETURN(const Datum labels, result.Labels(node));
  for (const Datum& label : labels.AsList()) value.labels.emplace_back(label.AsString());
  RELATA_RETURN_IF_ERROR(AddProperties(node, result, value));
  return value;
}

absl::StatusOr<TckValue> FromRelationship(const query::RelationshipRef& relationship,
                                          query::QueryResult& result) {
  TckValue value;
  value.kind = TckValue::Kind::kRelationship;
  value.text = std::string(result.TypeOf(relationship));
  RELATA_RETURN_IF_ERROR(AddProperties(Datum::Of(relationship), result, value));
  return value;
}

absl::StatusOr<TckValue> FromPath(const query::PathValue& path, query::QueryResult& result) {
  TckValue value;
  value.kind = TckValue::Kind::kPath;
  for (size_t i = 0; i < path.nodes.size(); ++i) {
    if (i > 0) {
      const query::RelationshipRef& relationship = path.relationships[i - 1];
      RELATA_ASSIGN_OR_RETURN(TckValue hop, FromRelationship(relationship, result));
      hop.forward = relationship.ends.from == path.nodes[i - 1].id;
      value.items.push_back(std::move(hop));
    }
    RELATA_ASSIGN_OR_RETURN(TckValue node, FromNode(Datum::Of(path.nodes[i]), result));
    value.items.push_back(std::move(node));
  }
  return value;
}

// A temporal value is what the language's own toString() makes of it, as the TCK has it; values of
// other types are named with their type.
absl::StatusOr<TckValue> FromScalar(const Datum& datum) {
  if (datum.value_type() < ValueType::kDate || datum.value_type() > ValueType::kDuration) {
    TckValue value =
        TckValue::String(absl::StrCat(absl::AsciiStrToLower(ValueTypeName(datum.value_type())), "(",
                                      datum.AsScalar().ToString(), ")"));
    value.kind = TckValue::Kind::kOther;
    return value;
  }
  const query::FunctionDefinition* to_string = query::FindFunction("toString");
  if (to_string == nullptr) return absl::InternalError("there is no function toString");
  query::CallContext context;
  RELATA_ASSIGN_OR_RETURN(const Datum text, to_string->call(context, absl::MakeSpan(&datum, 1)));
  return TckValue::String(text.AsString());
}

absl::StatusOr<TckValue> FromDatum(const Datum& datum, query::QueryResult& result) {
  switch (datum.kind()) {
    case Datum::Kind::kNull:
      return TckValue();
    case Datum::Kind::kBool:
      return TckValue::Bool(datum.AsBool());
    case Datum::Kind::kInt:
      return TckValue::Int(datum.AsInt());
    case Datum::Kind::kFloat:
      return TckValue::Float(datum.AsFloat());
    case Datum::Kind::kString:
      return TckValue::String(datum.AsString());
    case Datum::Kind::kScalar:
      return FromScalar(datum);
    case Datum::Kind::kNode:
      return FromNode(datum, result);
    case Datum::Kind::kRelationship:
      return FromRelationship(datum.AsRelationship(), result);
    case Datum::Kind::kPath:
      return FromPath(datum.AsPath(), result);
    case Datum::Kind::kList:
    case Datum::Kind::kMap:
      break;
  }
  TckValue value;
  if (datum.is_list()) {
    value.kind = TckValue::Kind::kList;
    for (const Datum& item : datum.AsList()) {
      RELATA_ASSIGN_OR_RETURN(TckValue converted, FromDatum(item, result));
      value.items.push_back(std::move(converted));
    }
    return value;
  }
  value.kind = TckValue::Kind::kMap;
  for (const auto& [key, entry] : datum.AsMap()) {
    RELATA_ASSIGN_OR_RETURN(TckValue converted, FromDatum(entry, result));
    value.entries.emplace_back(key, std::move(converted));
  }
  return value;
}

// `INTEGER?`, `LIST OF STRING`, …; a `?` allows null.
absl::StatusOr<query::TypeSet> ParseType(absl::string_view text) {
  namespace types = query::types;
  static constexpr std::pair<absl::string_view, query::TypeSet> kTypes[] = {
      {"ANY", types::kAny},
      {"BOOLEAN", types::kBool},
      {"INTEGER", types::kInt},
      {"FLOAT", types::kFloat},
      {"NUMBER", types::kNumber},
      {"STRING", types::kString},
      {"LIST", types::kList},
      {"MAP", types::kMap},
      {"NODE", types::kNode},
      {"RELATIONSHIP", types::kRelationship},
      {"PATH", types::kPath},
      {"DATE", types::kDate},
      {"LOCALTIME", types::kLocalTime},
      {"TIME", types::kTime},
      {"LOCALDATETIME", types::kLocalDateTime},
      {"DATETIME", types::kDateTime},
      {"DURATION", types::kDuration},
  };
  absl::string_view name = text;
  const query::TypeSet null = absl::ConsumeSuffix(&name, "?") ? types::kNull : 0;
  if (absl::StartsWith(name, "LIST")) name = "LIST";
  for (const auto& [known, set] : kTypes) {
    if (known == name) return set | null;
  }
  return absl::InvalidArgumentError(absl::StrCat("the type `", text, "` is not known"));
}

absl::StatusOr<std::vector<query::ProcedureField>> ToFields(
    const std::vector<std::pair<std::string, std::string>>& fields) {
  std::vector<query::ProcedureField> converted;
  for (const auto& [name, type] : fields) {
    query::ProcedureField field;
    field.name = name;
    field.type_name = type;
    RELATA_ASSIGN_OR_RETURN(field.type, ParseType(type));
    converted.push_back(std::move(field));
  }
  return converted;
}

// Calls of a procedure that is a table.
query::ProcedureCall TableCall(size_t inputs, std::vector<std::vector<Datum>> rows) {
  return [inputs, rows = std::move(rows)](query::ExecutionContext&, absl::Span<const Datum> args,
                                          const query::RowSink& sink) -> absl::Status {
    for (const std::vector<Datum>& row : rows) {
      bool matches = true;
      for (size_t i = 0; i < inputs && matches; ++i) {
        matches = query::EquivalentData(args[i], row[i]);
      }
      if (!matches) continue;
      RELATA_ASSIGN_OR_RETURN(
          const bool more,
          sink(std::vector<Datum>(row.begin() + static_cast<std::ptrdiff_t>(inputs), row.end())));
      if (!more) break;
    }
    return absl::OkStatus();
  };
}

}  // namespace

EngineBackend::EngineBackend(Clock* clock, int64_t timeout_us, query::QueryOptions options,
                             DatabaseOptions database)
    : clock_(clock),
      timeout_us_(timeout_us),
      options_(std::move(options)),
      database_options_(database),
      kv_(std::make_unique<MemoryKv>()) {}

EngineBackend::~EngineBackend() = default;

absl::StatusOr<std::unique_ptr<EngineBackend>> EngineBackend::Make(Clock* clock, int64_t timeout_us,
                                                                   query::QueryOptions options,
                                                                   DatabaseOptions database) {
  auto backend = std::unique_ptr<EngineBackend>(
      new EngineBackend(clock, timeout_us, std::move(options), database));
  RELATA_RETURN_IF_ERROR(backend->Reopen());
  return backend;
}

absl::Status EngineBackend::Reopen() {
  engine_.reset();
  database_.reset();
  RELATA_ASSIGN_OR_RETURN(database_, Database::Open(kv_.get(), clock_, database_options_));
  engine_ = std::make_unique<query::QueryEngine>(database_.get());
  return absl::OkStatus();
}

absl::StatusOr<TckResult> EngineBackend::Execute(absl::string_view query,
                                                 const TckParameters& parameters) {
  Datum::Map data;
  for (const auto& [name, value] : parameters) data.emplace_back(name, ToDatum(value));
  const Datum sorted = Datum::SortedMap(std::move(data));
  query::QueryOptions options = options_;
  options.deadline_monotonic_us = clock_->MonotonicMicros() + timeout_us_;
  RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<query::QueryResult> result,
                          engine_->Run(query, sorted.AsMap(), options));
  TckResult rows;
  rows.columns = result->columns();
  query::Batch batch;
  while (true) {
    RELATA_ASSIGN_OR_RETURN(const bool more, result->Next(&batch));
    if (!more) break;
    for (size_t row = 0; row < batch.rows; ++row) {
      std::vector<TckValue> values;
      for (const query::Column& column : batch.columns) {
        RELATA_ASSIGN_OR_RETURN(TckValue value, FromDatum(column.Get(row), *result));
        values.push_back(std::move(value));
      }
      rows.rows.push_back(std::move(values));
    }
  }
  rows.plan = result->plan_text();
  return rows;
}

absl::Status EngineBackend::Register(const TckProcedure& table) {
  query::Procedure procedure;
  procedure.name = table.name;
  RELATA_ASSIGN_OR_RETURN(procedure.inputs, ToFields(table.inputs));
  RELATA_ASSIGN_OR_RETURN(procedure.outputs, ToFields(table.outputs));
  std::vector<std::vector<Datum>> rows;
  for (const std::vector<TckValue>& row : table.rows) {
    rows.emplace_back();
    for (const TckValue& value : row) rows.back().push_back(ToDatum(value));
  }
  procedure.description = "A table of a scenario.";
  procedure.call = TableCall(table.inputs.size(), std::move(rows));
  return engine_->procedures().Register(std::move(procedure));
}

absl::Status EngineBackend::WaitForIndexes() { return database_->WaitForIndexes(); }

absl::StatusOr<GraphState> EngineBackend::State() { return ReadGraphState(*database_); }

}  // namespace relata
