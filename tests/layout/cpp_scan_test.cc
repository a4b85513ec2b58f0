#include "tests/layout/cpp_scan.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace relata {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(CppScanTest, FindsIncludesWithTheirLines) {
  const CppScan scan = ScanCpp("#include \"base/ids.h\"\n\n  #  include <map>  // maps\n");
  ASSERT_EQ(scan.includes.size(), 2u);
  EXPECT_EQ(scan.includes[0].path, "base/ids.h");
  EXPECT_TRUE(scan.includes[0].quoted);
  EXPECT_EQ(scan.includes[0].line, 1);
  EXPECT_EQ(scan.includes[1].path, "map");
  EXPECT_FALSE(scan.includes[1].quoted);
  EXPECT_EQ(scan.includes[1].line, 3);
}

TEST(CppScanTest, IgnoresIncludesInCommentsAndLiterals) {
  const CppScan scan = ScanCpp(
      "// #include <a>\n"
      "/*\n#include <b>\n*/\n"
      "const char* s = R\"x(\n#include <c>\n)\" )x\";\n"
      "const char* t = \"\\\"\\n#include <d>\";\n"
      "#include <e>\n");
  EXPECT_THAT(scan.includes, ElementsAre(Field(&CppInclude::path, "e")));
  EXPECT_EQ(scan.includes[0].line, 9);
}

TEST(CppScanTest, CodeKeepsNamesAndLinesButNoCommentsOrLiterals) {
  const CppScan scan = ScanCpp("int first; // comment\nauto s = \"literal\"; char c = '\"';\nx();");
  EXPECT_THAT(scan.code, HasSubstr("int first;"));
  EXPECT_THAT(scan.code, HasSubstr("\nx();"));
  EXPECT_THAT(scan.code, Not(HasSubstr("comment")));
  EXPECT_THAT(scan.code, Not(HasSubstr("literal")));
}

TEST(CppScanTest, DigitSeparatorsAreNoCharacterLiterals) {
  const CppScan scan = ScanCpp("int a = 1'000'000; int b = 0xFF'FF; name");
  EXPECT_THAT(scan.code, HasSubstr("int b = 0xFF'FF; name"));
}

TEST(CppScanTest, TakesUnfinishedFilesAsTheyAre) {
  for (const char* text :
       {"/* open", "\"open", "R\"(open", "'", "\"\\", "#include", "#include <a"}) {
    EXPECT_THAT(ScanCpp(text).includes, IsEmpty()) << text;
  }
}

}  // namespace
}  // namespace relata
