// Q8: durable commits of one relationship each.
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "bench/relata_bench/closed_loop.h"
#include "bench/relata_bench/commands.h"
#include "bench/relata_bench/connection.h"
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

absl::StatusOr<LoopResult> RunCommits(const std::string& address, const std::vector<Draw>& rows,
                                      int clients, Commit commit, const BenchOptions& options) {
  LoopOptions loop;
  loop.address = address;
  loop.clients = clients;
  loop.seconds = options.seconds;
  loop.calls = clients == 1 ? kCommitsOfOne : kCommitsOfMany;
  const size_t skip = clients == 1 ? 0 : kCommitsOfOne;
  return RunClosedLoop(loop, [&](Client& client, size_t number) -> absl::StatusOr<size_t> {
    RELATA_RETURN_IF_ERROR(commit(client, rows[(skip + number) % rows.size()]));
    return 0;
  });
}

void Report(const LoopResult& result, int clients, absl::string_view peer, double rows_added,
            ResultFile& results) {
  const Latencies& latencies = result.latencies.front();
  results.Add(peer, clients == 1 ? "Q8" : absl::StrCat("Q8x", clients),
              {{"n", static_cast<double>(result.calls())},
               {"clients", clients},
               {"commits_per_s", result.calls_per_second()},
               {"median_ms", latencies.Percentile(0.5)},
               {"p99_ms", latencies.Percentile(0.99)},
               {"errors", static_cast<double>(result.errors)},
               {"rows_added", rows_added}},
              "each commit synced");
}

absl::Status MeasureCommits(const std::string& address, const std::vector<Draw>& rows, int clients,
                            absl::string_view peer, Commit commit, const BenchOptions& options,
                            ResultFile& results) {
  RELATA_ASSIGN_OR_RETURN(const auto observer, ConnectTo(address, 60.0));
  RELATA_ASSIGN_OR_RETURN(const double before, CountTransfers(*observer));
  RELATA_ASSIGN_OR_RETURN(const LoopResult result,
                          RunCommits(address, rows, clients, commit, options));
  RELATA_ASSIGN_OR_RETURN(const double after, CountTransfers(*observer));
  Report(result, clients, peer, after - before, results);
  return absl::OkStatus();
}

// The same calls to a server that only puts what such a commit writes into RocksDB.
absl::Status MeasurePlainWrites(const std::vector<Draw>& rows, const BenchOptions& options,
                                ResultFile& results) {
  const std::string folder = options.db + "/plain";
  std::filesystem::remove_all(folder);
  RELATA_ASSIGN_OR_RETURN(
      const auto server,
      ServerProcess::Start({"/proc/self/exe", "serve-plain-writes", "--folder", folder + "/kv"},
                           folder));
  for (const int clients : options.clients) {
    RELATA_ASSIGN_OR_RETURN(const LoopResult result,
                            RunCommits(server->address(), rows, clients, WriteTransfer, options));
    Report(result, clients, "plain-rocksdb", static_cast<double>(result.calls()), results);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status WriteCommits(const BenchOptions& options) {
  RELATA_ASSIGN_OR_RETURN(const std::vector<Draw> rows, ReadTransfers(options.data));
  ResultFile results(options.out, options.data, kServerVersion);
  RELATA_RETURN_IF_ERROR(MeasurePlainWrites(rows, options, results));
  RELATA_ASSIGN_OR_RETURN(const auto server,
                          ServerProcess::StartRelatad(options.relatad, options.db));
  RELATA_RETURN_IF_ERROR(WaitUntilFilled(server->address()));
  for (const int clients : options.clients) {
    RELATA_RETURN_IF_ERROR(MeasureCommits(server->address(), rows, clients, "relata-typed",
                                          WriteTransfer, options, results));
    RELATA_RETURN_IF_ERROR(MeasureCommits(server->address(), rows, clients, "relata",
                                          InsertTransfer, options, results));
  }
  return absl::OkStatus();
}

}  // namespace relata::bench
