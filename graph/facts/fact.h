#ifndef RELATA_GRAPH_FACTS_FACT_H_
#define RELATA_GRAPH_FACTS_FACT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "graph/values/bound.h"
#include "graph/values/value.h"

namespace relata {

// The numbers live on disk.
enum class Stance : uint8_t { kAsserts = 1, kDisputes = 2, kRetracts = 3 };

// Fact -> source (S5). The report date is a bound in the role of a from-bound. In a transaction
// that has not committed, `recorded` is 0 and `recorded_at` kPlusInfinity.
struct Citation {
  EntityId source;
  Stance stance = Stance::kAsserts;
  // 0 to 1.
  double confidence = 1.0;
  // When the source said so; absent: the commit time stands in where an order is needed.
  std::optional<Bound> reported;
  // Where in the source.
  std::string locator;
  // The commit that added it, and its time.
  CommitVersion recorded;
  Instant recorded_at = kPlusInfinity;
  // Commit time of the source's retraction: the citation is void (S5.1).
  std::optional<Instant> source_retracted;
  bool operator==(const Citation&) const = default;
};

// By which a piece ranks in S1.4: what the fact it was cut from had (S4.2).
struct RankOrigin {
  Bound from;
  CommitVersion recorded;
  FactId fact;
  bool operator==(const RankOrigin&) const = default;
};

// The unit of truth (S1.1). Of a property of an entity: `value`. Of a relationship: `properties`,
// ascending by id. `citations` stand in the order in which they were added.
struct Fact {
  FactId id;
  Value value;
  std::vector<std::pair<PropertyId, Value>> properties;
  Interval valid;
  std::vector<Citation> citations;
  CommitVersion recorded;  // the commit that added it; 0 in a transaction that has not committed
  std::optional<RankOrigin> cut_from;

  // Plain: no citation, no bound, never cut. Stored inside the entity's record.
  bool plain() const { return citations.empty() && valid.always() && !cut_from; }
  // Null where the fact does not have it. Borrowed; O(log n).
  const Value* FindProperty(PropertyId property) const;
};

// Whether two facts state the same over the same interval: value and properties (SameStatement),
// SameInterval (S4.3).
bool SameFact(const Fact& a, const Fact& b);
// Source, stance, confidence, report date, locator (S4.3).
bool SameCitation(const Citation& a, const Citation& b);

// S4.3: adds `fact` to `facts`, or its citations to the fact of `facts` that states the same, whose
// id, commit and rank stay. A citation that is there already stays as it was, and of equal
// citations of `fact` only the first is added.
struct AddedFact {
  size_t index = 0;  // of the fact in `facts`
  bool is_new = false;
  bool changed = false;  // a new fact, or a new citation
};
AddedFact AddFact(Fact fact, std::vector<Fact>& facts);

}  // namespace relata

#endif  // RELATA_GRAPH_FACTS_FACT_H_
