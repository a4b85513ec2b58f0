#include <malloc.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/status_macros.h"
#include "google/protobuf/arena.h"
#include "graph/catalog/name_table.h"
#include "graph/query/engine.h"
#include "graph/query/functions/aggregate.h"
#include "graph/query/functions/function.h"
#include "graph/query/procedures/procedure.h"
#include "graph/query/syntax/keywords.h"
#include "relata/v1/query_service.grpc.pb.h"
#include "server/call_context.h"
#include "server/convert/query_call.h"
#include "server/convert/query_value.h"
#include "server/convert/read_terms.h"
#include "server/errors.h"
#include "server/query_transactions.h"
#include "server/read_session.h"
#include "server/request_identity.h"
#include "server/services/services.h"

namespace relata {
namespace {

constexpr int kMaxBatchRows = 65536;

using Writer = grpc::ServerWriter<v1::RunQueryResponse>;

// What a request asks for, resolved. The session or the lease keeps the database open.
struct QueryCall {
  query::Parameters parameters;
  query::QueryOptions options;
  std::optional<v1::BeliefPolicy> policy;  // as asked, for the stamp
  std::optional<ReadSession> session;
  std::optional<QueryTransactions::Lease> lease;

  Database& database() const { return session ? session->database() : lease->database(); }
  absl::StatusOr<std::unique_ptr<query::QueryResult>> Run(const std::string& text) const {
    return session ? session->open_database().queries->Run(text, parameters, options)
                   : lease->transaction().Run(text, parameters, options);
  }
};

// Valid time and policy, where the request says something about them.
void ApplyView(const v1::ReadOptions& read, const ReadSession& session, QueryCall& query) {
  if (read.has_valid_time() || read.has_stamp()) query.options.valid_time = session.view().valid;
  query.options.policy = session.view().policy;
  if (read.has_policy()) query.policy = read.policy();
  if (read.has_stamp() && read.stamp().has_policy()) query.policy = read.stamp().policy();
}

// In a transaction its snapshot says which state is read.
absl::Status CheckReadInTransaction(const v1::ReadOptions& read) {
  if (!read.database().empty()) return FieldError("read.database", "the transaction has one");
  if (read.has_consistency())
    return FieldError("read.consistency", "the transaction has its state");
  if (read.has_stamp()) return FieldError("read.stamp", "the transaction has its state");
  return absl::OkStatus();
}

absl::StatusOr<QueryCall> ResolveCall(const CallContext& call, const v1::RunQueryRequest& request,
                                      QueryTransactions& transactions) {
  if (request.query().empty()) return FieldError("query", "must not be empty");
  if (request.batch_rows() < 0) return FieldError("batch_rows", "must not be negative");
  QueryCall query;
  RELATA_ASSIGN_OR_RETURN(query.parameters, ParametersFromProto(request.parameters()));
  RELATA_RETURN_IF_ERROR(ApplyBudget(request.budget(), call.limits(), query.options));
  if (request.batch_rows() > 0) {
    query.options.batch_rows = std::min(request.batch_rows(), kMaxBatchRows);
  }
  query.options.read_only = request.read_only();
  if (request.transaction_id().empty()) {
    RELATA_ASSIGN_OR_RETURN(query.session, ReadSession::Open(call, request.read(), {.now = true}));
    ApplyView(request.read(), *query.session, query);
    if (AsksForThePast(request.read())) {
      query.options.as_of_version = query.session->snapshot().version();
    }
  } else {
    RELATA_RETURN_IF_ERROR(CheckReadInTransaction(request.read()));
    RELATA_ASSIGN_OR_RETURN(QueryTransactions::Lease lease,
                            transactions.Take(request.transaction_id()));
    query.lease.emplace(std::move(lease));
    v1::ReadOptions read = request.read();
    read.set_database(query.lease->database_name());
    RELATA_ASSIGN_OR_RETURN(const ReadSession session,
                            ReadSession::Open(call, read, {.now = true}));
    ApplyView(request.read(), session, query);
  }
  RELATA_ASSIGN_OR_RETURN(query.options.request, RequestIdOf(request, query.database().uuid()));
  absl::Duration time = call.limits().max_answer_time;
  if (request.budget().max_milliseconds() > 0) {
    time = std::min(time, absl::Milliseconds(request.budget().max_milliseconds()));
  }
  query.options.deadline_monotonic_us = call.DeadlineMicros(time);
  query.options.cancelled = [&call] { return call.cancelled() || call.state().stopping; };
  return query;
}

// Memory for the values of a message of a small answer.
constexpr size_t kAnswerBytes = size_t{16} << 10;

// Streams a result. One message is held back, so that the last one can carry the statistics. Each
// lies in an arena, of which the first piece is on the stack: a value alone would be three objects
// of the heap.
absl::Status StreamResult(const QueryCall& query, query::QueryResult& result, Writer* out) {
  std::array<char, kAnswerBytes> first_piece;
  google::protobuf::Arena arena(first_piece.data(), first_piece.size());
  auto* message = google::protobuf::Arena::CreateMessage<v1::RunQueryResponse>(&arena);
  message->mutable_columns()->Add(result.columns().begin(), result.columns().end());
  QueryBatchWriter writer(&result);
  query::Batch batch;
  while (true) {
    RELATA_ASSIGN_OR_RETURN(const bool more, result.Next(&batch));
    if (!more) break;
    if (message->has_batch()) {
      if (!out->Write(*message)) return absl::CancelledError("the client ended the call");
      arena.Reset();
      message = google::protobuf::Arena::CreateMessage<v1::RunQueryResponse>(&arena);
    }
    RELATA_RETURN_IF_ERROR(writer.Write(batch, message->mutable_batch()));
  }
  message->set_plan(result.plan_text());
  StatisticsToProto(result.statistics(), query.database(), query.options, query.policy,
                    message->mutable_statistics());
  // Goes out together with the status.
  if (!out->Write(*message, grpc::WriteOptions().set_last_message()))
    return absl::CancelledError("the client ended the call");
  return absl::OkStatus();
}

// Statements that held so much give it back to the system at once: malloc would keep it for the
// thread that ran them. It takes milliseconds, so it is not done for all.
constexpr size_t kGivenBackBytes = size_t{64} << 20;

bool MayHaveHeldMuch(const absl::Status& status, size_t peak_bytes) {
  return peak_bytes >= kGivenBackBytes || absl::IsResourceExhausted(status) ||
         absl::IsDeadlineExceeded(status) || absl::IsCancelled(status);
}

absl::Status RunQuery(const CallContext& call, const v1::RunQueryRequest& request,
                      QueryTransactions& transactions, Writer* out) {
  RELATA_ASSIGN_OR_RETURN(const QueryCall query, ResolveCall(call, request, transactions));
  size_t peak_bytes = 0;  // known of statements that come to their end
  const auto run = [&]() -> absl::Status {
    RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<query::QueryResult> result,
                            query.Run(request.query()));
    absl::Status streamed = StreamResult(query, *result, out);
    peak_bytes = result->statistics().peak_memory_bytes;
    return streamed;
  };
  absl::Status status = run();
  if (MayHaveHeldMuch(status, peak_bytes)) malloc_trim(0);
  if (absl::IsCancelled(status) && call.state().stopping) {
    status = absl::UnavailableError("the server is stopping; run the statement again");
  }
  return QueryErrorToCall(WithReusedId(status, request.request_id()), request.query());
}

template <typename Definition>
void AddFunction(const Definition& function, v1::GetVocabularyResponse* response) {
  auto* const out = response->add_functions();
  out->set_name(std::string(function.name));
  out->set_signature(std::string(function.signature));
  out->set_description(std::string(function.description));
}

void WriteNames(const NameTable& names, v1::GetVocabularyResponse* response) {
  const auto add = [&](NameTable::Space space, auto* out) {
    for (std::string& name : names.StoredNames(space)) {
      if (name.substr(0, 1) != "_") out->Add(std::move(name));
    }
    std::sort(out->begin(), out->end());
  };
  add(NameTable::Space::kLabel, response->mutable_labels());
  add(NameTable::Space::kType, response->mutable_relationship_types());
  add(NameTable::Space::kProperty, response->mutable_property_names());
}

absl::Status GetVocabulary(const CallContext& call, const v1::GetVocabularyRequest& request,
                           v1::GetVocabularyResponse* response) {
  RELATA_ASSIGN_OR_RETURN(const std::shared_ptr<OpenDatabase> database,
                          call.state().databases->Find(request.database()));
#define RELATA_KEYWORD(name, text) response->add_keywords(text);
  RELATA_KEYWORDS(RELATA_KEYWORD)
#undef RELATA_KEYWORD
  for (const query::FunctionDefinition* function : query::AllFunctions()) {
    AddFunction(*function, response);
  }
  for (const query::AggregateDefinition& function : query::AllAggregates()) {
    AddFunction(function, response);
  }
  std::sort(response->mutable_functions()->begin(), response->mutable_functions()->end(),
            [](const auto& a, const auto& b) { return a.name() < b.name(); });
  for (const auto& procedure : database->queries->procedures().All()) {
    auto* const out = response->add_procedures();
    out->set_name(procedure->name);
    out->set_signature(procedure->Signature());
    out->set_description(procedure->description);
  }
  WriteNames(database->graph->names(), response);
  return absl::OkStatus();
}

class QueryCalls final : public v1::QueryService::Service {
 public:
  explicit QueryCalls(ServerState* state)
      : state_(state),
        transactions_(state->clock, state->limits.transaction_idle_timeout,
                      state->limits.max_transactions) {}

  grpc::Status RunQuery(grpc::ServerContext* context, const v1::RunQueryRequest* request,
                        Writer* out) override {
    return Dispatch("RunQuery", state_, context, [&](const CallContext& call) {
      return relata::RunQuery(call, *request, transactions_, out);
    });
  }
  grpc::Status BeginTransaction(grpc::ServerContext* context,
                                const v1::BeginTransactionRequest* request,
                                v1::BeginTransactionResponse* response) override {
    return Dispatch("BeginTransaction", state_, context,
                    [&](const CallContext& call) { return Begin(call, *request, response); });
  }
  grpc::Status CommitTransaction(grpc::ServerContext* context,
                                 const v1::CommitTransactionRequest* request,
                                 v1::CommitTransactionResponse* response) override {
    return Dispatch("CommitTransaction", state_, context,
                    [&](const CallContext&) { return Commit(*request, response); });
  }
  grpc::Status RollbackTransaction(grpc::ServerContext* context,
                                   const v1::RollbackTransactionRequest* request,
                                   v1::RollbackTransactionResponse*) override {
    return Dispatch("RollbackTransaction", state_, context,
                    [&](const CallContext&) { return Rollback(*request); });
  }
  grpc::Status GetVocabulary(grpc::ServerContext* context, const v1::GetVocabularyRequest* request,
                             v1::GetVocabularyResponse* response) override {
    return Dispatch("GetVocabulary", state_, context, [&](const CallContext& call) {
      return relata::GetVocabulary(call, *request, response);
    });
  }

 private:
  absl::Status Begin(const CallContext& call, const v1::BeginTransactionRequest& request,
                     v1::BeginTransactionResponse* response) {
    RELATA_ASSIGN_OR_RETURN(std::shared_ptr<OpenDatabase> database,
                            call.state().databases->Find(request.database()));
    RELATA_ASSIGN_OR_RETURN(*response->mutable_transaction_id(),
                            transactions_.Begin(std::move(database), request.read_only()));
    response->set_idle_timeout_milliseconds(
        absl::ToInt64Milliseconds(transactions_.idle_timeout()));
    return absl::OkStatus();
  }

  absl::Status Commit(const v1::CommitTransactionRequest& request,
                      v1::CommitTransactionResponse* response) {
    RELATA_ASSIGN_OR_RETURN(QueryTransactions::Lease lease,
                            transactions_.Take(request.transaction_id()));
    // Committed or not, it has ended.
    lease.Forget();
    const absl::StatusOr<query::QueryTransaction::CommitResult> committed =
        lease.transaction().Commit();
    if (!committed.ok()) return QueryErrorToCall(committed.status(), /*query=*/"");
    response->set_version(committed->version.value());
    response->set_time(CommitTimeText(committed->time));
    return absl::OkStatus();
  }

  absl::Status Rollback(const v1::RollbackTransactionRequest& request) {
    RELATA_ASSIGN_OR_RETURN(QueryTransactions::Lease lease,
                            transactions_.Take(request.transaction_id()));
    lease.Forget();
    lease.transaction().Rollback();
    return absl::OkStatus();
  }

  ServerState* const state_;
  QueryTransactions transactions_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeQueryService(ServerState* state) {
  return std::make_unique<QueryCalls>(state);
}

}  // namespace relata
