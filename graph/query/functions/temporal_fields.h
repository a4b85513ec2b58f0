#ifndef RELATA_GRAPH_QUERY_FUNCTIONS_TEMPORAL_FIELDS_H_
#define RELATA_GRAPH_QUERY_FUNCTIONS_TEMPORAL_FIELDS_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "graph/query/functions/temporal_parts.h"
#include "graph/query/runtime/datum.h"
#include "graph/values/value.h"

namespace relata::query {

// Temporal values from maps of fields, other temporal values and the clock, as openCypher's
// functions of the types' names do it. Bad fields and combinations are ArgumentErrors,
// `InvalidArgumentValue`, that say which; `type` is one that IsPointInTime.

// `date({year: 1984, week: 10})`, `datetime({date: d, time: t, second: 42, timezone: '+05:00'})`:
// what is not given comes from the values selected with `date`, `time`, `datetime`, `epochSeconds`
// or `epochMillis`, else it is the first; a map with `timezone` alone is the present there. A
// time zone moves a selected instant and labels a local time. A null among the fields makes the
// result null.
absl::StatusOr<Datum> TemporalFromMap(ValueType type, const Datum& map, int64_t now_micros);

// Another temporal value as this type: missing times of day are midnight, missing offsets UTC. A
// missing date is an error.
absl::StatusOr<Datum> TemporalFromValue(ValueType type, const Value& other);

// The present, in UTC or in a zone.
absl::StatusOr<Datum> TemporalNow(ValueType type, int64_t now_micros, const ZoneText& zone);

// `datetime.truncate('week', value, {dayOfWeek: 2})`: the last beginning of the unit, then fields.
// Units: millennium, century, decade, year, weekYear, quarter, month, week, day, hour, minute,
// second, millisecond, microsecond.
absl::StatusOr<Datum> TruncateTemporal(ValueType type, absl::string_view unit, const Value& value,
                                       const Datum::Map& fields, int64_t now_micros);

// `duration({years: 12.5, days: -3})`.
absl::StatusOr<Datum> DurationFromMap(const Datum& map);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_FUNCTIONS_TEMPORAL_FIELDS_H_
