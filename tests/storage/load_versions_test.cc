#include "storage/load_versions.h"

#include <atomic>
#include <cstdint>
#include <thread>

#include "gtest/gtest.h"

namespace relata {
namespace {

TEST(LoadVersionsTest, TellsTheVersionOfEachLoad) {
  LoadVersions loads;
  for (uint64_t load = 0; load < 1000; load += 3) loads.Set(load, CommitVersion(load + 7));
  for (uint64_t load = 0; load < 1000; ++load) {
    EXPECT_EQ(loads.VersionOf(load), CommitVersion(load % 3 == 0 ? load + 7 : 0)) << load;
  }
  for (const uint64_t no_load :
       {uint64_t{1} << 20, uint64_t{1} << 39, uint64_t{1} << 40, uint64_t{1} << 63, ~uint64_t{0}}) {
    EXPECT_FALSE(loads.VersionOf(no_load).valid()) << no_load;
  }
}

TEST(LoadVersionsTest, GivesNumbersThatNoLoadHas) {
  LoadVersions loads;
  EXPECT_EQ(loads.NewLoad(), 0u);
  EXPECT_EQ(loads.NewLoad(), 1u);
  loads.Set(5, CommitVersion(1));
  EXPECT_EQ(loads.NewLoad(), 6u);
  loads.Set(2, CommitVersion(2));
  EXPECT_EQ(loads.NewLoad(), 7u);
}

TEST(LoadVersionsTest, IsReadWhileLoadsAreAdded) {
  LoadVersions loads;
  std::atomic<uint64_t> set = 0;
  std::thread reader([&] {
    for (uint64_t seen = 0; seen < 20'000; seen = set.load()) {
      if (seen == 0) continue;
      ASSERT_EQ(loads.VersionOf(seen - 1), CommitVersion(seen));
    }
  });
  for (uint64_t load = 0; load < 20'000; ++load) {
    loads.Set(load, CommitVersion(load + 1));
    set = load + 1;
  }
  reader.join();
}

}  // namespace
}  // namespace relata
