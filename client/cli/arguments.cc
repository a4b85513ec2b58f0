#include "client/cli/arguments.h"

#include <CLI/CLI.hpp>
#include <functional>
#include <limits>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace relata {
namespace {

// The largest number that every option may have: what a 32-bit field of the API holds.
constexpr int64_t kLargest = std::numeric_limits<int32_t>::max();

std::function<std::string(const std::string&)> AtLeast(int64_t least) {
  return [least](const std::string& text) -> std::string {
    int64_t number = 0;
    if (absl::SimpleAtoi(text, &number) && number >= least && number <= kLargest) return "";
    return absl::StrCat("'", text, "' is no whole number from ", least, " to ", kLargest);
  };
}

}  // namespace

void Arguments::Word(absl::string_view name, std::string* value, absl::string_view help) {
  app_->add_option(std::string(name), *value, std::string(help))->required()->type_name("");
}

void Arguments::OptionalWord(absl::string_view name, std::string* value, absl::string_view help) {
  app_->add_option(std::string(name), *value, std::string(help))->type_name("");
}

void Arguments::Words(absl::string_view name, std::vector<std::string>* values,
                      absl::string_view help) {
  app_->add_option(std::string(name), *values, std::string(help))->required()->type_name("");
}

void Arguments::OptionalWords(absl::string_view name, std::vector<std::string>* values,
                              absl::string_view help) {
  app_->add_option(std::string(name), *values, std::string(help))->type_name("");
}

void Arguments::Flag(absl::string_view flag, bool* value, absl::string_view help) {
  app_->add_flag(std::string(flag), *value, std::string(help));
}

void Arguments::Text(absl::string_view flag, absl::string_view value_name, std::string* value,
                     absl::string_view help) {
  app_->add_option(std::string(flag), *value, std::string(help))
      ->type_name(std::string(value_name));
}

void Arguments::Text(absl::string_view flag, absl::string_view value_name,
                     std::optional<std::string>* value, absl::string_view help) {
  app_->add_option_function<std::string>(
          std::string(flag), [value](const std::string& text) { *value = text; }, std::string(help))
      ->type_name(std::string(value_name));
}

void Arguments::Texts(absl::string_view flag, absl::string_view value_name,
                      std::vector<std::string>* values, absl::string_view help) {
  app_->add_option(std::string(flag), *values, std::string(help))
      ->type_name(std::string(value_name))
      ->type_size(1)
      ->allow_extra_args(false)
      ->take_all();
}

void Arguments::TextPair(absl::string_view flag, absl::string_view value_names,
                         std::vector<std::string>* values, absl::string_view help) {
  app_->add_option(std::string(flag), *values, std::string(help))
      ->type_name(std::string(value_names))
      ->type_size(2)
      ->expected(1);
}

void Arguments::Choice(absl::string_view flag, const std::vector<std::string>& choices,
                       std::string* value, absl::string_view help) {
  app_->add_option(std::string(flag), *value,
                   absl::StrCat(help, value->empty() ? "" : absl::StrCat(" (", *value, ")")))
      ->type_name(absl::StrJoin(choices, "|"))
      ->check([choices](const std::string& text) -> std::string {
        for (const std::string& choice : choices) {
          if (choice == text) return "";
        }
        return absl::StrCat("'", text, "' is none of ", absl::StrJoin(choices, ", "));
      });
}

void Arguments::Integer(absl::string_view flag, absl::string_view value_name, int64_t* value,
                        int64_t least, absl::string_view help) {
  app_->add_option(std::string(flag), *value, absl::StrCat(help, " (", *value, ")"))
      ->check(AtLeast(least))
      ->type_name(std::string(value_name));
}

void Arguments::Integer(absl::string_view flag, absl::string_view value_name,
                        std::optional<int64_t>* value, int64_t least, absl::string_view help) {
  app_->add_option_function<int64_t>(
          std::string(flag), [value](const int64_t& number) { *value = number; }, std::string(help))
      ->check(AtLeast(least))
      ->type_name(std::string(value_name));
}

void Arguments::Number(absl::string_view flag, absl::string_view value_name,
                       std::optional<double>* value, absl::string_view help) {
  app_->add_option_function<double>(
          std::string(flag), [value](const double& number) { *value = number; }, std::string(help))
      ->type_name(std::string(value_name));
}

void Arguments::Footer(absl::string_view text) { app_->footer(std::string(text)); }

}  // namespace relata
