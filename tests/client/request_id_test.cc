#include "client/request_id.h"

#include <string>

#include "absl/container/flat_hash_set.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace relata {
namespace {

TEST(RequestIdTest, IsAUuidOfVersion4) {
  for (int i = 0; i < 100; ++i) {
    EXPECT_THAT(NewRequestId(),
                testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-"
                                      "[0-9a-f]{12}"));
  }
}

TEST(RequestIdTest, DoesNotRepeat) {
  absl::flat_hash_set<std::string> seen;
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(seen.insert(NewRequestId()).second);
}

}  // namespace
}  // namespace relata
