#include "base/ids.h"

#include <cstdint>
#include <limits>
#include <sstream>
#include <type_traits>
#include <unordered_set>

#include "absl/container/flat_hash_set.h"
#include "gtest/gtest.h"

namespace relata {
namespace {

static_assert(!std::is_convertible_v<uint64_t, EntityId>);
static_assert(!std::is_convertible_v<EntityId, uint64_t>);
static_assert(!std::is_constructible_v<EntityId, FactId>);
static_assert(sizeof(EntityId) == 8 && sizeof(LabelId) == 4);

TEST(IdsTest, DefaultIsNone) {
  EXPECT_FALSE(EntityId().valid());
  EXPECT_EQ(EntityId().value(), 0u);
  EXPECT_TRUE(EntityId(1).valid());
}

TEST(IdsTest, ComparesByValueWithoutSign) {
  EXPECT_EQ(FactId(7), FactId(7));
  EXPECT_NE(FactId(7), FactId(8));
  EXPECT_LT(FactId(7), FactId(std::numeric_limits<uint64_t>::max()));
}

TEST(IdsTest, NextAddsOneAndWrapsToNone) {
  EXPECT_EQ(CommitVersion(41).next(), CommitVersion(42));
  EXPECT_EQ(LabelId(std::numeric_limits<uint32_t>::max()).next(), LabelId());
}

TEST(IdsTest, HashesInBothKindsOfSets) {
  const absl::flat_hash_set<EntityId> flat = {EntityId(1), EntityId(2), EntityId(1)};
  EXPECT_EQ(flat.size(), 2u);
  EXPECT_TRUE(flat.contains(EntityId(2)));
  const std::unordered_set<TypeId> standard = {TypeId(1), TypeId(2), TypeId(1)};
  EXPECT_EQ(standard.size(), 2u);
  EXPECT_FALSE(standard.contains(TypeId(3)));
}

TEST(IdsTest, PrintsThePlainNumber) {
  std::ostringstream out;
  out << RelationshipId(123456789012345);
  EXPECT_EQ(out.str(), "123456789012345");
}

}  // namespace
}  // namespace relata
