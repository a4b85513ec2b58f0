#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/functions/arguments.h"
#include "graph/query/functions/calendar.h"
#include "graph/query/functions/duration_arithmetic.h"
#include "graph/query/functions/function.h"
#include "graph/query/functions/temporal_arithmetic.h"
#include "graph/query/functions/temporal_fields.h"
#include "graph/query/functions/temporal_text.h"
#include "graph/query/functions/value_errors.h"
#include "graph/values/iso_text.h"

namespace relata::query {
namespace {

constexpr int64_t kMicrosPerMilli = 1000;

// A type with functions of its own, and the names of these.
struct TemporalType {
  ValueType type;
  TypeSet kind;
  absl::string_view name;
  absl::string_view names[5];  // itself, .transaction, .statement, .realtime, .truncate
  absl::string_view signatures[5];
};
constexpr TemporalType kDateType = {
    ValueType::kDate,
    types::kDate,
    "date",
    {"date", "date.transaction", "date.statement", "date.realtime", "date.truncate"},
    {"date([value :: Any]) :: Date", "date.transaction([timezone :: String]) :: Date",
     "date.statement([timezone :: String]) :: Date", "date.realtime([timezone :: String]) :: Date",
     "date.truncate(unit :: String [, value :: Any [, fields :: Map]]) :: Date"}};
constexpr TemporalType kLocalTimeType = {
    ValueType::kLocalTime,
    types::kLocalTime,
    "localtime",
    {"localtime", "localtime.transaction", "localtime.statement", "localtime.realtime",
     "localtime.truncate"},
    {"localtime([value :: Any]) :: LocalTime",
     "localtime.transaction([timezone :: String]) :: LocalTime",
     "localtime.statement([timezone :: String]) :: LocalTime",
     "localtime.realtime([timezone :: String]) :: LocalTime",
     "localtime.truncate(unit :: String [, value :: Any [, fields :: Map]]) :: LocalTime"}};
constexpr TemporalType kTimeType = {
    ValueType::kTime,
    types::kTime,
    "time",
    {"time", "time.transaction", "time.statement", "time.realtime", "time.truncate"},
    {"time([value :: Any]) :: Time", "time.transaction([timezone :: String]) :: Time",
     "time.statement([timezone :: String]) :: Time", "time.realtime([timezone :: String]) :: Time",
     "time.truncate(unit :: String [, value :: Any [, fields :: Map]]) :: Time"}};
constexpr TemporalType kLocalDateTimeType = {
    ValueType::kLocalDateTime,
    types::kLocalDateTime,
    "localdatetime",
    {"localdatetime", "localdatetime.transaction", "localdatetime.statement",
     "localdatetime.realtime", "localdatetime.truncate"},
    {"localdatetime([value :: Any]) :: LocalDateTime",
     "localdatetime.transaction([timezone :: String]) :: LocalDateTime",
     "localdatetime.statement([timezone :: String]) :: LocalDateTime",
     "localdatetime.realtime([timezone :: String]) :: LocalDateTime",
     // NOLINTNEXTLINE(bugprone-suspicious-missing-comma): one signature, too long for a line
     "localdatetime.truncate(unit :: String [, value :: Any [, fields :: Map]]) :: "
     "LocalDateTime"}};
constexpr TemporalType kDateTimeType = {
    ValueType::kDateTime,
    types::kDateTime,
    "datetime",
    {"datetime", "datetime.transaction", "datetime.statement", "datetime.realtime",
     "datetime.truncate"},
    {"datetime([value :: Any]) :: DateTime",
     "datetime.transaction([timezone :: String]) :: DateTime",
     "datetime.statement([timezone :: String]) :: DateTime",
     "datetime.realtime([timezone :: String]) :: DateTime",
     "datetime.truncate(unit :: String [, value :: Any [, fields :: Map]]) :: DateTime"}};

bool IsTemporal(const Datum& d) { return IsPointInTime(d.value_type()); }

// date(...) and its like.
template <const TemporalType& kType>
absl::StatusOr<Datum> Make(CallContext& context, Arguments args) {
  if (args.empty()) return TemporalNow(kType.type, context.now_micros, ZoneText());
  const Datum& d = args[0];
  if (d.is_string()) {
    RELATA_ASSIGN_OR_RETURN(Value value, ParseTemporal(kType.type, d.AsString()));
    return Datum::FromValue(std::move(value));
  }
  if (d.is_map()) return TemporalFromMap(kType.type, d, context.now_micros);
  if (IsTemporal(d)) return TemporalFromValue(kType.type, d.AsScalar());
  return WrongArgument(kType.name, d, "a String, a Map or another temporal value");
}

// date.transaction() and its like: the clock is fixed for a statement.
template <const TemporalType& kType>
absl::StatusOr<Datum> Now(CallContext& context, Arguments args) {
  ZoneText zone;
  if (!args.empty()) {
    RELATA_ASSIGN_OR_RETURN(const absl::string_view text, StringArgument(kType.name, args[0]));
    RELATA_ASSIGN_OR_RETURN(zone, ParseZone(text));
  }
  return TemporalNow(kType.type, context.now_micros, zone);
}

template <const TemporalType& kType>
absl::StatusOr<Datum> Truncate(CallContext& context, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(const absl::string_view unit, StringArgument(kType.names[4], args[0]));
  Datum value;
  if (args.size() > 1) {
    value = args[1];
  } else {
    RELATA_ASSIGN_OR_RETURN(value, TemporalNow(kType.type, context.now_micros, ZoneText()));
  }
  if (!IsTemporal(value)) return WrongArgument(kType.names[4], value, "a temporal value");
  const bool has_fields = args.size() > 2;
  if (has_fields && !args[2].is_map()) return WrongArgument(kType.names[4], args[2], "a Map");
  return TruncateTemporal(kType.type, unit, value.AsScalar(),
                          has_fields ? args[2].AsMap() : Datum::Map(), context.now_micros);
}

template <const TemporalType& kType>
void AddRows(absl::string_view description, std::vector<FunctionDefinition>* rows) {
  constexpr TypeSet kSources = types::kString | types::kMap | types::kTemporal;
  rows->push_back({.name = kType.names[0],
                   .min_args = 0,
                   .max_args = 1,
                   .parameters = {kSources},
                   .result = kType.kind,
                   .volatility = Volatility::kStatement,
                   .call = Make<kType>,
                   .signature = kType.signatures[0],
                   .description = description});
  for (const int clock : {1, 2, 3}) {
    rows->push_back({.name = kType.names[clock],
                     .min_args = 0,
                     .max_args = 1,
                     .parameters = {types::kString},
                     .result = kType.kind,
                     .volatility = Volatility::kStatement,
                     .call = Now<kType>,
                     .signature = kType.signatures[clock],
                     .description = "The present when the statement began, in UTC or a zone."});
  }
  rows->push_back({.name = kType.names[4],
                   .min_args = 1,
                   .max_args = 3,
                   .parameters = {types::kString, types::kTemporal, types::kMap},
                   .result = kType.kind,
                   .volatility = Volatility::kStatement,
                   .call = Truncate<kType>,
                   .signature = kType.signatures[4],
                   .description = "The last beginning of a unit, with fields set after that."});
}

absl::StatusOr<Datum> MakeDurationValue(CallContext& /*context*/, Arguments args) {
  const Datum& d = args[0];
  if (d.is_map()) return DurationFromMap(d);
  if (d.value_type() == ValueType::kDuration) return d;
  if (!d.is_string()) return WrongArgument("duration", d, "a String or a Map");
  RELATA_ASSIGN_OR_RETURN(const Duration duration, ParseDurationText(d.AsString()));
  return Datum::FromValue(Value::Of(duration));
}

template <DifferenceUnit kUnit>
absl::StatusOr<Datum> Between(CallContext& /*context*/, Arguments args) {
  for (const Datum& d : args) {
    if (!IsTemporal(d)) return WrongArgument("duration.between", d, "two temporal values");
  }
  RELATA_ASSIGN_OR_RETURN(const Duration difference,
                          DurationBetween(args[0].AsScalar(), args[1].AsScalar(), kUnit));
  return Datum::FromValue(Value::Of(difference));
}

absl::StatusOr<Datum> FromEpoch(CallContext& context, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(const int64_t seconds, IntegerArgument("datetime.fromepoch", args[0]));
  RELATA_ASSIGN_OR_RETURN(const int64_t nanos, IntegerArgument("datetime.fromepoch", args[1]));
  const Datum map = Datum::SortedMap({{"epochSeconds", Datum::Int(seconds)}});
  RELATA_ASSIGN_OR_RETURN(const Datum start,
                          TemporalFromMap(ValueType::kDateTime, map, context.now_micros));
  RELATA_ASSIGN_OR_RETURN(const Duration rest, MakeDuration(0, 0, 0, nanos));
  RELATA_ASSIGN_OR_RETURN(Value sum, AddDuration(start.AsScalar(), rest, 1));
  return Datum::FromValue(std::move(sum));
}

absl::StatusOr<Datum> FromEpochMillis(CallContext& context, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(const int64_t millis,
                          IntegerArgument("datetime.fromepochmillis", args[0]));
  return TemporalFromMap(ValueType::kDateTime,
                         Datum::SortedMap({{"epochMillis", Datum::Int(millis)}}),
                         context.now_micros);
}

absl::StatusOr<Datum> Timestamp(CallContext& context, Arguments /*args*/) {
  return Datum::Int(FloorDivide(context.now_micros, kMicrosPerMilli));
}

FunctionDefinition DifferenceRow(absl::string_view name, ScalarFunction call,
                                 absl::string_view signature, absl::string_view description) {
  return {.name = name,
          .min_args = 2,
          .max_args = 2,
          .parameters = {types::kTemporal, types::kTemporal},
          .result = types::kDuration,
          .call = call,
          .signature = signature,
          .description = description};
}

}  // namespace

std::vector<FunctionDefinition> TemporalFunctions() {
  std::vector<FunctionDefinition> rows;
  AddRows<kDateType>("A date from a text, a map or another temporal value; today.", &rows);
  AddRows<kLocalTimeType>("A time of day from a text, a map or another temporal value; now.",
                          &rows);
  AddRows<kTimeType>("A time of day with its offset from UTC; now.", &rows);
  AddRows<kLocalDateTimeType>("A date and time without offset; now.", &rows);
  AddRows<kDateTimeType>("A date and time with offset and time zone; now.", &rows);
  rows.push_back({.name = "duration",
                  .min_args = 1,
                  .max_args = 1,
                  .parameters = {types::kString | types::kMap | types::kDuration},
                  .result = types::kDuration,
                  .call = MakeDurationValue,
                  .signature = "duration(value :: String | Map) :: Duration",
                  .description = "A duration from a text as P1Y2M3DT4H5M6.5S or a map."});
  rows.push_back(DifferenceRow("duration.between", Between<DifferenceUnit::kAll>,
                               "duration.between(from :: Temporal, to :: Temporal) :: Duration",
                               "The difference in months, days and seconds."));
  rows.push_back(DifferenceRow("duration.inMonths", Between<DifferenceUnit::kMonths>,
                               "duration.inMonths(from :: Temporal, to :: Temporal) :: Duration",
                               "The difference in whole months."));
  rows.push_back(DifferenceRow("duration.inDays", Between<DifferenceUnit::kDays>,
                               "duration.inDays(from :: Temporal, to :: Temporal) :: Duration",
                               "The difference in whole days."));
  rows.push_back(DifferenceRow("duration.inSeconds", Between<DifferenceUnit::kSeconds>,
                               "duration.inSeconds(from :: Temporal, to :: Temporal) :: Duration",
                               "The difference in seconds."));
  rows.push_back({.name = "datetime.fromepoch",
                  .min_args = 2,
                  .max_args = 2,
                  .parameters = {types::kInt, types::kInt},
                  .result = types::kDateTime,
                  .call = FromEpoch,
                  .signature = "datetime.fromepoch(seconds :: Integer, nanoseconds :: Integer) :: "
                               "DateTime",
                  .description = "The instant so long after 1970-01-01T00:00Z."});
  rows.push_back({.name = "datetime.fromepochmillis",
                  .min_args = 1,
                  .max_args = 1,
                  .parameters = {types::kInt},
                  .result = types::kDateTime,
                  .call = FromEpochMillis,
                  .signature = "datetime.fromepochmillis(milliseconds :: Integer) :: DateTime",
                  .description = "The instant so long after 1970-01-01T00:00Z."});
  rows.push_back(
      {.name = "timestamp",
       .result = types::kInt,
       .volatility = Volatility::kStatement,
       .call = Timestamp,
       .signature = "timestamp() :: Integer",
       .description = "Milliseconds from 1970-01-01T00:00Z to when the statement began."});
  return rows;
}

}  // namespace relata::query
