#include "client/cli/output/progress.h"

#include <sstream>

#include "base/manual_clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace relata {
namespace {

using testing::HasSubstr;

TEST(ProgressTest, TellsRateAndTimeLeft) {
  std::ostringstream out;
  ManualClock clock(0);
  Progress progress(&out, /*is_terminal=*/true, &clock, "a.csv", "lines", 1000);
  progress.Update(10, 100);
  EXPECT_EQ(out.str(), "");
  clock.AdvanceMicros(2'000'000);
  progress.Update(500, 250);
  EXPECT_THAT(out.str(),
              HasSubstr("a.csv  500 lines  250/s  [#####               ]  25%  6 s left"));
  out.str("");
  progress.Clear();
  EXPECT_EQ(out.str(), "\r\x1b[2K");
}

TEST(ProgressTest, IsSilentWithoutATerminal) {
  std::ostringstream out;
  ManualClock clock(0);
  {
    Progress progress(&out, /*is_terminal=*/false, &clock, "a.csv", "lines", 1000);
    clock.AdvanceMicros(2'000'000);
    progress.Update(500, 250);
  }
  EXPECT_EQ(out.str(), "");
}

}  // namespace
}  // namespace relata
