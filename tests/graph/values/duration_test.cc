#include <random>
#include <string>

#include "gmock/gmock.h"
#include "graph/values/temporal.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::HasSubstr;

TEST(DurationTest, PartsAddUpToTheirFields) {
  EXPECT_EQ(*Duration::Parse("P1Y2M3W4DT5H6M7.5S"),
            (Duration{14, 25, 5 * 3600 + 6 * 60 + 7, 500'000'000}));
  EXPECT_EQ(*Duration::Parse("P14M"), (Duration{14, 0, 0, 0}));
  EXPECT_EQ(*Duration::Parse("PT-0.5S"), (Duration{0, 0, -1, 500'000'000}));
  EXPECT_EQ(*Duration::Parse("P-1Y+2M"), (Duration{-10, 0, 0, 0}));
}

TEST(DurationTest, TextIsNormalizedWithinItsFields) {
  const std::pair<const char*, const char*> texts[] = {
      {"P12Y5M14DT16H12M70S", "P12Y5M14DT16H13M10S"},
      {"P14M", "P1Y2M"},
      {"P2W", "P14D"},
      {"PT0S", "PT0S"},
      {"P0D", "PT0S"},
      {"PT25H", "PT25H"},
      {"P-1Y-11M", "P-1Y-11M"},
      {"PT-23H-59M-59.9S", "PT-23H-59M-59.9S"},
      {"PT-0.000000001S", "PT-0.000000001S"},
      {"P2M-28DT31H38M20S", "P2M-28DT31H38M20S"},
  };
  for (const auto& [text, normalized] : texts) {
    RELATA_ASSERT_OK_AND_ASSIGN(const Duration duration, Duration::Parse(text));
    EXPECT_EQ(duration.ToString(), normalized);
  }
}

TEST(DurationTest, RefusesWhatIsNoDuration) {
  const std::pair<const char*, const char*> refused[] = {
      {"", "does not start with P"},
      {"1Y", "does not start with P"},
      {"P", "nothing follows the P"},
      {"PT", "nothing follows the T"},
      {"P1DT", "nothing follows the T"},
      {"P1", "not followed by its letter"},
      {"P1M1Y", "not followed by its letter"},
      {"P1Y1Y", "not followed by its letter"},
      {"P1S", "not followed by its letter"},
      {"PT1D", "not followed by its letter"},
      {"PT1H T", "a number"},
      {"PT1HT1S", "nothing is allowed to follow"},
      {"P1.5D", "only the seconds"},
      {"PT1.S", "no digit follows"},
      {"PT1.0000000001S", "more than 9 digits"},
      {"P99999999999999999999D", "fits 64 bits"},
      {"P999999999999999999Y", "too large"},
  };
  for (const auto& [text, reason] : refused) {
    EXPECT_THAT(Duration::Parse(text),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(reason)))
        << text;
  }
}

TEST(DurationTest, OrderedByLengthThenMonthsThenDays) {
  EXPECT_LT(*Duration::Parse("P30D"), *Duration::Parse("P1M"));
  EXPECT_LT(*Duration::Parse("P1M"), *Duration::Parse("P31D"));
  EXPECT_LT(*Duration::Parse("PT23H59M"), *Duration::Parse("P1D"));
  EXPECT_LT(*Duration::Parse("PT24H"), *Duration::Parse("P1D"));
  EXPECT_NE(*Duration::Parse("PT24H"), *Duration::Parse("P1D"));
  EXPECT_LT(*Duration::Parse("PT24H0.1S"), *Duration::Parse("P1DT0.2S"));
}

TEST(DurationTest, RandomDurationsComeBack) {
  std::mt19937_64 random(10);
  const auto any = [&random] { return static_cast<int64_t>(random()) >> (1 + random() % 63); };
  for (int i = 0; i < 20'000; ++i) {
    const Duration duration{any(), any(), any(),
                            random() % 2 == 0 ? 0 : static_cast<int32_t>(random() % 1'000'000'000)};
    EXPECT_TRUE(duration.IsValid());
    EXPECT_THAT(Duration::Parse(duration.ToString()), IsOkAndHolds(duration))
        << duration.ToString();
  }
  EXPECT_FALSE((Duration{0, 0, 0, -1}).IsValid());
}

}  // namespace
}  // namespace relata
