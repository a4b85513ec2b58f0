#include "client/cli/literal.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relata/v1/mutation.pb.h"
#include "relata/v1/read.pb.h"
#include "relata/v1/read_service.pb.h"
#include "relata/v1/value.pb.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::HasSubstr;

TEST(LiteralTest, GuessesTypes) {
  EXPECT_EQ(GuessValue("12").int_value(), 12);
  EXPECT_EQ(GuessValue("-3").int_value(), -3);
  EXPECT_EQ(GuessValue("0.36").double_value(), 0.36);
  EXPECT_EQ(GuessValue("20%").double_value(), 0.2);
  EXPECT_TRUE(GuessValue("true").bool_value());
  EXPECT_EQ(GuessValue("2.8e9 USD").money_value().amount(), "2.8e9");
  EXPECT_EQ(GuessValue("2.8e9 USD").money_value().currency(), "USD");
  EXPECT_EQ(GuessValue("2026-03-11").date_value(), "2026-03-11");
  EXPECT_EQ(GuessValue("2026-03-11T10:00:00Z").datetime_value(), "2026-03-11T10:00:00Z");
  EXPECT_EQ(GuessValue("2026-03-11T10:00:00+08:00").kind_case(), v1::Value::kDatetimeValue);
  EXPECT_EQ(GuessValue("2026-03-11T10:00:00").kind_case(), v1::Value::kLocalDatetimeValue);
}

TEST(LiteralTest, WhatLooksLikeNothingElseIsText) {
  for (const char* const text : {"", "inf", "nan", "0x12", "12abc", "2026-03", "深度求索",
                                 "2.8e9 usd", "99999999999999999999x"}) {
    EXPECT_EQ(GuessValue(text).string_value(), text);
  }
  EXPECT_EQ(GuessValue("\"12\"").string_value(), "12");
}

TEST(LiteralTest, ParsesTypedValues) {
  RELATA_ASSERT_OK_AND_ASSIGN(const v1::Value text, ParseTypedValue("text", "12"));
  EXPECT_EQ(text.string_value(), "12");
  RELATA_ASSERT_OK_AND_ASSIGN(const v1::Value money, ParseTypedValue("money(CNY)", ">= 5e8"));
  EXPECT_EQ(money.money_value().amount(), "5e8");
  EXPECT_EQ(money.money_value().currency(), "CNY");
  EXPECT_EQ(money.qualifier(), v1::AT_LEAST);
  RELATA_ASSERT_OK_AND_ASSIGN(const v1::Value about, ParseTypedValue("int", "~10"));
  EXPECT_EQ(about.int_value(), 10);
  EXPECT_EQ(about.qualifier(), v1::ABOUT);
  RELATA_ASSERT_OK_AND_ASSIGN(const v1::Value decimal, ParseTypedValue("decimal", "1.230"));
  EXPECT_EQ(decimal.decimal_value(), "1.230");
}

TEST(LiteralTest, RefusesWhatIsNotOfItsType) {
  EXPECT_THAT(ParseTypedValue("int", "1.5"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("'1.5' is no int")));
  EXPECT_THAT(ParseTypedValue("float", "1,5"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseTypedValue("bool", "yes"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseTypedValue("date", "11.3.2026"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseTypedValue("money", "12"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseTypedValue("monney", "12"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("there is no type 'monney'")));
}

TEST(LiteralTest, ParsesProperties) {
  RELATA_ASSERT_OK_AND_ASSIGN(const v1::Property guessed, ParseProperty("share=20%"));
  EXPECT_EQ(guessed.name(), "share");
  EXPECT_EQ(guessed.value().double_value(), 0.2);
  RELATA_ASSERT_OK_AND_ASSIGN(const v1::Property typed, ParseProperty("zip:text=0123=4"));
  EXPECT_EQ(typed.name(), "zip");
  EXPECT_EQ(typed.value().string_value(), "0123=4");
  EXPECT_THAT(ParseProperty("share"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseProperty("=1"), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(LiteralTest, ParsesComparisons) {
  struct Case {
    const char* text;
    v1::Comparison::Op op;
  };
  for (const Case& c :
       {Case{"p=5", v1::Comparison::EQUAL}, Case{"p!=5", v1::Comparison::NOT_EQUAL},
        Case{"p<5", v1::Comparison::LESS}, Case{"p<=5", v1::Comparison::LESS_OR_EQUAL},
        Case{"p>5", v1::Comparison::GREATER}, Case{"p>=5", v1::Comparison::GREATER_OR_EQUAL},
        Case{"p~5", v1::Comparison::CONTAINS}, Case{"p^5", v1::Comparison::STARTS_WITH}}) {
    RELATA_ASSERT_OK_AND_ASSIGN(const v1::Comparison comparison, ParseComparison(c.text));
    EXPECT_EQ(comparison.property(), "p");
    EXPECT_EQ(comparison.op(), c.op) << c.text;
    EXPECT_EQ(comparison.value().int_value(), 5);
  }
  RELATA_ASSERT_OK_AND_ASSIGN(const v1::Comparison exists, ParseComparison("p"));
  EXPECT_EQ(exists.op(), v1::Comparison::EXISTS);
  EXPECT_FALSE(exists.has_value());
  EXPECT_THAT(ParseComparison(">=5"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseComparison("p!5"), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(LiteralTest, ParsesNames) {
  RELATA_ASSERT_OK_AND_ASSIGN(const v1::Name plain, ParseName("zh:深度求索"));
  EXPECT_EQ(plain.language(), "zh");
  EXPECT_EQ(plain.text(), "深度求索");
  EXPECT_EQ(plain.kind(), v1::NAME_KIND_UNSPECIFIED);
  RELATA_ASSERT_OK_AND_ASSIGN(const v1::Name kind, ParseName("en:AI: a plan:former"));
  EXPECT_EQ(kind.text(), "AI: a plan");
  EXPECT_EQ(kind.kind(), v1::FORMER);
  EXPECT_THAT(ParseName("DeepSeek"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseName("en:"), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(LiteralTest, ParsesSteps) {
  RELATA_ASSERT_OK_AND_ASSIGN(const v1::Step step, ParseStep("OWNS:both"));
  EXPECT_EQ(step.type(), "OWNS");
  EXPECT_EQ(step.direction(), v1::EITHER);
  RELATA_ASSERT_OK_AND_ASSIGN(const v1::Step any, ParseStep("*:in"));
  EXPECT_EQ(any.type(), "");
  EXPECT_EQ(any.direction(), v1::IN);
  RELATA_ASSERT_OK_AND_ASSIGN(const v1::Step unset, ParseStep("OWNS"));
  EXPECT_EQ(unset.direction(), v1::DIRECTION_UNSPECIFIED);
  EXPECT_THAT(ParseStep("OWNS:up"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseStep("OWNS:"), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace relata
