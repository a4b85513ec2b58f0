#include "tests/tck/tck_value.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status_macros.h"

namespace relata {
namespace {

using Kind = TckValue::Kind;

void AppendUtf8(uint32_t code, std::string& out) {
  if (code < 0x80) {
    out.push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out.push_back(static_cast<char>(0xC0 | (code >> 6)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
  } else {
    out.push_back(static_cast<char>(0xE0 | (code >> 12)));
    out.push_back(static_cast<char>(0x80 | ((code >> 6) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
  }
}

// Recursive descent over one cell; cells are ours, so depth needs no limit.
class CellParser {
 public:
  explicit CellParser(absl::string_view cell) : cell_(cell) {}

  absl::StatusOr<TckValue> Parse() {
    RELATA_ASSIGN_OR_RETURN(TckValue value, ParseValue());
    SkipBlanks();
    if (at_ != cell_.size()) return Error("the end of the cell");
    return value;
  }

 private:
  absl::Status Error(absl::string_view expected) const {
    return absl::InvalidArgumentError(absl::StrCat("expected ", expected, " at character ", at_ + 1,
                                                   " of the cell `", cell_, "`"));
  }
  void SkipBlanks() {
    while (at_ < cell_.size() && absl::ascii_isspace(static_cast<unsigned char>(cell_[at_]))) ++at_;
  }
  char Peek() {
    SkipBlanks();
    return at_ < cell_.size() ? cell_[at_] : '\0';
  }
  bool Take(absl::string_view token) {
    SkipBlanks();
    if (!absl::StartsWith(cell_.substr(at_), token)) return false;
    at_ += token.size();
    return true;
  }
  absl::Status Expect(absl::string_view token) {
    return Take(token) ? absl::OkStatus() : Error(absl::StrCat("`", token, "`"));
  }

  absl::StatusOr<TckValue> ParseValue() {
    switch (Peek()) {
      case '\'':
        return ParseString();
      case '{':
        return ParseMap();
      case '(':
        return ParseNode();
      case '<':
        return ParsePath();
      case '[':
        return ParseListOrRelationship();
      default:
        return ParseWord();
    }
  }

  // null, true, false, a number, or a value of another type.
  absl::StatusOr<TckValue> ParseWord() {
    const size_t begin = at_;
    while (at_ < cell_.size() && (absl::ascii_isalnum(static_cast<unsigned char>(cell_[at_])) ||
                                  cell_[at_] == '.' || cell_[at_] == '-' || cell_[at_] == '+')) {
      ++at_;
    }
    const absl::string_view word = cell_.substr(begin, at_ - begin);
    if (word == "null") return TckValue();
    if (word == "true" || word == "false") return TckValue::Bool(word == "true");
    if (word == "NaN") return TckValue::Float(std::numeric_limits<double>::quiet_NaN());
    if (word == "Inf" || word == "-Inf") {
      const double infinity = std::numeric_limits<double>::infinity();
      return TckValue::Float(word == "Inf" ? infinity : -infinity);
    }
    int64_t integer = 0;
    if (absl::SimpleAtoi(word, &integer)) return TckValue::Int(integer);
    double real = 0;
    if (absl::StrContains(word, '.') || absl::StrContains(word, 'e') ||
        absl::StrContains(word, 'E')) {
      if (absl::SimpleAtod(word, &real) && std::isfinite(real)) return TckValue::Float(real);
    }
    const size_t end = cell_.find(')', at_);
    if (!word.empty() && Peek() == '(' && end != absl::string_view::npos) {
      at_ = end + 1;
      TckValue value = TckValue::String(cell_.substr(begin, at_ - begin));
      value.kind = Kind::kOther;
      return value;
    }
    at_ = begin;
    return Error("a value");
  }

  absl::StatusOr<TckValue> ParseString() {
    RELATA_RETURN_IF_ERROR(Expect("'"));
    std::string text;
    while (at_ < cell_.size() && cell_[at_] != '\'') {
      if (cell_[at_] != '\\') {
        text.push_back(cell_[at_++]);
        continue;
      }
      RELATA_RETURN_IF_ERROR(ParseEscape(text));
    }
    if (at_ == cell_.size()) return Error("`'`");
    ++at_;
    return TckValue::String(text);
  }

  absl::Status ParseEscape(std::string& text) {
    static constexpr absl::string_view kLetters = "btnfr\\'\"";
    static constexpr absl::string_view kMeanings = "\b\t\n\f\r\\'\"";
    ++at_;
    const char letter = at_ < cell_.size() ? cell_[at_] : '\0';
    const size_t known = letter == '\0' ? absl::string_view::npos : kLetters.find(letter);
    if (known != absl::string_view::npos) {
      text.push_back(kMeanings[known]);
      ++at_;
      return absl::OkStatus();
    }
    uint32_t code = 0;
    if (letter != 'u' || cell_.size() < at_ + 5 ||
        !absl::SimpleHexAtoi(cell_.substr(at_ + 1, 4), &code)) {
      return Error("an escape");
    }
    AppendUtf8(code, text);
    at_ += 5;
    return absl::OkStatus();
  }

  absl::StatusOr<std::string> ParseName() {
    if (Take("`")) {
      const size_t end = cell_.find('`', at_);
      if (end == absl::string_view::npos) return Error("a closing back-tick");
      const absl::string_view name = cell_.substr(at_, end - at_);
      at_ = end + 1;
      return std::string(name);
    }
    SkipBlanks();
    const size_t begin = at_;
    while (at_ < cell_.size() && !absl::StrContains(" \t\n:{}()[],|<>`'", cell_[at_])) ++at_;
    if (at_ == begin) return Error("a name");
    return std::string(cell_.substr(begin, at_ - begin));
  }

  absl::StatusOr<TckValue> ParseMap() {
    TckValue map;
    map.kind = Kind::kMap;
    RELATA_RETURN_IF_ERROR(Expect("{"));
    if (Take("}")) return map;
    do {
      RELATA_ASSIGN_OR_RETURN(std::string key, ParseName());
      RELATA_RETURN_IF_ERROR(Expect(":"));
      RELATA_ASSIGN_OR_RETURN(TckValue value, ParseValue());
      map.entries.emplace_back(std::move(key), std::move(value));
    } while (Take(","));
    RELATA_RETURN_IF_ERROR(Expect("}"));
    return map;
  }

  absl::Status ParseProperties(TckValue& entity) {
    if (Peek() != '{') return absl::OkStatus();
    RELATA_ASSIGN_OR_RETURN(TckValue map, ParseMap());
    entity.entries = std::move(map.entries);
    return absl::OkStatus();
  }

  absl::StatusOr<TckValue> ParseNode() {
    TckValue node;
    node.kind = Kind::kNode;
    RELATA_RETURN_IF_ERROR(Expect("("));
    while (Take(":")) {
      RELATA_ASSIGN_OR_RETURN(std::string label, ParseName());
      node.labels.push_back(std::move(label));
    }
    RELATA_RETURN_IF_ERROR(ParseProperties(node));
    RELATA_RETURN_IF_ERROR(Expect(")"));
    return node;
  }

  // After `[`, where a `:` follows.
  absl::StatusOr<TckValue> ParseRelationshipBody() {
    TckValue relationship;
    relationship.kind = Kind::kRelationship;
    RELATA_RETURN_IF_ERROR(Expect(":"));
    RELATA_ASSIGN_OR_RETURN(relationship.text, ParseName());
    RELATA_RETURN_IF_ERROR(ParseProperties(relationship));
    RELATA_RETURN_IF_ERROR(Expect("]"));
    return relationship;
  }

  absl::StatusOr<TckValue> ParseListOrRelationship() {
    RELATA_RETURN_IF_ERROR(Expect("["));
    if (Peek() == ':') return ParseRelationshipBody();
    TckValue list;
    list.kind = Kind::kList;
    if (Take("]")) return list;
    do {
      RELATA_ASSIGN_OR_RETURN(TckValue item, ParseValue());
      list.items.push_back(std::move(item));
    } while (Take(","));
    RELATA_RETURN_IF_ERROR(Expect("]"));
    return list;
  }

  absl::StatusOr<TckValue> ParsePath() {
    TckValue path;
    path.kind = Kind::kPath;
    RELATA_RETURN_IF_ERROR(Expect("<"));
    RELATA_ASSIGN_OR_RETURN(TckValue start, ParseNode());
    path.items.push_back(std::move(start));
    while (!Take(">")) {
      const bool backward = Take("<-");
      if (!backward) RELATA_RETURN_IF_ERROR(Expect("-"));
      RELATA_RETURN_IF_ERROR(Expect("["));
      RELATA_ASSIGN_OR_RETURN(TckValue relationship, ParseRelationshipBody());
      relationship.forward = !backward;
      RELATA_RETURN_IF_ERROR(Expect(backward ? "-" : "->"));
      RELATA_ASSIGN_OR_RETURN(TckValue node, ParseNode());
      path.items.push_back(std::move(relationship));
      path.items.push_back(std::move(node));
    }
    return path;
  }

  const absl::string_view cell_;
  size_t at_ = 0;
};

std::string Quoted(absl::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    switch (c) {
      case '\n':
        out += "\\n";
        break;
      case '\'':
      case '\\':
        out.push_back('\\');
        [[fallthrough]];
      default:
        out.push_back(c);
    }
  }
  out.push_back('\'');
  return out;
}

std::string FloatText(double d) {
  if (std::isnan(d)) return "NaN";
  if (std::isinf(d)) return d > 0 ? "Inf" : "-Inf";
  if (d == 0) return "0.0";
  char digits[32];
  const std::to_chars_result end = std::to_chars(digits, digits + sizeof(digits), d);
  std::string text(digits, end.ptr);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::string Braced(const std::vector<std::pair<std::string, TckValue>>& entries,
                   bool ignore_list_order) {
  std::vector<std::string> texts;
  texts.reserve(entries.size());
  for (const auto& [key, value] : entries) {
    texts.push_back(absl::StrCat(key, ": ", CanonicalText(value, ignore_list_order)));
  }
  std::sort(texts.begin(), texts.end());
  return absl::StrCat("{", absl::StrJoin(texts, ", "), "}");
}

// Labels or type, and properties, as they stand between the brackets.
std::string Inside(absl::string_view labels, const TckValue& entity, bool ignore_list_order) {
  if (entity.entries.empty()) return std::string(labels);
  return absl::StrCat(labels, labels.empty() ? "" : " ", Braced(entity.entries, ignore_list_order));
}

std::string PathText(const TckValue& path, bool ignore_list_order) {
  std::string text = "<";
  for (const TckValue& item : path.items) {
    const std::string inside = CanonicalText(item, ignore_list_order);
    if (item.kind == Kind::kNode) {
      text += inside;
    } else {
      absl::StrAppend(&text, item.forward ? "-" : "<-", inside, item.forward ? "->" : "-");
    }
  }
  return text + ">";
}

}  // namespace

TckValue::TckValue() = default;
TckValue::TckValue(const TckValue& other) = default;
TckValue::TckValue(TckValue&& other) noexcept = default;
TckValue& TckValue::operator=(const TckValue& other) = default;
TckValue& TckValue::operator=(TckValue&& other) noexcept = default;
TckValue::~TckValue() = default;

TckValue TckValue::Bool(bool b) {
  TckValue value;
  value.kind = Kind::kBool;
  value.boolean = b;
  return value;
}

TckValue TckValue::Int(int64_t i) {
  TckValue value;
  value.kind = Kind::kInt;
  value.integer = i;
  return value;
}

TckValue TckValue::Float(double d) {
  TckValue value;
  value.kind = Kind::kFloat;
  value.real = d;
  return value;
}

TckValue TckValue::String(absl::string_view s) {
  TckValue value;
  value.kind = Kind::kString;
  value.text = std::string(s);
  return value;
}

absl::StatusOr<TckValue> ParseTckValue(absl::string_view cell) { return CellParser(cell).Parse(); }

std::string CanonicalText(const TckValue& value, bool ignore_list_order) {
  switch (value.kind) {
    case Kind::kNull:
      return "null";
    case Kind::kBool:
      return value.boolean ? "true" : "false";
    case Kind::kInt:
      return absl::StrCat(value.integer);
    case Kind::kFloat:
      return FloatText(value.real);
    case Kind::kString:
      return Quoted(value.text);
    case Kind::kList: {
      std::vector<std::string> texts;
      for (const TckValue& item : value.items) {
        texts.push_back(CanonicalText(item, ignore_list_order));
      }
      if (ignore_list_order) std::sort(texts.begin(), texts.end());
      return absl::StrCat("[", absl::StrJoin(texts, ", "), "]");
    }
    case Kind::kMap:
      return Braced(value.entries, ignore_list_order);
    case Kind::kNode: {
      std::vector<std::string> labels = value.labels;
      std::sort(labels.begin(), labels.end());
      for (std::string& label : labels) label = absl::StrCat(":", label);
      return absl::StrCat("(", Inside(absl::StrJoin(labels, ""), value, ignore_list_order), ")");
    }
    case Kind::kRelationship:
      return absl::StrCat("[", Inside(absl::StrCat(":", value.text), value, ignore_list_order),
                          "]");
    case Kind::kPath:
      return PathText(value, ignore_list_order);
    case Kind::kOther:
      return value.text;
  }
  return "";
}

}  // namespace relata
