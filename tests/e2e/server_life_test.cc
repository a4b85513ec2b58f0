#include <signal.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/e2e/program_fixture.h"

namespace relata {
namespace {

using testing::HasSubstr;

// How relatad starts, stops and comes back.
class ServerLifeTest : public ProgramTest {};

TEST_F(ServerLifeTest, SigtermIsACleanStopThatKeepsData) {
  ASSERT_EQ(Relata({"put", "company/x"}).exit_code, 0);
  const auto watcher = SpawnRelata("watch", {"watch", "--from-version", "0", "--count", "1"});
  EXPECT_EQ(watcher->Wait(absl::Seconds(60)), 0);
  server().Signal(SIGTERM);
  EXPECT_EQ(server().Wait(absl::Seconds(60)), 0);
  EXPECT_EQ(Relata({"get", "company/x"}).exit_code, 3);
  StartServer();
  EXPECT_EQ(Relata({"get", "company/x"}).exit_code, 0);
}

TEST_F(ServerLifeTest, SigtermEndsOpenStreams) {
  const auto watcher = SpawnRelata("watch", {"watch"});
  for (int i = 0; i < 200 && ReadFile(Path("watch.out")).empty(); ++i) {
    ASSERT_EQ(Relata({"put", absl::StrCat("company/", i)}).exit_code, 0);
  }
  ASSERT_NE(ReadFile(Path("watch.out")), "");
  server().Signal(SIGTERM);
  EXPECT_EQ(server().Wait(absl::Seconds(60)), 0);
  EXPECT_EQ(watcher->Wait(absl::Seconds(60)), 3);
}

TEST_F(ServerLifeTest, KillKeepsWhatWasAcknowledged) {
  for (int i = 0; i < 20; ++i) {
    ASSERT_EQ(
        Relata({"put", absl::StrCat("company/", i), "--set", absl::StrCat("n=", i)}).exit_code, 0);
  }
  server().Signal(SIGKILL);
  EXPECT_EQ(server().Wait(absl::Seconds(60)), 128 + SIGKILL);
  StartServer();
  for (int i = 0; i < 20; ++i) {
    EXPECT_THAT(Relata({"get", absl::StrCat("company/", i), "--format", "jsonl"}).out,
                HasSubstr(absl::StrCat("\"intValue\":\"", i, "\"")));
  }
}

TEST_F(ServerLifeTest, ASecondServerOnTheFolderIsRefused) {
  const auto second = SpawnServer("second", {});
  const auto code = second->Wait(absl::Seconds(60));
  ASSERT_TRUE(code.has_value());
  EXPECT_NE(*code, 0);
  EXPECT_THAT(ReadFile(Path("second.err")), HasSubstr("process"));
  EXPECT_EQ(Relata({"status"}).exit_code, 0);
}

}  // namespace
}  // namespace relata
