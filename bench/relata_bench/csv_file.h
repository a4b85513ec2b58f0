#ifndef RELATA_BENCH_RELATA_BENCH_CSV_FILE_H_
#define RELATA_BENCH_RELATA_BENCH_CSV_FILE_H_

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace relata::bench {

// The fields of one row; valid only during the call that gets them.
using CsvRow = absl::Span<const absl::string_view>;

// Gives each row of a CSV file without quoting to `receive`, its header line left out, until the
// end or the first error. NOT_FOUND where the file cannot be read, INVALID_ARGUMENT for a row that
// does not have `columns` fields.
absl::Status ForEachRow(const std::string& path, size_t columns,
                        absl::FunctionRef<absl::Status(const CsvRow&)> receive);

// INVALID_ARGUMENT where the field is no number.
absl::StatusOr<int64_t> IntegerField(absl::string_view field);
absl::StatusOr<double> NumberField(absl::string_view field);

}  // namespace relata::bench

#endif  // RELATA_BENCH_RELATA_BENCH_CSV_FILE_H_
