#ifndef RELATA_TESTS_SERVER_IN_PROCESS_SERVER_H_
#define RELATA_TESTS_SERVER_IN_PROCESS_SERVER_H_

#include <grpcpp/channel.h>

#include <memory>
#include <string>

#include "base/clock.h"
#include "server/server.h"
#include "tests/server/memory_engines.h"

namespace relata {

// A server over MemoryKv on a free loopback port, in this process. Stops at the end of its life.
class InProcessServer {
 public:
  // `clock` must outlive it. Dies where the server does not start.
  explicit InProcessServer(Clock* clock = SystemClock(), const Limits& limits = {});
  ~InProcessServer();

  // `127.0.0.1:12345`
  std::string address() const;
  std::shared_ptr<grpc::Channel> channel() const { return channel_; }
  Server& server() { return *server_; }

 private:
  MemoryEngines engines_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace relata

#endif  // RELATA_TESTS_SERVER_IN_PROCESS_SERVER_H_
