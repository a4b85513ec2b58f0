#include "tests/query/differential/grpc_database.h"

#include <chrono>
#include <string>
#include <utility>

#include "base/status_macros.h"
#include "client/query_cell.h"
#include "server/convert/query_value.h"

namespace relata::differential {

using query::Datum;

GrpcDatabase::GrpcDatabase()
    : server_(&clock()), stub_(v1::QueryService::NewStub(server_.channel())) {}

absl::StatusOr<std::unique_ptr<QueryDatabase>> GrpcDatabase::Make() {
  std::unique_ptr<GrpcDatabase> made(new GrpcDatabase());
  RELATA_ASSIGN_OR_RETURN(made->open_, made->server_.server().databases().Find(""));
  return std::unique_ptr<QueryDatabase>(std::move(made));
}

absl::StatusOr<std::vector<std::vector<Datum>>> GrpcDatabase::Run(absl::string_view text,
                                                                  query::QueryOptions options,
                                                                  double seconds) {
  clock().AdvanceMicros(1000);
  v1::RunQueryRequest request;
  request.set_query(std::string(text));
  request.set_batch_rows(static_cast<int>(options.batch_rows));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::milliseconds(static_cast<int64_t>(1000 * seconds)));
  const auto reader = stub_->RunQuery(&context, request);
  std::vector<std::vector<Datum>> rows;
  v1::RunQueryResponse part;
  while (reader->Read(&part)) {
    const v1::QueryBatch& batch = part.batch();
    for (uint64_t row = 0; row < batch.rows(); ++row) {
      std::vector<Datum> values;
      for (int column = 0; column < batch.columns_size(); ++column) {
        RELATA_ASSIGN_OR_RETURN(Datum value, ToDatum(QueryCell(batch, column, row), batch));
        values.push_back(std::move(value));
      }
      rows.push_back(std::move(values));
    }
  }
  const grpc::Status status = reader->Finish();
  if (!status.ok()) {
    return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  }
  return rows;
}

query::RelationshipRef GrpcDatabase::RelationshipAt(const v1::QueryBatch& batch, uint32_t index) {
  const v1::QueryRelationship& r = batch.relationships(static_cast<int>(index));
  query::RelationshipRef ref;
  ref.ends.id = RelationshipId(r.id());
  ref.ends.from = EntityId(r.from_id());
  ref.ends.to = EntityId(r.to_id());
  ref.ends.type = database().names().InternType(r.type());
  ref.fact = FactId(r.fact_id());
  return ref;
}

absl::StatusOr<Datum> GrpcDatabase::ToDatum(const v1::QueryValue& value,
                                            const v1::QueryBatch& batch) {
  const auto node_at = [&batch](uint32_t index) {
    return query::NodeRef{EntityId(batch.nodes(static_cast<int>(index)).id()), 0};
  };
  switch (value.kind_case()) {
    case v1::QueryValue::kNode:
      return Datum::Of(node_at(value.node()));
    case v1::QueryValue::kRelationship:
      return Datum::Of(RelationshipAt(batch, value.relationship()));
    case v1::QueryValue::kPath: {
      query::PathValue path;
      for (const uint32_t node : value.path().nodes()) path.nodes.push_back(node_at(node));
      for (const uint32_t r : value.path().relationships()) {
        path.relationships.push_back(RelationshipAt(batch, r));
      }
      return Datum::Of(std::move(path));
    }
    case v1::QueryValue::kList: {
      Datum::List list;
      for (const v1::QueryValue& item : value.list().values()) {
        RELATA_ASSIGN_OR_RETURN(Datum converted, ToDatum(item, batch));
        list.push_back(std::move(converted));
      }
      return Datum::Of(std::move(list));
    }
    case v1::QueryValue::kMap: {
      Datum::Map map;
      for (const v1::QueryMapEntry& entry : value.map().entries()) {
        RELATA_ASSIGN_OR_RETURN(Datum converted, ToDatum(entry.value(), batch));
        map.emplace_back(entry.name(), std::move(converted));
      }
      return Datum::SortedMap(std::move(map));
    }
    default:
      break;
  }
  // A plain value, as a parameter that comes back.
  google::protobuf::RepeatedPtrField<v1::MapEntry> one;
  v1::MapEntry* const entry = one.Add();
  entry->set_name("value");
  *entry->mutable_value() = value.value();
  RELATA_ASSIGN_OR_RETURN(query::Parameters parameters, ParametersFromProto(one));
  return std::move(parameters[0].second);
}

}  // namespace relata::differential
