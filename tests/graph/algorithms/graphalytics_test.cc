#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "tests/graph/algorithms/validation_graph.h"
#include "tests/graph/algorithms/validation_run.h"
#include "tests/support/status_matchers.h"

// The kernels of LDBC Graphalytics on the graphs of a folder, each written into a database and read
// through a projection: the ones of this folder, and the published ones where they are at hand.
namespace relata {
namespace {

using ::testing::HasSubstr;

constexpr char kOwnGraphs[] = "tests/graph/algorithms/data";

// Returns how many outputs were compared.
int RunFolder(const std::string& folder) {
  int compared = 0;
  for (const std::string& name : ListValidationGraphs(folder)) {
    SCOPED_TRACE(name);
    const ValidationGraph graph = Must(ReadValidationGraph(folder, name));
    DatabaseHarness database;
    RELATA_EXPECT_OK(WriteValidationGraph(graph, database));
    for (const std::string& kernel : graph.kernels) {
      const auto output = RunKernel(graph, kernel, database);
      RELATA_EXPECT_OK(output.status()) << kernel;
      if (!output.ok()) continue;
      RELATA_EXPECT_OK(CompareOutputs(kernel, graph.outputs.at(kernel), *output)) << kernel;
      ++compared;
    }
  }
  return compared;
}

TEST(GraphalyticsTest, OwnGraphs) { EXPECT_EQ(RunFolder(kOwnGraphs), 12); }

TEST(GraphalyticsTest, PublishedGraphs) {
  if (ListValidationGraphs(RELATA_GRAPHALYTICS_DIR).empty()) {
    GTEST_SKIP() << "there are no validation graphs in " << RELATA_GRAPHALYTICS_DIR
                 << ": name their folder with -DRELATA_GRAPHALYTICS_DIR=…";
  }
  EXPECT_GE(RunFolder(RELATA_GRAPHALYTICS_DIR), 17);
}

TEST(GraphalyticsTest, ComparisonSeesEveryDifference) {
  const std::map<int64_t, std::string> integers = {{1, "0"}, {2, "7"}, {3, "7"}};
  const auto differs = StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr(""));
  RELATA_EXPECT_OK(CompareOutputs("bfs", integers, {.integers = {{1, 0}, {2, 7}, {3, 7}}}));
  EXPECT_THAT(CompareOutputs("bfs", integers, {.integers = {{1, 0}, {2, 7}, {3, 8}}}), differs);
  EXPECT_THAT(CompareOutputs("bfs", integers, {.integers = {{1, 0}, {2, 7}}}), differs);
  EXPECT_THAT(CompareOutputs("cdlp", integers, {.integers = {{1, 0}, {2, 7}, {3, 7}, {4, 7}}}),
              differs);
  RELATA_EXPECT_OK(CompareOutputs("wcc", integers, {.integers = {{1, 5}, {2, 9}, {3, 9}}}));
  EXPECT_THAT(CompareOutputs("wcc", integers, {.integers = {{1, 5}, {2, 9}, {3, 8}}}), differs);
  EXPECT_THAT(CompareOutputs("wcc", integers, {.integers = {{1, 9}, {2, 9}, {3, 9}}}), differs);
  const std::map<int64_t, std::string> numbers = {{1, "0.0"}, {2, "2"}, {3, "Infinity"}};
  constexpr double kBeyondAll = std::numeric_limits<double>::infinity();
  RELATA_EXPECT_OK(
      CompareOutputs("pr", numbers, {.numbers = {{1, 0.0}, {2, 2.0002}, {3, kBeyondAll}}}));
  EXPECT_THAT(CompareOutputs("pr", numbers, {.numbers = {{1, 1e-300}, {2, 2}, {3, kBeyondAll}}}),
              differs);
  EXPECT_THAT(CompareOutputs("lcc", numbers, {.numbers = {{1, 0}, {2, 2.0003}, {3, kBeyondAll}}}),
              differs);
  EXPECT_THAT(CompareOutputs("sssp", numbers, {.numbers = {{1, 0}, {2, 2}, {3, 1e308}}}), differs);
  EXPECT_THAT(
      CompareOutputs("sssp", numbers, {.numbers = {{1, 0}, {2, kBeyondAll}, {3, kBeyondAll}}}),
      differs);
}

}  // namespace
}  // namespace relata
