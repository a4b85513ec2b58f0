#include "tests/tck/suite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "graph/query/query_error.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

// Every query gives no rows, but those that begin with ERR.
class EmptyBackend : public ScenarioBackend {
 public:
  absl::StatusOr<TckResult> Execute(absl::string_view query, const TckParameters&) override {
    if (query.substr(0, 3) != "ERR") return TckResult();
    return query::MakeQueryError(query::ErrorClass::kType, query::ErrorPhase::kRuntime, "Detail",
                                 std::nullopt, "wrong");
  }
  absl::Status Register(const TckProcedure&) override { return absl::OkStatus(); }
  absl::StatusOr<GraphState> State() override { return GraphState(); }
};

GherkinScenario Scenario(const std::string& name, const std::string& query,
                         const std::string& then) {
  GherkinScenario scenario;
  scenario.file = "x/F.feature";
  scenario.name = name;
  scenario.steps = {{"executing query:", query, std::nullopt, 1},
                    {then, std::nullopt, std::nullopt, 2}};
  return scenario;
}

class RunSuiteTest : public testing::Test {
 protected:
  RunSuiteTest() {
    suite_.scenarios = {Scenario("good", "Q", "the result should be empty"),
                        Scenario("bad", "ERR", "the result should be empty"),
                        Scenario("error", "ERR", "a TypeError should be raised at runtime: Other")};
  }
  SuiteCounts Run() {
    lines_.clear();
    return RunSuite(
        suite_, options_, [] { return std::make_unique<EmptyBackend>(); },
        [this](const std::string& line) { lines_.push_back(line); });
  }

  TckSuite suite_;
  SuiteOptions options_;
  std::vector<std::string> lines_;
};

TEST_F(RunSuiteTest, CountsByFolderAndScoresErrors) {
  const SuiteCounts counts = Run();
  EXPECT_EQ(counts.passed, 1);
  EXPECT_EQ(counts.failed, 2);
  EXPECT_EQ(counts.surprises, 2);
  const std::string report = absl::StrJoin(lines_, "\n");
  EXPECT_THAT(report,
              HasSubstr("FAILED x/F.feature: bad\nline 2: the result should be empty\nERR"));
  EXPECT_THAT(report, testing::ContainsRegex("\nx +1 passed +2 failed\n"));
  EXPECT_THAT(report, HasSubstr("errors raised: 1 of 1 (100.0%)"));
  EXPECT_THAT(report, HasSubstr("errors of the right type and phase: 1 of 1 (100.0%)"));
  EXPECT_THAT(report, HasSubstr("errors of the right detail: 0 of 1 (0.0%)"));
  EXPECT_THAT(report, Not(HasSubstr("passed x/F.feature: good")));
}

TEST_F(RunSuiteTest, TheListOfKnownFailuresOnlyShrinks) {
  options_.known = {{"x/F.feature: bad", "why"}, {"x/F.feature: error", "why"}};
  EXPECT_EQ(Run().surprises, 0);
  options_.known["x/F.feature: good"] = "why";
  EXPECT_EQ(Run().surprises, 1);
  EXPECT_THAT(lines_, testing::Contains(HasSubstr("PASSED although")));
  options_.known.erase("x/F.feature: good");
  options_.known["x/F.feature: gone"] = "why";
  EXPECT_EQ(Run().surprises, 1);
  options_.filtered = true;
  EXPECT_EQ(Run().surprises, 0);
}

TEST(ParseKnownFailuresTest, EachNeedsAReason) {
  RELATA_ASSERT_OK_AND_ASSIGN(const KnownFailures known,
                              ParseKnownFailures("# file\n\n# not\n# yet\na: b\nc: d #1\n"));
  EXPECT_THAT(known,
              ElementsAre(testing::Pair("a: b", "not yet"), testing::Pair("c: d #1", "not yet")));
  EXPECT_THAT(ParseKnownFailures("# file\n\na: b\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("`a: b` has no comment")));
}

TEST(ReadSuiteTest, ReadsFeaturesAndGraphsBelowAFolder) {
  const std::filesystem::path root =
      std::filesystem::path(testing::TempDir()) / absl::StrCat("suite_test_", getpid());
  std::filesystem::create_directories(root / "features/a/b");
  std::filesystem::create_directories(root / "graphs/g");
  std::ofstream(root / "features/a/b/F.feature")
      << "Feature: f\nScenario: one\nWhen x\n@ignore\nScenario: two\nWhen x\nScenario: three\n";
  std::ofstream(root / "graphs/g/g.json") << R"({"name": "g", "scripts": ["part"]})";
  std::ofstream(root / "graphs/g/part.cypher") << "CREATE ()";
  const absl::StatusOr<TckSuite> suite = ReadSuite(root.string(), "");
  const absl::StatusOr<TckSuite> filtered = ReadSuite(root.string(), "F.feature: thr");
  std::filesystem::remove_all(root);
  RELATA_ASSERT_OK(suite.status());
  ASSERT_THAT(suite->scenarios, SizeIs(2));
  EXPECT_EQ(suite->ignored, 1);
  EXPECT_EQ(suite->scenarios[1].Id(), "a/b/F.feature: three");
  EXPECT_THAT(suite->graphs, ElementsAre(testing::Pair("g", ElementsAre("CREATE ()"))));
  RELATA_ASSERT_OK(filtered.status());
  EXPECT_THAT(filtered->scenarios, SizeIs(1));
  EXPECT_THAT(ReadSuite(root.string(), ""), StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace relata
