#include "graph/store/meta_layout.h"

#include <algorithm>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

TEST(MetaLayoutTest, RoundTrips) {
  RELATA_ASSERT_OK_AND_ASSIGN(const MetaName name, DecodeMetaNameKey(MetaNameKey(2, 77)));
  EXPECT_EQ(name.space, 2);
  EXPECT_EQ(name.id, 77U);
  for (const int64_t time : {INT64_MIN, int64_t{-1}, int64_t{0}, INT64_MAX}) {
    RELATA_ASSERT_OK_AND_ASSIGN(const MetaRequestTime request,
                                DecodeMetaRequestTimeKey(MetaRequestTimeKey(time, "r\0x")));
    EXPECT_EQ(request.time_us, time);
    EXPECT_EQ(request.request_id, "r");
  }
  EXPECT_THAT(DecodeMetaStatisticsKey(MetaStatisticsKey(CommitVersion(300))),
              IsOkAndHolds(CommitVersion(300)));
}

TEST(MetaLayoutTest, ScansGoByTimeAndFromTheNewestStatistics) {
  EXPECT_LT(MetaRequestTimeKey(-5, "z"), MetaRequestTimeKey(3, "a"));
  EXPECT_LT(MetaStatisticsKey(CommitVersion(512)), MetaStatisticsKey(CommitVersion(256)));
  EXPECT_LT(MetaNameKey(1, 255), MetaNameKey(1, 256));
}

TEST(MetaLayoutTest, NoKeyIsAPrefixOfAnother) {
  std::vector<std::string> keys = {MetaRequestKey(""),
                                   MetaRequestKey("a"),
                                   MetaRequestKey("ab"),
                                   MetaRequestTimeKey(1, ""),
                                   MetaRequestTimeKey(1, "a"),
                                   MetaNameKey(1, 1),
                                   MetaStatisticsKey(CommitVersion(1)),
                                   MetaIndexStateKey(IndexId(1)),
                                   MetaPrefix(MetaKind::kIds),
                                   MetaPrefix(MetaKind::kDatabase)};
  std::sort(keys.begin(), keys.end());
  for (size_t i = 1; i < keys.size(); ++i) {
    EXPECT_NE(keys[i].substr(0, keys[i - 1].size()), keys[i - 1]);
  }
}

TEST(MetaLayoutTest, AKeyOfAnotherShapeIsDataLoss) {
  const auto check = [](const std::string& key, const auto& decode) {
    for (size_t n = 0; n < key.size(); ++n) {
      EXPECT_THAT(decode(key.substr(0, n)), StatusIs(absl::StatusCode::kDataLoss)) << n;
    }
    EXPECT_THAT(decode(key + "x"), StatusIs(absl::StatusCode::kDataLoss));
  };
  check(MetaNameKey(1, 1), DecodeMetaNameKey);
  check(MetaRequestTimeKey(1, "request"), DecodeMetaRequestTimeKey);
  check(MetaStatisticsKey(CommitVersion(1)), DecodeMetaStatisticsKey);
}

}  // namespace
}  // namespace relata
