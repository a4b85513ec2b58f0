#ifndef RELATA_BASE_CSV_CSV_TEXT_H_
#define RELATA_BASE_CSV_CSV_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace relata {

// The fields of a record, or the headings of a file.
using CsvFields = std::vector<absl::string_view>;

// Splits CSV (RFC 4180) that comes in pieces into records: fields between commas, a field in double
// quotes may hold commas, line breaks and doubled quotes. Lines end with LF or CRLF; empty lines
// are skipped, and so is a byte order mark. Not thread-safe.
class CsvText {
 public:
  // More of the text, cut anywhere. Ends the views that Next gave so far. A record in quotes that
  // is not there whole is looked at again from its begin.
  void Append(absl::string_view bytes);
  // The text is over: its last line may lack its end.
  void End() { ended_ = true; }

  // The next record that is there whole; false where there is none (yet). The views hold until the
  // next Append.
  bool Next(CsvFields* fields);

  // Whether the last record is good. INVALID_ARGUMENT: text after a closing quote, a quote within a
  // field without quotes, a quote that is never closed.
  const absl::Status& status() const { return status_; }
  // Bytes of the record that is not there whole yet.
  size_t waiting() const { return buffer_.size() - at_; }
  // Line on which the last record began, from 1.
  int64_t line() const { return line_; }

 private:
  bool SplitPlain(size_t line_end, CsvFields* fields);
  bool SplitQuoted(CsvFields* fields);

  std::string buffer_;
  size_t at_ = 0;
  bool ended_ = false;
  bool begun_ = false;
  int64_t lines_done_ = 0;
  int64_t line_ = 0;
  absl::Status status_;
  std::deque<std::string> unquoted_;  // fields that are no part of the buffer
};

}  // namespace relata

#endif  // RELATA_BASE_CSV_CSV_TEXT_H_
