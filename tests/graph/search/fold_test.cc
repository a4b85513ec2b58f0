#include "graph/search/fold.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

TEST(FoldTest, CaseAndWidthDoNotCount) {
  const std::string folded = FoldName("DeepSeek").value();
  EXPECT_EQ(folded, "deepseek");
  EXPECT_THAT(FoldName("ＤｅｅｐＳｅｅｋ"), IsOkAndHolds(folded));
  EXPECT_EQ(FoldName("Straße").value(), FoldName("STRASSE").value());
  EXPECT_EQ(FoldName("ﬁrm").value(), "firm");
  EXPECT_EQ(FoldName("e\u0301").value(), FoldName("\u00e9").value());
}

TEST(FoldTest, DifferentTextsStayDifferent) {
  EXPECT_THAT(FoldName("深度求索"), IsOkAndHolds("深度求索"));
  EXPECT_NE(FoldName("深度").value(), FoldName("深圳").value());
  EXPECT_NE(FoldName("e").value(), FoldName("é").value());
  EXPECT_THAT(FoldName(""), IsOkAndHolds(""));
}

TEST(FoldTest, FoldingTwiceIsFoldingOnce) {
  for (const char* text : {"DeepSeek", "Straße", "İstanbul", "ΑΒΓ Σς", "㈱", "①", "가"}) {
    const std::string once = FoldName(text).value();
    EXPECT_THAT(FoldName(once), IsOkAndHolds(once)) << text;
  }
}

TEST(FoldTest, RefusesWhatIsNotUtf8) {
  for (const std::string& text : std::vector<std::string>{"\xff", "abc\xc3", "\xc0\xaf",
                                                          "\xed\xa0\x80", "\xf4\x90\x80\x80"}) {
    EXPECT_FALSE(IsUtf8(text));
    EXPECT_THAT(FoldName(text), StatusIs(absl::StatusCode::kInvalidArgument));
  }
  EXPECT_TRUE(IsUtf8(std::string("\0", 1)));
  EXPECT_TRUE(IsUtf8("𠮷"));
}

}  // namespace
}  // namespace relata
