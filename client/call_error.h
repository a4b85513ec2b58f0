#ifndef RELATA_CLIENT_CALL_ERROR_H_
#define RELATA_CLIENT_CALL_ERROR_H_

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace grpc {
class Status;
}

namespace relata {

// What a server said about an error beside its code and message.
struct CallError {
  struct FieldViolation {
    std::string field;
    std::string description;
  };

  // A name of relata.v1.ErrorReason, `ENTITY_NOT_FOUND`; empty where no Relata server answered.
  std::string reason;
  // The variable parts of the message; proto/relata/v1/error_reason.proto lists them by reason.
  std::map<std::string, std::string> metadata;
  // The fields of the request that are wrong.
  std::vector<FieldViolation> field_violations;
  // How long to wait at least before another try; zero where the server does not say.
  absl::Duration retry_delay = absl::ZeroDuration();
};

// The absl::Status with code and message of `status`. What the server attached to it (google.rpc
// details) stays with it and is read by ReadCallError. CANCELLED becomes UNAVAILABLE: Client gives
// up no call whose status it reports, so a server that stops has broken it off.
absl::Status FromGrpc(const grpc::Status& status);

// What the server said about `status`, a result of Client. Empty for other errors.
CallError ReadCallError(const absl::Status& status);

// True if `status` is UNAVAILABLE and no Relata server said so: nobody listens there, or the
// connection broke.
bool IsUnreachable(const absl::Status& status);

// Position of the mutation in a refused write that the error is about, from 0; nothing where the
// error is not about one mutation.
std::optional<size_t> RefusedMutation(const absl::Status& status);
// The message without the "mutation N: " that a refused mutation's has in front.
std::string RefusalReason(const absl::Status& status);
// `status` with "<place>: " and RefusalReason as its message; what the server attached stays.
absl::Status AtPlace(const absl::Status& status, absl::string_view place);

}  // namespace relata

#endif  // RELATA_CLIENT_CALL_ERROR_H_
