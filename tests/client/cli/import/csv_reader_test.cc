#include "client/cli/import/csv_reader.h"

#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

// `line key name` of each record, `line message` of a bad one.
std::vector<std::string> Lines(const std::string& text, const std::string& mapping = "") {
  std::istringstream in(text);
  CsvReader reader(&in, mapping);
  std::vector<std::string> lines;
  ImportLine line;
  while (reader.Next(&line)) {
    if (!line.status.ok()) {
      lines.push_back(absl::StrCat(line.line, " ", line.status.message()));
      continue;
    }
    const v1::EntityWrite& entity = line.mutation.put_entity();
    lines.push_back(absl::StrCat(line.line, " ", entity.key(), " ",
                                 entity.names().empty() ? "" : entity.names(0).text()));
  }
  return lines;
}

TEST(CsvReaderTest, RecordsBecomeMutations) {
  EXPECT_THAT(Lines("\xef\xbb\xbfkey,name\r\na,\"x, y\"\n\nb,\"one\r\ntwo\"\nc,"),
              ElementsAre("2 a x, y", "4 b one\ntwo", "6 c "));
}

TEST(CsvReaderTest, TellsBadRecordsAndGoesOn) {
  EXPECT_THAT(Lines("key,name\na,b\"c\n,z\nfine,too\nshort\n\"open,\n"),
              ElementsAre(HasSubstr("2 a quote inside a field"), "3 the key is empty", "4 fine too",
                          HasSubstr("5 1 fields"), "6 a quote is never closed"));
}

TEST(CsvReaderTest, WhatIsNotUtf8IsABadRecord) {
  EXPECT_THAT(Lines("key,name\na,\xff\n\xed\xa0\x80,b\n深度求索,\xf0\x9f\x90\x8b\n"),
              ElementsAre(HasSubstr("2 the line is not UTF-8"),
                          HasSubstr("3 the line is not UTF-8"), "4 深度求索 \xf0\x9f\x90\x8b"));
}

TEST(CsvReaderTest, HeadingsThatDoNotFitAreTheOneBadLine) {
  EXPECT_THAT(Lines("name\nx\ny\n"), ElementsAre("1 the columns name no key"));
  EXPECT_THAT(Lines("name\nx\n", "entity key={id}"), ElementsAre(HasSubstr("no column 'id'")));
  EXPECT_THAT(Lines("ke\xff\nx\n"), ElementsAre(HasSubstr("1 the line is not UTF-8")));
}

TEST(CsvReaderTest, ARecordMayBeLongerThanWhatIsReadAtOnce) {
  const std::string longer(300'000, 'x');
  EXPECT_THAT(Lines(absl::StrCat("key,name\na,\"", longer, "\"\nb,y\n")),
              ElementsAre(absl::StrCat("2 a ", longer), "3 b y"));
}

TEST(CsvReaderTest, SaysHowMuchOfTheFileIsRead) {
  const std::string text = "key,name\na,b\nc,d\n";
  std::istringstream in(text);
  CsvReader reader(&in, "");
  ImportLine line;
  ASSERT_TRUE(reader.Next(&line));
  EXPECT_EQ(line.bytes, 13);
  ASSERT_TRUE(reader.Next(&line));
  EXPECT_EQ(line.bytes, static_cast<int64_t>(text.size()));
}

}  // namespace
}  // namespace relata
