// The whole way of the benchmark, on a small network: files, load, reads, updates, mix.
#include "bench/finbench/workload.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "bench/finbench/driver.h"
#include "bench/finbench/load.h"
#include "bench/finbench/network.h"
#include "bench/finbench/network_files.h"
#include "bench/finbench/operations.h"
#include "bench/relata_bench/closed_loop.h"
#include "bench/relata_bench/connection.h"
#include "bench/relata_bench/server_process.h"
#include "client/client.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/bench/finbench/updated_graph.h"
#include "tests/query/finbench/oracle.h"
#include "tests/support/status_matchers.h"

namespace relata::finbench {
namespace {

constexpr double kTinyScale = 0.0005;
// With it each kind of update comes up, and each read has rows.
constexpr uint64_t kSeed = 15;
constexpr size_t kDrawsOfARead = 6;

std::string CellText(const v1::Value& value) {
  switch (value.kind_case()) {
    case v1::Value::kBoolValue:
      return value.bool_value() ? "true" : "false";
    case v1::Value::kIntValue:
      return absl::StrCat(value.int_value());
    case v1::Value::kDoubleValue:
      return Fraction(value.double_value());
    case v1::Value::kListValue:
      return absl::StrCat(
          "[",
          absl::StrJoin(value.list_value().values(), ", ",
                        [](std::string* out, const v1::Value& v) { out->append(CellText(v)); }),
          "]");
    default:
      return value.string_value();
  }
}

std::string Shown(std::vector<Row> rows) {
  std::sort(rows.begin(), rows.end());
  return absl::StrJoin(rows, "\n", [](std::string* out, const Row& row) {
    absl::StrAppend(out, absl::StrJoin(row, " | "));
  });
}

Question ToQuestion(const Parameters& parameters) {
  const auto number = [&](const char* name) {
    const auto found = parameters.find(name);
    return found == parameters.end() ? 0 : found->second.int_value();
  };
  Question question;
  question.id = number("id");
  question.id1 = number("id1") + number("pid1");  // one of them is there
  question.id2 = number("id2") + number("pid2");
  question.start = number("startTime");
  question.end = number("endTime");
  question.truncation = number("truncationLimit");
  return question;
}

// Questions of transfers that close cycles of three accounts.
std::vector<Parameters> CyclesIn(const Graph& graph) {
  std::vector<Parameters> found;
  for (const Edge& transfer : graph.edges.at("TRANSFER")) {
    Parameters parameters = {{"id1", IntValue(transfer.from)},
                             {"id2", IntValue(transfer.to)},
                             {"startTime", IntValue(kNetworkStart)},
                             {"endTime", IntValue(kNetworkEnd)}};
    if (!Answer(graph, "tcr4", ToQuestion(parameters)).empty()) {
      found.push_back(std::move(parameters));
    }
    if (found.size() == kDrawsOfARead) break;
  }
  return found;
}

class WorkloadTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = absl::StrCat(testing::TempDir(), "/finbench-",
                           testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    network_ = GenerateNetwork(kTinyScale, kSeed);
    RELATA_ASSERT_OK(WriteNetworkFiles(network_, kSeed, folder_ + "/files"));
    RELATA_ASSERT_OK(LoadSnapshot(RELATA_SERVER_PROGRAM, folder_ + "/files", folder_));
    RELATA_ASSERT_OK_AND_ASSIGN(workload_, ReadWorkload("bench/finbench", folder_ + "/files"));
    RELATA_ASSERT_OK_AND_ASSIGN(server_,
                                bench::ServerProcess::StartRelatad(RELATA_SERVER_PROGRAM, folder_));
    RELATA_ASSERT_OK_AND_ASSIGN(client_, bench::ConnectTo(server_->address(), 60.0));
    RELATA_ASSERT_OK(MakeIdsUnique(*client_));
  }
  void TearDown() override {
    server_.reset();
    std::filesystem::remove_all(folder_);
  }

  // Compares one answer; returns how many rows it has.
  size_t CheckRead(const std::string& name, const Parameters& parameters,
                   const UpdatedGraph& model) {
    const auto got = RunStatement(*client_, workload_, name, parameters);
    EXPECT_THAT(got, IsOk()) << name;
    if (!got.ok()) return 0;
    std::vector<Row> rows;
    for (const auto& cells : got->rows) {
      Row& row = rows.emplace_back();
      for (const v1::Value& cell : cells) row.push_back(CellText(cell));
    }
    const Question question = ToQuestion(parameters);
    std::vector<Row> wanted = Answer(model.graph(), name, question);
    // Of an account that was deleted there is no row, where an unused one has zeros.
    if ((name == "tsr1" || name == "tsr2") && !model.HasAccount(question.id)) wanted.clear();
    EXPECT_EQ(Shown(std::move(rows)), Shown(std::move(wanted))) << name;
    return got->rows.size();
  }

  // Some draws of every read, and more until one has rows, in their window and over all time,
  // against the oracle.
  void CheckReads(const UpdatedGraph& model) {
    for (size_t i = 0; i < 18; ++i) {
      const std::string name(kOperations[i]);
      std::vector<Parameters> draws = workload_.reads.at(i < 12 ? name : "tcr7");
      ASSERT_GE(draws.size(), kDrawsOfARead) << name;
      // Few that are drawn are part of a cycle.
      if (name == "tcr4") draws = CyclesIn(model.graph());
      size_t rows = 0;
      for (size_t draw = 0; draw < draws.size() && (draw < kDrawsOfARead || rows == 0); ++draw) {
        Parameters& parameters = draws[draw];
        CheckRead(name, parameters, model);
        parameters["startTime"] = IntValue(kNetworkStart);
        parameters["endTime"] = IntValue(kNetworkEnd);
        rows += CheckRead(name, parameters, model);
      }
      rows_[name] += rows;
    }
  }

  std::map<std::string, size_t> rows_;  // that reads over all time gave
  std::string folder_;
  Network network_;
  Workload workload_;
  std::unique_ptr<bench::ServerProcess> server_;
  std::unique_ptr<Client> client_;
};

TEST_F(WorkloadTest, ReadsAnswerAsTheOracleBeforeAndAfterEveryUpdate) {
  UpdatedGraph model(network_);
  CheckReads(model);
  std::set<std::string> ran;
  std::set<Outcome> outcomes;
  const auto run = [&](const std::string& name, const Parameters& parameters) {
    RELATA_ASSERT_OK_AND_ASSIGN(const UpdateResult result,
                                RunUpdate(*client_, workload_, name, parameters));
    EXPECT_EQ(result.outcome, model.Apply(name, parameters)) << name;
    ran.insert(name);
    outcomes.insert(result.outcome);
  };
  for (const UpdateOperation& update : workload_.updates) run(update.name, update.parameters);
  const std::vector<Edge>& transfers = model.graph().edges.at("TRANSFER");
  const auto open = std::find_if(transfers.begin(), transfers.end(), [&](const Edge& e) {
    return !model.graph().account_blocked[static_cast<size_t>(e.to)];
  });
  ASSERT_NE(open, transfers.end());
  run("tw18", {{"accountId", IntValue(open->to)}});
  run("tw19", {{"personId", IntValue(0)}});
  for (size_t i = 18; i < kOperations.size(); ++i) {
    EXPECT_TRUE(ran.contains(std::string(kOperations[i]))) << kOperations[i] << " never ran";
  }
  EXPECT_THAT(outcomes,
              testing::IsSupersetOf({Outcome::kDone, Outcome::kDetected, Outcome::kRefused}));
  CheckReads(model);
  EXPECT_EQ(rows_.size(), 18u);
  for (const auto& [read, rows] : rows_) EXPECT_GT(rows, 0u) << read;
}

TEST_F(WorkloadTest, TheMixRunsToItsEndWithoutErrors) {
  Driver driver(&workload_, kSeed);
  bench::LoopOptions loop;
  loop.address = server_->address();
  loop.clients = 3;
  loop.seconds = 600.0;  // it ends with the updates
  loop.kinds = kOperations.size();
  RELATA_ASSERT_OK_AND_ASSIGN(
      const bench::LoopResult result,
      bench::RunClosedLoop(loop, [&](Client& client, size_t) { return driver.Call(client); }));
  EXPECT_EQ(result.errors, 0u);
  size_t updates = 0;
  for (size_t i = 18; i < kOperations.size(); ++i) {
    updates += result.latencies[i].milliseconds.size();
  }
  EXPECT_EQ(updates, workload_.updates.size());
  // Complex read k once in so many updates.
  EXPECT_EQ(result.latencies[0].milliseconds.size(), updates / 12);
  EXPECT_EQ(result.latencies[9].milliseconds.size(), updates / 6);
  size_t simple = 0;
  for (size_t i = 12; i < 18; ++i) simple += result.latencies[i].milliseconds.size();
  EXPECT_GT(simple, 0u);
}

}  // namespace
}  // namespace relata::finbench
