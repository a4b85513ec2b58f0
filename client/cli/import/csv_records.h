#ifndef RELATA_CLIENT_CLI_IMPORT_CSV_RECORDS_H_
#define RELATA_CLIENT_CLI_IMPORT_CSV_RECORDS_H_

#include <cstdint>
#include <istream>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace relata {

// Splits CSV (RFC 4180) into records: fields between commas, a field in double quotes may hold
// commas, line breaks and doubled quotes. Lines end with LF or CRLF; empty lines are skipped, and
// so is a byte order mark. Borrows `in`. Not thread-safe.
class CsvRecords {
 public:
  explicit CsvRecords(std::istream* in) : in_(in) {}

  // Reads the next record into `fields`. False at the end of the file. `status()` tells then
  // whether the record is good: text after a closing quote, a quote within a field without quotes
  // and a quote that is never closed are INVALID_ARGUMENT.
  bool Next(std::vector<std::string>* fields);

  const absl::Status& status() const { return status_; }
  // Line on which the last record began, from 1, and bytes read up to its end.
  int64_t line() const { return line_; }
  int64_t bytes() const { return bytes_; }

 private:
  bool ReadLine(std::string* text);
  void Split(std::string text, std::vector<std::string>* fields);

  std::istream* const in_;
  absl::Status status_;
  int64_t lines_read_ = 0;
  int64_t line_ = 0;
  int64_t bytes_ = 0;
};

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_IMPORT_CSV_RECORDS_H_
