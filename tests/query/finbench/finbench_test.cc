// The queries of bench/finbench against an oracle, on generated graphs.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/clock.h"
#include "base/status_macros.h"
#include "graph/query/engine.h"
#include "storage/memory/memory_kv.h"
#include "tests/query/finbench/oracle.h"
#include "tests/support/status_matchers.h"

namespace relata::finbench {
namespace {

using query::Datum;
using query::Parameters;

constexpr int kQuestions = 12;

std::string Cell(const Datum& value) {
  return value.kind() == Datum::Kind::kFloat ? Fraction(value.AsFloat())
         : value.is_string()                 ? std::string(value.AsString())
                                             : value.ToString();
}

class FinbenchTest : public testing::TestWithParam<std::string> {
 protected:
  absl::StatusOr<std::vector<Row>> Ask(const std::string& text, const Parameters& parameters) {
    RELATA_ASSIGN_OR_RETURN(const auto result, engine_->Run(text, parameters, {}));
    std::vector<Row> rows;
    query::Batch batch;
    while (true) {
      RELATA_ASSIGN_OR_RETURN(const bool more, result->Next(&batch));
      if (!more) return rows;
      for (size_t i = 0; i < batch.rows; ++i) {
        Row& row = rows.emplace_back();
        for (const query::Column& column : batch.columns) row.push_back(Cell(column.Get(i)));
      }
    }
  }

  // Creates nodes or relationships from a list of maps $rows.
  void Create(const std::string& text, Datum::List rows) {
    RELATA_ASSERT_OK(Ask(text, {{"rows", Datum::Of(std::move(rows))}}));
  }

  void CreateNodes(const std::string& label, int64_t count, const auto& properties) {
    Datum::List rows;
    for (int64_t i = 0; i < count; ++i) {
      Datum::Map map = properties(i);
      map.emplace_back("id", Datum::Int(i));
      rows.push_back(Datum::SortedMap(std::move(map)));
    }
    Create(absl::StrCat("UNWIND $rows AS row CREATE (n:", label, ") SET n = row"), std::move(rows));
  }

  void CreateEdges(const std::string& kind, const std::string& from, const std::string& type,
                   const std::string& to) {
    Datum::List rows;
    for (const Edge& e : graph_.edges.at(kind)) {
      rows.push_back(Datum::Of(Datum::Map{{"amount", Datum::Float(e.amount)},
                                          {"from", Datum::Int(e.from)},
                                          {"timestamp", Datum::Int(e.timestamp)},
                                          {"to", Datum::Int(e.to)}}));
    }
    Create(absl::StrCat("UNWIND $rows AS row MATCH (a:", from, " {id: row.from}), (b:", to,
                        " {id: row.to}) CREATE (a)-[:", type,
                        " {timestamp: row.timestamp, amount: row.amount}]->(b)"),
           std::move(rows));
  }

  void Load(uint64_t seed) {
    graph_ = Generate(seed);
    engine_.reset();
    database_.reset();
    kv_ = std::make_unique<MemoryKv>();
    RELATA_ASSERT_OK_AND_ASSIGN(database_, Database::Open(kv_.get(), SystemClock(), {}));
    engine_ = std::make_unique<query::QueryEngine>(database_.get());
    const auto none = [](int64_t) { return Datum::Map(); };
    CreateNodes("Person", graph_.persons, none);
    CreateNodes("Company", graph_.companies, none);
    CreateNodes("Account", graph_.accounts, [&](int64_t i) {
      return Datum::Map{{"createTime", Datum::Int(graph_.account_created[i])},
                        {"isBlocked", Datum::Bool(graph_.account_blocked[i])},
                        {"type", Datum::String(graph_.account_type[i])}};
    });
    CreateNodes("Loan", graph_.loans, [&](int64_t i) {
      return Datum::Map{{"balance", Datum::Float(graph_.loan_balance[i])},
                        {"loanAmount", Datum::Float(graph_.loan_amount[i])}};
    });
    CreateNodes("Medium", graph_.media, [&](int64_t i) {
      return Datum::Map{{"isBlocked", Datum::Bool(graph_.medium_blocked[i])},
                        {"type", Datum::String(graph_.medium_type[i])}};
    });
    CreateEdges("OWN_P", "Person", "OWN", "Account");
    CreateEdges("OWN_C", "Company", "OWN", "Account");
    CreateEdges("APPLY", "Person", "APPLY", "Loan");
    CreateEdges("INVEST", "Person", "INVEST", "Company");
    CreateEdges("GUARANTEE", "Person", "GUARANTEE", "Person");
    CreateEdges("TRANSFER", "Account", "TRANSFER", "Account");
    CreateEdges("WITHDRAW", "Account", "WITHDRAW", "Account");
    CreateEdges("DEPOSIT", "Loan", "DEPOSIT", "Account");
    CreateEdges("REPAY", "Account", "REPAY", "Loan");
    CreateEdges("SIGN_IN", "Medium", "SIGN_IN", "Account");
  }

  // Ids are good for every type of node: the least number of nodes of a type is 8.
  static Question Draw(std::mt19937_64& random) {
    Question q;
    q.id = static_cast<int64_t>(random() % 8);
    q.id1 = q.id;
    q.id2 = (q.id1 + 1 + static_cast<int64_t>(random() % 7)) % 8;
    q.threshold = random() % 2 == 0 ? 0 : 0.25;
    q.threshold1 = static_cast<double>(random() % 300);
    q.threshold2 = static_cast<double>(random() % 300);
    q.start = static_cast<int64_t>(random() % 300);
    q.end = q.start + 700 + static_cast<int64_t>(random() % 1300);
    q.truncation = random() % 2 == 0 ? 500 : 3;
    return q;
  }

  static Parameters ToParameters(const Question& q) {
    return Datum::SortedMap({{"id", Datum::Int(q.id)},
                             {"id1", Datum::Int(q.id1)},
                             {"id2", Datum::Int(q.id2)},
                             {"pid1", Datum::Int(q.id1)},
                             {"pid2", Datum::Int(q.id2)},
                             {"threshold", Datum::Float(q.threshold)},
                             {"threshold1", Datum::Float(q.threshold1)},
                             {"threshold2", Datum::Float(q.threshold2)},
                             {"startTime", Datum::Int(q.start)},
                             {"endTime", Datum::Int(q.end)},
                             {"truncationLimit", Datum::Int(q.truncation)}})
        .AsMap();
  }

  static std::string Shown(std::vector<Row> rows) {
    std::sort(rows.begin(), rows.end());
    return absl::StrJoin(rows, "\n", [](std::string* out, const Row& row) {
      absl::StrAppend(out, absl::StrJoin(row, " | "));
    });
  }

  Graph graph_;
  std::unique_ptr<MemoryKv> kv_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<query::QueryEngine> engine_;
};

TEST_P(FinbenchTest, AnswersAsTheOracle) {
  std::ifstream file(absl::StrCat("bench/finbench/", GetParam(), ".query"));
  const std::string text(std::istreambuf_iterator<char>(file), {});
  ASSERT_FALSE(text.empty());
  size_t rows = 0;
  for (const uint64_t seed : {1, 2}) {
    Load(seed);
    std::mt19937_64 random(seed);
    for (int i = 0; i < kQuestions; ++i) {
      const Question question = Draw(random);
      RELATA_ASSERT_OK_AND_ASSIGN(const std::vector<Row> got, Ask(text, ToParameters(question)));
      const std::vector<Row> wanted = Answer(graph_, GetParam(), question);
      rows += wanted.size();
      EXPECT_EQ(Shown(got), Shown(wanted)) << "seed " << seed << ", question " << i;
    }
  }
  EXPECT_GT(rows, 0u);
}

INSTANTIATE_TEST_SUITE_P(Reads, FinbenchTest,
                         testing::Values("tcr1", "tcr2", "tcr3", "tcr4", "tcr5", "tcr6", "tcr7",
                                         "tcr8", "tcr9", "tcr10", "tcr11", "tcr12", "tsr1", "tsr2",
                                         "tsr3", "tsr4", "tsr5", "tsr6"),
                         [](const auto& parameter) { return parameter.param; });

}  // namespace
}  // namespace relata::finbench
