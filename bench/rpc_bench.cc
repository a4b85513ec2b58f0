// rpc_bench --server ADDRESS --data FOLDER [--load] [--rounds N]: latency of calls of a running
// server through gRPC, one client, one call at a time, on the graph of investment_graph.h. With
// --load the graph is written first, into an empty database. Prints a row for each kind of call:
// median and 99th percentile over all draws and rounds.
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/status_macros.h"
#include "bench/investment_graph.h"
#include "relata/v1/answer_service.grpc.pb.h"
#include "relata/v1/read_service.grpc.pb.h"
#include "relata/v1/write_service.grpc.pb.h"

namespace relata {
namespace {

constexpr int kLoadBatch = 10'000;
constexpr size_t kWarmUp = 20;

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

struct Stubs {
  explicit Stubs(const std::shared_ptr<grpc::Channel>& channel)
      : write(v1::WriteService::NewStub(channel)),
        read(v1::ReadService::NewStub(channel)),
        answer(v1::AnswerService::NewStub(channel)),
        generic(channel) {}
  std::unique_ptr<v1::WriteService::Stub> write;
  std::unique_ptr<v1::ReadService::Stub> read;
  std::unique_ptr<v1::AnswerService::Stub> answer;
  grpc::GenericStub generic;
};

class Loader {
 public:
  explicit Loader(Stubs& stubs) : stubs_(stubs) {}

  absl::Status Add(const v1::Mutation& mutation) {
    *request_.add_mutations() = mutation;
    return request_.mutations_size() < kLoadBatch ? absl::OkStatus() : Flush();
  }
  absl::Status Flush() {
    grpc::ClientContext context;
    v1::WriteResponse response;
    RELATA_RETURN_IF_ERROR(FromGrpc(stubs_.write->Write(&context, request_, &response)));
    written_ += request_.mutations_size();
    request_.clear_mutations();
    return absl::OkStatus();
  }
  int64_t written() const { return written_; }

 private:
  Stubs& stubs_;
  v1::WriteRequest request_;
  int64_t written_ = 0;
};

absl::Status Load(Stubs& stubs, const std::string& folder) {
  Loader loader(stubs);
  const int64_t start = SystemClock()->MonotonicMicros();
  RELATA_RETURN_IF_ERROR(
      ForEachMutation(folder, [&](const v1::Mutation& mutation) { return loader.Add(mutation); }));
  RELATA_RETURN_IF_ERROR(loader.Flush());
  const double seconds =
      static_cast<double>(SystemClock()->MonotonicMicros() - start) / 1'000'000.0;
  std::printf("load: %lld mutations in %.1f s, %d a commit\n",
              static_cast<long long>(loader.written()), seconds, kLoadBatch);
  return absl::OkStatus();
}

// The health check: a call that does nothing, which tells what gRPC itself costs. An empty message
// asks for the whole server.
absl::StatusOr<size_t> EmptyCall(Stubs& stubs) {
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  const grpc::Slice nothing;
  const grpc::ByteBuffer request(&nothing, 1);
  const auto call =
      stubs.generic.PrepareUnaryCall(&context, "/grpc.health.v1.Health/Check", request, &queue);
  grpc::ByteBuffer response;
  grpc::Status status;
  call->StartCall();
  call->Finish(&response, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  RELATA_RETURN_IF_ERROR(FromGrpc(status));
  return response.Length();
}

using Row = std::vector<std::string>;

// Each returns how many rows came back.
absl::StatusOr<size_t> GetCompany(Stubs& stubs, const Row& draw) {
  v1::GetEntityRequest request;
  request.mutable_entity()->set_key(NodeKey(draw[0]));
  grpc::ClientContext context;
  v1::GetEntityResponse response;
  RELATA_RETURN_IF_ERROR(FromGrpc(stubs.read->GetEntity(&context, request, &response)));
  return static_cast<size_t>(response.entity().properties_size());
}

absl::StatusOr<size_t> Neighbours(Stubs& stubs, const Row& draw) {
  v1::ListNeighborsRequest request;
  request.mutable_entity()->set_key(NodeKey(draw[0]));
  v1::Step* const step = request.add_steps();
  step->set_type("TRANSFERRED");
  step->set_direction(v1::OUT);
  grpc::ClientContext context;
  v1::ListNeighborsResponse response;
  RELATA_RETURN_IF_ERROR(FromGrpc(stubs.read->ListNeighbors(&context, request, &response)));
  return static_cast<size_t>(response.neighbors_size());
}

absl::StatusOr<size_t> Chains(Stubs& stubs, const Row& draw) {
  v1::FindChainsRequest request;
  request.mutable_start()->set_key(NodeKey(draw[0]));
  v1::Step* const step = request.add_steps();
  step->set_type("INVESTED_IN");
  step->set_direction(v1::OUT);
  request.set_max_hops(4);
  request.set_mode(v1::FindChainsRequest::TRAIL);
  request.set_started_from(draw[1]);
  request.set_page_size(10);
  grpc::ClientContext context;
  v1::FindChainsResponse response;
  RELATA_RETURN_IF_ERROR(FromGrpc(stubs.answer->FindChains(&context, request, &response)));
  return static_cast<size_t>(response.chains_size());
}

absl::StatusOr<size_t> Timeline(Stubs& stubs, const Row& draw, int hops) {
  v1::GetTimelineRequest request;
  request.add_subjects()->set_key(NodeKey(draw[0]));
  if (hops > 0) {
    v1::Step* const step = request.add_via();
    step->set_type("INVESTED_IN");
    step->set_direction(v1::EITHER);
    request.set_max_hops(hops);
  }
  request.add_events()->set_type("REGULATED");
  request.set_page_size(100);
  grpc::ClientContext context;
  v1::GetTimelineResponse response;
  RELATA_RETURN_IF_ERROR(FromGrpc(stubs.answer->GetTimeline(&context, request, &response)));
  return static_cast<size_t>(response.entries_size());
}

// Runs a question over all draws, `rounds` times after a warm-up.
absl::Status Measure(const std::string& name, const std::vector<Row>& draws, int rounds,
                     const std::function<absl::StatusOr<size_t>(const Row&)>& ask) {
  for (size_t i = 0; i < std::min(kWarmUp, draws.size()); ++i) {
    RELATA_RETURN_IF_ERROR(ask(draws[i]).status());
  }
  std::vector<int64_t> micros;
  size_t rows = 0;
  for (int round = 0; round < rounds; ++round) {
    for (const Row& draw : draws) {
      const int64_t start = SystemClock()->MonotonicMicros();
      RELATA_ASSIGN_OR_RETURN(const size_t count, ask(draw));
      micros.push_back(SystemClock()->MonotonicMicros() - start);
      rows += count;
    }
  }
  std::sort(micros.begin(), micros.end());
  const auto at = [&](size_t percent) {
    return static_cast<double>(micros[(micros.size() - 1) * percent / 100]) / 1000.0;
  };
  std::printf("%-28s %8.3f %8.3f %8.3f %7zu %9.1f\n", name.c_str(), at(50), at(99), at(100),
              micros.size(), static_cast<double>(rows) / static_cast<double>(micros.size()));
  std::fflush(stdout);
  return absl::OkStatus();
}

absl::Status MeasureAll(Stubs& stubs, const std::string& folder, int rounds) {
  RELATA_ASSIGN_OR_RETURN(const auto companies, ReadCsv(folder + "/params/q1.csv"));
  RELATA_ASSIGN_OR_RETURN(const auto transfers, ReadCsv(folder + "/params/q2.csv"));
  RELATA_ASSIGN_OR_RETURN(const auto chains, ReadCsv(folder + "/params/q4.csv"));
  RELATA_ASSIGN_OR_RETURN(const auto timelines, ReadCsv(folder + "/params/q6.csv"));
  std::printf("%-28s %8s %8s %8s %7s %9s\n", "call", "p50 ms", "p99 ms", "max ms", "calls", "rows");
  RELATA_RETURN_IF_ERROR(Measure("empty (health check)", companies, rounds,
                                 [&](const Row&) { return EmptyCall(stubs); }));
  RELATA_RETURN_IF_ERROR(Measure("get entity", companies, rounds,
                                 [&](const Row& draw) { return GetCompany(stubs, draw); }));
  RELATA_RETURN_IF_ERROR(Measure("neighbours, 100 a page", transfers, rounds,
                                 [&](const Row& draw) { return Neighbours(stubs, draw); }));
  RELATA_RETURN_IF_ERROR(Measure("chains, 4 hops, best 10", chains, rounds,
                                 [&](const Row& draw) { return Chains(stubs, draw); }));
  RELATA_RETURN_IF_ERROR(Measure("timeline of one", timelines, rounds,
                                 [&](const Row& draw) { return Timeline(stubs, draw, 0); }));
  RELATA_RETURN_IF_ERROR(Measure("timeline, 1 hop around", timelines, rounds,
                                 [&](const Row& draw) { return Timeline(stubs, draw, 1); }));
  return Measure("timeline, 2 hops around", timelines, 1,
                 [&](const Row& draw) { return Timeline(stubs, draw, 2); });
}

}  // namespace
}  // namespace relata

int main(int argc, char** argv) {
  std::string server = "127.0.0.1:7614";
  std::string data;
  bool load = false;
  int rounds = 5;
  CLI::App app("Measures calls of a running server.");
  app.add_option("--server", server, "HOST:PORT")->capture_default_str();
  app.add_option("--data", data, "Folder of the CSV files and of params/.")->required();
  app.add_flag("--load", load, "Write the graph first, into an empty database.");
  app.add_option("--rounds", rounds, "How often each draw is asked.")->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  relata::Stubs stubs(
      grpc::CreateCustomChannel(server, grpc::InsecureChannelCredentials(), arguments));
  absl::Status status = load ? relata::Load(stubs, data) : absl::OkStatus();
  if (status.ok()) status = relata::MeasureAll(stubs, data, rounds);
  if (status.ok()) return 0;
  std::fprintf(stderr, "rpc_bench: %s\n", status.ToString().c_str());
  return 1;
}
