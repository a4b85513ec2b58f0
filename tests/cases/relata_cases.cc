// relata_cases [--grpc] FILE...: runs the conformance cases of each file and checks every
// expectation of every question: on databases in this process, or with --grpc through a server on a
// loopback port. Ends with `N passed, N failed`; exits with 1 where one failed, 2 where a file
// cannot be read.
#include <cstdio>
#include <string>

#include "tests/cases/case_runner.h"
#include "tests/cases/graph_backend.h"
#include "tests/cases/grpc_backend.h"

int main(int argc, char** argv) {
  relata::CaseCounts total;
  const bool grpc = argc > 1 && std::string(argv[1]) == "--grpc";
  const int first = grpc ? 2 : 1;
  bool unreadable = argc <= first;
  if (unreadable) std::fprintf(stderr, "usage: relata_cases [--grpc] FILE...\n");
  const auto report = [](const std::string& line) { std::printf("%s\n", line.c_str()); };
  for (int i = first; i < argc; ++i) {
    const absl::StatusOr<relata::CaseCounts> counts = relata::RunCaseFile(
        argv[i], grpc ? relata::MakeGrpcBackend : relata::MakeGraphBackend, report);
    if (!counts.ok()) {
      std::fprintf(stderr, "relata_cases: %s\n", counts.status().ToString().c_str());
      unreadable = true;
      continue;
    }
    std::printf("%s: %d passed, %d failed, %d skipped\n", argv[i], counts->passed, counts->failed,
                counts->skipped);
    total.passed += counts->passed;
    total.failed += counts->failed;
    total.skipped += counts->skipped;
  }
  if (total.skipped > 0) {
    std::printf("%d questions have no answer type yet\n", total.skipped);
  }
  std::printf("%d passed, %d failed\n", total.passed, total.failed);
  if (unreadable) return 2;
  return total.failed == 0 ? 0 : 1;
}
