#ifndef RELATA_CLIENT_CLI_COMMAND_H_
#define RELATA_CLIENT_CLI_COMMAND_H_

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "client/cli/arguments.h"
#include "client/cli/command_context.h"
#include "client/cli/global_options.h"

namespace relata {

// One command of the program: its options are members, filled from the command line before Run is
// called, which is once.
class Command {
 public:
  Command() = default;
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;
  virtual ~Command() = default;

  // The word that calls it, and one line about it for the help.
  virtual absl::string_view name() const = 0;
  virtual absl::string_view summary() const = 0;
  // Which of the options about the state that is read it takes.
  virtual ReadTerms read_terms() const = 0;
  // True for commands over streams and files, which may take as long as they need.
  virtual bool unlimited_time() const { return false; }
  virtual void Declare(Arguments& arguments) = 0;
  // Writes results to context.out() and all else to context.err(). Errors are the server's, or
  // usage errors (UsageError).
  virtual absl::Status Run(CommandContext& context) = 0;
};

// All commands in the order of the help.
std::vector<std::unique_ptr<Command>> MakeCommands();

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_COMMAND_H_
