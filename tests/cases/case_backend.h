#ifndef RELATA_TESTS_CASES_CASE_BACKEND_H_
#define RELATA_TESTS_CASES_CASE_BACKEND_H_

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace relata {

// What a case is run against: one empty database, with a clock that the case may set. Ops and
// questions are the JSON of the case files; answers come back in their form, so that they compare
// as they are. Not thread-safe.
class CaseBackend {
 public:
  virtual ~CaseBackend() = default;
  // `2026-11-22T09:00:00Z`
  virtual absl::Status SetClock(const std::string& instant) = 0;
  // One batch; the commit version.
  virtual absl::StatusOr<uint64_t> Commit(const nlohmann::json& op) = 0;
  // A read as of a system time.
  virtual absl::Status AnswerSystemTime(const std::string& instant) = 0;
  virtual absl::StatusOr<nlohmann::json> Ask(const nlohmann::json& question) = 0;
};

}  // namespace relata

#endif  // RELATA_TESTS_CASES_CASE_BACKEND_H_
