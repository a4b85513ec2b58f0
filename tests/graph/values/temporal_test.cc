#include "graph/values/temporal.h"

#include <random>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr int64_t kNanosOfSecond = 1'000'000'000;
constexpr int64_t kHour = 3600 * kNanosOfSecond;

template <typename T>
void ExpectComesBack(const T& value) {
  EXPECT_TRUE(value.IsValid()) << value.ToString();
  EXPECT_THAT(T::Parse(value.ToString()), IsOkAndHolds(value)) << value.ToString();
}

template <typename T>
void ExpectRefused(absl::string_view text, absl::string_view reason) {
  EXPECT_THAT(T::Parse(text),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr(std::string(reason)), HasSubstr("Write it"))))
      << text;
}

TEST(DateTest, TextAndDays) {
  EXPECT_EQ(Date::Parse("2026-03-11")->days, 20523);
  EXPECT_EQ(Date{-1}.ToString(), "1969-12-31");
  EXPECT_EQ(Date{Date::kMaxDays}.ToString(), "+999999999-12-31");
  EXPECT_EQ(Date{Date::kMinDays}.ToString(), "-999999999-01-01");
  EXPECT_EQ(Date::Parse("0000-01-01")->ToString(), "0000-01-01");
  EXPECT_EQ(Date::Parse("-0001-12-31")->ToString(), "-0001-12-31");
  ExpectRefused<Date>("2026-02-29", "day 29 is not 01 to 28");
  ExpectRefused<Date>("2026-03-11T00:00:00", "nothing is allowed to follow");
  ExpectRefused<Date>("12026-03-11", "must follow the year");
  ExpectRefused<Date>("+1000000000-01-01", "four to nine digits");
  ExpectRefused<Date>("2026-03", "a day must follow the month");
  ExpectRefused<Date>("", "year of four digits");
}

TEST(LocalTimeTest, TextAndNanoseconds) {
  EXPECT_EQ(LocalTime::Parse("10:30:00.25")->nanos, 10 * kHour + kHour / 2 + kNanosOfSecond / 4);
  EXPECT_EQ(LocalTime::Parse("10:30:00.25")->ToString(), "10:30:00.25");
  EXPECT_EQ(LocalTime::Parse("10:30")->ToString(), "10:30");
  EXPECT_EQ(LocalTime::Parse("10:30:00.000000003")->ToString(), "10:30:00.000000003");
  EXPECT_EQ(LocalTime::Parse("23:59:59.999999999")->nanos, 24 * kHour - 1);
  ExpectRefused<LocalTime>("24:00", "00 to 23");
  ExpectRefused<LocalTime>("10:30:60", "leap seconds");
  ExpectRefused<LocalTime>("10:30:00.1234567890", "more than 9 digits");
  ExpectRefused<LocalTime>("10:30Z", "nothing is allowed to follow");
  ExpectRefused<LocalTime>("1030", "must follow the hour");
}

TEST(TimeTest, TextAndOffset) {
  EXPECT_EQ(*Time::Parse("10:30:00.25+08:00"),
            (Time{10 * kHour + kHour / 2 + kNanosOfSecond / 4, 8 * 3600}));
  EXPECT_EQ(Time::Parse("10:30+00:00")->ToString(), "10:30Z");
  EXPECT_EQ(Time::Parse("10:30-05:30:15")->ToString(), "10:30-05:30:15");
  ExpectRefused<Time>("10:30", "no zone");
  ExpectRefused<Time>("10:30+18:01", "outside -18:00 to +18:00");
  ExpectRefused<Time>("10:30+08", "not written as");
}

TEST(TimeTest, OrderedByInstantThenOffset) {
  EXPECT_LT(*Time::Parse("10:00+08:00"), *Time::Parse("03:00Z"));
  EXPECT_LT(*Time::Parse("03:00Z"), *Time::Parse("11:00+08:00"));
  EXPECT_NE(*Time::Parse("03:00Z"), *Time::Parse("11:00+08:00"));
}

TEST(LocalDateTimeTest, TextAndSeconds) {
  EXPECT_EQ(*LocalDateTime::Parse("1969-12-31T23:59:59.5"), (LocalDateTime{-1, 500'000'000}));
  EXPECT_EQ((LocalDateTime{-1, 500'000'000}).ToString(), "1969-12-31T23:59:59.5");
  EXPECT_EQ(LocalDateTime::Parse("2026-03-11T10:30")->ToString(), "2026-03-11T10:30");
  ExpectRefused<LocalDateTime>("2026-03-11", "a time must follow the date");
  ExpectRefused<LocalDateTime>("2026-03-11T10:30Z", "nothing is allowed to follow");
}

TEST(DateTimeTest, TextOffsetAndZone) {
  const DateTime shanghai = *DateTime::Parse("2026-03-11T10:30:00+08:00[Asia/Shanghai]");
  EXPECT_EQ(shanghai, (DateTime{20523 * 86'400 + 9'000, 0, 8 * 3600, "Asia/Shanghai"}));
  EXPECT_EQ(shanghai.ToString(), "2026-03-11T10:30+08:00[Asia/Shanghai]");
  EXPECT_EQ(DateTime::Parse("1970-01-01T00:00:00Z")->seconds, 0);
  ExpectRefused<DateTime>("2026-03-11T10:30:00", "no zone");
  ExpectRefused<DateTime>("2026-03-11T10:30:00Z[]", "nothing is allowed to follow");
  ExpectRefused<DateTime>("2026-03-11T10:30:00Z[Asia Shanghai]", "not a time zone");
  ExpectRefused<DateTime>("2026-03-11T10:30:00Z[" + std::string(65, 'a') + "]", "not a time zone");
  ExpectRefused<DateTime>("+999999999-12-31T23:00:00-02:00", "outside the years");
}

TEST(DateTimeTest, OrderedByInstantThenOffsetThenZone) {
  const DateTime utc = *DateTime::Parse("2026-03-11T02:30:00Z");
  const DateTime shanghai = *DateTime::Parse("2026-03-11T10:30:00+08:00");
  const DateTime zoned = *DateTime::Parse("2026-03-11T10:30:00+08:00[Asia/Shanghai]");
  EXPECT_LT(utc, shanghai);
  EXPECT_LT(shanghai, zoned);
  EXPECT_LT(zoned, *DateTime::Parse("2026-03-11T02:30:00.000000001Z"));
}

TEST(TemporalTest, RandomValuesComeBack) {
  std::mt19937_64 random(9);
  std::uniform_int_distribution<int64_t> days(Date::kMinDays + 1, Date::kMaxDays - 1);
  std::uniform_int_distribution<int64_t> near_days(-1'000'000, 1'000'000);
  std::uniform_int_distribution<int64_t> nanos(0, 24 * kHour - 1);
  std::uniform_int_distribution<int32_t> offsets(-18 * 3600, 18 * 3600);
  for (int i = 0; i < 20'000; ++i) {
    const int64_t day = i % 2 == 0 ? days(random) : near_days(random);
    const int64_t nano = nanos(random);
    const auto fraction = static_cast<int32_t>(nano % kNanosOfSecond);
    const int64_t seconds = day * 86'400 + nano / kNanosOfSecond;
    ExpectComesBack(Date{day});
    ExpectComesBack(LocalTime{nano});
    ExpectComesBack(Time{nano, offsets(random)});
    ExpectComesBack(LocalDateTime{seconds, fraction});
    ExpectComesBack(DateTime{seconds, fraction, offsets(random), i % 3 == 0 ? "Etc/GMT+1" : ""});
  }
}

TEST(TemporalTest, FieldsOutOfRangeAreNotValid) {
  EXPECT_FALSE(Date{Date::kMaxDays + 1}.IsValid());
  EXPECT_FALSE(LocalTime{24 * kHour}.IsValid());
  EXPECT_FALSE(LocalTime{-1}.IsValid());
  EXPECT_FALSE((Time{0, 18 * 3600 + 1}).IsValid());
  EXPECT_FALSE((LocalDateTime{0, static_cast<int32_t>(kNanosOfSecond)}).IsValid());
  EXPECT_FALSE((LocalDateTime{(Date::kMaxDays + 1) * 86'400, 0}).IsValid());
  EXPECT_FALSE((DateTime{0, 0, 0, "a b"}).IsValid());
}

}  // namespace
}  // namespace relata
