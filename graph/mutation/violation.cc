#include "graph/mutation/violation.h"

#include "absl/strings/cord.h"

namespace relata {
namespace {

constexpr absl::string_view kViolationUrl = "relata/constraint";

}  // namespace

absl::Status ConstraintViolation(absl::string_view message) {
  absl::Status status = absl::FailedPreconditionError(message);
  status.SetPayload(kViolationUrl, absl::Cord());
  return status;
}

bool IsConstraintViolation(const absl::Status& status) {
  return status.GetPayload(kViolationUrl).has_value();
}

}  // namespace relata
