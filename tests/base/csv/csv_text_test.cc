#include "base/csv/csv_text.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::ElementsAre;

// `line: field|field` of each record, `line: !` for a bad one, with the text in pieces of `piece`.
std::vector<std::string> Records(const std::string& text, size_t piece) {
  CsvText csv;
  std::vector<std::string> records;
  std::vector<absl::string_view> fields;
  const auto read = [&] {
    while (csv.Next(&fields)) {
      std::string record = absl::StrCat(csv.line(), ": ");
      for (size_t i = 0; i < fields.size(); ++i) absl::StrAppend(&record, i ? "|" : "", fields[i]);
      records.push_back(csv.status().ok() ? record : absl::StrCat(csv.line(), ": !"));
    }
  };
  for (size_t at = 0; at < text.size(); at += piece) {
    csv.Append(text.substr(at, piece));
    read();
  }
  csv.End();
  read();
  return records;
}

TEST(CsvTextTest, SplitsHoweverTheTextIsCut) {
  const std::string text =
      "\xef\xbb\xbfid,name\r\n1,One\n\n2,\"T,w\"\"o\"\"\"\n\"3\",\"a\r\nb\",x\r\n,\n4,a\"b\n"
      "\"5\"x,y\n6,last";
  for (size_t piece = 1; piece <= text.size(); ++piece) {
    EXPECT_THAT(Records(text, piece),
                ElementsAre("1: id|name", "2: 1|One", "4: 2|T,w\"o\"", "5: 3|a\nb|x", "7: |",
                            "8: !", "9: !", "10: 6|last"))
        << piece;
  }
}

TEST(CsvTextTest, AQuoteThatIsNeverClosedIsBad) {
  EXPECT_THAT(Records("a\n\"b\nc", 2), ElementsAre("1: a", "2: !"));
}

TEST(CsvTextTest, NothingHasNoRecords) {
  EXPECT_THAT(Records("", 1), ElementsAre());
  EXPECT_THAT(Records("\n\r\n", 1), ElementsAre());
}

}  // namespace
}  // namespace relata
