#include "graph/adjacency/background_fill.h"

#include <atomic>
#include <memory>
#include <string>
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

constexpr int kFilledEntities = 300;

std::string KeyOf(int i) { return absl::StrCat("e/", i); }

class BackgroundFillTest : public testing::Test {
 protected:
  BackgroundFillTest() {
    const std::unique_ptr<Database> database = Open({});
    Batch batch;
    for (int i = 0; i < kFilledEntities; ++i) {
      EntityWrite write;
      write.key = KeyOf(i);
      batch.mutations.push_back(write);
    }
    Dice dice(5);
    for (int i = 0; i < 3'000; ++i) {
      // The first entities have none in, the last ones none out.
      batch.mutations.push_back(Link(dice.OneIn(3) ? "OWNS" : "PAID",
                                     static_cast<int>(dice.Below(kFilledEntities - 20)),
                                     20 + static_cast<int>(dice.Below(kFilledEntities - 20))));
    }
    EXPECT_THAT(database->Apply(batch).status(), IsOk());
  }

  static RelationshipWrite Link(const std::string& type, int from, int to) {
    RelationshipWrite write;
    write.type = type;
    write.from = EntityKeyRef{KeyOf(from)};
    write.to = EntityKeyRef{KeyOf(to)};
    write.facts = {MakeFact({{"amount", Value::Int(7)}, {"note", Value::String("n")}}, "2020")};
    return write;
  }

  std::unique_ptr<Database> Open(DatabaseOptions options) {
    return Database::Open(&kv_, SystemClock(), options).value();
  }
  std::unique_ptr<Database> OpenFilled(size_t budget) {
    DatabaseOptions options;
    options.adjacency_cache_bytes = budget;
    options.fill_adjacency_cache = true;
    std::unique_ptr<Database> database = Open(options);
    database->adjacency_fill()->Wait();
    return database;
  }
  // All edges of all entities.
  static std::vector<Edge> AllEdges(const Database& database, const std::vector<Step>& steps) {
    const Snapshot snapshot = database.Latest();
    std::vector<EntityId> vertices;
    vertices.reserve(kFilledEntities);
    for (int i = 0; i < kFilledEntities; ++i) vertices.push_back(**snapshot.FindEntity(KeyOf(i)));
    Expansion expansion;
    EXPECT_THAT(Expand(snapshot, vertices, steps, At("2024-01-01"), &expansion), IsOk());
    return expansion.edges;
  }

  MemoryKv kv_;
};

bool SameEdges(const std::vector<Edge>& a, const std::vector<Edge>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Edge& x, const Edge& y) {
    return x.neighbour == y.neighbour && x.relationship == y.relationship && x.fact == y.fact &&
           x.type == y.type && x.outgoing == y.outgoing && x.digest == y.digest;
  });
}

TEST_F(BackgroundFillTest, NothingIsReadFromStorageAfterwards) {
  const std::unique_ptr<Database> filled = OpenFilled(64 << 20);
  EXPECT_THAT(filled->adjacency_fill()->GetProgress().ended, IsOk());
  EXPECT_EQ(filled->adjacency_fill()->GetProgress().relationships, 6'000u);
  const auto empty = Open({});
  const Step every{TypeId(), Direction::kEither};
  const Step owns{*filled->names().FindType("OWNS"), Direction::kOut};
  EXPECT_TRUE(SameEdges(AllEdges(*filled, {owns}), AllEdges(*empty, {owns})));
  EXPECT_GT(empty->adjacency_cache().GetStats().misses, 0u);
  EXPECT_TRUE(SameEdges(AllEdges(*filled, {every}), AllEdges(*empty, {every})));
  EXPECT_EQ(filled->adjacency_cache().GetStats().misses, 0u);
}

TEST_F(BackgroundFillTest, ColumnsKnowWhatFactsSay) {
  const std::unique_ptr<Database> filled = OpenFilled(64 << 20);
  const CommitVersion version = filled->Latest().version();
  const PropertyColumns& columns = filled->adjacency_cache().columns();
  using Owner = PropertyColumns::Owner;
  const auto* const times = columns.Find(Owner::kFactTime, PropertyColumns::kValidFrom);
  const auto* const amounts = columns.Find(Owner::kFact, *filled->names().FindProperty("amount"));
  ASSERT_NE(times, nullptr);
  ASSERT_NE(amounts, nullptr);
  const std::vector<Edge> edges = AllEdges(*filled, {{TypeId(), Direction::kOut}});
  EXPECT_EQ(edges.size(), 3'000u);
  for (const Edge& edge : edges) {
    Value time;
    ASSERT_TRUE(times->Get(edge.fact.value(), version, &time));
    EXPECT_TRUE(SameStatement(time, Value::Int(ParseInstant("2020-01-01").value())));
    Value amount;
    ASSERT_TRUE(amounts->Get(edge.fact.value(), version, &amount));
    EXPECT_TRUE(SameStatement(amount, Value::Int(7)));
  }
  // Texts are kept when they are asked for.
  EXPECT_EQ(columns.Find(Owner::kFact, *filled->names().FindProperty("note")), nullptr);
}

TEST_F(BackgroundFillTest, StopsWhenTheBudgetIsUsedUp) {
  const std::unique_ptr<Database> filled = OpenFilled(16 << 10);
  EXPECT_THAT(filled->adjacency_fill()->GetProgress().ended,
              StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_LE(filled->adjacency_cache().GetStats().bytes, size_t{16} << 10);
  EXPECT_GT(filled->adjacency_cache().GetStats().arrays, 0u);
  EXPECT_TRUE(SameEdges(AllEdges(*filled, {{TypeId(), Direction::kEither}}),
                        AllEdges(*Open({}), {{TypeId(), Direction::kEither}})));
}

TEST_F(BackgroundFillTest, CommitsBesideItAreSeen) {
  DatabaseOptions options;
  options.fill_adjacency_cache = true;
  const std::unique_ptr<Database> database = Open(options);
  for (int i = 0; i < 100; ++i) {
    Batch batch;
    batch.mutations.push_back(Link("OWNS", i, 200));
    RELATA_ASSERT_OK(database->Apply(batch).status());
  }
  database->adjacency_fill()->Wait();
  EXPECT_THAT(database->adjacency_fill()->GetProgress().ended, IsOk());
  DatabaseOptions uncached;
  uncached.adjacency_cache_bytes = 0;
  EXPECT_TRUE(SameEdges(AllEdges(*database, {{TypeId(), Direction::kEither}}),
                        AllEdges(*Open(uncached), {{TypeId(), Direction::kEither}})));
}

// Each look at the time moves it on by a millisecond, and a piece looks once, save where it rests.
class SteppingClock final : public Clock {
 public:
  int64_t NowMicros() override { return 0; }
  int64_t MonotonicMicros() override { return 1'000 * ++looks; }
  std::atomic<int64_t> looks = 0;
};

TEST_F(BackgroundFillTest, RestsWhileOthersCommit) {
  const std::unique_ptr<Database> database = Open({});
  for (const bool commits : {false, true}) {
    SteppingClock clock;
    AdjacencyCache cache(64 << 20);
    std::atomic<int64_t> pieces = -2;  // each direction looks at the head once before
    BackgroundFill fill(
        [&] {
          ++pieces;
          if (commits) {
            Batch batch;
            batch.mutations.push_back(Link("OWNS", 1, 200));
            EXPECT_THAT(database->Apply(batch).status(), IsOk());
          }
          return database->Latest();
        },
        &cache, &clock);
    fill.Wait();
    EXPECT_GE(pieces, 4);
    if (commits) {
      EXPECT_GT(clock.looks, 3 * pieces);
    } else {
      EXPECT_EQ(clock.looks, pieces);
    }
  }
}

TEST_F(BackgroundFillTest, EndsWithTheDatabase) {
  DatabaseOptions options;
  options.fill_adjacency_cache = true;
  for (int i = 0; i < 20; ++i) {
    const std::unique_ptr<Database> database = Open(options);
    EXPECT_NE(database->adjacency_fill(), nullptr);
  }
  EXPECT_EQ(Open({})->adjacency_fill(), nullptr);
}

}  // namespace
}  // namespace relata
