#include "bench/relata_bench/bare_server.h"

#include <grpcpp/grpcpp.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "server/call_threads.h"
#include "server/limits.h"

namespace relata::bench {

absl::Status ServeUntilTerminated(const std::vector<grpc::Service*>& services,
                                  const std::string& listen, const std::string& port_file) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort(listen, grpc::InsecureServerCredentials(), &port);
  KeepCallThreads(Limits().max_threads, builder);  // as relatad does
  for (grpc::Service* const service : services) builder.RegisterService(service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr || port == 0) {
    return absl::FailedPreconditionError(absl::StrCat("cannot listen on ", listen));
  }
  const std::string beside = port_file + ".new";
  std::ofstream(beside) << port << "\n";
  if (std::rename(beside.c_str(), port_file.c_str()) != 0) {
    return absl::FailedPreconditionError(absl::StrCat("cannot write ", port_file));
  }
  int signal = 0;
  sigwait(&signals, &signal);
  server->Shutdown();
  return absl::OkStatus();
}

}  // namespace relata::bench
