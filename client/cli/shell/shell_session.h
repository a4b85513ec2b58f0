#ifndef RELATA_CLIENT_CLI_SHELL_SHELL_SESSION_H_
#define RELATA_CLIENT_CLI_SHELL_SHELL_SESSION_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "client/cli/command_context.h"
#include "client/cli/shell/statement_splitter.h"
#include "relata/v1/query_service.pb.h"

namespace relata {

class CallCanceller;

// What the shell keeps between lines: the statement that has been begun, parameters, the open
// transaction, the time that is read. Knows nothing of terminals. Used by one thread; borrows the
// context.
class ShellSession {
 public:
  struct Options {
    bool read_only = false;
    // Runs `call` with something that Ctrl-C cancels; empty: just runs it.
    std::function<absl::Status(const std::function<absl::Status(CallCanceller*)>& call)>
        interruptible;
    // Lines that the terminal has now, for the pager; empty, or 0: none.
    std::function<int()> screen_lines;
    std::string pager = "less";
  };
  ShellSession(CommandContext* context, v1::ReadOptions read, Options options);

  // Takes one line: a command that begins with `:`, or a part of a statement, which runs at its
  // `;`. Errors of statements are printed, and returned so that a script can stop at the first.
  // A line that is not UTF-8 is such an error, and the statement that it is a part of is dropped.
  absl::Status Take(absl::string_view line);
  // Runs what has no `;` at the end of the input; rolls back an open transaction.
  absl::Status End();
  // Forgets the statement that has been begun.
  void Drop();

  bool quit() const { return quit_; }
  // Whether a statement has been begun and waits for its `;`.
  bool begun() const { return splitter_.begun(); }
  // `relata> `, `main*> ` in a transaction, `  ...> ` inside a statement.
  std::string prompt() const;
  // The commands, for completion.
  static std::vector<std::string> Commands();

 private:
  absl::Status RunCommand(absl::string_view line);
  absl::Status RunStatement(std::string statement);
  absl::Status CallStatement(const v1::RunQueryRequest& request);
  void PrintError(const absl::Status& status);

  absl::Status Help(absl::string_view argument);
  absl::Status Param(absl::string_view argument);
  absl::Status Begin(absl::string_view argument);
  absl::Status Commit(absl::string_view argument);
  absl::Status Rollback(absl::string_view argument);
  absl::Status Explain(absl::string_view argument);
  absl::Status Time(absl::string_view argument);
  absl::Status Schema(absl::string_view argument);
  absl::Status Source(absl::string_view argument);
  absl::Status Quit(absl::string_view argument);
  struct CommandEntry;
  static const std::vector<CommandEntry>& Table();

  CommandContext* const context_;
  v1::ReadOptions read_;
  const Options options_;
  StatementSplitter splitter_;
  std::vector<v1::MapEntry> parameters_;
  std::string transaction_;  // empty: none
  int source_depth_ = 0;
  bool quit_ = false;
  bool printed_ = false;  // the error that is on its way up
};

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_SHELL_SHELL_SESSION_H_
