// relata_query_fuzz [--seconds N] [--seed S]
//
// Draws graphs and queries and compares the engine's answers with those of the naive evaluator, in
// every mode. Prints each difference, shrunk, and what it did. Exit code 1 where it found any.

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tests/query/differential/differential.h"

namespace relata::differential {
namespace {

constexpr int kMostFindings = 20;

struct Arguments {
  int64_t seconds = 60;
  uint64_t seed = 1;
};

std::optional<Arguments> ParseArguments(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; i += 2) {
    const absl::string_view name = argv[i];
    if (i + 1 == argc) return std::nullopt;
    if (name == "--seconds") {
      if (!absl::SimpleAtoi(argv[i + 1], &arguments.seconds)) return std::nullopt;
    } else if (name == "--seed") {
      if (!absl::SimpleAtoi(argv[i + 1], &arguments.seed)) return std::nullopt;
    } else {
      return std::nullopt;
    }
  }
  return arguments;
}

int Fuzz(const Arguments& arguments) {
  const auto start = std::chrono::steady_clock::now();
  const auto seconds = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  Counts total;
  int findings = 0;
  uint64_t seed = arguments.seed;
  for (; seconds() < static_cast<double>(arguments.seconds) && findings < kMostFindings; ++seed) {
    DifferentialRun run(seed);
    const absl::StatusOr<std::optional<Finding>> found = run.RunGraph(40, true);
    total.pairs += run.counts().pairs;
    total.runs += run.counts().runs;
    total.skipped += run.counts().skipped;
    total.with_rows += run.counts().with_rows;
    total.partitions += run.counts().partitions;
    if (found.ok() && !*found) continue;
    ++findings;
    std::printf("==== seed %llu\n%s\n", static_cast<unsigned long long>(seed),
                found.ok() ? (*found)->text.c_str() : found.status().ToString().c_str());
    std::fflush(stdout);
  }
  std::printf(
      "%s\n",
      absl::StrCat(total.pairs, " pairs (", total.with_rows, " with rows), ", total.partitions,
                   " partitions, ", total.runs, " runs, ", total.skipped, " skipped, ", findings,
                   " findings, seeds ", arguments.seed, " to ", seed - 1, ", ",
                   static_cast<int64_t>(seconds()), " s, ",
                   static_cast<int64_t>(static_cast<double>(total.runs) / seconds()), " runs/s")
          .c_str());
  return findings == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace relata::differential

int main(int argc, char** argv) {
  const auto arguments = relata::differential::ParseArguments(argc, argv);
  if (!arguments) {
    std::fprintf(stderr, "usage: relata_query_fuzz [--seconds N] [--seed S]\n");
    return 2;
  }
  return relata::differential::Fuzz(*arguments);
}
