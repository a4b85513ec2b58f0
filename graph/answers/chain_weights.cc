#include "graph/answers/chain_weights.h"

#include <limits>
#include <utility>

namespace relata {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr Range kUnknownShare{0.0, 1.0};
constexpr Range kUnknownAmount{0.0, kInfinity};

// The range that `x`, stated with a qualifier, leaves within [0, most].
Range Qualified(double x, Qualifier qualifier, double most) {
  switch (qualifier) {
    case Qualifier::kAtLeast:
    case Qualifier::kMoreThan:
      return {x, most};
    case Qualifier::kAtMost:
    case Qualifier::kLessThan:
    case Qualifier::kUpTo:
      return {0.0, x};
    case Qualifier::kExact:
    case Qualifier::kAbout:
      break;
  }
  return {x, x};
}

// A number as float64, NaN for anything else; -0.0 becomes 0.0.
double NumberOrNan(const Value& value) {
  if (!value.is_number()) return std::numeric_limits<double>::quiet_NaN();
  return value.AsDouble() + 0.0;
}

// False for NaN too.
bool IsShare(const Range& r) { return 0.0 <= r.low && r.low <= r.high && r.high <= 1.0; }

ShareReading Checked(const Range& share) {
  if (!IsShare(share)) return {kUnknownShare, /*invalid=*/true};
  return {share};
}

}  // namespace

ChainWeights::ChainWeights(const NameTable& names, std::array<char, 3> currency)
    : currency_(currency),
      share_(names.FindProperty("share")),
      share_min_(names.FindProperty("share_min")),
      share_max_(names.FindProperty("share_max")),
      amount_(names.FindProperty("amount")),
      amount_min_(names.FindProperty("amount_min")),
      amount_max_(names.FindProperty("amount_max")),
      acquired_(names.FindType("ACQUIRED")) {}

const Value* ChainWeights::Find(const Fact& fact, std::optional<PropertyId> property) const {
  return property ? fact.FindProperty(*property) : nullptr;
}

ShareReading ChainWeights::ShareOf(TypeId type, const Fact& fact) const {
  if (const Value* const stated = Find(fact, share_)) return StatedShare(*stated);
  const Value* const least = Find(fact, share_min_);
  const Value* const most = Find(fact, share_max_);
  if (least == nullptr && most == nullptr) {
    return {type == acquired_ ? Range{1.0, 1.0} : kUnknownShare};
  }
  Range share = kUnknownShare;
  if (least != nullptr) share.low = NumberOrNan(*least);
  if (most != nullptr) share.high = NumberOrNan(*most);
  return Checked(share);
}

ShareReading ChainWeights::StatedShare(const Value& share) {
  return Checked(Qualified(NumberOrNan(share), share.qualifier(), 1.0));
}

std::optional<double> ChainWeights::InCurrency(const Value& value) const {
  const Money* const money = value.get_if<Money>();
  if (money == nullptr || money->currency != currency_) return std::nullopt;
  return money->amount.ToDouble();
}

Range ChainWeights::AmountOf(const Fact& fact) const {
  if (const Value* const stated = Find(fact, amount_)) {
    const std::optional<double> amount = InCurrency(*stated);
    return amount ? Qualified(*amount, stated->qualifier(), kInfinity) : kUnknownAmount;
  }
  Range range = kUnknownAmount;
  for (const auto& [property, end] :
       {std::pair(amount_min_, &range.low), std::pair(amount_max_, &range.high)}) {
    const Value* const stated = Find(fact, property);
    if (stated == nullptr) continue;
    const std::optional<double> amount = InCurrency(*stated);
    if (!amount) return kUnknownAmount;
    *end = *amount;
  }
  return range.low <= range.high ? range : kUnknownAmount;
}

}  // namespace relata
