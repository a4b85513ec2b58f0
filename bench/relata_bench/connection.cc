#include "bench/relata_bench/connection.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "client/client.h"
#include "relata/v1/admin_service.pb.h"

namespace relata::bench {

absl::StatusOr<std::unique_ptr<Client>> ConnectTo(const std::string& address, double seconds) {
  ClientOptions options;
  options.address = address;
  options.timeout = absl::Seconds(seconds);
  return Client::Connect(std::move(options));
}

absl::Status WaitUntilFilled(const std::string& address) {
  constexpr double kLongestCallSeconds = 60.0;
  constexpr absl::Duration kLook = absl::Milliseconds(20);
  RELATA_ASSIGN_OR_RETURN(const auto client, ConnectTo(address, kLongestCallSeconds));
  while (true) {
    RELATA_ASSIGN_OR_RETURN(const v1::GetStatusResponse status,
                            client->GetStatus(v1::GetStatusRequest()));
    const auto& databases = status.databases();
    if (std::none_of(databases.begin(), databases.end(),
                     [](const auto& database) { return database.cache_filling(); })) {
      return absl::OkStatus();
    }
    absl::SleepFor(kLook);
  }
}

}  // namespace relata::bench
