#include <signal.h>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "tests/e2e/program_fixture.h"

namespace relata {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

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
  // The last try met no server; a stream broken off without a word would read otherwise.
  EXPECT_THAT(ReadFile(Path("watch.err")), Not(HasSubstr("broke off")));
}

// Commits before and after a restart, each once and in order, without a word to the watcher.
TEST_F(ServerLifeTest, AWatchGoesOnAfterARestart) {
  const auto watcher =
      SpawnRelata("watch", {"watch", "--from-version", "0", "--count", "6", "--format", "jsonl"});
  const auto lines = [&] {
    std::vector<std::string> all =
        absl::StrSplit(ReadFile(Path("watch.out")), '\n', absl::SkipEmpty());
    return all;
  };
  int written = 0;
  for (const int signal : {SIGTERM, SIGKILL, 0}) {
    for (int i = 0; i < 2; ++i, ++written) {
      ASSERT_EQ(Relata({"put", absl::StrCat("company/", written)}).exit_code, 0);
    }
    if (signal == 0) break;
    for (int i = 0; i < 6000 && lines().size() < static_cast<size_t>(written); ++i) {
      absl::SleepFor(absl::Milliseconds(10));
    }
    server().Signal(signal);
    ASSERT_NE(server().Wait(absl::Seconds(60)), std::nullopt);
    RestartServer();
  }
  EXPECT_EQ(watcher->Wait(absl::Seconds(60)), 0);
  ASSERT_EQ(lines().size(), 6u);
  for (int i = 0; i < 6; ++i) {
    EXPECT_THAT(lines()[i], HasSubstr(absl::StrCat("\"version\":\"", i + 1, "\"")));
  }
  EXPECT_EQ(ReadFile(Path("watch.err")), "");
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

// A copy may grow apart from its original, so their stamps must tell them apart; each keeps its
// own.
TEST_F(ServerLifeTest, ACheckpointIsADatabaseWithAnIncarnationOfItsOwn) {
  ASSERT_EQ(Relata({"put", "company/before"}).exit_code, 0);
  for (const std::string name : {"first", "second"}) {
    ASSERT_EQ(Relata({"checkpoint", name}).exit_code, 0);
  }
  ASSERT_EQ(Relata({"put", "company/after"}).exit_code, 0);
  server().Signal(SIGTERM);
  ASSERT_EQ(server().Wait(absl::Seconds(60)), 0);
  for (const std::string name : {"first", "second"}) {
    std::filesystem::rename(Path("data/checkpoints/" + name), Path("data/databases/" + name));
  }
  std::vector<std::string> seen;
  for (int start = 0; start < 2; ++start) {
    StartServer();
    seen.push_back(Relata({"databases", "--format", "jsonl"}).out);
    EXPECT_EQ(Relata({"get", "company/before", "--database", "first"}).exit_code, 0);
    EXPECT_EQ(Relata({"get", "company/after", "--database", "first"}).exit_code, 1);
    server().Signal(SIGTERM);
    ASSERT_EQ(server().Wait(absl::Seconds(60)), 0);
  }
  EXPECT_EQ(seen[0], seen[1]);
  std::set<std::string> incarnations;
  for (const absl::string_view line : absl::StrSplit(seen[0], '\n', absl::SkipEmpty())) {
    const std::vector<absl::string_view> parts = absl::StrSplit(line, "\"incarnation\":");
    ASSERT_EQ(parts.size(), 2u) << line;
    incarnations.emplace(parts[1].substr(0, parts[1].find_first_of(",}")));
  }
  EXPECT_EQ(incarnations.size(), 3u) << seen[0];
  StartServer();
}

// As on a full disk: no file may grow beyond a size, so the log of the engine takes no more.
TEST_F(ServerLifeTest, WhatWasAcknowledgedOutlivesADiskThatTakesNoMore) {
  server().Signal(SIGTERM);
  ASSERT_EQ(server().Wait(absl::Seconds(60)), 0);
  set_launcher({"/bin/sh", "-c", "trap '' XFSZ; ulimit -f 2048; exec \"$@\"", "sh"});
  StartServer();
  const std::string note(60'000, 'x');
  int written = 0;
  Ran ran;
  const auto put = [&] {
    return Relata({"put", absl::StrCat("company/", written), "--set", absl::StrCat("note=", note)});
  };
  while (written < 200 && (ran = put()).exit_code == 0) ++written;
  ASSERT_GT(written, 0) << ran;
  ASSERT_LT(written, 200) << "the limit was never met";
  EXPECT_THAT(ran.err, AllOf(HasSubstr("read-only"), HasSubstr("may or may not have been kept")));
  EXPECT_THAT(Relata({"put", "company/later"}).err, HasSubstr("open the database again"));
  EXPECT_EQ(Relata({"get", "company/0"}).exit_code, 0) << "reads go on";
  server().Signal(SIGKILL);
  ASSERT_NE(server().Wait(absl::Seconds(60)), std::nullopt);
  set_launcher({});
  StartServer();
  for (int i = 0; i < written; ++i) {
    EXPECT_THAT(Relata({"get", absl::StrCat("company/", i)}).out, HasSubstr(note)) << i;
  }
  EXPECT_EQ(Relata({"get", "company/later"}).exit_code, 1);
  EXPECT_EQ(Relata({"put", "company/later"}).exit_code, 0);
}

TEST_F(ServerLifeTest, ASecondServerOnTheFolderIsRefused) {
  const auto second = SpawnServer("second", {"--listen", "127.0.0.1:0"});
  const auto code = second->Wait(absl::Seconds(60));
  ASSERT_TRUE(code.has_value());
  EXPECT_NE(*code, 0);
  EXPECT_THAT(ReadFile(Path("second.err")), HasSubstr("process"));
  EXPECT_EQ(Relata({"status"}).exit_code, 0);
}

}  // namespace
}  // namespace relata
