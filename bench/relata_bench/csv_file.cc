#include "bench/relata_bench/csv_file.h"

#include <fstream>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace relata::bench {
namespace {

void Split(absl::string_view line, std::vector<absl::string_view>& fields) {
  fields.clear();
  for (size_t comma = line.find(','); comma != absl::string_view::npos; comma = line.find(',')) {
    fields.push_back(line.substr(0, comma));
    line.remove_prefix(comma + 1);
  }
  fields.push_back(line);
}

}  // namespace

absl::Status ForEachRow(const std::string& path, size_t columns,
                        absl::FunctionRef<absl::Status(const CsvRow&)> receive) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) return absl::NotFoundError(absl::StrCat("cannot read ", path));
  std::vector<absl::string_view> fields;
  for (size_t row = 1; std::getline(file, line); ++row) {
    Split(line, fields);
    if (fields.size() != columns) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ", row ", row, ": ", fields.size(), " columns, not ", columns));
    }
    RELATA_RETURN_IF_ERROR(receive(fields));
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> IntegerField(absl::string_view field) {
  int64_t number = 0;
  if (absl::SimpleAtoi(field, &number)) return number;
  return absl::InvalidArgumentError(absl::StrCat("`", field, "` is no integer"));
}

absl::StatusOr<double> NumberField(absl::string_view field) {
  double number = 0.0;
  if (absl::SimpleAtod(field, &number)) return number;
  return absl::InvalidArgumentError(absl::StrCat("`", field, "` is no number"));
}

}  // namespace relata::bench
