#include "server/request_identity.h"

#include <algorithm>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "relata/v1/algorithm_service.pb.h"
#include "relata/v1/query_service.pb.h"
#include "relata/v1/write_service.pb.h"
#include "server/convert/fact_write.h"
#include "server/convert/page_token.h"
#include "server/errors.h"
#include "server/limits.h"

namespace relata {
namespace {

// With its length in front, so that two messages in a row cannot be read as others.
template <typename Message>
void AppendTo(std::string* body, const Message& message) {
  absl::StrAppend(body, message.ByteSizeLong(), ":");
  message.AppendToString(body);
}

absl::StatusOr<RequestId> Named(const std::string& id, std::string body_hash) {
  RELATA_RETURN_IF_ERROR(CheckText(id, kMaxRequestIdBytes, FieldPath("request_id")));
  return RequestId{id, std::move(body_hash)};
}

}  // namespace

// None of these messages holds a map, so that serialization is deterministic.

absl::StatusOr<RequestId> RequestIdOf(const v1::WriteRequest& request,
                                      absl::string_view database_uuid) {
  if (request.request_id().empty()) return RequestId{};
  std::string body = absl::StrCat(database_uuid, "/", request.mutations_size(), "/");
  for (const v1::Mutation& mutation : request.mutations()) AppendTo(&body, mutation);
  for (const v1::Precondition& precondition : request.preconditions()) {
    AppendTo(&body, precondition);
  }
  return Named(request.request_id(), Digest(body));
}

absl::StatusOr<RequestId> RequestIdOf(const v1::RunQueryRequest& request,
                                      absl::string_view database_uuid) {
  if (request.request_id().empty()) return RequestId{};
  if (!request.transaction_id().empty()) {
    return FieldError("request_id", "is for a statement without transaction_id");
  }
  std::string body =
      absl::StrCat(database_uuid, "/query/", request.query().size(), ":", request.query());
  AppendTo(&body, request.read().valid_time());
  AppendTo(&body, request.read().policy());
  std::vector<const v1::MapEntry*> parameters;
  for (const v1::MapEntry& parameter : request.parameters()) parameters.push_back(&parameter);
  std::sort(parameters.begin(), parameters.end(),
            [](const auto* a, const auto* b) { return a->name() < b->name(); });
  for (const v1::MapEntry* parameter : parameters) AppendTo(&body, *parameter);
  return Named(request.request_id(), Digest(body));
}

absl::StatusOr<RequestId> RequestIdOf(const v1::RunAlgorithmRequest& request,
                                      absl::string_view database_uuid) {
  if (request.request_id().empty()) return RequestId{};
  // What is written, without how the call is made.
  v1::RunAlgorithmRequest named = request;
  named.clear_request_id();
  named.clear_batch_rows();
  named.clear_max_milliseconds();
  named.mutable_read()->clear_consistency();
  named.mutable_read()->clear_database();
  std::string body = absl::StrCat(database_uuid, "/algorithm/");
  AppendTo(&body, named);
  return Named(request.request_id(), Digest(body));
}

absl::Status WithReusedId(const absl::Status& status, absl::string_view request_id) {
  if (status.code() != absl::StatusCode::kInvalidArgument ||
      !absl::StartsWith(status.message(), "the request id ")) {
    return status;
  }
  return WithReason(status, v1::REQUEST_ID_REUSED, {{"request_id", std::string(request_id)}});
}

}  // namespace relata
