#include "server/machine_memory.h"

#include <fstream>
#include <string>

#include "gtest/gtest.h"

namespace relata {
namespace {

std::string LimitFile(const std::string& name, const std::string& text) {
  std::string path = testing::TempDir() + "/" + name;
  std::ofstream(path) << text;
  return path;
}

TEST(MachineMemoryTest, TheSmallestLimitCounts) {
  const uint64_t machine = UsableMemory({});
  EXPECT_GT(machine, uint64_t{1} << 20);
  EXPECT_EQ(UsableMemory({LimitFile("unlimited", "max\n"), testing::TempDir() + "/absent"}),
            machine);
  EXPECT_EQ(UsableMemory({LimitFile("large", "9223372036854771712\n")}), machine);
  EXPECT_EQ(UsableMemory({LimitFile("some", "1048576\n"), LimitFile("fewer", "65536\n")}), 65536u);
  EXPECT_LE(UsableMemory(), machine);
}

}  // namespace
}  // namespace relata
