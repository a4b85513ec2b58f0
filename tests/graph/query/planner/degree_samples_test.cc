#include "graph/query/planner/degree_samples.h"

#include <optional>
#include <string>

#include "graph/query/engine.h"
#include "gtest/gtest.h"
#include "tests/graph/database_harness.h"

namespace relata::query {
namespace {

class DegreeSamplesTest : public testing::Test {
 protected:
  DegreeSamplesTest() : engine_(&h_.db()), samples_(&h_.db()) {}

  void Write(const std::string& text) { ASSERT_TRUE(engine_.Run(text, {}, {}).ok()) << text; }
  double Average(const std::string& label, const std::string& type, EdgeDirection direction) {
    const std::optional<DegreeSample> sample = samples_.Of(label, type, direction);
    return sample ? sample->average : -1;
  }

  DatabaseHarness h_;
  QueryEngine engine_;
  DegreeSamples samples_;
};

TEST_F(DegreeSamplesTest, TellsLabelsTypesAndDirectionsApart) {
  Write("UNWIND range(1, 50) AS i CREATE (a:A)-[:T]->(b:B), (a)-[:T]->(b), (b)-[:S]->(:C)");
  EXPECT_EQ(Average("A", "T", EdgeDirection::kOut), 2);
  EXPECT_EQ(Average("A", "T", EdgeDirection::kIn), 0);
  EXPECT_EQ(Average("B", "T", EdgeDirection::kIn), 2);
  EXPECT_EQ(Average("B", "", EdgeDirection::kOut), 1);
  EXPECT_EQ(samples_.Of("B", "T", EdgeDirection::kIn)->largest, 2);
  EXPECT_EQ(Average("B", "Missing", EdgeDirection::kOut), -1);
  EXPECT_EQ(Average("Missing", "T", EdgeDirection::kOut), -1);
}

TEST_F(DegreeSamplesTest, TellsWhatIsAtTheOtherEnd) {
  Write(
      "UNWIND range(1, 40) AS i CREATE (a:A)-[:T]->(:B) FOREACH (j IN range(1, 3) | CREATE "
      "(a)-[:T]->(:C:D))");
  const std::optional<DegreeSample> out = samples_.Of("A", "T", EdgeDirection::kOut);
  ASSERT_TRUE(out.has_value());
  EXPECT_EQ(out->far_labels.at("B"), 0.25);
  EXPECT_EQ(out->far_labels.at("C"), 0.75);
  EXPECT_EQ(out->far_labels.at("D"), 0.75);
  EXPECT_EQ(out->far_labels.count("A"), 0);
  EXPECT_EQ(out->degrees.front(), 4);
  EXPECT_EQ(samples_.Of("C", "T", EdgeDirection::kIn)->far_labels.at("A"), 1);
}

TEST_F(DegreeSamplesTest, LooksAgainWhenTheGraphHasGrown) {
  Write("UNWIND range(1, 100) AS i CREATE (:A)-[:T]->(:B)");
  EXPECT_EQ(Average("A", "T", EdgeDirection::kOut), 1);
  Write("MATCH (a:A {}) WITH a LIMIT 10 CREATE (a)-[:T]->(:B)");
  EXPECT_EQ(Average("A", "T", EdgeDirection::kOut), 1);
  Write("MATCH (a:A) UNWIND range(1, 9) AS i CREATE (a)-[:T]->(:B)");
  EXPECT_GE(Average("A", "T", EdgeDirection::kOut), 10);
}

}  // namespace
}  // namespace relata::query
