#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "tests/e2e/program_fixture.h"

namespace relata {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// Each command of `relata` against a small graph: Alibaba holds 20% of Kling AI, which developed
// Kling; a rule applies to Kling.
class QuestionsTest : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    Must({"put", "source/r", "--label", "Source", "--set", "publisher=Reuters", "--set",
          "published=2026-07-03"});
    Must({"put", "company/alibaba", "--label", "Company", "--name", "en:Alibaba", "--name",
          "zh:阿里巴巴"});
    Must({"put", "company/kling-ai", "--label", "Company", "--name", "en:Kling AI"});
    Must({"put", "model/kling", "--label", "Model", "--name", "en:Kling", "--set",
          "parameters=70000000000"});
    Must({"put", "rule/genai", "--label", "Rule", "--name", "en:Measures"});
    Must({"link", "Alibaba", "INVESTED_IN", "company/kling-ai", "--key", "inv/1", "--set",
          "share=20%", "--from", "2026-07-03", "--source", "source/r", "--confidence", "0.8"});
    Must({"link", "company/kling-ai", "DEVELOPED", "model/kling", "--key", "dev/1", "--from",
          "2025-01"});
    Must({"link", "rule/genai", "APPLIES_TO", "model/kling", "--key", "app/1", "--from",
          "2023-08-15"});
  }

  void Must(const std::vector<std::string>& arguments) {
    const Ran ran = Relata(arguments);
    ASSERT_EQ(ran.exit_code, 0) << ran;
  }
  std::string Ask(const std::vector<std::string>& arguments) {
    const Ran ran = Relata(arguments);
    EXPECT_EQ(ran.exit_code, 0) << ran;
    return ran.out;
  }
};

TEST_F(QuestionsTest, ChainsShowDatesSharesAndSources) {
  EXPECT_EQ(Ask({"chains", "阿里巴巴", "--via", "INVESTED_IN", "--via", "DEVELOPED", "--min-hops",
                 "2", "--end-label", "Model", "--as-of", "2026-08-01"}),
            "chain                                                                      "
            "share      sources\n"
            "Alibaba -INVESTED_IN 2026-07-03 20%-> Kling AI -DEVELOPED 2025-01-> Kling  "
            "up to 20%  Reuters\n");
}

TEST_F(QuestionsTest, ChainsAreEmptyBeforeTheFactHolds) {
  EXPECT_EQ(Ask({"chains", "company/alibaba", "--as-of", "2026-07-02"}), "no chain\n");
  EXPECT_EQ(
      Ask({"chains", "company/alibaba", "--as-of", "2026-08-01", "--policy", "min_confidence=0.9"}),
      "no chain\n");
}

// An answer with nothing in it looks like a fact; that a name was mistyped is said beside it.
TEST_F(QuestionsTest, NamesThatTheDatabaseDoesNotKnowAreNoted) {
  const auto noted = [this](const std::vector<std::string>& arguments) {
    const Ran ran = Relata(arguments);
    EXPECT_EQ(ran.exit_code, 0) << ran;
    return ran.err;
  };
  EXPECT_EQ(noted({"chains", "Alibaba", "--via", "invested_in", "--end-label", "Modle"}),
            "relata: the database knows no label 'Modle'; did you mean Model?\n"
            "relata: the database knows no relationship type 'invested_in'; did you mean "
            "INVESTED_IN?\n");
  EXPECT_EQ(noted({"neighbors", "Alibaba", "--type", "SUES", "--type", "INVESTED_IN"}),
            "relata: the database knows no relationship type 'SUES'; `relata schema` lists what it "
            "knows\n");
  EXPECT_EQ(noted({"find", "--label", "Model", "--where", "paramters>=7"}),
            "relata: the database knows no property 'paramters'; did you mean parameters?\n");
  EXPECT_EQ(noted({"find", "--label", "模型"}),
            "relata: the database knows no label '模型'; `relata schema` lists what it knows\n");
  EXPECT_THAT(noted({"timeline", "Alibaba", "--event", "APPLIES_T0:in", "--event", ".parameter",
                     "--via", "DEVELOPS"}),
              AllOf(HasSubstr("'APPLIES_T0'; did you mean APPLIES_TO?"),
                    HasSubstr("no property 'parameter'; did you mean parameters?"),
                    HasSubstr("'DEVELOPS'; did you mean DEVELOPED?")));
  EXPECT_THAT(noted({"path", "Alibaba", "model/kling", "--via", "DEVELOPD"}),
              HasSubstr("did you mean DEVELOPED?"));
  EXPECT_THAT(noted({"history", "model/kling", "--property", "Parameters"}),
              HasSubstr("did you mean parameters?"));
  EXPECT_THAT(noted({"watch", "--from-version", "0", "--count", "1", "--type", "DEVELOPED",
                     "--label", "Source", "--label", "Companys"}),
              HasSubstr("no label 'Companys'; did you mean Company?"));
  EXPECT_THAT(noted({"algorithm", "sssp", "--source", "Alibaba", "--weight", "shares"}),
              HasSubstr("did you mean share?"));
  // What is known is not noted, whether or not it is there; neither is what stands for all.
  EXPECT_EQ(noted({"chains", "Alibaba", "--via", "APPLIES_TO", "--end-label", "Rule"}), "");
  EXPECT_EQ(noted({"chains", "Alibaba", "--via", "*:out"}), "");
  EXPECT_EQ(noted({"history", "model/kling", "--property", "_names"}), "");
}

TEST_F(QuestionsTest, AlgorithmsGiveAValueAnEntity) {
  EXPECT_EQ(Ask({"algorithm", "bfs", "--source", "Alibaba", "--as-of", "2026-08-01"}),
            "entity            hops\n"
            "company/alibaba   0\n"
            "company/kling-ai  1\n"
            "model/kling       2\n");
  EXPECT_EQ(Ask({"algorithm", "kcore", "--label", "Company", "--label", "Model", "--type",
                 "DEVELOPED", "--top", "1", "--as-of", "2026-08-01", "--format", "csv"}),
            "entity,core\ncompany/kling-ai,1\n");
  EXPECT_THAT(Ask({"algorithm", "pagerank", "--as-of", "2024-01-01", "--format", "json"}),
              AllOf(HasSubstr("\"arcs\": \"1\""), HasSubstr("\"valueName\": \"score\"")));
  const Ran wrong = Relata({"algorithm", "magic"});
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_THAT(wrong.err, HasSubstr("must be one of betweenness, bfs"));
}

TEST_F(QuestionsTest, AlgorithmsWriteAProperty) {
  EXPECT_THAT(Ask({"algorithm", "bfs", "--source", "Alibaba", "--as-of", "2026-08-01", "--write",
                   "hops", "--format", "csv"}),
              testing::StartsWith("property,written,version\nhops,3,"));
  EXPECT_EQ(Ask({"query", "--format", "csv",
                 "MATCH (n) WHERE n.hops IS NOT NULL RETURN n._key AS key, n.hops AS hops "
                 "ORDER BY hops"}),
            "key,hops\ncompany/alibaba,0\ncompany/kling-ai,1\nmodel/kling,2\n");
  const Ran wrong = Relata({"algorithm", "wcc", "--write", "part", "--top", "3"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("--top"));
}

TEST_F(QuestionsTest, TimelineShowsThePathToARule) {
  const std::string out =
      Ask({"timeline", "company/kling-ai", "--via", "DEVELOPED", "--max-hops", "1", "--event",
           "APPLIES_TO:in", "--event", ".parameters", "--paths"});
  EXPECT_THAT(out, HasSubstr("2023-08-15  Measures  APPLIES_TO"));
  EXPECT_THAT(out, HasSubstr("Kling AI -DEVELOPED-> Kling"));
  EXPECT_THAT(out, HasSubstr(".parameters"));
}

TEST_F(QuestionsTest, FindsByNameLabelAndProperty) {
  EXPECT_THAT(Ask({"find", "阿里巴巴"}), HasSubstr("company/alibaba  Alibaba"));
  EXPECT_EQ(Ask({"find", "klin"}),
            "nothing has this name; --prefix finds names that start with it\n");
  EXPECT_THAT(Ask({"find", "kling", "--prefix"}),
              AllOf(HasSubstr("company/kling-ai"), HasSubstr("model/kling")));
  EXPECT_THAT(Ask({"find", "--label", "Model", "--where", "parameters>=5e10"}),
              HasSubstr("model/kling"));
  EXPECT_EQ(Ask({"find", "--label", "Model", "--where", "parameters<5"}), "nothing found\n");
}

TEST_F(QuestionsTest, AnswersInEveryFormat) {
  EXPECT_EQ(Ask({"find", "kling", "--format", "csv"}),
            "key,name,labels,matched\n"
            "model/kling,Kling,Model,\n");
  EXPECT_THAT(Ask({"find", "kling", "--format", "jsonl"}),
              AllOf(testing::StartsWith("{\"entity\":{\"id\":"), testing::EndsWith("}\n")));
  EXPECT_THAT(
      Ask({"find", "kling", "--format", "json"}),
      AllOf(testing::StartsWith("{\n \"stamp\": {"), HasSubstr("\"key\": \"model/kling\"")));
}

TEST_F(QuestionsTest, RelationshipsPathsAndSources) {
  EXPECT_THAT(Ask({"get", "--relationship", "inv/1", "--facts", "--citations"}),
              AllOf(HasSubstr("Alibaba -INVESTED_IN-> Kling AI"), HasSubstr("share=0.2"),
                    HasSubstr("Reuters (source/r), reported 2026-07-03, confidence 0.8")));
  EXPECT_THAT(
      Ask({"path", "company/alibaba", "rule/genai", "--as-of", "2026-08-01"}),
      HasSubstr("Alibaba -INVESTED_IN-> Kling AI -DEVELOPED-> Kling <-APPLIES_TO- Measures"));
  EXPECT_THAT(Ask({"source", "source/r"}), HasSubstr("Alibaba -INVESTED_IN-> Kling AI"));
}

TEST_F(QuestionsTest, HistoryDiffAndThePast) {
  Must({"put", "model/kling", "--set", "status=released", "--from", "2025"});
  EXPECT_THAT(Ask({"history", "model/kling", "--property", "status"}),
              AllOf(HasSubstr("created"), HasSubstr("+"), HasSubstr("released")));
  EXPECT_THAT(Ask({"diff", "8", "9", "--commits"}), HasSubstr("updated  model/kling"));
  EXPECT_THAT(Ask({"diff", "8", "9"}), AllOf(HasSubstr("updated  model/kling"), HasSubstr("+ "),
                                             HasSubstr("status"), HasSubstr("released")));
  EXPECT_THAT(Ask({"get", "model/kling", "--known-at", "8"}), Not(HasSubstr("released")));
  EXPECT_EQ(Relata({"get", "model/kling", "--known-at", "2"}).exit_code, 1);
}

// What was made and removed again, or changed and changed back, does not show.
TEST_F(QuestionsTest, DiffIsTheNetDifference) {
  Must({"put", "company/brief"});                                          // 9
  Must({"put", "model/kling", "--set", "stage=beta"});                     // 10
  Must({"delete", "company/brief"});                                       // 11
  Must({"put", "company/lasting", "--label", "Company"});                  // 12
  Must({"link", "company/lasting", "OWNS", "model/kling", "--key", "k"});  // 13
  Must({"retract", "source/r"});                                           // 14
  const std::string diff = Ask({"diff", "8", "0"});
  EXPECT_THAT(diff, AllOf(Not(HasSubstr("company/brief")), HasSubstr("updated  model/kling"),
                          HasSubstr("beta"), HasSubstr("created  company/lasting"),
                          HasSubstr("created  k"), HasSubstr("-OWNS-> ")));
  EXPECT_THAT(diff, AllOf(HasSubstr("updated  source/r"), HasSubstr("source retracted")));
  EXPECT_THAT(Ask({"diff", "8", "9", "--commits"}), HasSubstr("created  company/brief"));
  EXPECT_THAT(Ask({"diff", "11", "11"}), HasSubstr("no difference"));
  EXPECT_THAT(Ask({"diff", "8", "11"}), Not(HasSubstr("company")));
  EXPECT_THAT(Ask({"diff", "9", "11"}), HasSubstr("deleted  company/brief"));
  EXPECT_THAT(Ask({"diff", "10", "12", "--format", "jsonl"}), HasSubstr("\"version\":\"12\""));
  EXPECT_EQ(Relata({"diff", "8", "99"}).exit_code, 1);
}

TEST_F(QuestionsTest, RetractingASourceTakesItsFactsOut) {
  Must({"retract", "source/r"});
  EXPECT_EQ(Ask({"chains", "company/alibaba", "--as-of", "2026-08-01"}), "no chain\n");
  EXPECT_THAT(Ask({"get", "--relationship", "inv/1", "--policy", "raw"}), HasSubstr("retracted"));
}

TEST_F(QuestionsTest, CiteAddsASource) {
  Must({"put", "source/c", "--label", "Source", "--set", "publisher=CNBC"});
  const std::string json = Ask({"get", "--relationship", "dev/1", "--format", "json"});
  const size_t at = json.find("\"id\": \"", json.find("\"facts\""));
  ASSERT_NE(at, std::string::npos);
  const std::string id = json.substr(at + 7, json.find('"', at + 7) - at - 7);
  Must({"cite", id, "--on-relationship", "dev/1", "--source", "source/c"});
  EXPECT_THAT(Ask({"get", "--relationship", "dev/1"}), HasSubstr("CNBC"));
}

TEST_F(QuestionsTest, DeletesOnlyWhatStandsAlone) {
  const Ran refused = Relata({"delete", "model/kling"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("relata: delete: "), HasSubstr("FAILED_PRECONDITION")));
  Must({"delete", "model/kling", "--detach"});
  const Ran gone = Relata({"get", "model/kling"});
  EXPECT_EQ(gone.exit_code, 1);
  EXPECT_EQ(gone.err,
            "relata: get: there is no entity 'model/kling' (NOT_FOUND): check the key with `relata "
            "find`\n");
  EXPECT_EQ(gone.out, "");
}

TEST_F(QuestionsTest, AnAmbiguousNameListsTheCandidates) {
  Must({"put", "company/other", "--name", "en:Alibaba"});
  const Ran ran = Relata({"get", "Alibaba"});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("company/alibaba"), HasSubstr("company/other"),
                             HasSubstr("use one of these keys")));
}

TEST_F(QuestionsTest, WatchFollowsCommits) {
  const Ran replay = Relata({"watch", "--from-version", "0", "--count", "2", "--format", "jsonl"});
  EXPECT_EQ(replay.exit_code, 0) << replay;
  EXPECT_THAT(replay.out, AllOf(HasSubstr("\"version\":\"1\""), HasSubstr("\"version\":\"2\"")));
  const auto watcher = SpawnRelata("watch", {"watch", "--from-version", "8", "--label", "Rule",
                                             "--count", "1", "--format", "csv"});
  Must({"put", "company/z"});
  Must({"put", "rule/new", "--label", "Rule"});
  EXPECT_EQ(watcher->Wait(absl::Seconds(60)), 0);
  EXPECT_THAT(ReadFile(Path("watch.out")),
              AllOf(HasSubstr("created,rule/new"), Not(HasSubstr("company/z"))));
}

TEST_F(QuestionsTest, Administration) {
  EXPECT_THAT(Ask({"stats"}), AllOf(HasSubstr("Company"), HasSubstr("INVESTED_IN")));
  EXPECT_THAT(Ask({"status"}), HasSubstr("databases/main"));
  Must({"index", "create", "Model", "parameters"});
  EXPECT_THAT(Ask({"index", "list"}),
              AllOf(HasSubstr("Model  parameters"), HasSubstr("index_Model_parameters")));
  EXPECT_THAT(Ask({"schema"}), AllOf(HasSubstr("index"), HasSubstr("APPLIES_TO")));
  Must({"index", "drop", "Model", "parameters"});
  Must({"index", "create", "INVESTED_IN", "share", "round", "--relationship"});
  EXPECT_THAT(Ask({"index", "list"}), HasSubstr("INVESTED_IN  share, round"));
  Must({"index", "drop", "INVESTED_IN", "share", "round", "--relationship"});
  EXPECT_EQ(Ask({"index", "list"}), "no indexes\n");
  Must({"databases", "create", "test"});
  EXPECT_THAT(Ask({"databases"}), HasSubstr("databases/test"));
  Must({"databases", "delete", "test"});
  EXPECT_EQ(Relata({"stats", "--database", "test"}).exit_code, 1);
  Must({"checkpoint", "copy"});
  EXPECT_EQ(Relata({"checkpoint", "copy"}).exit_code, 1);
}

}  // namespace
}  // namespace relata
