#ifndef RELATA_CLIENT_CLI_LITERAL_H_
#define RELATA_CLIENT_CLI_LITERAL_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace relata {

namespace v1 {
class Comparison;
class Name;
class Property;
class Step;
class Value;
}  // namespace v1

// The short texts in which the command line and CSV files write values, names and steps. Errors are
// INVALID_ARGUMENT with what was read and what is wanted; they know neither option nor line, which
// the caller puts before.

// What a type name in `p:TYPE=value` and in a CSV heading may be, for messages and the help.
inline constexpr absl::string_view kValueTypes =
    "text, int, float, decimal, bool, money, money(USD), date, time, localtime, datetime, "
    "localdatetime, duration";

// A value of the type named by `type`. Numbers may carry a qualifier in front: `~` about, `>`,
// `>=`,
// `<`, `<=`; a float may be written as `20%`. `money` is an amount and a currency (`2.8e9 USD`),
// `money(USD)` the amount alone.
absl::StatusOr<v1::Value> ParseTypedValue(absl::string_view type, absl::string_view text);

// The value that a text looks like: true and false, int (`12`), float (`0.36`, `20%`), money
// (`2.8e9 USD`), date, datetime (with zone) and local datetime, `"…"` text without the quotes, else
// text as it is.
v1::Value GuessValue(absl::string_view text);

// `name=value` guesses the value's type, `name:TYPE=value` says it.
absl::StatusOr<v1::Property> ParseProperty(absl::string_view text);

// `p=v`, `p!=v`, `p<v`, `p<=v`, `p>v`, `p>=v`, `p~v` contains, `p^v` starts with, `p` alone:
// exists. `p:TYPE` says the type of the value.
absl::StatusOr<v1::Comparison> ParseComparison(absl::string_view text);

// `LANGUAGE:TEXT` or `LANGUAGE:TEXT:KIND` with kind preferred, alias, abbreviation or former.
// Without a kind the name has none set.
absl::StatusOr<v1::Name> ParseName(absl::string_view text);

// `TYPE` or `TYPE:out`, `TYPE:in`, `TYPE:both`; an empty type or `*` is every type. Without a
// direction it is left unset, the default of the call.
absl::StatusOr<v1::Step> ParseStep(absl::string_view text);

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_LITERAL_H_
