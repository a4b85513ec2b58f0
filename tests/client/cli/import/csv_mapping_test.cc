#include "client/cli/import/csv_mapping.h"

#include <google/protobuf/util/json_util.h>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::HasSubstr;

std::string Json(const v1::Mutation& mutation) {
  std::string text;
  EXPECT_TRUE(google::protobuf::util::MessageToJsonString(mutation, &text).ok());
  return text;
}

TEST(CsvMappingTest, HeadingsOfEntities) {
  RELATA_ASSERT_OK_AND_ASSIGN(
      const CsvMapping mapping,
      CsvMapping::FromHeadings({"key", "label", "name", "alias@zh", "staff:int", ".source", "",
                                "valid_from", "source", "confidence"}));
  RELATA_ASSERT_OK_AND_ASSIGN(const v1::Mutation mutation,
                              mapping.Apply({"company/x", "Company; Lab", "X", "某", ">10", "tap",
                                             "ignored", "2024-05", "source/a;source/b", "0.5"}));
  EXPECT_EQ(
      Json(mutation),
      R"({"putEntity":{"key":"company/x","labels":["Company","Lab"],)"
      R"("names":[{"text":"X","language":"en","kind":"PREFERRED","citations":)"
      R"([{"source":{"key":"source/a"},"confidence":0.5},{"source":{"key":"source/b"},"confidence":0.5}]},)"
      R"({"text":"某","language":"zh","kind":"ALIAS","citations":)"
      R"([{"source":{"key":"source/a"},"confidence":0.5},{"source":{"key":"source/b"},"confidence":0.5}]}],)"
      R"("properties":[{"name":"staff","fact":{"value":{"intValue":"10","qualifier":"MORE_THAN"},"validFrom":"2024-05",)"
      R"("citations":[{"source":{"key":"source/a"},"confidence":0.5},{"source":{"key":"source/b"},"confidence":0.5}]}},)"
      R"({"name":"source","fact":{"value":{"stringValue":"tap"},"validFrom":"2024-05",)"
      R"("citations":[{"source":{"key":"source/a"},"confidence":0.5},{"source":{"key":"source/b"},"confidence":0.5}]}}]}})");
}

TEST(CsvMappingTest, HeadingsOfRelationships) {
  RELATA_ASSERT_OK_AND_ASSIGN(
      const CsvMapping mapping,
      CsvMapping::FromHeadings({"type", "from", "to", "key", "share:float", "amount:money(USD)",
                                "valid_from", "valid_to"}));
  RELATA_ASSERT_OK_AND_ASSIGN(
      const v1::Mutation mutation,
      mapping.Apply({"INVESTED_IN", "a", "b", "inv/1", "20%", "2.8e9", "?", ""}));
  EXPECT_EQ(
      Json(mutation),
      R"({"putRelationship":{"key":"inv/1","type":"INVESTED_IN","from":{"key":"a"},)"
      R"("to":{"key":"b"},"facts":[{"properties":[{"name":"share","value":{"doubleValue":0.2}},)"
      R"({"name":"amount","value":{"moneyValue":{"amount":"2.8e9","currency":"USD"}}}],)"
      R"("validFrom":""}]}})");
}

TEST(CsvMappingTest, EmptyFieldsSayNothing) {
  RELATA_ASSERT_OK_AND_ASSIGN(const CsvMapping mapping,
                              CsvMapping::FromHeadings({"key", "name", "staff:int"}));
  RELATA_ASSERT_OK_AND_ASSIGN(const v1::Mutation mutation, mapping.Apply({"x", "", " "}));
  EXPECT_EQ(Json(mutation), R"({"putEntity":{"key":"x"}})");
}

TEST(CsvMappingTest, MappingTextWithTemplates) {
  RELATA_ASSERT_OK_AND_ASSIGN(
      const CsvMapping mapping,
      CsvMapping::Parse("entity label=Company key=company/{id} name={title} \"note=as of {day}\" "
                        "source=source/{doc}",
                        {"id", "title", "day", "doc"}));
  RELATA_ASSERT_OK_AND_ASSIGN(const v1::Mutation mutation, mapping.Apply({"7", "Seven", "", ""}));
  EXPECT_EQ(Json(mutation), R"({"putEntity":{"key":"company/7","labels":["Company"],)"
                            R"("names":[{"text":"Seven","language":"en","kind":"PREFERRED"}]}})");
}

TEST(CsvMappingTest, ValidTimesAsNumbers) {
  RELATA_ASSERT_OK_AND_ASSIGN(
      const CsvMapping mapping,
      CsvMapping::Parse("relationship type=T from={a} to={a} valid_from:ms={ms} valid_to:s={s}",
                        {"a", "ms", "s"}));
  const auto bounds = [&](const std::string& ms, const std::string& s) {
    const absl::StatusOr<v1::Mutation> mutation = mapping.Apply({"x", ms, s});
    if (!mutation.ok()) return std::string(mutation.status().message());
    const v1::Fact& fact = mutation->put_relationship().facts(0);
    return fact.valid_from() + " " + (fact.has_valid_to() ? fact.valid_to() : "-");
  };
  EXPECT_EQ(bounds("1700000000123", "1700000060"), "2023-11-14T22:13:20.123Z 2023-11-14T22:14:20Z");
  EXPECT_EQ(bounds("-1", ""), "1969-12-31T23:59:59.999Z -");
  EXPECT_EQ(bounds("..", "?"), ".. ");
  EXPECT_EQ(bounds("-62135596800000", "253402300799"), "0001-01-01T00:00:00Z 9999-12-31T23:59:59Z");
  for (const char* bad :
       {"-62135596800001", "253402300800000", "99999999999999999999", "1.5", "x"}) {
    EXPECT_THAT(bounds(bad, ""), HasSubstr("no number of a time")) << bad;
  }
}

TEST(CsvMappingTest, RefusesMappingsThatDoNotFit) {
  const std::vector<std::string> headings = {"id", "title"};
  struct Case {
    const char* text;
    const char* message;
  };
  for (const Case& c :
       {Case{"company key={id}", "starts with the word"},
        Case{"entity key={no}", "has no column 'no'"}, Case{"entity key={id", "never closed"},
        Case{"entity key", "TARGET=TEMPLATE"}, Case{"entity name={title}", "name no key"},
        Case{"entity key={id} staff:integer={title}", "there is no type"},
        Case{"entity key={id} valid_from:days={title}", "no such unit"},
        Case{"relationship from={id} to={title}", "needs type"},
        Case{"relationship type=T from={id} to={id} name={id}", "no name"}}) {
    EXPECT_THAT(CsvMapping::Parse(c.text, headings),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(c.message)))
        << c.text;
  }
  EXPECT_THAT(CsvMapping::FromHeadings({"key", "type"}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(CsvMapping::FromHeadings({"key", "name", "key"}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("'key': is there twice")));
  EXPECT_THAT(
      CsvMapping::FromHeadings({"key", "staff", "confidence"}),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("no column says their source")));
  RELATA_EXPECT_OK(CsvMapping::FromHeadings(
      {"key", "alias", "alias", "label", "label", "source", "source", "staff", "staff"}));
}

TEST(CsvMappingTest, RefusesBadRecords) {
  RELATA_ASSERT_OK_AND_ASSIGN(
      const CsvMapping mapping,
      CsvMapping::FromHeadings({"key", "staff:int", "source", "stance", "confidence"}));
  EXPECT_THAT(mapping.Apply({"x", "1"}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("2 fields")));
  EXPECT_THAT(mapping.Apply({"", "1", "", "", ""}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("key is empty")));
  EXPECT_THAT(mapping.Apply({"x", "many", "", "", ""}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("'staff:int': 'many'")));
  EXPECT_THAT(mapping.Apply({"x", "1", "s", "says", ""}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("stance")));
  EXPECT_THAT(mapping.Apply({"x", "1", "s", "", "high"}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("confidence")));
}

}  // namespace
}  // namespace relata
