// The calls of QueryService; those of the other services are in client.cc.
#include "base/status_macros.h"
#include "client/call_canceller.h"
#include "client/call_error.h"
#include "client/client.h"
#include "client/connection.h"
#include "relata/v1/query_service.grpc.pb.h"

namespace relata {

absl::Status Client::RunQuery(const v1::RunQueryRequest& request,
                              absl::FunctionRef<absl::Status(const v1::RunQueryResponse&)> receive,
                              CallCanceller* canceller) {
  grpc::ClientContext context;
  context.set_deadline(DeadlineAfter(options_.timeout));
  if (canceller != nullptr) canceller->Attach([&context] { context.TryCancel(); });
  const auto reader = connection_->query->RunQuery(&context, request);
  v1::RunQueryResponse part;
  absl::Status refused;
  while (refused.ok() && reader->Read(&part)) refused = receive(part);
  if (!refused.ok()) context.TryCancel();
  const grpc::Status status = reader->Finish();
  if (canceller != nullptr) canceller->Attach(nullptr);
  if (!refused.ok()) return refused;
  if (!status.ok() && canceller != nullptr && canceller->cancelled()) {
    return absl::CancelledError("the statement was cancelled");
  }
  return FromGrpc(status);
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
