#include "client/cli/output/table.h"

#include <sstream>

#include "gtest/gtest.h"

namespace relata {
namespace {

std::string Printed(const Table& table, bool color = false) {
  std::ostringstream out;
  table.Print(out, color);
  return out.str();
}

std::string Csv(const Table& table) {
  std::ostringstream out;
  table.PrintCsv(out);
  return out.str();
}

TEST(TableTest, AlignsChineseByItsWidth) {
  Table table({"name", "key"});
  table.AddRow({"深度求索", "company/deepseek"});
  table.AddRow({"Kling", "company/kling-ai"});
  EXPECT_EQ(Printed(table),
            "name      key\n"
            "深度求索  company/deepseek\n"
            "Kling     company/kling-ai\n");
}

TEST(TableTest, LeavesEmptyColumnsOutButNotInCsv) {
  Table table({"a", "b", "c"});
  table.AddRow({"1", "", "3"});
  EXPECT_EQ(Printed(table), "a  c\n1  3\n");
  EXPECT_EQ(Csv(table), "a,b,c\n1,,3\n");
}

TEST(TableTest, SaysWhatIsMissing) {
  Table table({"a"});
  table.set_preamble("of x\n");
  table.set_when_empty("nothing found");
  EXPECT_EQ(Printed(table), "of x\nnothing found\n");
  EXPECT_EQ(Csv(table), "a\n");
}

TEST(TableTest, ColoursOnlyWhereAsked) {
  Table table({"status"});
  table.AddRow({Cell("retracted", CellStyle::kBad)});
  EXPECT_EQ(Printed(table), "status\nretracted\n");
  EXPECT_EQ(Printed(table, /*color=*/true), "\x1b[1mstatus\x1b[0m\n\x1b[31mretracted\x1b[0m\n");
}

TEST(TableTest, DataCannotControlTheTerminal) {
  Table table({"a", "b"});
  table.AddRow({"x\x1b[2J\ny", "z"});
  EXPECT_EQ(Printed(table), "a        b\nx [2J y  z\n");
}

TEST(TableTest, QuotesCsvFields) {
  EXPECT_EQ(CsvField("plain"), "plain");
  EXPECT_EQ(CsvField("a,b"), "\"a,b\"");
  EXPECT_EQ(CsvField("say \"hi\""), "\"say \"\"hi\"\"\"");
  EXPECT_EQ(CsvField("two\nlines"), "\"two\nlines\"");
  EXPECT_EQ(CsvField(" edge"), "\" edge\"");
  EXPECT_EQ(CsvField(""), "");
}

}  // namespace
}  // namespace relata
