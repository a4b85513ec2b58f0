#ifndef RELATA_CLIENT_CONNECTION_H_
#define RELATA_CLIENT_CONNECTION_H_

#include <grpc/support/time.h>
#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <memory>

#include "absl/time/time.h"
#include "client/call_error.h"
#include "client/client.h"
#include "relata/v1/admin_service.grpc.pb.h"
#include "relata/v1/algorithm_service.grpc.pb.h"
#include "relata/v1/answer_service.grpc.pb.h"
#include "relata/v1/export_service.grpc.pb.h"
#include "relata/v1/query_service.grpc.pb.h"
#include "relata/v1/read_service.grpc.pb.h"
#include "relata/v1/watch_service.grpc.pb.h"
#include "relata/v1/write_service.grpc.pb.h"

// What the sources of Client share; nobody else includes this.
namespace relata {

inline gpr_timespec DeadlineAfter(absl::Duration left) {
  if (left > absl::Hours(24 * 365)) return gpr_inf_future(GPR_CLOCK_MONOTONIC);
  return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                      gpr_time_from_micros(absl::ToInt64Microseconds(left), GPR_TIMESPAN));
}

// The stubs of all services on one channel.
struct Client::Connection {
  explicit Connection(const std::shared_ptr<grpc::Channel>& channel)
      : write(v1::WriteService::NewStub(channel)),
        read(v1::ReadService::NewStub(channel)),
        answer(v1::AnswerService::NewStub(channel)),
        algorithm(v1::AlgorithmService::NewStub(channel)),
        query(v1::QueryService::NewStub(channel)),
        watch(v1::WatchService::NewStub(channel)),
        exporter(v1::ExportService::NewStub(channel)),
        admin(v1::AdminService::NewStub(channel)) {}

  const std::unique_ptr<v1::WriteService::Stub> write;
  const std::unique_ptr<v1::ReadService::Stub> read;
  const std::unique_ptr<v1::AnswerService::Stub> answer;
  const std::unique_ptr<v1::AlgorithmService::Stub> algorithm;
  const std::unique_ptr<v1::QueryService::Stub> query;
  const std::unique_ptr<v1::WatchService::Stub> watch;
  const std::unique_ptr<v1::ExportService::Stub> exporter;
  const std::unique_ptr<v1::AdminService::Stub> admin;
};

// Reads a stream that `open` begins, to its end or until `receive` gives an error, which is
// returned. One that breaks before its first message is begun again.
template <typename Response, typename Open>
absl::Status Client::ReadStream(Open open,
                                absl::FunctionRef<absl::Status(const Response&)> receive) {
  absl::Status late;
  const auto read_all = [&](absl::Duration left) {
    grpc::ClientContext context;
    context.set_deadline(DeadlineAfter(left));
    const auto reader = open(&context);
    Response part;
    bool begun = false;
    while (late.ok() && reader->Read(&part)) {
      begun = true;
      late = receive(part);
    }
    if (!late.ok()) context.TryCancel();
    absl::Status status = FromGrpc(reader->Finish());
    if (begun && late.ok()) late = status;
    return begun ? absl::OkStatus() : status;
  };
  RELATA_RETURN_IF_ERROR(CallWithRetries(options_.retry, RetryKind::kUnavailable,
                                         options_.stream_timeout, options_.clock, options_.sleep,
                                         read_all));
  return late;
}

template <typename Stub, typename Method, typename Request, typename Response>
absl::Status Client::Call(Stub& stub, Method method, RetryKind kind, const Request& request,
                          Response* response) {
  return CallWithRetries(options_.retry, kind, options_.timeout, options_.clock, options_.sleep,
                         [&](absl::Duration left) {
                           grpc::ClientContext context;
                           context.set_deadline(DeadlineAfter(left));
                           response->Clear();
                           return FromGrpc((stub.*method)(&context, request, response));
                         });
}

template <typename Response, typename Stub, typename Method, typename Request>
absl::StatusOr<Response> Client::Ask(Stub& stub, Method method, const Request& request) {
  Response response;
  absl::Status status = Call(stub, method, RetryKind::kUnavailable, request, &response);
  if (!status.ok()) return status;
  return response;
}

}  // namespace relata

#endif  // RELATA_CLIENT_CONNECTION_H_
