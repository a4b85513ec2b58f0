#include "client/cli/near_miss.h"

#include "gtest/gtest.h"

namespace relata {
namespace {

TEST(NearMissTest, FindsTheNearestWord) {
  const std::vector<std::string> known = {"chains", "timeline", "--limit", "--label"};
  EXPECT_EQ(NearestWord("chian", known), "chains");
  EXPECT_EQ(NearestWord("timelien", known), "timeline");
  EXPECT_EQ(NearestWord("--limt", known), "--limit");
  EXPECT_EQ(NearestWord("--lable", known), "--label");
}

TEST(NearMissTest, CaseDoesNotCount) {
  EXPECT_EQ(NearestWord("invested_in", {"INVESTED_IN", "INVESTED_BY"}), "INVESTED_IN");
  EXPECT_EQ(NearestWord("COMPNAY", {"Person", "Company"}), "Company");
}

TEST(NearMissTest, FindsNothingFarAway) {
  EXPECT_EQ(NearestWord("company/alibaba", {"chains", "get"}), "");
  EXPECT_EQ(NearestWord("xyz", {"get"}), "");
  EXPECT_EQ(NearestWord("get", {}), "");
}

}  // namespace
}  // namespace relata
