#ifndef RELATA_TESTS_TCK_GRPC_BACKEND_H_
#define RELATA_TESTS_TCK_GRPC_BACKEND_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/clock.h"
#include "relata/v1/query_service.grpc.pb.h"
#include "tests/server/in_process_server.h"
#include "tests/tck/scenario_backend.h"

namespace relata {

// A server of its own on a free loopback port, and queries over a real connection to it. A query
// that runs longer than 20 s ends with DEADLINE_EXCEEDED.
class GrpcBackend : public ScenarioBackend {
 public:
  // `clock`, the server's, must outlive it. `batch_rows` is asked for with every query.
  explicit GrpcBackend(Clock* clock, int batch_rows = 0);

  absl::StatusOr<TckResult> Execute(absl::string_view query,
                                    const TckParameters& parameters) override;
  absl::Status Register(const TckProcedure& procedure) override;
  absl::StatusOr<GraphState> State() override;
  absl::Status WaitForIndexes() override;

 private:
  absl::StatusOr<std::shared_ptr<OpenDatabase>> Main();

  const int batch_rows_;
  InProcessServer server_;
  const std::unique_ptr<v1::QueryService::Stub> stub_;
};

}  // namespace relata

#endif  // RELATA_TESTS_TCK_GRPC_BACKEND_H_
