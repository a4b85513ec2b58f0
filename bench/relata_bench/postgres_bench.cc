// postgres_bench: the same questions, and commits of one row each, put to PostgreSQL by libpq, in
// the C++ that relata_bench is measured with. It asks a cluster that the peer benchmark has loaded
// (tables, indexes and the function sp are that benchmark's) by prepared statements;
// docs/benchmarks.md has the commands.
#include <libpq-fe.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "bench/relata_bench/closed_loop.h"
#include "bench/relata_bench/measure.h"
#include "bench/relata_bench/question.h"
#include "bench/relata_bench/result_file.h"
#include "bench/relata_bench/transfers.h"

namespace relata::bench {
namespace {

struct ConnectionCloser {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct ResultFreer {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Connection = std::unique_ptr<PGconn, ConnectionCloser>;
using Result = std::unique_ptr<PGresult, ResultFreer>;

// The question in SQL, with the columns of the question's text in the query language.
const char* StatementOf(Question question) {
  switch (question) {
    case Question::kQ1:
      return "select name, country, founded from company where id = $1::bigint";
    case Question::kQ2:
      return "select dst, amount, ts from transferred where src = $1::bigint";
    case Question::kQ3:
      return "select count(*) from (select distinct t.dst from (select distinct t.dst d from "
             "(select distinct dst d from transferred where src = $1::bigint) x "
             "join transferred t on t.src = x.d) y join transferred t on t.src = y.d) z";
    case Question::kQ4:
      return "with recursive p(node, share, hops, edges) as ("
             "select src, share, 1, array[eid] from invested "
             "where dst = $1::bigint and date >= $2::date union all "
             "select i.src, p.share * i.share, p.hops + 1, p.edges || i.eid "
             "from p join invested i on i.dst = p.node "
             "where i.date >= $2::date and p.hops < 4 and i.eid <> all(p.edges)) "
             "select share from p order by share desc limit 10";
    case Question::kQ5:
      return "select sp($1::bigint, $2::bigint, 10)";
    case Question::kQ6:
      return "with one as (select dst n from invested where src = $1::bigint union "
             "select src from invested where dst = $1::bigint), "
             "two as (select i.dst n from one join invested i on i.src = one.n union "
             "select i.src from one join invested i on i.dst = one.n), "
             "near as (select $1::bigint n union select n from one union select n from two) "
             "select g.date, g.dst, g.src from near join regulated g on g.dst = near.n "
             "order by 1, 2, 3 limit 100";
    case Question::kQ7:
      return "select n.country, sum(i.amount) from invested i join (select id, country from "
             "company "
             "union all select id, country from person) n on n.id = i.src group by 1";
    case Question::kQ9:
      return "select count(*) from transferred a join transferred b on b.src = a.dst";
  }
  return "";
}

// Numbers and texts of the result, each value parsed as a client would.
absl::StatusOr<ResultTable> ReadTable(const PGresult* result) {
  constexpr Oid kText = 25;
  constexpr Oid kDate = 1082;
  ResultTable table;
  table.rows = static_cast<size_t>(PQntuples(result));
  table.columns.resize(static_cast<size_t>(PQnfields(result)));
  for (int column = 0; column < PQnfields(result); ++column) {
    ResultColumn& out = table.columns[static_cast<size_t>(column)];
    const Oid type = PQftype(result, column);
    for (int row = 0; row < PQntuples(result); ++row) {
      const absl::string_view value(PQgetvalue(result, row, column),
                                    static_cast<size_t>(PQgetlength(result, row, column)));
      if (type == kText || type == kDate) {
        out.texts.emplace_back(value);
      } else if (!absl::SimpleAtod(value, &out.numbers.emplace_back())) {
        return absl::InvalidArgumentError(absl::StrCat("not a number: ", value));
      }
    }
  }
  return table;
}

absl::Status CheckResult(const PGresult* result, ExecStatusType wanted) {
  if (PQresultStatus(result) == wanted) return absl::OkStatus();
  return absl::UnknownError(PQresultErrorMessage(result));
}

class PostgresAsker {
 public:
  explicit PostgresAsker(PGconn* connection) : connection_(connection) {}

  absl::Status Prepare(const QuestionDefinition& question) {
    const Result result(PQprepare(connection_, std::string(question.name).c_str(),
                                  StatementOf(question.question), 0, nullptr));
    return CheckResult(result.get(), PGRES_COMMAND_OK);
  }

  // Precondition: prepared.
  absl::StatusOr<Answer> Ask(const QuestionDefinition& question, const Draw& draw) {
    std::vector<const char*> values;
    for (size_t i = 0; i < question.parameters.size(); ++i) values.push_back(draw[i].c_str());
    const Result result(PQexecPrepared(connection_, std::string(question.name).c_str(),
                                       static_cast<int>(values.size()), values.data(), nullptr,
                                       nullptr, 0));
    RELATA_RETURN_IF_ERROR(CheckResult(result.get(), PGRES_TUPLES_OK));
    RELATA_ASSIGN_OR_RETURN(const ResultTable table, ReadTable(result.get()));
    return AnswerFromTable(question.question, table);
  }

 private:
  PGconn* const connection_;
};

struct PostgresOptions {
  std::string data;
  std::string connection;
  std::string out;
  std::string questions;
  int draws = 0;
  double budget_seconds = 30.0;
  std::vector<int> clients;  // of commits; none: the questions are asked
  double seconds = 10.0;
};

absl::StatusOr<Connection> Connect(const PostgresOptions& options) {
  Connection connection(PQconnectdb(options.connection.c_str()));
  if (PQstatus(connection.get()) == CONNECTION_OK) return connection;
  return absl::UnavailableError(PQerrorMessage(connection.get()));
}

absl::Status AskPostgres(const PostgresOptions& options) {
  RELATA_ASSIGN_OR_RETURN(const Connection connection, Connect(options));
  RELATA_ASSIGN_OR_RETURN(const auto questions, ParseQuestions(options.questions));
  ResultFile results(options.out, options.data,
                     PQparameterStatus(connection.get(), "server_version"));
  PostgresAsker asker(connection.get());
  for (const QuestionDefinition& question : questions) {
    RELATA_RETURN_IF_ERROR(asker.Prepare(question));
    RELATA_ASSIGN_OR_RETURN(const std::vector<Draw> draws, ReadDraws(options.data, question));
    MeasureOptions how;
    how.times = question.parameters.empty() ? 0 : options.draws;
    how.budget_seconds = options.budget_seconds;
    const auto measured =
        Measure(draws, how, [&](const Draw& draw) { return asker.Ask(question, draw); });
    if (measured.ok()) {
      results.Add("postgres-libpq", question.name, *measured, 0.0, /*in_process=*/false);
    } else {
      results.AddError("postgres-libpq", question.name, measured.status());
    }
  }
  return absl::OkStatus();
}

constexpr const char* kInsert =
    "insert into transferred select $1::bigint, $2::bigint, $3::float8, $4::bigint "
    "where exists (select from company where id = $1::bigint) "
    "and exists (select from company where id = $2::bigint)";

absl::Status InsertRow(PGconn* connection, const Draw& row) {
  std::vector<const char*> values;
  for (const std::string& field : row) values.push_back(field.c_str());
  const Result result(PQexecPrepared(connection, "insert", static_cast<int>(values.size()),
                                     values.data(), nullptr, nullptr, 0));
  return CheckResult(result.get(), PGRES_COMMAND_OK);
}

// Q8: rows of q8.csv, each a transaction of its own, from `clients` connections.
absl::Status CommitRows(const PostgresOptions& options, const std::vector<Draw>& rows, int clients,
                        ResultFile& results) {
  std::vector<Connection> connections;
  std::vector<LoopClient> calls;
  for (int i = 0; i < clients; ++i) {
    RELATA_ASSIGN_OR_RETURN(connections.emplace_back(), Connect(options));
    PGconn* const connection = connections.back().get();
    const Result prepared(PQprepare(connection, "insert", kInsert, 0, nullptr));
    RELATA_RETURN_IF_ERROR(CheckResult(prepared.get(), PGRES_COMMAND_OK));
    calls.emplace_back([connection, &rows](size_t number) -> absl::StatusOr<size_t> {
      RELATA_RETURN_IF_ERROR(InsertRow(connection, rows[number % rows.size()]));
      return 0;
    });
  }
  LoopOptions loop;
  loop.seconds = options.seconds;
  RELATA_ASSIGN_OR_RETURN(const LoopResult result, RunClosedLoop(loop, calls));
  const Latencies& latencies = result.latencies.front();
  results.Add("postgres-libpq", clients == 1 ? "Q8" : absl::StrCat("Q8x", clients),
              {{"n", static_cast<double>(result.calls())},
               {"clients", clients},
               {"commits_per_s", result.calls_per_second()},
               {"median_ms", latencies.Percentile(0.5)},
               {"p99_ms", latencies.Percentile(0.99)},
               {"errors", static_cast<double>(result.errors)}},
              "fsync and synchronous_commit as the cluster has them");
  return absl::OkStatus();
}

absl::Status CommitToPostgres(const PostgresOptions& options) {
  RELATA_ASSIGN_OR_RETURN(const std::vector<Draw> rows, ReadTransfers(options.data));
  RELATA_ASSIGN_OR_RETURN(const Connection connection, Connect(options));
  ResultFile results(options.out, options.data,
                     PQparameterStatus(connection.get(), "server_version"));
  for (const int clients : options.clients) {
    RELATA_RETURN_IF_ERROR(CommitRows(options, rows, clients, results));
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace relata::bench

int main(int argc, char** argv) {
  relata::bench::PostgresOptions options;
  CLI::App app("Puts the questions of the peer benchmark to PostgreSQL by libpq.");
  app.add_option("--data", options.data, "Folder of the CSV files and of params/.")->required();
  app.add_option("--connection", options.connection, "As libpq takes it: `host=/tmp/x user=y`.")
      ->required();
  app.add_option("--out", options.out, "File to append JSON lines to.");
  app.add_option("--questions", options.questions, "As Q1,Q5; default all.");
  app.add_option("--draws", options.draws, "Times a question is asked warm; 0: each draw once.");
  app.add_option("--budget", options.budget_seconds, "Seconds for a question.")
      ->capture_default_str();
  app.add_option("--clients", options.clients,
                 "Commits instead, by so many clients: numbers, comma-separated.")
      ->delimiter(',');
  app.add_option("--seconds", options.seconds, "Of one loop of commits, at most.")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = options.clients.empty() ? relata::bench::AskPostgres(options)
                                                      : relata::bench::CommitToPostgres(options);
  if (status.ok()) return 0;
  std::fprintf(stderr, "postgres_bench: %s\n", status.ToString().c_str());
  return 1;
}
