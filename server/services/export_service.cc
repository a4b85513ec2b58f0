#include <memory>
#include <utility>

#include "base/status_macros.h"
#include "relata/v1/export_service.grpc.pb.h"
#include "server/call_context.h"
#include "server/convert/export_writer.h"
#include "server/read_session.h"
#include "server/services/services.h"

namespace relata {
namespace {

// A message is sent when it holds about so many bytes.
constexpr size_t kMessageBytes = 256 << 10;

using ExportStream = grpc::ServerWriter<v1::ExportResponse>;

// Gathers mutations into messages.
class MutationStream {
 public:
  MutationStream(const CallContext& call, ExportStream* out) : call_(call), out_(out) {}

  v1::ExportResponse& message() { return message_; }

  absl::Status Add(v1::Mutation mutation) {
    if (call_.state().stopping) {
      return absl::UnavailableError("the server is stopping; export again");
    }
    bytes_ += mutation.ByteSizeLong();
    *message_.add_mutations() = std::move(mutation);
    return bytes_ < kMessageBytes ? absl::OkStatus() : Flush();
  }

  absl::Status Flush() {
    if (!out_->Write(message_)) return absl::CancelledError("the client ended the export");
    message_.Clear();
    bytes_ = 0;
    return absl::OkStatus();
  }

 private:
  const CallContext& call_;
  ExportStream* const out_;
  v1::ExportResponse message_;
  size_t bytes_ = 0;
};

absl::Status Export(const CallContext& call, const v1::ExportRequest& request, ExportStream* out) {
  v1::ReadOptions read;
  read.set_database(request.database());
  if (request.has_consistency()) *read.mutable_consistency() = request.consistency();
  RELATA_ASSIGN_OR_RETURN(const ReadSession session, ReadSession::Open(call, read, {}));
  MutationStream stream(call, out);
  WriteStateStamp(session.database(), session.snapshot(), stream.message().mutable_stamp());
  ExportWriter writer(session.snapshot(),
                      [&](v1::Mutation mutation) { return stream.Add(std::move(mutation)); });
  RELATA_RETURN_IF_ERROR(writer.Run());
  return stream.Flush();
}

class ExportCalls final : public v1::ExportService::Service {
 public:
  explicit ExportCalls(ServerState* state) : state_(state) {}

  grpc::Status Export(grpc::ServerContext* context, const v1::ExportRequest* request,
                      ExportStream* out) override {
    return Dispatch("Export", state_, context,
                    [&](const CallContext& call) { return relata::Export(call, *request, out); });
  }

 private:
  ServerState* const state_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeExportService(ServerState* state) {
  return std::make_unique<ExportCalls>(state);
}

}  // namespace relata
