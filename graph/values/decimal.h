#ifndef RELATA_GRAPH_VALUES_DECIMAL_H_
#define RELATA_GRAPH_VALUES_DECIMAL_H_

#include <cstdint>
#include <string>

#include "absl/numeric/int128.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace relata {

// An exact decimal: mantissa / 10^scale, at most kMaxDigits digits, scale 0 to kMaxScale. The scale
// is kept as written: 1.0 and 1.00 are equal (S7) and print differently. There is no negative zero.
struct Decimal {
  static constexpr int kMaxDigits = 38;
  static constexpr int kMaxScale = 38;

  absl::int128 mantissa = 0;
  uint8_t scale = 0;

  // `-12.340`: digits on both sides of the point, no `+`, no blanks; with `allow_exponent` also
  // `2.8e9`, `28E-10` (the result then has the scale that is left, 0 at least). INVALID_ARGUMENT
  // for anything else, and for what needs more than 38 digits or a scale above 38.
  static absl::StatusOr<Decimal> Parse(absl::string_view text, bool allow_exponent = false);
  // All digits of the scale, no exponent.
  std::string ToString() const;
  // The nearest double.
  double ToDouble() const;
  // Whether mantissa and scale keep to the limits above: decimals read from bytes may not.
  bool IsValid() const;
};

// Negative, 0, positive, by value and not by scale.
int Compare(const Decimal& a, const Decimal& b);

// Exact. The scale is the larger one (Add, Subtract) or the sum (Multiply), and less, by trailing
// zeros of the fraction only, where the limits force it. OUT_OF_RANGE where the exact result needs
// more than 38 digits.
absl::StatusOr<Decimal> Add(const Decimal& a, const Decimal& b);
absl::StatusOr<Decimal> Subtract(const Decimal& a, const Decimal& b);
absl::StatusOr<Decimal> Multiply(const Decimal& a, const Decimal& b);

}  // namespace relata

#endif  // RELATA_GRAPH_VALUES_DECIMAL_H_
