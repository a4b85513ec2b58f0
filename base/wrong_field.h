#ifndef RELATA_BASE_WRONG_FIELD_H_
#define RELATA_BASE_WRONG_FIELD_H_

#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "absl/strings/string_view.h"

namespace relata {

// Where a status of WrongField keeps the field's name.
inline constexpr absl::string_view kWrongFieldUrl = "relata/field";

// INVALID_ARGUMENT with `message`, and beside it the field of the request that is wrong, as the API
// calls it (`currency`, `read.valid_time`). The server names that field in the error's details; in
// other hands the message says enough.
inline absl::Status WrongField(absl::string_view field, absl::string_view message) {
  absl::Status status = absl::InvalidArgumentError(message);
  status.SetPayload(kWrongFieldUrl, absl::Cord(field));
  return status;
}

}  // namespace relata

#endif  // RELATA_BASE_WRONG_FIELD_H_
