#include "client/cli/output/fact_text.h"

#include <limits>

#include "gtest/gtest.h"
#include "relata/v1/answer_service.pb.h"
#include "relata/v1/entity.pb.h"
#include "relata/v1/value.pb.h"

namespace relata {
namespace {

v1::BoundView Bound(const std::string& text) {
  v1::BoundView bound;
  bound.set_text(text);
  bound.set_unknown(text.empty());
  return bound;
}

v1::NumberRange Range(double low, double high) {
  v1::NumberRange range;
  range.set_low(low);
  range.set_high(high);
  return range;
}

TEST(FactTextTest, ShowsValues) {
  v1::Value money;
  money.mutable_money_value()->set_amount("-2800000000.50");
  money.mutable_money_value()->set_currency("USD");
  money.set_qualifier(v1::MORE_THAN);
  EXPECT_EQ(ValueText(money), "over -2,800,000,000.50 USD");
  v1::Value real;
  real.set_double_value(0.1);
  EXPECT_EQ(ValueText(real), "0.1");
  real.set_double_value(0.1 + 0.2);
  EXPECT_EQ(ValueText(real), "0.30000000000000004");
  v1::Value list;
  list.mutable_list_value()->add_values()->set_int_value(2026);
  list.mutable_list_value()->add_values()->set_string_value("x");
  EXPECT_EQ(ValueText(list), "[2026, x]");
}

TEST(FactTextTest, ShowsPeriods) {
  EXPECT_EQ(PeriodText(Bound(".."), Bound("..")), "always");
  EXPECT_EQ(PeriodText(Bound("2026-07-03"), Bound("..")), "since 2026-07-03");
  EXPECT_EQ(PeriodText(Bound(".."), Bound("2026")), "until 2026");
  EXPECT_EQ(PeriodText(Bound("2024"), Bound("2025~")), "2024 to 2025~");
  EXPECT_EQ(PeriodText(Bound(""), Bound("..")), "since ?");
}

TEST(FactTextTest, ShowsSharesAndAmounts) {
  EXPECT_EQ(ShareText(Range(0.2, 0.2)), "20%");
  EXPECT_EQ(ShareText(Range(0.2, 0.3)), "20% to 30%");
  EXPECT_EQ(ShareText(Range(0, 0.2)), "up to 20%");
  EXPECT_EQ(ShareText(Range(0.5, 1)), "50% or more");
  EXPECT_EQ(ShareText(Range(0, 1)), "?");
  EXPECT_EQ(AmountText(Range(2.8e9, 2.8e9)), "2,800,000,000");
  EXPECT_EQ(AmountText(Range(5e6, std::numeric_limits<double>::infinity())), "5,000,000..");
  EXPECT_EQ(AmountText(Range(0, std::numeric_limits<double>::infinity())), "?");
}

TEST(FactTextTest, ShowsBothSidesOfADispute) {
  v1::FactView fact;
  fact.set_status(v1::DISPUTED);
  fact.set_confidence(0.7);
  fact.add_asserting()->set_publisher("Reuters");
  fact.add_asserting()->set_title("A report");
  fact.add_disputing()->set_key("source/cac");
  EXPECT_EQ(SourcesText(fact), "Reuters, A report; disputed by: source/cac");
  EXPECT_EQ(StatusCell(fact).text, "disputed 0.7");
  EXPECT_EQ(StatusCell(fact).style, CellStyle::kWarning);
}

TEST(FactTextTest, ShowsCitations) {
  v1::CitationView citation;
  citation.mutable_source()->set_publisher("Reuters");
  citation.mutable_source()->set_key("source/r");
  citation.set_stance(v1::DISPUTES);
  citation.set_confidence(0.5);
  citation.set_locator("item 3");
  *citation.mutable_reported() = Bound("2026-07-03");
  EXPECT_EQ(CitationText(citation),
            "Reuters (source/r), item 3, disputes, reported 2026-07-03, confidence 0.5");
}

}  // namespace
}  // namespace relata
