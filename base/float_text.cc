#include "base/float_text.h"

#include <charconv>
#include <cmath>
#include <cstddef>

namespace relata {
namespace {

// Sizes in [kLeastPlain, kAbovePlain) have no exponent.
constexpr double kLeastPlain = 1e-3;
constexpr double kAbovePlain = 1e7;

// `d.ddE±x` from the `d.dde±xx` of the C++ library.
std::string WithExponent(double number) {
  char buffer[32];
  char* end =
      std::to_chars(buffer, buffer + sizeof(buffer), number, std::chars_format::scientific).ptr;
  std::string text(buffer, end);
  // Of one digit: the two that are nearest, which differ from `.0` for the very smallest floats.
  if (text.find('.') == std::string::npos) {
    end = std::to_chars(buffer, buffer + sizeof(buffer), number, std::chars_format::scientific, 1)
              .ptr;
    text.assign(buffer, end);
  }
  const size_t letter = text.find('e');
  const bool negative = text[letter + 1] == '-';
  const size_t digits = text.find_first_not_of('0', letter + 2);
  return text.substr(0, letter) + (negative ? "E-" : "E") + text.substr(digits);
}

}  // namespace

std::string FloatText(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number < 0 ? "-Infinity" : "Infinity";
  const double size = std::fabs(number);
  if (size != 0 && (size < kLeastPlain || size >= kAbovePlain)) return WithExponent(number);
  char buffer[32];
  char* const end =
      std::to_chars(buffer, buffer + sizeof(buffer), number, std::chars_format::fixed).ptr;
  std::string text(buffer, end);
  if (text.find('.') == std::string::npos) text += ".0";
  return text;
}

}  // namespace relata
