#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "tests/e2e/program_fixture.h"
#include "tests/e2e/terminal_program.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

constexpr absl::Duration kPatience = absl::Seconds(30);

// Statements through `relata query` and `relata shell`, against a real server.
class QueryProgramTest : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    const Ran ran = Relata({"query",
                            "CREATE (:Company {_key: 'company/a', name: 'A'})"
                            "-[:OWNS {share: 0.2}]->(:Company {_key: 'company/b', name: 'B'})"});
    ASSERT_EQ(ran.exit_code, 0) << ran;
    EXPECT_THAT(ran.err, StartsWith("2 nodes created, 1 relationship created"));
  }

  // The prompt comes a moment before the terminal hands the shell every key.
  static bool WaitForPrompt(TerminalProgram& shell) {
    const bool prompted = shell.WaitFor("main> ", kPatience);
    absl::SleepFor(absl::Milliseconds(300));
    return prompted;
  }

  absl::StatusOr<std::unique_ptr<TerminalProgram>> StartShell(const std::string& pager = "cat") {
    return TerminalProgram::Start(
        CommandLine({"shell", "--no-color"}),
        {{"HOME", Path("")}, {"TERM", "dumb"}, {"PAGER", pager}, {"LC_ALL", "POSIX"}});
  }
};

TEST_F(QueryProgramTest, WritesEveryFormat) {
  const std::string query = "MATCH (c:Company) RETURN c.name AS name, 1.5 AS x ORDER BY name";
  EXPECT_EQ(Relata({"query", query}).out, "name  x\nA     1.5\nB     1.5\n");
  EXPECT_EQ(Relata({"query", query, "--format", "csv"}).out, "name,x\nA,1.5\nB,1.5\n");
  EXPECT_EQ(Relata({"query", query, "--format", "jsonl"}).out,
            "{\"name\":\"A\",\"x\":1.5}\n{\"name\":\"B\",\"x\":1.5}\n");
  EXPECT_THAT(
      Relata({"query", query, "--format", "json"}).out,
      StartsWith("{\"columns\": [\"name\",\"x\"], \"rows\": [\n{\"name\":\"A\",\"x\":1.5},\n"));
}

TEST_F(QueryProgramTest, TakesParametersFilesAndStandardInput) {
  EXPECT_EQ(
      Relata({"query", "RETURN $x + 1 AS y, $s AS s", "-p", "x=41", "--param", "s:text=1"}).out,
      "y   s\n42  1\n");
  const std::string file = WriteFile("q.txt", "RETURN 1 AS a; // one; only\nRETURN ';' AS b");
  EXPECT_EQ(Relata({"query", "--file", file}).out, "a\n1\nb\n;\n");
  EXPECT_EQ(Relata({"query"}, file).out, "a\n1\nb\n;\n");
  EXPECT_EQ(Relata({"query"}).exit_code, 2);
}

TEST_F(QueryProgramTest, ARequestIdWritesOnce) {
  const std::vector<std::string> command = {"query", "CREATE (:Once)", "--request-id", "only-once"};
  EXPECT_EQ(Relata(command).exit_code, 0);
  const Ran again = Relata(command);
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_THAT(again.err, HasSubstr("written by an earlier run of this request id"));
  EXPECT_THAT(Relata({"query", "MATCH (n:Once) RETURN count(n) AS n"}).out, HasSubstr("1"));
  EXPECT_EQ(Relata({"query", "CREATE (:Twice)", "--request-id", "only-once"}).exit_code, 1);
  const Ran two = Relata({"query", "CREATE (:A); CREATE (:B)", "--request-id", "two"});
  EXPECT_EQ(two.exit_code, 2);
}

TEST_F(QueryProgramTest, NamesOfIndexesAndConstraintsAreShown) {
  EXPECT_EQ(Relata({"query", "CREATE INDEX by_name FOR (n:P) ON (n.name)"}).exit_code, 0);
  EXPECT_EQ(Relata({"query", "CREATE CONSTRAINT who FOR (n:P) REQUIRE n.id IS NODE KEY"}).exit_code,
            0);
  EXPECT_THAT(Relata({"index", "list"}).out, AllOf(HasSubstr("by_name"), HasSubstr("who")));
  EXPECT_THAT(Relata({"schema"}).out,
              AllOf(HasSubstr("by_name of index"), HasSubstr("who of node key")));
}

TEST_F(QueryProgramTest, ReadsTheTimeThatTheOptionsSay) {
  ASSERT_EQ(Relata({"query", "MATCH (c {name: 'A'}) SET c.name = 'Z'"}).exit_code, 0);
  const std::string query = "MATCH (c {_key: 'company/a'}) RETURN c.name AS name";
  EXPECT_EQ(Relata({"query", query}).out, "name\nZ\n");
  EXPECT_EQ(Relata({"query", query, "--known-at", "1"}).out, "name\nA\n");
}

TEST_F(QueryProgramTest, ErrorsShowTheCaretAndTheExitCode) {
  const Ran ran = Relata({"query", "MATCH (n)\nRETURN m"});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.err, StartsWith("relata: query: "));
  EXPECT_THAT(ran.err, HasSubstr("RETURN m\n       ^"));
  EXPECT_EQ(Relata({"query", "--read-only", "CREATE (:X)"}).exit_code, 1);
}

TEST_F(QueryProgramTest, AShellWithoutATerminalRunsAScriptUpToTheFirstError) {
  const std::string script =
      WriteFile("s.txt", ":begin\nCREATE (:X);\n:rollback\nMATCH (x:X)\nRETURN count(x) AS n;\n");
  const Ran ran = Relata({"shell"}, script);
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(ran.out, "n\n0\n");
  const Ran wrong = Relata({"shell"}, WriteFile("w.txt", "RETURN x;\nRETURN 1 AS y;\n"));
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_EQ(wrong.out, "");
}

TEST_F(QueryProgramTest, AShellOnATerminal) {
  RELATA_ASSERT_OK_AND_ASSIGN(const auto shell, StartShell());
  ASSERT_TRUE(WaitForPrompt(*shell)) << shell->shown();
  shell->Type("RETURN 6 *\r");
  ASSERT_TRUE(shell->WaitFor("...> ", kPatience)) << shell->shown();
  shell->Type("7 AS answer;\r");
  ASSERT_TRUE(shell->WaitFor("42", kPatience)) << shell->shown();
  ASSERT_TRUE(WaitForPrompt(*shell)) << shell->shown();
  // Tab completes a label that the server knows.
  shell->Type("MATCH (c:Com\t) RETURN count(c) AS companies;\r");
  ASSERT_TRUE(shell->WaitFor("companies\r\n2\r\n", kPatience)) << shell->shown();
  ASSERT_TRUE(WaitForPrompt(*shell)) << shell->shown();
  // Ctrl-C drops what was typed.
  shell->Type("RETURN 'never");
  ASSERT_TRUE(shell->WaitFor("never", kPatience)) << shell->shown();
  shell->Type("\x03");
  ASSERT_TRUE(WaitForPrompt(*shell)) << shell->shown();
  shell->Type(":quit\r");
  EXPECT_EQ(shell->WaitForEnd(kPatience), 0) << shell->shown();
  EXPECT_THAT(ReadFile(Path(".relata_history")), HasSubstr("answer"));
}

TEST_F(QueryProgramTest, CtrlCEndsTheStatementAndNotTheShell) {
  RELATA_ASSERT_OK_AND_ASSIGN(const auto shell, StartShell());
  ASSERT_TRUE(WaitForPrompt(*shell)) << shell->shown();
  shell->Type(
      "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a, b WHERE a + b < 0 "
      "RETURN count(*) AS n;\r");
  ASSERT_TRUE(shell->WaitFor("count(*)", kPatience)) << shell->shown();
  absl::SleepFor(absl::Milliseconds(500));
  shell->Type("\x03");
  ASSERT_TRUE(shell->WaitFor("cancelled", kPatience)) << shell->shown();
  ASSERT_TRUE(WaitForPrompt(*shell)) << shell->shown();
  shell->Type("RETURN 2 + 3 AS five;\r");
  ASSERT_TRUE(shell->WaitFor("five\r\n5", kPatience)) << shell->shown();
  ASSERT_TRUE(WaitForPrompt(*shell)) << shell->shown();
  shell->Type("\x04");
  EXPECT_EQ(shell->WaitForEnd(kPatience), 0) << shell->shown();
}

TEST_F(QueryProgramTest, CtrlCAtAnEmptyPromptDoesNotEndTheShell) {
  RELATA_ASSERT_OK_AND_ASSIGN(const auto shell, StartShell());
  ASSERT_TRUE(WaitForPrompt(*shell)) << shell->shown();
  shell->Type("\x03");
  ASSERT_TRUE(shell->WaitFor("^C\r\nmain> ", kPatience)) << shell->shown();
  shell->Type("RETURN 2 + 3 AS five;\r");
  ASSERT_TRUE(shell->WaitFor("five\r\n5", kPatience)) << shell->shown();
}

TEST_F(QueryProgramTest, ArrowKeysBringBackWhatEarlierShellsRan) {
  RELATA_ASSERT_OK_AND_ASSIGN(auto shell, StartShell());
  ASSERT_TRUE(WaitForPrompt(*shell)) << shell->shown();
  shell->Type("RETURN '深圳' // a comment\r");
  ASSERT_TRUE(shell->WaitFor("...> ", kPatience)) << shell->shown();
  shell->Type("AS city;\r");
  ASSERT_TRUE(shell->WaitFor("city\r\n深圳", kPatience)) << shell->shown();
  ASSERT_TRUE(WaitForPrompt(*shell)) << shell->shown();
  // A terminal that is closed kills its programs.
  shell.reset();
  RELATA_ASSERT_OK_AND_ASSIGN(shell, StartShell());
  ASSERT_TRUE(WaitForPrompt(*shell)) << shell->shown();
  shell->Type("RETURN 1 AS later;\r");
  ASSERT_TRUE(shell->WaitFor("later\r\n1", kPatience)) << shell->shown();
  ASSERT_TRUE(WaitForPrompt(*shell)) << shell->shown();
  shell->Type("\x1b[A\x1b[A");
  ASSERT_TRUE(shell->WaitFor("AS city;", kPatience)) << shell->shown();
  shell->Type("\r");
  ASSERT_TRUE(shell->WaitFor("city\r\n深圳", kPatience)) << shell->shown();
}

TEST_F(QueryProgramTest, TabCompletesNamesThatWereMadeMeanwhileInAnyScript) {
  RELATA_ASSERT_OK_AND_ASSIGN(const auto shell, StartShell());
  ASSERT_TRUE(WaitForPrompt(*shell)) << shell->shown();
  shell->Type("CREATE (:研究机构 {城市: '深圳'}), (:`Think Tank`);\r");
  ASSERT_TRUE(shell->WaitFor("2 nodes created", kPatience)) << shell->shown();
  ASSERT_TRUE(WaitForPrompt(*shell)) << shell->shown();
  shell->Type("MATCH (n:研\t) RETURN n.城\t AS city;\r");
  ASSERT_TRUE(shell->WaitFor("city\r\n深圳", kPatience)) << shell->shown();
  ASSERT_TRUE(WaitForPrompt(*shell)) << shell->shown();
  shell->Type("MATCH (n:Thi\t) RETURN count(n) AS tanks;\r");
  ASSERT_TRUE(shell->WaitFor("tanks\r\n1", kPatience)) << shell->shown();
}

TEST_F(QueryProgramTest, ALongResultGoesToThePagerAndLeavingItEndsTheStatement) {
  RELATA_ASSERT_OK_AND_ASSIGN(const auto shell, StartShell("head -n 3 | sed 's/^/paged /'"));
  ASSERT_TRUE(WaitForPrompt(*shell)) << shell->shown();
  shell->Type("UNWIND range(1, 10) AS few RETURN few;\r");
  ASSERT_TRUE(shell->WaitFor("few\r\n1\r\n2", kPatience)) << shell->shown();
  ASSERT_TRUE(WaitForPrompt(*shell)) << shell->shown();
  shell->Type("UNWIND range(1, 1000000000000) AS many RETURN many;\r");
  ASSERT_TRUE(shell->WaitFor("paged many\r\npaged 1", kPatience)) << shell->shown();
  ASSERT_TRUE(shell->WaitFor("the rest of the rows was not asked for", kPatience))
      << shell->shown();
  ASSERT_TRUE(WaitForPrompt(*shell)) << shell->shown();
  shell->Type("RETURN 2 + 3 AS five;\r");
  ASSERT_TRUE(shell->WaitFor("five\r\n5", kPatience)) << shell->shown();
}

TEST_F(QueryProgramTest, AShellOutlivesItsServer) {
  RELATA_ASSERT_OK_AND_ASSIGN(const auto shell, StartShell());
  ASSERT_TRUE(WaitForPrompt(*shell)) << shell->shown();
  shell->Type(":begin\r");
  ASSERT_TRUE(shell->WaitFor("main*> ", kPatience)) << shell->shown();
  shell->Type("CREATE (:Lost);\r");
  ASSERT_TRUE(shell->WaitFor("1 node created", kPatience)) << shell->shown();
  ASSERT_TRUE(shell->WaitFor("main*> ", kPatience)) << shell->shown();
  RestartServer();
  // The first statement finds the connection broken; then the new server does not know the
  // transaction, and the prompt says so.
  bool left = false;
  for (int attempt = 0; attempt < 20 && !left; ++attempt) {
    shell->Type("MATCH (n:Lost) RETURN n;\r");
    ASSERT_TRUE(shell->WaitFor(")\r\nmain", kPatience)) << shell->shown();
    left = shell->WaitFor("> ", kPatience) && absl::EndsWith(shell->shown(), "main> ");
    absl::SleepFor(absl::Milliseconds(300));
  }
  ASSERT_TRUE(left) << shell->shown();
  EXPECT_THAT(shell->shown(), HasSubstr("the transaction has ended"));
  shell->Type("MATCH (n:Lost) RETURN count(n) AS lost;\r");
  ASSERT_TRUE(shell->WaitFor("lost\r\n0", kPatience)) << shell->shown();
}

}  // namespace
}  // namespace relata
