#include "graph/adjacency/node_set.h"

#include <cstdint>
#include <random>
#include <set>
#include <vector>

#include "gtest/gtest.h"

namespace relata {
namespace {

// The same nodes into the set and into one of the standard library.
void ExpectTheSame(uint64_t most, int nodes) {
  NodeSet set;
  for (int round = 0; round < 2; ++round) {
    std::mt19937_64 random(static_cast<uint64_t>(round));
    std::set<uint64_t> expected;
    for (int i = 0; i < nodes; ++i) {
      const uint64_t node = random() % most;
      EXPECT_EQ(set.contains(EntityId(node)), expected.contains(node));
      EXPECT_EQ(set.insert(EntityId(node)), expected.insert(node).second);
      EXPECT_TRUE(set.contains(EntityId(node)));
      EXPECT_EQ(set.size(), expected.size());
    }
    for (uint64_t node = 0; node < 2000; ++node) {
      EXPECT_EQ(set.contains(EntityId(node)), expected.contains(node));
    }
    EXPECT_GE(set.Bytes(), expected.size() / 8);
    set.clear();
    EXPECT_EQ(set.size(), 0U);
    EXPECT_FALSE(set.contains(EntityId(random() % most)));
  }
}

TEST(NodeSetTest, GivesThoseOfManyThatAreFresh) {
  NodeSet all;
  NodeSet single;
  std::vector<EntityId> fresh;
  std::vector<EntityId> expected;
  std::mt19937_64 random(3);
  for (int round = 0; round < 60; ++round) {
    std::vector<EntityId> nodes;
    for (uint64_t i = random() % 30; i > 0; --i) nodes.push_back(EntityId(random() % 9000));
    all.InsertAll(nodes, &fresh);
    for (const EntityId node : nodes) {
      if (single.insert(node)) expected.push_back(node);
    }
    ASSERT_EQ(fresh, expected);
    ASSERT_EQ(all.size(), single.size());
  }
  EXPECT_GT(fresh.size(), 300U);
}

TEST(NodeSetTest, AFewNodes) { ExpectTheSame(1000, 100); }
TEST(NodeSetTest, ManyNodesCloseTogether) { ExpectTheSame(5000, 20000); }
TEST(NodeSetTest, ManyNodesFarApart) { ExpectTheSame(1'000'000, 3000); }

}  // namespace
}  // namespace relata
