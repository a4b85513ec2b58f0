#include "graph/query/query_error.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace relata::query {
namespace {

using testing::HasSubstr;

TEST(QueryErrorTest, TravelsInAStatus) {
  const absl::Status status = MakeQueryError(ErrorClass::kType, ErrorPhase::kRuntime,
                                             "InvalidArgumentType", Span{3, 70000}, "not a number");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "not a number");
  const std::optional<QueryErrorInfo> info = GetQueryError(status);
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->error_class, ErrorClass::kType);
  EXPECT_EQ(info->phase, ErrorPhase::kRuntime);
  EXPECT_EQ(info->detail, "InvalidArgumentType");
  EXPECT_EQ(info->span, (Span{3, 70000}));
  EXPECT_FALSE(GetQueryError(absl::InternalError("x")).has_value());
}

TEST(QueryErrorTest, CodesFollowFromTheClass) {
  const auto code = [](ErrorClass c) {
    return MakeQueryError(c, ErrorPhase::kRuntime, "X", std::nullopt, "m").code();
  };
  EXPECT_EQ(code(ErrorClass::kSyntax), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(ErrorClass::kArithmetic), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(ErrorClass::kProcedure), absl::StatusCode::kNotFound);
  EXPECT_EQ(code(ErrorClass::kEntityNotFound), absl::StatusCode::kNotFound);
  EXPECT_EQ(code(ErrorClass::kConstraintVerification), absl::StatusCode::kFailedPrecondition);
}

TEST(QueryErrorTest, WithSpanKeepsAnEarlierSpan) {
  const absl::Status bare = TypeError("InvalidArgumentType", "m");
  EXPECT_EQ(GetQueryError(WithSpan(bare, {1, 2}))->span, (Span{1, 2}));
  EXPECT_EQ(GetQueryError(WithSpan(WithSpan(bare, {1, 2}), {5, 6}))->span, (Span{1, 2}));
  EXPECT_EQ(WithSpan(absl::OkStatus(), {1, 2}), absl::OkStatus());
}

TEST(QueryErrorTest, PositionsCountCodePoints) {
  const std::string text = "aé\n变x";
  EXPECT_EQ(PositionOf(text, 0).column, 1);
  EXPECT_EQ(PositionOf(text, 3).column, 3);
  EXPECT_EQ(PositionOf(text, 7).line, 2);
  EXPECT_EQ(PositionOf(text, 7).column, 2);
  EXPECT_EQ(PositionOf(text, 1000).line, 2);
}

TEST(QueryErrorTest, CaretsStandUnderTheSpan) {
  const std::string text = "RETURN 1\r\nWHERE é = foo\nLIMIT 1";
  const uint32_t at = static_cast<uint32_t>(text.find("foo"));
  EXPECT_EQ(DescribeWithCaret(SyntaxError("UndefinedVariable", {at, at + 3}, "no `foo`"), text),
            "no `foo`\nline 2, column 11:\nWHERE é = foo\n          ^^^");
  EXPECT_EQ(DescribeWithCaret(absl::InternalError("plain"), text), "plain");
}

TEST(QueryErrorTest, LongLinesAreCutAroundTheSpan) {
  const std::string text = std::string(500, 'a') + "!" + std::string(500, 'b');
  const std::string shown = DescribeWithCaret(SyntaxError("X", {500, 501}, "m"), text);
  const std::vector<std::string> lines = [&] {
    std::vector<std::string> split;
    size_t from = 0;
    while (from <= shown.size()) {
      const size_t end = std::min(shown.find('\n', from), shown.size());
      split.push_back(shown.substr(from, end - from));
      from = end + 1;
    }
    return split;
  }();
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_LE(lines[2].size(), 106u);
  EXPECT_EQ(lines[2][lines[3].find('^')], '!');
  EXPECT_THAT(lines[2], testing::EndsWith("..."));
}

TEST(QueryErrorTest, SpansPastTheEndAreHarmless) {
  EXPECT_THAT(DescribeWithCaret(SyntaxError("X", {90, 95}, "m"), "ab"), HasSubstr("column 3"));
  EXPECT_THAT(DescribeWithCaret(SyntaxError("X", {0, 0}, "m"), ""), HasSubstr("line 1, column 1"));
}

TEST(QueryErrorTest, NearestNames) {
  EXPECT_EQ(EditDistance("MTACH", "match"), 1);
  EXPECT_EQ(EditDistance("", "abc"), 3);
  EXPECT_EQ(EditDistance("kitten", "sitting"), 3);
  const std::vector<std::string> names = {"toUpper", "toLower", "size"};
  EXPECT_EQ(NearestName("toupper", names), "toUpper");
  EXPECT_EQ(NearestName("szie", names), "size");
  EXPECT_EQ(NearestName("collect", names), "");
}

}  // namespace
}  // namespace relata::query
