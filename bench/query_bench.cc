// The query language in process: parsing, planning, what a cached plan adds to the typed calls, and
// rows and edges a second of whole statements, over the graph of investments.
#include <benchmark/benchmark.h>

#include <memory>
#include <random>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "bench/investments.h"
#include "bench/scratch_engine.h"
#include "graph/query/engine.h"
#include "graph/query/syntax/ast.h"
#include "graph/query/syntax/parser.h"

namespace relata {
namespace {

using query::Datum;
using query::QueryEngine;
using query::QueryResult;

constexpr const char* kPoint = "MATCH (c {_key: $key}) RETURN c._key AS key";
constexpr const char* kOneHop =
    "MATCH (c:Company {_key: $key})-[r:INVESTED_IN]->(d) RETURN d._key AS key, r.share AS share "
    "ORDER BY share DESC LIMIT 10";
constexpr const char* kLong =
    "MATCH (a:Company)-[r:INVESTED_IN]->(b:Company)-[s:INVESTED_IN]->(c:Company) WHERE a._key = "
    "$key "
    "AND r.share > 0.1 AND NOT EXISTS { (a)-[:INVESTED_IN]->(c) } WITH c, sum(r.share * s.share) "
    "AS "
    "weight, count(DISTINCT b) AS ways WHERE ways > 1 RETURN c._key AS company, weight, ways, CASE "
    "WHEN weight > 0.5 THEN 'large' WHEN weight > 0.1 THEN 'some' ELSE 'little' END AS size ORDER "
    "BY "
    "weight DESC, company SKIP 1 LIMIT 20";
constexpr const char* kTexts[] = {kPoint, kOneHop, kLong};
constexpr const char* kLabels[] = {"point", "one hop", "long"};

// One engine over one graph in memory, cached adjacency, built once and kept.
struct Bench {
  Investments graph{EngineKind::kMemory, size_t{256} << 20};
  QueryEngine engine{&graph.database()};
};
Bench& SharedBench() {
  static auto* const kBench = new Bench;
  return *kBench;
}

query::Parameters KeyOf(int company) {
  return {{"key", Datum::String(absl::StrCat("company/", company))}};
}

// Runs to the end; gives the number of rows.
size_t RunAll(QueryEngine& engine, const std::string& text, const query::Parameters& parameters,
              const query::QueryOptions& options = {}) {
  const std::unique_ptr<QueryResult> result = ValueOrDie(engine.Run(text, parameters, options));
  query::Batch batch;
  size_t rows = 0;
  while (ValueOrDie(result->Next(&batch))) rows += batch.rows;
  return rows;
}

void BM_Parse(benchmark::State& state) {
  const std::string text = kTexts[state.range(0)];
  state.SetLabel(kLabels[state.range(0)]);
  for (auto _ : state) benchmark::DoNotOptimize(ValueOrDie(query::Parse(text)).query.parts.size());
}
BENCHMARK(BM_Parse)->DenseRange(0, 2);

// Parsing, analysis and planning of a text that was never seen: the plan is made and not run.
void BM_Explain(benchmark::State& state) {
  Bench& bench = SharedBench();
  state.SetLabel(kLabels[state.range(0)]);
  int64_t n = 0;
  for (auto _ : state) {
    const std::string text =
        absl::StrCat("EXPLAIN ", kTexts[state.range(0)], " // ", state.range(0), "/", n++);
    benchmark::DoNotOptimize(RunAll(bench.engine, text, KeyOf(7)));
  }
}
BENCHMARK(BM_Explain)->DenseRange(0, 2);

// From the text to the last row, the plan from the cache or made anew.
void BM_Statement(benchmark::State& state) {
  Bench& bench = SharedBench();
  const bool cached = state.range(1) == 1;
  state.SetLabel(absl::StrCat(kLabels[state.range(0)], cached ? ", cached plan" : ", new text"));
  std::mt19937_64 random(7);
  int64_t n = 0;
  for (auto _ : state) {
    std::string text = kTexts[state.range(0)];
    if (!cached) absl::StrAppend(&text, " // run ", state.range(0), "/", n++);
    const int company = static_cast<int>(1000 + random() % (Investments::kCompanies - 1000));
    benchmark::DoNotOptimize(RunAll(bench.engine, text, KeyOf(company)));
  }
}
BENCHMARK(BM_Statement)->ArgsProduct({{0, 1, 2}, {0, 1}});

// What the point statement does, by the typed calls.
void BM_TypedPoint(benchmark::State& state) {
  Bench& bench = SharedBench();
  std::mt19937_64 random(7);
  for (auto _ : state) {
    const int company = static_cast<int>(1000 + random() % (Investments::kCompanies - 1000));
    const Snapshot snapshot = bench.graph.database().Latest();
    const auto id = ValueOrDie(snapshot.FindEntity(absl::StrCat("company/", company)));
    benchmark::DoNotOptimize(ValueOrDie(snapshot.GetEntityRecord(*id))->key.size());
  }
}
BENCHMARK(BM_TypedPoint);

// Whole statements. Items are rows that go through, or where there are none the relationships that
// are looked at.
struct Work {
  const char* label;
  const char* text;
  int64_t rows;
};
constexpr Work kWorks[] = {
    {"edges: expand all, sum a property",
     "MATCH (:Company)-[r:INVESTED_IN]->() RETURN sum(r.share) AS s", 0},
    {"edges: expand all, group by the far end",
     "MATCH (:Company)-[:INVESTED_IN]->(d) WITH d, count(*) AS n RETURN max(n) AS most", 0},
    {"edges: reach within three hops of one",
     "MATCH (:Company {_key: 'company/5'})-[:INVESTED_IN*1..3]->(d) RETURN count(DISTINCT d) AS n",
     0},
    {"rows: sum", "UNWIND range(1, 1000000) AS x RETURN sum(x) AS s", 1'000'000},
    {"rows: filter and compute",
     "UNWIND range(1, 1000000) AS x WITH x WHERE x % 3 = 0 RETURN sum(x * 2 + 1) AS s", 1'000'000},
    {"rows: group by a thousand keys",
     "UNWIND range(1, 1000000) AS x WITH x % 1000 AS k, count(*) AS n RETURN max(n) AS m",
     1'000'000},
    {"rows: sort, best ten", "UNWIND range(1, 1000000) AS x RETURN x ORDER BY x DESC LIMIT 10",
     1'000'000},
};

void BM_Work(benchmark::State& state) {
  Bench& bench = SharedBench();
  const Work& work = kWorks[state.range(0)];
  state.SetLabel(work.label);
  int64_t items = 0;
  for (auto _ : state) {
    const std::unique_ptr<QueryResult> result =
        ValueOrDie(bench.engine.Run(work.text, {}, query::QueryOptions()));
    query::Batch batch;
    while (ValueOrDie(result->Next(&batch))) benchmark::DoNotOptimize(batch.rows);
    items += work.rows > 0 ? work.rows : static_cast<int64_t>(result->statistics().expansions);
  }
  state.SetItemsProcessed(items);
}
BENCHMARK(BM_Work)->DenseRange(0, 6)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace relata
