#ifndef RELATA_GRAPH_QUERY_FUNCTIONS_CODE_POINTS_H_
#define RELATA_GRAPH_QUERY_FUNCTIONS_CODE_POINTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace relata::query {

// UTF-8 texts by code points, which is how the query language counts characters. A byte that
// belongs to no code point counts as one.

int64_t CountCodePoints(absl::string_view text);
// Bytes before code point `index`; all of them where there are not so many.
size_t OffsetOfCodePoint(absl::string_view text, int64_t index);
std::vector<int32_t> CodePoints(absl::string_view text);
std::string ReverseCodePoints(absl::string_view text);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_FUNCTIONS_CODE_POINTS_H_
