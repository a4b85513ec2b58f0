#include "graph/answers/paths.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/graph/answers/random_graph.h"
#include "tests/graph/answers/test_graph.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::HasSubstr;

std::vector<RelationshipId> IdsOf(const std::vector<PathHop>& path) {
  std::vector<RelationshipId> ids;
  ids.reserve(path.size());
  for (const PathHop& hop : path) ids.push_back(hop.ends.id);
  return ids;
}

// The best of the walks of exactly `hops` hops: the one whose ids are lowest, hop by hop.
class NaivePaths {
 public:
  NaivePaths(const Snapshot& snapshot, const ReadView& view, const PathRequest& request)
      : request_(request) {
    for (const RelationshipState& state : AllRelationships(snapshot)) {
      if (SelectOne(state.facts, view) != nullptr) seen_.push_back(state.ends);
    }
  }

  std::optional<std::vector<RelationshipId>> Run(int most) {
    for (int hops = 0; hops <= most; ++hops) {
      best_.reset();
      std::vector<RelationshipId> ids;
      Walk(request_.start, hops, ids);
      if (best_) return best_;
    }
    return std::nullopt;
  }

 private:
  void Walk(EntityId at, int left, std::vector<RelationshipId>& ids) {
    if (left == 0) {
      if (at == request_.end && (!best_ || ids < *best_)) best_ = ids;
      return;
    }
    for (const auto& [id, type, from, to] : seen_) {
      for (const bool outgoing : {true, false}) {
        if ((outgoing ? from : to) != at || !Allows(request_.steps, type, outgoing)) continue;
        ids.push_back(id);
        Walk(outgoing ? to : from, left - 1, ids);
        ids.pop_back();
      }
    }
  }

  const PathRequest& request_;
  std::vector<RelationshipEnds> seen_;
  std::optional<std::vector<RelationshipId>> best_;
};

TEST(ShortestPathPropertyTest, EqualsEnumeration) {
  constexpr RandomGraphSize kSize{7, 12};
  int found = 0;
  int longest = 0;
  for (int g = 0; g < 300; ++g) {
    Dice dice(3000 + g);
    TestGraph graph;
    FillRandomly(dice, kSize, graph);
    const Snapshot snapshot = graph.Latest();
    for (int q = 0; q < 6; ++q) {
      SCOPED_TRACE("graph " + std::to_string(g) + " question " + std::to_string(q));
      const ReadView view = RandomInstant(dice, graph);
      PathRequest request;
      request.start = RandomEntity(dice, kSize, graph);
      request.end = RandomEntity(dice, kSize, graph);
      request.steps = RandomSteps(dice, graph);
      if (dice.OneIn(3)) request.max_hops = 1 + static_cast<int>(dice.Below(3));
      Budget budget = graph.Plenty();
      RELATA_ASSERT_OK_AND_ASSIGN(const PathAnswer answer,
                                  ShortestPath(snapshot, view, request, budget));
      // No shortest path visits an entity twice.
      const int most = request.max_hops > 0 ? request.max_hops : kSize.entities - 1;
      const auto expected = NaivePaths(snapshot, view, request).Run(most);
      ASSERT_EQ(answer.path.has_value(), expected.has_value());
      if (!expected) continue;
      ASSERT_EQ(IdsOf(*answer.path), *expected);
      ++found;
      longest = std::max(longest, static_cast<int>(expected->size()));
    }
  }
  EXPECT_GT(found, 500);
  EXPECT_GE(longest, 4);
}

class ShortestPathTest : public testing::Test {
 protected:
  ShortestPathTest() {
    for (const char* const key : {"a", "b", "c", "d"}) graph_.Entity(key);
    graph_.Link("ab", "OWNS", "a", "b", {MakeFact({{"share", Value::Double(0.5)}})});
    graph_.Link("bc", "OWNS", "b", "c", {MakeFact({}, "2020")});
    graph_.Commit();
    request_.start = graph_.IdOf("a");
    request_.end = graph_.IdOf("c");
    request_.steps = {graph_.StepOf("OWNS")};
  }

  absl::StatusOr<PathAnswer> Ask(const ReadView& view) {
    Budget budget = graph_.Plenty();
    return ShortestPath(graph_.Latest(), view, request_, budget);
  }

  TestGraph graph_;
  PathRequest request_;
};

TEST_F(ShortestPathTest, GivesHopsWithTheirFacts) {
  RELATA_ASSERT_OK_AND_ASSIGN(const PathAnswer answer, Ask(At("2021-01-01")));
  ASSERT_TRUE(answer.path.has_value());
  ASSERT_EQ(answer.path->size(), 2u);
  const PathHop& first = answer.path->front();
  EXPECT_EQ(first.ends.id, graph_.RelationshipOf("ab"));
  EXPECT_EQ(first.to, graph_.IdOf("b"));
  EXPECT_EQ(first.fact.FindProperty(graph_.PropertyOf("share"))->AsDouble(), 0.5);
  EXPECT_EQ(answer.path->back().to, graph_.IdOf("c"));
}

TEST_F(ShortestPathTest, SeesOneInstant) {
  RELATA_ASSERT_OK_AND_ASSIGN(const PathAnswer answer, Ask(At("2019-01-01")));
  EXPECT_FALSE(answer.path.has_value());
  EXPECT_FALSE(answer.cut);
}

TEST_F(ShortestPathTest, FromAnEntityToItselfIsEmpty) {
  request_.end = request_.start;
  RELATA_ASSERT_OK_AND_ASSIGN(const PathAnswer answer, Ask(At("2021-01-01")));
  ASSERT_TRUE(answer.path.has_value());
  EXPECT_TRUE(answer.path->empty());
}

TEST_F(ShortestPathTest, KeepsToMaxHops) {
  request_.max_hops = 1;
  RELATA_ASSERT_OK_AND_ASSIGN(const PathAnswer one, Ask(At("2021-01-01")));
  EXPECT_FALSE(one.path.has_value());
  request_.max_hops = 2;
  RELATA_ASSERT_OK_AND_ASSIGN(const PathAnswer two, Ask(At("2021-01-01")));
  EXPECT_TRUE(two.path.has_value());
}

TEST_F(ShortestPathTest, ASpentBudgetCuts) {
  Budget budget(graph_.clock(), {.expansions = 0});
  RELATA_ASSERT_OK_AND_ASSIGN(const PathAnswer answer,
                              ShortestPath(graph_.Latest(), At("2021-01-01"), request_, budget));
  EXPECT_FALSE(answer.path.has_value());
  EXPECT_TRUE(answer.cut);
  EXPECT_TRUE(answer.reproducible);
}

TEST_F(ShortestPathTest, RefusesBadRequests) {
  EXPECT_THAT(Ask({ValidTime::All(), DefaultPolicy()}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("instant")));
  request_.max_hops = -1;
  EXPECT_THAT(Ask(At("2021-01-01")),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("max_hops")));
  request_.max_hops = 0;
  request_.end = EntityId(1'000'000);
  EXPECT_THAT(Ask(At("2021-01-01")), StatusIs(absl::StatusCode::kNotFound, HasSubstr("end")));
  request_.steps.clear();
  EXPECT_THAT(Ask(At("2021-01-01")),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("step")));
}

}  // namespace
}  // namespace relata
