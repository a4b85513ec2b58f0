#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/e2e/program_fixture.h"

namespace relata {
namespace {

using testing::HasSubstr;
using testing::Not;

// Import, export and what happens to bad files, with the real programs.
class ImportExportTest : public ProgramTest {
 protected:
  std::string Export(const std::string& database) {
    const Ran ran = Relata({"--database", database, "export"});
    EXPECT_EQ(ran.exit_code, 0) << ran;
    return ran.out;
  }
};

constexpr char kEntities[] =
    "key,label,name,name@zh,staff:int,valuation:money(USD),valid_from,source\n"
    "source/a,Source,A report,,,,,\n"
    "company/x,Company,X Corp,某公司,>10,2.8e9,2026-03,source/a\n"
    "company/y,Company;Lab,\"Y, Inc\",,,,,source/a\n";
constexpr char kLinks[] =
    "type,from,to,key,share:float,valid_from,source\n"
    "INVESTED_IN,company/x,company/y,inv/1,20%,2026-01-02,source/a\n"
    "PARTNER_OF,company/x,company/y,,,?,\n";

TEST_F(ImportExportTest, CsvBecomesEntitiesAndRelationships) {
  const std::string entities = WriteFile("entities.csv", kEntities);
  const std::string links = WriteFile("links.csv", kLinks);
  const Ran ran = Relata({"import", entities, links});
  ASSERT_EQ(ran.exit_code, 0) << ran;
  EXPECT_THAT(ran.err, HasSubstr("3 mutations, 3 new entities, 0 new relationships, version 1"));
  EXPECT_THAT(ran.err, HasSubstr("2 mutations, 0 new entities, 2 new relationships, version 2"));
  const Ran get = Relata({"get", "某公司"});
  EXPECT_THAT(get.out, HasSubstr("X Corp  company/x"));
  EXPECT_THAT(get.out, HasSubstr("over 10"));
  EXPECT_THAT(get.out, HasSubstr("2,800,000,000 USD"));
  EXPECT_THAT(get.out, HasSubstr("since 2026-03"));
  const Ran links_of = Relata({"neighbors", "company/y", "--type", "INVESTED_IN"});
  EXPECT_THAT(links_of.out, HasSubstr("<-INVESTED_IN-"));
  EXPECT_THAT(links_of.out, HasSubstr("share=0.2"));
}

TEST_F(ImportExportTest, ImportingTwiceEqualsOnce) {
  const std::string entities = WriteFile("entities.csv", kEntities);
  ASSERT_EQ(Relata({"import", entities}).exit_code, 0);
  const std::string once = Export("main");
  const Ran again = Relata({"import", entities});
  EXPECT_THAT(again.err, HasSubstr("0 new entities"));
  EXPECT_EQ(Export("main"), once);
}

TEST_F(ImportExportTest, ExportImportExportGivesTheSameBytes) {
  ASSERT_EQ(Relata({"import", WriteFile("entities.csv", kEntities), WriteFile("links.csv", kLinks)})
                .exit_code,
            0);
  // An entity and a relationship without key, a dispute, a cut fact, a retracted source.
  const std::string more = WriteFile(
      "more.jsonl",
      R"({"createEntity":{"handle":"n","labels":["Note"],"properties":[{"name":"text","fact":{"value":{"stringValue":"\u6df1 \"q\" \n"},"citations":[{"source":{"key":"source/a"},"stance":"DISPUTES","confidence":0.25,"reported":"2026-05","locator":"p. 1"}]}}]}})"
      "\n"
      R"({"createRelationship":{"type":"ABOUT","from":{"handle":"n"},"to":{"key":"company/x"},"facts":[{"validFrom":"","validTo":"2027~"}]}})"
      "\n"
      R"({"setProperty":{"entity":{"key":"company/x"},"property":"staff","value":{"intValue":"20"},"portion":{"from":"2026-06-01","to":"2026-07-01"}}})"
      "\n"
      R"({"putEntity":{"key":"source/b","labels":["Source"]}})"
      "\n"
      R"({"retractSource":{"source":{"key":"source/b"}}})"
      "\n"
      R"({"declareProperty":{"label":"Company","property":"staff","types":["INT64"],"unit":"people"}})"
      "\n"
      R"({"createIndex":{"label":"Company","property":"staff"}})"
      "\n");
  const Ran ran = Relata({"import", more});
  ASSERT_EQ(ran.exit_code, 0) << ran;
  const std::string first = Export("main");
  EXPECT_THAT(first, Not(testing::IsEmpty()));
  ASSERT_EQ(Relata({"databases", "create", "copy"}).exit_code, 0);
  ASSERT_EQ(Relata({"--database", "main", "export", Path("export.jsonl")}).exit_code, 0);
  EXPECT_EQ(ReadFile(Path("export.jsonl")), first);
  const Ran copied = Relata({"import", Path("export.jsonl"), "--database", "copy"});
  ASSERT_EQ(copied.exit_code, 0) << copied;
  EXPECT_EQ(Export("copy"), first);
  // In batches handles reach over the borders of commits.
  ASSERT_EQ(Relata({"databases", "create", "batched"}).exit_code, 0);
  const Ran batched =
      Relata({"import", Path("export.jsonl"), "--database", "batched", "--batch", "1"});
  ASSERT_EQ(batched.exit_code, 0) << batched;
  EXPECT_EQ(Export("batched"), first);
}

TEST_F(ImportExportTest, ABadLineIsNamedAndNothingIsWritten) {
  const std::string file = WriteFile("bad.jsonl",
                                     "{\"putEntity\":{\"key\":\"company/x\"}}\n"
                                     "{\"putEntity\":{\"key\":\"company/y\",\"labels\":[\"\"]}}\n");
  const Ran ran = Relata({"import", file});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.err, HasSubstr(absl::StrCat(file, ":2: ")));
  EXPECT_EQ(Relata({"get", "company/x"}).exit_code, 1);
  const Ran syntax = Relata({"import", WriteFile("syntax.jsonl", "\n{\"putEntity\"\n")});
  EXPECT_EQ(syntax.exit_code, 1);
  EXPECT_THAT(syntax.err, HasSubstr("syntax.jsonl:2: "));
}

TEST_F(ImportExportTest, SkipBadWritesTheRestAndReports) {
  const std::string file = WriteFile("bad.csv",
                                     "key,staff:int\n"
                                     "company/x,1\n"
                                     "company/y,many\n"
                                     ",3\n"
                                     "company/z,4\n");
  const Ran ran = Relata({"import", file, "--skip-bad"});
  EXPECT_EQ(ran.exit_code, 4) << ran;
  EXPECT_THAT(ran.err, HasSubstr(absl::StrCat(file, ":3: 'staff:int': 'many' is no int")));
  EXPECT_THAT(ran.err, HasSubstr(absl::StrCat(file, ":4: the key is empty")));
  EXPECT_EQ(Relata({"get", "company/z"}).exit_code, 0);
}

TEST_F(ImportExportTest, DryRunWritesNothing) {
  const std::string entities = WriteFile("entities.csv", kEntities);
  const std::string links = WriteFile("links.csv", kLinks);
  const Ran ran = Relata({"import", "--dry-run", entities, links});
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_THAT(ran.err, HasSubstr("5 mutations are good"));
  EXPECT_EQ(Export("main"), "");
}

}  // namespace
}  // namespace relata
