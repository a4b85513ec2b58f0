#ifndef RELATA_SERVER_SERVER_H_
#define RELATA_SERVER_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "graph/database.h"
#include "server/call_context.h"
#include "server/database_registry.h"
#include "server/engine_provider.h"
#include "server/limits.h"

namespace grpc {
class Server;
class Service;
}  // namespace grpc

namespace relata {

struct ServerOptions {
  // Host and port; port 0 takes a free one.
  std::string listen = "127.0.0.1:7614";
  Limits limits;
  DatabaseOptions database;
};

// A running query server: the databases of an EngineProvider behind the gRPC services of the API,
// with the health service and server reflection. Answers calls from Start until Stop. Thread-safe.
class Server {
 public:
  // Opens every database and starts to listen. `engines` and `clock` must outlive it.
  // FAILED_PRECONDITION where the address is taken or another process holds a database; else as
  // DatabaseRegistry::Open.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServerOptions& options,
                                                       EngineProvider* engines, Clock* clock);
  // Stops without grace where Stop was not called.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // The port it listens on.
  int port() const { return port_; }
  // For tests and statistics.
  DatabaseRegistry& databases() { return *databases_; }

  // Takes no new calls, ends streams of changes with UNAVAILABLE, lets other calls finish within
  // `grace` and cancels what is left. Clients are told first (HTTP/2 GOAWAY, RFC 9113 section 6.8),
  // so that who watches again at once goes to another connection. Returns when all have ended.
  // Once.
  void Stop(absl::Duration grace);

 private:
  Server();
  absl::Status Listen(const ServerOptions& options);

  std::unique_ptr<DatabaseRegistry> databases_;
  ServerState state_;
  std::vector<std::unique_ptr<grpc::Service>> services_;
  std::unique_ptr<grpc::Server> grpc_;
  int port_ = 0;
  bool stopped_ = false;
};

}  // namespace relata

#endif  // RELATA_SERVER_SERVER_H_
