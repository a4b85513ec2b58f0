// relata_tck DIR [--filter TEXT] [--verbose] [--known FILE] [--threads N] [--grpc]:
// runs the openCypher TCK scenarios of DIR (features/**/*.feature, graphs/), or those whose id
// contains TEXT, each on a database of its own. Ends with `N passed, N failed`; exits with 1 where
// a scenario failed that FILE does not list, or one that it lists passed, with 2 where something
// cannot be read.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "base/clock.h"
#include "tests/tck/engine_backend.h"
#include "tests/tck/grpc_backend.h"
#include "tests/tck/suite.h"

namespace {

constexpr int64_t kTimeoutMicros = 20'000'000;

int Fail(const std::string& message) {
  std::fprintf(stderr, "relata_tck: %s\n", message.c_str());
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  std::string directory;
  std::string filter;
  std::string known;
  bool grpc = false;
  relata::SuiteOptions options;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const std::string next = i + 1 < argc ? argv[i + 1] : "";
    if (argument == "--grpc") {
      grpc = true;
    } else if (argument == "--verbose") {
      options.verbose = true;
    } else if (argument == "--filter" || argument == "--known" || argument == "--threads") {
      if (next.empty()) return Fail(argument + " needs a value");
      if (argument == "--filter") filter = next;
      if (argument == "--known") known = next;
      if (argument == "--threads") options.threads = std::max(1, std::atoi(next.c_str()));
      ++i;
    } else if (directory.empty() && argument[0] != '-') {
      directory = argument;
    } else {
      return Fail("unknown argument " + argument);
    }
  }
  if (directory.empty()) {
    return Fail(
        "usage: relata_tck DIR [--filter TEXT] [--verbose] [--known FILE] [--threads N] [--grpc]");
  }
  options.filtered = !filter.empty();
  if (!known.empty()) {
    std::ifstream file(known);
    std::stringstream text;
    text << file.rdbuf();
    if (!file) return Fail("cannot read " + known);
    absl::StatusOr<relata::KnownFailures> listed = relata::ParseKnownFailures(text.str());
    if (!listed.ok()) return Fail(listed.status().ToString());
    options.known = *std::move(listed);
  }
  const absl::StatusOr<relata::TckSuite> suite = relata::ReadSuite(directory, filter);
  if (!suite.ok()) return Fail(suite.status().ToString());
  const relata::SuiteCounts counts = relata::RunSuite(
      *suite, options,
      [grpc]() -> absl::StatusOr<std::unique_ptr<relata::ScenarioBackend>> {
        if (grpc) return std::make_unique<relata::GrpcBackend>(relata::SystemClock());
        return relata::EngineBackend::Make(relata::SystemClock(), kTimeoutMicros,
                                           relata::query::QueryOptions());
      },
      [](const std::string& line) { std::printf("%s\n", line.c_str()); });
  std::printf("%d passed, %d failed\n", counts.passed, counts.failed);
  return counts.surprises == 0 ? 0 : 1;
}
