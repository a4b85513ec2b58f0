#include "client/cli/shell/shell_session.h"

#include <fstream>
#include <memory>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "client/call_canceller.h"
#include "client/client.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/fake_server.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

class ShellSessionTest : public testing::Test {
 protected:
  ShellSessionTest() {
    ClientOptions options;
    options.address = server_.address();
    options.timeout = absl::Seconds(20);
    client_ = *Client::Connect(options);
    surroundings_.out = &out_;
    surroundings_.err = &err_;
    context_ =
        std::make_unique<CommandContext>(client_.get(), &global_, ReadTerms::kAll, &surroundings_);
    Start({});
  }
  void Start(ShellSession::Options options) {
    v1::ReadOptions read;
    read.set_database("main");
    session_ = std::make_unique<ShellSession>(context_.get(), read, std::move(options));
  }
  // The output of one line.
  std::string Take(const std::string& line) {
    out_.str("");
    static_cast<void>(session_->Take(line));
    return out_.str();
  }
  std::vector<std::string> Statements() {
    std::vector<std::string> statements;
    for (const v1::RunQueryRequest& query : server_.queries()) statements.push_back(query.query());
    return statements;
  }

  FakeServer server_;
  std::unique_ptr<Client> client_;
  GlobalOptions global_;
  Surroundings surroundings_;
  std::ostringstream out_;
  std::ostringstream err_;
  std::unique_ptr<CommandContext> context_;
  std::unique_ptr<ShellSession> session_;
};

TEST_F(ShellSessionTest, AStatementRunsAtItsSemicolon) {
  EXPECT_EQ(session_->prompt(), "main> ");
  Take("MATCH (n)");
  EXPECT_THAT(Statements(), IsEmpty());
  EXPECT_EQ(session_->prompt(), " ...> ");
  Take("RETURN n; RETURN 2; RETURN");
  EXPECT_THAT(Statements(), ElementsAre("MATCH (n)\nRETURN n", "RETURN 2"));
  session_->Drop();
  EXPECT_EQ(session_->prompt(), "main> ");
}

TEST_F(ShellSessionTest, PrintsRowsAndWhatWasDone) {
  v1::RunQueryResponse part;
  part.add_columns("x");
  part.mutable_batch()->set_rows(2);
  v1::QueryColumn* const column = part.mutable_batch()->add_columns();
  column->mutable_ints()->add_values(7);
  column->mutable_ints()->add_values(0);
  column->set_nulls(std::string("\x02", 1));
  part.mutable_statistics()->set_rows(2);
  part.mutable_statistics()->mutable_effects()->set_nodes_created(1);
  part.mutable_statistics()->set_commit_version(5);
  server_.query_parts = {part};
  EXPECT_EQ(Take("RETURN 1;"), "x\n7\nnull\n");
  EXPECT_THAT(err_.str(), StartsWith("1 node created; version 5; 2 rows in "));
}

TEST_F(ShellSessionTest, ErrorsAreShownWithTheirCaretAndReturned) {
  server_.query_end =
      RelataError(grpc::StatusCode::INVALID_ARGUMENT,
                  "x is not defined\nline 1, column 8:\nRETURN x\n       ^", "QUERY_ERROR");
  EXPECT_THAT(session_->Take("RETURN x;"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(err_.str(), HasSubstr("RETURN x\n       ^\n"));
}

TEST_F(ShellSessionTest, AParameterWithoutAValueIsRefused) {
  EXPECT_THAT(session_->Take(":param limit"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(Take(":param"), "");
}

TEST_F(ShellSessionTest, ParametersGoWithEachStatement) {
  Take(":param limit=3");
  EXPECT_EQ(Take(":param limit=4"), "$limit = 4\n");
  Take(":param who = Ann");
  EXPECT_EQ(Take(":param"), "$limit = 4\n$who = Ann\n");
  Take("RETURN $limit;");
  ASSERT_THAT(server_.queries(), SizeIs(1));
  ASSERT_EQ(server_.queries()[0].parameters_size(), 2);
  EXPECT_EQ(server_.queries()[0].parameters(0).value().int_value(), 4);
  Take(":param clear");
  EXPECT_EQ(Take(":param"), "");
}

TEST_F(ShellSessionTest, ATransactionLastsFromBeginToCommitOrRollback) {
  Take(":begin");
  EXPECT_EQ(session_->prompt(), "main*> ");
  Take("RETURN 1;");
  ASSERT_THAT(server_.queries(), SizeIs(1));
  EXPECT_EQ(server_.queries()[0].transaction_id(), "t1");
  EXPECT_EQ(server_.queries()[0].read().database(), "");
  EXPECT_THAT(session_->Take(":begin"), StatusIs(absl::StatusCode::kFailedPrecondition));
  Take(":commit");
  EXPECT_EQ(session_->prompt(), "main> ");
  EXPECT_THAT(err_.str(), HasSubstr("committed as version 41"));
  Take(":begin");
  Take(":rollback");
  Take(":begin");
  RELATA_EXPECT_OK(session_->End());
  EXPECT_THAT(server_.transactions(),
              ElementsAre("begin", "commit t1", "begin", "rollback t2", "begin", "rollback t3"));
  EXPECT_THAT(session_->Take(":commit"), StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(ShellSessionTest, TimeIsForWhatStatementsDoNotSay) {
  EXPECT_EQ(Take(":time valid 2025-06-01"),
            "valid time: 2025-06-01, known at: the latest version\n");
  EXPECT_EQ(Take(":time known 42"), "valid time: 2025-06-01, known at: version 42\n");
  Take("RETURN 1;");
  EXPECT_EQ(server_.queries()[0].read().valid_time().instant(), "2025-06-01");
  EXPECT_EQ(server_.queries()[0].read().consistency().exact_version(), 42u);
  EXPECT_EQ(Take(":time now"), "valid time: now, known at: the latest version\n");
  EXPECT_THAT(session_->Take(":time later"), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(ShellSessionTest, ExplainSchemaHelpAndQuit) {
  Take(":explain RETURN 1;");
  EXPECT_THAT(Statements(), ElementsAre("EXPLAIN RETURN 1"));
  EXPECT_EQ(Take(":schema"), "labels: Company\nrelationship types: OWNS\nproperties: name\n");
  for (const std::string& command : ShellSession::Commands()) {
    EXPECT_THAT(Take(":help"), HasSubstr(command));
  }
  EXPECT_FALSE(session_->quit());
  Take(":quit");
  EXPECT_TRUE(session_->quit());
}

TEST_F(ShellSessionTest, AnUnknownCommandGetsAHint) {
  Take(":comit");
  EXPECT_THAT(err_.str(), HasSubstr("did you mean :commit?"));
}

TEST_F(ShellSessionTest, ALineThatIsNotUtf8IsRefusedWithItsStatement) {
  Take("RETURN");
  EXPECT_EQ(session_->Take("'\xb0\xa2';").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(err_.str(), HasSubstr("the line is not UTF-8"));
  EXPECT_FALSE(session_->begun());
  Take("RETURN '阿里';");
  EXPECT_THAT(Statements(), ElementsAre("RETURN '阿里'"));
  EXPECT_FALSE(session_->Take(":param name=\xff").ok());
}

TEST_F(ShellSessionTest, SourceRunsAFileUpToTheFirstError) {
  const std::string path = absl::StrCat(testing::TempDir(), "/shell_session_test.txt");
  std::ofstream(path) << "RETURN\n1;\n:param p=1\nRETURN 2";
  RELATA_EXPECT_OK(session_->Take(absl::StrCat(":source ", path)));
  EXPECT_THAT(Statements(), ElementsAre("RETURN\n1", "RETURN 2"));
  server_.query_end = RelataError(grpc::StatusCode::INVALID_ARGUMENT, "wrong", "QUERY_ERROR");
  EXPECT_FALSE(session_->Take(absl::StrCat(":source ", path)).ok());
  EXPECT_THAT(Statements(), SizeIs(3));
  EXPECT_THAT(err_.str(), HasSubstr(", line 2\n"));
  EXPECT_FALSE(session_->Take(":source /nowhere").ok());
  // A file that runs itself ends as well.
  server_.query_end = grpc::Status::OK;
  std::ofstream(path) << ":source " << path << "\n";
  EXPECT_FALSE(session_->Take(absl::StrCat(":source ", path)).ok());
}

TEST_F(ShellSessionTest, ARunningStatementCanBeCancelled) {
  server_.query_hangs = true;
  ShellSession::Options options;
  options.interruptible = [](const std::function<absl::Status(CallCanceller*)>& call) {
    CallCanceller canceller;
    std::thread interrupt([&] { canceller.Cancel(); });
    absl::Status status = call(&canceller);
    interrupt.join();
    return status;
  };
  Start(options);
  EXPECT_THAT(session_->Take("RETURN 1;"), StatusIs(absl::StatusCode::kCancelled));
  EXPECT_THAT(err_.str(), HasSubstr("the statement was cancelled"));
  // The shell goes on.
  server_.query_hangs = false;
  Start({});
  RELATA_EXPECT_OK(session_->Take("RETURN 1;"));
}

TEST_F(ShellSessionTest, ReadOnlyGoesWithEveryCall) {
  ShellSession::Options options;
  options.read_only = true;
  Start(options);
  Take("RETURN 1;");
  EXPECT_TRUE(server_.queries()[0].read_only());
}

}  // namespace
}  // namespace relata
