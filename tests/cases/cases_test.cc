// Every conformance case of tests/cases/data, in process and through gRPC. `edges` holds cases made
// by a second reference model, written from the rules alone: what the other files do not ask;
// `by_hand` holds cases whose answers a reader of the rules worked out.
#include <gtest/gtest.h>

#include <string>

#include "tests/cases/case_runner.h"
#include "tests/cases/graph_backend.h"
#include "tests/cases/grpc_backend.h"

namespace relata {
namespace {

class CasesTest : public testing::TestWithParam<const char*> {};

void ExpectAllPass(const std::string& area, const BackendFactory& make) {
  std::string failures;
  const absl::StatusOr<CaseCounts> counts =
      RunCaseFile("tests/cases/data/" + area + ".json", make,
                  [&](const std::string& line) { failures += line + "\n"; });
  ASSERT_TRUE(counts.ok()) << counts.status();
  EXPECT_EQ(counts->failed, 0) << failures;
  // Two questions for owners among those of history.
  EXPECT_LE(counts->skipped, area == "history" ? 2 : 0);
  EXPECT_GT(counts->passed, 100);
}

TEST_P(CasesTest, EveryExpectationHoldsInProcess) { ExpectAllPass(GetParam(), MakeGraphBackend); }

TEST_P(CasesTest, EveryExpectationHoldsThroughGrpc) { ExpectAllPass(GetParam(), MakeGrpcBackend); }

INSTANTIATE_TEST_SUITE_P(Files, CasesTest,
                         testing::Values("bounds", "writing", "belief", "history", "chains",
                                         "timeline", "edges", "by_hand"),
                         [](const auto& area) { return std::string(area.param); });

TEST(SameAnswerTest, ComparesNumbersWithinATolerance) {
  EXPECT_TRUE(SameAnswer("value", 0.25, 0.25 + 1e-12));
  EXPECT_FALSE(SameAnswer("value", 0.25, 0.2501));
}

TEST(SameAnswerTest, ListsAreMultisetsSaveForChainsAndTimelines) {
  const nlohmann::json a = {{{"x", 1}}, {{"x", 2}}};
  const nlohmann::json b = {{{"x", 2}}, {{"x", 1}}};
  EXPECT_TRUE(SameAnswer("facts", a, b));
  EXPECT_FALSE(SameAnswer("timeline", a, b));
  EXPECT_FALSE(SameAnswer("facts", a, nlohmann::json::array({a[0], a[0]})));
}

TEST(SameAnswerTest, AMissingOrAnExtraFieldIsADifference) {
  EXPECT_FALSE(SameAnswer("facts", {{"x", 1}}, {{"x", 1}, {"y", 2}}));
  EXPECT_FALSE(SameAnswer("facts", {{"x", 1}, {"y", 2}}, {{"x", 1}}));
}

}  // namespace
}  // namespace relata
