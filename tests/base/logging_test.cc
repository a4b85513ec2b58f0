#include "base/logging.h"

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

class LoggingTest : public testing::Test {
 protected:
  void TearDown() override { ConfigureLogging({}); }

  // What `write` puts to stderr.
  template <typename Write>
  static std::string Captured(const Write& write) {
    testing::internal::CaptureStderr();
    write();
    return testing::internal::GetCapturedStderr();
  }
};

TEST_F(LoggingTest, TextLinesCarryTimeLevelMessageAndFields) {
  ConfigureLogging({.level = LogLevel::kInfo, .format = LogFormat::kText});
  const std::string line = Captured([] {
    LogInfo("listening", {{"port", 7614}, {"address", "127.0.0.1"}});
  });
  EXPECT_THAT(line, MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
                                 "[.][0-9]{6}Z info listening port=7614 address=127.0.0.1\n"));
}

TEST_F(LoggingTest, TextValuesThatCouldMisleadAreQuotedAndStayOnOneLine) {
  const std::string line = Captured([] {
    LogWarning("odd\nmessage", {{"a", "x y"}, {"b", "say \"hi\""}, {"c", ""}, {"d", "1\n2\x01"}});
  });
  EXPECT_THAT(line, HasSubstr(R"(warning odd\nmessage a="x y" b="say \"hi\"" c="" d=1\n2\x01)"));
}

TEST_F(LoggingTest, JsonLinesAreValidJsonForAnyBytes) {
  ConfigureLogging({.level = LogLevel::kInfo, .format = LogFormat::kJson});
  const std::string bytes = "深度求索 \"quoted\" \\ \n\t" + std::string(1, '\0') + "\xC3(";
  const std::string line = Captured([&bytes] { LogError("sync failed", {{"where", bytes}}); });
  const nlohmann::json parsed = nlohmann::json::parse(line);
  EXPECT_EQ(parsed["level"], "error");
  EXPECT_EQ(parsed["message"], "sync failed");
  EXPECT_EQ(parsed["where"],
            "深度求索 \"quoted\" \\ \n\t" + std::string(1, '\0') + "\xEF\xBF\xBD(");
  EXPECT_THAT(parsed["time"].get<std::string>(), MatchesRegex(".*T.*Z"));
}

TEST_F(LoggingTest, JsonReplacesEveryKindOfBrokenUtf8) {
  ConfigureLogging({.level = LogLevel::kInfo, .format = LogFormat::kJson});
  // A lone tail byte, an overlong form, a surrogate, a value above U+10FFFF, cut sequences.
  for (const std::string broken : {"\x80", "\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80",
                                   "\xF4\x90\x80\x80", "\xE6\xB7", "\xF0\x9F\x98"}) {
    const std::string line = Captured([&broken] { LogInfo("m", {{"f", broken}}); });
    const nlohmann::json parsed = nlohmann::json::parse(line);
    EXPECT_THAT(parsed["f"].get<std::string>(), HasSubstr("\xEF\xBF\xBD"));
  }
  const std::string line = Captured([] { LogInfo("m", {{"f", "é€😀"}}); });
  EXPECT_EQ(nlohmann::json::parse(line)["f"], "é€😀");
}

TEST_F(LoggingTest, LevelsBelowTheLimitAreDropped) {
  ConfigureLogging({.level = LogLevel::kWarning, .format = LogFormat::kText});
  EXPECT_FALSE(IsLogged(LogLevel::kInfo));
  EXPECT_TRUE(IsLogged(LogLevel::kError));
  EXPECT_EQ(Captured([] {
              LogDebug("no");
              LogInfo("no");
            }),
            "");
  ConfigureLogging({.level = LogLevel::kOff, .format = LogFormat::kText});
  EXPECT_EQ(Captured([] { LogError("no"); }), "");
  EXPECT_FALSE(IsLogged(LogLevel::kOff));
}

TEST_F(LoggingTest, ConcurrentLinesStayWhole) {
  const std::string output = Captured([] {
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([] {
        for (int i = 0; i < 200; ++i) LogInfo("same words", {{"field", "value"}});
      });
    }
    for (std::thread& thread : threads) thread.join();
  });
  const std::vector<std::string> lines = absl::StrSplit(output, '\n', absl::SkipEmpty());
  ASSERT_EQ(lines.size(), 800u);
  for (const std::string& line : lines) {
    EXPECT_THAT(line, MatchesRegex(".*Z info same words field=value"));
  }
}

TEST(LogOptionsTest, NamesAreParsedAndUnknownOnesRefused) {
  EXPECT_THAT(ParseLogLevel("debug"), IsOkAndHolds(LogLevel::kDebug));
  EXPECT_THAT(ParseLogLevel("off"), IsOkAndHolds(LogLevel::kOff));
  EXPECT_THAT(ParseLogLevel("loud"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("'loud'")));
  EXPECT_THAT(ParseLogFormat("json"), IsOkAndHolds(LogFormat::kJson));
  EXPECT_THAT(ParseLogFormat("xml"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("use text or json")));
}

}  // namespace
}  // namespace relata
