#include "graph/values/bound.h"

#include <algorithm>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "graph/values/iso_text.h"
#include "graph/values/period.h"
#include "graph/values/temporal.h"

namespace relata {
namespace {

constexpr absl::string_view kAllowedBounds =
    "Allowed are 2026, 2026-03, 2026-03-11, 2026-03-11T10:00:00Z (or +08:00, up to six digits of "
    "fraction), the seasons 2026-21 to 2026-24 and the quarters 2026-33 to 2026-36, each with ~ at "
    "the end for about; .. for unbounded; and the empty text for unknown.";
constexpr absl::string_view kAllowedInstants =
    "Allowed are 2026-03-11 and 2026-03-11T10:00:00Z (or +08:00, up to six digits of fraction).";

constexpr int kInstantFractionDigits = 6;
constexpr int64_t kNanosPerMicro = 1000;
constexpr int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;
// EDTF's numbers in the place of a month.
constexpr int kFirstSeason = 21;
constexpr int kFirstQuarter = 33;

absl::Status NotABound(absl::string_view text, absl::string_view reason) {
  return absl::InvalidArgumentError(absl::StrCat(
      QuotedForError(text), " is not a bound of a valid time: ", reason, ". ", kAllowedBounds));
}

// `T10:20:30+08:00` to the end, after the day `days`, as a bound.
absl::StatusOr<Bound> TakeTimeWithZone(int64_t days, IsoScanner& scanner) {
  if (!scanner.Take('T')) return scanner.CheckEnd();
  RELATA_ASSIGN_OR_RETURN(const int64_t nanos, scanner.TakeTimeOfDay(kInstantFractionDigits, true));
  RELATA_ASSIGN_OR_RETURN(const int32_t offset, scanner.TakeOffset(false));
  RELATA_RETURN_IF_ERROR(scanner.CheckEnd());
  const Instant t = days * kMicrosPerDay + nanos / kNanosPerMicro - offset * kMicrosPerSecond;
  if (!InRange(PeriodAt(BoundKind::kDay, t))) {
    return absl::InvalidArgumentError("in UTC it is outside the years 0001 to 9999");
  }
  Bound bound = Bound::At(t);
  bound.zone_minutes = static_cast<int16_t>(offset / 60);
  return bound;
}

// `-03`, `-21` or `-33` at the end, after the year; nullopt where a day follows.
absl::StatusOr<std::optional<Bound>> MonthSeasonOrQuarter(int64_t year, IsoScanner scanner) {
  if (!scanner.Take('-')) return absl::InvalidArgumentError("only `-` can follow the year");
  const std::optional<int> number = scanner.TakeDigits(2);
  if (!number.has_value()) {
    return absl::InvalidArgumentError("two digits must follow the year and `-`");
  }
  if (!scanner.AtEnd()) return std::nullopt;
  if (*number >= 1 && *number <= 12) {
    return BoundOf({BoundKind::kMonth, 12 * year + *number - 1});
  }
  if (*number >= kFirstSeason && *number < kFirstSeason + 4) {
    return BoundOf({BoundKind::kSeason, 4 * year + *number - kFirstSeason});
  }
  if (*number >= kFirstQuarter && *number < kFirstQuarter + 4) {
    return BoundOf({BoundKind::kQuarter, 4 * year + *number - kFirstQuarter});
  }
  return absl::InvalidArgumentError(
      absl::StrFormat("%02d is no month, season or quarter", *number));
}

// Everything but `..`, the empty text and `~`.
absl::StatusOr<Bound> ParseDated(absl::string_view text) {
  if (absl::StrContains(text, '/')) {
    return absl::InvalidArgumentError("intervals are not allowed, give from and to apart");
  }
  if (absl::EndsWith(text, "?") || absl::EndsWith(text, "%")) {
    return absl::InvalidArgumentError(
        "uncertain dates (? and %) are not allowed, cite the source with a confidence instead");
  }
  IsoScanner scanner(text);
  RELATA_ASSIGN_OR_RETURN(const int64_t year, scanner.TakeYear(false));
  if (scanner.AtEnd()) return BoundOf({BoundKind::kYear, year});
  RELATA_ASSIGN_OR_RETURN(const std::optional<Bound> bound, MonthSeasonOrQuarter(year, scanner));
  if (bound.has_value()) return *bound;
  RELATA_ASSIGN_OR_RETURN(const int64_t days, scanner.TakeMonthAndDay(year));
  if (scanner.AtEnd()) return BoundOf({BoundKind::kDay, days});
  return TakeTimeWithZone(days, scanner);
}

// One side of an exported cut.
absl::StatusOr<Instant> ParseCutSide(absl::string_view text) {
  if (text == "-inf") return kMinusInfinity;
  if (text == "+inf") return kPlusInfinity;
  IsoScanner scanner(text);
  RELATA_ASSIGN_OR_RETURN(const int64_t year, scanner.TakeYear(true));
  RELATA_ASSIGN_OR_RETURN(const int64_t days, scanner.TakeMonthAndDay(year));
  if (!scanner.Take('T')) return absl::InvalidArgumentError("a cut has date-times on both sides");
  RELATA_ASSIGN_OR_RETURN(const int64_t nanos, scanner.TakeTimeOfDay(kInstantFractionDigits, true));
  if (!scanner.Take('Z')) return absl::InvalidArgumentError("a cut has date-times in Z");
  RELATA_RETURN_IF_ERROR(scanner.CheckEnd());
  return days * kMicrosPerDay + nanos / kNanosPerMicro;
}

absl::StatusOr<Bound> ParseCut(absl::string_view earliest, absl::string_view latest) {
  Bound bound{.kind = BoundKind::kCut};
  RELATA_ASSIGN_OR_RETURN(bound.earliest, ParseCutSide(earliest));
  RELATA_ASSIGN_OR_RETURN(bound.latest, ParseCutSide(latest));
  if (bound.earliest >= bound.latest) {
    return absl::InvalidArgumentError("the first instant of a cut is not before the second");
  }
  bound.unknown = bound.earliest == kMinusInfinity || bound.latest == kPlusInfinity;
  return bound;
}

std::string PeriodText(const Bound& bound) {
  const Period period = PeriodAt(bound.kind, bound.earliest);
  switch (bound.kind) {
    case BoundKind::kMonth:
      return absl::StrFormat("%04d-%02d", period.number / 12, period.number % 12 + 1);
    case BoundKind::kSeason:
      return absl::StrFormat("%04d-%02d", period.number / 4, period.number % 4 + kFirstSeason);
    case BoundKind::kQuarter:
      return absl::StrFormat("%04d-%02d", period.number / 4, period.number % 4 + kFirstQuarter);
    case BoundKind::kYear:
      return absl::StrFormat("%04d", period.number);
    default:
      return Date{period.number}.ToString();
  }
}

// In the zone it was written in.
std::string InstantText(Instant t, int zone_minutes) {
  if (zone_minutes == 0) return FormatInstant(t);
  std::string text = FormatInstant(t + zone_minutes * kMicrosPerMinute);
  text.pop_back();  // the Z
  AppendIsoOffset(60 * zone_minutes, &text);
  return text;
}

Instant CertainStart(const Bound& from, Instant certain_from) {
  if (!from.unknown) return from.latest;
  return std::min(from.latest, std::max(from.earliest, certain_from));
}

}  // namespace

absl::StatusOr<Instant> ParseInstant(absl::string_view text) {
  const auto parse = [text]() -> absl::StatusOr<Instant> {
    IsoScanner scanner(text);
    RELATA_ASSIGN_OR_RETURN(const int64_t year, scanner.TakeYear(false));
    RELATA_ASSIGN_OR_RETURN(const int64_t days, scanner.TakeMonthAndDay(year));
    if (scanner.AtEnd()) return days * kMicrosPerDay;
    RELATA_ASSIGN_OR_RETURN(const Bound bound, TakeTimeWithZone(days, scanner));
    return bound.earliest;
  };
  absl::StatusOr<Instant> t = parse();
  if (t.ok()) return t;
  return absl::InvalidArgumentError(absl::StrCat(
      QuotedForError(text), " is not an instant: ", t.status().message(), ". ", kAllowedInstants));
}

std::string FormatInstant(Instant t) {
  if (t == kMinusInfinity) return "-inf";
  if (t == kPlusInfinity) return "+inf";
  const int64_t days = PeriodAt(BoundKind::kDay, t).number;
  const int64_t remainder = t % kMicrosPerDay;
  const int64_t micros = remainder < 0 ? remainder + kMicrosPerDay : remainder;
  const int64_t seconds = micros / kMicrosPerSecond;
  std::string text;
  AppendIsoDate(days, &text);
  text.push_back('T');
  AppendIsoDigits(seconds / 3600, 2, &text);
  text.push_back(':');
  AppendIsoDigits(seconds / 60 % 60, 2, &text);
  text.push_back(':');
  AppendIsoDigits(seconds % 60, 2, &text);
  if (micros % kMicrosPerSecond != 0) {
    text.push_back('.');
    AppendIsoDigits(micros % kMicrosPerSecond, 6, &text);
  }
  text.push_back('Z');
  return text;
}

Bound Bound::Unbounded(BoundRole role) {
  const Instant t = role == BoundRole::kFrom ? kMinusInfinity : kPlusInfinity;
  return Bound{t, t, BoundKind::kUnbounded};
}

Bound Bound::Unknown() {
  return Bound{kMinusInfinity, kPlusInfinity, BoundKind::kUnknown, /*about=*/false,
               /*unknown=*/true};
}

Bound Bound::At(Instant t) { return Bound{t, t, BoundKind::kInstant}; }

absl::StatusOr<Bound> Bound::Parse(absl::string_view text, BoundRole role) {
  if (text.empty()) return Unknown();
  if (text == "..") return Unbounded(role);
  absl::string_view dated = text;
  const bool about = absl::ConsumeSuffix(&dated, "~");
  absl::StatusOr<Bound> bound = ParseDated(dated);
  if (!bound.ok()) return NotABound(text, bound.status().message());
  bound->about = about;
  return bound;
}

absl::StatusOr<Bound> Bound::ParseExported(absl::string_view text, BoundRole role) {
  const size_t slash = text.find('/');
  if (slash == absl::string_view::npos) return Parse(text, role);
  absl::string_view latest = text.substr(slash + 1);
  const bool about = absl::ConsumeSuffix(&latest, "~");
  absl::StatusOr<Bound> bound = ParseCut(text.substr(0, slash), latest);
  if (!bound.ok()) return NotABound(text, bound.status().message());
  bound->about = about;
  return bound;
}

std::string Bound::ToString() const {
  std::string text;
  switch (kind) {
    case BoundKind::kUnbounded:
      text = "..";
      break;
    case BoundKind::kUnknown:
      break;
    case BoundKind::kInstant:
      text = InstantText(earliest, zone_minutes);
      break;
    case BoundKind::kCut:
      text = absl::StrCat(FormatInstant(earliest), "/", FormatInstant(latest));
      break;
    default:
      text = PeriodText(*this);
      break;
  }
  if (about) text.push_back('~');
  return text;
}

bool SameBound(const Bound& a, const Bound& b) {
  return a.earliest == b.earliest && a.latest == b.latest && a.kind == b.kind && a.about == b.about;
}

absl::StatusOr<Interval> Interval::Make(const Bound& from, const Bound& to) {
  if (from.earliest >= to.latest) {
    return absl::InvalidArgumentError(
        absl::StrCat("the valid time from ", QuotedForError(from.ToString()), " to ",
                     QuotedForError(to.ToString()), " holds no instant: it starts at ",
                     FormatInstant(from.earliest), " and ends before ", FormatInstant(to.latest),
                     ". Give an end that is later than the start."));
  }
  return Interval{from, to};
}

bool SameInterval(const Interval& a, const Interval& b) {
  return SameBound(a.from, b.from) && SameBound(a.to, b.to);
}

bool PossiblyValid(const Interval& valid, Instant t) {
  return valid.from.earliest <= t && t < valid.to.latest;
}

bool CertainlyValid(const Interval& valid, Instant t, Instant certain_from) {
  return CertainStart(valid.from, certain_from) <= t && t < valid.to.earliest;
}

bool PossiblyOverlaps(const Interval& valid, Instant a, Instant b) {
  return std::max(a, valid.from.earliest) < std::min(b, valid.to.latest);
}

bool CertainlyOverlaps(const Interval& valid, Instant a, Instant b, Instant certain_from) {
  return std::max(a, CertainStart(valid.from, certain_from)) < std::min(b, valid.to.earliest);
}

}  // namespace relata
