#include "server/convert/mutation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "relata/v1/mutation.pb.h"
#include "relata/v1/write_service.pb.h"
#include "tests/server/proto_text.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

absl::StatusOr<Mutation> Read(const std::string& text) {
  return MutationFromProto(Proto<v1::Mutation>(text), FieldPath::RequestItem("mutations", 3));
}

TEST(MutationConvertTest, PutEntityWithEverything) {
  RELATA_ASSERT_OK_AND_ASSIGN(const Mutation mutation, Read(R"pb(
                                put_entity {
                                  key: "company/deepseek"
                                  handle: "d"
                                  labels: "Company"
                                  names { text: "深度求索" language: "zh" kind: PREFERRED }
                                  properties {
                                    name: "staff"
                                    fact {
                                      value { int_value: 160 qualifier: ABOUT }
                                      valid_from: "2025"
                                      citations {
                                        source { key: "source/a" }
                                        confidence: 0.5
                                        reported: "2026-01"
                                        locator: "p. 2"
                                      }
                                    }
                                  }
                                })pb"));
  const auto& write = std::get<EntityWrite>(mutation);
  EXPECT_TRUE(write.put);
  EXPECT_EQ(write.key, "company/deepseek");
  EXPECT_THAT(write.labels, ElementsAre("Company"));
  ASSERT_EQ(write.names.size(), 1u);
  EXPECT_EQ(write.names[0].name, (EntityName{"深度求索", "zh", NameKind::kPreferred}));
  ASSERT_EQ(write.properties.size(), 1u);
  EXPECT_EQ(write.properties[0].first, "staff");
  const FactWrite& fact = write.properties[0].second;
  EXPECT_EQ(fact.value.get<int64_t>(), 160);
  EXPECT_EQ(fact.value.qualifier(), Qualifier::kAbout);
  EXPECT_EQ(fact.valid.from.ToString(), "2025");
  EXPECT_EQ(fact.valid.to.ToString(), "..");
  ASSERT_EQ(fact.citations.size(), 1u);
  EXPECT_EQ(std::get<EntityKeyRef>(fact.citations[0].source).key, "source/a");
  EXPECT_EQ(fact.citations[0].confidence, 0.5);
  EXPECT_EQ(fact.citations[0].reported->ToString(), "2026-01");
  EXPECT_EQ(fact.citations[0].locator, "p. 2");
  EXPECT_FALSE(fact.citations[0].undated);
}

TEST(MutationConvertTest, AnEmptyReportDateIsNone) {
  RELATA_ASSERT_OK_AND_ASSIGN(const Mutation mutation, Read(R"pb(
                                cite {
                                  fact { handle: "f" }
                                  citation {
                                    source { id: 4 }
                                    reported: ""
                                  }
                                })pb"));
  const auto& cite = std::get<Cite>(mutation);
  EXPECT_TRUE(cite.citation.undated);
  EXPECT_FALSE(cite.citation.reported.has_value());
  EXPECT_EQ(std::get<EntityId>(cite.citation.source), EntityId(4));
}

TEST(MutationConvertTest, BoundsDefaultToUnboundedAndEmptyIsUnknown) {
  RELATA_ASSERT_OK_AND_ASSIGN(const Mutation mutation, Read(R"pb(
                                put_relationship {
                                  key: "r"
                                  facts {}
                                  facts { valid_from: "" valid_to: ".." }
                                })pb"));
  const auto& write = std::get<RelationshipWrite>(mutation);
  ASSERT_EQ(write.facts.size(), 2u);
  EXPECT_TRUE(write.facts[0].valid.always());
  EXPECT_TRUE(write.facts[1].valid.from.unknown);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(write.from));
}

TEST(MutationConvertTest, MistakesNameTheField) {
  const std::vector<std::pair<std::string, std::string>> mistakes = {
      {"", "mutations[3]: "},
      {"put_entity { }", "mutations[3].put_entity.key: "},
      {"create_entity { labels: \"A\" labels: \"\" }", "mutations[3].create_entity.labels[1]: "},
      {"create_entity { names { text: \"x\" language: \"e n\" } }",
       "mutations[3].create_entity.names[0].language: "},
      {"create_entity { names { language: \"en\" } }",
       "mutations[3].create_entity.names[0].text: "},
      {"create_entity { properties { name: \"_key\" fact { value { int_value: 1 } } } }",
       "mutations[3].create_entity.properties[0].name: "},
      {"create_entity { properties { name: \"p\" } }",
       "mutations[3].create_entity.properties[0].fact.value: "},
      {"create_entity { properties { name: \"p\" fact { value { int_value: 1 } valid_from: "
       "\"2026?\" } } }",
       "mutations[3].create_entity.properties[0].fact.valid_from: "},
      {"create_entity { properties { name: \"p\" fact { value { int_value: 1 } valid_from: "
       "\"2027\" valid_to: \"2026\" } } }",
       "mutations[3].create_entity.properties[0].fact.valid_to: "},
      {"create_relationship { type: \"T\" from { key: \"a\" } facts {} }",
       "mutations[3].create_relationship.to: "},
      {"create_relationship { type: \"T\" from { key: \"a\" } to { id: 0 } facts {} }",
       "mutations[3].create_relationship.to.id: "},
      {"create_relationship { type: \"T\" from { key: \"a\" } to { key: \"b\" } }",
       "mutations[3].create_relationship.facts: "},
      {"create_relationship { from { key: \"a\" } to { key: \"b\" } facts {} }",
       "mutations[3].create_relationship.type: "},
      {"cite { fact { handle: \"f\" } citation { source { key: \"s\" } confidence: 1.5 } }",
       "mutations[3].cite.citation.confidence: "},
      {"cite { fact { by_id { id: 3 } } citation { source { key: \"s\" } } }",
       "mutations[3].cite.fact.by_id: "},
      {"set_property { property: \"p\" value { int_value: 1 } }", "mutations[3].set_property: "},
      {"set_property { entity { key: \"a\" } property: \"p\" value { int_value: 1 } portion { "
       "from: \"2026-02-01\" to: \"2026-01-01\" } }",
       "mutations[3].set_property.portion: "},
      {"set_properties { entity { key: \"a\" } properties { name: \"p\" value { int_value: 1 } } "
       "properties { name: \"p\" value { int_value: 2 } } }",
       "mutations[3].set_properties.properties[1].name: "},
      {"delete_entity { entity { key: \"a\" } portion { from: \"..\" to: \"..\" } }",
       "mutations[3].delete_entity.portion: "},
      {"declare_property { property: \"p\" types: INT64 }", "mutations[3].declare_property: "},
      {"declare_property { label: \"L\" property: \"p\" }",
       "mutations[3].declare_property.types: "},
      {"create_index { label: \"L\" }", "mutations[3].create_index.property: "},
      {"create_index { property: \"p\" }", "mutations[3].create_index.label: "},
      {"create_index { label: \"L\" relationship_type: \"T\" property: \"p\" }",
       "mutations[3].create_index: "},
      {"create_index { relationship_type: \"T\" property: \"p\" more_properties: \"\" }",
       "mutations[3].create_index.more_properties[0]: "},
  };
  for (const auto& [text, field] : mistakes) {
    EXPECT_THAT(Read(text).status(),
                StatusIs(absl::StatusCode::kInvalidArgument, StartsWith(field)))
        << text;
  }
}

TEST(MutationConvertTest, EveryKindOfMutationIsRead) {
  const auto* const kinds = v1::Mutation::descriptor()->FindOneofByName("kind");
  for (int i = 0; i < kinds->field_count(); ++i) {
    v1::Mutation proto;
    proto.GetReflection()->MutableMessage(&proto, kinds->field(i));
    // Empty, most are refused for what they lack, none for being unknown.
    EXPECT_THAT(MutationFromProto(proto, FieldPath("m")).status().message(),
                ::testing::Not(::testing::HasSubstr("does not know")))
        << kinds->field(i)->name();
  }
}

TEST(MutationConvertTest, Preconditions) {
  RELATA_ASSERT_OK_AND_ASSIGN(
      const Precondition unchanged,
      PreconditionFromProto(
          Proto<v1::Precondition>("unchanged { entity { key: \"a\" } since_version: 7 }"),
          FieldPath("p")));
  EXPECT_EQ(unchanged.kind, Precondition::Kind::kUnchanged);
  EXPECT_EQ(unchanged.since, CommitVersion(7));
  EXPECT_THAT(
      PreconditionFromProto(Proto<v1::Precondition>("absent { id: 3 }"), FieldPath("p")).status(),
      StatusIs(absl::StatusCode::kInvalidArgument, StartsWith("p.absent: ")));
  EXPECT_THAT(
      PreconditionFromProto(Proto<v1::Precondition>("exists { handle: \"h\" }"), FieldPath("p"))
          .status(),
      StatusIs(absl::StatusCode::kInvalidArgument, StartsWith("p: ")));
}

}  // namespace
}  // namespace relata
