#include "client/cli/shell/completion.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relata/v1/query_service.pb.h"

namespace relata {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class CompletionTest : public testing::Test {
 protected:
  CompletionTest() {
    for (const char* const word : {"MATCH", "MERGE", "RETURN"}) vocabulary_.add_keywords(word);
    for (const char* const name : {"duration.between", "reduce", "replace"}) {
      vocabulary_.add_functions()->set_name(name);
    }
    for (const char* const name : {"db.labels", "relata.find"}) {
      vocabulary_.add_procedures()->set_name(name);
    }
    vocabulary_.add_labels("Company");
    vocabulary_.add_labels("公司");
    vocabulary_.add_labels("AI `Lab`");
    vocabulary_.add_relationship_types("CONTROLS");
    vocabulary_.add_property_names("name");
    vocabulary_.add_property_names("name_zh");
  }
  std::vector<std::string> Words(absl::string_view line) const {
    return Completion(vocabulary_, {":help", ":commit"}).Complete(line).words;
  }

  v1::GetVocabularyResponse vocabulary_;
};

TEST_F(CompletionTest, KeywordsAndFunctionsInTheCaseTheyWereBegunIn) {
  EXPECT_THAT(Words("M"), ElementsAre("MATCH", "MERGE"));
  EXPECT_THAT(Words("MATCH (n) re"), ElementsAre("reduce(", "replace(", "return"));
  EXPECT_THAT(Words("MATCH "), IsEmpty());
}

TEST_F(CompletionTest, LabelsAndTypesAfterAColon) {
  EXPECT_THAT(Words("MATCH (c:"), ElementsAre("Company", "`AI ``Lab```", "公司"));
  EXPECT_THAT(Words("MATCH (c:AI"), ElementsAre("`AI ``Lab```"));
  EXPECT_THAT(Words("MATCH (c)-[:"), ElementsAre("CONTROLS"));
  EXPECT_THAT(Words("MATCH ()-[r]-() WHERE (r:CONT"), ElementsAre("CONTROLS"));
  EXPECT_THAT(Words("MATCH (c) RETURN c:Co"), ElementsAre("CONTROLS", "Company"));
  EXPECT_THAT(Words("MATCH (c:A|Com"), ElementsAre("Company"));
  EXPECT_THAT(Words("MATCH ()-[:cont"), ElementsAre("CONTROLS"));
  EXPECT_THAT(Words("MATCH (c:公"), ElementsAre("公司"));
}

TEST_F(CompletionTest, PropertiesAfterADot) {
  EXPECT_THAT(Words("RETURN n.na"), ElementsAre("name", "name_zh"));
  EXPECT_THAT(Words("RETURN duration.b"), ElementsAre("duration.between("));
}

TEST_F(CompletionTest, ProceduresAfterCall) {
  EXPECT_THAT(Words("CALL "), ElementsAre("db.labels(", "relata.find("));
  EXPECT_THAT(Words("call db.l"), ElementsAre("db.labels("));
  EXPECT_THAT(Words("RECALL "), IsEmpty());
}

TEST_F(CompletionTest, CommandsAtTheStartOfALine) {
  EXPECT_THAT(Words(":"), ElementsAre(":commit", ":help"));
  EXPECT_EQ(Completion(vocabulary_, {":help"}).Complete(":he").begun, ":he");
}

TEST(CommonBeginningTest, OfAllWords) {
  EXPECT_EQ(CommonBeginning({"name", "name_zh"}), "name");
  EXPECT_EQ(CommonBeginning({"a", "b"}), "");
  EXPECT_EQ(CommonBeginning({}), "");
  // Their first letters share two of three bytes.
  EXPECT_EQ(CommonBeginning({"a一", "a丁"}), "a");
  EXPECT_EQ(CommonBeginning({"公司", "公众"}), "公");
}

}  // namespace
}  // namespace relata
