// What several threads give large statements, and what they cost small ones: morsel_bench FOLDER
// [TIMES] [THREADS]. FOLDER is that of one database with the graph of the peer benchmark
// (docs/benchmarks.md). Each statement runs cold once, then by turns on one thread and on THREADS
// (2), so that both meet the same machine; medians of wall time, and of the process's processor
// time.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "base/clock.h"
#include "bench/scratch_engine.h"
#include "graph/database.h"
#include "graph/query/engine.h"
#include "storage/rocksdb/rocksdb_kv.h"

namespace relata {
namespace {

struct Question {
  const char* name;
  const char* text;
};
constexpr Question kQuestions[] = {
    {"Q7", "MATCH (s)-[r:INVESTED_IN]->() RETURN s.country, sum(r.amount)"},
    {"filter and sum",
     "MATCH (a)-[t:TRANSFERRED]->(b) WHERE t.amount * 2 > 100 + b.id % 7 "
     "RETURN count(*), sum(t.amount)"},
    {"group by a name",
     "MATCH (c:Company)-[t:TRANSFERRED]->(b) WHERE t.amount > 50 "
     "RETURN c.name, count(*), avg(t.amount)"},
    {"count of a label", "MATCH (c:Company) WHERE c.country = 'US' RETURN count(*)"},
    {"distinct",
     "MATCH (a)-[t:TRANSFERRED]->(b) WHERE t.amount > 10 "
     "RETURN DISTINCT a.country, b.country"},
    {"top ten",
     "MATCH (a)-[t:TRANSFERRED]->(b) RETURN a.id, b.id, t.amount "
     "ORDER BY t.amount DESC, a.id, b.id LIMIT 10"},
    {"all rows", "MATCH (a)-[t:TRANSFERRED]->(b) WHERE t.amount > 500 RETURN a.id, b.id"},
    {"Q1", "MATCH (c:Company {id: 4711}) RETURN c.name, c.country, c.founded"},
    {"Q2", "MATCH (:Company {id: 4711})-[t:TRANSFERRED]->(n) RETURN n.id, t.amount, validFrom(t)"},
};

double Seconds(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

struct Times {
  std::vector<double> wall;
  std::vector<double> processor;
};

void Run(query::QueryEngine& engine, const char* text, int threads, Times* times) {
  query::QueryOptions options;
  options.max_threads = threads;
  const double wall = Seconds(CLOCK_MONOTONIC);
  const double processor = Seconds(CLOCK_PROCESS_CPUTIME_ID);
  auto result = ValueOrDie(engine.Run(text, {}, options));
  query::Batch batch;
  while (ValueOrDie(result->Next(&batch))) continue;
  times->wall.push_back(1e3 * (Seconds(CLOCK_MONOTONIC) - wall));
  times->processor.push_back(1e3 * (Seconds(CLOCK_PROCESS_CPUTIME_ID) - processor));
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void CompareThreads(query::QueryEngine& engine, const Question& question, int times, int threads) {
  Times cold;
  Run(engine, question.text, threads, &cold);
  Times one;
  Times several;
  for (int i = 0; i < times; ++i) {
    Run(engine, question.text, 1, &one);
    Run(engine, question.text, threads, &several);
  }
  std::printf("%-18s cold %9.2f (processor %9.2f)  1: %9.3f (%9.3f)  %d: %9.3f (%9.3f)  %5.2f x\n",
              question.name, cold.wall[0], cold.processor[0], Median(one.wall),
              Median(one.processor), threads, Median(several.wall), Median(several.processor),
              Median(one.wall) / Median(several.wall));
  std::fflush(stdout);
}

}  // namespace
}  // namespace relata

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: morsel_bench FOLDER [TIMES] [THREADS]\n");
    return 2;
  }
  const int times = argc > 2 ? std::max(1, std::atoi(argv[2])) : 15;
  const int threads = argc > 3 ? std::max(1, std::atoi(argv[3])) : 2;
  const auto kv = relata::ValueOrDie(relata::RocksDbKv::Open(argv[1], relata::RocksDbOptions()));
  relata::DatabaseOptions options;
  options.adjacency_cache_bytes = size_t{1} << 30;
  const auto database =
      relata::ValueOrDie(relata::Database::Open(kv.get(), relata::SystemClock(), options));
  relata::query::QueryEngine engine(database.get(), threads);
  std::printf("ms, medians of %d: wall (processor)\n", times);
  for (const relata::Question& question : relata::kQuestions) {
    relata::CompareThreads(engine, question, times, threads);
  }
  return 0;
}
