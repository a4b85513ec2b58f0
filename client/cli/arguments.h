#ifndef RELATA_CLIENT_CLI_ARGUMENTS_H_
#define RELATA_CLIENT_CLI_ARGUMENTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the name is the library's.
class App;
}

namespace relata {

// Where a command declares the words and options that it takes. Each function binds one to a
// variable, which the caller owns and which must live until the command line has been read; a
// variable keeps its value, the default, where the option is not given. `flag` is `--name`, `value`
// the word that stands for the value in the help, and `help` one line without a full stop.
//
// Not thread-safe.
class Arguments {
 public:
  // Borrows `app`.
  explicit Arguments(CLI::App* app) : app_(app) {}

  // Words without an option's name, in the order of these calls.
  void Word(absl::string_view name, std::string* value, absl::string_view help);
  void OptionalWord(absl::string_view name, std::string* value, absl::string_view help);
  // At least one; a call of this kind is the last one.
  void Words(absl::string_view name, std::vector<std::string>* values, absl::string_view help);
  // Likewise, or none.
  void OptionalWords(absl::string_view name, std::vector<std::string>* values,
                     absl::string_view help);

  void Flag(absl::string_view flag, bool* value, absl::string_view help);
  void Text(absl::string_view flag, absl::string_view value_name, std::string* value,
            absl::string_view help);
  // Tells an empty text from an option that is not given.
  void Text(absl::string_view flag, absl::string_view value_name, std::optional<std::string>* value,
            absl::string_view help);
  // May be given several times, which the help shows by `...`.
  void Texts(absl::string_view flag, absl::string_view value_name, std::vector<std::string>* values,
             absl::string_view help);
  // Two values after one name: `--between A B`.
  void TextPair(absl::string_view flag, absl::string_view value_names,
                std::vector<std::string>* values, absl::string_view help);
  // One of `choices`; shows its default in the help.
  void Choice(absl::string_view flag, const std::vector<std::string>& choices, std::string* value,
              absl::string_view help);
  // A whole number of at least `least` and below 2^31; shows its default in the help.
  void Integer(absl::string_view flag, absl::string_view value_name, int64_t* value, int64_t least,
               absl::string_view help);
  void Integer(absl::string_view flag, absl::string_view value_name, std::optional<int64_t>* value,
               int64_t least, absl::string_view help);
  void Number(absl::string_view flag, absl::string_view value_name, std::optional<double>* value,
              absl::string_view help);

  // Text below the options of the help; may have several lines.
  void Footer(absl::string_view text);

 private:
  CLI::App* const app_;
};

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_ARGUMENTS_H_
