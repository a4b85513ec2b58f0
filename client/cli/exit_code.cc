#include "client/cli/exit_code.h"

#include "absl/strings/cord.h"
#include "client/call_error.h"

namespace relata {
namespace {

// Marks a status as an error of the command line; the payload itself is empty.
constexpr absl::string_view kUsageUrl = "relata/usage";

}  // namespace

absl::Status UsageError(absl::string_view message) {
  absl::Status status = absl::InvalidArgumentError(message);
  status.SetPayload(kUsageUrl, absl::Cord());
  return status;
}

ExitCode ExitCodeFor(const absl::Status& status) {
  if (status.ok()) return ExitCode::kDone;
  if (status.GetPayload(kUsageUrl)) return ExitCode::kBadUsage;
  return IsUnreachable(status) ? ExitCode::kUnreachable : ExitCode::kRefused;
}

}  // namespace relata
