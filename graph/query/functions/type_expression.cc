#include "graph/query/functions/type_expression.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/functions/operators.h"
#include "graph/query/query_error.h"
#include "graph/values/iso_text.h"

namespace relata::query {
namespace {

constexpr int kDeepestType = 32;
constexpr TypeSet kValueKinds =
    types::kAny & ~(types::kNode | types::kRelationship | types::kPath | types::kMap);

struct NamedType {
  absl::string_view name;
  TypeSet kinds;
};
// Longer names before their beginnings.
constexpr NamedType kNamedTypes[] = {
    {"ANY PROPERTY VALUE", kValueKinds},
    {"ANY VALUE", types::kAny},
    {"ANY NODE", types::kNode},
    {"ANY VERTEX", types::kNode},
    {"ANY RELATIONSHIP", types::kRelationship},
    {"ANY EDGE", types::kRelationship},
    {"ANY MAP", types::kMap},
    {"ANY", types::kAny},
    {"PROPERTY VALUE", kValueKinds},
    {"BOOLEAN", types::kBool},
    {"BOOL", types::kBool},
    {"SIGNED INTEGER", types::kInt},
    {"INTEGER64", types::kInt},
    {"INTEGER", types::kInt},
    {"INT64", types::kInt},
    {"INT", types::kInt},
    {"FLOAT64", types::kFloat},
    {"FLOAT", types::kFloat},
    {"DOUBLE", types::kFloat},
    {"DECIMAL", types::kDecimal},
    {"NUMBER", types::kNumber},
    {"MONEY", types::kMoney},
    {"STRING", types::kString},
    {"VARCHAR", types::kString},
    {"BYTES", types::kBytes},
    {"DATE", types::kDate},
    {"LOCAL TIME", types::kLocalTime},
    {"TIME WITHOUT TIME ZONE", types::kLocalTime},
    {"TIME WITHOUT TIMEZONE", types::kLocalTime},
    {"ZONED TIME", types::kTime},
    {"TIME WITH TIME ZONE", types::kTime},
    {"TIME WITH TIMEZONE", types::kTime},
    {"TIME", types::kTime},
    {"LOCAL DATETIME", types::kLocalDateTime},
    {"TIMESTAMP WITHOUT TIME ZONE", types::kLocalDateTime},
    {"TIMESTAMP WITHOUT TIMEZONE", types::kLocalDateTime},
    {"ZONED DATETIME", types::kDateTime},
    {"TIMESTAMP WITH TIME ZONE", types::kDateTime},
    {"TIMESTAMP WITH TIMEZONE", types::kDateTime},
    {"DATETIME", types::kDateTime},
    {"DURATION", types::kDuration},
    {"NODE", types::kNode},
    {"VERTEX", types::kNode},
    {"RELATIONSHIP", types::kRelationship},
    {"EDGE", types::kRelationship},
    {"PATH", types::kPath},
    {"MAP", types::kMap},
    {"NULL", types::kNull},
    {"NOTHING", 0},
};

bool IsWordCharacter(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }

class TypeParser {
 public:
  explicit TypeParser(absl::string_view text) : text_(text), rest_(text) {}

  absl::StatusOr<TypeExpression> ParseAll() {
    RELATA_ASSIGN_OR_RETURN(TypeExpression type, ParseUnion(0));
    SkipBlanks();
    if (!rest_.empty()) return Unknown();
    return type;
  }

 private:
  absl::Status Unknown() const {
    std::vector<absl::string_view> names;
    for (const NamedType& named : kNamedTypes) names.push_back(named.name);
    const std::string nearest = NearestName(absl::AsciiStrToUpper(rest_), names);
    return absl::InvalidArgumentError(absl::StrCat(
        QuotedForError(text_), " is no type",
        rest_.empty() ? std::string(": something is missing at its end")
                      : absl::StrCat(": ", QuotedForError(rest_), " is not understood"),
        nearest.empty() ? std::string() : absl::StrCat("; did you mean ", nearest, "?")));
  }

  void SkipBlanks() { rest_ = absl::StripLeadingAsciiWhitespace(rest_); }

  bool TakeChar(char c) {
    SkipBlanks();
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // `words`, upper case with single blanks, at a word's end.
  bool TakeWords(absl::string_view words) {
    SkipBlanks();
    absl::string_view left = rest_;
    for (const char c : words) {
      if (c == ' ') {
        if (left.empty() || !absl::ascii_isspace(static_cast<unsigned char>(left.front()))) {
          return false;
        }
        left = absl::StripLeadingAsciiWhitespace(left);
        continue;
      }
      if (left.empty() || absl::ascii_toupper(static_cast<unsigned char>(left.front())) != c) {
        return false;
      }
      left.remove_prefix(1);
    }
    if (!left.empty() && IsWordCharacter(left.front())) return false;
    rest_ = left;
    return true;
  }

  absl::StatusOr<TypeExpression> ParseUnion(int depth) {
    if (depth > kDeepestType) {
      return absl::InvalidArgumentError(
          absl::StrCat("a type cannot be nested deeper than ", kDeepestType));
    }
    TypeExpression type;
    do {
      RELATA_ASSIGN_OR_RETURN(TypeExpression part, ParseOne(depth));
      std::move(part.alternatives.begin(), part.alternatives.end(),
                std::back_inserter(type.alternatives));
    } while (TakeChar('|'));
    return type;
  }

  absl::StatusOr<TypeExpression> ParseOne(int depth) {
    TypeExpression type;
    if (TakeWords("LIST") || TakeWords("ARRAY")) {
      TypeExpression::Alternative list{types::kList, {}};
      if (TakeChar('<')) {
        RELATA_ASSIGN_OR_RETURN(TypeExpression element, ParseUnion(depth + 1));
        if (!TakeChar('>')) return Unknown();
        list.element.push_back(std::move(element));
      }
      type.alternatives.push_back(std::move(list));
    } else {
      RELATA_ASSIGN_OR_RETURN(type, ParseNamed(depth));
    }
    SetNullable(&type);
    // `STRING NOT NULL LIST` is LIST<STRING NOT NULL>.
    for (int lists = 0; TakeWords("LIST") || TakeWords("ARRAY"); ++lists) {
      if (lists == kDeepestType) return Unknown();
      TypeExpression outer;
      outer.alternatives.push_back({types::kList, {}});
      outer.alternatives[0].element.push_back(std::move(type));
      type = std::move(outer);
      SetNullable(&type);
    }
    return type;
  }

  absl::StatusOr<TypeExpression> ParseNamed(int depth) {
    for (const NamedType& named : kNamedTypes) {
      if (!TakeWords(named.name)) continue;
      if (named.kinds == types::kAny && TakeChar('<')) {  // ANY<INTEGER | FLOAT>
        RELATA_ASSIGN_OR_RETURN(TypeExpression type, ParseUnion(depth + 1));
        if (!TakeChar('>')) return Unknown();
        return type;
      }
      TypeExpression type;
      type.alternatives.push_back({named.kinds, {}});
      return type;
    }
    return Unknown();
  }

  // Takes `NOT NULL`, `!` or `?`; NOTHING has no value at all, so not null either.
  void SetNullable(TypeExpression* type) {
    const bool not_null = TakeWords("NOT NULL") || TakeChar('!');
    if (!not_null) TakeChar('?');
    for (TypeExpression::Alternative& alternative : type->alternatives) {
      if (not_null) {
        alternative.kinds &= ~types::kNull;
      } else if (alternative.kinds != 0) {
        alternative.kinds |= types::kNull;
      }
    }
  }

  const absl::string_view text_;
  absl::string_view rest_;
};

}  // namespace

TypeSet TypeExpression::kinds() const {
  TypeSet kinds = 0;
  for (const Alternative& alternative : alternatives) kinds |= alternative.kinds;
  return kinds;
}

absl::StatusOr<TypeExpression> ParseType(absl::string_view text) {
  return TypeParser(text).ParseAll();
}

bool Conforms(const Datum& value, const TypeExpression& type) {
  const TypeSet kind = TypeSetOf(value);
  return std::any_of(type.alternatives.begin(), type.alternatives.end(),
                     [&](const TypeExpression::Alternative& alternative) {
                       if ((alternative.kinds & kind) == 0) return false;
                       if (!value.is_list() || alternative.element.empty()) return true;
                       return std::all_of(value.AsList().begin(), value.AsList().end(),
                                          [&](const Datum& element) {
                                            return Conforms(element, alternative.element[0]);
                                          });
                     });
}

absl::StatusOr<bool> IsOfType(const Datum& value, absl::string_view type) {
  RELATA_ASSIGN_OR_RETURN(const TypeExpression parsed, ParseType(type));
  return Conforms(value, parsed);
}

}  // namespace relata::query
