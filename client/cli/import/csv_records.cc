#include "client/cli/import/csv_records.h"

#include <algorithm>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "client/cli/import/byte_order_mark.h"
#include "client/cli/utf8.h"

namespace relata {

bool CsvRecords::ReadLine(std::string* text) {
  if (!std::getline(*in_, *text)) return false;
  bytes_ += static_cast<int64_t>(text->size()) + 1;
  if (++lines_read_ == 1) *text = std::string(absl::StripPrefix(*text, kByteOrderMark));
  return true;
}

bool CsvRecords::Next(std::vector<std::string>* fields) {
  std::string text;
  while (ReadLine(&text)) {
    const absl::string_view content = absl::StripSuffix(absl::string_view(text), "\r");
    if (content.empty()) continue;
    line_ = lines_read_;
    status_ = absl::OkStatus();
    fields->clear();
    Split(std::string(content), fields);
    const bool readable = std::all_of(fields->begin(), fields->end(), IsWellFormedUtf8);
    if (status_.ok() && !readable) {
      status_ = absl::InvalidArgumentError("the line is not UTF-8: save the file as UTF-8");
    }
    return true;
  }
  return false;
}

void CsvRecords::Split(std::string text, std::vector<std::string>* fields) {
  std::string field;
  // Where in a field: at its begin, in text without quotes, in quotes, after the closing quote.
  enum class Place { kBegin, kPlain, kQuoted, kClosed } place = Place::kBegin;
  for (size_t i = 0;; ++i) {
    if (i == text.size()) {
      if (place != Place::kQuoted) break;
      std::string next;
      if (!ReadLine(&next)) {
        status_ = absl::InvalidArgumentError("a quote is never closed");
        break;
      }
      field += '\n';
      text = std::string(absl::StripSuffix(absl::string_view(next), "\r"));
      i = static_cast<size_t>(-1);
      continue;
    }
    const char c = text[i];
    if (place == Place::kQuoted) {
      if (c != '"') {
        field += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        field += c;
        ++i;
      } else {
        place = Place::kClosed;
      }
    } else if (c == ',') {
      fields->push_back(std::exchange(field, ""));
      place = Place::kBegin;
    } else if (c == '"' && place == Place::kBegin) {
      place = Place::kQuoted;
    } else if (c == '"' || place == Place::kClosed) {
      status_ = absl::InvalidArgumentError(
          "a quote inside a field: put the whole field in quotes and double those inside");
      return;
    } else {
      field += c;
      place = Place::kPlain;
    }
  }
  fields->push_back(std::move(field));
}

}  // namespace relata
