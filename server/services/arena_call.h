#ifndef RELATA_SERVER_SERVICES_ARENA_CALL_H_
#define RELATA_SERVER_SERVICES_ARENA_CALL_H_

#include <google/protobuf/arena.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/status.h>
#include <grpcpp/support/sync_stream.h>

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/call_context.h"

namespace relata {

// Runs a call of one request and one response as DispatchUnary does, with both messages in an arena
// of the call: for answers of thousands of small messages, which otherwise are allocated and freed
// one by one. gRPC makes the response of an ordinary unary method itself, outside of any arena, so
// the service has to derive from WithStreamedUnaryMethod_ of the method and override Streamed…; to
// the client there is no difference. INVALID_ARGUMENT where the request cannot be parsed, CANCELLED
// where nobody waits for the response any more.
template <typename Request, typename Response>
grpc::Status DispatchInArena(absl::string_view method, ServerState* state,
                             grpc::ServerContext* context,
                             absl::Status (*function)(const CallContext&, const Request&,
                                                      Response*),
                             grpc::ServerUnaryStreamer<Request, Response>* call) {
  // Below the size from which the general allocator asks the system for each block.
  constexpr size_t kLargestBlock = size_t{64} << 10;
  google::protobuf::ArenaOptions options;
  options.start_block_size = size_t{4} << 10;
  options.max_block_size = kLargestBlock;
  google::protobuf::Arena arena(options);
  Response* response = nullptr;
  grpc::Status status = Dispatch(method, state, context, [&](const CallContext& running) {
    auto* const request = google::protobuf::Arena::CreateMessage<Request>(&arena);
    if (!call->Read(request)) {
      return absl::InvalidArgumentError("the request is not a message of this method");
    }
    response = google::protobuf::Arena::CreateMessage<Response>(&arena);
    return function(running, *request, response);
  });
  if (!status.ok()) return status;
  // Goes out together with the status.
  if (call->Write(*response, grpc::WriteOptions().set_last_message())) return status;
  return {grpc::StatusCode::CANCELLED, "the client went away"};
}

}  // namespace relata

#endif  // RELATA_SERVER_SERVICES_ARENA_CALL_H_
