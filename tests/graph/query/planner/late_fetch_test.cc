// Which values a statement fetches: those that the property columns know afterwards, which keep
// what was read from storage and nothing else.
#include <string>

#include "absl/strings/str_cat.h"
#include "graph/adjacency/adjacency_cache.h"
#include "graph/adjacency/property_columns.h"
#include "graph/query/engine.h"
#include "gtest/gtest.h"
#include "tests/graph/database_harness.h"
#include "tests/support/status_matchers.h"

namespace relata::query {
namespace {

constexpr int kPeople = 1500;
constexpr uint64_t kLargestId = 20'000;

class LateFetchTest : public testing::Test {
 protected:
  LateFetchTest() : engine_(&h_.db()) {
    Run(absl::StrCat("UNWIND range(1, ", kPeople,
                     ") AS i CREATE (:P {i: i, founded: i, name: 'n' + i, note: 'x' + i})"));
    Run("MATCH (p:P) CREATE (p)-[:T {w: p.i, text: 'y' + p.i}]->(:Q)");
  }

  void Run(const std::string& text) {
    auto result = engine_.Run(text, {}, {});
    RELATA_ASSERT_OK(result.status());
    Batch batch;
    while (true) {
      const absl::StatusOr<bool> more = (*result)->Next(&batch);
      RELATA_ASSERT_OK(more.status());
      if (!*more) return;
    }
  }

  // Of how many nodes or relationships the property has been fetched.
  int Fetched(const std::string& property,
              PropertyColumns::Owner owner = PropertyColumns::Owner::kEntity) {
    const Snapshot snapshot = h_.db().Latest();
    const auto id = snapshot.names().FindProperty(property);
    const PropertyColumns::Column* const column =
        id ? snapshot.adjacency_cache()->columns().Find(owner, *id) : nullptr;
    int known = 0;
    Value value;
    for (uint64_t i = 0; column != nullptr && i < kLargestId; ++i) {
      known += column->Get(i, snapshot.version(), &value) ? 1 : 0;
    }
    return known;
  }

  DatabaseHarness h_;
  QueryEngine engine_;
};

TEST_F(LateFetchTest, AFilterFetchesNothingForWhatItDrops) {
  Run("MATCH (p:P) WHERE p.founded > 1490 RETURN p.name");
  EXPECT_EQ(Fetched("founded"), kPeople);
  EXPECT_EQ(Fetched("name"), 10);
  EXPECT_EQ(Fetched("note"), 0);
}

TEST_F(LateFetchTest, TopRowsAloneAreFetched) {
  Run("MATCH (p:P) RETURN p.name AS name, p.i AS i ORDER BY i DESC SKIP 5 LIMIT 10");
  EXPECT_EQ(Fetched("i"), kPeople);
  EXPECT_EQ(Fetched("name"), 10);
}

TEST_F(LateFetchTest, OfRelationshipsToo) {
  Run("MATCH (:P)-[t:T]->() RETURN t.text ORDER BY t.w LIMIT 10");
  EXPECT_EQ(Fetched("w", PropertyColumns::Owner::kFact), kPeople);
  EXPECT_EQ(Fetched("text", PropertyColumns::Owner::kFact), 10);
}

TEST_F(LateFetchTest, ALimitWithoutAnOrderFetchesWhatItGives) {
  Run("MATCH (p:P) WITH p, p.name AS name LIMIT 7 RETURN name, p.note");
  EXPECT_EQ(Fetched("name"), 7);
  EXPECT_EQ(Fetched("note"), 7);
}

TEST_F(LateFetchTest, WhatIsSortedOrToldApartIsFetchedBefore) {
  Run("MATCH (p:P) RETURN p.name AS name ORDER BY name LIMIT 10");
  EXPECT_EQ(Fetched("name"), kPeople);
  // A batch of it.
  Run("MATCH (p:P) RETURN DISTINCT p.note LIMIT 10");
  EXPECT_EQ(Fetched("note"), 1024);
}

}  // namespace
}  // namespace relata::query
