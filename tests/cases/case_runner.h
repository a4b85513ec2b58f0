#ifndef RELATA_TESTS_CASES_CASE_RUNNER_H_
#define RELATA_TESTS_CASES_CASE_RUNNER_H_

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/cases/case_backend.h"

namespace relata {

struct CaseCounts {
  int passed = 0;  // expectations: of ops and of questions
  int failed = 0;
  int skipped = 0;  // questions that the backend says it has no answer type for (UNIMPLEMENTED)
};

// Makes an empty database for a case.
using BackendFactory = std::function<absl::StatusOr<std::unique_ptr<CaseBackend>>()>;

// Runs every case of a file of the kind {"format": 1, "area", "cases": [...]}, each on a fresh
// backend, and checks every expectation. `report` gets a line for each that fails.
absl::StatusOr<CaseCounts> RunCaseFile(const std::string& path, const BackendFactory& make,
                                       const std::function<void(const std::string&)>& report);

// Whether an answer is what the case expects, by the comparison rules of the case files: numbers
// within 1e-9, lists in order for chains and timelines and as multisets elsewhere, `from_text` and
// `to_text` null not compared.
bool SameAnswer(const std::string& ask, const nlohmann::json& expected,
                const nlohmann::json& actual);

}  // namespace relata

#endif  // RELATA_TESTS_CASES_CASE_RUNNER_H_
