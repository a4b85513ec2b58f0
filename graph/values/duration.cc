#include <cstdlib>
#include <iterator>
#include <optional>
#include <tuple>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/values/iso_text.h"
#include "graph/values/temporal.h"

namespace relata {
namespace {

constexpr int kSecondsFractionDigits = 9;

// A part of a duration's text: its letter, and what one of it adds to which field.
struct Part {
  char letter;
  int64_t Duration::*field;
  int64_t factor;
};
constexpr Part kDateParts[] = {{'Y', &Duration::months, 12},
                               {'M', &Duration::months, 1},
                               {'W', &Duration::days, 7},
                               {'D', &Duration::days, 1}};
constexpr Part kTimeParts[] = {
    {'H', &Duration::seconds, 3600}, {'M', &Duration::seconds, 60}, {'S', &Duration::seconds, 1}};

absl::Status TooLarge() { return absl::InvalidArgumentError("a number in it is too large"); }

// *field += number * factor. False where that overflows.
bool AddTo(int64_t* field, int64_t number, int64_t factor) {
  int64_t product;
  return !__builtin_mul_overflow(number, factor, &product) &&
         !__builtin_add_overflow(*field, product, field);
}

// A number as it stands before a letter: -7.5 is {true, 7, 500,000,000}.
struct Number {
  bool negative = false;
  int64_t whole = 0;
  std::optional<int32_t> nanos;
};

absl::StatusOr<Number> TakeNumber(IsoScanner& scanner) {
  Number number;
  number.negative = scanner.Take('-');
  if (!number.negative) scanner.Take('+');
  const std::optional<int64_t> whole = scanner.TakeNumber();
  if (!whole.has_value()) {
    return absl::InvalidArgumentError("a number that fits 64 bits is missing before a letter");
  }
  number.whole = *whole;
  if (scanner.Take('.')) {
    RELATA_ASSIGN_OR_RETURN(number.nanos, scanner.TakeFraction(kSecondsFractionDigits));
  }
  return number;
}

absl::Status AddPart(const Number& number, const Part& part, Duration& duration) {
  const int64_t sign = number.negative ? -1 : 1;
  if (!AddTo(&(duration.*part.field), sign * number.whole, part.factor)) return TooLarge();
  if (!number.nanos.has_value()) return absl::OkStatus();
  if (part.letter != 'S') {
    return absl::InvalidArgumentError("only the seconds can have a fraction");
  }
  if (!number.negative || *number.nanos == 0) {
    duration.nanos = *number.nanos;
    return absl::OkStatus();
  }
  duration.nanos = static_cast<int32_t>(kNanosPerSecond - *number.nanos);
  return AddTo(&duration.seconds, -1, 1) ? absl::OkStatus() : TooLarge();
}

// Parts in the order of [part, end), each at most once, until `T` or the end.
absl::Status TakeParts(const Part* part, const Part* end, IsoScanner& scanner, Duration& duration) {
  while (!scanner.AtEnd() && scanner.rest().front() != 'T') {
    RELATA_ASSIGN_OR_RETURN(const Number number, TakeNumber(scanner));
    while (part != end && !scanner.Take(part->letter)) ++part;
    if (part == end) {
      return absl::InvalidArgumentError(
          "a number is not followed by its letter, in the order Y M W D, T, H M S");
    }
    RELATA_RETURN_IF_ERROR(AddPart(number, *part, duration));
    ++part;
  }
  return absl::OkStatus();
}

absl::StatusOr<Duration> ParseParts(absl::string_view text) {
  IsoScanner scanner(text);
  if (!scanner.Take('P')) return absl::InvalidArgumentError("it does not start with P");
  if (scanner.AtEnd()) return absl::InvalidArgumentError("nothing follows the P");
  Duration duration;
  RELATA_RETURN_IF_ERROR(
      TakeParts(std::begin(kDateParts), std::end(kDateParts), scanner, duration));
  if (!scanner.Take('T')) return duration;
  if (scanner.AtEnd()) return absl::InvalidArgumentError("nothing follows the T");
  RELATA_RETURN_IF_ERROR(
      TakeParts(std::begin(kTimeParts), std::end(kTimeParts), scanner, duration));
  RELATA_RETURN_IF_ERROR(scanner.CheckEnd());
  return duration;
}

void AppendPart(int64_t number, char letter, std::string* out) {
  if (number != 0) absl::StrAppend(out, number, std::string(1, letter));
}

// `-0.5S`: seconds and nanos of one sign.
void AppendSeconds(int64_t seconds, int32_t nanos, std::string* out) {
  if (seconds == 0 && nanos == 0) return;
  if (seconds < 0 || nanos < 0) out->push_back('-');
  absl::StrAppend(out, std::abs(seconds));
  AppendIsoFraction(std::abs(nanos), out);
  out->push_back('S');
}

}  // namespace

std::strong_ordering Duration::operator<=>(const Duration& other) const {
  const absl::int128 length = LengthInSeconds();
  const absl::int128 other_length = other.LengthInSeconds();
  if (length != other_length) {
    return length < other_length ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  return std::tie(nanos, months, days) <=> std::tie(other.nanos, other.months, other.days);
}

absl::StatusOr<Duration> Duration::Parse(absl::string_view text) {
  absl::StatusOr<Duration> duration = ParseParts(text);
  if (duration.ok()) return duration;
  return absl::InvalidArgumentError(
      absl::StrCat(QuotedForError(text), " is not a duration: ", duration.status().message(),
                   ". Write it as P1Y2M3DT4H5M6.5S."));
}

std::string Duration::ToString() const {
  std::string text = "P";
  AppendPart(months / 12, 'Y', &text);
  AppendPart(months % 12, 'M', &text);
  AppendPart(days, 'D', &text);
  // Towards zero, so that all parts have one sign.
  const bool borrow = seconds < 0 && nanos > 0;
  const int64_t whole = borrow ? seconds + 1 : seconds;
  const auto fraction = borrow ? nanos - static_cast<int32_t>(kNanosPerSecond) : nanos;
  if (whole != 0 || fraction != 0) {
    text.push_back('T');
    AppendPart(whole / 3600, 'H', &text);
    AppendPart(whole / 60 % 60, 'M', &text);
    AppendSeconds(whole % 60, fraction, &text);
  }
  return text == "P" ? "PT0S" : text;
}

absl::int128 Duration::LengthInSeconds() const {
  return absl::int128(months) * kSecondsPerMonth + absl::int128(days) * kSecondsPerDay + seconds;
}

bool Duration::IsValid() const { return nanos >= 0 && nanos < kNanosPerSecond; }

}  // namespace relata
