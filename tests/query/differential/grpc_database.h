#ifndef RELATA_TESTS_QUERY_DIFFERENTIAL_GRPC_DATABASE_H_
#define RELATA_TESTS_QUERY_DIFFERENTIAL_GRPC_DATABASE_H_

#include <memory>
#include <vector>

#include "relata/v1/query_service.grpc.pb.h"
#include "server/database_registry.h"
#include "tests/query/differential/plain_graph.h"
#include "tests/server/in_process_server.h"

namespace relata::differential {

// A database behind a server of its own, which every query reaches over a real connection. Of the
// options only the number of rows in a batch goes along. Reopen does nothing.
class GrpcDatabase : public QueryDatabase {
 public:
  static absl::StatusOr<std::unique_ptr<QueryDatabase>> Make();
  absl::Status Reopen() override { return absl::OkStatus(); }
  absl::StatusOr<std::vector<std::vector<query::Datum>>> Run(absl::string_view text,
                                                             query::QueryOptions options,
                                                             double seconds) override;
  Database& database() override { return *open_->graph; }

 private:
  GrpcDatabase();
  absl::StatusOr<query::Datum> ToDatum(const v1::QueryValue& value, const v1::QueryBatch& batch);
  query::RelationshipRef RelationshipAt(const v1::QueryBatch& batch, uint32_t index);

  InProcessServer server_;
  std::shared_ptr<OpenDatabase> open_;
  const std::unique_ptr<v1::QueryService::Stub> stub_;
};

}  // namespace relata::differential

#endif  // RELATA_TESTS_QUERY_DIFFERENTIAL_GRPC_DATABASE_H_
