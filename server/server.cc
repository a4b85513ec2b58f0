#include "server/server.h"

#include <grpc/support/log.h>
#include <grpc/support/time.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/service_type.h>
#include <grpcpp/resource_quota.h>

#include <algorithm>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/logging.h"
#include "base/status_macros.h"
#include "server/call_threads.h"
#include "server/services/services.h"

namespace relata {
namespace {

// How long the clients' connections get to learn that the server is going: a few round trips.
constexpr absl::Duration kFarewell = absl::Milliseconds(100);
// What a message takes beside its contents.
constexpr int kMessageMargin = 64 << 10;

// Errors that gRPC logs go to our log, for debugging: what matters to a call reaches its status.
void LogLine(gpr_log_func_args* args) {
  if (args->severity == GPR_LOG_SEVERITY_ERROR) {
    LogDebug("grpc", {{"file", args->file}, {"line", args->line}, {"what", args->message}});
  }
}

// Reflection and logging are wanted by every server of this process, once.
void EnablePlugins() {
  static const bool kEnabled = [] {
    gpr_set_log_function(LogLine);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    return true;
  }();
  static_cast<void>(kEnabled);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options,
                                                      EngineProvider* engines, Clock* clock) {
  std::unique_ptr<Server> server(new Server());
  DatabaseOptions database = options.database;
  database.max_mutations = options.limits.max_mutations;
  RELATA_ASSIGN_OR_RETURN(server->databases_, DatabaseRegistry::Open(engines, clock, database,
                                                                     options.limits.query_threads));
  ServerState& state = server->state_;
  state.databases = server->databases_.get();
  state.limits = options.limits;
  state.clock = clock;
  state.start_micros = clock->NowMicros();
  state.start_monotonic_micros = clock->MonotonicMicros();
  RELATA_RETURN_IF_ERROR(server->Listen(options));
  return server;
}

absl::Status Server::Listen(const ServerOptions& options) {
  EnablePlugins();
  services_.push_back(MakeWriteService(&state_));
  services_.push_back(MakeReadService(&state_));
  services_.push_back(MakeAnswerService(&state_));
  services_.push_back(MakeAlgorithmService(&state_));
  services_.push_back(MakeQueryService(&state_));
  services_.push_back(MakeWatchService(&state_));
  services_.push_back(MakeExportService(&state_));
  services_.push_back(MakeAdminService(&state_));
  services_.push_back(MakeHealthService(&state_));

  grpc::ServerBuilder builder;
  builder.AddListeningPort(options.listen, grpc::InsecureServerCredentials(), &port_);
  // Two servers on one port would answer by turns.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.SetMaxReceiveMessageSize(options.limits.max_message_bytes + kMessageMargin);
  // Answers are bounded by pages; clients choose what they take.
  builder.SetMaxSendMessageSize(-1);
  grpc::ResourceQuota quota("relatad");
  quota.SetMaxThreads(options.limits.max_threads);
  builder.SetResourceQuota(quota);
  KeepCallThreads(options.limits.max_threads, builder);
  for (const auto& service : services_) builder.RegisterService(service.get());
  grpc_ = builder.BuildAndStart();
  if (grpc_ != nullptr && port_ != 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("cannot listen on ", options.listen,
                   ": the address is taken or not of this machine; choose another with --listen"));
}

void Server::Stop(absl::Duration grace) {
  if (stopped_ || grpc_ == nullptr) return;
  stopped_ = true;
  const gpr_timespec deadline =
      gpr_time_add(gpr_now(GPR_CLOCK_REALTIME),
                   gpr_time_from_micros(absl::ToInt64Microseconds(grace), GPR_TIMESPAN));
  std::thread shutdown([this, deadline] { grpc_->Shutdown(deadline); });
  // From here on gRPC breaks new calls off with a bare CANCELLED until it has told the client that
  // the connection takes no more. Whoever watches calls again when its stream ends, so streams end
  // after that.
  if (state_.watch_streams > 0) absl::SleepFor(std::min(grace, kFarewell));
  state_.stopping = true;
  state_.databases->WakeAll();
  shutdown.join();
  grpc_->Wait();
}

Server::Server() = default;

Server::~Server() { Stop(absl::ZeroDuration()); }

}  // namespace relata
