#include "graph/store/relationship_keys.h"

#include <utility>

#include "base/status_macros.h"
#include "graph/store/key_layout.h"
#include "graph/store/records.h"

namespace relata {

absl::StatusOr<std::vector<std::string>> RelationshipKeys(const Snapshot& snapshot,
                                                          absl::Span<const RelationshipId> ids) {
  std::vector<std::string> keys;
  keys.reserve(ids.size());
  for (const RelationshipId id : ids) keys.push_back(RelationshipKeyOf(id));
  RELATA_ASSIGN_OR_RETURN(const auto found, snapshot.store().MultiGet(keys));
  std::vector<std::string> result(ids.size());
  for (size_t i = 0; i < ids.size(); ++i) {
    if (!found[i]) continue;
    RELATA_ASSIGN_OR_RETURN(RelationshipRecord record,
                            DecodeRelationship(ids[i], found[i]->record));
    result[i] = std::move(record.key);
  }
  return result;
}

}  // namespace relata
