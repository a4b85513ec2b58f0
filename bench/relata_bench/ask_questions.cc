// OPEN and Q1 to Q9, through gRPC or in this process.
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/clock.h"
#include "base/status_macros.h"
#include "bench/relata_bench/asker.h"
#include "bench/relata_bench/commands.h"
#include "bench/relata_bench/connection.h"
#include "bench/relata_bench/measure.h"
#include "bench/relata_bench/result_file.h"
#include "bench/relata_bench/server_process.h"
#include "client/client.h"
#include "relata/v1/query_service.pb.h"
#include "relata/v1/read_service.pb.h"
#include "server/data_folder.h"
#include "server/database_registry.h"
#include "server/version.h"

namespace relata::bench {
namespace {

constexpr int kEmptyCalls = 2000;
constexpr pid_t kThisProcess = -1;

struct NamedAsker {
  std::string peer;
  std::unique_ptr<Asker> asker;
};

bool Wants(const BenchOptions& options, absl::string_view form) {
  for (const absl::string_view wanted : absl::StrSplit(options.forms, ',')) {
    if (wanted == form) return true;
  }
  return false;
}

absl::Status AskAll(const BenchOptions& options, const std::vector<NamedAsker>& askers,
                    const std::function<double()>& peak_mb, ResultFile& results) {
  RELATA_ASSIGN_OR_RETURN(const auto questions, ParseQuestions(options.questions));
  for (const QuestionDefinition& question : questions) {
    RELATA_ASSIGN_OR_RETURN(const std::vector<Draw> draws, ReadDraws(options.data, question));
    MeasureOptions how;
    how.times = question.parameters.empty() ? 0 : options.draws;
    how.budget_seconds = options.budget_seconds;
    for (const NamedAsker& each : askers) {
      if (!each.asker->CanAsk(question)) continue;
      const auto measured =
          Measure(draws, how, [&](const Draw& draw) { return each.asker->Ask(question, draw); });
      if (measured.ok()) {
        results.Add(each.peer, question.name, *measured, peak_mb(), options.mode != "rpc");
      } else {
        results.AddError(each.peer, question.name, measured.status());
      }
    }
  }
  return absl::OkStatus();
}

// What gRPC itself takes: calls of a server that does nothing.
absl::Status MeasureEmptyCalls(const std::string& folder, ResultFile& results) {
  RELATA_ASSIGN_OR_RETURN(const auto server, ServerProcess::Start({"/proc/self/exe", "serve-empty"},
                                                                  folder + "/empty"));
  RELATA_ASSIGN_OR_RETURN(const auto client, ConnectTo(server->address(), 60.0));
  const std::vector<Draw> draws(kEmptyCalls);
  RELATA_ASSIGN_OR_RETURN(
      const Measurement unary,
      Measure(draws, MeasureOptions(), [&](const Draw&) -> absl::StatusOr<Answer> {
        RELATA_RETURN_IF_ERROR(client->GetEntity(v1::GetEntityRequest()).status());
        return Answer();
      }));
  RELATA_ASSIGN_OR_RETURN(
      const Measurement stream,
      Measure(draws, MeasureOptions(), [&](const Draw&) -> absl::StatusOr<Answer> {
        RELATA_RETURN_IF_ERROR(client->RunQuery(
            v1::RunQueryRequest(), [](const v1::RunQueryResponse&) { return absl::OkStatus(); }));
        return Answer();
      }));
  const auto numbers = [](const Latencies& warm) -> ResultFile::Numbers {
    return {{"n", static_cast<double>(warm.milliseconds.size())},
            {"median_ms", warm.Percentile(0.5)},
            {"p99_ms", warm.Percentile(0.99)}};
  };
  results.Add("rpc", "unary", numbers(unary.warm), "an empty call");
  results.Add("rpc", "stream", numbers(stream.warm), "a stream of one empty message");
  return absl::OkStatus();
}

absl::Status AskThroughRpc(const BenchOptions& options, ResultFile& results) {
  RELATA_RETURN_IF_ERROR(MeasureEmptyCalls(options.db, results));
  const double start = MonotonicSeconds();
  RELATA_ASSIGN_OR_RETURN(const auto server,
                          ServerProcess::StartRelatad(options.relatad, options.db));
  RELATA_ASSIGN_OR_RETURN(const auto client,
                          ConnectTo(server->address(), 2.0 * options.budget_seconds + 60.0));
  v1::RunQueryRequest nothing;
  nothing.set_query("RETURN 1");
  RELATA_RETURN_IF_ERROR(
      client->RunQuery(nothing, [](const v1::RunQueryResponse&) { return absl::OkStatus(); }));
  results.Add("relata", "OPEN",
              {{"seconds", MonotonicSeconds() - start}, {"rss_mb", server->PeakMegabytes()}}, "");
  if (!options.while_filling) RELATA_RETURN_IF_ERROR(WaitUntilFilled(server->address()));
  std::vector<NamedAsker> askers;
  if (Wants(options, "text")) {
    askers.push_back({"relata", MakeQueryAsker(client.get(), TextForm::kPattern, options.version)});
  }
  if (Wants(options, "call")) {
    askers.push_back(
        {"relata-call", MakeQueryAsker(client.get(), TextForm::kCall, options.version)});
  }
  if (Wants(options, "typed")) {
    askers.push_back({"relata-typed", MakeTypedAsker(client.get())});
  }
  return AskAll(
      options, askers, [&] { return server->PeakMegabytes(); }, results);
}

absl::Status AskInProcess(const BenchOptions& options, ResultFile& results) {
  const double start = MonotonicSeconds();
  RELATA_ASSIGN_OR_RETURN(const auto folder,
                          DataFolder::Open(options.db + "/data", RocksDbOptions()));
  DatabaseOptions database;
  database.adjacency_cache_bytes = static_cast<size_t>(options.cache_mib) << 20;
  RELATA_ASSIGN_OR_RETURN(const auto databases,
                          DatabaseRegistry::Open(folder.get(), SystemClock(), database));
  RELATA_ASSIGN_OR_RETURN(const auto open, databases->Find(""));
  results.Add("relata-inprocess", "OPEN",
              {{"seconds", MonotonicSeconds() - start}, {"rss_mb", PeakMegabytes(kThisProcess)}},
              "");
  std::vector<NamedAsker> askers;
  query::QueryEngine* const engine = open->queries.get();
  if (Wants(options, "text")) {
    askers.push_back(
        {"relata-inprocess", MakeEngineAsker(engine, TextForm::kPattern, options.version)});
  }
  if (Wants(options, "call")) {
    askers.push_back(
        {"relata-inprocess-call", MakeEngineAsker(engine, TextForm::kCall, options.version)});
  }
  if (Wants(options, "typed")) {
    askers.push_back({"relata-inprocess-typed", MakeGraphAsker(open->graph.get())});
  }
  return AskAll(
      options, askers, [] { return PeakMegabytes(kThisProcess); }, results);
}

absl::Status AskOracle(const BenchOptions& options, ResultFile& results) {
  std::vector<NamedAsker> askers(1);
  askers[0].peer = "oracle-cpp";
  RELATA_ASSIGN_OR_RETURN(askers[0].asker, MakeOracleAsker(options.data));
  return AskAll(
      options, askers, [] { return PeakMegabytes(kThisProcess); }, results);
}

}  // namespace

absl::Status AskQuestions(const BenchOptions& options) {
  ResultFile results(options.out, options.data, kServerVersion);
  if (options.mode == "rpc") return AskThroughRpc(options, results);
  if (options.mode == "inprocess") return AskInProcess(options, results);
  return AskOracle(options, results);
}

}  // namespace relata::bench
