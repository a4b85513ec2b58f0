#ifndef RELATA_SERVER_SERVICES_SERVICES_H_
#define RELATA_SERVER_SERVICES_SERVICES_H_

#include <memory>
#include <vector>

namespace grpc {
class Service;
}

namespace relata {

struct ServerState;

// The gRPC services of the API. Each maps methods to the functions beside it, which read as lists:
// resolve what the request names, convert, call the graph, convert back. Thread-safe; `state` must
// outlive them.
std::unique_ptr<grpc::Service> MakeWriteService(ServerState* state);
std::unique_ptr<grpc::Service> MakeReadService(ServerState* state);
std::unique_ptr<grpc::Service> MakeAnswerService(ServerState* state);
std::unique_ptr<grpc::Service> MakeAlgorithmService(ServerState* state);
std::unique_ptr<grpc::Service> MakeQueryService(ServerState* state);
std::unique_ptr<grpc::Service> MakeWatchService(ServerState* state);
std::unique_ptr<grpc::Service> MakeExportService(ServerState* state);
std::unique_ptr<grpc::Service> MakeAdminService(ServerState* state);
std::unique_ptr<grpc::Service> MakeHealthService(ServerState* state);

}  // namespace relata

#endif  // RELATA_SERVER_SERVICES_SERVICES_H_
