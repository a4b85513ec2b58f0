#ifndef RELATA_SERVER_CONVERT_MUTATION_H_
#define RELATA_SERVER_CONVERT_MUTATION_H_

#include "absl/status/statusor.h"
#include "graph/mutation/mutation.h"
#include "server/convert/field_path.h"

namespace relata {

namespace v1 {
class Mutation;
class Precondition;
}  // namespace v1

// What a write call says, from the API to the graph. INVALID_ARGUMENT naming the field where
// something is missing, does not parse or contradicts itself; whether the data allows it is the
// graph's to say.
absl::StatusOr<Mutation> MutationFromProto(const v1::Mutation& proto, const FieldPath& path);
absl::StatusOr<Precondition> PreconditionFromProto(const v1::Precondition& proto,
                                                   const FieldPath& path);

}  // namespace relata

#endif  // RELATA_SERVER_CONVERT_MUTATION_H_
