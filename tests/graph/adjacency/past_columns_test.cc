#include "graph/adjacency/past_columns.h"

#include <memory>

#include "gtest/gtest.h"

namespace relata {
namespace {

using Owner = PropertyColumns::Owner;

constexpr PropertyId kShare{7};

TEST(PastColumnsTest, EachVersionHasValuesOfItsOwn) {
  PastColumns past(1 << 20);
  for (const int64_t version : {3, 5}) {
    past.At(CommitVersion(version))
        ->Keep(Owner::kFact, kShare, CommitVersion(version), {{1, Value::Int(version)}});
  }
  for (const int64_t version : {5, 3}) {
    const std::shared_ptr<PropertyColumns> columns = past.At(CommitVersion(version));
    const PropertyColumns::Column* const shares = columns->Find(Owner::kFact, kShare);
    ASSERT_NE(shares, nullptr);
    Value value;
    ASSERT_TRUE(shares->Get(1, CommitVersion(version), &value));
    EXPECT_EQ(value.get<int64_t>(), version);
    EXPECT_FALSE(shares->Get(2, CommitVersion(version), &value));
  }
  EXPECT_GT(past.bytes(), 0u);
}

TEST(PastColumnsTest, TheVersionAskedForLongestAgoMakesRoomAndItsReadersKeepIt) {
  PastColumns past(1 << 20);
  const std::shared_ptr<PropertyColumns> first = past.At(CommitVersion(1));
  first->Keep(Owner::kEntity, kShare, CommitVersion(1), {{1, Value::Int(1)}});
  const std::shared_ptr<PropertyColumns> second = past.At(CommitVersion(2));
  for (size_t i = 2; i < PastColumns::kMostVersions; ++i) past.At(CommitVersion(i + 1));
  EXPECT_EQ(past.At(CommitVersion(1)), first);  // used again
  past.At(CommitVersion(100));                  // takes the place of version 2
  EXPECT_EQ(past.At(CommitVersion(1)), first);
  EXPECT_NE(past.At(CommitVersion(2)), second);
  for (uint64_t other = 200; other < 210; ++other) past.At(CommitVersion(other));
  EXPECT_EQ(past.bytes(), 0u);
  Value value;
  EXPECT_TRUE(first->Find(Owner::kEntity, kShare)->Get(1, CommitVersion(1), &value));
}

}  // namespace
}  // namespace relata
