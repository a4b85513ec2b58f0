#include "graph/query/executor/violation_error.h"

#include <optional>

#include "base/error_parts.h"
#include "graph/mutation/violation.h"
#include "graph/query/query_error.h"

namespace relata::query {

absl::Status NameViolation(const absl::Status& status) {
  if (!IsConstraintViolation(status) || GetQueryError(status)) return status;
  return WithPartsOf(MakeQueryError(ErrorClass::kConstraintVerification, ErrorPhase::kRuntime,
                                    "ConstraintViolation", std::nullopt, status.message()),
                     status);
}

}  // namespace relata::query
