#ifndef RELATA_SERVER_CONVERT_REFERENCE_H_
#define RELATA_SERVER_CONVERT_REFERENCE_H_

#include "absl/status/statusor.h"
#include "graph/mutation/mutation.h"
#include "server/convert/field_path.h"

namespace relata {

namespace v1 {
class EntityRef;
class FactRef;
class RelationshipRef;
}  // namespace v1

// References of the API as the graph's, not yet resolved. INVALID_ARGUMENT naming the field:
// nothing is set, an empty key or handle, an id of 0.
absl::StatusOr<EntityRef> EntityRefFromProto(const v1::EntityRef& proto, const FieldPath& path);
absl::StatusOr<RelationshipRef> RelationshipRefFromProto(const v1::RelationshipRef& proto,
                                                         const FieldPath& path);
absl::StatusOr<FactRef> FactRefFromProto(const v1::FactRef& proto, const FieldPath& path);

}  // namespace relata

#endif  // RELATA_SERVER_CONVERT_REFERENCE_H_
