#include "client/cli/import/csv_reader.h"

#include <utility>
#include <vector>

#include "base/status_macros.h"

namespace relata {

absl::StatusOr<CsvMapping> CsvReader::ReadMapping(const std::vector<std::string>& headings) const {
  RELATA_RETURN_IF_ERROR(records_.status());
  return mapping_text_.empty() ? CsvMapping::FromHeadings(headings)
                               : CsvMapping::Parse(mapping_text_, headings);
}

bool CsvReader::Next(ImportLine* line) {
  std::vector<std::string> fields;
  if (unusable_ || !records_.Next(&fields)) return false;
  if (!mapping_) {
    absl::StatusOr<CsvMapping> mapping = ReadMapping(fields);
    if (!mapping.ok()) {
      unusable_ = true;
      *line = {records_.line(), records_.bytes(), mapping.status(), {}, {}};
      return true;
    }
    mapping_ = *std::move(mapping);
    if (!records_.Next(&fields)) return false;
  }
  *line = {records_.line(), records_.bytes(), records_.status(), {}, {}};
  if (!line->status.ok()) return true;
  absl::StatusOr<v1::Mutation> mutation = mapping_->Apply(fields);
  if (mutation.ok()) {
    line->mutation = *std::move(mutation);
  } else {
    line->status = mutation.status();
  }
  return true;
}

}  // namespace relata
