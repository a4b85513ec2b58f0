#ifndef RELATA_GRAPH_TRANSACTION_ENTITY_PARTS_H_
#define RELATA_GRAPH_TRANSACTION_ENTITY_PARTS_H_

#include <vector>

#include "base/ids.h"
#include "graph/store/states.h"

namespace relata {

// The parts of an entity that transactions conflict on apart from each other: each label, the facts
// of each property (the names are one), the retraction. A transaction holds the whole entity as it
// was and as it will be; a part that is the same in both was not changed.

// Facts of one property; null for none. Ids, values, valid time, citations and commits all count.
bool SameFacts(const std::vector<Fact>* a, const std::vector<Fact>* b);

bool LabelDiffers(const EntityState& before, const EntityState& after, LabelId label);
bool PropertyDiffers(const EntityState& before, const EntityState& after, PropertyId property);
// The labels, and the properties, that differ; ascending.
std::vector<LabelId> DifferingLabels(const EntityState& before, const EntityState& after);
std::vector<PropertyId> DifferingProperties(const EntityState& before, const EntityState& after);

// Brings the parts that do not differ up to date where they share the entity's record with those
// that do. `newest` is that record alone (no facts with keys of their own), written by commits
// after the state `before` was read; none of them changed a part that differs. Afterwards `before`
// and `after` differ as they did, and `after` holds what those commits wrote.
void Rebase(const EntityState& newest, EntityState& before, EntityState& after);

}  // namespace relata

#endif  // RELATA_GRAPH_TRANSACTION_ENTITY_PARTS_H_
