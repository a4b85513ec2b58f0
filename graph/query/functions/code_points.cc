#include "graph/query/functions/code_points.h"

#include <unicode/utf8.h>

namespace relata::query {
namespace {

// The size of the code point that `text`, not empty, starts with.
size_t FirstSize(absl::string_view text, int32_t* code_point) {
  // A code point has at most four bytes, so a long text does not overflow ICU's 32 bits.
  const auto size = static_cast<int32_t>(text.size() < 4 ? text.size() : 4);
  if (static_cast<unsigned char>(text.front()) < 0x80) {
    *code_point = static_cast<unsigned char>(text.front());
    return 1;
  }
  int32_t next = 0;
  UChar32 c = 0;
  U8_NEXT(text.data(), next, size, c);
  *code_point = c;
  return static_cast<size_t>(next);
}

}  // namespace

int64_t CountCodePoints(absl::string_view text) {
  int64_t count = 0;
  int32_t ignored = 0;
  for (; !text.empty(); ++count) text.remove_prefix(FirstSize(text, &ignored));
  return count;
}

size_t OffsetOfCodePoint(absl::string_view text, int64_t index) {
  absl::string_view rest = text;
  int32_t ignored = 0;
  for (; index > 0 && !rest.empty(); --index) rest.remove_prefix(FirstSize(rest, &ignored));
  return text.size() - rest.size();
}

std::vector<int32_t> CodePoints(absl::string_view text) {
  std::vector<int32_t> points;
  while (!text.empty()) {
    int32_t point = 0;
    text.remove_prefix(FirstSize(text, &point));
    points.push_back(point);
  }
  return points;
}

std::string ReverseCodePoints(absl::string_view text) {
  std::string reversed(text.size(), '\0');
  size_t end = text.size();
  int32_t ignored = 0;
  while (!text.empty()) {
    const size_t size = FirstSize(text, &ignored);
    end -= size;
    text.substr(0, size).copy(reversed.data() + end, size);
    text.remove_prefix(size);
  }
  return reversed;
}

}  // namespace relata::query
