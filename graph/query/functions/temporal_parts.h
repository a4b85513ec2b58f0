#ifndef RELATA_GRAPH_QUERY_FUNCTIONS_TEMPORAL_PARTS_H_
#define RELATA_GRAPH_QUERY_FUNCTIONS_TEMPORAL_PARTS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "graph/values/value.h"

namespace relata::query {

// A date, a time of day or both, with an offset or without, taken apart: what conversions,
// selections, truncations and differences of temporal values work on. All fields are those of the
// local clock. A plain value.
struct TemporalParts {
  int64_t days = 0;          // since 1970-01-01
  int64_t nanos_of_day = 0;  // [0, 86,400e9)
  int32_t offset_seconds = 0;
  std::string zone;  // an IANA name; empty: the offset alone
  bool has_date = false;
  bool has_time = false;
  bool has_offset = false;

  // Since 1970-01-01T00:00 on the local clock, and the nanoseconds after them.
  int64_t local_seconds() const;
  int32_t nanos() const;
  void SetLocal(int64_t seconds, int32_t nanos);
  int64_t utc_seconds() const { return local_seconds() - offset_seconds; }
};

// Whether a type is a date, a time of day or both.
bool IsPointInTime(ValueType type);

// Precondition: IsPointInTime.
TemporalParts TakeApart(const Value& temporal);
// The value of a type that IsPointInTime; parts that the type does not have are dropped. With a
// zone the offset is looked up, the present one preferred where two are right. NumberOverflow where
// it is outside the years -999999999 to 999999999.
absl::StatusOr<Value> Assemble(ValueType type, TemporalParts parts);

// Where an offset or a zone stands in a text: `Z`, `+01:00`, `-0130`, `+02`, `Europe/Stockholm`.
struct ZoneText {
  int32_t offset_seconds = 0;
  std::string zone;  // empty: an offset
};
// ArgumentError where it is neither.
absl::StatusOr<ZoneText> ParseZone(absl::string_view text);

// Looks the offset up in the zone, keeping the local clock (moved where it leaps). Does nothing
// without a zone. Precondition: has_date.
absl::Status ResolveLocal(TemporalParts* parts);
// The same instant on another clock. Preconditions: has_date, has_offset.
absl::Status MoveToZone(const ZoneText& zone, TemporalParts* parts);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_FUNCTIONS_TEMPORAL_PARTS_H_
