// Q8: durable commits of one relationship each.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "bench/relata_bench/closed_loop.h"
#include "bench/relata_bench/commands.h"
#include "bench/relata_bench/result_file.h"
#include "bench/relata_bench/server_process.h"
#include "bench/relata_bench/transfers.h"
#include "client/client.h"
#include "relata/v1/admin_service.pb.h"
#include "server/version.h"

namespace relata::bench {
namespace {

constexpr size_t kCommitsOfOne = 4000;
constexpr size_t kCommitsOfMany = 16'000;

absl::StatusOr<double> CountTransfers(Client& client) {
  RELATA_ASSIGN_OR_RETURN(const auto statistics, client.GetStatistics(v1::GetStatisticsRequest()));
  for (const auto& type : statistics.relationships_by_type()) {
    if (type.name() == "TRANSFERRED") return static_cast<double>(type.count());
  }
  return 0.0;
}

using Commit = absl::Status (*)(Client&, const Draw&);

absl::Status MeasureCommits(const std::string& address, const std::vector<Draw>& rows, int clients,
                            absl::string_view peer, Commit commit, const BenchOptions& options,
                            ResultFile& results) {
  RELATA_ASSIGN_OR_RETURN(const auto observer, ConnectTo(address, 60.0));
  RELATA_ASSIGN_OR_RETURN(const double before, CountTransfers(*observer));
  LoopOptions loop;
  loop.address = address;
  loop.clients = clients;
  loop.seconds = options.seconds;
  loop.calls = clients == 1 ? kCommitsOfOne : kCommitsOfMany;
  const size_t skip = clients == 1 ? 0 : kCommitsOfOne;
  RELATA_ASSIGN_OR_RETURN(
      const LoopResult result,
      RunClosedLoop(loop, [&](Client& client, size_t number) -> absl::StatusOr<size_t> {
        RELATA_RETURN_IF_ERROR(commit(client, rows[(skip + number) % rows.size()]));
        return 0;
      }));
  RELATA_ASSIGN_OR_RETURN(const double after, CountTransfers(*observer));
  const Latencies& latencies = result.latencies.front();
  results.Add(peer, clients == 1 ? "Q8" : absl::StrCat("Q8x", clients),
              {{"n", static_cast<double>(result.calls())},
               {"clients", clients},
               {"commits_per_s", result.calls_per_second()},
               {"median_ms", latencies.Percentile(0.5)},
               {"p99_ms", latencies.Percentile(0.99)},
               {"errors", static_cast<double>(result.errors)},
               {"rows_added", after - before}},
              "each commit synced");
  return absl::OkStatus();
}

}  // namespace

absl::Status WriteCommits(const BenchOptions& options) {
  RELATA_ASSIGN_OR_RETURN(const std::vector<Draw> rows, ReadTransfers(options.data));
  ResultFile results(options.out, options.data, kServerVersion);
  RELATA_ASSIGN_OR_RETURN(const auto server,
                          ServerProcess::StartRelatad(options.relatad, options.db));
  for (const int clients : options.clients) {
    RELATA_RETURN_IF_ERROR(MeasureCommits(server->address(), rows, clients, "relata-typed",
                                          WriteTransfer, options, results));
    RELATA_RETURN_IF_ERROR(MeasureCommits(server->address(), rows, clients, "relata",
                                          InsertTransfer, options, results));
  }
  return absl::OkStatus();
}

}  // namespace relata::bench
