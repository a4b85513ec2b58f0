// `relata import --bulk`: files of both kinds as one commit through the real programs.
#include <signal.h>

#include <memory>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/program_fixture.h"

namespace relata {
namespace {

using ::testing::HasSubstr;

class BulkImportTest : public ProgramTest {
 protected:
  std::string Count(const std::string& pattern) {
    const Ran ran =
        Relata({"query", "--format", "csv", absl::StrCat("MATCH ", pattern, " RETURN count(*)")});
    EXPECT_EQ(ran.exit_code, 0) << ran;
    return ran.out.substr(ran.out.find('\n') + 1);
  }
};

TEST_F(BulkImportTest, FilesOfBothKindsAreOneCommit) {
  const std::string entities = WriteFile("entities.csv",
                                         "key,label,name,staff:int,valid_from\n"
                                         "company/x,Company,\"X, Corp\",>10,2026-03\n"
                                         "company/y,Company;Lab,深度求索,,\n");
  const std::string more = WriteFile(
      "more.jsonl",
      R"({"createEntity":{"handle":"n","labels":["Note"]}})"
      "\n\n"
      R"({"createRelationship":{"type":"ABOUT","from":{"handle":"n"},"to":{"key":"company/x"},"facts":[{}]}})"
      "\n");
  const std::string links = WriteFile("links.csv",
                                      "type,from,to,share:float,valid_from\n"
                                      "OWNS,company/x,company/y,20%,2026-01-02\n");
  const Ran ran = Relata({"import", "--bulk", entities, more, links});
  ASSERT_EQ(ran.exit_code, 0) << ran;
  EXPECT_THAT(ran.err, HasSubstr("3 new entities, 2 new relationships, version 1"));
  const Ran query = Relata({"query", "--format", "csv",
                            "MATCH (:Note)-[:ABOUT]->(x)-[o:OWNS]->(y:Lab) "
                            "RETURN x.name, y.name, o.share, toString(validFrom(o))"});
  EXPECT_THAT(query.out, HasSubstr("\"X, Corp\",深度求索,0.2,2026-01-02")) << query;
  // It only adds.
  const Ran again = Relata({"import", "--bulk", entities});
  EXPECT_NE(again.exit_code, 0);
  EXPECT_THAT(again.err, HasSubstr("entities.csv:2: ")) << again;
}

TEST_F(BulkImportTest, EachFileHasItsMapping) {
  const std::string companies = WriteFile("companies.csv", "id,title\n1,DeepSeek\n2,Alibaba\n");
  const std::string holds = WriteFile("holds.csv", "src,dst\n2,1\n");
  const std::string map_companies = "entity label=Company key={id} .name={title}";
  const Ran short_of_one = Relata({"import", "--bulk", companies, holds, holds, "--csv",
                                   map_companies, "--csv", "relationship type=HOLDS"});
  EXPECT_EQ(short_of_one.exit_code, 2) << short_of_one;
  EXPECT_THAT(short_of_one.err, HasSubstr("2 mappings for 3 CSV files"));
  const Ran ran = Relata({"import", "--bulk", companies, holds, "--csv", map_companies, "--csv",
                          "relationship type=HOLDS from={src} to={dst}"});
  ASSERT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(Count("(:Company {name: 'Alibaba'})-[:HOLDS]->(:Company {name: 'DeepSeek'})"), "1\n");
}

TEST_F(BulkImportTest, SkipBadNamesEachLineThatItLeavesOut) {
  const std::string lines = WriteFile("lines.jsonl", R"({"putEntity":{"key":"a"}})"
                                                     "\n\n{\"putEntity\":\n"
                                                     R"({"putEntity":{"key":"a"}})"
                                                     "\n"
                                                     R"({"putEntity":{"key":"b"}})"
                                                     "\n");
  const std::string records = WriteFile("records.csv", "key,staff:int\nc,1\nd,many\nb,3\n");
  const Ran strict = Relata({"import", "--bulk", lines});
  EXPECT_EQ(strict.exit_code, 1) << strict;
  EXPECT_THAT(strict.err, HasSubstr(absl::StrCat(lines, ":3: no mutation in JSON")));
  EXPECT_EQ(Count("(n)"), "0\n");
  const Ran ran = Relata({"import", "--bulk", "--skip-bad", lines, records});
  EXPECT_EQ(ran.exit_code, 4) << ran;
  EXPECT_THAT(ran.err, HasSubstr(absl::StrCat(lines, ":3: no mutation in JSON")));
  EXPECT_THAT(ran.err, HasSubstr(absl::StrCat(lines, ":4: the entity `a` exists")));
  EXPECT_THAT(ran.err, HasSubstr(absl::StrCat(records, ":3: 'staff:int': 'many' is no int")));
  EXPECT_THAT(ran.err, HasSubstr(absl::StrCat(records, ":4: ")));
  EXPECT_THAT(ran.err, HasSubstr("4 bad lines were left out"));
  EXPECT_EQ(Count("(n)"), "3\n");
}

TEST_F(BulkImportTest, AKilledServerHasAllOfItOrNothing) {
  constexpr int kThings = 40'000;
  std::string text = "key,label,name\n";
  std::string links = "type,from,to\n";
  for (int i = 0; i < kThings; ++i) {
    absl::StrAppend(&text, "thing/", i, ",Thing,the ", i, "th\n");
    absl::StrAppend(&links, "NEXT,thing/", i, ",thing/", (i + 1) % kThings, "\n");
  }
  const std::string things = WriteFile("things.csv", text);
  const std::string next = WriteFile("next.csv", links);
  for (int wait = 0;; wait = wait * 3 / 2 + 20) {
    const std::unique_ptr<ChildProcess> import =
        SpawnRelata("import", {"import", "--bulk", things, next});
    ASSERT_NE(import, nullptr);
    const std::optional<int> ended = import->Wait(absl::Milliseconds(wait));
    server().Signal(SIGKILL);
    ASSERT_EQ(server().Wait(absl::Seconds(60)), 128 + SIGKILL);
    ASSERT_TRUE(import->Wait(absl::Seconds(60)).has_value());
    RestartServer();
    const std::string there = Count("(n)");
    EXPECT_EQ(Count("()-[r]->()"), there);
    const std::string all = absl::StrCat(kThings, "\n");
    if (ended.has_value()) {
      EXPECT_EQ(*ended, 0) << ReadFile(Path("import.err"));
      EXPECT_EQ(there, all);
    }
    if (there == all) return;
    EXPECT_EQ(there, "0\n");
  }
}

}  // namespace
}  // namespace relata
