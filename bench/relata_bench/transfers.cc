#include "bench/relata_bench/transfers.h"

#include <utility>

#include "base/status_macros.h"
#include "bench/relata_bench/graph_mutations.h"
#include "client/client.h"
#include "relata/v1/query_service.pb.h"
#include "relata/v1/write_service.pb.h"

namespace relata::bench {
namespace {

constexpr absl::string_view kInsert =
    "MATCH (a:Company {id: $src}), (b:Company {id: $dst}) "
    "FOR PORTION OF VALID_TIME FROM $since TO '..' "
    "CREATE (a)-[:TRANSFERRED {amount: $amount}]->(b)";

v1::Value* AddParameter(const char* name, v1::RunQueryRequest& request) {
  v1::MapEntry* const entry = request.add_parameters();
  entry->set_name(name);
  return entry->mutable_value();
}

}  // namespace

absl::StatusOr<std::vector<Draw>> ReadTransfers(const std::string& folder) {
  std::vector<Draw> rows;
  RELATA_RETURN_IF_ERROR(ForEachRow(folder + "/params/q8.csv", 4, [&](const CsvRow& row) {
    rows.emplace_back(row.begin(), row.end());
    return absl::OkStatus();
  }));
  return rows;
}

absl::Status WriteTransfer(Client& client, const Draw& row) {
  const std::vector<absl::string_view> fields(row.begin(), row.end());
  v1::WriteRequest request;
  RELATA_ASSIGN_OR_RETURN(*request.add_mutations(), TransferMutation(fields));
  return client.Write(request).status();
}

absl::Status InsertTransfer(Client& client, const Draw& row) {
  v1::RunQueryRequest request;
  request.set_query(std::string(kInsert));
  RELATA_ASSIGN_OR_RETURN(const int64_t from, IntegerField(row[0]));
  RELATA_ASSIGN_OR_RETURN(const int64_t to, IntegerField(row[1]));
  RELATA_ASSIGN_OR_RETURN(const double amount, NumberField(row[2]));
  RELATA_ASSIGN_OR_RETURN(std::string since, InstantText(row[3]));
  AddParameter("src", request)->set_int_value(from);
  AddParameter("dst", request)->set_int_value(to);
  AddParameter("amount", request)->set_double_value(amount);
  AddParameter("since", request)->set_string_value(std::move(since));
  return client.RunQuery(request, [](const v1::RunQueryResponse&) { return absl::OkStatus(); });
}

}  // namespace relata::bench
