#include "tests/tck/tck_value.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/status_matchers.h"

namespace relata {
namespace {

// The canonical text of a cell, or `error`.
std::string Canonical(absl::string_view cell, bool ignore_list_order = false) {
  const absl::StatusOr<TckValue> value = ParseTckValue(cell);
  return value.ok() ? CanonicalText(*value, ignore_list_order) : "error";
}

TEST(TckValueTest, ScalarsKeepTheirTypes) {
  EXPECT_EQ(Canonical("null"), "null");
  EXPECT_EQ(Canonical(" true "), "true");
  EXPECT_EQ(Canonical("-42"), "-42");
  EXPECT_EQ(Canonical("-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(Canonical("1.0"), "1.0");
  EXPECT_NE(Canonical("1"), Canonical("1.0"));
  EXPECT_EQ(Canonical("1e3"), Canonical("1000.0"));
  EXPECT_EQ(Canonical("-0.0"), "0.0");
  EXPECT_EQ(Canonical("1e-305"), "1e-305");
  EXPECT_EQ(Canonical("NaN"), "NaN");
  EXPECT_EQ(Canonical("-Inf"), "-Inf");
  EXPECT_NE(Canonical("null"), Canonical("'null'"));
}

TEST(TckValueTest, OtherTypesAreAWordAndTheirText) {
  EXPECT_EQ(Canonical("[decimal(1.20), money(5 USD)]"), "[decimal(1.20), money(5 USD)]");
  EXPECT_NE(Canonical("decimal(1.20)"), Canonical("'decimal(1.20)'"));
}

TEST(TckValueTest, StringsAreRead) {
  EXPECT_EQ(ParseTckValue(R"('it\'s "\\" \n \u00e9')")->text, "it's \"\\\" \n \xC3\xA9");
  EXPECT_EQ(Canonical(R"('a\'b')"), R"('a\'b')");
  EXPECT_EQ(ParseTckValue("''")->text, "");
}

TEST(TckValueTest, LabelsAndKeysHaveNoOrder) {
  EXPECT_EQ(Canonical("(:B:A {y: 1, x: [true, null]})"), "(:A:B {x: [true, null], y: 1})");
  EXPECT_EQ(Canonical("()"), "()");
  EXPECT_EQ(Canonical("({a: 1})"), "({a: 1})");
  EXPECT_EQ(Canonical("( :`Odd name` )"), "(:Odd name)");
  EXPECT_EQ(Canonical("{b: {}, a: '}'}"), "{a: '}', b: {}}");
  EXPECT_EQ(Canonical("[:T {p: 0}]"), "[:T {p: 0}]");
  EXPECT_NE(Canonical("[:T]"), Canonical("[:S]"));
}

TEST(TckValueTest, PathsKeepOrderAndDirection) {
  EXPECT_EQ(Canonical("<(:A)-[:T {x: 1}]->()<-[:S]-(:B)>"), "<(:A)-[:T {x: 1}]->()<-[:S]-(:B)>");
  EXPECT_NE(Canonical("<()-[:T]->()>"), Canonical("<()<-[:T]-()>"));
  EXPECT_EQ(Canonical("<(:A)>"), "<(:A)>");
  EXPECT_NE(Canonical("<()>"), Canonical("()"));
}

TEST(TckValueTest, TheOrderOfListsMayBeIgnored) {
  EXPECT_EQ(Canonical("[2, [1, 3], 1]"), "[2, [1, 3], 1]");
  EXPECT_EQ(Canonical("[2, [3, 1], 1]", true), Canonical("[[1, 3], 1, 2]", true));
  EXPECT_EQ(Canonical("({l: [2, 1]})", true), Canonical("({l: [1, 2]})", true));
  EXPECT_NE(Canonical("[1, 1, 2]", true), Canonical("[1, 2, 2]", true));
}

TEST(TckValueTest, WhatIsNoValueIsNamedWithItsPlace) {
  EXPECT_THAT(ParseTckValue("[1, x]"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       testing::HasSubstr("expected a value at character 5 of the cell `[1, x]`")));
  for (absl::string_view cell : {"", "'a", "{a 1}", "(:A", "<()-[:T]-()>", "1 2",
                                 "99999999999999999999", "'\\q'", "[:]", "'\\u12'", "(:`A)"}) {
    EXPECT_EQ(Canonical(cell), "error") << cell;
  }
}

}  // namespace
}  // namespace relata
