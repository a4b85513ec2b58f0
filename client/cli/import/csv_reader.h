#ifndef RELATA_CLIENT_CLI_IMPORT_CSV_READER_H_
#define RELATA_CLIENT_CLI_IMPORT_CSV_READER_H_

#include <istream>
#include <optional>
#include <string>
#include <utility>

#include "client/cli/import/csv_mapping.h"
#include "client/cli/import/csv_records.h"
#include "client/cli/import/mutation_reader.h"

namespace relata {

// CSV with a line of headings, by CsvMapping. Where headings and mapping do not fit, that is the
// one bad line there is. Borrows `in`.
class CsvReader : public MutationReader {
 public:
  // `mapping` as CsvMapping::Parse reads it; empty: the headings say it.
  CsvReader(std::istream* in, std::string mapping)
      : records_(in), mapping_text_(std::move(mapping)) {}

  bool Next(ImportLine* line) override;

 private:
  absl::StatusOr<CsvMapping> ReadMapping(const std::vector<std::string>& headings) const;

  CsvRecords records_;
  const std::string mapping_text_;
  std::optional<CsvMapping> mapping_;
  bool unusable_ = false;
};

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_IMPORT_CSV_READER_H_
