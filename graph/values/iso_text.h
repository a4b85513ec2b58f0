#ifndef RELATA_GRAPH_VALUES_ISO_TEXT_H_
#define RELATA_GRAPH_VALUES_ISO_TEXT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace relata {

// The parts that ISO 8601 texts of dates and times (extended format only) are made of, for the
// parsers of graph/values. Strict: fixed numbers of digits, no blanks, no lower-case `t` or `z`.
//
// A scanner moves over a text that the caller keeps alive. A Take function moves past what it
// returns; after an error the position has no meaning. Its errors are INVALID_ARGUMENT and say only
// the reason ("month 13 is not 01 to 12"); the caller says which text of which kind it was.
class IsoScanner {
 public:
  explicit IsoScanner(absl::string_view text) : rest_(text) {}

  bool AtEnd() const { return rest_.empty(); }
  absl::string_view rest() const { return rest_; }
  // False, and nothing is taken, where the next character is another.
  bool Take(char c);
  // Exactly `count` (1 to 9) digits; nullopt, and nothing is taken, where there are fewer.
  std::optional<int> TakeDigits(int count);
  // Any number of digits, at least one, that fits int64; nullopt otherwise.
  std::optional<int64_t> TakeNumber();
  // The digits after a point, 1 to `max_digits` (at most 9), as a count of 10^-max_digits.
  absl::StatusOr<int32_t> TakeFraction(int max_digits);

  // `2026`: four digits, 0001 to 9999. With `wide` also 0000 and, after a sign, 4 to 9 digits.
  absl::StatusOr<int64_t> TakeYear(bool wide);
  // `-03-11` after the year `year`, as days since 1970-01-01.
  absl::StatusOr<int64_t> TakeMonthAndDay(int64_t year);
  // `10:30:00.25` as nanoseconds since midnight, 00:00 to 23:59:59.999999999. Without
  // `seconds_required` also `10:30`.
  absl::StatusOr<int64_t> TakeTimeOfDay(int max_fraction_digits, bool seconds_required);
  // `Z` or `+08:00`, -18:00 to +18:00, as seconds; with `with_seconds` also `+08:00:30`.
  absl::StatusOr<int32_t> TakeOffset(bool with_seconds);
  // An error that shows what is left, unless nothing is.
  absl::Status CheckEnd() const;

 private:
  absl::string_view rest_;
};

inline constexpr int64_t kNanosPerSecond = 1'000'000'000;
inline constexpr int64_t kSecondsPerDay = 86'400;
inline constexpr int64_t kNanosPerDay = kSecondsPerDay * kNanosPerSecond;
inline constexpr int32_t kMaxOffsetSeconds = 18 * 3600;

// A number from 0 on in decimal, with zeros in front up to `width` digits. (By hand, since every
// answer shows many dates, and format strings are slow.)
void AppendIsoDigits(int64_t number, int width, std::string* out);
// `2026-03-11`; years outside 0000 to 9999 with a sign. `days` since 1970-01-01.
void AppendIsoDate(int64_t days, std::string* out);
// `10:30`, with seconds and as many digits of fraction as needed where these are not 0.
void AppendIsoTimeOfDay(int64_t nanos, std::string* out);
// `Z`, `+08:00`, `-05:30:15`.
void AppendIsoOffset(int32_t seconds, std::string* out);
// `.25` of `nanos` = 250,000,000; nothing for 0.
void AppendIsoFraction(int32_t nanos, std::string* out);

// `text` in quotes as error messages show it: escaped, and cut where it is long.
std::string QuotedForError(absl::string_view text);

}  // namespace relata

#endif  // RELATA_GRAPH_VALUES_ISO_TEXT_H_
