#include "client/cli/global_options.h"

#include "client/cli/exit_code.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relata/v1/read.pb.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class GlobalOptionsTest : public testing::Test {
 protected:
  GlobalOptions options_;
};

TEST_F(GlobalOptionsTest, WithoutOptionsNothingButTheDatabaseIsAskedFor) {
  options_.database = "test";
  RELATA_ASSERT_OK_AND_ASSIGN(const v1::ReadOptions read,
                              ReadOptionsFrom(options_, ReadTerms::kAll));
  v1::ReadOptions expected;
  expected.set_database("test");
  EXPECT_EQ(read.DebugString(), expected.DebugString());
}

TEST_F(GlobalOptionsTest, TurnsIntoReadOptions) {
  options_.between = {"2025", ".."};
  options_.certainly = true;
  options_.known_at = "42";
  options_.policy =
      "min_confidence=0.6,min_sources=2,trusted=source/a+source/b,disputed=out,"
      "reported_until=2026-06-30";
  RELATA_ASSERT_OK_AND_ASSIGN(const v1::ReadOptions read,
                              ReadOptionsFrom(options_, ReadTerms::kAll));
  EXPECT_EQ(read.valid_time().window().from(), "2025");
  EXPECT_EQ(read.valid_time().window().to(), "..");
  EXPECT_TRUE(read.valid_time().certainly());
  EXPECT_EQ(read.consistency().exact_version(), 42u);
  EXPECT_EQ(read.policy().min_confidence(), 0.6);
  EXPECT_EQ(read.policy().min_sources(), 2);
  EXPECT_THAT(read.policy().trusted().keys(), ElementsAre("source/a", "source/b"));
  EXPECT_FALSE(read.policy().has_barred());
  EXPECT_TRUE(read.policy().hide_disputed());
  EXPECT_EQ(read.policy().reported_until(), "2026-06-30");
}

TEST_F(GlobalOptionsTest, KnownAtIsAVersionOrATime) {
  EXPECT_EQ(ParseKnownAt("7").exact_version(), 7u);
  EXPECT_EQ(ParseKnownAt("2026-07-03").exact_time(), "2026-07-03");
}

TEST_F(GlobalOptionsTest, RefusesWrongPolicies) {
  for (const char* const text :
       {"min_confidence=2", "min_confidence=nan", "min_sources=x", "disputed=maybe", "trust=a",
        "trusted=", "reported_until=", "raw,min_sources=1", "min_sources"}) {
    const auto policy = ParsePolicy(text);
    EXPECT_THAT(policy, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("--policy")))
        << text;
    EXPECT_EQ(ExitCodeFor(policy.status()), ExitCode::kBadUsage);
  }
  RELATA_ASSERT_OK_AND_ASSIGN(const v1::BeliefPolicy raw, ParsePolicy("raw"));
  EXPECT_TRUE(raw.raw());
}

TEST_F(GlobalOptionsTest, RefusesOptionsThatContradict) {
  options_.as_of = "2025";
  options_.all_times = true;
  EXPECT_THAT(ReadOptionsFrom(options_, ReadTerms::kAll),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("one of")));
}

TEST_F(GlobalOptionsTest, CertainlyNeedsATime) {
  options_.certainly = true;
  EXPECT_THAT(ReadOptionsFrom(options_, ReadTerms::kAll),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("--certainly")));
}

TEST_F(GlobalOptionsTest, RefusesOptionsThatACommandDoesNotTake) {
  options_.known_at = "3";
  RELATA_EXPECT_OK(ReadOptionsFrom(options_, ReadTerms::kVersion));
  EXPECT_THAT(ReadOptionsFrom(options_, ReadTerms::kNone),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("no --known-at")));
  options_.known_at.reset();
  options_.policy = "raw";
  EXPECT_THAT(ReadOptionsFrom(options_, ReadTerms::kVersion),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("no --policy")));
}

}  // namespace
}  // namespace relata
