#include "bench/relata_bench/connection.h"

#include <utility>

#include "absl/time/time.h"
#include "client/client.h"

namespace relata::bench {

absl::StatusOr<std::unique_ptr<Client>> ConnectTo(const std::string& address, double seconds) {
  ClientOptions options;
  options.address = address;
  options.timeout = absl::Seconds(seconds);
  return Client::Connect(std::move(options));
}

}  // namespace relata::bench
