#include "graph/store/keyless_relationships.h"

#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace relata {
namespace {

constexpr uint64_t kPage = KeylessRelationships::kIdsOfPage;

TEST(KeylessRelationshipsTest, HoldsWhatWasAddedAndNothingElse) {
  const auto keyless = std::make_unique<KeylessRelationships>();
  const std::vector<uint64_t> added = {1,     63,        64,       kPage - 1,
                                       kPage, 3 * kPage, 1000'000, 5 * kPage + 7};
  for (const uint64_t id : added) EXPECT_FALSE(keyless->Contains(RelationshipId(id))) << id;
  for (const uint64_t id : added) keyless->Add(RelationshipId(id));
  for (const uint64_t id : added) EXPECT_TRUE(keyless->Contains(RelationshipId(id))) << id;
  const std::vector<uint64_t> others = {0, 2, 62, 65, kPage + 1, 2 * kPage, 3 * kPage + 1};
  for (const uint64_t id : others) EXPECT_FALSE(keyless->Contains(RelationshipId(id))) << id;
}

TEST(KeylessRelationshipsTest, LeavesIdsOutThatAreTooLarge) {
  const auto keyless = std::make_unique<KeylessRelationships>();
  keyless->Add(RelationshipId(KeylessRelationships::kMostIds - 1));
  keyless->Add(RelationshipId(KeylessRelationships::kMostIds));
  EXPECT_TRUE(keyless->Contains(RelationshipId(KeylessRelationships::kMostIds - 1)));
  EXPECT_FALSE(keyless->Contains(RelationshipId(KeylessRelationships::kMostIds)));
  EXPECT_FALSE(keyless->Contains(RelationshipId(0)));
}

TEST(KeylessRelationshipsTest, ThreadsThatAddToTheSamePagesLoseNothing) {
  constexpr uint64_t kThreads = 4;
  constexpr uint64_t kIds = 4 * kPage;
  const auto keyless = std::make_unique<KeylessRelationships>();
  std::vector<std::thread> threads;
  for (uint64_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (uint64_t id = t; id < kIds; id += kThreads) keyless->Add(RelationshipId(id));
    });
  }
  for (std::thread& thread : threads) thread.join();
  uint64_t held = 0;
  for (uint64_t id = 0; id < kIds; ++id) held += keyless->Contains(RelationshipId(id)) ? 1 : 0;
  EXPECT_EQ(held, kIds);
}

}  // namespace
}  // namespace relata
