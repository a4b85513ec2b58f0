#ifndef RELATA_GRAPH_BULK_CSV_VALUE_H_
#define RELATA_GRAPH_BULK_CSV_VALUE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "graph/values/bound.h"
#include "graph/values/value.h"

namespace relata {

// The type that a column of a CSV file is declared to hold, by the name that people write: text,
// int, float, decimal, bool, money, money(USD), date, time, localtime, datetime, localdatetime,
// duration.
class CsvType {
 public:
  // INVALID_ARGUMENT lists the types there are.
  static absl::StatusOr<CsvType> Parse(absl::string_view name);

  // The value that a field says. Numbers may carry a qualifier in front (`~ > >= < <=`), a float
  // may be `20%`. INVALID_ARGUMENT says what is wanted.
  absl::StatusOr<Value> Read(absl::string_view text) const;
  // The same for the shapes that files are full of (a text, a plain number, a date), at a fraction
  // of the time. False, and nothing is changed, where Read has to say.
  bool ReadPlain(absl::string_view text, Value* value) const;

 private:
  enum class Kind {
    kText,
    kInt,
    kFloat,
    kDecimal,
    kBool,
    kMoney,
    kDate,
    kTime,
    kLocalTime,
    kDateTime,
    kLocalDateTime,
    kDuration,
  };
  absl::StatusOr<Value> ReadQuantity(absl::string_view text) const;
  absl::StatusOr<Value> NoValue(absl::string_view text, absl::string_view wanted) const;

  Kind kind_ = Kind::kText;
  std::string name_;
  std::string currency_;  // of money(USD)
};

// A bound as CSV files write it: EDTF, `..` open, `?` unknown. INVALID_ARGUMENT as Bound::Parse.
absl::StatusOr<Bound> ReadCsvBound(absl::string_view text, BoundRole role);

// A bound as a number of units since 1970, UTC, each of so many microseconds; `..` open, `?`
// unknown. INVALID_ARGUMENT where it is no whole number, or none of the years 0001 to 9999.
absl::StatusOr<Bound> ReadEpochBound(absl::string_view text, int64_t unit_micros, BoundRole role);

}  // namespace relata

#endif  // RELATA_GRAPH_BULK_CSV_VALUE_H_
