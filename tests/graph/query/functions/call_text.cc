#include "tests/graph/query/functions/call_text.h"

#include <limits>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/functions/aggregate.h"
#include "graph/query/functions/operators.h"

namespace relata::query {
namespace {

const FunctionDefinition* FindScalar(absl::string_view name) {
  static const auto* const kTable = [] {
    auto* made = new std::map<std::string, FunctionDefinition>;
    for (auto* rows :
         {MathFunctions, StringFunctions, ListFunctions, ConversionFunctions, TemporalFunctions}) {
      for (FunctionDefinition& row : rows()) {
        std::string lower = absl::AsciiStrToLower(row.name);
        made->emplace(std::move(lower), std::move(row));
      }
    }
    return made;
  }();
  const auto found = kTable->find(absl::AsciiStrToLower(name));
  return found == kTable->end() ? nullptr : &found->second;
}

absl::StatusOr<Datum> Aggregate(AggregateKind kind, const std::vector<Datum>& args) {
  const std::unique_ptr<Accumulator> accumulator = MakeAccumulator(kind);
  for (const Datum& element : args[0].AsList()) {
    RELATA_RETURN_IF_ERROR(accumulator->Add(element, args.size() > 1 ? args[1] : Datum()));
  }
  return accumulator->Finish();
}

using Operator = absl::StatusOr<Datum> (*)(const Datum& a, const Datum& b);

const std::pair<absl::string_view, Operator> kOperators[] = {
    {"+", Add},
    {"-", Subtract},
    {"*", Multiply},
    {"/", Divide},
    {"%", Modulo},
    {"^", Power},
    {"||", Concatenate},
    {"IN", In},
    {"=~", MatchesRegex},
    {"=",
     [](const Datum& a, const Datum& b) -> absl::StatusOr<Datum> { return ToDatum(Equals(a, b)); }},
    {"<>",
     [](const Datum& a, const Datum& b) -> absl::StatusOr<Datum> {
       return ToDatum(Not(Equals(a, b)));
     }},
    {"<",
     [](const Datum& a, const Datum& b) -> absl::StatusOr<Datum> {
       return ToDatum(LessThan(a, b));
     }},
    {"<=",
     [](const Datum& a, const Datum& b) -> absl::StatusOr<Datum> {
       return ToDatum(LessOrEqual(a, b));
     }},
    {">",
     [](const Datum& a, const Datum& b) -> absl::StatusOr<Datum> {
       return ToDatum(LessThan(b, a));
     }},
    {">=",
     [](const Datum& a, const Datum& b) -> absl::StatusOr<Datum> {
       return ToDatum(LessOrEqual(b, a));
     }},
    {"STARTS WITH",
     [](const Datum& a, const Datum& b) -> absl::StatusOr<Datum> { return StartsWith(a, b); }},
    {"ENDS WITH",
     [](const Datum& a, const Datum& b) -> absl::StatusOr<Datum> { return EndsWith(a, b); }},
    {"CONTAINS",
     [](const Datum& a, const Datum& b) -> absl::StatusOr<Datum> { return Contains(a, b); }},
    {"IS ::",
     [](const Datum& a, const Datum& b) -> absl::StatusOr<Datum> {
       RELATA_ASSIGN_OR_RETURN(const bool is, IsOfType(a, b.AsString()));
       return Datum::Bool(is);
     }},
};

class Evaluator {
 public:
  Evaluator(absl::string_view text, CallContext& context) : rest_(text), context_(context) {}

  absl::StatusOr<Datum> Whole() {
    RELATA_ASSIGN_OR_RETURN(Datum value, Binary());
    SkipBlanks();
    if (!rest_.empty()) return Bad("the end");
    return value;
  }

 private:
  absl::Status Bad(absl::string_view expected) const {
    return absl::InternalError(absl::StrCat("expected ", expected, " at: ", rest_));
  }
  void SkipBlanks() { rest_ = absl::StripLeadingAsciiWhitespace(rest_); }
  bool Take(absl::string_view token) {
    SkipBlanks();
    if (!absl::StartsWith(rest_, token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }

  absl::StatusOr<Datum> Binary() {
    RELATA_ASSIGN_OR_RETURN(Datum left, Postfix());
    while (true) {
      Operator found = nullptr;
      for (const auto& [token, call] : kOperators) {
        if (Take(absl::StrCat(token, " "))) {
          found = call;
          break;
        }
      }
      if (found == nullptr) return left;
      RELATA_ASSIGN_OR_RETURN(const Datum right, Postfix());
      RELATA_ASSIGN_OR_RETURN(left, found(left, right));
    }
  }

  absl::StatusOr<Datum> Postfix() {
    RELATA_ASSIGN_OR_RETURN(Datum value, Primary());
    while (true) {
      if (rest_.size() > 1 && rest_[0] == '.' && rest_[1] != '.') {
        rest_.remove_prefix(1);
        RELATA_ASSIGN_OR_RETURN(value, PropertyOf(value, TakeName(/*dots=*/false)));
      } else if (!rest_.empty() && rest_[0] == '[') {
        rest_.remove_prefix(1);
        RELATA_ASSIGN_OR_RETURN(value, Index(value));
      } else {
        return value;
      }
    }
  }

  // After `[`.
  absl::StatusOr<Datum> Index(const Datum& value) {
    Datum from;
    Datum to;
    const bool has_from = !Take("..");
    if (has_from) {
      RELATA_ASSIGN_OR_RETURN(from, Binary());
      if (Take("]")) return ElementAt(value, from);
      if (!Take("..")) return Bad("] or ..");
    }
    const bool has_to = !Take("]");
    if (has_to) {
      RELATA_ASSIGN_OR_RETURN(to, Binary());
      if (!Take("]")) return Bad("]");
    }
    return Slice(value, has_from ? &from : nullptr, has_to ? &to : nullptr);
  }

  absl::string_view TakeName(bool dots) {
    size_t size = 0;
    while (size < rest_.size() && (absl::ascii_isalnum(static_cast<unsigned char>(rest_[size])) ||
                                   rest_[size] == '_' || (dots && rest_[size] == '.'))) {
      ++size;
    }
    const absl::string_view name = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return name;
  }

  absl::StatusOr<Datum> Primary() {
    if (Take("(")) {
      RELATA_ASSIGN_OR_RETURN(Datum value, Binary());
      if (!Take(")")) return Bad(")");
      return value;
    }
    if (Take("'")) return Text();
    if (Take("[")) return List();
    if (Take("{")) return Map();
    SkipBlanks();
    if (rest_.empty()) return Bad("a value");
    if (absl::ascii_isdigit(static_cast<unsigned char>(rest_[0])) || rest_[0] == '-') {
      return Number();
    }
    const absl::string_view name = TakeName(/*dots=*/true);
    if (name == "null") return Datum();
    if (name == "true" || name == "false") return Datum::Bool(name == "true");
    if (name == "NaN") return Datum::Float(std::numeric_limits<double>::quiet_NaN());
    if (!Take("(")) return Bad(absl::StrCat("( after ", name));
    return Call(name);
  }

  absl::StatusOr<Datum> Number() {
    size_t size = 1;
    while (size < rest_.size() &&
           (absl::ascii_isalnum(static_cast<unsigned char>(rest_[size])) ||
            (rest_[size] == '.' && rest_.substr(size, 2) != "..") ||
            ((rest_[size] == '-' || rest_[size] == '+') && rest_[size - 1] == 'e'))) {
      ++size;
    }
    const absl::string_view text = rest_.substr(0, size);
    int64_t integer = 0;
    double real = 0;
    if (absl::SimpleAtoi(text, &integer)) {
      rest_.remove_prefix(size);
      return Datum::Int(integer);
    }
    if (!absl::SimpleAtod(text, &real)) return Bad("a number");
    rest_.remove_prefix(size);
    return Datum::Float(real);
  }

  // After `'`. The only escapes are \\, \' and \n.
  absl::StatusOr<Datum> Text() {
    std::string text;
    for (size_t i = 0; i < rest_.size(); ++i) {
      if (rest_[i] == '\'') {
        rest_.remove_prefix(i + 1);
        return Datum::String(std::move(text));
      }
      if (rest_[i] == '\\' && i + 1 < rest_.size()) ++i;
      text.push_back(rest_[i] == 'n' && rest_[i - 1] == '\\' ? '\n' : rest_[i]);
    }
    return Bad("'");
  }

  absl::StatusOr<Datum> List() {
    Datum::List list;
    while (!Take("]")) {
      RELATA_ASSIGN_OR_RETURN(Datum element, Binary());
      list.push_back(std::move(element));
      Take(",");
    }
    return Datum::Of(std::move(list));
  }

  absl::StatusOr<Datum> Map() {
    Datum::Map map;
    while (!Take("}")) {
      SkipBlanks();
      std::string name(TakeName(/*dots=*/false));
      if (!Take(":")) return Bad(":");
      RELATA_ASSIGN_OR_RETURN(Datum value, Binary());
      map.emplace_back(std::move(name), std::move(value));
      Take(",");
    }
    return Datum::SortedMap(std::move(map));
  }

  absl::StatusOr<Datum> Call(absl::string_view name) {
    std::vector<Datum> args;
    bool has_null = false;
    while (!Take(")")) {
      RELATA_ASSIGN_OR_RETURN(Datum value, Binary());
      has_null |= value.is_null();
      args.push_back(std::move(value));
      Take(",");
    }
    if (const AggregateDefinition* aggregate = FindAggregate(name)) {
      return Aggregate(aggregate->kind, args);
    }
    const FunctionDefinition* function = FindScalar(name);
    if (function == nullptr) return Bad(absl::StrCat("a function, not ", name));
    const int count = static_cast<int>(args.size());
    if (count < function->min_args || (function->max_args >= 0 && count > function->max_args)) {
      return Bad("another number of arguments");
    }
    if (has_null && function->null_if_any_null) return Datum();
    return function->call(context_, args);
  }

  absl::string_view rest_;
  CallContext& context_;
};

}  // namespace

absl::StatusOr<Datum> Evaluate(absl::string_view text, CallContext& context) {
  return Evaluator(text, context).Whole();
}

std::string ShowDatum(const Datum& d) {
  if (d.is_string()) return absl::StrCat("'", d.AsString(), "'");
  if (!d.is_list()) return d.ToString();
  std::string text = "[";
  for (const Datum& element : d.AsList()) {
    absl::StrAppend(&text, text.size() > 1 ? ", " : "", ShowDatum(element));
  }
  return text + "]";
}

}  // namespace relata::query
