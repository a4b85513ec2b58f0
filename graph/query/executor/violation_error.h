#ifndef RELATA_GRAPH_QUERY_EXECUTOR_VIOLATION_ERROR_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_VIOLATION_ERROR_H_

#include "absl/status/status.h"

namespace relata::query {

// A violated constraint as openCypher's error, ConstraintVerificationFailed (ConstraintViolation);
// any other status as it is.
absl::Status NameViolation(const absl::Status& status);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_VIOLATION_ERROR_H_
