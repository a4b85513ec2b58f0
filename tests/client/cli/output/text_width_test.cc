#include "client/cli/output/text_width.h"

#include "gtest/gtest.h"

namespace relata {
namespace {

TEST(TextWidthTest, CountsColumnsOfATerminal) {
  EXPECT_EQ(TextWidth(""), 0u);
  EXPECT_EQ(TextWidth("DeepSeek"), 8u);
  EXPECT_EQ(TextWidth("深度求索"), 8u);
  EXPECT_EQ(TextWidth("月之暗面 Kimi"), 13u);
  EXPECT_EQ(TextWidth("Ａ（）"), 6u);
  EXPECT_EQ(TextWidth("Müller"), 6u);
}

TEST(TextWidthTest, MarksAndControlCharactersTakeNoRoom) {
  EXPECT_EQ(TextWidth("e\xcc\x81"), 1u);
  EXPECT_EQ(TextWidth("a\xe2\x80\x8b"
                      "b"),
            2u);
  EXPECT_EQ(TextWidth("a\x1b"), 1u);
}

TEST(TextWidthTest, BytesThatAreNoUtf8CountOne) {
  EXPECT_EQ(TextWidth("a\xff"
                      "b"),
            3u);
}

}  // namespace
}  // namespace relata
