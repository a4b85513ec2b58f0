#include "server/convert/body_digest.h"

#include <gtest/gtest.h>

#include <string>

namespace relata {
namespace {

std::string Cut(const std::string& body, size_t at) {
  BodyDigest digest;
  digest.Append(body.substr(0, at));
  digest.Append(body.substr(at));
  return digest.Finish();
}

TEST(BodyDigestTest, IsTheSameHoweverTheBodyIsCut) {
  const std::string body(200'000, 'x');
  const std::string whole = Cut(body, 0);
  EXPECT_EQ(whole.size(), 16u);
  for (const size_t at : {1, 65'520, 65'536, 65'537, 131'072, 199'999, 200'000}) {
    EXPECT_EQ(Cut(body, at), whole) << at;
  }
}

TEST(BodyDigestTest, EveryByteCounts) {
  std::string body(200'000, 'x');
  const std::string whole = Cut(body, 0);
  for (const size_t at : {0, 65'519, 65'520, 65'535, 65'536, 199'999}) {
    std::string other = body;
    other[at] = 'y';
    EXPECT_NE(Cut(other, 0), whole) << at;
  }
  EXPECT_NE(Cut(body + "x", 0), whole);
}

TEST(BodyDigestTest, ItemsKeepTheirEnds) {
  BodyDigest two;
  two.AppendItem("ab");
  two.AppendItem("c");
  BodyDigest other;
  other.AppendItem("a");
  other.AppendItem("bc");
  EXPECT_NE(two.Finish(), other.Finish());
}

}  // namespace
}  // namespace relata
