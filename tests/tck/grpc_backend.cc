#include "tests/tck/grpc_backend.h"

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "base/status_macros.h"
#include "client/query_cell.h"
#include "graph/query/engine.h"
#include "graph/query/procedures/procedure.h"
#include "graph/query/query_error.h"
#include "server/convert/value.h"
#include "server/database_registry.h"
#include "tests/server/call_error.h"
#include "tests/tck/tck_datum.h"

namespace relata {
namespace {

using query::Datum;

constexpr std::chrono::seconds kTimeout(20);

void ToProto(const TckValue& value, v1::Value* out) {
  switch (value.kind) {
    case TckValue::Kind::kBool:
      return out->set_bool_value(value.boolean);
    case TckValue::Kind::kInt:
      return out->set_int_value(value.integer);
    case TckValue::Kind::kFloat:
      return out->set_double_value(value.real);
    case TckValue::Kind::kString:
      return out->set_string_value(value.text);
    case TckValue::Kind::kList:
      out->mutable_list_value();
      for (const TckValue& item : value.items)
        ToProto(item, out->mutable_list_value()->add_values());
      return;
    case TckValue::Kind::kMap:
      out->mutable_map_value();
      for (const auto& [name, entry] : value.entries) {
        v1::MapEntry* const added = out->mutable_map_value()->add_entries();
        added->set_name(name);
        ToProto(entry, added->mutable_value());
      }
      return;
    default:
      out->set_null_value(true);
  }
}

absl::StatusOr<TckValue> FromProto(const v1::Value& proto) {
  switch (proto.kind_case()) {
    case v1::Value::kNullValue:
      return TckValue();
    case v1::Value::kBoolValue:
      return TckValue::Bool(proto.bool_value());
    case v1::Value::kStringValue:
      return TckValue::String(proto.string_value());
    case v1::Value::kListValue: {
      TckValue value;
      value.kind = TckValue::Kind::kList;
      for (const v1::Value& item : proto.list_value().values()) {
        RELATA_ASSIGN_OR_RETURN(TckValue converted, FromProto(item));
        value.items.push_back(std::move(converted));
      }
      return value;
    }
    case v1::Value::kMapValue: {
      TckValue value;
      value.kind = TckValue::Kind::kMap;
      for (const v1::MapEntry& entry : proto.map_value().entries()) {
        RELATA_ASSIGN_OR_RETURN(TckValue converted, FromProto(entry.value()));
        value.entries.emplace_back(entry.name(), std::move(converted));
      }
      return value;
    }
    default:
      break;
  }
  RELATA_ASSIGN_OR_RETURN(const Value value, ValueFromProto(proto, FieldPath("value")));
  const Datum datum = Datum::FromValue(value);
  if (datum.kind() == Datum::Kind::kInt) return TckValue::Int(datum.AsInt());
  if (datum.kind() == Datum::Kind::kFloat) return TckValue::Float(datum.AsFloat());
  return TckScalar(datum);
}

template <typename Properties>
absl::Status AddProperties(const Properties& properties, TckValue& value) {
  for (const v1::Property& property : properties) {
    RELATA_ASSIGN_OR_RETURN(TckValue converted, FromProto(property.value()));
    value.entries.emplace_back(property.name(), std::move(converted));
  }
  return absl::OkStatus();
}

absl::StatusOr<TckValue> NodeFrom(const v1::QueryBatch& batch, uint32_t index) {
  const v1::QueryNode& node = batch.nodes(static_cast<int>(index));
  TckValue value;
  value.kind = TckValue::Kind::kNode;
  value.labels.assign(node.labels().begin(), node.labels().end());
  RELATA_RETURN_IF_ERROR(AddProperties(node.properties(), value));
  return value;
}

absl::StatusOr<TckValue> RelationshipFrom(const v1::QueryBatch& batch, uint32_t index) {
  const v1::QueryRelationship& relationship = batch.relationships(static_cast<int>(index));
  TckValue value;
  value.kind = TckValue::Kind::kRelationship;
  value.text = relationship.type();
  RELATA_RETURN_IF_ERROR(AddProperties(relationship.properties(), value));
  return value;
}

absl::StatusOr<TckValue> PathFrom(const v1::QueryBatch& batch, const v1::QueryPath& path) {
  TckValue value;
  value.kind = TckValue::Kind::kPath;
  for (int i = 0; i < path.nodes_size(); ++i) {
    if (i > 0) {
      const uint32_t hop = path.relationships(i - 1);
      RELATA_ASSIGN_OR_RETURN(TckValue relationship, RelationshipFrom(batch, hop));
      const uint32_t from = path.nodes(i - 1);
      relationship.forward = batch.relationships(static_cast<int>(hop)).from_id() ==
                             batch.nodes(static_cast<int>(from)).id();
      value.items.push_back(std::move(relationship));
    }
    RELATA_ASSIGN_OR_RETURN(TckValue node, NodeFrom(batch, path.nodes(i)));
    value.items.push_back(std::move(node));
  }
  return value;
}

absl::StatusOr<TckValue> CellFrom(const v1::QueryBatch& batch, const v1::QueryValue& cell) {
  TckValue value;
  switch (cell.kind_case()) {
    case v1::QueryValue::kNode:
      return NodeFrom(batch, cell.node());
    case v1::QueryValue::kRelationship:
      return RelationshipFrom(batch, cell.relationship());
    case v1::QueryValue::kPath:
      return PathFrom(batch, cell.path());
    case v1::QueryValue::kList:
      value.kind = TckValue::Kind::kList;
      for (const v1::QueryValue& item : cell.list().values()) {
        RELATA_ASSIGN_OR_RETURN(TckValue converted, CellFrom(batch, item));
        value.items.push_back(std::move(converted));
      }
      return value;
    case v1::QueryValue::kMap:
      value.kind = TckValue::Kind::kMap;
      for (const v1::QueryMapEntry& entry : cell.map().entries()) {
        RELATA_ASSIGN_OR_RETURN(TckValue converted, CellFrom(batch, entry.value()));
        value.entries.emplace_back(entry.name(), std::move(converted));
      }
      return value;
    default:
      return FromProto(cell.value());
  }
}

absl::Status AddRows(const v1::QueryBatch& batch, TckResult& result) {
  for (uint64_t row = 0; row < batch.rows(); ++row) {
    std::vector<TckValue> values;
    for (int column = 0; column < batch.columns_size(); ++column) {
      RELATA_ASSIGN_OR_RETURN(TckValue value, CellFrom(batch, QueryCell(batch, column, row)));
      values.push_back(std::move(value));
    }
    result.rows.push_back(std::move(values));
  }
  return absl::OkStatus();
}

// Where line and column, from 1, are in the text.
std::optional<query::Span> SpanAt(absl::string_view text, int line, int column) {
  for (uint32_t at = 0; at <= text.size(); ++at) {
    const query::SourcePosition position = query::PositionOf(text, at);
    if (position.line == line && position.column == column) return query::Span{at, at};
  }
  return std::nullopt;
}

query::ErrorClass ClassNamed(absl::string_view name) {
  for (int i = 0; i < static_cast<int>(query::ErrorClass::kOther); ++i) {
    if (query::ErrorClassName(static_cast<query::ErrorClass>(i)) == name) {
      return static_cast<query::ErrorClass>(i);
    }
  }
  return query::ErrorClass::kOther;
}

// The error as the engine gave it, out of the details that came along.
absl::Status ErrorFrom(const grpc::Status& status, absl::string_view query) {
  const UnpackedError error = UnpackError(status);
  const auto& metadata = error.info.metadata();
  const auto code = static_cast<absl::StatusCode>(status.error_code());
  if (error.info.reason() != "QUERY_ERROR") return absl::Status(code, status.error_message());
  std::optional<query::Span> span;
  std::string message = status.error_message();
  if (metadata.contains("line")) {
    int line = 0;
    int column = 0;
    if (!absl::SimpleAtoi(metadata.at("line"), &line) ||
        !absl::SimpleAtoi(metadata.at("column"), &column)) {
      return absl::InternalError("line and column are no numbers");
    }
    span = SpanAt(query, line, column);
    message.resize(std::min(message.size(), message.rfind("\nline ")));
  }
  return query::MakeQueryError(
      ClassNamed(metadata.at("class")),
      metadata.at("phase") == "runtime" ? query::ErrorPhase::kRuntime : query::ErrorPhase::kCompile,
      metadata.at("detail"), span, message);
}

}  // namespace

GrpcBackend::GrpcBackend(Clock* clock, int batch_rows)
    : batch_rows_(batch_rows),
      server_(clock),
      stub_(v1::QueryService::NewStub(server_.channel())) {}

absl::StatusOr<std::shared_ptr<OpenDatabase>> GrpcBackend::Main() {
  return server_.server().databases().Find("");
}

absl::StatusOr<TckResult> GrpcBackend::Execute(absl::string_view query,
                                               const TckParameters& parameters) {
  v1::RunQueryRequest request;
  request.set_query(std::string(query));
  request.set_batch_rows(batch_rows_);
  for (const auto& [name, value] : parameters) {
    v1::MapEntry* const parameter = request.add_parameters();
    parameter->set_name(name);
    ToProto(value, parameter->mutable_value());
  }
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kTimeout);
  const auto reader = stub_->RunQuery(&context, request);
  TckResult result;
  v1::RunQueryResponse part;
  absl::Status read;
  while (read.ok() && reader->Read(&part)) {
    if (part.columns_size() > 0) {
      result.columns.assign(part.columns().begin(), part.columns().end());
    }
    result.plan += part.plan();
    read = AddRows(part.batch(), result);
  }
  if (!read.ok()) context.TryCancel();
  const grpc::Status status = reader->Finish();
  RELATA_RETURN_IF_ERROR(read);
  if (!status.ok()) return ErrorFrom(status, query);
  return result;
}

absl::Status GrpcBackend::Register(const TckProcedure& table) {
  RELATA_ASSIGN_OR_RETURN(const std::shared_ptr<OpenDatabase> database, Main());
  RELATA_ASSIGN_OR_RETURN(query::Procedure procedure, TableProcedure(table));
  return database->queries->procedures().Register(std::move(procedure));
}

absl::StatusOr<GraphState> GrpcBackend::State() {
  RELATA_ASSIGN_OR_RETURN(const std::shared_ptr<OpenDatabase> database, Main());
  return ReadGraphState(*database->graph);
}

absl::Status GrpcBackend::WaitForIndexes() {
  RELATA_ASSIGN_OR_RETURN(const std::shared_ptr<OpenDatabase> database, Main());
  return database->graph->WaitForIndexes();
}

}  // namespace relata
