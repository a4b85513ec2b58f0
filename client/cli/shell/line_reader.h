#ifndef RELATA_CLIENT_CLI_SHELL_LINE_READER_H_
#define RELATA_CLIENT_CLI_SHELL_LINE_READER_H_

#include <functional>
#include <istream>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace relata {

// Where the shell's lines come from. Used by one thread.
class LineReader {
 public:
  virtual ~LineReader() = default;
  struct Line {
    std::string text;          // without its line break
    bool interrupted = false;  // Ctrl-C: what was typed is dropped
  };
  // nullopt at the end of the input.
  virtual std::optional<Line> Read(absl::string_view prompt) = 0;
  // Keeps a whole entry, of one line or many, for the arrow keys and for the next time.
  virtual void Remember(absl::string_view entry) = 0;
};

// What to put after a line that Tab was pressed at its end, and what to show as choices.
struct LineCompletion {
  size_t drop = 0;  // bytes before the cursor that `insert` stands for
  std::string insert;
  std::string choices;  // to be shown; empty: none
};
using LineCompleter = std::function<LineCompletion(absl::string_view line)>;

// Lines of a terminal, edited with the keys of emacs or what ~/.editrc says, with history in
// `history_file` (empty: not kept), which each entry is added to at once and which several shells
// may share. Text is UTF-8, whatever the locale is. nullptr where the terminal cannot be opened.
std::unique_ptr<LineReader> MakeTerminalReader(const std::string& history_file,
                                               LineCompleter complete);
// Lines of anything else. Borrows `in`.
std::unique_ptr<LineReader> MakeStreamReader(std::istream* in);

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_SHELL_LINE_READER_H_
