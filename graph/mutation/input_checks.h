#ifndef RELATA_GRAPH_MUTATION_INPUT_CHECKS_H_
#define RELATA_GRAPH_MUTATION_INPUT_CHECKS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "graph/mutation/mutation.h"

namespace relata {

// What is wrong whatever the data: each gives INVALID_ARGUMENT with what is allowed.

// A stable key: 1 to 1024 bytes of UTF-8.
absl::Status CheckKey(absl::string_view key);
// A label or a relationship type (`what`): 1 to 256 bytes of UTF-8.
absl::Status CheckWord(absl::string_view what, absl::string_view word);
// A property's name: likewise, and not reserved (starting with `_`).
absl::Status CheckPropertyName(absl::string_view name);
// What a property can hold: no null, no map, no null or map in a list; texts are UTF-8.
absl::Status CheckStorable(absl::string_view property, const Value& value);
absl::Status CheckName(const EntityName& name);
absl::Status CheckConfidence(double confidence);

}  // namespace relata

#endif  // RELATA_GRAPH_MUTATION_INPUT_CHECKS_H_
