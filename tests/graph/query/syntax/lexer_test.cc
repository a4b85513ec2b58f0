#include "graph/query/syntax/lexer.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "graph/query/syntax/keywords.h"
#include "gtest/gtest.h"

namespace relata::query {
namespace {

using testing::ElementsAre;

std::vector<std::string> Texts(absl::string_view text) {
  std::vector<std::string> texts;
  for (const Token& token : Tokenize(text).tokens) {
    texts.emplace_back(text.substr(token.span.begin, token.span.end - token.span.begin));
  }
  return texts;
}

TEST(LexerTest, SplitsNumbersFromDots) {
  EXPECT_THAT(Texts("1..3 1.x .5 1.5e-3 0x1e-5 *..3 1."),
              ElementsAre("1", "..", "3", "1", ".", "x", ".5", "1.5e-3", "0x1e", "-", "5", "*",
                          "..", "3", "1.", ""));
}

TEST(LexerTest, ReadsUnicodeNamesAndBlanks) {
  EXPECT_THAT(Texts("größe\u00A0变量\u2003_a1\uFEFF x€"),
              ElementsAre("größe", "变量", "_a1", "x€", ""));
}

TEST(LexerTest, SkipsComments) {
  EXPECT_THAT(Texts("a // b\nc /* d // */ e/**/f//"), ElementsAre("a", "c", "e", "f", ""));
}

TEST(LexerTest, FindsKeywordsInAnyCase) {
  const TokenList list = Tokenize("mAtCh `match` matchx valid_time");
  EXPECT_EQ(list.tokens[0].keyword, Keyword::kMatch);
  EXPECT_EQ(list.tokens[1].keyword, Keyword::kNotAKeyword);
  EXPECT_EQ(list.tokens[2].keyword, Keyword::kNotAKeyword);
  EXPECT_EQ(list.tokens[3].keyword, Keyword::kValidTime);
  EXPECT_EQ(KeywordText(Keyword::kValidTime), "VALID_TIME");
}

TEST(LexerTest, PairsBrackets) {
  const TokenList list = Tokenize("([{}])(]");
  const std::vector<Token>& tokens = list.tokens;
  EXPECT_EQ(tokens[0].partner, 5u);
  EXPECT_EQ(tokens[1].partner, 4u);
  EXPECT_EQ(tokens[2].partner, 3u);
  EXPECT_EQ(tokens[4].partner, 1u);
  EXPECT_EQ(tokens[6].partner, 0u);
  EXPECT_EQ(tokens[7].partner, 0u);
}

TEST(LexerTest, StopsAtWhatItCannotRead) {
  const auto error = [](absl::string_view text) {
    const TokenList list = Tokenize(text);
    EXPECT_EQ(list.tokens.size(), 3u);
    EXPECT_EQ(list.tokens[1].kind, TokenKind::kBad);
    return list.error_detail;
  };
  EXPECT_EQ(error("a # b"), "UnexpectedSyntax");
  EXPECT_EQ(error("a 'b"), "UnexpectedSyntax");
  EXPECT_EQ(error("a `b"), "UnexpectedSyntax");
  EXPECT_EQ(error("a /* b"), "UnexpectedSyntax");
  EXPECT_EQ(error("a — b"), "InvalidUnicodeCharacter");
  EXPECT_EQ(error("a \xFF b"), "InvalidUnicodeCharacter");
  EXPECT_EQ(error("a '\xFF' b"), "InvalidUnicodeCharacter");
}

}  // namespace
}  // namespace relata::query
