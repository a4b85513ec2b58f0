#include "base/csv/csv_text.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/strip.h"
#include "base/byte_order_mark.h"

namespace relata {

void CsvText::Append(absl::string_view bytes) {
  unquoted_.clear();
  buffer_.erase(0, at_);
  at_ = 0;
  buffer_.append(bytes.data(), bytes.size());
}

bool CsvText::Next(CsvFields* fields) {
  if (!begun_) {
    if (!ended_ && buffer_.size() < kByteOrderMark.size()) return false;
    begun_ = true;
    if (absl::string_view(buffer_).substr(0, kByteOrderMark.size()) == kByteOrderMark) {
      at_ = kByteOrderMark.size();
    }
  }
  while (at_ < buffer_.size()) {
    const char* const begin = buffer_.data() + at_;
    const size_t left = buffer_.size() - at_;
    const size_t newline = absl::string_view(begin, left).find('\n');
    if (newline == absl::string_view::npos && !ended_) return false;
    const size_t bytes = std::min(newline, left);
    if (bytes == 0 || (bytes == 1 && *begin == '\r')) {
      ++lines_done_;
      at_ += std::min(bytes + 1, left);
      continue;
    }
    fields->clear();
    status_ = absl::OkStatus();
    if (std::memchr(begin, '"', bytes) != nullptr) return SplitQuoted(fields);
    return SplitPlain(at_ + bytes, fields);
  }
  return false;
}

bool CsvText::SplitPlain(size_t line_end, CsvFields* fields) {
  absl::string_view line(buffer_.data() + at_, line_end - at_);
  absl::ConsumeSuffix(&line, "\r");
  while (const void* const comma = std::memchr(line.data(), ',', line.size())) {
    const auto bytes = static_cast<size_t>(static_cast<const char*>(comma) - line.data());
    fields->push_back(line.substr(0, bytes));
    line.remove_prefix(bytes + 1);
  }
  fields->push_back(line);
  at_ = std::min(line_end + 1, buffer_.size());
  line_ = ++lines_done_;
  return true;
}

// Byte by byte. Where the record is not there whole, nothing is taken.
bool CsvText::SplitQuoted(CsvFields* fields) {
  enum class Place { kBegin, kPlain, kQuoted, kClosed } place = Place::kBegin;
  int64_t lines = 1;
  bool bad = false;
  const auto end_field = [&](std::string& field) {
    fields->push_back(unquoted_.emplace_back(std::move(field)));
    field.clear();
    place = Place::kBegin;
  };
  std::string field;
  size_t i = at_;
  for (; i < buffer_.size(); ++i) {
    const char c = buffer_[i];
    if (place == Place::kQuoted) {
      if (c == '\n') ++lines;
      const bool last = i + 1 == buffer_.size();
      if (c == '"' && last && !ended_) return false;  // closing, or the first of two
      if (c == '"' && !last && buffer_[i + 1] == '"') {
        field += c;
        ++i;
      } else if (c == '"') {
        place = Place::kClosed;
      } else if (c != '\r' || last || buffer_[i + 1] != '\n') {
        field += c;
      }
    } else if (c == '\n') {
      break;
    } else if (c == '\r' && (i + 1 == buffer_.size() || buffer_[i + 1] == '\n')) {
      continue;
    } else if (c == ',') {
      end_field(field);
    } else if (c == '"' && place == Place::kBegin) {
      place = Place::kQuoted;
    } else if (c == '"' || place == Place::kClosed) {
      bad = true;
    } else {
      field += c;
      place = Place::kPlain;
    }
  }
  if (i == buffer_.size() && !ended_) return false;
  if (place == Place::kQuoted) {
    status_ = absl::InvalidArgumentError("a quote is never closed");
  } else if (bad) {
    status_ = absl::InvalidArgumentError(
        "a quote inside a field: put the whole field in quotes and double those inside");
  }
  end_field(field);
  line_ = lines_done_ + 1;
  lines_done_ += lines;
  at_ = std::min(i + 1, buffer_.size());
  return true;
}

}  // namespace relata
