#include "graph/query/planner/value_samples.h"

#include <optional>
#include <string>

#include "gmock/gmock.h"
#include "graph/query/engine.h"
#include "gtest/gtest.h"
#include "tests/graph/database_harness.h"
#include "tests/support/status_matchers.h"

namespace relata::query {
namespace {

class ValueSamplesTest : public testing::Test {
 protected:
  ValueSamplesTest() : engine_(&h_.db()), samples_(&h_.db()) {}

  void Write(const std::string& text) { RELATA_ASSERT_OK(engine_.Run(text, {}, {}).status()); }
  void Index(const std::string& property) {
    Write("CREATE INDEX FOR (n:A) ON (n." + property + ")");
    RELATA_ASSERT_OK(h_.db().WaitForIndexes());
  }
  std::optional<ValueSample> Of(const std::string& property) {
    const std::optional<PropertyId> id = h_.db().names().FindProperty(property);
    for (const IndexInfo& index : h_.db().Indexes()) {
      if (index.definition.properties[0] == id) return samples_.Of(index.definition, 1);
    }
    ADD_FAILURE() << "no index of " << property;
    return std::nullopt;
  }

  DatabaseHarness h_;
  QueryEngine engine_;
  ValueSamples samples_;
};

TEST_F(ValueSamplesTest, TellsManyValuesFromFew) {
  Write("UNWIND range(0, 399) AS i CREATE (:A {own: i, of_ten: i % 40, same: 1}), (:B {own: 1})");
  for (const char* property : {"own", "of_ten", "same"}) Index(property);
  EXPECT_DOUBLE_EQ(Of("own")->values_each, 1);
  EXPECT_DOUBLE_EQ(Of("own")->of_value, 1);
  EXPECT_DOUBLE_EQ(Of("of_ten")->values_each, 0.1);
  EXPECT_DOUBLE_EQ(Of("of_ten")->of_value, 10);
  EXPECT_DOUBLE_EQ(Of("same")->of_value, 400);
  EXPECT_DOUBLE_EQ(Of("same")->having, 1);
}

TEST_F(ValueSamplesTest, TellsHowManyHaveAValueAtAll) {
  Write("UNWIND range(0, 399) AS i CREATE (:A {some: CASE i % 4 WHEN 0 THEN i END})");
  Index("some");
  EXPECT_NEAR(Of("some")->having, 0.25, 0.2);
}

TEST_F(ValueSamplesTest, KnowsNothingOfAnEmptyIndex) {
  Write("CREATE (:A {x: 1})");
  Index("never");
  EXPECT_EQ(Of("never"), std::nullopt);
}

TEST_F(ValueSamplesTest, LooksAgainWhenTheGraphHasGrown) {
  Write("UNWIND range(1, 100) AS i CREATE (:A {x: i})");
  Index("x");
  EXPECT_DOUBLE_EQ(Of("x")->of_value, 1);
  Write("UNWIND range(1, 9) AS j UNWIND range(1, 100) AS i CREATE (:A {x: i})");
  EXPECT_DOUBLE_EQ(Of("x")->of_value, 10);
}

}  // namespace
}  // namespace relata::query
