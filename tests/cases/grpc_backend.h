#ifndef RELATA_TESTS_CASES_GRPC_BACKEND_H_
#define RELATA_TESTS_CASES_GRPC_BACKEND_H_

#include <memory>

#include "absl/status/statusor.h"
#include "tests/cases/case_backend.h"

namespace relata {

// A server of its own in this process, over the in-memory engine and a clock that stands still
// unless a case moves it, asked through gRPC on a free loopback port. Every first page is asked for
// again by the stamp of its answer, and must be the same (S6); otherwise the question fails with
// INTERNAL.
absl::StatusOr<std::unique_ptr<CaseBackend>> MakeGrpcBackend();

}  // namespace relata

#endif  // RELATA_TESTS_CASES_GRPC_BACKEND_H_
