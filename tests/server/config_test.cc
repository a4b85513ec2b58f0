#include "server/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/machine_memory.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using ::testing::HasSubstr;

std::string WriteFile(const std::string& name, const std::string& text) {
  std::string path = absl::StrCat(::testing::TempDir(), "/", name);
  std::ofstream(path) << text;
  return path;
}

TEST(ConfigTest, DefaultsAreThoseOfTheLibrary) {
  RELATA_ASSERT_OK_AND_ASSIGN(const CommandLine command, ParseCommandLine({}));
  ASSERT_FALSE(command.print.has_value());
  const ServerConfig& config = command.config;
  EXPECT_EQ(config.server.listen, ServerOptions().listen);
  EXPECT_EQ(config.data, "./relata-data");
  const Limits limits;
  EXPECT_EQ(config.server.limits.max_message_bytes, limits.max_message_bytes);
  EXPECT_EQ(config.server.limits.max_mutations, limits.max_mutations);
  EXPECT_EQ(config.server.limits.default_page_size, limits.default_page_size);
  EXPECT_EQ(config.server.limits.max_page_size, limits.max_page_size);
  EXPECT_EQ(config.server.limits.max_batch_get, limits.max_batch_get);
  EXPECT_EQ(config.server.limits.max_hops, limits.max_hops);
  EXPECT_EQ(config.server.limits.max_expansions, limits.max_expansions);
  EXPECT_EQ(config.server.limits.max_answer_time, limits.max_answer_time);
  EXPECT_EQ(config.server.limits.max_consistency_wait, limits.max_consistency_wait);
  EXPECT_EQ(config.server.limits.max_watch_streams, limits.max_watch_streams);
  EXPECT_EQ(config.server.limits.max_threads, limits.max_threads);
  EXPECT_EQ(config.server.limits.query_threads, limits.query_threads);
  EXPECT_EQ(config.server.limits.max_bulk_writes, limits.max_bulk_writes);
  EXPECT_EQ(config.server.limits.bulk_memory_bytes, limits.bulk_memory_bytes);
  EXPECT_EQ(config.server.limits.default_heartbeat, limits.default_heartbeat);
  EXPECT_EQ(config.server.limits.max_databases, limits.max_databases);
  EXPECT_EQ(config.engine.block_cache_bytes, RocksDbOptions().block_cache_bytes);
  EXPECT_EQ(config.server.database.projection_bytes, DatabaseOptions().projection_bytes);
}

TEST(ConfigTest, TheAdjacencyCacheGetsAPartOfTheMemoryUnlessItIsTold) {
  RELATA_ASSERT_OK_AND_ASSIGN(const CommandLine unsaid, ParseCommandLine({}));
  EXPECT_EQ(unsaid.config.server.database.adjacency_cache_bytes,
            std::max<size_t>(size_t{256} << 20, UsableMemory() / 8 >> 20 << 20));
  RELATA_ASSERT_OK_AND_ASSIGN(const CommandLine said,
                              ParseCommandLine({"--adjacency-cache-mib", "7"}));
  EXPECT_EQ(said.config.server.database.adjacency_cache_bytes, size_t{7} << 20);
}

TEST(ConfigTest, CommandLineGoesBeforeTheFile) {
  const std::string path = WriteFile("relatad.conf", "listen = \"127.0.0.1:1\"\nmax-hops = 7\n");
  RELATA_ASSERT_OK_AND_ASSIGN(
      const CommandLine command,
      ParseCommandLine({"--config", path, "--listen", "127.0.0.1:2", "--log-format", "json"}));
  EXPECT_EQ(command.config.server.listen, "127.0.0.1:2");
  EXPECT_EQ(command.config.server.limits.max_hops, 7);
  EXPECT_EQ(command.config.log.format, LogFormat::kJson);
}

TEST(ConfigTest, TheDefaultFileIsReadBackAsTheDefaults) {
  const std::string path = WriteFile("default.conf", DefaultConfigFile());
  RELATA_ASSERT_OK_AND_ASSIGN(const CommandLine command, ParseCommandLine({"--config", path}));
  EXPECT_EQ(command.config.server.limits.max_expansions, Limits().max_expansions);
  EXPECT_EQ(command.config.data, "./relata-data");
  EXPECT_EQ(command.config.port_file, "");
  EXPECT_TRUE(command.config.server.database.fill_adjacency_cache);
  EXPECT_THAT(DefaultConfigFile(), testing::HasSubstr("fill-adjacency-cache=true\n"));
}

TEST(ConfigTest, TheCommittedFileHoldsEveryOption) {
  std::ifstream file("docs/relatad.conf");
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), DefaultConfigFile())
      << "write it anew: relatad --print-config > docs/relatad.conf";
}

TEST(ConfigTest, HelpAndVersionArePrinted) {
  RELATA_ASSERT_OK_AND_ASSIGN(const CommandLine help, ParseCommandLine({"--help"}));
  EXPECT_THAT(help.print.value_or(""), HasSubstr("--max-watch-streams"));
  EXPECT_THAT(help.print.value_or(""), HasSubstr("relatad load --help"));
  RELATA_ASSERT_OK_AND_ASSIGN(const CommandLine version, ParseCommandLine({"--version"}));
  EXPECT_THAT(version.print.value_or(""), HasSubstr("relatad 0."));
}

TEST(ConfigTest, MistakesNameTheOption) {
  EXPECT_THAT(ParseCommandLine({"--max-hops", "0"}).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("--max-hops")));
  EXPECT_THAT(ParseCommandLine({"--nonsense"}).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("--nonsense")));
  EXPECT_THAT(ParseCommandLine({"--log-level", "loud"}).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("loud")));
  EXPECT_THAT(ParseCommandLine({"--default-page-size", "9", "--max-page-size", "8"}).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("--default-page-size")));
  EXPECT_THAT(ParseCommandLine({"--max-threads", "64"}).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("--max-watch-streams")));
  const std::string path = WriteFile("wrong.conf", "nonsense = 1\n");
  EXPECT_THAT(ParseCommandLine({"--config", path}).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("nonsense")));
  EXPECT_THAT(ParseCommandLine({"--config", WriteFile("wrong.conf", "max-hops 3\n")}).status(),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("the file's `max-hops 3` is none of the lines `option = value`")));
}

TEST(ConfigTest, ListenTakesAHostAndAPort) {
  for (const char* const address : {"127.0.0.1:0", "0.0.0.0:65535", "[::1]:7614"}) {
    RELATA_EXPECT_OK(ParseCommandLine({"--listen", address}).status());
  }
  for (const char* const address :
       {"", "7614", ":7614", "127.0.0.1", "127.0.0.1:", "a:b", "127.0.0.1:65536", "127.0.0.1:-1"}) {
    EXPECT_THAT(ParseCommandLine({"--listen", address}).status(),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("--listen: '")))
        << address;
  }
}

}  // namespace
}  // namespace relata
