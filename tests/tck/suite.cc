#include "tests/tck/suite.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "nlohmann/json.hpp"

namespace relata {
namespace {

namespace fs = std::filesystem;

absl::StatusOr<std::string> ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) return absl::InvalidArgumentError(absl::StrCat("cannot read ", path.string()));
  return text.str();
}

// The files below `directory` with that extension, ascending.
std::vector<fs::path> FilesBelow(const fs::path& directory, absl::string_view extension) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator at(directory, error), end; !error && at != end;
       at.increment(error)) {
    if (at->path().extension().string() == extension) files.push_back(at->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

absl::StatusOr<NamedGraphs> ReadGraphs(const fs::path& directory) {
  NamedGraphs graphs;
  for (const fs::path& path : FilesBelow(directory, ".json")) {
    RELATA_ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
    const nlohmann::json description = nlohmann::json::parse(text, nullptr, false);
    if (!description.is_object() || !description.contains("scripts")) {
      return absl::InvalidArgumentError(
          absl::StrCat(path.string(), " does not say which scripts make the graph"));
    }
    std::vector<std::string>& queries = graphs[path.stem().string()];
    for (const nlohmann::json& script : description["scripts"]) {
      const std::string file = script.is_string() ? script.get<std::string>() + ".cypher" : "";
      RELATA_ASSIGN_OR_RETURN(std::string query, ReadFile(path.parent_path() / file));
      queries.push_back(std::move(query));
    }
  }
  return graphs;
}

// `clauses/match` of `clauses/match/Match5.feature`.
std::string Category(const GherkinScenario& scenario) {
  return fs::path(scenario.file).parent_path().string();
}

std::vector<ScenarioOutcome> RunAll(const TckSuite& suite, int threads,
                                    const ScenarioBackendFactory& make_backend) {
  std::vector<ScenarioOutcome> outcomes(suite.scenarios.size());
  std::atomic<size_t> next{0};
  const auto work = [&] {
    for (size_t i = next++; i < suite.scenarios.size(); i = next++) {
      const absl::StatusOr<std::unique_ptr<ScenarioBackend>> backend = make_backend();
      if (!backend.ok()) {
        outcomes[i].failure = absl::StrCat("no backend: ", backend.status().ToString());
        continue;
      }
      outcomes[i] = RunScenario(suite.scenarios[i], suite.graphs, **backend);
    }
  };
  std::vector<std::thread> workers;
  for (int i = 1; i < threads; ++i) workers.emplace_back(work);
  work();
  for (std::thread& worker : workers) worker.join();
  return outcomes;
}

std::string Percent(int part, int whole) {
  return whole == 0 ? "" : absl::StrFormat(" (%.1f%%)", 100.0 * part / whole);
}

void ReportScores(const std::vector<ScenarioOutcome>& outcomes,
                  const std::function<void(const std::string&)>& report) {
  int expected = 0;
  int raised = 0;
  int type_and_phase = 0;
  int detail = 0;
  for (const ScenarioOutcome& outcome : outcomes) {
    expected += outcome.error.expected ? 1 : 0;
    raised += outcome.error.raised ? 1 : 0;
    type_and_phase += outcome.error.type_and_phase ? 1 : 0;
    detail += outcome.error.detail ? 1 : 0;
  }
  report(absl::StrCat("errors raised: ", raised, " of ", expected, Percent(raised, expected)));
  report(absl::StrCat("errors of the right type and phase: ", type_and_phase, " of ", expected,
                      Percent(type_and_phase, expected)));
  report(absl::StrCat("errors of the right detail: ", detail, " of ", expected,
                      Percent(detail, expected)));
}

}  // namespace

absl::StatusOr<TckSuite> ReadSuite(const std::string& directory, absl::string_view filter) {
  TckSuite suite;
  RELATA_ASSIGN_OR_RETURN(suite.graphs, ReadGraphs(fs::path(directory) / "graphs"));
  const fs::path features = fs::path(directory) / "features";
  const std::vector<fs::path> files = FilesBelow(features, ".feature");
  if (files.empty()) {
    return absl::NotFoundError(absl::StrCat("there is no .feature file in ", features.string()));
  }
  for (const fs::path& path : files) {
    RELATA_ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
    RELATA_ASSIGN_OR_RETURN(std::vector<GherkinScenario> scenarios,
                            ParseFeature(text, path.lexically_relative(features).string()));
    for (GherkinScenario& scenario : scenarios) {
      if (!absl::StrContains(scenario.Id(), filter)) continue;
      if (scenario.ignored) {
        ++suite.ignored;
      } else {
        suite.scenarios.push_back(std::move(scenario));
      }
    }
  }
  return suite;
}

absl::StatusOr<KnownFailures> ParseKnownFailures(absl::string_view text) {
  KnownFailures known;
  std::string reason;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    line = absl::StripAsciiWhitespace(line);
    if (absl::ConsumePrefix(&line, "#")) {
      absl::StrAppend(&reason, reason.empty() ? "" : " ", absl::StripAsciiWhitespace(line));
    } else if (line.empty()) {
      reason.clear();
    } else if (reason.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("the known failure `", line, "` has no comment above that says why"));
    } else {
      known[std::string(line)] = reason;
    }
  }
  return known;
}

SuiteCounts RunSuite(const TckSuite& suite, const SuiteOptions& options,
                     const ScenarioBackendFactory& make_backend,
                     const std::function<void(const std::string&)>& report) {
  const std::vector<ScenarioOutcome> outcomes = RunAll(suite, options.threads, make_backend);
  SuiteCounts counts;
  std::map<std::string, SuiteCounts> categories;
  KnownFailures missing = options.known;
  for (size_t i = 0; i < outcomes.size(); ++i) {
    const GherkinScenario& scenario = suite.scenarios[i];
    const bool passed = outcomes[i].passed;
    const auto known = options.known.find(scenario.Id());
    const bool expected = passed == (known == options.known.end());
    missing.erase(scenario.Id());
    SuiteCounts& category = categories[Category(scenario)];
    ++(passed ? counts.passed : counts.failed);
    ++(passed ? category.passed : category.failed);
    if (!expected) ++counts.surprises;
    if (!passed) {
      report(absl::StrCat(expected ? "KNOWN FAILURE " : "FAILED ", scenario.Id(), "\n",
                          expected ? known->second : outcomes[i].failure, "\n"));
    } else if (!expected) {
      report(absl::StrCat("PASSED although it is listed as a known failure: ", scenario.Id()));
    } else if (options.verbose) {
      report(absl::StrCat("passed ", scenario.Id()));
    }
  }
  if (!options.filtered) {
    for (const auto& [id, reason] : missing) {
      report(absl::StrCat("listed as a known failure, but not there: ", id));
      ++counts.surprises;
    }
  }
  for (const auto& [name, category] : categories) {
    report(absl::StrFormat("%-48s %5d passed %5d failed", name, category.passed, category.failed));
  }
  if (suite.ignored > 0) report(absl::StrCat("marked @ignore and not run: ", suite.ignored));
  ReportScores(outcomes, report);
  return counts;
}

}  // namespace relata
