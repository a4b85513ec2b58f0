#include "tests/tck/engine_backend.h"

#include <utility>

#include "base/clock.h"
#include "base/status_macros.h"
#include "graph/query/procedures/procedure.h"
#include "storage/memory/memory_kv.h"
#include "tests/tck/tck_datum.h"

namespace relata {
namespace {

using query::Datum;

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
      return TckScalar(datum);
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
  for (const auto& [name, value] : parameters) data.emplace_back(name, TckDatum(value));
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
  RELATA_ASSIGN_OR_RETURN(query::Procedure procedure, TableProcedure(table));
  return engine_->procedures().Register(std::move(procedure));
}

absl::Status EngineBackend::WaitForIndexes() { return database_->WaitForIndexes(); }

absl::StatusOr<GraphState> EngineBackend::State() { return ReadGraphState(*database_); }

}  // namespace relata
