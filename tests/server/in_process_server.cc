#include "tests/server/in_process_server.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"

namespace relata {

InProcessServer::InProcessServer(Clock* clock, const Limits& limits) {
  ServerOptions options;
  options.listen = "127.0.0.1:0";
  options.limits = limits;
  auto server = Server::Start(options, &engines_, clock);
  if (!server.ok()) {
    std::fprintf(stderr, "%s\n", server.status().ToString().c_str());
    std::abort();
  }
  server_ = *std::move(server);
  channel_ = grpc::CreateChannel(address(), grpc::InsecureChannelCredentials());
}

InProcessServer::~InProcessServer() = default;

std::string InProcessServer::address() const { return absl::StrCat("127.0.0.1:", server_->port()); }

}  // namespace relata
