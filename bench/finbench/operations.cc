#include "bench/finbench/operations.h"

#include <array>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "client/client.h"
#include "client/query_cell.h"
#include "relata/v1/query_service.pb.h"

namespace relata::finbench {
namespace {

constexpr int kMostTries = 20;
// As the benchmark publishes them.
constexpr double kAmountThreshold = 1000;
constexpr double kRatioThreshold = 1.0;
constexpr double kLoanThreshold = 10000;

double Number(const v1::Value& value) {
  return value.kind_case() == v1::Value::kIntValue ? static_cast<double>(value.int_value())
                                                   : value.double_value();
}

// Rolls back at the end of its life where it was not committed.
class OpenTransaction {
 public:
  static absl::StatusOr<OpenTransaction> Begin(Client& client) {
    RELATA_ASSIGN_OR_RETURN(const auto begun,
                            client.BeginTransaction(v1::BeginTransactionRequest()));
    return OpenTransaction(&client, begun.transaction_id());
  }
  ~OpenTransaction() {
    if (id_.empty()) return;
    v1::RollbackTransactionRequest request;
    request.set_transaction_id(id_);
    // Where that fails the server drops it when it has been idle for long.
    client_->RollbackTransaction(request).IgnoreError();
  }
  OpenTransaction(OpenTransaction&& other) noexcept
      : client_(other.client_), id_(std::exchange(other.id_, "")) {}
  OpenTransaction& operator=(OpenTransaction&&) = delete;

  const std::string& id() const { return id_; }
  absl::Status Commit() {
    v1::CommitTransactionRequest request;
    request.set_transaction_id(std::exchange(id_, ""));
    return client_->CommitTransaction(request).status();
  }

 private:
  OpenTransaction(Client* client, std::string id) : client_(client), id_(std::move(id)) {}

  Client* client_;
  std::string id_;  // empty: ended
};

class ReadWrite {
 public:
  ReadWrite(Client& client, const Workload& workload, const std::string& name,
            const Parameters& parameters)
      : client_(client),
        workload_(workload),
        name_(name),
        parameters_(parameters),
        of_persons_(name == "trw3"),
        ends_{parameters.at(of_persons_ ? "personId1" : "accountId1"),
              parameters.at(of_persons_ ? "personId2" : "accountId2")} {}

  // The first transaction, whole.
  absl::StatusOr<Outcome> InsertChecked() {
    RELATA_ASSIGN_OR_RETURN(OpenTransaction transaction, OpenTransaction::Begin(client_));
    for (const v1::Value& end : ends_) {
      RELATA_ASSIGN_OR_RETURN(const QueryAnswer read,
                              RunStatement(client_, workload_, of_persons_ ? "trw_person" : "tsr1",
                                           {{"id", end}}, transaction.id()));
      if (read.rows.empty()) return Outcome::kWithoutEffect;
      if (Cell(read, "isBlocked").bool_value()) return Outcome::kRefused;
    }
    RELATA_RETURN_IF_ERROR(RunStatement(client_, workload_, of_persons_ ? "tw10" : "tw12",
                                        parameters_, transaction.id())
                               .status());
    RELATA_ASSIGN_OR_RETURN(const bool detected, Detect(transaction.id()));
    if (detected) return Outcome::kDetected;
    RELATA_RETURN_IF_ERROR(transaction.Commit());
    return Outcome::kDone;
  }

  // The second one.
  absl::Status BlockBoth() {
    RELATA_ASSIGN_OR_RETURN(OpenTransaction transaction, OpenTransaction::Begin(client_));
    for (const v1::Value& end : ends_) {
      RELATA_RETURN_IF_ERROR(RunStatement(client_, workload_, of_persons_ ? "tw19" : "tw18",
                                          {{of_persons_ ? "personId" : "accountId", end}},
                                          transaction.id())
                                 .status());
    }
    return transaction.Commit();
  }

 private:
  static const v1::Value& Cell(const QueryAnswer& answer, absl::string_view column) {
    size_t i = 0;
    while (answer.columns[i] != column) ++i;
    return answer.rows.front()[i];
  }

  absl::StatusOr<bool> Detect(const std::string& transaction) {
    Parameters parameters = {{"startTime", parameters_.at("startTime")},
                             {"endTime", parameters_.at("endTime")},
                             {"truncationLimit", IntValue(kTruncationLimit)}};
    if (name_ == "trw1") {
      parameters["id1"] = ends_[0];
      parameters["id2"] = ends_[1];
      RELATA_ASSIGN_OR_RETURN(const QueryAnswer cycles,
                              RunStatement(client_, workload_, "tcr4", parameters, transaction));
      return !cycles.rows.empty();
    }
    if (name_ == "trw3") {
      parameters["id"] = ends_[0];
      RELATA_ASSIGN_OR_RETURN(const QueryAnswer loans,
                              RunStatement(client_, workload_, "tcr11", parameters, transaction));
      return Number(Cell(loans, "sumLoanAmount")) > kLoanThreshold;
    }
    parameters["threshold"].set_double_value(kAmountThreshold);
    for (const v1::Value& end : ends_) {
      parameters["id"] = end;
      RELATA_ASSIGN_OR_RETURN(const QueryAnswer ratio,
                              RunStatement(client_, workload_, "tcr7", parameters, transaction));
      if (Number(Cell(ratio, "inOutRatio")) > kRatioThreshold) return true;
    }
    return false;
  }

  Client& client_;
  const Workload& workload_;
  const std::string& name_;
  const Parameters& parameters_;
  const bool of_persons_;
  const std::array<v1::Value, 2> ends_;
};

// Runs it again as long as another transaction changed what it read; counts how often.
absl::Status Retried(int& retries, absl::FunctionRef<absl::Status()> run) {
  absl::Status status = run();
  for (int i = 1; i < kMostTries && absl::IsAborted(status); ++i) {
    ++retries;
    status = run();
  }
  return status;
}

}  // namespace

absl::StatusOr<QueryAnswer> RunStatement(Client& client, const Workload& workload,
                                         const std::string& name, const Parameters& parameters,
                                         const std::string& transaction) {
  const auto text = workload.queries.find(name);
  if (text == workload.queries.end()) {
    return absl::NotFoundError(absl::StrCat("there is no query ", name));
  }
  v1::RunQueryRequest request;
  request.set_query(text->second);
  request.set_transaction_id(transaction);
  for (const auto& [parameter, value] : parameters) {
    v1::MapEntry& entry = *request.add_parameters();
    entry.set_name(parameter);
    *entry.mutable_value() = value;
  }
  QueryAnswer answer;
  RELATA_RETURN_IF_ERROR(client.RunQuery(request, [&](const v1::RunQueryResponse& part) {
    answer.columns.insert(answer.columns.end(), part.columns().begin(), part.columns().end());
    for (uint64_t row = 0; row < part.batch().rows(); ++row) {
      std::vector<v1::Value>& cells = answer.rows.emplace_back();
      for (int i = 0; i < part.batch().columns_size(); ++i) {
        cells.push_back(QueryCell(part.batch(), i, row).value());
      }
    }
    const auto& effects = part.statistics().effects();
    answer.changes += effects.nodes_created() + effects.nodes_deleted() +
                      effects.relationships_created() + effects.properties_set();
    return absl::OkStatus();
  }));
  return answer;
}

absl::StatusOr<UpdateResult> RunUpdate(Client& client, const Workload& workload,
                                       const std::string& name, const Parameters& parameters) {
  UpdateResult result;
  if (!absl::StartsWith(name, "trw")) {
    RELATA_ASSIGN_OR_RETURN(const QueryAnswer answer,
                            RunStatement(client, workload, name, parameters));
    if (answer.changes == 0) result.outcome = Outcome::kWithoutEffect;
    return result;
  }
  ReadWrite read_write(client, workload, name, parameters);
  RELATA_RETURN_IF_ERROR(Retried(result.retries, [&] {
    const absl::StatusOr<Outcome> outcome = read_write.InsertChecked();
    if (outcome.ok()) result.outcome = *outcome;
    return outcome.status();
  }));
  if (result.outcome == Outcome::kDetected) {
    RELATA_RETURN_IF_ERROR(Retried(result.retries, [&] { return read_write.BlockBoth(); }));
  }
  return result;
}

}  // namespace relata::finbench
