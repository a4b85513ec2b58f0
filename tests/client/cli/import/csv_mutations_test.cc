#include "client/cli/import/csv_mutations.h"

#include <google/protobuf/util/json_util.h>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string Json(const v1::Mutation& mutation) {
  std::string text;
  EXPECT_TRUE(google::protobuf::util::MessageToJsonString(mutation, &text).ok());
  return text;
}

TEST(CsvMutationsTest, HeadingsOfEntities) {
  RELATA_ASSERT_OK_AND_ASSIGN(
      const CsvMutations mutations,
      CsvMutations::Parse("", {"key", "label", "name", "alias@zh", "staff:int", ".source", "",
                               "valid_from", "source", "confidence"}));
  RELATA_ASSERT_OK_AND_ASSIGN(const v1::Mutation mutation,
                              mutations.Apply({"company/x", "Company; Lab", "X", "某", ">10", "tap",
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

TEST(CsvMutationsTest, HeadingsOfRelationships) {
  RELATA_ASSERT_OK_AND_ASSIGN(
      const CsvMutations mutations,
      CsvMutations::Parse("", {"type", "from", "to", "key", "share:float", "amount:money(USD)",
                               "valid_from", "valid_to"}));
  RELATA_ASSERT_OK_AND_ASSIGN(
      const v1::Mutation mutation,
      mutations.Apply({"INVESTED_IN", "a", "b", "inv/1", "20%", "2.8e9", "?", ""}));
  EXPECT_EQ(
      Json(mutation),
      R"({"putRelationship":{"key":"inv/1","type":"INVESTED_IN","from":{"key":"a"},)"
      R"("to":{"key":"b"},"facts":[{"properties":[{"name":"share","value":{"doubleValue":0.2}},)"
      R"({"name":"amount","value":{"moneyValue":{"amount":"2.8e9","currency":"USD"}}}],)"
      R"("validFrom":""}]}})");
}

TEST(CsvMutationsTest, EmptyFieldsSayNothing) {
  RELATA_ASSERT_OK_AND_ASSIGN(const CsvMutations mutations,
                              CsvMutations::Parse("", {"key", "name", "staff:int"}));
  RELATA_ASSERT_OK_AND_ASSIGN(const v1::Mutation mutation, mutations.Apply({"x", "", " "}));
  EXPECT_EQ(Json(mutation), R"({"putEntity":{"key":"x"}})");
}

TEST(CsvMutationsTest, MappingTextWithTemplates) {
  RELATA_ASSERT_OK_AND_ASSIGN(
      const CsvMutations mutations,
      CsvMutations::Parse("entity label=Company key=company/{id} name={title} \"note=as of {day}\" "
                          "source=source/{doc}",
                          {"id", "title", "day", "doc"}));
  RELATA_ASSERT_OK_AND_ASSIGN(const v1::Mutation mutation, mutations.Apply({"7", "Seven", "", ""}));
  EXPECT_EQ(Json(mutation), R"({"putEntity":{"key":"company/7","labels":["Company"],)"
                            R"("names":[{"text":"Seven","language":"en","kind":"PREFERRED"}]}})");
}

TEST(CsvMutationsTest, ValidTimesAsNumbers) {
  RELATA_ASSERT_OK_AND_ASSIGN(
      const CsvMutations mutations,
      CsvMutations::Parse("relationship type=T from={a} to={a} valid_from:ms={ms} valid_to:s={s}",
                          {"a", "ms", "s"}));
  const auto bounds = [&](const std::string& ms, const std::string& s) {
    const absl::StatusOr<v1::Mutation> mutation = mutations.Apply({"x", ms, s});
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

TEST(CsvMutationsTest, RefusesMappingsThatDoNotFit) {
  EXPECT_THAT(CsvMutations::Parse("entity name={title}", {"id", "title"}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("name no key")));
  EXPECT_THAT(CsvMutations::Parse("", {"key", "staff:integer"}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("'staff:integer'"), HasSubstr("there is no type"))));
}

TEST(CsvMutationsTest, RefusesBadRecords) {
  RELATA_ASSERT_OK_AND_ASSIGN(
      const CsvMutations mutations,
      CsvMutations::Parse("", {"key", "staff:int", "source", "stance", "confidence"}));
  EXPECT_THAT(mutations.Apply({"x", "1"}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("2 fields")));
  EXPECT_THAT(mutations.Apply({"", "1", "", "", ""}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("key is empty")));
  EXPECT_THAT(mutations.Apply({"x", "many", "", "", ""}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("'staff:int': 'many'")));
  EXPECT_THAT(mutations.Apply({"x", "1", "s", "says", ""}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("stance")));
  EXPECT_THAT(mutations.Apply({"x", "1", "s", "", "high"}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("confidence")));
}

}  // namespace
}  // namespace relata
