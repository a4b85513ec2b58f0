#include "graph/query/functions/time_zones.h"

#include <unicode/basictz.h>
#include <unicode/timezone.h>
#include <unicode/unistr.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/query_error.h"
#include "graph/values/iso_text.h"

namespace relata::query {
namespace {

// The Gregorian calendar, weekdays included, repeats after 400 years.
constexpr int64_t kCycleSeconds = int64_t{146097} * kSecondsPerDay;
// A double counts milliseconds exactly up to here and far beyond: about the years -14,000 and
// 18,000. Farther away a zone is asked about the same day of an earlier or later cycle.
constexpr int64_t kExactSeconds = int64_t{40} * kCycleSeconds;
constexpr double kMillis = 1000;

absl::Status UnknownZone(absl::string_view zone) {
  return ArgumentError(
      "InvalidArgumentValue",
      absl::StrCat("there is no time zone ", QuotedForError(zone),
                   "; name one of the IANA time zone database as Europe/Stockholm, or give an "
                   "offset as +01:00"));
}

// Zones that were asked for, by name; owned by the thread, so no lock is needed.
using ZoneCache = absl::flat_hash_map<std::string, std::unique_ptr<icu::BasicTimeZone>>;

absl::StatusOr<const icu::BasicTimeZone*> FindZone(absl::string_view name) {
  thread_local ZoneCache cache;
  if (const auto found = cache.find(name); found != cache.end()) return found->second.get();
  if (name.empty() || name.size() > DateTime::kLongestZone) return UnknownZone(name);
  const auto id = icu::UnicodeString::fromUTF8(
      icu::StringPiece(name.data(), static_cast<int32_t>(name.size())));
  icu::UnicodeString canonical;
  UBool known = 0;
  UErrorCode error = U_ZERO_ERROR;
  icu::TimeZone::getCanonicalID(id, canonical, known, error);
  if (U_FAILURE(error) || !known || canonical == icu::UnicodeString("Etc/Unknown")) {
    return UnknownZone(name);
  }
  std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(id));
  auto* basic = dynamic_cast<icu::BasicTimeZone*>(zone.get());
  if (basic == nullptr) return UnknownZone(name);
  static_cast<void>(zone.release());
  cache[name] = std::unique_ptr<icu::BasicTimeZone>(basic);
  return basic;
}

int64_t WithinExactRange(int64_t seconds) {
  if (seconds > kExactSeconds) return kExactSeconds - kCycleSeconds + seconds % kCycleSeconds;
  if (seconds < -kExactSeconds) return -kExactSeconds + kCycleSeconds + seconds % kCycleSeconds;
  return seconds;
}

absl::StatusOr<int32_t> OffsetAt(const icu::BasicTimeZone& zone, int64_t utc_seconds) {
  int32_t raw = 0;
  int32_t daylight = 0;
  UErrorCode error = U_ZERO_ERROR;
  zone.getOffset(static_cast<double>(WithinExactRange(utc_seconds)) * kMillis, /*local=*/0, raw,
                 daylight, error);
  if (U_FAILURE(error)) return absl::InternalError("ICU gave no offset of a time zone");
  return (raw + daylight) / 1000;
}

}  // namespace

absl::Status CheckZone(absl::string_view zone) { return FindZone(zone).status(); }

absl::StatusOr<int32_t> ZoneOffsetAt(absl::string_view zone, int64_t utc_seconds) {
  RELATA_ASSIGN_OR_RETURN(const icu::BasicTimeZone* rules, FindZone(zone));
  return OffsetAt(*rules, utc_seconds);
}

absl::StatusOr<DateTime> ResolveInZone(absl::string_view zone, int64_t local_seconds, int32_t nanos,
                                       std::optional<int32_t> preferred_offset) {
  RELATA_ASSIGN_OR_RETURN(const icu::BasicTimeZone* rules, FindZone(zone));
  if (preferred_offset.has_value()) {
    const int64_t utc = local_seconds - *preferred_offset;
    RELATA_ASSIGN_OR_RETURN(const int32_t offset, OffsetAt(*rules, utc));
    if (offset == *preferred_offset) return DateTime{utc, nanos, offset, std::string(zone)};
  }
  int32_t raw = 0;
  int32_t daylight = 0;
  UErrorCode error = U_ZERO_ERROR;
  rules->getOffsetFromLocal(static_cast<double>(WithinExactRange(local_seconds)) * kMillis,
                            UCAL_TZ_LOCAL_FORMER, UCAL_TZ_LOCAL_FORMER, raw, daylight, error);
  if (U_FAILURE(error)) return absl::InternalError("ICU gave no offset of a time zone");
  const int64_t utc = local_seconds - (raw + daylight) / 1000;
  RELATA_ASSIGN_OR_RETURN(const int32_t offset, OffsetAt(*rules, utc));
  return DateTime{utc, nanos, offset, std::string(zone)};
}

}  // namespace relata::query
