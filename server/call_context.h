#ifndef RELATA_SERVER_CALL_CONTEXT_H_
#define RELATA_SERVER_CALL_CONTEXT_H_

#include <grpcpp/support/status.h>

#include <atomic>
#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/clock.h"
#include "graph/budget.h"
#include "server/database_registry.h"
#include "server/limits.h"

namespace grpc {
class ServerContext;
}  // namespace grpc

namespace relata {

namespace v1 {
class QuestionBudget;
}

// What all calls of a server share. Lives as long as the server.
struct ServerState {
  DatabaseRegistry* databases = nullptr;
  Limits limits;
  Clock* clock = nullptr;
  int64_t start_micros = 0;            // by the clock
  int64_t start_monotonic_micros = 0;  // likewise
  // Calls of Watch now.
  std::atomic<int> watch_streams{0};
  // Calls of BulkWrite now.
  std::atomic<int> bulk_writes{0};
  // The server is stopping: streams end.
  std::atomic<bool> stopping{false};
};

// One call: what it may use, and when it must end. Borrows both; lives on the stack of the call.
// Any thread that works for the call may ask.
class CallContext {
 public:
  CallContext(ServerState* state, grpc::ServerContext* grpc);

  ServerState& state() const { return *state_; }
  const Limits& limits() const { return state_->limits; }
  // The client went away or its deadline passed, as known some milliseconds ago at the latest: gRPC
  // is asked seldom, since its answer takes as long as a whole small query (a look at its sockets,
  // 36 us measured). Cheap enough for every few hundred steps.
  bool cancelled() const;
  // When the call should have its answer, by Clock::MonotonicMicros: `at_most` from now, or earlier
  // where its own deadline comes first (a tenth of the time left is kept for the answer to travel).
  int64_t DeadlineMicros(absl::Duration at_most) const;
  // What a question may spend: the least of what it asks for, the server's limits and the call's
  // deadline. INVALID_ARGUMENT for negative milliseconds.
  absl::StatusOr<Budget> MakeBudget(const v1::QuestionBudget& asked) const;

 private:
  ServerState* const state_;
  grpc::ServerContext* const grpc_;
  // When gRPC is to be asked next, by Clock::MonotonicMicros.
  mutable std::atomic<int64_t> next_look_micros_;
  mutable std::atomic<bool> cancelled_{false};
};

// Runs one call: the last place that exceptions reach (INTERNAL, logged), and the one that makes
// gRPC statuses. Faults of the server are logged with the method's name.
grpc::Status Dispatch(absl::string_view method, ServerState* state, grpc::ServerContext* grpc,
                      absl::FunctionRef<absl::Status(const CallContext&)> call);

// The same for a call of one request and one response, which `function` fills.
template <typename Request, typename Response>
grpc::Status DispatchUnary(absl::string_view method, ServerState* state, grpc::ServerContext* grpc,
                           absl::Status (*function)(const CallContext&, const Request&, Response*),
                           const Request& request, Response* response) {
  return Dispatch(method, state, grpc,
                  [&](const CallContext& call) { return function(call, request, response); });
}

}  // namespace relata

#endif  // RELATA_SERVER_CALL_CONTEXT_H_
