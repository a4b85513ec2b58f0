#include "graph/values/value.h"

#include <array>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/float_text.h"
#include "base/status_macros.h"

namespace relata {
namespace {

static_assert(std::variant_size_v<Value::Rep> == static_cast<size_t>(ValueType::kMap) + 1);

constexpr std::array<absl::string_view, std::variant_size_v<Value::Rep>> kTypeNames = {
    "NULL", "BOOLEAN",    "INT64", "FLOAT64",        "DECIMAL",  "MONEY",    "STRING", "BYTES",
    "DATE", "LOCAL TIME", "TIME",  "LOCAL DATETIME", "DATETIME", "DURATION", "LIST",   "MAP"};

// In the order of Qualifier.
constexpr std::array<absl::string_view, 7> kQualifierWords = {
    "", "about ", "at least ", "at most ", "more than ", "less than ", "up to "};

// One overload for each alternative of Value::Rep.
struct Display {
  std::string operator()(std::monostate) const { return "null"; }
  std::string operator()(bool b) const { return b ? "true" : "false"; }
  std::string operator()(int64_t i) const { return absl::StrCat(i); }
  std::string operator()(double d) const { return FloatText(d); }
  std::string operator()(const std::string& s) const { return s; }
  std::string operator()(const Bytes& bytes) const {
    return absl::StrCat("0x", absl::BytesToHexString(bytes.data));
  }
  std::string operator()(const Value::List& list) const {
    return absl::StrCat("[",
                        absl::StrJoin(list, ", ",
                                      [](std::string* out, const Value& element) {
                                        absl::StrAppend(out, element.ToString());
                                      }),
                        "]");
  }
  std::string operator()(const Value::Map& map) const {
    return absl::StrCat("{",
                        absl::StrJoin(map, ", ",
                                      [](std::string* out, const auto& entry) {
                                        absl::StrAppend(out, entry.first, ": ",
                                                        entry.second.ToString());
                                      }),
                        "}");
  }
  template <typename T>
  std::string operator()(const T& named) const {
    return named.ToString();
  }
};

absl::Status CheckElement(const Value& value, int depth) {
  if (value.qualifier() != Qualifier::kExact && !value.is_number() &&
      value.type() != ValueType::kMoney) {
    return absl::InvalidArgumentError(absl::StrCat(
        "only numbers and money can have a qualifier, a ", ValueTypeName(value.type()), " cannot"));
  }
  if (value.type() == ValueType::kMap) {
    return absl::InvalidArgumentError(
        "maps and lists of maps cannot be stored in a property; store an entity instead");
  }
  const auto* list = value.get_if<Value::List>();
  if (list == nullptr) return absl::OkStatus();
  if (depth == Value::kDeepestList) {
    return absl::InvalidArgumentError(
        absl::StrCat("lists cannot be nested deeper than ", Value::kDeepestList));
  }
  for (const Value& element : *list) RELATA_RETURN_IF_ERROR(CheckElement(element, depth + 1));
  return absl::OkStatus();
}

}  // namespace

absl::string_view ValueTypeName(ValueType type) { return kTypeNames[static_cast<size_t>(type)]; }

double Value::AsDouble() const {
  if (const auto* i = get_if<int64_t>()) return static_cast<double>(*i);
  if (const auto* d = get_if<double>()) return *d;
  return get<Decimal>().ToDouble();
}

std::string Value::ToString() const {
  return absl::StrCat(kQualifierWords[static_cast<size_t>(qualifier_)],
                      std::visit(Display(), rep_));
}

absl::Status CheckStorable(const Value& value) {
  if (value.is_null()) {
    return absl::InvalidArgumentError("null cannot be stored in a property; leave it out");
  }
  return CheckElement(value, 0);
}

}  // namespace relata
