#ifndef RELATA_GRAPH_VALUES_MONEY_H_
#define RELATA_GRAPH_VALUES_MONEY_H_

#include <array>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "graph/values/decimal.h"

namespace relata {

// An amount in one currency, a value type of its own (S7): never equal to a number.
struct Money {
  Decimal amount;
  std::array<char, 3> currency{};  // ISO 4217, upper case

  // `amount` as Decimal::Parse with exponent reads it; `currency` three letters A to Z (whether ISO
  // 4217 knows them is not checked). INVALID_ARGUMENT otherwise.
  static absl::StatusOr<Money> Parse(absl::string_view amount, absl::string_view currency);
  // `2800000000 USD`
  std::string ToString() const;
  // Valid as long as this object is.
  absl::string_view currency_code() const { return {currency.data(), currency.size()}; }
};

// Negative, 0, positive by amount; nullopt (in the query language null) where the currencies
// differ.
std::optional<int> Compare(const Money& a, const Money& b);
// INVALID_ARGUMENT where the currencies differ, OUT_OF_RANGE as for decimals.
absl::StatusOr<Money> Add(const Money& a, const Money& b);
absl::StatusOr<Money> Subtract(const Money& a, const Money& b);

}  // namespace relata

#endif  // RELATA_GRAPH_VALUES_MONEY_H_
