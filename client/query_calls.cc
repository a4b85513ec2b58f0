// The calls of QueryService; those of the other services are in client.cc.
#include <array>

#include "base/status_macros.h"
#include "client/call_canceller.h"
#include "client/call_error.h"
#include "client/client.h"
#include "client/connection.h"
#include "google/protobuf/arena.h"
#include "relata/v1/query_service.grpc.pb.h"

namespace relata {
namespace {

// Memory for the values of a message of a small answer.
constexpr size_t kAnswerBytes = size_t{16} << 10;

}  // namespace

absl::Status Client::RunQuery(const v1::RunQueryRequest& request,
                              absl::FunctionRef<absl::Status(const v1::RunQueryResponse&)> receive,
                              CallCanceller* canceller) {
  bool begun = false;
  absl::Status ended;  // of a run that is not to be tried again
  const auto run_once = [&](absl::Duration left) -> absl::Status {
    grpc::ClientContext context;
    context.set_deadline(DeadlineAfter(left));
    if (canceller != nullptr) canceller->Attach([&context] { context.TryCancel(); });
    const auto reader = connection_->query->RunQuery(&context, request);
    // A value alone would be three objects of the heap.
    std::array<char, kAnswerBytes> first_piece;
    google::protobuf::Arena arena(first_piece.data(), first_piece.size());
    absl::Status refused;
    while (refused.ok()) {
      arena.Reset();
      auto* const part = google::protobuf::Arena::CreateMessage<v1::RunQueryResponse>(&arena);
      if (!reader->Read(part)) break;
      begun = true;
      refused = receive(*part);
    }
    if (!refused.ok()) context.TryCancel();
    const grpc::Status status = reader->Finish();
    if (canceller != nullptr) canceller->Attach(nullptr);
    if (!refused.ok()) {
      ended = refused;
    } else if (!status.ok() && canceller != nullptr && canceller->cancelled()) {
      ended = absl::CancelledError("the statement was cancelled");
    } else if (begun) {
      ended = FromGrpc(status);
    } else {
      return FromGrpc(status);
    }
    return absl::OkStatus();
  };
  const RetryKind kind = request.request_id().empty() ? RetryKind::kNever : RetryKind::kUnavailable;
  const absl::Status status = CallWithRetries(options_.retry, kind, options_.timeout,
                                              options_.clock, options_.sleep, run_once);
  return status.ok() ? ended : status;
}

absl::StatusOr<v1::BeginTransactionResponse> Client::BeginTransaction(
    const v1::BeginTransactionRequest& request) {
  v1::BeginTransactionResponse response;
  RELATA_RETURN_IF_ERROR(Call(*connection_->query, &v1::QueryService::Stub::BeginTransaction,
                              RetryKind::kUnavailable, request, &response));
  return response;
}

absl::StatusOr<v1::CommitTransactionResponse> Client::CommitTransaction(
    const v1::CommitTransactionRequest& request) {
  v1::CommitTransactionResponse response;
  RELATA_RETURN_IF_ERROR(Call(*connection_->query, &v1::QueryService::Stub::CommitTransaction,
                              RetryKind::kNever, request, &response));
  return response;
}

absl::Status Client::RollbackTransaction(const v1::RollbackTransactionRequest& request) {
  v1::RollbackTransactionResponse response;
  return Call(*connection_->query, &v1::QueryService::Stub::RollbackTransaction, RetryKind::kNever,
              request, &response);
}

absl::StatusOr<v1::GetVocabularyResponse> Client::GetVocabulary(
    const v1::GetVocabularyRequest& request) {
  return Ask<v1::GetVocabularyResponse>(*connection_->query, &v1::QueryService::Stub::GetVocabulary,
                                        request);
}

}  // namespace relata
