#include "base/csv/csv_mapping.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// What the first term of the target says for the record.
std::string TextOf(const CsvMapping& mapping, CsvTarget target, const CsvFields& fields) {
  std::string buffer;
  return std::string(mapping.TextOf(target, fields, &buffer));
}

TEST(CsvMappingTest, HeadingsSayWhatTheirColumnIs) {
  RELATA_ASSERT_OK_AND_ASSIGN(
      const CsvMapping mapping,
      CsvMapping::Parse("", {"key", " alias@zh ", "", "staff:int", ".source", "valid_from:ms"}));
  EXPECT_FALSE(mapping.relationships());
  ASSERT_EQ(mapping.terms().size(), 5u);
  const CsvTerm& alias = mapping.terms()[1];
  EXPECT_EQ(alias.target, CsvTarget::kName);
  EXPECT_EQ(alias.kind, CsvNameKind::kAlias);
  EXPECT_EQ(alias.name, "zh");
  const CsvTerm& staff = mapping.terms()[2];
  EXPECT_EQ(staff.target, CsvTarget::kProperty);
  EXPECT_EQ(staff.name, "staff");
  EXPECT_EQ(staff.type, "int");
  EXPECT_EQ(mapping.terms()[3].name, "source");
  EXPECT_EQ(mapping.Find(CsvTarget::kValidFrom)->unit_micros, 1000);
  EXPECT_EQ(mapping.Find(CsvTarget::kSource), nullptr);
  EXPECT_EQ(TextOf(mapping, CsvTarget::kProperty, {"k", "a", "", " 10 ", "s", ""}), "10");
}

TEST(CsvMappingTest, AColumnFromMakesRelationships) {
  RELATA_ASSERT_OK_AND_ASSIGN(const CsvMapping mapping,
                              CsvMapping::Parse("", {"type", "from", "to", "share:float"}));
  EXPECT_TRUE(mapping.relationships());
}

TEST(CsvMappingTest, TemplatesAreFilled) {
  RELATA_ASSERT_OK_AND_ASSIGN(
      const CsvMapping mapping,
      CsvMapping::Parse("entity label=Company key=company/{id} \"note=of {day}, {id}\" "
                        "name={title}",
                        {"id", "title", "day"}));
  EXPECT_EQ(TextOf(mapping, CsvTarget::kKey, {"7", "", ""}), "company/7");
  EXPECT_EQ(TextOf(mapping, CsvTarget::kLabel, {"7", "", ""}), "Company");
  EXPECT_EQ(TextOf(mapping, CsvTarget::kProperty, {"7", "", "Monday"}), "of Monday, 7");
  EXPECT_EQ(TextOf(mapping, CsvTarget::kKey, {" ", "x", ""}), "") << "all of its columns are empty";
  EXPECT_FALSE(mapping.Find(CsvTarget::kLabel)->has_column());
}

TEST(CsvMappingTest, RefusesWhatDoesNotFit) {
  struct Case {
    const char* text;
    const char* message;
  };
  for (const Case& c :
       {Case{"company key={id}", "starts with the word"},
        Case{"entity key={no}", "has no column 'no', only id, title"},
        Case{"entity key={id", "'key': a { is never closed"}, Case{"entity key", "TARGET=TEMPLATE"},
        Case{"entity name={title}", "name no key"},
        Case{"entity key={id} .={title}", "a property needs a name"},
        Case{"entity key={id} type={title}", "but not from"},
        Case{"entity key={id} key={title}", "'key': is there twice"},
        Case{"entity key={id} staff={id} valid_from:days={title}", "no such unit"},
        Case{"entity key={id} name={title} valid_to={id}", "'valid_to': says when properties hold"},
        Case{"entity key={id} staff={id} confidence={title}", "no column says their source"},
        Case{"relationship from={id} to={title}", "needs type"},
        Case{"relationship type=T from={id} to={id} name={id}", "no name"}}) {
    EXPECT_THAT(CsvMapping::Parse(c.text, {"id", "title"}),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(c.message)))
        << c.text;
  }
  EXPECT_THAT(CsvMapping::Parse("", {"key", "name", "key"}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("'key': is there twice")));
}

TEST(CsvMappingTest, SomeTargetsMayStandTwice) {
  RELATA_EXPECT_OK(CsvMapping::Parse(
      "", {"key", "alias", "alias", "label", "label", "source", "source", "staff", "staff"}));
}

TEST(CsvMappingTest, RecordsHaveAsManyFieldsAsThereAreHeadings) {
  RELATA_ASSERT_OK_AND_ASSIGN(const CsvMapping mapping, CsvMapping::Parse("", {"key", "name"}));
  RELATA_EXPECT_OK(mapping.CheckWidth({"a", "b"}));
  EXPECT_THAT(mapping.CheckWidth({"a"}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("1 fields where")));
}

TEST(CsvMappingTest, AFieldMayHoldSeveral) {
  EXPECT_THAT(SplitCsvField("Company; Lab ;;"), ElementsAre("Company", "Lab"));
  EXPECT_THAT(SplitCsvField(" ; "), IsEmpty());
}

}  // namespace
}  // namespace relata
