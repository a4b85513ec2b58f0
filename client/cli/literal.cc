#include "client/cli/literal.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "relata/v1/mutation.pb.h"
#include "relata/v1/read.pb.h"
#include "relata/v1/read_service.pb.h"
#include "relata/v1/value.pb.h"

namespace relata {
namespace {

bool AllDigits(absl::string_view text) {
  for (const char c : text) {
    if (!absl::ascii_isdigit(c)) return false;
  }
  return !text.empty();
}

// Whether `text` has the shape of `pattern`, where `d` stands for a digit.
bool HasShape(absl::string_view text, absl::string_view pattern) {
  if (text.size() != pattern.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (pattern[i] == 'd' ? !absl::ascii_isdigit(text[i]) : text[i] != pattern[i]) return false;
  }
  return true;
}

bool IsWholeNumber(absl::string_view text) {
  absl::ConsumePrefix(&text, "-");
  return AllDigits(text);
}

// A decimal number with an optional exponent, without `inf`, `nan` and hexadecimal.
bool IsNumber(absl::string_view text) {
  absl::ConsumePrefix(&text, "-");
  if (text.empty() || !absl::ascii_isdigit(text[0])) return false;
  if (text.find_first_not_of("0123456789.eE+-") != absl::string_view::npos) return false;
  double number = 0;
  return absl::SimpleAtod(text, &number);
}

bool IsCurrency(absl::string_view text) {
  return text.size() == 3 && absl::ascii_isupper(text[0]) && absl::ascii_isupper(text[1]) &&
         absl::ascii_isupper(text[2]);
}

std::optional<v1::Value> MoneyOf(absl::string_view text) {
  const size_t space = text.rfind(' ');
  if (space == absl::string_view::npos) return std::nullopt;
  const absl::string_view amount = absl::StripAsciiWhitespace(text.substr(0, space));
  const absl::string_view currency = text.substr(space + 1);
  if (!IsNumber(amount) || !IsCurrency(currency)) return std::nullopt;
  v1::Value value;
  value.mutable_money_value()->set_amount(std::string(amount));
  value.mutable_money_value()->set_currency(std::string(currency));
  return value;
}

std::optional<double> FloatOf(absl::string_view text) {
  const bool percent = absl::ConsumeSuffix(&text, "%");
  double number = 0;
  if (!IsNumber(text) || !absl::SimpleAtod(text, &number)) return std::nullopt;
  return percent ? number / 100 : number;
}

// Takes the qualifier off the front of `text`.
v1::Qualifier TakeQualifier(absl::string_view* text) {
  v1::Qualifier qualifier = v1::QUALIFIER_UNSPECIFIED;
  if (absl::ConsumePrefix(text, "~")) {
    qualifier = v1::ABOUT;
  } else if (absl::ConsumePrefix(text, ">=")) {
    qualifier = v1::AT_LEAST;
  } else if (absl::ConsumePrefix(text, ">")) {
    qualifier = v1::MORE_THAN;
  } else if (absl::ConsumePrefix(text, "<=")) {
    qualifier = v1::AT_MOST;
  } else if (absl::ConsumePrefix(text, "<")) {
    qualifier = v1::LESS_THAN;
  }
  *text = absl::StripLeadingAsciiWhitespace(*text);
  return qualifier;
}

absl::Status NoValueOf(absl::string_view type, absl::string_view text, absl::string_view wanted) {
  return absl::InvalidArgumentError(
      absl::StrCat("'", text, "' is no ", type, ": write it as ", wanted));
}

// Numbers and amounts, which may carry a qualifier. Nothing: `type` is no such type.
std::optional<absl::StatusOr<v1::Value>> ParseQuantity(absl::string_view type,
                                                       absl::string_view text) {
  v1::Value value;
  absl::string_view number = text;
  const v1::Qualifier qualifier = TakeQualifier(&number);
  if (type == "int") {
    int64_t whole = 0;
    if (!IsWholeNumber(number) || !absl::SimpleAtoi(number, &whole)) {
      return NoValueOf("int", text, "12");
    }
    value.set_int_value(whole);
  } else if (type == "float") {
    const std::optional<double> real = FloatOf(number);
    if (!real) return NoValueOf("float", text, "0.36 or 36%");
    value.set_double_value(*real);
  } else if (type == "decimal") {
    if (!IsNumber(number)) return NoValueOf("decimal", text, "12.340");
    value.set_decimal_value(std::string(number));
  } else if (type == "money") {
    std::optional<v1::Value> money = MoneyOf(number);
    if (!money) return NoValueOf("money", text, "2.8e9 USD");
    value = *std::move(money);
  } else if (absl::ConsumePrefix(&type, "money(") && absl::ConsumeSuffix(&type, ")") &&
             IsCurrency(type)) {
    if (!IsNumber(number)) return NoValueOf("amount of money", text, "2.8e9");
    value.mutable_money_value()->set_amount(std::string(number));
    value.mutable_money_value()->set_currency(std::string(type));
  } else {
    return std::nullopt;
  }
  value.set_qualifier(qualifier);
  return value;
}

// Splits `name:TYPE` at its first colon.
std::pair<absl::string_view, absl::string_view> SplitType(absl::string_view text) {
  const size_t colon = text.find(':');
  if (colon == absl::string_view::npos) return {text, ""};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

absl::StatusOr<v1::Value> ValueOf(absl::string_view type, absl::string_view text) {
  if (type.empty()) return GuessValue(text);
  return ParseTypedValue(type, text);
}

struct OperatorSign {
  absl::string_view sign;
  v1::Comparison::Op op;
};

// Longer signs before those they start with.
constexpr OperatorSign kOperators[] = {{"!=", v1::Comparison::NOT_EQUAL},
                                       {"<=", v1::Comparison::LESS_OR_EQUAL},
                                       {">=", v1::Comparison::GREATER_OR_EQUAL},
                                       {"=", v1::Comparison::EQUAL},
                                       {"<", v1::Comparison::LESS},
                                       {">", v1::Comparison::GREATER},
                                       {"~", v1::Comparison::CONTAINS},
                                       {"^", v1::Comparison::STARTS_WITH}};

std::optional<v1::NameKind> NameKindOf(absl::string_view text) {
  if (text == "preferred") return v1::PREFERRED;
  if (text == "alias") return v1::ALIAS;
  if (text == "abbreviation") return v1::ABBREVIATION;
  if (text == "former") return v1::FORMER;
  return std::nullopt;
}

}  // namespace

absl::StatusOr<v1::Value> ParseTypedValue(absl::string_view type, absl::string_view text) {
  if (auto quantity = ParseQuantity(type, text)) return *std::move(quantity);
  v1::Value value;
  const std::string copy(text);
  if (type == "text" || type == "string") {
    value.set_string_value(copy);
  } else if (type == "bool") {
    if (text != "true" && text != "false") return NoValueOf("bool", text, "true or false");
    value.set_bool_value(text == "true");
  } else if (type == "date") {
    if (!HasShape(text, "dddd-dd-dd")) return NoValueOf("date", text, "2026-03-11");
    value.set_date_value(copy);
  } else if (type == "time") {
    value.set_time_value(copy);
  } else if (type == "localtime") {
    value.set_local_time_value(copy);
  } else if (type == "datetime") {
    value.set_datetime_value(copy);
  } else if (type == "localdatetime") {
    value.set_local_datetime_value(copy);
  } else if (type == "duration") {
    value.set_duration_value(copy);
  } else {
    return absl::InvalidArgumentError(
        absl::StrCat("there is no type '", type, "': use one of ", kValueTypes));
  }
  return value;
}

v1::Value GuessValue(absl::string_view text) {
  v1::Value value;
  const std::string copy(text);
  int64_t whole = 0;
  if (text == "true" || text == "false") {
    value.set_bool_value(text == "true");
  } else if (IsWholeNumber(text) && absl::SimpleAtoi(text, &whole)) {
    value.set_int_value(whole);
  } else if (const std::optional<double> real = FloatOf(text)) {
    value.set_double_value(*real);
  } else if (std::optional<v1::Value> money = MoneyOf(text)) {
    value = *std::move(money);
  } else if (HasShape(text, "dddd-dd-dd")) {
    value.set_date_value(copy);
  } else if (text.size() > 11 && HasShape(text.substr(0, 11), "dddd-dd-ddT")) {
    const bool zone =
        absl::EndsWith(text, "Z") || text.substr(11).find_first_of("+-") != absl::string_view::npos;
    zone ? value.set_datetime_value(copy) : value.set_local_datetime_value(copy);
  } else if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    value.set_string_value(copy.substr(1, copy.size() - 2));
  } else {
    value.set_string_value(copy);
  }
  return value;
}

absl::StatusOr<v1::Property> ParseProperty(absl::string_view text) {
  const size_t equals = text.find('=');
  if (equals == absl::string_view::npos || equals == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", text, "': write PROPERTY=VALUE or PROPERTY:TYPE=VALUE"));
  }
  const auto [name, type] = SplitType(text.substr(0, equals));
  v1::Property property;
  property.set_name(std::string(name));
  RELATA_ASSIGN_OR_RETURN(*property.mutable_value(), ValueOf(type, text.substr(equals + 1)));
  return property;
}

absl::StatusOr<v1::Comparison> ParseComparison(absl::string_view text) {
  v1::Comparison comparison;
  const size_t at = text.find_first_of("!<>=~^");
  if (at == 0 || text.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", text, "': write PROPERTY, a sign (= != < <= > >= ~ ^) and a value"));
  }
  if (at == absl::string_view::npos) {
    comparison.set_property(std::string(text));
    comparison.set_op(v1::Comparison::EXISTS);
    return comparison;
  }
  const auto [name, type] = SplitType(text.substr(0, at));
  comparison.set_property(std::string(name));
  absl::string_view rest = text.substr(at);
  for (const OperatorSign& candidate : kOperators) {
    if (!absl::ConsumePrefix(&rest, candidate.sign)) continue;
    comparison.set_op(candidate.op);
    RELATA_ASSIGN_OR_RETURN(*comparison.mutable_value(), ValueOf(type, rest));
    return comparison;
  }
  return absl::InvalidArgumentError(absl::StrCat("'", text, "': ! is only part of !="));
}

absl::StatusOr<v1::Name> ParseName(absl::string_view text) {
  const size_t colon = text.find(':');
  if (colon == absl::string_view::npos || colon == 0 || colon + 1 == text.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", text, "': write LANGUAGE:TEXT or LANGUAGE:TEXT:KIND, as in zh:深度求索"));
  }
  v1::Name name;
  name.set_language(std::string(text.substr(0, colon)));
  absl::string_view rest = text.substr(colon + 1);
  const size_t last = rest.rfind(':');
  if (last != absl::string_view::npos && last > 0) {
    if (const std::optional<v1::NameKind> kind = NameKindOf(rest.substr(last + 1))) {
      name.set_kind(*kind);
      rest = rest.substr(0, last);
    }
  }
  name.set_text(std::string(rest));
  return name;
}

absl::StatusOr<v1::Step> ParseStep(absl::string_view text) {
  const auto [type, direction] = SplitType(text);
  v1::Step step;
  if (type != "*") step.set_type(std::string(type));
  if (direction == "out") {
    step.set_direction(v1::OUT);
  } else if (direction == "in") {
    step.set_direction(v1::IN);
  } else if (direction == "both") {
    step.set_direction(v1::EITHER);
  } else if (type.size() != text.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", text, "': the direction after : is out, in or both"));
  }
  return step;
}

}  // namespace relata
