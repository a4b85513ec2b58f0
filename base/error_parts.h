#ifndef RELATA_BASE_ERROR_PARTS_H_
#define RELATA_BASE_ERROR_PARTS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace relata {

// The variable parts of an error's message, beside the message: programs read them, and need not
// take the text apart. The server sends each as metadata of the error's reason; in other hands the
// message says enough.

// What the names of parts begin with where a status keeps them.
inline constexpr absl::string_view kErrorPartPrefix = "relata/part/";

// Name, as the API documents it beside the reason, and text.
using ErrorParts = std::vector<std::pair<absl::string_view, std::string>>;

// `status`, which is an error, with these parts; one of the same name is replaced.
inline absl::Status WithParts(absl::Status status, const ErrorParts& parts) {
  for (const auto& [name, text] : parts) {
    status.SetPayload(absl::StrCat(kErrorPartPrefix, name), absl::Cord(text));
  }
  return status;
}

// RESOURCE_EXHAUSTED with `message`: the limit's name (`max_rows`) and what it is.
inline absl::Status LimitReached(absl::string_view limit, const absl::AlphaNum& value,
                                 absl::string_view message) {
  return WithParts(absl::ResourceExhaustedError(message),
                   {{"limit", std::string(limit)}, {"value", std::string(value.Piece())}});
}

// `status` with the parts that `from` has.
inline absl::Status WithPartsOf(absl::Status status, const absl::Status& from) {
  from.ForEachPayload([&status](absl::string_view url, const absl::Cord& text) {
    if (absl::StartsWith(url, kErrorPartPrefix)) status.SetPayload(url, text);
  });
  return status;
}

}  // namespace relata

#endif  // RELATA_BASE_ERROR_PARTS_H_
