#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "base/library_locks.h"
#include "client/cli/command_line.h"

// The program `relata`. `relata --help` is its manual.
int main(int argc, char** argv) {
  relata::TurnOffDeadlockSearch();
  // A reader that goes away (`relata export | head`) ends the program quietly.
  std::signal(SIGPIPE, SIG_DFL);
  std::ios::sync_with_stdio(false);
  // NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread runs yet.
  const char* const server = std::getenv("RELATA_SERVER");
  const relata::Surroundings surroundings{
      .out = &std::cout,
      .err = &std::cerr,
      .in = &std::cin,
      .out_is_terminal = isatty(STDOUT_FILENO) == 1,
      .err_is_terminal = isatty(STDERR_FILENO) == 1,
      .in_is_terminal = isatty(STDIN_FILENO) == 1,
      .server_from_environment = server == nullptr ? "" : server};
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  return static_cast<int>(relata::RunCommandLine(arguments, surroundings));
}
