// What the adjacency cache takes and how fast it is walked, on the graph of investment_graph.h (a
// folder of CSV files): memory a relationship after the background fill, that fill itself, and
// searches beside the same ones over plain arrays, in one run.
//   adjacency_bench FOLDER [BUDGET_MIB]
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "bench/scratch_engine.h"
#include "graph/adjacency/adjacency_cache.h"
#include "graph/adjacency/background_fill.h"
#include "graph/adjacency/edge_walk.h"
#include "graph/database.h"

namespace relata {
namespace {

constexpr size_t kPerBatch = 20'000;
constexpr int kStarts = 200;
constexpr int kRounds = 3;

double Number(absl::string_view text) {
  double number = 0.0;
  CheckOk(absl::SimpleAtod(text, &number) ? absl::OkStatus()
                                          : absl::InvalidArgumentError("not a number"));
  return number;
}

// Writes the files in batches.
class Loader {
 public:
  explicit Loader(Database* database) : database_(*database) {}

  void Load(const std::string& folder) {
    for (const char* const file : {"company", "person", "regulator"}) {
      ForEachRow(folder, file, [&](const std::vector<std::string>& row) {
        EntityWrite write;
        write.key = absl::StrCat("n/", row[0]);
        batch_.mutations.push_back(std::move(write));
      });
    }
    Apply();
    Relationships(folder, "invested_company", "INVESTED_IN", 4);
    Relationships(folder, "invested_person", "INVESTED_IN", 4);
    Relationships(folder, "transferred", "TRANSFERRED", 3);
    Relationships(folder, "regulated", "REGULATED", 2);
  }
  size_t relationships = 0;

 private:
  template <typename Receive>
  void ForEachRow(const std::string& folder, const std::string& file, Receive receive) {
    std::ifstream in(absl::StrCat(folder, "/", file, ".csv"));
    std::string line;
    std::getline(in, line);
    while (std::getline(in, line)) {
      receive(std::vector<std::string>(absl::StrSplit(line, ',')));
      if (batch_.mutations.size() == kPerBatch) Apply();
    }
  }

  void Relationships(const std::string& folder, const std::string& file, const std::string& type,
                     size_t date) {
    ForEachRow(folder, file, [&](const std::vector<std::string>& row) {
      RelationshipWrite write;
      write.type = type;
      write.from = EntityKeyRef{absl::StrCat("n/", row[0])};
      write.to = EntityKeyRef{absl::StrCat("n/", row[1])};
      FactWrite fact;
      if (type != "REGULATED") {
        fact.properties = {{"amount", Value::Double(Number(row[2]))}};
      }
      fact.valid.from = type == "TRANSFERRED"
                            ? Bound::At(static_cast<int64_t>(Number(row[date])) * 1'000)
                            : ValueOrDie(Bound::Parse(row[date], BoundRole::kFrom));
      write.facts.push_back(std::move(fact));
      batch_.mutations.push_back(std::move(write));
      ++relationships;
    });
    Apply();
  }

  void Apply() {
    if (!batch_.mutations.empty()) CheckOk(database_.Apply(batch_).status());
    batch_.mutations.clear();
  }

  Database& database_;
  Batch batch_;
};

// One type's relationships out, as plain arrays: what the cache is compared with.
struct PlainGraph {
  std::vector<uint32_t> offsets;
  std::vector<uint32_t> neighbours;
};

PlainGraph MakePlain(const Snapshot& snapshot, const ReadView& view, Step step, uint64_t ids) {
  PlainGraph graph;
  graph.offsets.assign(1, 0);
  for (uint64_t id = 0; id < ids; ++id) {
    const EntityId vertex(id);
    CheckOk(ForEachEdge(snapshot, {vertex}, {step}, view, [&](size_t, const auto& edge) {
      graph.neighbours.push_back(static_cast<uint32_t>(edge.neighbour().value()));
    }));
    graph.offsets.push_back(static_cast<uint32_t>(graph.neighbours.size()));
  }
  return graph;
}

// Counts the distinct vertices at the end of three steps, with a mark for each vertex.
template <typename Frontier>
size_t ThreeHops(EntityId start, std::vector<uint32_t>& marks, uint32_t& mark, Frontier expand) {
  std::vector<EntityId> frontier = {start};
  for (int hop = 0; hop < 3; ++hop) {
    std::vector<EntityId> next;
    ++mark;
    expand(frontier, [&](EntityId to) {
      uint32_t& place = marks[to.value()];
      if (place == mark) return;
      place = mark;
      next.push_back(to);
    });
    frontier = std::move(next);
  }
  return frontier.size();
}

class Walks {
 public:
  Walks(const Snapshot& snapshot, const ReadView& view, Step step, uint64_t ids)
      : snapshot_(snapshot),
        view_(view),
        step_(step),
        plain_(MakePlain(snapshot, view, step, ids)),
        marks_(ids) {
    for (uint64_t i = 0; i < kStarts; ++i) starts_.emplace_back(1 + i * (ids / 2 - 2) / kStarts);
  }

  void Print() {
    for (int round = 0; round < kRounds; ++round) {
      const double plain = Time([&](EntityId v) { return Plain(v); });
      const double visits = Time([&](EntityId v) { return Visits(v); });
      const double expand = Time([&](EntityId v) { return Expanded(v); });
      std::printf(
          "three hops, %llu found: plain %.1f ms, visits %.1f ms (%.2f), Expand %.1f ms "
          "(%.2f)\n",
          static_cast<unsigned long long>(found_), plain, visits, visits / plain, expand,
          expand / plain);
    }
  }

 private:
  template <typename Walk>
  double Time(Walk walk) {
    found_ = 0;
    const int64_t begin = SystemClock()->MonotonicMicros();
    for (const EntityId start : starts_) found_ += walk(start);
    return static_cast<double>(SystemClock()->MonotonicMicros() - begin) / 1e3;
  }
  size_t Plain(EntityId start) {
    return ThreeHops(start, marks_, mark_, [&](const auto& frontier, const auto& receive) {
      for (const EntityId vertex : frontier) {
        for (uint32_t e = plain_.offsets[vertex.value()]; e < plain_.offsets[vertex.value() + 1];
             ++e) {
          receive(EntityId(plain_.neighbours[e]));
        }
      }
    });
  }
  size_t Visits(EntityId start) {
    return ThreeHops(start, marks_, mark_, [&](const auto& frontier, const auto& receive) {
      CheckOk(ForEachEdge(snapshot_, frontier, {step_}, view_,
                          [&](size_t, const auto& edge) { receive(edge.neighbour()); }));
    });
  }
  size_t Expanded(EntityId start) {
    return ThreeHops(start, marks_, mark_, [&](const auto& frontier, const auto& receive) {
      Expansion expansion;
      CheckOk(Expand(snapshot_, frontier, {step_}, view_, &expansion));
      for (const Edge& edge : expansion.edges) receive(edge.neighbour);
    });
  }

  const Snapshot& snapshot_;
  const ReadView view_;
  const Step step_;
  const PlainGraph plain_;
  std::vector<uint32_t> marks_;
  uint32_t mark_ = 0;
  std::vector<EntityId> starts_;
  uint64_t found_ = 0;
};

void Run(const std::string& folder, size_t budget) {
  ScratchEngine engine(EngineKind::kRocksDb);
  DatabaseOptions options;
  options.adjacency_cache_bytes = budget;
  size_t relationships = 0;
  {
    const auto database = ValueOrDie(Database::Open(&engine.kv(), SystemClock(), options));
    Loader loader(database.get());
    loader.Load(folder);
    relationships = loader.relationships;
  }
  options.fill_adjacency_cache = true;
  const int64_t begin = SystemClock()->MonotonicMicros();
  const auto database = ValueOrDie(Database::Open(&engine.kv(), SystemClock(), options));
  database->adjacency_fill()->Wait();
  const double seconds = static_cast<double>(SystemClock()->MonotonicMicros() - begin) / 1e6;
  const auto progress = database->adjacency_fill()->GetProgress();
  const AdjacencyCache::Stats stats = database->adjacency_cache().GetStats();
  const double count = static_cast<double>(relationships);
  std::printf("%zu relationships, %zu arrays, filled in %.2f s (%llu entries, %s)\n", relationships,
              stats.arrays, seconds, static_cast<unsigned long long>(progress.relationships),
              std::string(progress.ended.message()).c_str());
  std::printf("bytes a relationship, both directions: %.2f in all, %.2f of tables; held %.2f\n",
              static_cast<double>(stats.bytes) / count,
              static_cast<double>(stats.table_bytes) / count,
              static_cast<double>(stats.held_bytes) / count);
  const Snapshot snapshot = database->Latest();
  const uint64_t ids = database->Statistics().entities + kPerBatch;
  const Step step{*database->names().FindType("TRANSFERRED"), Direction::kOut};
  const ReadView now{ValidTime::At(database->Now(snapshot)), DefaultPolicy()};
  Walks(snapshot, now, step, ids).Print();
  const ReadView past{ValidTime::At(now.valid.from - int64_t{3} * 365 * 86'400'000'000),
                      DefaultPolicy()};
  std::printf("at an instant between the dates:\n");
  Walks(snapshot, past, step, ids).Print();
}

}  // namespace
}  // namespace relata

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: adjacency_bench FOLDER [BUDGET_MIB]\n");
    return 2;
  }
  size_t budget_mib = 1024;
  if (argc > 2) budget_mib = static_cast<size_t>(relata::Number(argv[2]));
  relata::Run(argv[1], budget_mib << 20);
  return 0;
}
