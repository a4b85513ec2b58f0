#ifndef RELATA_CLIENT_CLI_IMPORT_CSV_READER_H_
#define RELATA_CLIENT_CLI_IMPORT_CSV_READER_H_

#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <utility>

#include "base/csv/csv_text.h"
#include "client/cli/import/csv_mutations.h"
#include "client/cli/import/mutation_reader.h"

namespace relata {

// CSV with a line of headings, by CsvMutations. Where headings and mapping do not fit, that is the
// one bad line there is. Borrows `in`.
class CsvReader : public MutationReader {
 public:
  // `mapping` as CsvMapping::Parse reads it.
  CsvReader(std::istream* in, std::string mapping) : in_(in), mapping_(std::move(mapping)) {}

  bool Next(ImportLine* line) override;

 private:
  // The next record, good or bad; false at the end.
  bool NextRecord(CsvFields* fields);
  void ReadPiece();
  // INVALID_ARGUMENT where the record is not split well or not UTF-8.
  absl::Status StatusOf(const CsvFields& fields) const;
  absl::Status Begin(const CsvFields& headings);
  ImportLine LineOf(const absl::Status& status) const;

  std::istream* const in_;
  const std::string mapping_;
  CsvText text_;
  int64_t bytes_read_ = 0;
  bool ended_ = false;
  std::optional<CsvMutations> mutations_;
  bool unusable_ = false;
};

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_IMPORT_CSV_READER_H_
