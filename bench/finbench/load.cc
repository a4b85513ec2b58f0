#include "bench/finbench/load.h"

#include <filesystem>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "bench/finbench/insertions.h"
#include "bench/relata_bench/server_process.h"
#include "client/client.h"
#include "relata/v1/query_service.pb.h"

namespace relata::finbench {

absl::Status LoadSnapshot(const std::string& relatad, const std::string& data,
                          const std::string& db) {
  std::filesystem::create_directories(db);
  std::vector<std::string> command = {relatad, "load", "--data", db + "/data"};
  for (const Insertion& insertion : AllInsertions()) {
    for (const std::string& mapping : insertion.mappings) {
      command.insert(command.end(),
                     {"--csv", mapping, absl::StrCat(data, "/", insertion.file, ".csv")});
    }
  }
  return bench::RunToEnd(std::move(command), db + "/load.log");
}

absl::Status MakeIdsUnique(Client& client) {
  for (const char* const label : {"Person", "Company", "Account", "Loan", "Medium"}) {
    v1::RunQueryRequest request;
    request.set_query(absl::StrCat("CREATE CONSTRAINT FOR (n:", label, ") REQUIRE n.id IS UNIQUE"));
    RELATA_RETURN_IF_ERROR(
        client.RunQuery(request, [](const v1::RunQueryResponse&) { return absl::OkStatus(); }));
  }
  return absl::OkStatus();
}

}  // namespace relata::finbench
