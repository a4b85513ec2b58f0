// relatad: the query server. Options: server/config.cc.
#include <csignal>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/library_locks.h"
#include "base/logging.h"
#include "base/status_macros.h"
#include "server/config.h"
#include "server/data_folder.h"
#include "server/load_command.h"
#include "server/server.h"
#include "server/version.h"

namespace relata {
namespace {

// Blocks SIGTERM and SIGINT in this thread and all that it starts, so that WaitForStop gets them.
sigset_t BlockStopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

// Returns the number of the signal that came.
int WaitForStop(const sigset_t& signals) {
  int signal = 0;
  sigwait(&signals, &signal);
  return signal;
}

// Written beside and renamed, so that who waits for the file never reads half a number.
absl::Status WritePortFile(const std::string& path, int port) {
  const std::string beside = absl::StrCat(path, ".new");
  std::ofstream file(beside);
  file << port << "\n";
  file.close();
  if (file && std::rename(beside.c_str(), path.c_str()) == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "the port file cannot be written; give --port-file a path in a folder that exists");
}

absl::Status Run(const ServerConfig& config) {
  ConfigureLogging(config.log);
  const sigset_t signals = BlockStopSignals();
  RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<DataFolder> folder,
                          DataFolder::Open(config.data, config.engine));
  RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<Server> server,
                          Server::Start(config.server, folder.get(), SystemClock()));
  if (!config.port_file.empty()) {
    RELATA_RETURN_IF_ERROR(WritePortFile(config.port_file, server->port()));
  }
  LogInfo("answering calls", {{"version", kServerVersion},
                              {"listen", config.server.listen},
                              {"port", server->port()},
                              {"data", config.data},
                              {"databases", server->databases().List().size()}});
  const int signal = WaitForStop(signals);
  LogInfo("stopping", {{"signal", signal == SIGTERM ? "SIGTERM" : "SIGINT"}});
  server->Stop(config.grace);
  if (!config.port_file.empty()) std::remove(config.port_file.c_str());
  LogInfo("stopped");
  return absl::OkStatus();
}

int Main(const std::vector<std::string>& arguments) {
  if (!arguments.empty() && arguments.front() == "load") {
    return LoadMain({arguments.begin() + 1, arguments.end()}, std::cout, std::cerr);
  }
  const absl::StatusOr<CommandLine> command = ParseCommandLine(arguments);
  if (!command.ok()) {
    std::fprintf(stderr, "relatad: %s\n", std::string(command.status().message()).c_str());
    return 2;
  }
  if (command->print) {
    std::fputs(command->print->c_str(), stdout);
    return 0;
  }
  const absl::Status status = Run(command->config);
  if (status.ok()) return 0;
  std::fprintf(stderr, "relatad: %s\n", std::string(status.message()).c_str());
  return 1;
}

}  // namespace
}  // namespace relata

int main(int argc, char** argv) {
  relata::TurnOffDeadlockSearch();
  try {
    return relata::Main(std::vector<std::string>(argv + 1, argv + argc));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "relatad: %s\n", e.what());
    return 1;
  }
}
