#include "client/cli/command_line.h"

#include <fstream>
#include <iterator>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "client/cli/command.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/fake_server.h"

namespace relata {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class CommandLineTest : public testing::Test {
 protected:
  ExitCode Run(const std::vector<std::string>& arguments) {
    out_.str("");
    err_.str("");
    Surroundings surroundings;
    surroundings.out = &out_;
    surroundings.err = &err_;
    surroundings.server_from_environment = server_.address();
    return RunCommandLine(arguments, surroundings);
  }

  FakeServer server_;
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(CommandLineTest, GlobalOptionsStandBeforeOrAfterTheCommand) {
  EXPECT_EQ(Run({"--database", "test", "get", "#7", "--known-at", "3", "--format", "jsonl"}),
            ExitCode::kDone);
  EXPECT_EQ(out_.str(), "{\"entity\":{\"id\":\"7\"}}\n");
  ASSERT_EQ(server_.gets().size(), 1u);
  EXPECT_EQ(server_.gets()[0].read().database(), "test");
  EXPECT_EQ(server_.gets()[0].read().consistency().exact_version(), 3u);
  EXPECT_EQ(server_.gets()[0].entity().id(), 7u);
}

TEST_F(CommandLineTest, PutBecomesOneMutation) {
  EXPECT_EQ(
      Run({"put", "company/x", "--label", "Company", "--name", "en:X", "--name", "en:Y", "--set",
           "staff=12", "--from", "", "--to", "..", "--source", "source/a", "--confidence", "0.5"}),
      ExitCode::kDone)
      << err_.str();
  const std::vector<v1::WriteRequest> writes = server_.writes();
  ASSERT_EQ(writes.size(), 1u);
  const v1::EntityWrite& entity = writes[0].mutations(0).put_entity();
  EXPECT_EQ(entity.key(), "company/x");
  EXPECT_EQ(entity.names(0).kind(), v1::PREFERRED);
  EXPECT_EQ(entity.names(1).kind(), v1::NAME_KIND_UNSPECIFIED);
  const v1::Fact& fact = entity.properties(0).fact();
  EXPECT_EQ(fact.value().int_value(), 12);
  EXPECT_TRUE(fact.has_valid_from());
  EXPECT_EQ(fact.valid_from(), "");
  EXPECT_EQ(fact.valid_to(), "..");
  EXPECT_EQ(fact.citations(0).source().key(), "source/a");
  EXPECT_EQ(fact.citations(0).confidence(), 0.5);
}

TEST_F(CommandLineTest, WhatWouldBeWrittenNowhereIsRefused) {
  EXPECT_EQ(Run({"put", "x", "--from", "2026-99"}), ExitCode::kBadUsage);
  EXPECT_THAT(err_.str(), HasSubstr("--from and --to are for the facts of --set"));
  EXPECT_EQ(Run({"put", "x", "--name", "en:X", "--to", "2026"}), ExitCode::kBadUsage);
  EXPECT_EQ(Run({"put", "x", "--label", "L", "--source", "source/a"}), ExitCode::kBadUsage);
  EXPECT_THAT(err_.str(), HasSubstr("--source is for the facts of --set and for names"));
  EXPECT_EQ(Run({"put", "x", "--confidence", "0.5"}), ExitCode::kBadUsage);
  EXPECT_TRUE(server_.writes().empty());
  EXPECT_EQ(Run({"put", "x", "--name", "en:X", "--source", "source/a"}), ExitCode::kDone);
  EXPECT_EQ(Run({"put", "x", "--label", "L"}), ExitCode::kDone);
}

TEST_F(CommandLineTest, TellsItsVersion) {
  EXPECT_EQ(Run({"--version"}), ExitCode::kDone);
  EXPECT_THAT(out_.str(), testing::MatchesRegex("relata [0-9]+[.][0-9]+[.][0-9]+\n"));
}

TEST_F(CommandLineTest, ErrorsAreOneLineWithAdvice) {
  server_.failures = {RelataError(grpc::StatusCode::NOT_FOUND, "no entity #7", "ENTITY_NOT_FOUND")};
  EXPECT_EQ(Run({"get", "#7"}), ExitCode::kRefused);
  EXPECT_EQ(out_.str(), "");
  EXPECT_EQ(err_.str(),
            "relata: get: no entity #7 (NOT_FOUND): check the key with `relata find`\n");
}

TEST_F(CommandLineTest, AnUnreachableServerIsExitCode3) {
  EXPECT_EQ(Run({"status", "--server", "127.0.0.1:1"}), ExitCode::kUnreachable);
  EXPECT_EQ(err_.str(),
            "relata: status: the server cannot be reached (UNAVAILABLE): start relatad, or name "
            "another server than 127.0.0.1:1 with --server\n");
}

TEST_F(CommandLineTest, WrongUsageIsExitCode2) {
  EXPECT_EQ(Run({}), ExitCode::kBadUsage);
  EXPECT_EQ(Run({"chian", "x"}), ExitCode::kBadUsage);
  EXPECT_THAT(err_.str(), HasSubstr("did you mean chains?"));
  EXPECT_EQ(Run({"--server", "127.0.0.1:1", "frobnicate"}), ExitCode::kBadUsage);
  EXPECT_THAT(err_.str(), HasSubstr("there is no command 'frobnicate' (see `relata --help`)"));
  EXPECT_EQ(Run({"find", "ab\xff"}), ExitCode::kBadUsage);
  EXPECT_THAT(err_.str(), HasSubstr("the argument \"ab\\377\" is not UTF-8"));
  EXPECT_EQ(Run({"import", "/tmp"}), ExitCode::kBadUsage);
  EXPECT_THAT(err_.str(), HasSubstr("the file '/tmp' cannot be read"));
  EXPECT_EQ(Run({"chains", "x", "--limt", "3"}), ExitCode::kBadUsage);
  EXPECT_THAT(err_.str(), HasSubstr("did you mean --limit?"));
  EXPECT_EQ(Run({"chains", "x", "--limit", "many"}), ExitCode::kBadUsage);
  EXPECT_EQ(Run({"chains", "x", "--order", "size"}), ExitCode::kBadUsage);
  EXPECT_THAT(err_.str(), HasSubstr("none of share, hops, amount"));
  EXPECT_EQ(Run({"chains", "x", "--order", "amount"}), ExitCode::kBadUsage);
  EXPECT_EQ(Run({"chains", "#1", "--min-hops", "3", "--max-hops", "2"}), ExitCode::kBadUsage);
  EXPECT_THAT(err_.str(), HasSubstr("--min-hops 3 is above --max-hops 2"));
  EXPECT_EQ(Run({"get", "x", "--server", "nowhere"}), ExitCode::kBadUsage);
  EXPECT_EQ(Run({"put", "x", "--as-of", "2025"}), ExitCode::kBadUsage);
  EXPECT_EQ(Run({"import", "/nonexistent.jsonl"}), ExitCode::kBadUsage);
  EXPECT_TRUE(server_.writes().empty());
}

// docs/cli.md holds what --help prints, so that it never says something else.
TEST_F(CommandLineTest, TheDocumentHoldsTheHelpOfEachCommand) {
  std::ifstream file("docs/cli.md");
  ASSERT_TRUE(file.is_open());
  const std::string document((std::istreambuf_iterator<char>(file)),
                             std::istreambuf_iterator<char>());
  const auto fenced = [this] { return absl::StrCat("\n```text\n", out_.str(), "```\n"); };
  ASSERT_EQ(Run({"--help"}), ExitCode::kDone);
  EXPECT_THAT(out_.str(), HasSubstr("Usage: relata"));
  EXPECT_THAT(document, HasSubstr(fenced()));
  for (const auto& command : MakeCommands()) {
    ASSERT_EQ(Run({std::string(command->name()), "--help"}), ExitCode::kDone);
    EXPECT_THAT(out_.str(), StartsWith(std::string(command->summary())));
    EXPECT_THAT(document, HasSubstr(fenced())) << command->name();
  }
}

}  // namespace
}  // namespace relata
