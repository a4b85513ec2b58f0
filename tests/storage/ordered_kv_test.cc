#include "storage/ordered_kv.h"

#include <string>

#include "gtest/gtest.h"

namespace relata {
namespace {

TEST(PrefixEndTest, IsTheFirstKeyAfterAllThatStartWithThePrefix) {
  EXPECT_EQ(PrefixEnd("ab"), "ac");
  EXPECT_EQ(PrefixEnd(std::string("a\x00", 2)), "a\x01");
  EXPECT_EQ(PrefixEnd("a\x7f"), "a\x80");
}

TEST(PrefixEndTest, DropsTrailingBytesThatCannotGrow) {
  EXPECT_EQ(PrefixEnd("a\xff\xff"), "b");
  EXPECT_EQ(PrefixEnd("\xff\xff"), "");
  EXPECT_EQ(PrefixEnd(""), "");
}

TEST(KvBatchTest, CountsBytesOfKeysAndValues) {
  KvBatch batch;
  EXPECT_TRUE(batch.empty());
  batch.Put(KeySpace::kLive, "key", "value");
  batch.Delete(KeySpace::kMeta, "other");
  EXPECT_EQ(batch.bytes(), 13u);
  ASSERT_EQ(batch.ops().size(), 2u);
  EXPECT_TRUE(batch.ops()[0].is_put);
  EXPECT_FALSE(batch.ops()[1].is_put);
  batch.Clear();
  EXPECT_TRUE(batch.empty());
  EXPECT_EQ(batch.bytes(), 0u);
}

}  // namespace
}  // namespace relata
