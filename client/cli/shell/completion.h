#ifndef RELATA_CLIENT_CLI_SHELL_COMPLETION_H_
#define RELATA_CLIENT_CLI_SHELL_COMPLETION_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace relata {

namespace v1 {
class GetVocabularyResponse;
}

// What the word at the end of a line can become, by where it stands: after `:` a label (in round
// brackets), a type (in square ones) or either,
// after `.` a property (or the rest of a dotted function's or procedure's name), after `CALL` a
// procedure, at the start of a line after `:` a command of the shell, else a keyword or a function.
// Immutable.
class Completion {
 public:
  Completion(const v1::GetVocabularyResponse& vocabulary, std::vector<std::string> commands);

  // What stands at the end of `line` and is to be replaced, and the words that begin with it,
  // ascending. Keywords come in the case that the word was begun in.
  struct Choices {
    std::string begun;
    std::vector<std::string> words;
  };
  Choices Complete(absl::string_view line) const;

 private:
  std::vector<std::string> keywords_;
  std::vector<std::string> functions_;  // with `(`
  std::vector<std::string> procedures_;
  std::vector<std::string> labels_;
  std::vector<std::string> types_;
  std::vector<std::string> properties_;
  std::vector<std::string> commands_;
};

// The longest text of whole characters that all words begin with; empty for no words.
std::string CommonBeginning(const std::vector<std::string>& words);

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_SHELL_COMPLETION_H_
