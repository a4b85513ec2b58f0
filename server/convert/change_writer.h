#ifndef RELATA_SERVER_CONVERT_CHANGE_WRITER_H_
#define RELATA_SERVER_CONVERT_CHANGE_WRITER_H_

#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "base/ids.h"
#include "graph/database.h"

namespace relata {

namespace v1 {
class Change;
}

// Which changes a reader of commits wants. Empty: all.
struct ChangeFilter {
  // By name, since nothing may bear it yet.
  absl::flat_hash_set<std::string> labels;
  absl::flat_hash_set<std::string> types;
  absl::flat_hash_set<EntityId> entities;

  bool empty() const { return labels.empty() && types.empty() && entities.empty(); }
};

// Writes one commit with the changes that the filter wants; with the state after it where
// `include_states`. Returns whether there is anything to give: always without a filter. Errors of
// the engine.
absl::StatusOr<bool> WriteChange(const Database& database, const ChangeSet& changes,
                                 const ChangeFilter& filter, bool include_states, v1::Change* out);

}  // namespace relata

#endif  // RELATA_SERVER_CONVERT_CHANGE_WRITER_H_
