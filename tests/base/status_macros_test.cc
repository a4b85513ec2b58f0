#include "base/status_macros.h"

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest-spi.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using ::testing::Eq;
using ::testing::HasSubstr;
using ::testing::Not;

absl::Status Fail() { return absl::NotFoundError("no such entity"); }

absl::Status RunTwo(const absl::Status& first, int* calls) {
  RELATA_RETURN_IF_ERROR((++*calls, first));
  ++*calls;
  return absl::OkStatus();
}

TEST(StatusMacrosTest, ReturnIfErrorStopsAtTheErrorAndEvaluatesOnce) {
  int calls = 0;
  EXPECT_THAT(RunTwo(Fail(), &calls), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(calls, 1);
  calls = 0;
  RELATA_EXPECT_OK(RunTwo(absl::OkStatus(), &calls));
  EXPECT_EQ(calls, 2);
}

absl::StatusOr<std::string> ErrorBecomesStatusOr() {
  RELATA_RETURN_IF_ERROR(Fail());
  return "not reached";
}

TEST(StatusMacrosTest, ReturnIfErrorWorksInStatusOrFunctions) {
  EXPECT_THAT(ErrorBecomesStatusOr(), StatusIs(absl::StatusCode::kNotFound, "no such entity"));
}

absl::StatusOr<std::unique_ptr<int>> AddOne(absl::StatusOr<std::unique_ptr<int>> input) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<int> number, std::move(input));
  std::unique_ptr<int> result;
  RELATA_ASSIGN_OR_RETURN(result,
                          absl::StatusOr<std::unique_ptr<int>>(std::make_unique<int>(*number + 1)));
  return result;
}

TEST(StatusMacrosTest, AssignOrReturnMovesTheValueOrReturnsTheError) {
  RELATA_ASSERT_OK_AND_ASSIGN(const std::unique_ptr<int> two, AddOne(std::make_unique<int>(1)));
  EXPECT_EQ(*two, 2);
  EXPECT_THAT(AddOne(Fail()), StatusIs(absl::StatusCode::kNotFound, HasSubstr("entity")));
}

absl::StatusOr<int> SumOfPair(absl::StatusOr<std::pair<int, int>> input) {
  RELATA_ASSIGN_OR_RETURN((const auto [left, right]), std::move(input));
  using Map = std::map<int, int>;
  RELATA_ASSIGN_OR_RETURN((const std::map<int, int> copy), absl::StatusOr<Map>(Map{{left, right}}));
  return left + copy.at(left);
}

TEST(StatusMacrosTest, AssignOrReturnTakesParenthesizedTargets) {
  EXPECT_THAT(SumOfPair(std::pair(3, 4)), IsOkAndHolds(7));
  EXPECT_THAT(SumOfPair(Fail()), StatusIs(absl::StatusCode::kNotFound));
}

absl::Status Nested(absl::StatusOr<int> input) {
  RELATA_RETURN_IF_ERROR([&]() -> absl::Status {
    RELATA_ASSIGN_OR_RETURN(const int twice, [&]() -> absl::StatusOr<int> {
      RELATA_ASSIGN_OR_RETURN(const int once, input);
      return 2 * once;
    }());
    RELATA_RETURN_IF_ERROR(twice > 10 ? absl::OutOfRangeError("too large") : absl::OkStatus());
    return absl::OkStatus();
  }());
  return absl::OkStatus();
}

TEST(StatusMacrosTest, WorkInsideEachOthersLambdas) {
  RELATA_EXPECT_OK(Nested(5));
  EXPECT_THAT(Nested(6), StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(Nested(Fail()), StatusIs(absl::StatusCode::kNotFound));
}

TEST(StatusMatchersTest, TellErrorsFromValues) {
  const absl::StatusOr<int> one = 1;
  const absl::StatusOr<int> none = Fail();
  EXPECT_THAT(one, IsOk());
  EXPECT_THAT(none, Not(IsOk()));
  EXPECT_THAT(one, IsOkAndHolds(Eq(1)));
  EXPECT_THAT(one, Not(IsOkAndHolds(2)));
  EXPECT_THAT(none, Not(IsOkAndHolds(1)));
  EXPECT_THAT(none, Not(StatusIs(absl::StatusCode::kInternal)));
  EXPECT_THAT(none, Not(StatusIs(absl::StatusCode::kNotFound, "another message")));
  EXPECT_THAT(one, Not(StatusIs(absl::StatusCode::kNotFound)));
}

TEST(StatusMatchersTest, FailuresShowTheStatus) {
  EXPECT_NONFATAL_FAILURE(RELATA_EXPECT_OK(Fail()), "NOT_FOUND: no such entity");
  EXPECT_NONFATAL_FAILURE(EXPECT_THAT(absl::StatusOr<int>(Fail()), IsOkAndHolds(1)),
                          "NOT_FOUND: no such entity");
  EXPECT_FATAL_FAILURE(RELATA_ASSERT_OK(Fail()), "NOT_FOUND: no such entity");
}

}  // namespace
}  // namespace relata
