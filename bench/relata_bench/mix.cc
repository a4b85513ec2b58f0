// A closed loop of reads and writes.
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "bench/relata_bench/asker.h"
#include "bench/relata_bench/closed_loop.h"
#include "bench/relata_bench/commands.h"
#include "bench/relata_bench/result_file.h"
#include "bench/relata_bench/server_process.h"
#include "bench/relata_bench/transfers.h"
#include "client/client.h"
#include "server/version.h"

namespace relata::bench {
namespace {

constexpr size_t kWriteShare = 10;  // every tenth call

// The questions of the mix, in turn.
constexpr std::array<const char*, 4> kMixQuestions = {"Q1", "Q2", "Q4", "Q6"};

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

absl::Status MeasureMix(const std::string& address, const MixDraws& mix,
                        const std::vector<Draw>& rows, int clients, const BenchOptions& options,
                        ResultFile& results) {
  LoopOptions loop;
  loop.address = address;
  loop.clients = clients;
  loop.seconds = options.seconds;
  loop.kinds = 2;
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
  results.Add("relata", absl::StrCat("MIXx", clients), numbers, "Q1, Q2, Q4, Q6 and 10% writes");
  return absl::OkStatus();
}

}  // namespace

absl::Status RunMix(const BenchOptions& options) {
  RELATA_ASSIGN_OR_RETURN(const std::vector<Draw> rows, ReadTransfers(options.data));
  RELATA_ASSIGN_OR_RETURN(const MixDraws mix, ReadMix(options.data));
  ResultFile results(options.out, options.data, kServerVersion);
  RELATA_ASSIGN_OR_RETURN(const auto server,
                          ServerProcess::StartRelatad(options.relatad, options.db));
  for (const int clients : options.clients) {
    RELATA_RETURN_IF_ERROR(MeasureMix(server->address(), mix, rows, clients, options, results));
  }
  return absl::OkStatus();
}

}  // namespace relata::bench
