#include "client/cli/import/csv_records.h"

#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::ElementsAre;

TEST(CsvRecordsTest, SplitsFields) {
  std::istringstream in("\xef\xbb\xbfkey,name\r\na,\"x, y\"\n\nb,\"say \"\"hi\"\"\"\nc,\n");
  CsvRecords records(&in);
  std::vector<std::string> fields;
  ASSERT_TRUE(records.Next(&fields));
  EXPECT_THAT(fields, ElementsAre("key", "name"));
  ASSERT_TRUE(records.Next(&fields));
  EXPECT_THAT(fields, ElementsAre("a", "x, y"));
  ASSERT_TRUE(records.Next(&fields));
  EXPECT_THAT(fields, ElementsAre("b", "say \"hi\""));
  EXPECT_EQ(records.line(), 4);
  ASSERT_TRUE(records.Next(&fields));
  EXPECT_THAT(fields, ElementsAre("c", ""));
  EXPECT_FALSE(records.Next(&fields));
}

TEST(CsvRecordsTest, AFieldMaySpanLines) {
  std::istringstream in("a,\"one\r\ntwo\"\nb,c\n");
  CsvRecords records(&in);
  std::vector<std::string> fields;
  ASSERT_TRUE(records.Next(&fields));
  EXPECT_THAT(fields, ElementsAre("a", "one\ntwo"));
  EXPECT_EQ(records.line(), 1);
  ASSERT_TRUE(records.Next(&fields));
  EXPECT_EQ(records.line(), 3);
}

TEST(CsvRecordsTest, TellsBadRecordsAndGoesOn) {
  std::istringstream in("a,b\"c\n\"x\"y,z\nfine,too\n\"open,\n");
  CsvRecords records(&in);
  std::vector<std::string> fields;
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(records.Next(&fields));
    EXPECT_THAT(records.status(), StatusIs(absl::StatusCode::kInvalidArgument));
  }
  ASSERT_TRUE(records.Next(&fields));
  RELATA_EXPECT_OK(records.status());
  EXPECT_THAT(fields, ElementsAre("fine", "too"));
  ASSERT_TRUE(records.Next(&fields));
  EXPECT_THAT(records.status(), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_FALSE(records.Next(&fields));
}

TEST(CsvRecordsTest, WhatIsNotUtf8IsABadRecord) {
  std::istringstream in("a,\xff\n\xed\xa0\x80,b\n深度求索,\xf0\x9f\x90\x8b\n");
  CsvRecords records(&in);
  std::vector<std::string> fields;
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(records.Next(&fields));
    EXPECT_THAT(records.status(),
                StatusIs(absl::StatusCode::kInvalidArgument, testing::HasSubstr("not UTF-8")));
  }
  ASSERT_TRUE(records.Next(&fields));
  RELATA_EXPECT_OK(records.status());
}

}  // namespace
}  // namespace relata
