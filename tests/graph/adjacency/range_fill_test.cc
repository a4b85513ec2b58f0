#include "graph/adjacency/range_fill.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "graph/adjacency/edge_walk.h"
#include "gtest/gtest.h"
#include "tests/graph/answers/test_graph.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

constexpr int kHubs = 4;
constexpr int kLeaves = 40;

// Each hub has many edges of a first and a last type, and few of one between.
class RangeFillTest : public testing::Test {
 protected:
  RangeFillTest() {
    for (int i = 0; i < kHubs; ++i) graph_.Entity(absl::StrCat("hub", i));
    for (int i = 0; i < kLeaves; ++i) graph_.Entity(absl::StrCat("leaf", i));
    graph_.Commit();
    for (const char* const type : {"FIRST", "WANTED", "LAST"}) {
      for (int hub = 0; hub < kHubs; ++hub) {
        // The last hub has none of those that are wanted.
        if (hub + 1 == kHubs && type == std::string("WANTED")) continue;
        for (int leaf = 0; leaf < (type == std::string("WANTED") ? 3 : kLeaves); ++leaf) {
          graph_.Link(absl::StrCat(type, hub, "/", leaf), type, absl::StrCat("hub", hub),
                      absl::StrCat("leaf", leaf), {MakeFact({}, "2020")});
        }
      }
      graph_.Commit();
    }
    graph_.database().adjacency_cache().InvalidateAll(graph_.Latest().version());
  }

  FilledRange Fill(bool outgoing, const std::string& type) {
    RangeToFill range;
    range.outgoing = outgoing;
    range.first = EntityId(1);
    if (!type.empty()) range.type = graph_.TypeOf(type);
    const absl::StatusOr<FilledRange> filled = FillRange(graph_.Latest(), range);
    EXPECT_THAT(filled.status(), IsOk());
    return *filled;
  }
  // The edges of all hubs and leaves, and whether the cache knew them.
  size_t CountEdges(const std::string& type, Direction direction, bool* known) {
    std::vector<EntityId> vertices;
    for (int i = 0; i < kHubs; ++i) vertices.push_back(graph_.IdOf(absl::StrCat("hub", i)));
    for (int i = 0; i < kLeaves; ++i) vertices.push_back(graph_.IdOf(absl::StrCat("leaf", i)));
    const uint64_t misses = graph_.database().adjacency_cache().GetStats().misses;
    size_t edges = 0;
    EXPECT_THAT(ForEachEdge(graph_.Latest(), vertices, {graph_.StepOf(type, direction)},
                            At("2024-01-01"), [&](size_t, const auto&) { ++edges; }),
                IsOk());
    *known = graph_.database().adjacency_cache().GetStats().misses == misses;
    return edges;
  }

  TestGraph graph_;
};

TEST_F(RangeFillTest, KnowsOneTypeAndThatOthersAreThere) {
  const FilledRange filled = Fill(/*outgoing=*/true, "WANTED");
  EXPECT_TRUE(filled.ended);
  // Of the others most were skipped.
  EXPECT_LT(filled.relationships, size_t{kHubs} * kLeaves);
  bool known = false;
  EXPECT_EQ(CountEdges("WANTED", Direction::kOut, &known), size_t{3} * (kHubs - 1));
  EXPECT_TRUE(known);
  for (const char* const other : {"FIRST", "LAST"}) {
    EXPECT_EQ(CountEdges(other, Direction::kOut, &known), size_t{kHubs} * kLeaves);
    EXPECT_FALSE(known);
  }
}

TEST_F(RangeFillTest, KnowsEveryTypeOfBothDirections) {
  EXPECT_EQ(Fill(/*outgoing=*/true, "").relationships, size_t{2} * kHubs * kLeaves + 9);
  EXPECT_EQ(Fill(/*outgoing=*/false, "").relationships, size_t{2} * kHubs * kLeaves + 9);
  for (const Direction direction : {Direction::kOut, Direction::kIn}) {
    bool known = false;
    EXPECT_EQ(CountEdges("FIRST", direction, &known), size_t{kHubs} * kLeaves);
    EXPECT_TRUE(known);
    EXPECT_EQ(CountEdges("WANTED", direction, &known), size_t{3} * (kHubs - 1));
    EXPECT_TRUE(known);
  }
}

}  // namespace
}  // namespace relata
