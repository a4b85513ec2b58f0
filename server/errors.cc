#include "server/errors.h"

#include <grpcpp/support/status.h>

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"
#include "base/error_parts.h"
#include "base/wrong_field.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace relata {
namespace {

constexpr absl::string_view kDomain = "relata";
constexpr absl::string_view kTypePrefix = "type.googleapis.com/";
constexpr absl::string_view kErrorInfoUrl = "type.googleapis.com/google.rpc.ErrorInfo";
constexpr absl::string_view kBadRequestUrl = "type.googleapis.com/google.rpc.BadRequest";
// How the graph names the item of a batch that an error is about.
constexpr absl::string_view kItems[] = {"mutation", "precondition"};

v1::ErrorReason DefaultReason(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
      return v1::INVALID_REQUEST;
    case absl::StatusCode::kNotFound:
      return v1::NOT_FOUND_IN_WRITE;
    case absl::StatusCode::kAlreadyExists:
      return v1::ALREADY_THERE;
    case absl::StatusCode::kFailedPrecondition:
      return v1::DATA_FORBIDS;
    case absl::StatusCode::kAborted:
      return v1::CONFLICT;
    case absl::StatusCode::kOutOfRange:
      return v1::VERSION_OUT_OF_RANGE;
    case absl::StatusCode::kResourceExhausted:
      return v1::LIMIT_EXCEEDED;
    case absl::StatusCode::kUnavailable:
      return v1::TEMPORARILY_UNAVAILABLE;
    case absl::StatusCode::kCancelled:
      return v1::CALL_CANCELLED;
    case absl::StatusCode::kDeadlineExceeded:
      return v1::DEADLINE_PASSED;
    case absl::StatusCode::kUnimplemented:
      return v1::NOT_SUPPORTED;
    case absl::StatusCode::kDataLoss:
      return v1::DAMAGED_DATA;
    default:
      return v1::INTERNAL_FAULT;
  }
}

template <typename Message>
void Attach(absl::string_view url, const Message& message, absl::Status& status) {
  status.SetPayload(url, absl::Cord(message.SerializeAsString()));
}

template <typename Message>
std::optional<Message> Attached(absl::string_view url, const absl::Status& status) {
  const auto payload = status.GetPayload(url);
  Message message;
  if (!payload || !message.ParseFromString(std::string(*payload))) return std::nullopt;
  return message;
}

template <typename Message>
void AddDetail(const Message& message, google::rpc::Status& out) {
  google::protobuf::Any* const any = out.add_details();
  any->set_type_url(absl::StrCat(kTypePrefix, Message::descriptor()->full_name()));
  message.SerializeToString(any->mutable_value());
}

// One of kItems and its number in the batch.
struct BatchItem {
  absl::string_view kind;
  uint64_t number = 0;
};

// What "mutation 3: …" is about.
std::optional<BatchItem> BatchItemOf(absl::string_view message) {
  for (const absl::string_view kind : kItems) {
    absl::string_view rest = message;
    if (!absl::ConsumePrefix(&rest, kind) || !absl::ConsumePrefix(&rest, " ")) continue;
    uint64_t number = 0;
    if (absl::SimpleAtoi(rest.substr(0, rest.find(':')), &number)) return BatchItem{kind, number};
  }
  return std::nullopt;
}

google::rpc::BadRequest ViolationOf(absl::string_view field, absl::string_view what) {
  google::rpc::BadRequest bad;
  auto* const violation = bad.add_field_violations();
  violation->set_field(std::string(field));
  violation->set_description(std::string(what));
  return bad;
}

// The parts that WithParts named.
void AddParts(const absl::Status& status, google::rpc::ErrorInfo& info) {
  status.ForEachPayload([&info](absl::string_view url, const absl::Cord& text) {
    if (!absl::ConsumePrefix(&url, kErrorPartPrefix)) return;
    (*info.mutable_metadata())[std::string(url)] = std::string(text);
  });
}

// The field that WrongField named.
std::optional<std::string> WrongFieldOf(const absl::Status& status) {
  const auto field = status.GetPayload(kWrongFieldUrl);
  if (!field) return std::nullopt;
  return std::string(*field);
}

google::rpc::ErrorInfo InfoOf(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  if (auto attached = Attached<google::rpc::ErrorInfo>(kErrorInfoUrl, status)) {
    info = *std::move(attached);
  } else if (auto field = WrongFieldOf(status)) {
    info.set_reason(v1::ErrorReason_Name(v1::INVALID_FIELD));
    info.set_domain(std::string(kDomain));
    (*info.mutable_metadata())["field"] = *std::move(field);
  } else {
    info.set_reason(v1::ErrorReason_Name(DefaultReason(status.code())));
    info.set_domain(std::string(kDomain));
  }
  AddParts(status, info);
  if (const auto item = BatchItemOf(status.message())) {
    (*info.mutable_metadata())[std::string(item->kind)] = absl::StrCat(item->number);
  }
  return info;
}

void AddBadRequest(const absl::Status& status, google::rpc::Status& out) {
  if (const auto bad = Attached<google::rpc::BadRequest>(kBadRequestUrl, status)) {
    AddDetail(*bad, out);
  } else if (const auto field = WrongFieldOf(status)) {
    AddDetail(ViolationOf(*field, status.message()), out);
  } else if (const auto item = BatchItemOf(status.message());
             item && status.code() == absl::StatusCode::kInvalidArgument) {
    AddDetail(ViolationOf(absl::StrCat(item->kind, "s[", item->number, "]"), status.message()),
              out);
  }
}

}  // namespace

absl::Status WithReason(absl::Status status, v1::ErrorReason reason,
                        const ErrorMetadata& metadata) {
  if (status.ok()) return status;
  google::rpc::ErrorInfo info;
  info.set_reason(v1::ErrorReason_Name(reason));
  info.set_domain(std::string(kDomain));
  for (const auto& [name, value] : metadata) (*info.mutable_metadata())[name] = value;
  Attach(kErrorInfoUrl, info, status);
  return status;
}

v1::ErrorReason ReasonOf(const absl::Status& status) {
  v1::ErrorReason reason = v1::INTERNAL_FAULT;
  v1::ErrorReason_Parse(InfoOf(status).reason(), &reason);
  return reason;
}

absl::Status AtPlace(const absl::Status& status, absl::string_view place,
                     const ErrorMetadata& metadata) {
  absl::Status placed(status.code(), absl::StrCat(place, ": ", status.message()));
  status.ForEachPayload([&placed](absl::string_view url, const absl::Cord& payload) {
    placed.SetPayload(url, payload);
  });
  google::rpc::ErrorInfo info = InfoOf(status);
  for (const auto& [name, value] : metadata) (*info.mutable_metadata())[name] = value;
  Attach(kErrorInfoUrl, info, placed);
  return placed;
}

absl::Status FieldError(absl::string_view field, absl::string_view what) {
  absl::Status status = absl::InvalidArgumentError(absl::StrCat(field, ": ", what));
  Attach(kBadRequestUrl, ViolationOf(field, what), status);
  return WithReason(std::move(status), v1::INVALID_FIELD, {{"field", std::string(field)}});
}

absl::Status FieldError(absl::string_view field, const absl::Status& status) {
  return FieldError(field, status.message());
}

absl::Status LimitError(absl::string_view what, absl::string_view limit,
                        const absl::AlphaNum& value) {
  return WithReason(
      absl::ResourceExhaustedError(absl::StrCat(what, " is more than this server allows: ", limit,
                                                " is ", value, "; ask for less")),
      v1::LIMIT_EXCEEDED,
      {{"limit", std::string(limit)}, {"value", std::string(value.data(), value.size())}});
}

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const std::string message(status.message());
  google::rpc::Status details;
  details.set_code(static_cast<int>(status.code()));
  details.set_message(message);
  AddDetail(InfoOf(status), details);
  AddBadRequest(status, details);
  if (status.code() == absl::StatusCode::kAborted ||
      status.code() == absl::StatusCode::kUnavailable) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_nanos(100'000'000);
    AddDetail(retry, details);
  }
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), message,
                      details.SerializeAsString());
}

}  // namespace relata
