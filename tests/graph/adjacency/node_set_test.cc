#include "graph/adjacency/node_set.h"

#include <cstdint>
#include <random>
#include <set>

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

TEST(NodeSetTest, AFewNodes) { ExpectTheSame(1000, 100); }
TEST(NodeSetTest, ManyNodesCloseTogether) { ExpectTheSame(5000, 20000); }
TEST(NodeSetTest, ManyNodesFarApart) { ExpectTheSame(1'000'000, 3000); }

}  // namespace
}  // namespace relata
