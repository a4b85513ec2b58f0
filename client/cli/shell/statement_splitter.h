#ifndef RELATA_CLIENT_CLI_SHELL_STATEMENT_SPLITTER_H_
#define RELATA_CLIENT_CLI_SHELL_STATEMENT_SPLITTER_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace relata {

// Parts text that comes in pieces into statements at each `;` that is neither in quotes (' " `) nor
// in a comment (// and /* */). Not thread-safe.
class StatementSplitter {
 public:
  // Text after what came before; line breaks are part of it.
  void Add(absl::string_view text) { pending_.append(text.data(), text.size()); }
  // The next whole statement, without its `;` and outer blanks; empty ones are left out. nullopt:
  // more text is needed.
  std::optional<std::string> Next();
  // What is left after the last `;`, without outer blanks, and forgets it.
  std::string TakeRest();
  // Whether a statement has been begun: anything but blanks since the last `;`.
  bool begun() const;

 private:
  // Where the next `;` that ends a statement is in pending_; npos where there is none.
  size_t FindEnd() const;

  std::string pending_;
};

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_SHELL_STATEMENT_SPLITTER_H_
