#ifndef RELATA_SERVER_CONVERT_READ_TERMS_H_
#define RELATA_SERVER_CONVERT_READ_TERMS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/ids.h"
#include "graph/adjacency/adjacency.h"
#include "graph/catalog/name_table.h"
#include "graph/facts/belief.h"
#include "server/convert/field_path.h"

namespace google::protobuf {
template <typename T>
class RepeatedPtrField;
}

namespace relata {

namespace v1 {
class BeliefPolicy;
class ReadOptions;
class Step;
class ValidTimeOption;
}  // namespace v1

// The terms of a read, between the API and the graph.

// INVALID_ARGUMENT naming the field: nothing is set, an instant that does not parse, an empty
// window.
absl::StatusOr<ValidTime> ValidTimeFromProto(const v1::ValidTimeOption& proto,
                                             const FieldPath& path);
// Instants written out: never `now`.
void ValidTimeToProto(const ValidTime& valid, v1::ValidTimeOption* proto);

// Whether it asks for a state by its version, time or stamp.
bool AsksForThePast(const v1::ReadOptions& read);

// Finds the source a policy names; its errors go to the caller as they are.
using SourceResolver = absl::FunctionRef<absl::StatusOr<EntityId>(const std::string& key)>;
// INVALID_ARGUMENT naming the field: a confidence outside [0, 1], a negative number of sources, a
// text that is no date, `raw` together with another field, an empty key. A policy that asks for
// nothing is DefaultPolicy().
absl::StatusOr<std::shared_ptr<const BeliefPolicy>> PolicyFromProto(const v1::BeliefPolicy& proto,
                                                                    SourceResolver resolve,
                                                                    const FieldPath& path);

// Where nothing bears a name, an id that nothing has: it matches nothing, which is what the reader
// is to see.
LabelId LabelOrNone(const NameTable& names, absl::string_view label);
TypeId TypeOrNone(const NameTable& names, absl::string_view type);
PropertyId PropertyOrNone(const NameTable& names, absl::string_view property);

// An empty type is every type; a direction that is not given is `unspecified`.
absl::StatusOr<std::vector<Step>> StepsFromProto(
    const google::protobuf::RepeatedPtrField<v1::Step>& proto, const NameTable& names,
    Direction unspecified, absl::string_view field);
// `direction`: a v1::Direction.
absl::StatusOr<Direction> DirectionFromProto(int direction, Direction unspecified,
                                             const FieldPath& path);

}  // namespace relata

#endif  // RELATA_SERVER_CONVERT_READ_TERMS_H_
