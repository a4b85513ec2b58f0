#include "client/query_cell.h"

#include <string>

#include "absl/time/time.h"
#include "relata/v1/query_service.pb.h"

namespace relata {
namespace {

bool IsNull(const v1::QueryColumn& column, uint64_t row) {
  const std::string& nulls = column.nulls();
  return row / 8 < nulls.size() && ((static_cast<unsigned char>(nulls[row / 8]) >> (row % 8)) & 1);
}

// As the server writes them: without seconds where they are 0.
std::string InstantText(int64_t microseconds) {
  constexpr int64_t kMinute = 60'000'000;
  return absl::FormatTime(
      microseconds % kMinute == 0 ? "%E4Y-%m-%dT%H:%MZ" : "%E4Y-%m-%dT%H:%M:%E*SZ",
      absl::FromUnixMicros(microseconds), absl::UTCTimeZone());
}

std::string DateText(int32_t days) {
  return absl::FormatTime("%E4Y-%m-%d", absl::UnixEpoch() + absl::Hours(24) * days,
                          absl::UTCTimeZone());
}

}  // namespace

v1::QueryValue QueryCell(const v1::QueryBatch& batch, int column_index, uint64_t row) {
  const v1::QueryColumn& column = batch.columns(column_index);
  const int at = static_cast<int>(row);
  v1::QueryValue cell;
  if (IsNull(column, row)) {
    cell.mutable_value()->set_null_value(true);
    return cell;
  }
  switch (column.kind_case()) {
    case v1::QueryColumn::kBools:
      cell.mutable_value()->set_bool_value(column.bools().values(at));
      break;
    case v1::QueryColumn::kInts:
      cell.mutable_value()->set_int_value(column.ints().values(at));
      break;
    case v1::QueryColumn::kDoubles:
      cell.mutable_value()->set_double_value(column.doubles().values(at));
      break;
    case v1::QueryColumn::kStrings:
      cell.mutable_value()->set_string_value(
          column.strings().dictionary(static_cast<int>(column.strings().indexes(at))));
      break;
    case v1::QueryColumn::kNodes:
      cell.set_node(column.nodes().indexes(at));
      break;
    case v1::QueryColumn::kRelationships:
      cell.set_relationship(column.relationships().indexes(at));
      break;
    case v1::QueryColumn::kInstants:
      cell.mutable_value()->set_datetime_value(InstantText(column.instants().microseconds(at)));
      break;
    case v1::QueryColumn::kDates:
      cell.mutable_value()->set_date_value(DateText(column.dates().days(at)));
      break;
    case v1::QueryColumn::kValues:
      return column.values().values(at);
    case v1::QueryColumn::KIND_NOT_SET:
      cell.mutable_value()->set_null_value(true);
  }
  return cell;
}

}  // namespace relata
