#include "client/cli/import/json_lines_reader.h"

#include <google/protobuf/util/json_util.h>

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/byte_order_mark.h"

namespace relata {
namespace {

absl::Status ParseMutation(const std::string& text, v1::Mutation* mutation) {
  const auto status = google::protobuf::util::JsonStringToMessage(text, mutation);
  if (!status.ok()) {
    // Only the first line: the rest shows a piece of the text again.
    const std::string message(status.message());
    return absl::InvalidArgumentError(
        absl::StrCat("no mutation in JSON: ", message.substr(0, message.find('\n'))));
  }
  if (mutation->kind_case() == v1::Mutation::KIND_NOT_SET) {
    return absl::InvalidArgumentError(
        "no mutation in JSON: the object names none, as in {\"putEntity\": {...}}");
  }
  return absl::OkStatus();
}

}  // namespace

bool JsonLinesReader::Next(ImportLine* line) {
  std::string text;
  while (std::getline(*in_, text)) {
    ++line_;
    bytes_ += static_cast<int64_t>(text.size()) + 1;
    if (line_ == 1) text = std::string(absl::StripPrefix(text, kByteOrderMark));
    if (absl::StripAsciiWhitespace(text).empty()) continue;
    line->line = line_;
    line->bytes = bytes_;
    line->mutation.Clear();
    line->status = ParseMutation(text, &line->mutation);
    return true;
  }
  return false;
}

}  // namespace relata
