#ifndef RELATA_TESTS_E2E_TERMINAL_PROGRAM_H_
#define RELATA_TESTS_E2E_TERMINAL_PROGRAM_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace relata {

// A program on a pseudo-terminal of 24 lines, as a person at a keyboard has it. Not thread-safe.
class TerminalProgram {
 public:
  // `environment`: variables that it finds changed.
  static absl::StatusOr<std::unique_ptr<TerminalProgram>> Start(
      const std::vector<std::string>& arguments,
      const std::vector<std::pair<std::string, std::string>>& environment);
  // Kills it where it still runs.
  ~TerminalProgram();
  TerminalProgram(const TerminalProgram&) = delete;
  TerminalProgram& operator=(const TerminalProgram&) = delete;

  // Keys, as the terminal sends them: `\r` Enter, `\x03` Ctrl-C, `\x04` Ctrl-D.
  void Type(absl::string_view keys) const;
  // Reads the screen's text until `text` has come after what was waited for before; false where it
  // does not within `timeout`.
  bool WaitFor(absl::string_view text, absl::Duration timeout);
  // All that was shown, escape sequences too.
  const std::string& shown() const { return shown_; }
  // Its exit code; -1 where it still runs after `timeout`.
  int WaitForEnd(absl::Duration timeout);

 private:
  TerminalProgram(pid_t pid, int terminal) : pid_(pid), terminal_(terminal) {}
  // Reads what is there; false at the end.
  bool ReadSome(absl::Duration timeout);

  const pid_t pid_;
  const int terminal_;
  std::string shown_;
  size_t seen_ = 0;
  bool ended_ = false;
};

}  // namespace relata

#endif  // RELATA_TESTS_E2E_TERMINAL_PROGRAM_H_
