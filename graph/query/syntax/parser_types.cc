#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/syntax/query_parser.h"

// The names of types after `::`. Which there are, the analysis says; here is only how many words
// one has.
namespace relata::query {

// One or more types with `|` between them, in capitals with single spaces: `LIST<INTEGER NOT NULL>
// | STRING`.
absl::StatusOr<std::string> QueryParser::ParseTypeText() {
  std::string text;
  RELATA_RETURN_IF_ERROR(AppendTypeText(&text));
  while (At(TokenKind::kBar) && BarContinues()) {
    ++at_;
    text += " | ";
    RELATA_RETURN_IF_ERROR(AppendTypeText(&text));
  }
  return text;
}

absl::Status QueryParser::AppendTypeText(std::string* text) {
  const Nesting nesting(this);
  RELATA_RETURN_IF_ERROR(CheckDepth());
  RELATA_RETURN_IF_ERROR(AppendTypeWords(text));
  if (Accept(TokenKind::kLess)) {
    *text += "<";
    RELATA_RETURN_IF_ERROR(AppendTypeText(text));
    while (Accept(TokenKind::kBar)) {
      *text += " | ";
      RELATA_RETURN_IF_ERROR(AppendTypeText(text));
    }
    RELATA_RETURN_IF_ERROR(Expect(TokenKind::kGreater, "after the type of the elements"));
    *text += ">";
  }
  if (AcceptWords({Keyword::kNot, Keyword::kNull}) || Accept(TokenKind::kExclamation)) {
    *text += " NOT NULL";
  }
  return absl::OkStatus();
}

absl::Status QueryParser::AppendTypeWords(std::string* text) {
  if (Peek().kind != TokenKind::kWord) return Unexpected("the name of a type, such as INTEGER");
  const std::string word = absl::AsciiStrToUpper(TextOf(Peek()));
  ++at_;
  *text += word;
  const auto next_is = [this](absl::string_view wanted, size_t ahead) {
    return Peek(ahead).kind == TokenKind::kWord &&
           absl::EqualsIgnoreCase(TextOf(Peek(ahead)), wanted);
  };
  const auto take = [&] {
    absl::StrAppend(text, " ", absl::AsciiStrToUpper(TextOf(Peek())));
    ++at_;
  };
  if (word == "ZONED" || word == "LOCAL") {
    if (!next_is("TIME", 0) && !next_is("DATETIME", 0)) return Unexpected("TIME or DATETIME");
    take();
  } else if (word == "TIME" || word == "TIMESTAMP") {
    if ((next_is("WITH", 0) || next_is("WITHOUT", 0)) &&
        (next_is("TIMEZONE", 1) || (next_is("TIME", 1) && next_is("ZONE", 2)))) {
      const int words = next_is("TIMEZONE", 1) ? 2 : 3;
      for (int i = 0; i < words; ++i) take();
    }
  } else if (word == "PROPERTY") {
    if (!next_is("VALUE", 0)) return Unexpected("VALUE after PROPERTY");
    take();
  } else if (word == "ANY") {
    for (const absl::string_view second :
         {"NODE", "VERTEX", "RELATIONSHIP", "EDGE", "MAP", "VALUE"}) {
      if (next_is(second, 0)) {
        take();
        break;
      }
    }
    if (next_is("PROPERTY", 0) && next_is("VALUE", 1)) {
      take();
      take();
    }
  }
  return absl::OkStatus();
}

}  // namespace relata::query
