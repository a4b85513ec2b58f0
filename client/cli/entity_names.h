#ifndef RELATA_CLIENT_CLI_ENTITY_NAMES_H_
#define RELATA_CLIENT_CLI_ENTITY_NAMES_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/cli/command_context.h"

namespace relata {

namespace v1 {
class EntityRef;
class RelationshipRef;
}  // namespace v1

// `#17` is the entity with that id, anything else a key. Asks nobody.
v1::EntityRef EntityByKeyOrId(absl::string_view text);
v1::RelationshipRef RelationshipByKeyOrId(absl::string_view text);

// The entity that `text` means: `#17` by id, else by key, else by a name in any language: exactly
// so, or without regard to case where none is exactly so. NOT_FOUND where there is none;
// FAILED_PRECONDITION where several have that name, with their keys.
absl::StatusOr<v1::EntityRef> FindEntity(const CommandContext& context, absl::string_view text);

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_ENTITY_NAMES_H_
