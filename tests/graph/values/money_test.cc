#include "graph/values/money.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::HasSubstr;

Money M(absl::string_view amount, absl::string_view currency) {
  return *Money::Parse(amount, currency);
}

TEST(MoneyTest, ReadsAmountWithExponentAndCurrency) {
  const Money money = M("2.8e9", "USD");
  EXPECT_EQ(money.ToString(), "2800000000 USD");
  EXPECT_EQ(money.currency_code(), "USD");
  EXPECT_EQ(M("-0.50", "CNY").ToString(), "-0.50 CNY");
}

TEST(MoneyTest, RefusesWhatIsNoCurrencyOrAmount) {
  for (const char* currency : {"", "US", "USDT", "usd", "U$D", "元"}) {
    EXPECT_THAT(Money::Parse("1", currency),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("ISO 4217")))
        << currency;
  }
  EXPECT_THAT(Money::Parse("a lot", "USD"), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(MoneyTest, ComparesWithinACurrencyOnly) {
  EXPECT_EQ(Compare(M("1.0", "USD"), M("1.00", "USD")), 0);
  EXPECT_LT(*Compare(M("1", "USD"), M("2", "USD")), 0);
  EXPECT_EQ(Compare(M("1", "USD"), M("1", "CNY")), std::nullopt);
}

TEST(MoneyTest, AddsWithinACurrencyOnly) {
  EXPECT_EQ(Add(M("1.50", "USD"), M("2", "USD"))->ToString(), "3.50 USD");
  EXPECT_EQ(Subtract(M("1.50", "USD"), M("2", "USD"))->ToString(), "-0.50 USD");
  EXPECT_THAT(Add(M("1", "USD"), M("1", "CNY")),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("USD and CNY")));
  EXPECT_THAT(Subtract(M("1", "USD"), M("1", "CNY")), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Add(M("9e37", "USD"), M("9e37", "USD")), StatusIs(absl::StatusCode::kOutOfRange));
}

}  // namespace
}  // namespace relata
