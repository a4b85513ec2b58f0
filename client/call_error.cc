#include "client/call_error.h"

#include <grpcpp/support/status.h>

#include <algorithm>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace relata {
namespace {

// Under which the serialized google.rpc.Status of the server travels with an absl::Status.
constexpr absl::string_view kDetailsUrl = "type.googleapis.com/google.rpc.Status";
constexpr absl::string_view kDomain = "relata";

template <typename Message>
bool Unpack(const google::protobuf::Any& any, Message* message) {
  return any.Is<Message>() && any.UnpackTo(message);
}

void AddDetail(const google::protobuf::Any& any, CallError* error) {
  google::rpc::ErrorInfo info;
  google::rpc::BadRequest bad_request;
  google::rpc::RetryInfo retry;
  if (Unpack(any, &info) && info.domain() == kDomain) {
    error->reason = info.reason();
    error->metadata.insert(info.metadata().begin(), info.metadata().end());
  } else if (Unpack(any, &bad_request)) {
    for (const auto& violation : bad_request.field_violations()) {
      error->field_violations.push_back({violation.field(), violation.description()});
    }
  } else if (Unpack(any, &retry)) {
    error->retry_delay = absl::Seconds(retry.retry_delay().seconds()) +
                         absl::Nanoseconds(retry.retry_delay().nanos());
  }
}

}  // namespace

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  if (status.error_code() == grpc::StatusCode::CANCELLED) {
    return absl::UnavailableError("the server broke off the call");
  }
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  if (!status.error_details().empty()) {
    result.SetPayload(kDetailsUrl, absl::Cord(status.error_details()));
  }
  return result;
}

CallError ReadCallError(const absl::Status& status) {
  CallError error;
  const auto payload = status.GetPayload(kDetailsUrl);
  google::rpc::Status details;
  if (!payload || !details.ParseFromString(std::string(*payload))) return error;
  for (const auto& any : details.details()) AddDetail(any, &error);
  return error;
}

bool IsUnreachable(const absl::Status& status) {
  return status.code() == absl::StatusCode::kUnavailable && ReadCallError(status).reason.empty();
}

std::optional<size_t> RefusedMutation(const absl::Status& status) {
  const CallError error = ReadCallError(status);
  size_t position = 0;
  if (const auto it = error.metadata.find("mutation");
      it != error.metadata.end() && absl::SimpleAtoi(it->second, &position)) {
    return position;
  }
  for (const CallError::FieldViolation& violation : error.field_violations) {
    absl::string_view field = violation.field;
    if (absl::ConsumePrefix(&field, "mutations[") &&
        absl::SimpleAtoi(field.substr(0, field.find(']')), &position)) {
      return position;
    }
  }
  return std::nullopt;
}

std::string RefusalReason(const absl::Status& status) {
  absl::string_view rest = status.message();
  size_t number = 0;
  if (!absl::ConsumePrefix(&rest, "mutation ") ||
      !absl::SimpleAtoi(rest.substr(0, rest.find(':')), &number)) {
    return std::string(status.message());
  }
  rest.remove_prefix(std::min(rest.find(": "), rest.size() - 2) + 2);
  return std::string(rest);
}

absl::Status AtPlace(const absl::Status& status, absl::string_view place) {
  absl::Status placed(status.code(), absl::StrCat(place, ": ", RefusalReason(status)));
  status.ForEachPayload([&placed](absl::string_view url, const absl::Cord& payload) {
    placed.SetPayload(url, payload);
  });
  return placed;
}

}  // namespace relata
