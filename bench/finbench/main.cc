// finbench: a workload derived from the LDBC FinBench transaction workload, against a relatad of
// its own; no LDBC benchmark results. docs/benchmarks.md has commands and figures.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/library_locks.h"
#include "base/status_macros.h"
#include "bench/finbench/driver.h"
#include "bench/finbench/load.h"
#include "bench/finbench/network.h"
#include "bench/finbench/network_files.h"
#include "bench/finbench/workload.h"
#include "bench/relata_bench/closed_loop.h"
#include "bench/relata_bench/connection.h"
#include "bench/relata_bench/measure.h"
#include "bench/relata_bench/result_file.h"
#include "bench/relata_bench/server_process.h"
#include "client/client.h"
#include "server/version.h"

namespace relata::finbench {
namespace {

constexpr const char* kPeer = "relata";
constexpr const char* kNote = "FinBench-derived, no LDBC benchmark result";
constexpr double kLongestCallSeconds = 3600.0;

struct Options {
  std::string data;
  std::string db;
  std::string out;
  std::string relatad;
  std::string queries = "bench/finbench";
  double scale = 0.01;
  uint64_t seed = 23;
  std::vector<int> clients = {1};
  double warm_seconds = 5.0;
  double seconds = 30.0;
};

absl::Status Generate(const Options& options) {
  const double start = bench::MonotonicSeconds();
  const Network network = GenerateNetwork(options.scale, options.seed);
  RELATA_RETURN_IF_ERROR(WriteNetworkFiles(network, options.seed, options.data));
  bench::ResultFile results(options.out, options.data, kServerVersion);
  bench::ResultFile::Numbers numbers = {
      {"seconds", bench::MonotonicSeconds() - start},
      {"scale", options.scale},
      {"persons", static_cast<double>(network.persons.size())},
      {"companies", static_cast<double>(network.companies.size())},
      {"accounts", static_cast<double>(network.accounts.size())},
      {"loans", static_cast<double>(network.loans.size())},
      {"media", static_cast<double>(network.media.size())},
      {"transfers", static_cast<double>(network.links[kTransfer].size())}};
  double links = 0;
  for (const auto& kind : network.links) links += static_cast<double>(kind.size());
  numbers.emplace_back("relationships", links);
  results.Add(kPeer, "finbench-generate", numbers, kNote);
  return absl::OkStatus();
}

absl::Status Load(const Options& options) {
  if (std::filesystem::exists(options.db + "/data")) {
    return absl::FailedPreconditionError(
        absl::StrCat(options.db, " is loaded already; give a folder that is not there yet"));
  }
  bench::ResultFile results(options.out, options.data, kServerVersion);
  const double start = bench::MonotonicSeconds();
  RELATA_RETURN_IF_ERROR(LoadSnapshot(options.relatad, options.data, options.db));
  const double loaded = bench::MonotonicSeconds();
  RELATA_ASSIGN_OR_RETURN(const auto server,
                          bench::ServerProcess::StartRelatad(options.relatad, options.db));
  RELATA_ASSIGN_OR_RETURN(const auto client,
                          bench::ConnectTo(server->address(), kLongestCallSeconds));
  RELATA_RETURN_IF_ERROR(MakeIdsUnique(*client));
  const double done = bench::MonotonicSeconds();
  server->Stop();
  results.Add(kPeer, "finbench-load",
              {{"load_seconds", loaded - start},
               {"constraint_seconds", done - loaded},
               {"disk_mb", bench::DiskMegabytes(options.db)}},
              kNote);
  return absl::OkStatus();
}

void Report(int clients, const bench::LoopResult& result, const Driver::Counts& counts,
            bench::ResultFile& results) {
  size_t updates = 0;
  for (size_t i = 0; i < kOperations.size(); ++i) {
    const bench::Latencies& latencies = result.latencies[i];
    const size_t n = latencies.milliseconds.size();
    if (kOperations[i].substr(0, 2) == "tw" || kOperations[i].substr(0, 3) == "trw") updates += n;
    if (n == 0 && counts.errors[i] == 0) continue;
    bench::ResultFile::Numbers numbers = {{"clients", clients},
                                          {"n", static_cast<double>(n)},
                                          {"errors", static_cast<double>(counts.errors[i])}};
    if (n > 0) {
      numbers.emplace_back("median_ms", latencies.Percentile(0.5));
      numbers.emplace_back("p99_ms", latencies.Percentile(0.99));
    }
    results.Add(kPeer, absl::StrCat("finbench-", kOperations[i]), numbers, kNote);
  }
  results.Add(kPeer, "finbench-mix",
              {{"clients", clients},
               {"seconds", result.seconds},
               {"operations_per_s", result.calls_per_second()},
               {"updates_per_s", static_cast<double>(updates) / result.seconds},
               {"errors", static_cast<double>(result.errors)},
               {"without_effect", static_cast<double>(counts.without_effect)},
               {"refused", static_cast<double>(counts.refused)},
               {"detected", static_cast<double>(counts.detected)},
               {"retries", static_cast<double>(counts.retries)}},
              kNote);
}

absl::Status Run(const Options& options) {
  RELATA_ASSIGN_OR_RETURN(const Workload workload, ReadWorkload(options.queries, options.data));
  bench::ResultFile results(options.out, options.data, kServerVersion);
  RELATA_ASSIGN_OR_RETURN(const auto server,
                          bench::ServerProcess::StartRelatad(options.relatad, options.db));
  RELATA_RETURN_IF_ERROR(bench::WaitUntilFilled(server->address()));
  Driver driver(&workload, options.seed);
  const auto call = [&](Client& client, size_t) { return driver.Call(client); };
  bench::LoopOptions loop;
  loop.address = server->address();
  loop.kinds = kOperations.size();
  for (const int clients : options.clients) {
    loop.clients = clients;
    loop.seconds = options.warm_seconds;
    RELATA_RETURN_IF_ERROR(bench::RunClosedLoop(loop, call).status());
    driver.TakeCounts();
    loop.seconds = options.seconds;
    RELATA_ASSIGN_OR_RETURN(const bench::LoopResult result, bench::RunClosedLoop(loop, call));
    Report(clients, result, driver.TakeCounts(), results);
  }
  results.Add(kPeer, "finbench-server", {{"peak_mb", server->PeakMegabytes()}}, kNote);
  return absl::OkStatus();
}

CLI::App* AddCommand(CLI::App& app, const char* name, const char* description, Options& options) {
  CLI::App* const command = app.add_subcommand(name, description);
  command->add_option("--data", options.data, "Folder of the generated files.")->required();
  command->add_option("--out", options.out, "File to append JSON lines to.");
  command->add_option("--seed", options.seed, "Of all that is drawn.")->capture_default_str();
  return command;
}

void AddServer(CLI::App* command, Options& options) {
  command->add_option("--db", options.db, "Folder of the server's databases.")->required();
  command->add_option("--relatad", options.relatad, "The server's program.")->capture_default_str();
}

}  // namespace

int Main(int argc, char** argv) {
  TurnOffDeadlockSearch();
  Options options;
  options.relatad = (std::filesystem::path(argv[0]).parent_path() / "relatad").string();
  CLI::App app("A workload derived from LDBC FinBench's transaction workload.");
  app.require_subcommand(1);
  CLI::App* const generate =
      AddCommand(app, "generate", "Writes a network, its updates and draws of reads.", options);
  generate->add_option("--scale", options.scale, "1: 80,000 persons.")->capture_default_str();
  CLI::App* const load = AddCommand(app, "load", "Loads the files into a new server.", options);
  AddServer(load, options);
  CLI::App* const run = AddCommand(
      app, "run", "Runs the mix once over a newly loaded network, in a closed loop.", options);
  AddServer(run, options);
  run->add_option("--queries", options.queries, "Folder of the queries.")->capture_default_str();
  run->add_option("--clients", options.clients, "Numbers of clients, comma-separated.")
      ->delimiter(',')
      ->capture_default_str();
  run->add_option("--warm", options.warm_seconds, "Seconds before.")->capture_default_str();
  run->add_option("--seconds", options.seconds, "Of each loop, at most.")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = app.got_subcommand(generate) ? Generate(options)
                              : app.got_subcommand(load)   ? Load(options)
                                                           : Run(options);
  if (status.ok()) return 0;
  std::fprintf(stderr, "finbench: %s\n", status.ToString().c_str());
  return 1;
}

}  // namespace relata::finbench

int main(int argc, char** argv) { return relata::finbench::Main(argc, argv); }
