#ifndef RELATA_STORAGE_CODEC_ORDERED_NUMBER_H_
#define RELATA_STORAGE_CODEC_ORDERED_NUMBER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "absl/numeric/int128.h"
#include "absl/strings/string_view.h"

namespace relata {

// mantissa / 10^scale, exact.
struct OrderedDecimal {
  absl::int128 mantissa = 0;
  uint8_t scale = 0;
  bool operator==(const OrderedDecimal&) const = default;
};

// A number of one of the three types that share one collation (docs/semantics.md, S7).
using OrderedNumber = std::variant<int64_t, double, OrderedDecimal>;

// A key component for numbers: its bytes compare as the exact mathematical values compare, whatever
// the types: no rounding, for integers above 2^53 and for decimals between two neighbouring doubles
// too. -0.0 equals 0.0; negative infinity sorts first, infinity after every finite number, and NaN
// (all NaNs are one) last. It ends by itself.
//
// Layout (on disk):
//   component = collation tie-break
//   collation = double8 0x00                     the value is exactly that double
//             | double8 0x01 exponent2 digits    the value lies between that double and the next
//             one away from zero
//   tie-break = 0x01 | 0x02 | 0x03 scale         int64, float64, decimal with its scale
// double8: the IEEE 754 bits of the value rounded towards zero, big-endian, with the sign bit set.
// exponent2: e + 1024 where the value is 0.d1d2d3… * 10^e with d1 not 0, big-endian. digits: d1d2,
// d3d4, … two a byte as 10*d + d' + 1 without trailing zeros (the last d' may be 0), ended by 0x00.
// For negative values every byte of the collation is complemented. Numbers that are equal have the
// same collation bytes.
void AppendOrderedNumber(std::string* out, const OrderedNumber& number);

// The collation part alone, which ends by itself too: what equal numbers of all types share, for
// look-ups by equality, bounds of ranges, and grouping.
void AppendNumberCollation(std::string* out, const OrderedNumber& number);

// Moves past the collation part of one component. False, and `input` as it was, where there is
// none.
bool SkipNumberCollation(absl::string_view* input);

// Takes one component from the front of `input` and gives the number back with its type and scale.
// Exact but for -0.0, which comes back as 0.0, and the payload of a NaN. nullopt, and `input` as it
// was, where the bytes are damaged.
std::optional<OrderedNumber> ConsumeOrderedNumber(absl::string_view* input);

}  // namespace relata

#endif  // RELATA_STORAGE_CODEC_ORDERED_NUMBER_H_
