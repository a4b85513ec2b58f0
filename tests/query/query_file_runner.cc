#include "tests/query/query_file_runner.h"

#include <fstream>
#include <sstream>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/manual_clock.h"
#include "base/status_macros.h"
#include "tests/tck/engine_backend.h"
#include "tests/tck/grpc_backend.h"

namespace relata {
namespace {

// 2026-06-01T00:00:00Z, when the first statement of each test runs; each later one a second after.
constexpr int64_t kStartMicros = 1'780'272'000'000'000;
constexpr int64_t kStepMicros = 1'000'000;
constexpr int64_t kTimeoutMicros = 20'000'000;

struct Backend {
  std::unique_ptr<ScenarioBackend> backend;
  EngineBackend* engine = nullptr;  // the same, where it is in this process

  absl::Status Make(Clock* clock, const QueryMode& mode) {
    if (mode.grpc) {
      backend = std::make_unique<GrpcBackend>(clock, static_cast<int>(mode.batch_rows));
      return absl::OkStatus();
    }
    query::QueryOptions options;
    options.batch_rows = mode.batch_rows;
    options.use_plan_rules = mode.plan_rules;
    options.use_indexes = mode.indexes;
    if (mode.by_morsels) {
      options.morsel_rows = 0;
      options.morsel_ids = 2;
      options.max_threads = 4;
    }
    DatabaseOptions database;
    if (!mode.adjacency_cache) database.adjacency_cache_bytes = 0;
    RELATA_ASSIGN_OR_RETURN(std::unique_ptr<EngineBackend> made,
                            EngineBackend::Make(clock, kTimeoutMicros, options, database));
    engine = made.get();
    backend = std::move(made);
    return absl::OkStatus();
  }
};

}  // namespace

absl::Span<const QueryMode> QueryModes() {
  static const std::vector<QueryMode>* const kModes = new std::vector<QueryMode>{
      {"Default"},
      {"BatchesOfOne", 1},
      {"BatchesOfTwo", 2},
      {"NoPlanRules", 1024, false},
      {"NoIndexes", 1024, true, false},
      {"Reopened", 1024, true, true, true},
      {"NoAdjacencyCache", 1024, true, true, false, false},
      {"OverGrpc", 2, true, true, false, true, true},
      {"ByMorsels", 2, true, true, false, true, false, true},
  };
  return *kModes;
}

absl::StatusOr<std::vector<std::string>> RunQueryTest(const QueryTest& test,
                                                      const QueryMode& mode) {
  ManualClock clock(kStartMicros);
  Backend of_mode;
  RELATA_RETURN_IF_ERROR(of_mode.Make(&clock, mode));
  ScenarioBackend* const backend = of_mode.backend.get();
  for (size_t i = 0; i + 1 < test.statements.size(); ++i) {
    const absl::StatusOr<TckResult> result = backend->Execute(test.statements[i], {});
    if (!result.ok()) {
      return absl::FailedPreconditionError(
          absl::StrCat("`", test.statements[i], "`: ", result.status().ToString()));
    }
    clock.AdvanceMicros(kStepMicros);
    RELATA_RETURN_IF_ERROR(backend->WaitForIndexes());
    if (mode.reopen) RELATA_RETURN_IF_ERROR(of_mode.engine->Reopen());
  }
  const std::string& query = test.statements.back();
  RELATA_ASSIGN_OR_RETURN(const GraphState before, backend->State());
  const absl::StatusOr<TckResult> result = backend->Execute(query, test.parameters);
  if (mode.reopen) RELATA_RETURN_IF_ERROR(of_mode.engine->Reopen());
  RELATA_ASSIGN_OR_RETURN(const GraphState after, backend->State());
  const StateDifference effects = Difference(before, after);
  if (result.ok()) return RenderResult(*result, effects);
  if (!effects.empty()) {
    return absl::InternalError(
        absl::StrCat("the query failed, but changed the graph: ", result.status().ToString()));
  }
  return RenderError(result.status(), query);
}

std::vector<std::string> RunQueryFile(const QueryFile& file, const QueryMode& mode) {
  std::vector<std::string> failures;
  for (const QueryTest& test : file.tests) {
    const bool of_plan = !test.expected.empty() && test.expected[0] == "plan";
    if (of_plan && !(mode.plan_rules && mode.indexes && !mode.by_morsels)) continue;
    const absl::StatusOr<std::vector<std::string>> got = RunQueryTest(test, mode);
    if (got.ok() && MeetsExpectation(test, *got)) continue;
    failures.push_back(
        absl::StrCat("line ", test.line, ": ", test.title, "\n", test.statements.back(),
                     "\n--expected\n", absl::StrJoin(test.expected, "\n"), "\n--got\n",
                     got.ok() ? absl::StrJoin(*got, "\n") : got.status().ToString(), "\n"));
  }
  return failures;
}

absl::StatusOr<QueryFile> ReadQueryFile(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::stringstream text;
  text << stream.rdbuf();
  if (!stream) return absl::InvalidArgumentError(absl::StrCat("cannot read ", path));
  absl::StatusOr<QueryFile> file = ParseQueryFile(text.str());
  if (!file.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(path, ", ", file.status().message()));
  }
  return file;
}

}  // namespace relata
