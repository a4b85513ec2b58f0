#include "tests/cases/case_texts.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace relata {

using Json = nlohmann::json;

absl::StatusOr<Value> ValueFromCase(const Json& json) {
  if (json.is_null()) return Value();
  if (json.is_boolean()) return Value::Bool(json.get<bool>());
  if (json.is_number_integer()) return Value::Int(json.get<int64_t>());
  if (json.is_number()) return Value::Double(json.get<double>());
  if (json.is_string()) return Value::String(json.get<std::string>());
  if (json.is_object() && json.contains("money")) {
    Money money;
    RELATA_ASSIGN_OR_RETURN(money.amount, Decimal::Parse(json["money"].get<std::string>(), true));
    const std::string currency = json["currency"];
    std::copy_n(currency.begin(), 3, money.currency.begin());
    return Value::Of<Money>(money);
  }
  return absl::InvalidArgumentError(absl::StrCat("no value of a case: ", json.dump()));
}

Json ValueToCase(const Value& value) {
  switch (value.type()) {
    case ValueType::kBool:
      return value.get<bool>();
    case ValueType::kInt64:
      return value.get<int64_t>();
    case ValueType::kFloat64:
      return value.get<double>();
    case ValueType::kString:
      return value.get<std::string>();
    case ValueType::kMoney: {
      const Money& money = value.get<Money>();
      return {{"money", money.amount.ToString()},
              {"currency", std::string(money.currency.begin(), money.currency.end())}};
    }
    default:
      return nullptr;
  }
}

Json BoundToCase(const Bound& bound) {
  return Json::array({FormatInstant(bound.earliest), FormatInstant(bound.latest)});
}

absl::StatusOr<Interval> IntervalFromCase(const Json& fact) {
  RELATA_ASSIGN_OR_RETURN(const Bound from,
                          Bound::Parse(fact.value("from", ".."), BoundRole::kFrom));
  RELATA_ASSIGN_OR_RETURN(const Bound to, Bound::Parse(fact.value("to", ".."), BoundRole::kTo));
  return Interval::Make(from, to);
}

absl::StatusOr<Portion> PortionFromCase(const Json& op) {
  if (!op.contains("portion")) return Portion{};
  return Portion::Parse(op["portion"][0].get<std::string>(), op["portion"][1].get<std::string>());
}

absl::StatusOr<ValidTime> ValidTimeFromCase(const Json& at, Instant now) {
  const bool certainly = at.value("mode", "possibly") == "certainly";
  if (!at.contains("valid")) return ValidTime::At(now, certainly);
  const Json& valid = at["valid"];
  if (valid.is_array()) {
    RELATA_ASSIGN_OR_RETURN(const Portion window, Portion::Parse(valid[0].get<std::string>(),
                                                                 valid[1].get<std::string>()));
    return ValidTime::Window(window.from, window.to, certainly);
  }
  if (valid == "ALL") return ValidTime::All(certainly);
  RELATA_ASSIGN_OR_RETURN(const Instant t, ParseInstant(valid.get<std::string>()));
  return ValidTime::At(t, certainly);
}

absl::StatusOr<Stance> StanceFromCase(const std::string& text) {
  if (text == "asserts") return Stance::kAsserts;
  if (text == "disputes") return Stance::kDisputes;
  if (text == "retracts") return Stance::kRetracts;
  return absl::InvalidArgumentError(absl::StrCat("unknown stance ", text));
}

std::string StatusToCase(FactStatus status) {
  switch (status) {
    case FactStatus::kUncited:
      return "uncited";
    case FactStatus::kAsserted:
      return "asserted";
    case FactStatus::kDisputed:
      return "disputed";
    case FactStatus::kRetracted:
      return "retracted";
  }
  return "?";
}

Direction DirectionFromCase(const Json& step, Direction otherwise) {
  const std::string text = step.value("direction", "");
  if (text == "out") return Direction::kOut;
  if (text == "in") return Direction::kIn;
  if (text == "either") return Direction::kEither;
  return otherwise;
}

}  // namespace relata
