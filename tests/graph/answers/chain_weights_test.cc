#include "graph/answers/chain_weights.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "storage/memory/memory_kv.h"
#include "tests/graph/answers/test_graph.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

class ChainWeightsTest : public testing::Test {
 protected:
  ChainWeightsTest() : names_(NameTable::Load(kv_).value()) {
    owns_ = names_->InternType("OWNS");
    acquired_ = names_->InternType("ACQUIRED");
  }

  // A fact with one or two properties.
  Fact FactOf(const TestGraph::Properties& properties) {
    Fact fact;
    for (const auto& [name, value] : properties) {
      fact.properties.push_back({names_->InternProperty(name), value});
    }
    std::sort(fact.properties.begin(), fact.properties.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    return fact;
  }
  ShareReading Share(const TestGraph::Properties& properties, bool acquired = false) {
    const Fact fact = FactOf(properties);
    return ChainWeights(*names_, {}).ShareOf(acquired ? acquired_ : owns_, fact);
  }
  Range Amount(const TestGraph::Properties& properties) {
    const Fact fact = FactOf(properties);
    return ChainWeights(*names_, {'U', 'S', 'D'}).AmountOf(fact);
  }

  MemoryKv kv_;
  std::unique_ptr<NameTable> names_;
  TypeId owns_;
  TypeId acquired_;
};

Value Qualified(double x, Qualifier qualifier) { return Value::Of<double>(x, qualifier); }

TEST_F(ChainWeightsTest, ShareIsTheStatedNumberOfAnyType) {
  EXPECT_EQ(Share({{"share", Value::Double(0.25)}}).share, (Range{0.25, 0.25}));
  EXPECT_EQ(Share({{"share", Value::Int(1)}}).share, (Range{1, 1}));
  EXPECT_EQ(Share({{"share", Value::Of<Decimal>(*Decimal::Parse("0.5"))}}).share,
            (Range{0.5, 0.5}));
  EXPECT_EQ(Share({{"share", Value::Double(0.25)}, {"share_min", Value::Double(0.5)}}).share,
            (Range{0.25, 0.25}));
}

TEST_F(ChainWeightsTest, NegativeZeroIsZero) {
  const Range share = Share({{"share", Value::Double(-0.0)}}).share;
  EXPECT_FALSE(std::signbit(share.low));
  EXPECT_FALSE(std::signbit(share.high));
}

TEST_F(ChainWeightsTest, ShareOfAPairLeavesOpenWhatIsMissing) {
  EXPECT_EQ(Share({{"share_min", Value::Double(0.25)}, {"share_max", Value::Double(0.5)}}).share,
            (Range{0.25, 0.5}));
  EXPECT_EQ(Share({{"share_min", Value::Double(0.5)}}).share, (Range{0.5, 1}));
  EXPECT_EQ(Share({{"share_max", Value::Double(0.5)}}).share, (Range{0, 0.5}));
}

TEST_F(ChainWeightsTest, QualifiersMakeRanges) {
  for (const Qualifier q : {Qualifier::kAtLeast, Qualifier::kMoreThan}) {
    EXPECT_EQ(Share({{"share", Qualified(0.5, q)}}).share, (Range{0.5, 1}));
  }
  for (const Qualifier q : {Qualifier::kAtMost, Qualifier::kLessThan, Qualifier::kUpTo}) {
    EXPECT_EQ(Share({{"share", Qualified(0.5, q)}}).share, (Range{0, 0.5}));
  }
  EXPECT_EQ(Share({{"share", Qualified(0.5, Qualifier::kAbout)}}).share, (Range{0.5, 0.5}));
}

TEST_F(ChainWeightsTest, UnknownShareIsAnythingButOfAnAcquisitionAll) {
  EXPECT_EQ(Share({}).share, (Range{0, 1}));
  EXPECT_FALSE(Share({}).invalid);
  EXPECT_EQ(Share({}, /*acquired=*/true).share, (Range{1, 1}));
  EXPECT_EQ(Share({{"share", Value::Double(0.25)}}, /*acquired=*/true).share, (Range{0.25, 0.25}));
  EXPECT_EQ(Share({{"share_max", Value::Double(0.5)}}, /*acquired=*/true).share, (Range{0, 0.5}));
}

TEST_F(ChainWeightsTest, WrongSharesCountAsUnknownAndAreReported) {
  const std::vector<TestGraph::Properties> wrong = {
      {{"share", Value::Double(1.5)}},
      {{"share", Value::Double(-0.125)}},
      {{"share", Value::Double(std::nan(""))}},
      {{"share", Value::String("half")}},
      {{"share_min", Value::Double(0.75)}, {"share_max", Value::Double(0.25)}},
      {{"share_max", Value::Int(2)}},
  };
  for (const TestGraph::Properties& properties : wrong) {
    const ShareReading reading = Share(properties);
    EXPECT_TRUE(reading.invalid);
    EXPECT_EQ(reading.share, (Range{0, 1}));
  }
  EXPECT_EQ(Share(wrong[0], /*acquired=*/true).share, (Range{0, 1}));
}

TEST_F(ChainWeightsTest, AmountIsMoneyOfTheCurrency) {
  EXPECT_EQ(Amount({{"amount", MoneyOf("2.8e9", "USD")}}), (Range{2.8e9, 2.8e9}));
  EXPECT_EQ(Amount({{"amount", MoneyOf("5", "CNY")}}), (Range{0, kInfinity}));
  EXPECT_EQ(Amount({{"amount", Value::Int(5)}}), (Range{0, kInfinity}));
  EXPECT_EQ(Amount({}), (Range{0, kInfinity}));
}

TEST_F(ChainWeightsTest, AmountOfAPairOrAQualifierIsARange) {
  EXPECT_EQ(Amount({{"amount_min", MoneyOf("5", "USD")}, {"amount_max", MoneyOf("7", "USD")}}),
            (Range{5, 7}));
  EXPECT_EQ(Amount({{"amount_min", MoneyOf("5", "USD")}}), (Range{5, kInfinity}));
  EXPECT_EQ(Amount({{"amount_max", MoneyOf("5", "USD")}}), (Range{0, 5}));
  EXPECT_EQ(Amount({{"amount_min", MoneyOf("9", "USD")}, {"amount_max", MoneyOf("7", "USD")}}),
            (Range{0, kInfinity}));
  EXPECT_EQ(Amount({{"amount_min", MoneyOf("5", "CNY")}, {"amount_max", MoneyOf("7", "USD")}}),
            (Range{0, kInfinity}));
  Value over = MoneyOf("5", "USD");
  over.set_qualifier(Qualifier::kMoreThan);
  EXPECT_EQ(Amount({{"amount", over}}), (Range{5, kInfinity}));
  over.set_qualifier(Qualifier::kUpTo);
  EXPECT_EQ(Amount({{"amount", over}}), (Range{0, 5}));
}

}  // namespace
}  // namespace relata
