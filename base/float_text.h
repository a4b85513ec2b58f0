#ifndef RELATA_BASE_FLOAT_TEXT_H_
#define RELATA_BASE_FLOAT_TEXT_H_

#include <string>

namespace relata {

// A float as toString() of the query language gives it and as results show it: the form of
// Double.toString of Java 19 and later, which other openCypher databases use. The fewest digits
// that read back as `number`, at least one on each side of the point: without an exponent where the
// size is in [10^-3, 10^7) (`0.001`, `1234567.0`), else as `1.0E7`, `1.5E-10`. Also `0.0`, `-0.0`,
// `NaN`, `Infinity`, `-Infinity`.
std::string FloatText(double number);

}  // namespace relata

#endif  // RELATA_BASE_FLOAT_TEXT_H_
