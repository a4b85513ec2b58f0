#ifndef RELATA_SERVER_CONVERT_VALUE_H_
#define RELATA_SERVER_CONVERT_VALUE_H_

#include "absl/status/statusor.h"
#include "graph/values/value.h"
#include "server/convert/field_path.h"

namespace relata {

namespace v1 {
class Value;
}

// Values between the API and the graph, both ways without loss (S7).

// INVALID_ARGUMENT naming the field: no kind is set, a text that does not parse, a qualifier on
// something that is no number or amount, more than 32 levels of lists, a map (they cannot be
// stored).
absl::StatusOr<Value> ValueFromProto(const v1::Value& proto, const FieldPath& path);

void ValueToProto(const Value& value, v1::Value* proto);

}  // namespace relata

#endif  // RELATA_SERVER_CONVERT_VALUE_H_
