// L: from CSV files to durable and queryable, through the client library.
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "bench/relata_bench/asker.h"
#include "bench/relata_bench/commands.h"
#include "bench/relata_bench/connection.h"
#include "bench/relata_bench/graph_mutations.h"
#include "bench/relata_bench/measure.h"
#include "bench/relata_bench/result_file.h"
#include "bench/relata_bench/server_process.h"
#include "client/client.h"
#include "relata/v1/admin_service.pb.h"
#include "relata/v1/write_service.pb.h"
#include "server/version.h"

namespace relata::bench {
namespace {

constexpr double kLongestCallSeconds = 3600.0;

// Writes mutations in commits of `batch`; while one is under way the next one is put together.
class BatchWriter {
 public:
  BatchWriter(Client* client, int batch) : client_(client), batch_(batch) {}

  absl::Status Add(v1::Mutation mutation) {
    *request_.add_mutations() = std::move(mutation);
    return request_.mutations_size() < batch_ ? absl::OkStatus() : Send();
  }
  // Returns when all is durable.
  absl::Status Finish() {
    RELATA_RETURN_IF_ERROR(Send());
    return Await();
  }

 private:
  absl::Status Send() {
    RELATA_RETURN_IF_ERROR(Await());
    if (request_.mutations().empty()) return absl::OkStatus();
    under_way_ = std::async(std::launch::async, [this, request = std::exchange(request_, {})] {
      return client_->Write(request).status();
    });
    return absl::OkStatus();
  }
  absl::Status Await() { return under_way_.valid() ? under_way_.get() : absl::OkStatus(); }

  Client* const client_;
  const int batch_;
  v1::WriteRequest request_;
  std::future<absl::Status> under_way_;
};

absl::Status WaitForIndexes(Client& client) {
  while (true) {
    RELATA_ASSIGN_OR_RETURN(const auto indexes, client.ListIndexes(v1::ListIndexesRequest()));
    bool usable = true;
    for (const auto& index : indexes.indexes()) usable &= index.has_usable_from_version();
    if (usable) return absl::OkStatus();
    absl::SleepFor(absl::Milliseconds(1));
  }
}

absl::Status WriteGraph(Client& client, const BenchOptions& options) {
  BatchWriter writer(&client, options.batch);
  const auto add = [&](v1::Mutation mutation) { return writer.Add(std::move(mutation)); };
  RELATA_RETURN_IF_ERROR(
      ForEachDeclaration(options.index == "unique" ? IdIndex::kUnique : IdIndex::kPlain, add));
  RELATA_RETURN_IF_ERROR(ForEachGraphMutation(options.data, add));
  return writer.Finish();
}

absl::Status AskOnce(Client& client, const BenchOptions& options) {
  const QuestionDefinition& question = AllQuestions().front();
  RELATA_ASSIGN_OR_RETURN(const std::vector<Draw> draws, ReadDraws(options.data, question));
  return MakeQueryAsker(&client, TextForm::kPattern)->Ask(question, draws.front()).status();
}

}  // namespace

absl::Status LoadGraph(const BenchOptions& options) {
  std::error_code error;
  if (std::filesystem::exists(options.db) && !std::filesystem::is_empty(options.db, error)) {
    return absl::FailedPreconditionError(
        absl::StrCat(options.db, " is not empty; give a folder that is not there yet"));
  }
  ResultFile results(options.out, options.data, kServerVersion);
  RELATA_ASSIGN_OR_RETURN(const auto server,
                          ServerProcess::StartRelatad(options.relatad, options.db));
  RELATA_ASSIGN_OR_RETURN(const auto client, ConnectTo(server->address(), kLongestCallSeconds));
  const double start = MonotonicSeconds();
  RELATA_RETURN_IF_ERROR(WriteGraph(*client, options));
  RELATA_RETURN_IF_ERROR(WaitForIndexes(*client));
  RELATA_RETURN_IF_ERROR(AskOnce(*client, options));
  const double seconds = MonotonicSeconds() - start;
  const double peak = server->PeakMegabytes();
  const double disk_running = DiskMegabytes(options.db);
  server->Stop();
  results.Add("relata", "L",
              {{"seconds", seconds},
               {"disk_mb", DiskMegabytes(options.db)},
               {"disk_running_mb", disk_running},
               {"peak_mb", peak},
               {"client_peak_mb", PeakMegabytes(-1)}},
              absl::StrCat("batches of ", options.batch, ", index on id: ", options.index));
  return absl::OkStatus();
}

}  // namespace relata::bench
