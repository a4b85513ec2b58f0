// Declarations of properties, unique constraints and indexes.
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "graph/mutation/mutation.h"
#include "graph/store/key_layout.h"
#include "graph/store/records.h"
#include "gtest/gtest.h"
#include "tests/graph/database_harness.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr absl::StatusCode kRefused = absl::StatusCode::kFailedPrecondition;

TEST(SchemaMutationsTest, ATypedPropertyTakesItsTypesOnly) {
  DatabaseHarness h;
  h.MustApply({Property("Company", "founded", {ValueType::kDate, ValueType::kInt64})});
  h.MustApply({Put("a", {"Company"}, {{"founded", Says(Value::Int(2023))}})});
  EXPECT_THAT(h.Apply({Set("a", "founded", Text("2023"))}),
              StatusIs(kRefused, HasSubstr("`founded`")));
  // Each fact counts, not the newest alone; other labels are free; a label that comes later binds.
  EXPECT_THAT(h.Apply({Add("a", "founded", {Says(Text("x"), "1990", "1991")})}),
              StatusIs(kRefused));
  h.MustApply({Put("b", {"Person"}, {{"founded", Says(Text("x"))}})});
  EXPECT_THAT(h.Apply({Labels("b", {"Company"}, {})}), StatusIs(kRefused));
}

TEST(SchemaMutationsTest, ARequiredPropertyCannotBeLeftOutOrRemoved) {
  DatabaseHarness h;
  h.MustApply({Property("Company", "country", {ValueType::kString}, /*required=*/true)});
  EXPECT_THAT(h.Apply({Put("a", {"Company"})}), StatusIs(kRefused, HasSubstr("`country`")));
  // It may come later in the batch.
  h.MustApply({Put("a", {"Company"}), Set("a", "country", Text("CN"))});
  EXPECT_THAT(h.Apply({Set("a", "country", Value())}), StatusIs(kRefused));
  h.MustApply({Labels("a", {}, {"Company"}), Set("a", "country", Value())});
}

TEST(SchemaMutationsTest, PropertiesOfRelationshipTypesAreAskedInEveryFact) {
  DatabaseHarness h;
  DeclareProperty share;
  share.relationship_type = "OWNS";
  share.property = "share";
  share.types = {ValueType::kFloat64};
  share.required = true;
  h.MustApply({Put("a"), Put("b"), share});
  EXPECT_THAT(h.Apply({Link("l", "OWNS", "a", "b")}), StatusIs(kRefused));
  h.MustApply({Link("l", "OWNS", "a", "b", {Holds({{"share", Value::Double(0.5)}})})});
  EXPECT_THAT(h.Apply({Link("l", "OWNS", "a", "b", {Holds({}, "2025")})}), StatusIs(kRefused));
  EXPECT_THAT(h.Apply({SetLink("l", "share", Value::Int(1))}), StatusIs(kRefused));
  h.MustApply({Link("m", "USES", "a", "b")});
}

TEST(SchemaMutationsTest, ADeclarationIsRefusedWhereDataBreaksIt) {
  DatabaseHarness h;
  h.MustApply(
      {Put("a", {"Company"}, {{"p", Says(Text("x"))}}), Put("b"), Link("l", "OWNS", "a", "b")});
  EXPECT_THAT(h.Apply({Property("Company", "p", {ValueType::kInt64})}), StatusIs(kRefused));
  EXPECT_THAT(h.Apply({Property("Company", "q", {ValueType::kInt64}, true)}), StatusIs(kRefused));
  DeclareProperty of_type = Property("", "share", {ValueType::kFloat64}, true);
  of_type.relationship_type = "OWNS";
  EXPECT_THAT(h.Apply({of_type}), StatusIs(kRefused));
  EXPECT_THAT(h.Apply({Property("", "q", {ValueType::kInt64})}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(h.Apply({Property("Company", "q", {})}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  // A refused batch leaves no declaration behind.
  EXPECT_THAT(h.Latest().GetSchema().value()->properties(), IsEmpty());
  h.MustApply({Set("a", "p", Value::Int(1)), Property("Company", "p", {ValueType::kInt64})});
  EXPECT_THAT(h.Latest().GetSchema().value()->properties(), SizeIs(1));
}

TEST(SchemaMutationsTest, TheSchemaOfAPastVersionIsThatOfThen) {
  DatabaseHarness h;
  h.MustApply({Put("a", {"C"})});
  h.MustApply({Property("C", "p", {ValueType::kInt64})});
  h.MustApply({Property("C", "p", {ValueType::kInt64, ValueType::kString})});
  EXPECT_THAT(h.At(1).GetSchema().value()->properties(), IsEmpty());
  EXPECT_THAT(h.At(2).GetSchema().value()->properties()[0].types, SizeIs(1));
  EXPECT_THAT(h.Latest().GetSchema().value()->properties()[0].types, SizeIs(2));
  RELATA_ASSERT_OK_AND_ASSIGN(const auto changes,
                              h.db().Changes(CommitVersion(0), CommitVersion(3), 10));
  EXPECT_FALSE(changes[0].schema_changed);
  EXPECT_TRUE(changes[1].schema_changed);
  EXPECT_THAT(changes[1].entities, IsEmpty());
}

TEST(SchemaMutationsTest, AUniqueValueBelongsToOneEntityAtAnyTime) {
  DatabaseHarness h;
  h.MustApply({Unique("Company", "code"),
               Put("a", {"Company"}, {{"code", Says(Value::Int(7), "2020", "2021")}}),
               Put("p", {"Person"}, {{"code", Says(Value::Int(7))}})});
  EXPECT_THAT(h.Apply({Put("b", {"Company"}, {{"code", Says(Value::Double(7.0), "2025")}})}),
              StatusIs(kRefused, HasSubstr("unique")));
  EXPECT_THAT(h.Apply({Labels("p", {"Company"}, {})}), StatusIs(kRefused));
  // The same entity may say it again, and a value that was given up is free.
  h.MustApply({Add("a", "code", {Says(Value::Int(7), "2024")})});
  h.MustApply({Set("a", "code", Value::Int(8)), Labels("p", {"Company"}, {})});
}

TEST(SchemaMutationsTest, AUniqueValueIsAskedWithinABatch) {
  DatabaseHarness h;
  h.MustApply({Unique("C", "code")});
  EXPECT_THAT(h.Apply({Put("a", {"C"}, {{"code", Says(Text("x"))}}),
                       Put("b", {"C"}, {{"code", Says(Text("x"))}})}),
              StatusIs(kRefused));
  h.MustApply({Put("a", {"C"}, {{"code", Says(Text("x"))}})});
  // Handing a value over and swapping two are states that hold at the end of the batch.
  h.MustApply({Put("b", {"C"}, {{"code", Says(Text("x"))}}), Set("a", "code", Text("y"))});
  h.MustApply({Set("a", "code", Text("x")), Set("b", "code", Text("y"))});
  h.MustApply({Delete("a"), Put("c", {"C"}, {{"code", Says(Text("x"))}})});
}

TEST(SchemaMutationsTest, AUniqueConstraintOverExistingDataNeedsDataThatFits) {
  DatabaseHarness h;
  h.MustApply({Put("a", {"C"}, {{"code", Says(Text("x"))}}),
               Put("b", {"C"}, {{"code", Says(Text("x"))}}), Put("c", {"C"})});
  EXPECT_THAT(h.Apply({Unique("C", "code")}), StatusIs(kRefused));
  h.MustApply({Set("b", "code", Text("y")), Unique("C", "code")});
  EXPECT_THAT(h.Apply({Set("c", "code", Text("x"))}), StatusIs(kRefused));
  EXPECT_THAT(h.Apply({Set("c", "code", Text("y"))}), StatusIs(kRefused));
  h.Reopen();
  EXPECT_THAT(h.Apply({Set("c", "code", Text("x"))}), StatusIs(kRefused));
  ChangeIndex drop = Unique("C", "code");
  drop.drop = true;
  h.MustApply({drop, Set("c", "code", Text("x"))});
}

TEST(SchemaMutationsTest, LongUniqueValuesThatShareTheirStartAreTold) {
  DatabaseHarness h;
  const std::string start(3000, 'x');
  h.MustApply({Unique("C", "text"), Put("a", {"C"}, {{"text", Says(Text(start + "a"))}}),
               Put("b", {"C"}, {{"text", Says(Text(start + "b"))}})});
  EXPECT_THAT(h.Apply({Put("c", {"C"}, {{"text", Says(Text(start + "a"))}})}), StatusIs(kRefused));
}

TEST(SchemaMutationsTest, AnIndexFindsEqualNumbersOfAllTypes) {
  DatabaseHarness h;
  h.MustApply({Put("i", {"C"}, {{"n", Says(Value::Int(1))}}),
               Put("f", {"C"}, {{"n", Says(Value::Double(1.0))}}),
               Put("d", {"C"}, {{"n", Says(Value::Of<Decimal>(Decimal::Parse("1.00").value()))}}),
               Put("s", {"C"}, {{"n", Says(Text("1"))}}),
               Put("other", {"C"}, {{"n", Says(Value::Int(2))}}),
               Put("unlabelled", {}, {{"n", Says(Value::Int(1))}}), Index("C", "n")});
  RELATA_ASSERT_OK(h.db().WaitForIndexes());
  ASSERT_THAT(h.db().Indexes(), SizeIs(1));
  const IndexDefinition index = h.db().Indexes()[0].definition;
  for (const Value& value :
       {Value::Int(1), Value::Double(1.0), Value::Of<Decimal>(Decimal::Parse("1.0").value())}) {
    EXPECT_THAT(h.Latest().FindHolders(index, {value}),
                IsOkAndHolds(UnorderedElementsAre(h.IdOf("i"), h.IdOf("f"), h.IdOf("d"))));
  }
  EXPECT_THAT(h.Latest().FindHolders(index, {Text("1")}), IsOkAndHolds(ElementsAre(h.IdOf("s"))));
  EXPECT_THAT(h.Latest().FindHolders(index, {Value::Int(3)}), IsOkAndHolds(IsEmpty()));
}

TEST(SchemaMutationsTest, InlinePropertiesAreEncodedAnewInIncomingEntries) {
  DatabaseHarness h;
  h.MustApply(
      {Put("a"), Put("b"),
       Link("l", "OWNS", "a", "b", {Holds({{"share", Value::Double(0.5)}, {"note", Text("n")}})})});
  const auto inlined = [&](const Snapshot& snapshot) {
    const RelationshipEnds ends = h.Relationship("l").ends;
    const auto record = snapshot.store().Get(InKey(ends)).value();
    const FactSummary summary = Must(DecodeIn(ends, record->record)).at(0);
    std::vector<std::string> names;
    for (const auto& [id, value] : summary.properties) {
      names.emplace_back(h.db().names().Name(id));
    }
    return names;
  };
  EXPECT_THAT(inlined(h.Latest()), IsEmpty());
  h.MustApply({DeclareRelationshipType{"OWNS", false, {}, {}, {"share"}}});
  EXPECT_THAT(inlined(h.Latest()), ElementsAre("share"));
  h.MustApply({DeclareRelationshipType{"OWNS", false, {}, {}, {"note"}}});
  EXPECT_THAT(inlined(h.Latest()), ElementsAre("note"));
  EXPECT_THAT(inlined(h.At(2)), ElementsAre("share"));
  EXPECT_THAT(inlined(h.At(1)), IsEmpty());
}

TEST(SchemaMutationsTest, NamesOfRulesAreUniqueAndGoWithThem) {
  DatabaseHarness h;
  const auto name = [](SchemaRule::Kind kind, absl::string_view property, absl::string_view text) {
    NameSchemaRule named;
    named.kind = kind;
    named.label = "Company";
    named.properties = {std::string(property)};
    named.name = std::string(text);
    return named;
  };
  using Kind = SchemaRule::Kind;
  EXPECT_THAT(h.Apply({name(Kind::kIndex, "a", "n")}), StatusIs(absl::StatusCode::kNotFound));
  h.MustApply({Index("Company", "a"), Unique("Company", "b"), name(Kind::kIndex, "a", "n")});
  EXPECT_THAT(h.Apply({name(Kind::kIndex, "b", "m")}), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(h.Apply({name(Kind::kUnique, "b", "n")}),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("`n`")));
  EXPECT_THAT(h.Apply({name(Kind::kUnique, "b", "")}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  // Another name instead of the first, which is free then. The name that would be made for the
  // index can be given to the constraint.
  h.MustApply({name(Kind::kIndex, "a", "m"), name(Kind::kUnique, "b", "n")});
  const auto found = [&h](absl::string_view text) {
    const auto schema = h.Latest().GetSchema().value();
    const auto rule = FindRule(*schema, h.Latest().names(), text);
    return rule ? std::optional(rule->kind) : std::nullopt;
  };
  EXPECT_EQ(found("m"), Kind::kIndex);
  EXPECT_EQ(found("n"), Kind::kUnique);
  ChangeIndex drop = Index("Company", "a");
  drop.drop = true;
  h.MustApply({drop, Index("Company", "a"), name(Kind::kUnique, "b", "index_Company_a")});
  EXPECT_EQ(found("m"), std::nullopt);
  EXPECT_EQ(found("index_Company_a"), Kind::kUnique);
  EXPECT_EQ(found("index_Company_a_"), Kind::kIndex);
}

}  // namespace
}  // namespace relata
