#include "graph/store/relationship_keys.h"

#include <utility>

#include "base/status_macros.h"
#include "graph/store/key_layout.h"
#include "graph/store/records.h"

namespace relata {

absl::StatusOr<std::vector<std::string>> RelationshipKeys(const Snapshot& snapshot,
                                                          absl::Span<const RelationshipId> ids,
                                                          KeylessRelationships* keyless) {
  std::vector<std::string> result(ids.size());
  std::vector<size_t> unknown;
  std::vector<std::string> records;
  for (size_t i = 0; i < ids.size(); ++i) {
    if (keyless != nullptr && keyless->Contains(ids[i])) continue;
    unknown.push_back(i);
    records.push_back(RelationshipKeyOf(ids[i]));
  }
  if (unknown.empty()) return result;
  RELATA_ASSIGN_OR_RETURN(const auto found, snapshot.store().MultiGet(records));
  for (size_t k = 0; k < unknown.size(); ++k) {
    if (!found[k]) continue;
    const RelationshipId id = ids[unknown[k]];
    RELATA_ASSIGN_OR_RETURN(RelationshipRecord record, DecodeRelationship(id, found[k]->record));
    if (record.key.empty() && keyless != nullptr) keyless->Add(id);
    result[unknown[k]] = std::move(record.key);
  }
  return result;
}

}  // namespace relata
