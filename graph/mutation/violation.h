#ifndef RELATA_GRAPH_MUTATION_VIOLATION_H_
#define RELATA_GRAPH_MUTATION_VIOLATION_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace relata {

// FAILED_PRECONDITION: the data breaks what the schema says. The status is marked, so that it can
// be told from other states that forbid a write.
absl::Status ConstraintViolation(absl::string_view message);
bool IsConstraintViolation(const absl::Status& status);

}  // namespace relata

#endif  // RELATA_GRAPH_MUTATION_VIOLATION_H_
