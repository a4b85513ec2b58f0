#include "graph/values/money.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/values/iso_text.h"

namespace relata {
namespace {

absl::Status CheckSameCurrency(const Money& a, const Money& b) {
  if (a.currency == b.currency) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("amounts in ", a.currency_code(), " and ", b.currency_code(),
                   " cannot be added or subtracted; convert one of them first"));
}

}  // namespace

absl::StatusOr<Money> Money::Parse(absl::string_view amount, absl::string_view currency) {
  Money money;
  if (currency.size() != money.currency.size() ||
      !std::all_of(currency.begin(), currency.end(),
                   [](unsigned char c) { return absl::ascii_isupper(c); })) {
    return absl::InvalidArgumentError(
        absl::StrCat(QuotedForError(currency),
                     " is not a currency; give its ISO 4217 code, three capital letters as CNY"));
  }
  std::copy(currency.begin(), currency.end(), money.currency.begin());
  RELATA_ASSIGN_OR_RETURN(money.amount, Decimal::Parse(amount, /*allow_exponent=*/true));
  return money;
}

std::string Money::ToString() const {
  return absl::StrCat(amount.ToString(), " ", currency_code());
}

std::optional<int> Compare(const Money& a, const Money& b) {
  if (a.currency != b.currency) return std::nullopt;
  return Compare(a.amount, b.amount);
}

absl::StatusOr<Money> Add(const Money& a, const Money& b) {
  RELATA_RETURN_IF_ERROR(CheckSameCurrency(a, b));
  RELATA_ASSIGN_OR_RETURN(const Decimal amount, Add(a.amount, b.amount));
  return Money{amount, a.currency};
}

absl::StatusOr<Money> Subtract(const Money& a, const Money& b) {
  RELATA_RETURN_IF_ERROR(CheckSameCurrency(a, b));
  RELATA_ASSIGN_OR_RETURN(const Decimal amount, Subtract(a.amount, b.amount));
  return Money{amount, a.currency};
}

}  // namespace relata
