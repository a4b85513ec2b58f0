#ifndef RELATA_TESTS_CRASH_CRASH_CLIENT_H_
#define RELATA_TESTS_CRASH_CRASH_CLIENT_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "relata/v1/admin_service.grpc.pb.h"
#include "relata/v1/read_service.grpc.pb.h"
#include "relata/v1/write_service.grpc.pb.h"

namespace relata {

// A plain connection to one server, without the retries of the client library: what the server did
// must stay visible. Thread-safe.
class CrashClient {
 public:
  explicit CrashClient(const std::string& address)
      : channel_(
            grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), Arguments())),
        write_(v1::WriteService::NewStub(channel_)),
        read_(v1::ReadService::NewStub(channel_)),
        admin_(v1::AdminService::NewStub(channel_)) {}

  // The server's code and message.
  absl::StatusOr<v1::WriteResponse> Write(const v1::WriteRequest& request) {
    return Call<v1::WriteResponse>(*write_, &v1::WriteService::Stub::Write, request);
  }
  template <typename Response, typename Request>
  absl::StatusOr<Response> Read(grpc::Status (v1::ReadService::Stub::*method)(grpc::ClientContext*,
                                                                              const Request&,
                                                                              Response*),
                                const Request& request) {
    return Call<Response>(*read_, method, request);
  }
  absl::StatusOr<v1::GetStatisticsResponse> GetStatistics() {
    return Call<v1::GetStatisticsResponse>(*admin_, &v1::AdminService::Stub::GetStatistics,
                                           v1::GetStatisticsRequest());
  }

 private:
  static grpc::ChannelArguments Arguments() {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(-1);
    return arguments;
  }

  template <typename Response, typename Stub, typename Method, typename Request>
  static absl::StatusOr<Response> Call(Stub& stub, Method method, const Request& request) {
    grpc::ClientContext context;
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (status.ok()) return response;
    return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  }

  const std::shared_ptr<grpc::Channel> channel_;
  const std::unique_ptr<v1::WriteService::Stub> write_;
  const std::unique_ptr<v1::ReadService::Stub> read_;
  const std::unique_ptr<v1::AdminService::Stub> admin_;
};

}  // namespace relata

#endif  // RELATA_TESTS_CRASH_CRASH_CLIENT_H_
