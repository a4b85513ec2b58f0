// relata_bench: the questions of the peer benchmark, put to Relata. docs/benchmarks.md has the
// commands and the figures; `relata_bench COMMAND --help` the options.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "base/library_locks.h"
#include "bench/relata_bench/bench_options.h"
#include "bench/relata_bench/commands.h"
#include "bench/relata_bench/empty_server.h"
#include "bench/relata_bench/plain_writes.h"

namespace {

using relata::bench::BenchOptions;

CLI::App* AddCommand(CLI::App& app, const char* name, const char* description,
                     BenchOptions& options) {
  CLI::App* const command = app.add_subcommand(name, description);
  command->add_option("--data", options.data, "Folder of the CSV files and of params/.")
      ->required();
  command->add_option("--db", options.db, "Folder of the server's databases.")->required();
  command->add_option("--out", options.out, "File to append JSON lines to.");
  command->add_option("--relatad", options.relatad, "The server's program.")->capture_default_str();
  return command;
}

void AddLoad(CLI::App& app, BenchOptions& options) {
  CLI::App* const load = AddCommand(app, "load", "Loads the graph into a new server.", options);
  load->add_option("--batch", options.batch, "Mutations of a commit.")->capture_default_str();
  load->add_option("--index", options.index, "unique or plain: how ids are indexed.")
      ->check(CLI::IsMember({"unique", "plain"}))
      ->capture_default_str();
}

void AddRun(CLI::App& app, BenchOptions& options) {
  CLI::App* const run = AddCommand(app, "run", "Asks Q1 to Q9 of a loaded graph.", options);
  run->add_option("--mode", options.mode, "rpc, inprocess, or oracle: plain arrays.")
      ->check(CLI::IsMember({"rpc", "inprocess", "oracle"}))
      ->capture_default_str();
  run->add_option("--forms", options.forms, "Of text, call and typed, comma-separated.")
      ->capture_default_str();
  run->add_option("--questions", options.questions, "As Q1,Q5; default all.");
  run->add_option("--version", options.version, "Commit version that texts ask of; 0: the latest.")
      ->capture_default_str();
  run->add_option("--cache-mib", options.cache_mib, "Adjacency cache of the mode inprocess.")
      ->capture_default_str();
  run->add_option("--draws", options.draws, "Times a question is asked warm; 0: each draw once.")
      ->capture_default_str();
  run->add_flag("--while-filling", options.while_filling,
                "Ask from the server's start on, while its adjacency cache is filled.");
  run->add_option("--budget", options.budget_seconds, "Seconds for a question.")
      ->capture_default_str();
}

CLI::App* AddLoop(CLI::App& app, const char* name, const char* description, BenchOptions& options) {
  CLI::App* const loop = AddCommand(app, name, description, options);
  loop->add_option("--clients", options.clients, "Numbers of clients, comma-separated.")
      ->delimiter(',')
      ->required();
  loop->add_option("--seconds", options.seconds, "Of each loop, at most.")->capture_default_str();
  return loop;
}

}  // namespace

int main(int argc, char** argv) {
  relata::TurnOffDeadlockSearch();
  BenchOptions options;
  options.relatad = (std::filesystem::path(argv[0]).parent_path() / "relatad").string();
  std::string folder;
  std::string listen;
  std::string port_file;
  CLI::App app("Puts the questions of the peer benchmark to Relata.");
  app.require_subcommand(1);
  AddLoad(app, options);
  AddRun(app, options);
  AddLoop(app, "commits", "Q8: durable commits of one relationship each.", options);
  CLI::App* const mix = AddLoop(app, "mix", "A closed loop of reads and 10% writes.", options);
  mix->add_flag("--importing", options.importing,
                "Each loop again while bulk loads of new things go on beside it.");
  CLI::App* const empty = app.add_subcommand("serve-empty", "Serves calls that do nothing.");
  empty->add_option("--listen", listen, "HOST:PORT")->required();
  empty->add_option("--port-file", port_file, "Where to write the port.")->required();
  CLI::App* const plain = app.add_subcommand(
      "serve-plain-writes", "Serves writes of a commit's size into plain RocksDB.");
  plain->add_option("--folder", folder, "Of the engine; must not exist.")->required();
  plain->add_option("--listen", listen, "HOST:PORT")->required();
  plain->add_option("--port-file", port_file, "Where to write the port.")->required();
  CLI11_PARSE(app, argc, argv);

  absl::Status status;
  if (app.got_subcommand("load")) status = relata::bench::LoadGraph(options);
  if (app.got_subcommand("run")) status = relata::bench::AskQuestions(options);
  if (app.got_subcommand("commits")) status = relata::bench::WriteCommits(options);
  if (app.got_subcommand("mix")) status = relata::bench::RunMix(options);
  if (app.got_subcommand(empty)) status = relata::bench::ServeEmptyCalls(listen, port_file);
  if (app.got_subcommand(plain)) {
    status = relata::bench::ServePlainWrites(folder, listen, port_file);
  }
  if (status.ok()) return 0;
  std::fprintf(stderr, "relata_bench: %s\n", status.ToString().c_str());
  return 1;
}
