#ifndef RELATA_GRAPH_ANSWERS_CHAIN_WEIGHTS_H_
#define RELATA_GRAPH_ANSWERS_CHAIN_WEIGHTS_H_

#include <array>
#include <optional>

#include "base/ids.h"
#include "graph/answers/chains.h"
#include "graph/catalog/name_table.h"
#include "graph/facts/fact.h"

namespace relata {

// The share that a fact of a relationship states.
struct ShareReading {
  Range share;
  bool invalid = false;  // outside [0, 1], minimum above maximum, or no number: counts as unknown
};

// Reads what a step weighs out of the properties of its fact (S8.2, S8.3). Numbers may be int64,
// float64 or decimal; a qualifier makes a range of one: "at least" and "more than" x reach up from
// x, "at most", "less than" and "up to" x down from it; "about" x is x. Immutable, thread-safe.
//
// Share: `share`; else `share_min` to `share_max`, a missing one being 0 or 1; else 1 for the type
// ACQUIRED; else unknown, [0, 1]. Amount: `amount`; else `amount_min` to `amount_max`, a missing
// one being 0 or infinity; money in another currency, no money, or a minimum above the maximum:
// unknown, [0, infinity).
class ChainWeights {
 public:
  ChainWeights(const NameTable& names, std::array<char, 3> currency);

  ShareReading ShareOf(TypeId type, const Fact& fact) const;
  // Where `share` is there it alone decides; nullopt where nothing bears the name.
  std::optional<PropertyId> share_property() const { return share_; }
  static ShareReading StatedShare(const Value& share);
  Range AmountOf(const Fact& fact) const;

 private:
  // The value of a property, null where the fact has none or nothing bears the name.
  const Value* Find(const Fact& fact, std::optional<PropertyId> property) const;
  // The amount in the currency asked for; nullopt for anything else.
  std::optional<double> InCurrency(const Value& value) const;

  const std::array<char, 3> currency_;
  const std::optional<PropertyId> share_;
  const std::optional<PropertyId> share_min_;
  const std::optional<PropertyId> share_max_;
  const std::optional<PropertyId> amount_;
  const std::optional<PropertyId> amount_min_;
  const std::optional<PropertyId> amount_max_;
  const std::optional<TypeId> acquired_;
};

}  // namespace relata

#endif  // RELATA_GRAPH_ANSWERS_CHAIN_WEIGHTS_H_
