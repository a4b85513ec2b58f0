#ifndef RELATA_CLIENT_CLI_EXIT_CODE_H_
#define RELATA_CLIENT_CLI_EXIT_CODE_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace relata {

// What the program `relata` tells the shell. Part of its interface: scripts rely on the numbers.
enum class ExitCode {
  kDone = 0,
  // The server refused, or something failed on this machine.
  kRefused = 1,
  // The command line is wrong; nothing was sent.
  kBadUsage = 2,
  // No server was reached.
  kUnreachable = 3,
  // `import --skip-bad` wrote the good lines and left others out.
  kPartlyDone = 4,
};

// INVALID_ARGUMENT for a command line that is wrong; ends the program with kBadUsage.
absl::Status UsageError(absl::string_view message);

// The exit code for the result of a command.
ExitCode ExitCodeFor(const absl::Status& status);

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_EXIT_CODE_H_
