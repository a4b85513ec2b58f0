#ifndef RELATA_CLIENT_CLI_NET_DIFFERENCE_H_
#define RELATA_CLIENT_CLI_NET_DIFFERENCE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cli/command_context.h"
#include "relata/v1/read_service.pb.h"

namespace relata {

// What two versions of a database differ in, whatever happened between them.
struct NetDifference {
  // An entity or a relationship as it was and as it is, with every fact whatever its valid time and
  // its status. A side that is not there is empty; never both.
  template <typename Thing>
  struct Pair {
    std::optional<Thing> before;
    std::optional<Thing> after;
  };
  uint64_t from_version = 0;
  uint64_t to_version = 0;  // never 0
  bool schema_changed = false;
  // Ascending by id. What was made and removed again is not among them; what was changed back is.
  std::vector<Pair<v1::Entity>> entities;
  std::vector<Pair<v1::Relationship>> relationships;
};

// Asks the server for the changes in (from_version, to_version], then for the states at both ends.
// `to_version` 0: the newest. Cost: a page of entities a call, two calls for a relationship. Errors
// of the calls: OUT_OF_RANGE where a version is not readable.
absl::StatusOr<NetDifference> ReadNetDifference(const CommandContext& context,
                                                uint64_t from_version, uint64_t to_version);

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_NET_DIFFERENCE_H_
