#include "graph/values/bound.h"

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr Instant kMicro = 1;
constexpr Instant kSecond = 1'000'000;
constexpr Instant kDay = 86'400 * kSecond;

Instant T(absl::string_view text) { return *ParseInstant(text); }
Bound From(absl::string_view text) { return *Bound::Parse(text, BoundRole::kFrom); }
Bound To(absl::string_view text) { return *Bound::Parse(text, BoundRole::kTo); }
Interval Between(absl::string_view from, absl::string_view to) {
  return *Interval::Make(From(from), To(to));
}

TEST(InstantTest, ReadsDatesAndDateTimes) {
  EXPECT_EQ(T("1970-01-01"), 0);
  EXPECT_EQ(T("1970-01-02T00:00:00.000001Z"), kDay + kMicro);
  EXPECT_EQ(T("1969-12-31T23:59:59.999999Z"), -kMicro);
  EXPECT_EQ(T("2000-03-01T08:00:00+08:00"), T("2000-03-01"));
  EXPECT_EQ(T("2000-02-29T19:30:00-04:30"), T("2000-03-01"));
  EXPECT_EQ(T("2000-01-01T00:00:00.5Z"), T("2000-01-01") + kSecond / 2);
}

TEST(InstantTest, WritesZWithSixDigitsOrNone) {
  EXPECT_EQ(FormatInstant(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(FormatInstant(kSecond / 2), "1970-01-01T00:00:00.500000Z");
  EXPECT_EQ(FormatInstant(-kMicro), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(FormatInstant(T("0001-01-01")), "0001-01-01T00:00:00Z");
  EXPECT_EQ(FormatInstant(kMinusInfinity), "-inf");
  EXPECT_EQ(FormatInstant(kPlusInfinity), "+inf");
}

TEST(InstantTest, AnyInstantComesBack) {
  std::mt19937_64 random(1);
  std::uniform_int_distribution<Instant> instants(T("0001-01-01"), T("9999-12-31"));
  for (int i = 0; i < 100'000; ++i) {
    const Instant t = instants(random);
    EXPECT_THAT(ParseInstant(FormatInstant(t)), IsOkAndHolds(t));
  }
}

TEST(InstantTest, RefusesWhatIsNoInstant) {
  for (const char* text : {"",
                           "..",
                           "2026",
                           "2026-03",
                           "2026-03-11~",
                           "2026-03-11T10:00:00",
                           "2026-03-11T10:00Z",
                           "2026-03-11t10:00:00Z",
                           "2026-03-11T10:00:00z",
                           "2026-03-11 10:00:00Z",
                           "2026-03-11T10:00:00",
                           "2026-03-11T24:00:00Z",
                           "2026-03-11T23:59:60Z",
                           "2026-03-11T10:00:00.Z",
                           "2026-03-11T10:00:00.1234567Z",
                           "2026-03-11T10:00:00,5Z",
                           "2026-03-11T10:00:00+0800",
                           "2026-03-11T10:00:00+19:00",
                           "2026-03-11T10:00:00Z ",
                           "0000-01-01",
                           "-inf",
                           "+2026-01-01",
                           "0001-01-01T00:00:00+00:01",
                           "9999-12-31T23:59:59-00:01"}) {
    EXPECT_THAT(ParseInstant(text),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("Allowed are 2026-03-11")))
        << text;
  }
}

struct Form {
  const char* text;
  const char* earliest;
  const char* latest;
  BoundKind kind;
};

// S2.1: the periods; `latest` is the first instant after them.
constexpr Form kForms[] = {
    {"2026", "2026-01-01", "2027-01-01", BoundKind::kYear},
    {"0001", "0001-01-01", "0002-01-01", BoundKind::kYear},
    {"1969", "1969-01-01", "1970-01-01", BoundKind::kYear},
    {"2026-01", "2026-01-01", "2026-02-01", BoundKind::kMonth},
    {"2026-12", "2026-12-01", "2027-01-01", BoundKind::kMonth},
    {"1900-02", "1900-02-01", "1900-03-01", BoundKind::kMonth},
    {"2026-03-11", "2026-03-11", "2026-03-12", BoundKind::kDay},
    {"2024-02-29", "2024-02-29", "2024-03-01", BoundKind::kDay},
    {"1969-12-31", "1969-12-31", "1970-01-01", BoundKind::kDay},
    {"2026-21", "2026-03-01", "2026-06-01", BoundKind::kSeason},
    {"2026-22", "2026-06-01", "2026-09-01", BoundKind::kSeason},
    {"2026-23", "2026-09-01", "2026-12-01", BoundKind::kSeason},
    {"2026-24", "2026-12-01", "2027-03-01", BoundKind::kSeason},
    {"2026-33", "2026-01-01", "2026-04-01", BoundKind::kQuarter},
    {"2026-34", "2026-04-01", "2026-07-01", BoundKind::kQuarter},
    {"2026-35", "2026-07-01", "2026-10-01", BoundKind::kQuarter},
    {"2026-36", "2026-10-01", "2027-01-01", BoundKind::kQuarter},
    {"2026-03-11T10:20:30Z", "2026-03-11T10:20:30Z", "2026-03-11T10:20:30Z", BoundKind::kInstant},
};

TEST(BoundTest, EveryFormGivesItsPeriodAndComesBack) {
  for (const Form& form : kForms) {
    for (const BoundRole role : {BoundRole::kFrom, BoundRole::kTo}) {
      RELATA_ASSERT_OK_AND_ASSIGN(const Bound bound, Bound::Parse(form.text, role));
      EXPECT_EQ(bound, (Bound{T(form.earliest), T(form.latest), form.kind})) << form.text;
      EXPECT_EQ(bound.ToString(), form.text);
    }
  }
}

TEST(BoundTest, AboutIsKeptAndMovesNothing) {
  for (const Form& form : kForms) {
    const std::string text = std::string(form.text) + "~";
    RELATA_ASSERT_OK_AND_ASSIGN(const Bound about, Bound::Parse(text, BoundRole::kTo));
    Bound expected = To(form.text);
    expected.about = true;
    EXPECT_EQ(about, expected) << text;
    EXPECT_EQ(about.ToString(), text);
  }
}

TEST(BoundTest, TheLastYearEndsAfterWhatCanBeWritten) {
  EXPECT_EQ(FormatInstant(From("9999").latest), "+10000-01-01T00:00:00Z");
  EXPECT_EQ(FormatInstant(From("9999-24").latest), "+10000-03-01T00:00:00Z");
}

TEST(BoundTest, UnboundedLiesAtTheInfinityOfItsRole) {
  EXPECT_EQ(From(".."), (Bound{kMinusInfinity, kMinusInfinity, BoundKind::kUnbounded}));
  EXPECT_EQ(To(".."), (Bound{kPlusInfinity, kPlusInfinity, BoundKind::kUnbounded}));
  EXPECT_EQ(To("..").ToString(), "..");
}

TEST(BoundTest, EmptyIsUnknown) {
  const Bound unknown{kMinusInfinity, kPlusInfinity, BoundKind::kUnknown, false, true};
  EXPECT_EQ(From(""), unknown);
  EXPECT_EQ(To(""), unknown);
  EXPECT_EQ(unknown.ToString(), "");
}

TEST(BoundTest, ADateTimeIsShownInTheZoneItWasWrittenIn) {
  for (const char* text : {"2026-03-11T00:30:00+08:00", "2026-12-31T23:30:00-05:30",
                           "0001-01-01T00:00:00-18:00", "9999-12-31T23:59:59+18:00~"}) {
    EXPECT_EQ(From(text).ToString(), text);
  }
  EXPECT_EQ(From("2026-03-11T00:30:00+00:00").ToString(), "2026-03-11T00:30:00Z");
  EXPECT_EQ(From("2026-03-11T00:30:00.25Z").ToString(), "2026-03-11T00:30:00.250000Z");
  EXPECT_EQ(From("2026-03-11T00:30:00.25+08:00").ToString(), "2026-03-11T00:30:00.250000+08:00");
}

TEST(BoundTest, RefusedFormsSayWhatIsWrongAndWhatIsAllowed) {
  const std::vector<std::pair<const char*, const char*>> refused = {
      {"2026-13", "13 is no month, season or quarter"},
      {"2026-00", "00 is no month"},
      {"2026-20", "20 is no month"},
      {"2026-25", "25 is no month"},
      {"2026-32", "32 is no month"},
      {"2026-37", "37 is no month"},
      {"2026-13-01", "month 13 is not 01 to 12"},
      {"2026-21-01", "month 21 is not 01 to 12"},
      {"2026-02-30", "day 30 is not 01 to 28"},
      {"1900-02-29", "day 29 is not 01 to 28"},
      {"2026-04-31", "day 31 is not 01 to 30"},
      {"2026-03-00", "day 00 is not"},
      {"0000", "outside 0001 to 9999"},
      {"10000", "only `-` can follow the year"},
      {"-0001", "year of four digits"},
      {"26", "year of four digits"},
      {"2026-3", "two digits must follow"},
      {"2026-03-1", "the day needs two digits"},
      {"20260311", "only `-` can follow the year"},
      {"2026?", "uncertain"},
      {"2026-03%", "uncertain"},
      {"2026/2027", "intervals are not allowed"},
      {"2026-03/..", "intervals are not allowed"},
      {"~", "year of four digits"},
      {"..~", "year of four digits"},
      {"2026~~", "only `-` can follow the year"},
      {"~2026", "year of four digits"},
      {" 2026", "year of four digits"},
      {"2026 ", "only `-` can follow the year"},
      {"2026-03-11T10:20:30", "no zone"},
      {"2026-03-11T10:20Z", "seconds must follow"},
      {"2026-03-11T24:00:00Z", "hour is not two digits, 00 to 23"},
      {"2026-03-11T10:60:00Z", "minute is not two digits, 00 to 59"},
      {"2026-12-31T23:59:60Z", "leap seconds"},
      {"2026-03-11T10:20:30.1234567Z", "more than 6 digits"},
      {"2026-03-11T10:20:30.Z", "no digit follows the point"},
      {"2026-03-11T10:20:30+8", "offset from UTC is not written as"},
      {"2026-03-11T10:20:30Zulu", "nothing is allowed to follow"},
      {"二〇二六", "year of four digits"},
  };
  for (const auto& [text, reason] : refused) {
    EXPECT_THAT(
        Bound::Parse(text, BoundRole::kFrom),
        StatusIs(absl::StatusCode::kInvalidArgument,
                 AllOf(HasSubstr(reason), HasSubstr("Allowed are 2026, 2026-03, 2026-03-11"))))
        << text;
  }
}

TEST(BoundTest, ALongTextIsCutInTheMessageBetweenCharacters) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "年";
  const absl::Status status = Bound::Parse(text, BoundRole::kFrom).status();
  EXPECT_THAT(status.message(), HasSubstr("年…\""));
  EXPECT_LT(status.message().size(), 500);
}

TEST(BoundTest, CutsAreShownAsTwoInstantsAndReadByTheImportOfAnExportOnly) {
  const Bound cut{T("2026-01-01"), T("2026-03-11T10:00:00.5Z"), BoundKind::kCut};
  const std::string text = "2026-01-01T00:00:00Z/2026-03-11T10:00:00.500000Z";
  EXPECT_EQ(cut.ToString(), text);
  EXPECT_THAT(Bound::ParseExported(text, BoundRole::kTo), IsOkAndHolds(cut));
  EXPECT_THAT(Bound::Parse(text, BoundRole::kTo), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(BoundTest, ExportedBoundsComeBackWithTheirFlags) {
  const Bound left{kMinusInfinity, T("2026-01-01"), BoundKind::kCut, false, true};
  const Bound right{T("2026-01-01"), kPlusInfinity, BoundKind::kCut, false, true};
  const Bound about{T("2026-01-01"), T("2026-02-01"), BoundKind::kCut, true, false};
  const Bound beyond{T("9999-06-01"), From("9999").latest, BoundKind::kCut};
  for (const Bound& bound : {left, right, about, beyond, From("2026-21~"), From(""), From("..")}) {
    EXPECT_THAT(Bound::ParseExported(bound.ToString(), BoundRole::kFrom), IsOkAndHolds(bound))
        << bound.ToString();
  }
}

TEST(BoundTest, RefusesDamagedCuts) {
  for (const char* text : {"/", "2026/2027", "2026-01-01T00:00:00Z/", "2026-01-01/2026-02-01",
                           "2026-02-01T00:00:00Z/2026-01-01T00:00:00Z", "+inf/-inf",
                           "2026-01-01T00:00:00Z/2026-01-01T00:00:00Z",
                           "2026-01-01T00:00:00Z/2026-02-01T00:00:00+08:00"}) {
    EXPECT_THAT(Bound::ParseExported(text, BoundRole::kFrom),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << text;
  }
}

TEST(BoundTest, TheSameBoundNeedsEqualInstantsKindAndAbout) {
  EXPECT_TRUE(SameBound(From("2026-03-11T08:00:00+08:00"), From("2026-03-11T00:00:00Z")));
  EXPECT_FALSE(SameBound(From("2026"), From("2026~")));
  // One period under two names.
  EXPECT_FALSE(
      SameBound(From("2026-33"), Bound{T("2026-01-01"), T("2026-04-01"), BoundKind::kCut}));
  EXPECT_FALSE(SameBound(From("2026-03-11"), From("2026-03-11T00:00:00Z")));
  EXPECT_FALSE(SameBound(From(""), From("..")));
}

TEST(IntervalTest, RefusesWhatIsNeverPossiblyValid) {
  const std::pair<const char*, const char*> refused[] = {
      {"2026", "2025"},
      {"2026-03-11", "2026-03-10"},
      {"2027-01-01", "2026"},
      {"2026-03-11T00:00:00Z", "2026-03-11T00:00:00Z"},
  };
  for (const auto& [from, to] : refused) {
    EXPECT_THAT(Interval::Make(From(from), To(to)),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         AllOf(HasSubstr(from), HasSubstr(to), HasSubstr("holds no instant"))));
  }
  EXPECT_THAT(Interval::Make(Bound::Unbounded(BoundRole::kTo), To("..")),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(IntervalTest, AdmitsAnythingPossible) {
  const std::pair<const char*, const char*> admitted[] = {
      {"2026", "2026"},
      {"2026-03-11", "2026-03-11"},
      {"2026-12-31", "2026"},
      {"", ""},
      {"..", ".."},
      {"", ".."},
      {"..", ""},
      {"2026", ""},
      {"", "2026"},
      {"2026-03-11T00:00:00Z", "2026-03-11T00:00:00.000001Z"},
  };
  for (const auto& [from, to] : admitted) {
    EXPECT_THAT(Interval::Make(From(from), To(to)), IsOk()) << from << " to " << to;
  }
}

TEST(IntervalTest, AlwaysIsWithoutBounds) {
  EXPECT_TRUE(Interval{}.always());
  EXPECT_TRUE(Between("..", "..").always());
  EXPECT_FALSE(Between("", "..").always());
  EXPECT_FALSE(Between("..", "2026").always());
  EXPECT_TRUE(SameInterval(Between("2026", ".."), Between("2026", "..")));
  EXPECT_FALSE(SameInterval(Between("2026", ".."), Between("2026", "")));
}

// S2.2 at the edges of both bounds.
TEST(ValidityTest, PossiblyFromEarliestUntilLatestCertainlyBetweenThem) {
  const Interval valid = Between("2024", "2026");
  const Instant never = kPlusInfinity;
  EXPECT_FALSE(PossiblyValid(valid, T("2024-01-01") - kMicro));
  EXPECT_TRUE(PossiblyValid(valid, T("2024-01-01")));
  EXPECT_FALSE(CertainlyValid(valid, T("2025-01-01") - kMicro, never));
  EXPECT_TRUE(CertainlyValid(valid, T("2025-01-01"), never));
  EXPECT_TRUE(CertainlyValid(valid, T("2026-01-01") - kMicro, never));
  EXPECT_FALSE(CertainlyValid(valid, T("2026-01-01"), never));
  EXPECT_TRUE(PossiblyValid(valid, T("2027-01-01") - kMicro));
  EXPECT_FALSE(PossiblyValid(valid, T("2027-01-01")));
}

TEST(ValidityTest, ExactBoundsAreHalfOpen) {
  const Interval valid = Between("2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z");
  for (const Instant t :
       {T("2024-01-01") - kMicro, T("2024-01-01"), T("2024-01-02") - kMicro, T("2024-01-02")}) {
    const bool inside = t >= T("2024-01-01") && t < T("2024-01-02");
    EXPECT_EQ(PossiblyValid(valid, t), inside) << t;
    EXPECT_EQ(CertainlyValid(valid, t, kPlusInfinity), inside) << t;
  }
}

TEST(ValidityTest, WithoutBoundsAlwaysCertain) {
  EXPECT_TRUE(CertainlyValid(Interval{}, T("0001-01-01"), kPlusInfinity));
  EXPECT_TRUE(CertainlyValid(Interval{}, T("9999-12-31"), kPlusInfinity));
}

TEST(ValidityTest, UnknownFromIsCertainFromTheReportOnly) {
  const Interval valid = Between("", "2026");
  EXPECT_TRUE(PossiblyValid(valid, T("0001-01-01")));
  EXPECT_FALSE(CertainlyValid(valid, T("2025-12-31"), kPlusInfinity));
  EXPECT_FALSE(CertainlyValid(valid, T("2024-05-31"), T("2024-06-01")));
  EXPECT_TRUE(CertainlyValid(valid, T("2024-06-01"), T("2024-06-01")));
  EXPECT_FALSE(CertainlyValid(valid, T("2026-01-01"), T("2024-06-01")));
}

TEST(ValidityTest, TheReportDoesNotMoveAKnownFrom) {
  EXPECT_FALSE(CertainlyValid(Between("2025", ".."), T("2025-06-01"), T("2024-06-01")));
}

TEST(ValidityTest, UnknownToIsPossibleForeverAndNeverCertain) {
  const Interval valid = Between("2024", "");
  EXPECT_TRUE(PossiblyValid(valid, T("9999-12-31")));
  EXPECT_FALSE(CertainlyValid(valid, T("2025-06-01"), kMinusInfinity));
  EXPECT_FALSE(CertainlyOverlaps(valid, kMinusInfinity, kPlusInfinity, kMinusInfinity));
}

// S4.2: the right piece of a fact with an unknown from-bound.
TEST(ValidityTest, ACutUnknownFromIsCertainFromTheLaterOfCutAndReport) {
  const Bound from{T("2025-01-01"), kPlusInfinity, BoundKind::kCut, false, true};
  const Interval valid{from, To("..")};
  EXPECT_FALSE(PossiblyValid(valid, T("2025-01-01") - kMicro));
  EXPECT_TRUE(PossiblyValid(valid, T("2025-01-01")));
  EXPECT_FALSE(CertainlyValid(valid, T("2025-01-01") - kMicro, T("2024-06-01")));
  EXPECT_TRUE(CertainlyValid(valid, T("2025-01-01"), T("2024-06-01")));
  EXPECT_FALSE(CertainlyValid(valid, T("2025-05-31"), T("2025-06-01")));
  EXPECT_TRUE(CertainlyValid(valid, T("2025-06-01"), T("2025-06-01")));
  EXPECT_FALSE(CertainlyValid(valid, T("2030-01-01"), kPlusInfinity));
}

TEST(ValidityTest, WindowsAreHalfOpen) {
  const Interval valid = Between("2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z");
  EXPECT_FALSE(PossiblyOverlaps(valid, T("2023-01-01"), T("2024-01-01")));
  EXPECT_TRUE(PossiblyOverlaps(valid, T("2023-01-01"), T("2024-01-01") + kMicro));
  EXPECT_TRUE(PossiblyOverlaps(valid, T("2024-02-01") - kMicro, T("2025-01-01")));
  EXPECT_FALSE(PossiblyOverlaps(valid, T("2024-02-01"), T("2025-01-01")));
  EXPECT_TRUE(CertainlyOverlaps(valid, kMinusInfinity, kPlusInfinity, kPlusInfinity));
}

// "Valid at some instant of the window", instant by instant, over small intervals of every shape.
TEST(ValidityTest, AnOverlapIsValidityAtSomeInstant) {
  std::mt19937 random(7);
  const auto pick = [&random](int n) { return static_cast<Instant>(random() % n); };
  const auto bound = [&](BoundRole role) {
    switch (pick(5)) {
      case 0:
        return Bound::Unbounded(role);
      case 1:
        return Bound::Unknown();
      case 2:
        return Bound::At(pick(8));
      default: {
        const Instant earliest = pick(8);
        return Bound{earliest, earliest + 1 + pick(4), BoundKind::kCut};
      }
    }
  };
  int certain = 0;
  for (int i = 0; i < 100'000; ++i) {
    const absl::StatusOr<Interval> valid =
        Interval::Make(bound(BoundRole::kFrom), bound(BoundRole::kTo));
    if (!valid.ok()) continue;
    const Instant a = pick(10);
    const Instant b = a + 1 + pick(5);
    const Instant certain_from = pick(3) == 0 ? kPlusInfinity : pick(12);
    bool possibly = false;
    bool certainly = false;
    for (Instant t = a; t < b; ++t) {
      possibly |= PossiblyValid(*valid, t);
      certainly |= CertainlyValid(*valid, t, certain_from);
      EXPECT_LE(CertainlyValid(*valid, t, certain_from), PossiblyValid(*valid, t));
    }
    EXPECT_EQ(PossiblyOverlaps(*valid, a, b), possibly);
    EXPECT_EQ(CertainlyOverlaps(*valid, a, b, certain_from), certainly);
    certain += certainly ? 1 : 0;
  }
  EXPECT_GT(certain, 1000);
}

}  // namespace
}  // namespace relata
