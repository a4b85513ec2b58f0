// A closed loop of reads and writes.
#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "bench/relata_bench/asker.h"
#include "bench/relata_bench/closed_loop.h"
#include "bench/relata_bench/commands.h"
#include "bench/relata_bench/connection.h"
#include "bench/relata_bench/result_file.h"
#include "bench/relata_bench/server_process.h"
#include "bench/relata_bench/transfers.h"
#include "client/bulk_writer.h"
#include "client/client.h"
#include "relata/v1/write_service.pb.h"
#include "server/version.h"

namespace relata::bench {
namespace {

constexpr size_t kWriteShare = 10;  // every tenth call

// The questions of the mix, in turn.
constexpr std::array<const char*, 4> kMixQuestions = {"Q1", "Q2", "Q4", "Q6"};

// A bulk load of these goes on after the other beside a loop.
constexpr int kImportedEntities = 20'000;
constexpr int kImportedRelationships = 400'000;
constexpr double kLongestImportSeconds = 3600.0;

struct MixDraws {
  std::vector<QuestionDefinition> questions;
  std::vector<std::vector<Draw>> draws;
};

absl::StatusOr<MixDraws> ReadMix(const std::string& folder) {
  MixDraws mix;
  for (const char* const name : kMixQuestions) {
    RELATA_ASSIGN_OR_RETURN(const auto questions, ParseQuestions(name));
    RELATA_ASSIGN_OR_RETURN(mix.draws.emplace_back(), ReadDraws(folder, questions.front()));
    mix.questions.push_back(questions.front());
  }
  return mix;
}

// Through the procedure where there is one.
absl::Status AskMixed(Client& client, const MixDraws& mix, size_t number) {
  const size_t which = number % mix.questions.size();
  const QuestionDefinition& question = mix.questions[which];
  const std::vector<Draw>& draws = mix.draws[which];
  const TextForm form = question.call_text.empty() ? TextForm::kPattern : TextForm::kCall;
  return MakeQueryAsker(&client, form)
      ->Ask(question, draws[number / mix.questions.size() % draws.size()])
      .status();
}

absl::Status AddCsv(BulkWriter& writer, absl::string_view mapping, absl::string_view text) {
  RELATA_RETURN_IF_ERROR(writer.BeginCsv("generated", mapping));
  RELATA_RETURN_IF_ERROR(writer.AddCsv(text));
  return writer.EndCsv();
}

// Loads new entities and relationships between them, nothing that the questions ask for, again and
// again on a thread of its own until it is ended.
class Imports {
 public:
  Imports(std::string address, std::string prefix)
      : address_(std::move(address)), prefix_(std::move(prefix)), thread_([this] { Run(); }) {}

  ~Imports() {
    ended_ = true;
    if (thread_.joinable()) thread_.join();
  }

  // Loads that were committed, the one under way included. The first error otherwise.
  absl::StatusOr<int> End() {
    ended_ = true;
    thread_.join();
    RELATA_RETURN_IF_ERROR(status_);
    return loads_;
  }

 private:
  void Run() {
    while (!ended_ && status_.ok()) {
      status_ = Load(absl::StrCat(prefix_, "/", loads_, "/"));
      if (status_.ok()) ++loads_;
    }
  }
  absl::Status Load(const std::string& prefix) const {
    RELATA_ASSIGN_OR_RETURN(const auto client, ConnectTo(address_, kLongestImportSeconds));
    RELATA_ASSIGN_OR_RETURN(const auto writer,
                            client->BeginBulkWrite(v1::BulkWriteRequest::Start()));
    std::string text = "id\n";
    for (int i = 0; i < kImportedEntities; ++i) absl::StrAppend(&text, i, "\n");
    RELATA_RETURN_IF_ERROR(
        AddCsv(*writer, absl::StrCat("entity label=Imported key=", prefix, "{id}"), text));
    text = "src,dst,amount\n";
    for (int64_t i = 0; i < kImportedRelationships; ++i) {
      absl::StrAppend(&text, i * 7919 % kImportedEntities, ",", i * 104'729 % kImportedEntities,
                      ",", i, ".5\n");
    }
    RELATA_RETURN_IF_ERROR(AddCsv(*writer,
                                  absl::StrCat("relationship type=IMPORTED from=", prefix,
                                               "{src} to=", prefix, "{dst} amount:float={amount}"),
                                  text));
    return writer->Commit().status();
  }

  const std::string address_;
  const std::string prefix_;
  std::atomic<bool> ended_ = false;
  int loads_ = 0;  // of the thread until it ended
  absl::Status status_;
  std::thread thread_;
};

absl::Status MeasureMix(const std::string& address, const MixDraws& mix,
                        const std::vector<Draw>& rows, int clients, bool importing,
                        const BenchOptions& options, ResultFile& results) {
  LoopOptions loop;
  loop.address = address;
  loop.clients = clients;
  loop.seconds = options.seconds;
  loop.kinds = 2;
  std::optional<Imports> imports;
  if (importing) imports.emplace(address, absl::StrCat("import/", clients));
  RELATA_ASSIGN_OR_RETURN(
      const LoopResult result,
      RunClosedLoop(loop, [&](Client& client, size_t number) -> absl::StatusOr<size_t> {
        if (number % kWriteShare == 0) {
          RELATA_RETURN_IF_ERROR(WriteTransfer(client, rows[number % rows.size()]));
          return 1;
        }
        RELATA_RETURN_IF_ERROR(AskMixed(client, mix, number));
        return 0;
      }));
  ResultFile::Numbers numbers = {{"clients", clients},
                                 {"calls_per_s", result.calls_per_second()},
                                 {"errors", static_cast<double>(result.errors)}};
  for (const size_t kind : {0, 1}) {
    const Latencies& latencies = result.latencies[kind];
    if (latencies.milliseconds.empty()) continue;
    const std::string name = kind == 0 ? "read" : "write";
    numbers.emplace_back(name + "_median_ms", latencies.Percentile(0.5));
    numbers.emplace_back(name + "_p99_ms", latencies.Percentile(0.99));
  }
  if (importing) {
    RELATA_ASSIGN_OR_RETURN(const int loads, imports->End());
    numbers.emplace_back("loads", loads);
  }
  results.Add("relata", absl::StrCat("MIXx", clients, importing ? "+import" : ""), numbers,
              "Q1, Q2, Q4, Q6 and 10% writes");
  return absl::OkStatus();
}

}  // namespace

absl::Status RunMix(const BenchOptions& options) {
  RELATA_ASSIGN_OR_RETURN(const std::vector<Draw> rows, ReadTransfers(options.data));
  RELATA_ASSIGN_OR_RETURN(const MixDraws mix, ReadMix(options.data));
  ResultFile results(options.out, options.data, kServerVersion);
  RELATA_ASSIGN_OR_RETURN(const auto server,
                          ServerProcess::StartRelatad(options.relatad, options.db));
  RELATA_RETURN_IF_ERROR(WaitUntilFilled(server->address()));
  for (const int clients : options.clients) {
    for (const bool importing : {false, true}) {
      if (importing && !options.importing) continue;
      RELATA_RETURN_IF_ERROR(
          MeasureMix(server->address(), mix, rows, clients, importing, options, results));
    }
  }
  return absl::OkStatus();
}

}  // namespace relata::bench
