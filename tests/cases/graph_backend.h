#ifndef RELATA_TESTS_CASES_GRAPH_BACKEND_H_
#define RELATA_TESTS_CASES_GRAPH_BACKEND_H_

#include <memory>

#include "absl/status/statusor.h"
#include "tests/cases/case_backend.h"

namespace relata {

// A database in this process, over the in-memory engine and a clock that stands still unless a case
// moves it.
absl::StatusOr<std::unique_ptr<CaseBackend>> MakeGraphBackend();

}  // namespace relata

#endif  // RELATA_TESTS_CASES_GRAPH_BACKEND_H_
