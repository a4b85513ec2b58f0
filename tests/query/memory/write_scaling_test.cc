// Statements over n and over 4n: what they allocate in all grows with their rows. That does not
// depend on what else the machine does.
//
// The file: lines `setup: STATEMENT`, then `grows: STATEMENT`; in both `$n` stands for the number.
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "base/clock.h"
#include "base/status_macros.h"
#include "graph/query/engine.h"
#include "storage/memory/memory_kv.h"
#include "tests/support/allocations.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

constexpr int kSmall = 1500;
constexpr int kTimes = 4;
// Linear work grows by kTimes, quadratic work by its square.
constexpr double kMostGrowth = 2 * kTimes;

struct Growing {
  std::vector<std::string> setup;
  std::string text;
};

std::vector<Growing> ReadGrowing(const std::string& path) {
  std::vector<Growing> all;
  Growing next;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    absl::string_view rest = line;
    if (absl::ConsumePrefix(&rest, "setup: ")) {
      next.setup.push_back(std::string(rest));
    } else if (absl::ConsumePrefix(&rest, "grows: ")) {
      next.text = std::string(rest);
      all.push_back(std::exchange(next, {}));
    }
  }
  return all;
}

absl::Status RunToEnd(query::QueryEngine& engine, absl::string_view text, int n) {
  const std::string of_n = absl::StrReplaceAll(text, {{"$n", absl::StrCat(n)}});
  RELATA_ASSIGN_OR_RETURN(const auto result, engine.Run(of_n, {}, {}));
  query::Batch batch;
  while (true) {
    RELATA_ASSIGN_OR_RETURN(const bool more, result->Next(&batch));
    if (!more) return absl::OkStatus();
  }
}

// Bytes allocated by the statement over n.
absl::StatusOr<double> Allocated(const Growing& growing, int n) {
  MemoryKv kv;
  RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<Database> database,
                          Database::Open(&kv, SystemClock(), {}));
  query::QueryEngine engine(database.get());
  for (const std::string& text : growing.setup) {
    RELATA_RETURN_IF_ERROR(RunToEnd(engine, text, n));
  }
  RELATA_RETURN_IF_ERROR(database->WaitForIndexes());
  StartCounting();
  const absl::Status status = RunToEnd(engine, growing.text, n);
  const Allocations allocations = StopCounting();
  RELATA_RETURN_IF_ERROR(status);
  return static_cast<double>(allocations.total_bytes);
}

TEST(WriteScalingTest, WorkGrowsWithTheRows) {
  const std::vector<Growing> all = ReadGrowing("tests/query/memory/write_scaling.txt");
  ASSERT_GE(all.size(), 18u);
  for (const Growing& growing : all) {
    SCOPED_TRACE(growing.text);
    RELATA_ASSERT_OK_AND_ASSIGN(const double few, Allocated(growing, kSmall));
    RELATA_ASSERT_OK_AND_ASSIGN(const double many, Allocated(growing, kTimes * kSmall));
    EXPECT_LT(many, kMostGrowth * few);
  }
}

}  // namespace
}  // namespace relata
