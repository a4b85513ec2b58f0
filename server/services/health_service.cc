#include <grpcpp/server_context.h>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "server/call_context.h"
#include "server/services/services.h"

namespace relata {
namespace {

namespace health = grpc::health::v1;

// How often a watched server is looked at.
constexpr absl::Duration kLook = absl::Milliseconds(100);

// Says whether the server serves. The one that gRPC brings along is made of callbacks, for which a
// thread of their own waits on the same connections: it takes half of all messages off the network
// and then has to wake the thread that answers.
class HealthCalls final : public health::Health::Service {
 public:
  explicit HealthCalls(const ServerState* state) : state_(state) {}

  grpc::Status Check(grpc::ServerContext* /*context*/, const health::HealthCheckRequest* request,
                     health::HealthCheckResponse* response) override {
    if (!request->service().empty()) {
      return {grpc::StatusCode::NOT_FOUND,
              "only the server as a whole is watched: name no service"};
    }
    response->set_status(StatusNow());
    return grpc::Status::OK;
  }

  grpc::Status Watch(grpc::ServerContext* context, const health::HealthCheckRequest* request,
                     grpc::ServerWriter<health::HealthCheckResponse>* out) override {
    health::HealthCheckResponse response;
    response.set_status(request->service().empty() ? StatusNow()
                                                   : health::HealthCheckResponse::SERVICE_UNKNOWN);
    if (!out->Write(response)) return grpc::Status::CANCELLED;
    while (!state_->stopping) {
      if (context->IsCancelled()) return grpc::Status::CANCELLED;
      absl::SleepFor(kLook);
    }
    response.set_status(health::HealthCheckResponse::NOT_SERVING);
    out->Write(response);
    // A client acknowledges what it reads. The connection goes with its last stream, and one that
    // writes to a connection that is gone loses how its stream ended.
    absl::SleepFor(kLook);
    return grpc::Status::OK;
  }

 private:
  health::HealthCheckResponse::ServingStatus StatusNow() const {
    return state_->stopping ? health::HealthCheckResponse::NOT_SERVING
                            : health::HealthCheckResponse::SERVING;
  }

  const ServerState* const state_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeHealthService(ServerState* state) {
  return std::make_unique<HealthCalls>(state);
}

}  // namespace relata
