#ifndef RELATA_TESTS_TCK_ENGINE_BACKEND_H_
#define RELATA_TESTS_TCK_ENGINE_BACKEND_H_

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/clock.h"
#include "graph/query/engine.h"
#include "tests/tck/scenario_backend.h"

namespace relata {

class MemoryKv;

// A query engine on a new database in memory.
class EngineBackend : public ScenarioBackend {
 public:
  // `clock` must outlive it. A query that runs longer than `timeout_us` by that clock ends with
  // DEADLINE_EXCEEDED. `options` is for every query.
  static absl::StatusOr<std::unique_ptr<EngineBackend>> Make(Clock* clock, int64_t timeout_us,
                                                             query::QueryOptions options,
                                                             DatabaseOptions database = {});
  ~EngineBackend() override;

  absl::StatusOr<TckResult> Execute(absl::string_view query,
                                    const TckParameters& parameters) override;
  absl::Status Register(const TckProcedure& procedure) override;
  absl::StatusOr<GraphState> State() override;
  // Closes the database and opens it again; procedures are forgotten.
  absl::Status Reopen();
  absl::Status WaitForIndexes() override;

 private:
  EngineBackend(Clock* clock, int64_t timeout_us, query::QueryOptions options,
                DatabaseOptions database);

  Clock* const clock_;
  const int64_t timeout_us_;
  const query::QueryOptions options_;
  const DatabaseOptions database_options_;
  std::unique_ptr<MemoryKv> kv_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<query::QueryEngine> engine_;
};

}  // namespace relata

#endif  // RELATA_TESTS_TCK_ENGINE_BACKEND_H_
