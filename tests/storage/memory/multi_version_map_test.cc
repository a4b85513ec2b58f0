#include "storage/memory/multi_version_map.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace relata {
namespace {

constexpr KeySpace kSpace = KeySpace::kLive;

void Put(MultiVersionMap& map, const std::string& key, const std::string& value) {
  map.Apply({{kSpace, true, key, value}});
}
void Delete(MultiVersionMap& map, const std::string& key) { map.Apply({{kSpace, false, key, ""}}); }

TEST(MultiVersionMapTest, WithoutPinsKeepsTheNewestValuesOnly) {
  MultiVersionMap map;
  for (int i = 0; i < 100; ++i) Put(map, absl::StrCat("key ", i % 3), absl::StrCat(i));
  EXPECT_EQ(map.VersionCount(kSpace), 3u);
  EXPECT_EQ(map.Get(kSpace, "key 0", map.newest()), "99");
  Delete(map, "key 0");
  Delete(map, "never there");
  EXPECT_EQ(map.VersionCount(kSpace), 2u);
  EXPECT_EQ(map.Get(kSpace, "key 0", map.newest()), std::nullopt);
}

TEST(MultiVersionMapTest, APinKeepsWhatItNeedsUntilItIsGone) {
  MultiVersionMap map;
  Put(map, "a", "1");
  Put(map, "b", "1");
  const uint64_t pinned = map.newest();
  map.Pin(pinned);
  map.Pin(pinned);
  Put(map, "a", "2");
  Delete(map, "b");
  Put(map, "c", "2");
  EXPECT_EQ(map.Get(kSpace, "a", pinned), "1");
  EXPECT_EQ(map.Get(kSpace, "b", pinned), "1");
  EXPECT_EQ(map.Get(kSpace, "c", pinned), std::nullopt);
  EXPECT_EQ(map.LastBefore(kSpace, "", pinned)->key, "b");
  EXPECT_EQ(map.FirstAfter(kSpace, "a", map.newest())->key, "c");
  map.Unpin(pinned);
  EXPECT_EQ(map.Get(kSpace, "b", pinned), "1");
  map.Unpin(pinned);
  EXPECT_EQ(map.VersionCount(kSpace), 2u);
}

TEST(MultiVersionMapTest, MemoryStaysBoundedWhilePinsMoveAlong) {
  MultiVersionMap map;
  Put(map, "start", "");
  uint64_t pinned = map.newest();
  map.Pin(pinned);
  for (int i = 0; i < 1000; ++i) {
    Put(map, absl::StrCat("key ", i), "value");
    if (i > 0) Delete(map, absl::StrCat("key ", i - 1));
    map.Pin(map.newest());
    map.Unpin(pinned);
    pinned = map.newest();
  }
  EXPECT_LE(map.VersionCount(kSpace), 3u);
}

}  // namespace
}  // namespace relata
