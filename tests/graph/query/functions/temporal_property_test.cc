// Laws of temporal arithmetic, on random values.

#include <random>
#include <string>

#include "graph/query/functions/calendar.h"
#include "graph/query/functions/duration_arithmetic.h"
#include "graph/query/functions/temporal_arithmetic.h"
#include "graph/query/functions/temporal_parts.h"
#include "graph/query/functions/temporal_text.h"
#include "graph/query/functions/time_zones.h"
#include "gtest/gtest.h"

namespace relata::query {
namespace {

constexpr int kRounds = 50'000;
constexpr const char* kZones[] = {"Europe/Berlin",       "America/New_York", "Asia/Shanghai",
                                  "Australia/Lord_Howe", "Asia/Kolkata",     "Pacific/Apia"};
constexpr ValueType kTypes[] = {ValueType::kDate, ValueType::kLocalTime, ValueType::kTime,
                                ValueType::kLocalDateTime, ValueType::kDateTime};

class RandomTimes {
 public:
  explicit RandomTimes(uint64_t seed) : random_(seed) {}

  int64_t Between(int64_t least, int64_t most) {
    return std::uniform_int_distribution<int64_t>(least, most)(random_);
  }

  // From about 1700 to 2240, where zones have rules.
  Value Any(ValueType type) {
    TemporalParts parts;
    parts.days = Between(-100'000, 100'000);
    parts.nanos_of_day = Between(0, 86'399'999'999'999);
    if (Between(0, 1) == 0) parts.nanos_of_day -= parts.nanos_of_day % 60'000'000'000;
    parts.has_offset = true;
    parts.offset_seconds = static_cast<int32_t>(Between(-18, 18) * 3600);
    if (type == ValueType::kDateTime && Between(0, 1) == 0) {
      parts.zone = kZones[Between(0, std::size(kZones) - 1)];
    }
    return *Assemble(type, parts);
  }

 private:
  std::mt19937_64 random_;
};

TEST(TemporalPropertyTest, TextsReadBack) {
  RandomTimes random(1);
  for (int i = 0; i < kRounds; ++i) {
    const ValueType type = kTypes[random.Between(0, 4)];
    const Value value = random.Any(type);
    const absl::StatusOr<Value> read = ParseTemporal(type, value.ToString());
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_TRUE(Equivalent(*read, value)) << value.ToString() << " and " << read->ToString();
  }
}

TEST(TemporalPropertyTest, PartsComeTogetherAgain) {
  RandomTimes random(2);
  for (int i = 0; i < kRounds; ++i) {
    const ValueType type = kTypes[random.Between(0, 4)];
    const Value value = random.Any(type);
    EXPECT_TRUE(Equivalent(*Assemble(type, TakeApart(value)), value)) << value.ToString();
  }
}

TEST(TemporalPropertyTest, TheDifferenceLeadsToTheEnd) {
  RandomTimes random(3);
  for (int i = 0; i < kRounds; ++i) {
    const ValueType type = kTypes[random.Between(0, 4)];
    const Value from = random.Any(type);
    const Value to = random.Any(type);
    for (const DifferenceUnit unit : {DifferenceUnit::kAll, DifferenceUnit::kSeconds}) {
      const Duration difference = *DurationBetween(from, to, unit);
      const Value sum = *AddDuration(from, difference, 1);
      const std::string message =
          from.ToString() + " + " + difference.ToString() + ", not " + to.ToString();
      if (type == ValueType::kDateTime) {
        EXPECT_EQ(sum.get<DateTime>().seconds, to.get<DateTime>().seconds) << message;
        EXPECT_EQ(sum.get<DateTime>().nanos, to.get<DateTime>().nanos) << message;
      } else if (type == ValueType::kTime) {
        EXPECT_EQ(FloorModulo(TakeApart(sum).utc_seconds(), 86400),
                  FloorModulo(TakeApart(to).utc_seconds(), 86400))
            << message;
      } else {
        EXPECT_TRUE(Equivalent(sum, to)) << message;
      }
    }
  }
}

TEST(TemporalPropertyTest, SecondsAddAndSubtract) {
  RandomTimes random(4);
  for (int i = 0; i < kRounds; ++i) {
    const Value value = random.Any(ValueType::kDateTime);
    const Duration d{0, 0, random.Between(-1'000'000'000, 1'000'000'000),
                     static_cast<int32_t>(random.Between(0, 999'999'999))};
    const Value back = *AddDuration(*AddDuration(value, d, 1), d, -1);
    EXPECT_TRUE(Equivalent(back, value)) << value.ToString() << " and " << back.ToString();
  }
}

TEST(TemporalPropertyTest, DurationsAddAndSubtract) {
  RandomTimes random(5);
  const auto any = [&random] {
    return Duration{random.Between(-99, 99), random.Between(-99, 99),
                    random.Between(-99'999, 99'999),
                    static_cast<int32_t>(random.Between(0, 999'999'999))};
  };
  for (int i = 0; i < kRounds; ++i) {
    const Duration a = any();
    const Duration b = any();
    EXPECT_EQ(*AddDurations(*AddDurations(a, b, 1), b, -1), a);
    EXPECT_EQ(*NegateDuration(*NegateDuration(a)), a);
    EXPECT_EQ(*MultiplyDuration(a, Datum::Int(3)), *AddDurations(*AddDurations(a, a, 1), a, 1));
    EXPECT_EQ(*DivideDuration(*MultiplyDuration(a, Datum::Int(7)), Datum::Int(7)), a);
    EXPECT_EQ(*ParseDurationText(a.ToString()), a) << a.ToString();
  }
}

TEST(TemporalPropertyTest, WeeksAndQuartersNameTheDay) {
  RandomTimes random(6);
  for (int i = 0; i < kRounds; ++i) {
    const int64_t days = random.Between(-1'000'000'000, 1'000'000'000);
    const WeekDate week = ToWeekDate(days);
    EXPECT_EQ(
        FirstDayOfWeekYear(week.week_year) + int64_t{week.week - 1} * 7 + week.day_of_week - 1,
        days);
    EXPECT_GE(week.week, 1);
    EXPECT_LE(week.week, WeeksInYear(week.week_year));
    EXPECT_GE(week.day_of_week, 1);
    EXPECT_LE(week.day_of_week, 7);
    EXPECT_LE(OrdinalDay(days), 366);
  }
}

TEST(TemporalPropertyTest, ZonesShowTheInstantOnTheirClock) {
  RandomTimes random(7);
  for (int i = 0; i < kRounds; ++i) {
    const char* zone = kZones[random.Between(0, std::size(kZones) - 1)];
    const int64_t utc = random.Between(-8'000'000'000, 8'000'000'000);
    const int32_t offset = *ZoneOffsetAt(zone, utc);
    const DateTime resolved = *ResolveInZone(zone, utc + offset, 0, offset);
    EXPECT_EQ(resolved.seconds, utc) << zone;
    EXPECT_EQ(resolved.offset_seconds, offset) << zone;
    // Without a preference: the same clock, where it does not leap, and never a later instant.
    const DateTime earlier = *ResolveInZone(zone, utc + offset, 0, std::nullopt);
    EXPECT_EQ(earlier.seconds + earlier.offset_seconds, utc + offset) << zone;
    EXPECT_LE(earlier.seconds, utc) << zone;
  }
}

}  // namespace
}  // namespace relata::query
