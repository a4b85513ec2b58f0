// `relatad load` as a program: files into the folder of a server that does not run.
#include <signal.h>

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/program_fixture.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using ::testing::HasSubstr;

class LoadTest : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    WriteFile("companies.csv", "id,title\n1,DeepSeek\n2,Alibaba\n3,深度求索\n");
    WriteFile("holds.csv", "src,dst,day,part\n2,1,2025-03-01,0.25\n2,3,2026-01-02,0.5\n");
  }

  void StopServer() {
    server().Signal(SIGTERM);
    ASSERT_EQ(server().Wait(absl::Seconds(60)), 0);
  }

  Ran Load(const std::string& relationships) {
    const std::string mapping =
        "relationship type=HOLDS from=company/{src} to=company/{dst} valid_from={day} "
        "share:float={part}";
    const std::vector<std::string> arguments = {
        RELATA_SERVER_PROGRAM, "load",  "--data",
        Path("data"),          "--csv", "entity label=Company key=company/{id} .name={title}",
        Path("companies.csv"), "--csv", mapping,
        Path(relationships)};
    Ran ran;
    const auto started = ChildProcess::Start(arguments, Path("load.out"), Path("load.err"));
    EXPECT_THAT(started, IsOk());
    if (!started.ok()) return ran;
    ran.exit_code = (*started)->Wait(absl::Seconds(60)).value_or(-1);
    ran.out = ReadFile(Path("load.out"));
    ran.err = ReadFile(Path("load.err"));
    return ran;
  }
};

TEST_F(LoadTest, WhatWasLoadedIsThereWhenTheServerStarts) {
  StopServer();
  const Ran load = Load("holds.csv");
  EXPECT_EQ(load.exit_code, 0) << load;
  EXPECT_THAT(load.out, HasSubstr("3 entities, 2 relationships"));
  RestartServer();
  const Ran query = Relata({"query", "--format", "csv",
                            "MATCH (:Company {name: 'Alibaba'})-[h:HOLDS]->(c) "
                            "RETURN c.name, h.share, toString(validFrom(h)) ORDER BY h.share"});
  EXPECT_EQ(query.exit_code, 0) << query;
  EXPECT_THAT(query.out, HasSubstr("DeepSeek,0.25,2025-03-01"));
  EXPECT_THAT(query.out, HasSubstr("深度求索,0.5,2026-01-02"));
}

TEST_F(LoadTest, AFolderInUseIsRefused) {
  const Ran load = Load("holds.csv");
  EXPECT_EQ(load.exit_code, 1) << load;
  EXPECT_THAT(load.err, HasSubstr("nothing was written"));
  EXPECT_THAT(Relata({"query", "MATCH (n) RETURN count(n) AS n"}).out, HasSubstr("0"));
}

TEST_F(LoadTest, ABadRecordIsNamedAndNothingIsWritten) {
  WriteFile("bad.csv", "src,dst,day,part\n2,1,2025-03-01,0.25\n2,9,2025-03-01,0.25\n");
  StopServer();
  const Ran load = Load("bad.csv");
  EXPECT_EQ(load.exit_code, 1) << load;
  EXPECT_THAT(load.err, HasSubstr("bad.csv:3"));
  EXPECT_THAT(load.err, HasSubstr("company/9"));
  RestartServer();
  EXPECT_THAT(Relata({"query", "MATCH (n) RETURN count(n) AS n"}).out, HasSubstr("0"));
}

}  // namespace
}  // namespace relata
