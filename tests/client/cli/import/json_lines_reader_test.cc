#include "client/cli/import/json_lines_reader.h"

#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::HasSubstr;

TEST(JsonLinesReaderTest, ReadsMutationsWithTheirLines) {
  std::istringstream in("{\"putEntity\": {\"key\": \"a\"}}\n\n{\"put_entity\":{\"key\":\"b\"}}");
  JsonLinesReader reader(&in);
  ImportLine line;
  ASSERT_TRUE(reader.Next(&line));
  RELATA_ASSERT_OK(line.status);
  EXPECT_EQ(line.mutation.put_entity().key(), "a");
  EXPECT_EQ(line.line, 1);
  ASSERT_TRUE(reader.Next(&line));
  RELATA_ASSERT_OK(line.status);
  EXPECT_EQ(line.mutation.put_entity().key(), "b");
  EXPECT_EQ(line.line, 3);
  EXPECT_FALSE(reader.Next(&line));
}

TEST(JsonLinesReaderTest, BadLinesAreNamedAndSkipped) {
  std::istringstream in(
      "{\"putEntity\": \n{\"putEntitty\": {}}\n{}\n[]\n{\"putEntity\": {\"key\": \"a\"}}\n");
  JsonLinesReader reader(&in);
  ImportLine line;
  for (int i = 1; i <= 4; ++i) {
    ASSERT_TRUE(reader.Next(&line));
    EXPECT_THAT(line.status, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("JSON")));
    EXPECT_EQ(line.line, i);
  }
  ASSERT_TRUE(reader.Next(&line));
  RELATA_EXPECT_OK(line.status);
  EXPECT_FALSE(reader.Next(&line));
}

}  // namespace
}  // namespace relata
