#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "graph/adjacency/adjacency.h"
#include "graph/adjacency/adjacency_cache.h"
#include "graph/database.h"
#include "gtest/gtest.h"
#include "storage/memory/memory_kv.h"
#include "tests/graph/answers/random_graph.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

constexpr int kEntities = 12;
constexpr int kCommits = 400;
constexpr int kReaders = 4;

std::string EntityKey(uint64_t i) { return absl::StrCat("e/", i); }

// One edge as the readers compare it.
using Row = std::tuple<TypeId, bool, EntityId, RelationshipId, FactId>;

// What storage says: all relationships, without adjacency and cache.
std::vector<Row> FromStorage(const Snapshot& snapshot, EntityId vertex, const ReadView& view) {
  std::vector<Row> rows;
  const std::vector<RelationshipEnds> all = snapshot.RelationshipsOf(vertex).value();
  for (const RelationshipEnds& ends : all) {
    const auto states = snapshot.GetRelationships({ends}).value();
    for (const VisibleFact& visible : SelectVisible(states[0]->facts, view)) {
      const bool outgoing = ends.from == vertex;
      rows.push_back(
          {ends.type, outgoing, outgoing ? ends.to : ends.from, ends.id, visible.fact->id});
    }
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

std::vector<Row> FromAdjacency(const Snapshot& snapshot, EntityId vertex, const ReadView& view) {
  Expansion expansion;
  const Step every{TypeId(), Direction::kEither};
  EXPECT_THAT(Expand(snapshot, {vertex}, {every}, view, &expansion), IsOk());
  std::vector<Row> rows;
  for (const Edge& e : expansion.edges) {
    rows.push_back({e.type, e.outgoing, e.neighbour, e.relationship, e.fact});
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

// Commits that add relationships and facts, change and delete them.
class Writer {
 public:
  explicit Writer(Database& database) : database_(database), dice_(1) {}

  void Run() {
    for (int i = 0; i < kCommits; ++i) {
      Batch batch;
      for (uint64_t n = 1 + dice_.Below(3); n > 0; --n) batch.mutations.push_back(Next());
      RELATA_ASSERT_OK(database_.Apply(batch).status());
    }
  }

 private:
  Mutation Next() {
    if (!keys_.empty() && dice_.OneIn(3)) {
      const size_t i = dice_.Below(keys_.size());
      const std::string key = keys_[i];
      keys_.erase(keys_.begin() + static_cast<ptrdiff_t>(i));
      return DeleteRelationship{RelationshipKeyRef{key}, Portion()};
    }
    if (!keys_.empty() && dice_.OneIn(3)) {
      const Value share = Value::Double(0.01 * static_cast<double>(dice_.Below(100)));
      return SetProperty{RelationshipRef(RelationshipKeyRef{dice_.Of(keys_)}), "share", share,
                         Portion()};
    }
    RelationshipWrite write;
    write.key = absl::StrCat("r", next_key_++);
    keys_.push_back(write.key);
    write.type = dice_.Of(RandomTypes());
    write.from = EntityKeyRef{EntityKey(dice_.Below(kEntities))};
    write.to = EntityKeyRef{EntityKey(dice_.Below(kEntities))};
    write.facts = {MakeFact({}, dice_.OneIn(2) ? "2020" : ".."), MakeFact({}, "2022")};
    return write;
  }

  Database& database_;
  Dice dice_;
  std::vector<std::string> keys_;
  uint64_t next_key_ = 0;
};

// Compares adjacency with storage at new and at held snapshots until the writer has finished, and
// once more.
void ReadUntil(const std::atomic<bool>& done, const std::vector<EntityId>& vertices, uint64_t seed,
               Database& database, std::atomic<uint64_t>& compared) {
  Dice dice(seed);
  const std::vector<ReadView> views = {
      At("2021-01-01"), At("2023-01-01"), {ValidTime::All(), DefaultPolicy()}};
  std::vector<Snapshot> held = {database.Latest()};
  for (bool last = false; !last;) {
    last = done.load();
    if (last || dice.OneIn(3)) held.push_back(database.Latest());
    if (held.size() > 8) held.erase(held.begin() + static_cast<ptrdiff_t>(dice.Below(8)));
    const Snapshot& snapshot = last ? held.back() : dice.Of(held);
    const EntityId vertex = dice.Of(vertices);
    const ReadView& view = dice.Of(views);
    ASSERT_EQ(FromAdjacency(snapshot, vertex, view), FromStorage(snapshot, vertex, view))
        << "vertex " << vertex << " at version " << snapshot.version();
    ++compared;
  }
}

// `cache_bytes`: a small cache evicts all the time.
void Hammer(size_t cache_bytes, AdjacencyCache::Stats* stats) {
  MemoryKv kv;
  DatabaseOptions options;
  options.adjacency_cache_bytes = cache_bytes;
  RELATA_ASSERT_OK_AND_ASSIGN(const std::unique_ptr<Database> database,
                              Database::Open(&kv, SystemClock(), options));
  Batch entities;
  for (int i = 0; i < kEntities; ++i) {
    EntityWrite write;
    write.key = EntityKey(i);
    entities.mutations.push_back(write);
  }
  RELATA_ASSERT_OK(database->Apply(entities).status());
  std::vector<EntityId> vertices;
  vertices.reserve(kEntities);
  for (int i = 0; i < kEntities; ++i) {
    vertices.push_back(**database->Latest().FindEntity(EntityKey(i)));
  }
  std::atomic<bool> done = false;
  std::atomic<uint64_t> compared = 0;
  std::vector<std::thread> readers;
  readers.reserve(kReaders);
  for (int i = 0; i < kReaders; ++i) {
    readers.emplace_back([&, i] { ReadUntil(done, vertices, 100 + i, *database, compared); });
  }
  Writer(*database).Run();
  done = true;
  for (std::thread& reader : readers) reader.join();
  *stats = database->adjacency_cache().GetStats();
  EXPECT_GE(compared.load(), static_cast<uint64_t>(kReaders));
  EXPECT_LE(stats->bytes, cache_bytes);
}

TEST(AdjacencyHammerTest, ReadersSeeWhatStorageHolds) {
  AdjacencyCache::Stats stats;
  Hammer(64 << 20, &stats);
  EXPECT_GT(stats.hits, 0u);
  EXPECT_EQ(stats.evictions, 0u);
}

TEST(AdjacencyHammerTest, ReadersSeeWhatStorageHoldsWhileArraysAreEvicted) {
  AdjacencyCache::Stats stats;
  Hammer(32 << 10, &stats);
  EXPECT_GT(stats.evictions, 0u);
}

}  // namespace
}  // namespace relata
