#include "server/config.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "server/machine_memory.h"
#include "server/version.h"

namespace relata {
namespace {

// Options in the units people type; FinishConfig turns them into a ServerConfig.
struct RawOptions {
  std::string listen = "127.0.0.1:7614";
  std::string data = "./relata-data";
  std::string port_file;
  std::string log_level = "info";
  std::string log_format = "text";
  double grace_seconds = 10;
  uint64_t block_cache_mib = 256;
  uint64_t write_buffer_mib = 64;
  uint64_t adjacency_cache_mib = 0;
  uint64_t projection_mib = 1024;
  bool fill_adjacency_cache = true;
  uint64_t max_message_mib = 64;
  uint64_t max_mutations = 1'000'000;
  uint64_t default_page_size = 100;
  uint64_t max_page_size = 1000;
  uint64_t max_batch_get = 1000;
  uint64_t max_hops = 20;
  uint64_t max_expansions = 10'000'000;
  double max_answer_seconds = 60;
  double max_wait_seconds = 30;
  uint64_t max_watch_streams = 64;
  uint64_t max_bulk_writes = 2;
  uint64_t bulk_memory_mib = 512;
  uint64_t max_threads = 256;
  double heartbeat_seconds = 10;
  uint64_t max_databases = 100;
  uint64_t max_query_expansions = 1'000'000'000;
  uint64_t max_query_mib = 256;
  uint64_t query_threads = 0;
  uint64_t max_transactions = 1000;
  double transaction_idle_seconds = 60;
  bool print_config = false;
};

// This is the place where every option is documented: --help and docs/relatad.conf are made of it.
void DeclareOptions(CLI::App& app, RawOptions& raw) {
  const CLI::Range positive(uint64_t{1}, uint64_t{1} << 40);
  const CLI::Range count(uint64_t{1}, uint64_t{2'000'000'000});
  const CLI::Range seconds(0.0, 1e9);
  app.add_option("--listen", raw.listen,
                 "Address and port to answer on; port 0 takes a free one. There is no "
                 "authentication: an address other than 127.0.0.1 lets the network in.");
  app.add_option("--data", raw.data, "Folder that holds the databases; made where it is absent.");
  app.add_option("--port-file", raw.port_file,
                 "File to write the port into once calls are answered; removed at the end.");
  app.add_option("--log-level", raw.log_level, "debug, info, warning, error or off.");
  app.add_option("--log-format", raw.log_format, "text or json, one line each on stderr.");
  app.add_option("--grace-seconds", raw.grace_seconds,
                 "How long calls may take to finish after SIGTERM or SIGINT.")
      ->check(seconds);
  app.add_option("--block-cache-mib", raw.block_cache_mib,
                 "Memory of each database for blocks read from disk, in MiB.")
      ->check(positive);
  app.add_option("--write-buffer-mib", raw.write_buffer_mib,
                 "Memory of each key space (four a database) for recent writes, in MiB.")
      ->check(positive);
  app.add_option("--adjacency-cache-mib", raw.adjacency_cache_mib,
                 "Memory of each database for what traversals and queries read again and again: "
                 "adjacency arrays and values of properties, in MiB. 0: an eighth of the memory of "
                 "the machine (or of its control group), 256 at least.")
      ->check(CLI::Range(uint64_t{0}, uint64_t{1} << 40));
  app.add_option("--projection-mib", raw.projection_mib,
                 "Memory of each database for projections, which algorithms run on, in MiB; also "
                 "the largest that can be made.")
      ->check(positive);
  app.add_option("--fill-adjacency-cache", raw.fill_adjacency_cache,
                 "Whether the adjacency cache is filled in the background after the start.")
      ->default_str("true");
  app.add_option("--max-message-mib", raw.max_message_mib,
                 "Largest request message that is read, in MiB, at most 1024.")
      ->check(CLI::Range(uint64_t{1}, uint64_t{1024}));
  app.add_option("--max-mutations", raw.max_mutations, "Mutations of one write call.")
      ->check(count);
  app.add_option("--default-page-size", raw.default_page_size,
                 "Rows of a page where the request asks for no number.")
      ->check(count);
  app.add_option("--max-page-size", raw.max_page_size,
                 "Rows of a page at most; larger requests are clamped.")
      ->check(count);
  app.add_option("--max-batch-get", raw.max_batch_get, "Entities of one batch get.")->check(count);
  app.add_option("--max-hops", raw.max_hops, "Hops of chains and of the paths of timelines.")
      ->check(CLI::Range(uint64_t{1}, uint64_t{1000}));
  app.add_option("--max-expansions", raw.max_expansions,
                 "Relationships that one question looks at; then its answer is cut.")
      ->check(positive);
  app.add_option("--max-answer-seconds", raw.max_answer_seconds,
                 "Time for one question; then its answer is cut.")
      ->check(seconds);
  app.add_option("--max-wait-seconds", raw.max_wait_seconds,
                 "How long a read waits for a version that it must see.")
      ->check(seconds);
  app.add_option("--max-watch-streams", raw.max_watch_streams,
                 "Streams of changes at a time; each holds a thread.")
      ->check(count);
  app.add_option("--max-bulk-writes", raw.max_bulk_writes,
                 "Bulk writes at a time; each holds a thread and memory.")
      ->check(count);
  app.add_option("--bulk-memory-mib", raw.bulk_memory_mib,
                 "Memory of a bulk write for what it will write, in MiB; more goes to scratch "
                 "files.")
      ->check(positive);
  app.add_option("--max-threads", raw.max_threads,
                 "Threads that answer calls, those of streams included.")
      ->check(count);
  app.add_option("--heartbeat-seconds", raw.heartbeat_seconds,
                 "Time between checkpoints of a stream of changes that asks for none.")
      ->check(CLI::Range(0.1, 1e6));
  app.add_option("--max-databases", raw.max_databases, "Databases of this server.")->check(count);
  app.add_option("--max-query-expansions", raw.max_query_expansions,
                 "Relationships that one statement looks at; then it fails.")
      ->check(positive);
  app.add_option("--max-query-mib", raw.max_query_mib,
                 "Memory for sorts, joins and aggregations of one statement, in MiB.")
      ->check(positive);
  app.add_option(
         "--query-threads", raw.query_threads,
         "Threads that can work for one large statement, that of its call included; statements of "
         "a database share the others, and small ones use none. 0: as many as "
         "there are cores.")
      ->check(CLI::Range(uint64_t{0}, uint64_t{1024}));
  app.add_option("--max-transactions", raw.max_transactions,
                 "Transactions of the query service open at a time.")
      ->check(count);
  app.add_option("--transaction-idle-seconds", raw.transaction_idle_seconds,
                 "A transaction that no call uses for so long is rolled back.")
      ->check(CLI::Range(0.001, 1e6));
  app.add_flag("--print-config", raw.print_config,
               "Print a configuration file with every option at its default, and end.")
      ->configurable(false);
  app.set_version_flag("--version", std::string(kServerVersion))->configurable(false);
  app.set_config("--config", "",
                 "Configuration file: lines `option = value`, names as here without `--`. The "
                 "command line goes before it.")
      ->configurable(false);
  app.get_option("--help")->configurable(false);
}

std::unique_ptr<CLI::App> MakeApp(RawOptions& raw) {
  auto app = std::make_unique<CLI::App>("The query server of Relata, a knowledge graph database.",
                                        "relatad");
  app->option_defaults()->always_capture_default();
  app->footer("`relatad load` fills a database from CSV files instead; see relatad load --help.");
  app->allow_config_extras(CLI::config_extras_mode::error);
  DeclareOptions(*app, raw);
  return app;
}

// Values that have rules of their own.
absl::Status CheckOptions(const RawOptions& raw) {
  const size_t colon = raw.listen.rfind(':');
  uint32_t port = 0;
  if (colon == std::string::npos || colon == 0 ||
      !absl::SimpleAtoi(absl::string_view(raw.listen).substr(colon + 1), &port) || port > 65535) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--listen: '", raw.listen,
        "' is no address: write HOST:PORT, as in 127.0.0.1:7614 (port 0: a free one)"));
  }
  if (raw.default_page_size > raw.max_page_size) {
    return absl::InvalidArgumentError("--default-page-size must not be above --max-page-size");
  }
  if (raw.max_watch_streams >= raw.max_threads) {
    return absl::InvalidArgumentError(
        "--max-watch-streams must be below --max-threads, or streams leave no thread for calls");
  }
  return absl::OkStatus();
}

size_t AdjacencyCacheBytes(uint64_t mib) {
  constexpr uint64_t kLeastMib = 256;
  constexpr uint64_t kPartOfMemory = 8;
  if (mib == 0) mib = std::max(kLeastMib, (UsableMemory() / kPartOfMemory) >> 20);
  return mib << 20;
}

absl::StatusOr<ServerConfig> FinishConfig(const RawOptions& raw) {
  RELATA_RETURN_IF_ERROR(CheckOptions(raw));
  ServerConfig config;
  config.data = raw.data;
  config.port_file = raw.port_file;
  config.grace = absl::Seconds(raw.grace_seconds);
  RELATA_ASSIGN_OR_RETURN(config.log.level, ParseLogLevel(raw.log_level));
  RELATA_ASSIGN_OR_RETURN(config.log.format, ParseLogFormat(raw.log_format));
  config.engine.block_cache_bytes = raw.block_cache_mib << 20;
  config.engine.write_buffer_bytes = raw.write_buffer_mib << 20;
  config.server.listen = raw.listen;
  config.server.database.adjacency_cache_bytes = AdjacencyCacheBytes(raw.adjacency_cache_mib);
  config.server.database.projection_bytes = raw.projection_mib << 20;
  config.server.database.fill_adjacency_cache = raw.fill_adjacency_cache;
  Limits& limits = config.server.limits;
  limits.max_message_bytes = static_cast<int>(raw.max_message_mib << 20);
  limits.max_mutations = raw.max_mutations;
  limits.default_page_size = static_cast<int>(raw.default_page_size);
  limits.max_page_size = static_cast<int>(raw.max_page_size);
  limits.max_batch_get = raw.max_batch_get;
  limits.max_hops = static_cast<int>(raw.max_hops);
  limits.max_expansions = raw.max_expansions;
  limits.max_answer_time = absl::Seconds(raw.max_answer_seconds);
  limits.max_consistency_wait = absl::Seconds(raw.max_wait_seconds);
  limits.max_watch_streams = static_cast<int>(raw.max_watch_streams);
  limits.max_bulk_writes = static_cast<int>(raw.max_bulk_writes);
  limits.bulk_memory_bytes = raw.bulk_memory_mib << 20;
  limits.max_threads = static_cast<int>(raw.max_threads);
  limits.default_heartbeat = absl::Seconds(raw.heartbeat_seconds);
  limits.max_databases = raw.max_databases;
  limits.max_query_expansions = raw.max_query_expansions;
  limits.max_query_bytes = raw.max_query_mib << 20;
  limits.query_threads = static_cast<int>(raw.query_threads);
  limits.max_transactions = raw.max_transactions;
  limits.transaction_idle_timeout = absl::Seconds(raw.transaction_idle_seconds);
  return config;
}

// The library names only what it could not use: an unknown option, or a line without `=`.
std::string WrongConfigLine(const CLI::ConfigError& error) {
  absl::string_view line = error.what();
  if (!absl::ConsumePrefix(&line, "INI was not able to parse ")) return error.what();
  return absl::StrCat("the file's `", line, "` is none of the lines `option = value` it may hold");
}

std::string ConfigText(const CLI::App& app) {
  return absl::StrCat("# Options of relatad, each at its default. Start with --config FILE.\n",
                      app.config_to_str(/*default_also=*/true, /*write_description=*/true));
}

}  // namespace

absl::StatusOr<CommandLine> ParseCommandLine(const std::vector<std::string>& arguments) {
  RawOptions raw;
  const std::unique_ptr<CLI::App> app = MakeApp(raw);
  CommandLine command;
  try {
    // CLI11 takes them from the last one on.
    app->parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::CallForVersion&) {
    command.print = absl::StrCat("relatad ", kServerVersion, "\n");
    return command;
  } catch (const CLI::CallForHelp&) {
    command.print = app->help();
    return command;
  } catch (const CLI::ConfigError& e) {
    return absl::InvalidArgumentError(
        absl::StrCat("--config: ", WrongConfigLine(e), "; see relatad --help and --print-config"));
  } catch (const CLI::Error& e) {
    return absl::InvalidArgumentError(absl::StrCat(e.what(), "; see relatad --help"));
  }
  if (raw.print_config) {
    command.print = DefaultConfigFile();
    return command;
  }
  RELATA_ASSIGN_OR_RETURN(command.config, FinishConfig(raw));
  return command;
}

std::string DefaultConfigFile() {
  RawOptions raw;
  return ConfigText(*MakeApp(raw));
}

}  // namespace relata
