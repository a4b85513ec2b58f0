#ifndef RELATA_GRAPH_QUERY_FUNCTIONS_TEMPORAL_TEXT_H_
#define RELATA_GRAPH_QUERY_FUNCTIONS_TEMPORAL_TEXT_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "graph/query/functions/temporal_parts.h"
#include "graph/values/temporal.h"
#include "graph/values/value.h"

namespace relata::query {

// The texts that openCypher's temporal functions read: ISO 8601 in extended and basic format.
//   date      2015-07-21  20150721  2015-07  201507  2015-W30-2  2015W302  2015-W30  2015W30
//             2015-Q2-60  2015Q260  2015-Q2  2015Q2  2015-202  2015202  2015
//             (years of other lengths with a sign and dashes: +12015-07-21)
//   time      21:40:32.142  214032.142  21:40  2140  21
//   offset    Z  +01:00  +0100  +01
//   zone      [Europe/Stockholm], after an offset or in its place
//   duration  P14DT16H12M  P5M1.5D  P-1Y  -PT3S  P2012-02-02T14:37:21.545
// What a text leaves out of a date or time is its first; a time or date-time without offset is UTC.
// ArgumentError, `InvalidArgumentValue`, with the reason, for anything else.

// Precondition: IsPointInTime(type).
absl::StatusOr<Value> ParseTemporal(ValueType type, absl::string_view text);
absl::StatusOr<Duration> ParseDurationText(absl::string_view text);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_FUNCTIONS_TEMPORAL_TEXT_H_
