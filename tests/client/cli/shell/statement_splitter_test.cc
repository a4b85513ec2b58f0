#include "client/cli/shell/statement_splitter.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace relata {
namespace {

using testing::ElementsAre;

std::vector<std::string> Split(absl::string_view text) {
  StatementSplitter splitter;
  splitter.Add(text);
  std::vector<std::string> statements;
  while (auto statement = splitter.Next()) statements.push_back(*statement);
  statements.push_back("rest: " + splitter.TakeRest());
  return statements;
}

TEST(StatementSplitterTest, PartsAtSemicolons) {
  EXPECT_THAT(Split("RETURN 1; ;\n RETURN\n2 ;RETURN 3"),
              ElementsAre("RETURN 1", "RETURN\n2", "rest: RETURN 3"));
}

TEST(StatementSplitterTest, NotInQuotesAndComments) {
  for (const std::string statement :
       {"RETURN ';'", R"(RETURN ";")", R"(RETURN 'it\';s')", "MATCH (`a;b`) RETURN 1",
        "RETURN 1 // one; two\n + 2", "RETURN /* ; */ 1", "RETURN 4 / 2"}) {
    EXPECT_THAT(Split(statement + ";"), ElementsAre(statement, "rest: "));
  }
}

TEST(StatementSplitterTest, WaitsForMoreText) {
  StatementSplitter splitter;
  EXPECT_FALSE(splitter.begun());
  splitter.Add("RETURN 'a;\n");
  EXPECT_EQ(splitter.Next(), std::nullopt);
  EXPECT_TRUE(splitter.begun());
  splitter.Add("b' ;");
  EXPECT_EQ(splitter.Next(), "RETURN 'a;\nb'");
  EXPECT_FALSE(splitter.begun());
}

TEST(StatementSplitterTest, AnUnclosedQuoteIsTheRest) {
  EXPECT_THAT(Split("RETURN 'a; b"), ElementsAre("rest: RETURN 'a; b"));
}

}  // namespace
}  // namespace relata
