#ifndef RELATA_SERVER_REQUEST_IDENTITY_H_
#define RELATA_SERVER_REQUEST_IDENTITY_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "graph/mutation/mutation.h"

namespace relata {

namespace v1 {
class RunAlgorithmRequest;
class RunQueryRequest;
class WriteRequest;
}  // namespace v1

// The request id of a call that writes, with a digest of all that it stands for: what is written,
// where, and under which conditions. Empty where the call has none; INVALID_ARGUMENT where it is
// too long or no UTF-8.
absl::StatusOr<RequestId> RequestIdOf(const v1::WriteRequest& request,
                                      absl::string_view database_uuid);
absl::StatusOr<RequestId> RequestIdOf(const v1::RunQueryRequest& request,
                                      absl::string_view database_uuid);

// Of a call that writes a property.
absl::StatusOr<RequestId> RequestIdOf(const v1::RunAlgorithmRequest& request,
                                      absl::string_view database_uuid);

// The refusal of an id that was used for something else, with its reason; any other status as it
// is.
absl::Status WithReusedId(const absl::Status& status, absl::string_view request_id);

}  // namespace relata

#endif  // RELATA_SERVER_REQUEST_IDENTITY_H_
