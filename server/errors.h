#ifndef RELATA_SERVER_ERRORS_H_
#define RELATA_SERVER_ERRORS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "relata/v1/error_reason.pb.h"

namespace grpc {
class Status;
}

namespace relata {

// Errors on their way out. Inside, an error is an absl::Status; where the server knows more than
// code and message it attaches the google.rpc details as payloads. ToGrpc is the one place that
// makes a gRPC status of it.

using ErrorMetadata = std::vector<std::pair<std::string, std::string>>;

// `status` with a reason and the variable parts of its message. An OK status stays OK.
absl::Status WithReason(absl::Status status, v1::ErrorReason reason, const ErrorMetadata& metadata);

// The reason that ToGrpc gives `status`, which is an error: the attached one, else that of its
// code.
v1::ErrorReason ReasonOf(const absl::Status& status);
// `status` with "<place>: " before its message; what is attached stays, and `metadata` is added.
absl::Status AtPlace(const absl::Status& status, absl::string_view place,
                     const ErrorMetadata& metadata);

// INVALID_ARGUMENT "<field>: <what>" with a BadRequest that names the field.
absl::Status FieldError(absl::string_view field, absl::string_view what);
// `status` as an error of a field: its message after the field's path. Its code becomes
// INVALID_ARGUMENT.
absl::Status FieldError(absl::string_view field, const absl::Status& status);

// RESOURCE_EXHAUSTED with the limit's name and value. `what` says what was too much: "12 hops".
absl::Status LimitError(absl::string_view what, absl::string_view limit,
                        const absl::AlphaNum& value);

// The gRPC status with google.rpc.Status in its details: always an ErrorInfo (the reason that fits
// the code where none was attached), BadRequest where a field is wrong, RetryInfo for ABORTED and
// UNAVAILABLE. "mutation N: …" and "precondition N: …" from the graph become metadata and, where
// the request is wrong, a field violation, as does the field that WrongField names
// (base/wrong_field.h); the parts that WithParts names (base/error_parts.h) become metadata.
grpc::Status ToGrpc(const absl::Status& status);

}  // namespace relata

#endif  // RELATA_SERVER_ERRORS_H_
