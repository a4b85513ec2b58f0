#include "storage/conflict_window.h"

#include <map>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace relata {
namespace {

constexpr size_t kAmple = 1 << 20;

TEST(ConflictWindowTest, SeesWritesAfterTheReadVersionOnly) {
  ConflictWindow window(kAmple);
  window.Reset(CommitVersion(10));
  window.Add(CommitVersion(11), {"a"});
  window.Add(CommitVersion(12), {"b"});
  EXPECT_TRUE(window.Conflicts(CommitVersion(10), {"a"}, {}));
  EXPECT_FALSE(window.Conflicts(CommitVersion(11), {"a"}, {}));
  EXPECT_TRUE(window.Conflicts(CommitVersion(11), {"a", "b"}, {}));
  EXPECT_FALSE(window.Conflicts(CommitVersion(12), {"a", "b"}, {}));
  EXPECT_FALSE(window.Conflicts(CommitVersion(10), {"c"}, {}));
  EXPECT_FALSE(window.Conflicts(CommitVersion(10), {}, {}));
}

TEST(ConflictWindowTest, SeesWritesIntoRanges) {
  ConflictWindow window(kAmple);
  window.Add(CommitVersion(1), {"b"});
  window.Add(CommitVersion(2), {"d"});
  EXPECT_TRUE(window.Conflicts(CommitVersion(0), {}, {{"a", "c"}}));
  EXPECT_FALSE(window.Conflicts(CommitVersion(1), {}, {{"a", "c"}}));
  EXPECT_FALSE(window.Conflicts(CommitVersion(1), {}, {{"a", "d"}}));
  EXPECT_TRUE(window.Conflicts(CommitVersion(1), {}, {{"a", "d"}, {"d", "e"}}));
  EXPECT_TRUE(window.Conflicts(CommitVersion(1), {}, {{"c", ""}}));
}

TEST(ConflictWindowTest, OlderThanTheFloorConflicts) {
  ConflictWindow window(kAmple);
  window.Reset(CommitVersion(5));
  EXPECT_TRUE(window.Conflicts(CommitVersion(4), {}, {}));
  EXPECT_FALSE(window.Conflicts(CommitVersion(5), {"a"}, {}));
}

TEST(ConflictWindowTest, ForgetsTheOldestBeyondItsLimit) {
  ConflictWindow window(4096);
  for (uint64_t version = 1; version <= 100; ++version) {
    window.Add(CommitVersion(version), {std::string(100, 'x') + std::to_string(version)});
  }
  EXPECT_GT(window.floor(), CommitVersion(50));
  EXPECT_LT(window.floor(), CommitVersion(99));
  const CommitVersion floor = window.floor();
  EXPECT_TRUE(window.Conflicts(CommitVersion(floor.value() - 1), {}, {}));
  EXPECT_FALSE(window.Conflicts(floor, {"other"}, {}));
  EXPECT_TRUE(window.Conflicts(floor, {std::string(100, 'x') + "100"}, {}));
}

TEST(ConflictWindowTest, CommitLargerThanTheLimitIsForgottenAtOnce) {
  ConflictWindow window(10);
  window.Add(CommitVersion(3), {std::string(100, 'x')});
  EXPECT_EQ(window.floor(), CommitVersion(3));
  EXPECT_TRUE(window.Conflicts(CommitVersion(2), {}, {}));
  EXPECT_FALSE(window.Conflicts(CommitVersion(3), {std::string(100, 'x')}, {}));
}

// Against the plain definition. A forgotten write may only make it more careful, and only below the
// floor.
TEST(ConflictWindowTest, AgreesWithTheDefinition) {
  std::mt19937_64 random(11);
  const auto key = [&random] { return std::to_string(random() % 200); };
  for (int round = 0; round < 50; ++round) {
    ConflictWindow window(random() % 2 == 0 ? 3000 : kAmple);
    std::vector<std::vector<std::string>> commits;
    for (uint64_t version = 1; version <= 60; ++version) {
      std::vector<std::string> keys(random() % 5);
      for (std::string& k : keys) k = key();
      window.Add(CommitVersion(version), keys);
      commits.push_back(keys);
      const uint64_t read_version = version - random() % version;
      const std::vector<std::string> read_keys = {key(), key()};
      KeyRange range{key(), key()};
      bool expected = read_version < window.floor().value();
      for (uint64_t later = read_version; later < version; ++later) {
        for (const std::string& written : commits[later]) {
          expected |= written == read_keys[0] || written == read_keys[1] ||
                      (written >= range.start && written < range.limit);
        }
      }
      EXPECT_EQ(window.Conflicts(CommitVersion(read_version), read_keys, {range}), expected);
    }
  }
}

}  // namespace
}  // namespace relata
