#include <optional>

#include "gtest/gtest.h"
#include "tests/query/differential/differential.h"
#include "tests/query/differential/grpc_database.h"
#include "tests/support/status_matchers.h"

namespace relata::differential {
namespace {

// Other seeds than in this process, and fewer: each query goes over a connection.
TEST(DifferentialGrpcTest, AServerAnswersAsTheNaiveEvaluatorDoes) {
  Counts total;
  for (uint64_t seed = 1001; seed <= 1020; ++seed) {
    DifferentialRun run(seed, GrpcDatabase::Make);
    RELATA_ASSERT_OK_AND_ASSIGN(const std::optional<Finding> found, run.RunGraph(25, false));
    EXPECT_FALSE(found.has_value()) << "seed " << seed << "\n" << found->text;
    total.pairs += run.counts().pairs;
    total.with_rows += run.counts().with_rows;
    total.partitions += run.counts().partitions;
  }
  EXPECT_GE(total.pairs, 350);
  EXPECT_GE(total.with_rows * 2, total.pairs);
  EXPECT_GE(total.partitions, 30);
}

}  // namespace
}  // namespace relata::differential
