#include <string>
#include <vector>

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

  absl::StatusOr<std::unique_ptr<TerminalProgram>> StartShell() {
    return TerminalProgram::Start(CommandLine({"shell", "--no-color"}),
                                  {{"HOME", Path("")}, {"TERM", "dumb"}, {"PAGER", "cat"}});
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

}  // namespace
}  // namespace relata
