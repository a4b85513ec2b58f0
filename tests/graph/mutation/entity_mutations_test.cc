// Entities, their facts, names and labels: S1.3, S1.6, S4.1 to S4.5.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "graph/mutation/mutation.h"
#include "gtest/gtest.h"
#include "tests/graph/database_harness.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(EntityMutationsTest, CreateRefusesAKeyThatExists) {
  DatabaseHarness h;
  h.MustApply({Create("company/a", {"Company"})});
  EXPECT_THAT(h.Apply({Create("company/a")}),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("mutation 0")));
}

TEST(EntityMutationsTest, PutAddsLabelsAndFactsAndReplacesNothing) {
  DatabaseHarness h;
  h.MustApply({Put("company/a", {"Company"}, {{"valuation", Says(Value::Int(1), "2025")}})});
  const BatchResult second =
      h.MustApply({Put("company/a", {"Lab"}, {{"valuation", Says(Value::Int(2), "2026")}})});
  EXPECT_FALSE(second.items[0].created);
  EXPECT_THAT(h.Texts("company/a", "valuation"), ElementsAre("1@2025/..", "2@2026/.."));
  EXPECT_THAT(h.Entity("company/a").labels, SizeIs(2));
}

TEST(EntityMutationsTest, AKeyMadeAgainGetsANewId) {
  DatabaseHarness h;
  h.MustApply({Create("a")});
  const EntityId first = h.IdOf("a");
  h.MustApply({Delete("a"), Create("a")});
  EXPECT_GT(h.IdOf("a"), first);
  const EntityId second = h.IdOf("a");
  h.MustApply({Delete("a")});
  EXPECT_FALSE(h.Exists("a"));
  h.MustApply({Create("a")});
  EXPECT_GT(h.IdOf("a"), second);
  EXPECT_EQ(*h.At(1).FindEntity("a").value(), first);
}

TEST(EntityMutationsTest, IdsRiseInTheOrderOfCreation) {
  DatabaseHarness h;
  const BatchResult result = h.MustApply({Create("b"), Create("a"), Create("c")});
  EXPECT_LT(result.items[0].entity, result.items[1].entity);
  EXPECT_LT(result.items[1].entity, result.items[2].entity);
}

TEST(EntityMutationsTest, SetReplacesAllFactsByOneUnbounded) {
  DatabaseHarness h;
  h.MustApply({Put("a", {}, {{"p", Says(Value::Int(1), "2024", "2025")}}),
               Add("a", "p", {Says(Value::Int(2), "2025")})});
  h.MustApply({Set("a", "p", Value::Int(3))});
  EXPECT_THAT(h.Texts("a", "p"), ElementsAre("3@../.."));
  EXPECT_THAT(
      *h.At(1).GetEntity(h.IdOf("a")).value()->FindProperty(*h.db().names().FindProperty("p")),
      SizeIs(2));
}

TEST(EntityMutationsTest, RemoveEndsAllFacts) {
  DatabaseHarness h;
  h.MustApply({Put("a", {}, {{"p", Says(Value::Int(1), "2024")}}), Set("a", "q", Value::Int(1))});
  h.MustApply({Set("a", "p", Value())});
  EXPECT_THAT(h.Texts("a", "p"), IsEmpty());
  EXPECT_THAT(h.Texts("a", "q"), SizeIs(1));
}

TEST(EntityMutationsTest, SetForAPortionKeepsWhatIsOutside) {
  DatabaseHarness h;
  h.MustApply({Put("a"), Set("a", "p", Value::Int(1))});
  const FactId first = h.Facts("a", "p")[0].id;
  h.MustApply({Set("a", "p", Value::Int(2), During("2025-01-01", "2026-01-01"))});
  EXPECT_THAT(h.Texts("a", "p"), testing::UnorderedElementsAre(
                                     "1@../2025-01-01T00:00:00Z", "1@2026-01-01T00:00:00Z/..",
                                     "2@2025-01-01T00:00:00Z/2026-01-01T00:00:00Z"));
  const std::vector<Fact> facts = h.Facts("a", "p");
  EXPECT_EQ(facts[0].id, first);
  EXPECT_LT(facts[0].id, facts[1].id);
  EXPECT_LT(facts[1].id, facts[2].id);
  EXPECT_EQ(facts[0].valid.to.ToString(), "2025-01-01T00:00:00Z");
}

TEST(EntityMutationsTest, RemoveForAnOpenPortionCutsTheEnd) {
  DatabaseHarness h;
  h.MustApply({Put("a"), Set("a", "p", Value::Int(1))});
  h.MustApply({Set("a", "p", Value(), During("2025-01-01", ".."))});
  EXPECT_THAT(h.Texts("a", "p"), ElementsAre("1@../2025-01-01T00:00:00Z"));
}

TEST(EntityMutationsTest, TheSameFactAgainAddsOnlyItsCitations) {
  DatabaseHarness h;
  h.MustApply({Put("s", {"Source"}), Put("a", {}, {{"p", Says(Value::Int(1), "2025")}})});
  const FactId id = h.Facts("a", "p")[0].id;
  const BatchResult again =
      h.MustApply({Add("a", "p", {Says(Value::Double(1.0), "2025", "..", {CitedFrom("s")})})});
  EXPECT_THAT(again.items[0].facts, ElementsAre(id));
  ASSERT_THAT(h.Facts("a", "p"), SizeIs(1));
  EXPECT_EQ(h.Facts("a", "p")[0].recorded, CommitVersion(1));
  EXPECT_THAT(h.Facts("a", "p")[0].citations, SizeIs(1));
  // Another precision of the interval is another fact.
  h.MustApply({Add("a", "p", {Says(Value::Int(1), "2025-01-01")})});
  EXPECT_THAT(h.Facts("a", "p"), SizeIs(2));
}

TEST(EntityMutationsTest, ABatchThatChangesNothingStillTakesAVersion) {
  DatabaseHarness h;
  h.MustApply({Put("a"), Set("a", "p", Value::Int(1))});
  const BatchResult same = h.MustApply({Set("a", "p", Value::Int(1))});
  EXPECT_EQ(same.version, CommitVersion(2));
  RELATA_ASSERT_OK_AND_ASSIGN(const auto changes,
                              h.db().Changes(CommitVersion(1), CommitVersion(2), 10));
  ASSERT_THAT(changes, SizeIs(1));
  EXPECT_THAT(changes[0].entities, IsEmpty());
  EXPECT_EQ(h.Facts("a", "p")[0].recorded, CommitVersion(1));
}

TEST(EntityMutationsTest, DeleteRefusesRelationshipsOfAnyValidTime) {
  DatabaseHarness h;
  h.MustApply({Put("a"), Put("b"), Link("l", "T", "a", "b", {Holds({}, "1990", "1991")})});
  for (const char* key : {"a", "b"}) {
    EXPECT_THAT(h.Apply({Delete(key)}), StatusIs(absl::StatusCode::kFailedPrecondition));
  }
  h.MustApply({Delete("a", /*detach=*/true)});
  EXPECT_FALSE(h.Exists("a"));
  EXPECT_THAT(h.Latest().RelationshipsOf(h.IdOf("b")), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(h.Latest().FindRelationship("l"), IsOkAndHolds(testing::Eq(std::nullopt)));
}

TEST(EntityMutationsTest, DeleteWithAPortionIsAnError) {
  DatabaseHarness h;
  h.MustApply({Put("a")});
  DeleteEntity cut = Delete("a");
  cut.has_portion = true;
  EXPECT_THAT(h.Apply({cut}), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(EntityMutationsTest, DetachInTheBatchThatMadeTheRelationshipRemovesIt) {
  DatabaseHarness h;
  h.MustApply({Put("a"), Put("b"), Link("l", "T", "a", "b"), Link("loop", "T", "a", "a"),
               Delete("a", /*detach=*/true)});
  EXPECT_FALSE(h.Exists("a"));
  EXPECT_EQ(h.db().Statistics().relationships, 0U);
}

TEST(EntityMutationsTest, SetPropertiesRefusesReservedNames) {
  DatabaseHarness h;
  h.MustApply({Put("a")});
  for (const char* name : {"_key", "_names", "_anything"}) {
    SetProperties m{Key("a"), {{name, Value::Int(1)}}, false};
    EXPECT_THAT(h.Apply({m}), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(name)));
    EXPECT_THAT(h.Apply({Set("a", name, Value::Int(1))}),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST(EntityMutationsTest, ReplacingPropertiesKeepsNamesLabelsAndKey) {
  DatabaseHarness h;
  h.MustApply({Put("a", {"L"}), Names("a", {Named("Alpha", "en")}), Set("a", "p", Value::Int(1)),
               Set("a", "q", Value::Int(1))});
  h.MustApply({SetProperties{Key("a"), {{"q", Value::Int(2)}, {"r", Value::Int(3)}}, true}});
  EXPECT_THAT(h.Texts("a", "p"), IsEmpty());
  EXPECT_THAT(h.Texts("a", "q"), ElementsAre("2@../.."));
  EXPECT_THAT(h.Texts("a", "r"), ElementsAre("3@../.."));
  EXPECT_THAT(h.Named("alpha"), ElementsAre("a"));
  EXPECT_THAT(h.Entity("a").labels, SizeIs(1));
}

TEST(EntityMutationsTest, AddingPropertiesKeepsTheOthersAndNullRemoves) {
  DatabaseHarness h;
  h.MustApply({Put("a"), Set("a", "p", Value::Int(1)), Set("a", "q", Value::Int(1))});
  h.MustApply({SetProperties{Key("a"), {{"q", Value()}, {"r", Value::Int(3)}}, false}});
  EXPECT_THAT(h.Texts("a", "p"), SizeIs(1));
  EXPECT_THAT(h.Texts("a", "q"), IsEmpty());
  EXPECT_THAT(h.Texts("a", "r"), SizeIs(1));
}

TEST(EntityMutationsTest, TheFirstPreferredNameIsThePropertyNameWhereThereIsNone) {
  DatabaseHarness h;
  EntityWrite write = Put("a");
  write.names = {Named("Alias", "en"), Named("First", "en", NameKind::kPreferred),
                 Named("Second", "zh", NameKind::kPreferred)};
  h.MustApply({write});
  EXPECT_THAT(h.Texts("a", "name"), ElementsAre("First@../.."));
  h.MustApply({Names("a", {Named("Third", "en", NameKind::kPreferred)})});
  EXPECT_THAT(h.Texts("a", "name"), ElementsAre("First@../.."));
  EntityWrite given = Put("b", {}, {{"name", Says(Text("Given"))}});
  given.names = {Named("Preferred", "en", NameKind::kPreferred)};
  h.MustApply({given, Put("c"), Names("c", {Named("Only", "en")})});
  EXPECT_THAT(h.Texts("b", "name"), ElementsAre("Given@../.."));
  EXPECT_THAT(h.Texts("c", "name"), IsEmpty());
}

TEST(EntityMutationsTest, RemoveNamesByTextLanguageAndPortion) {
  DatabaseHarness h;
  h.MustApply({Put("a"), Names("a", {Named("X", "en"), Named("X", "de"), Named("Y", "en")})});
  h.MustApply({RemoveNames{Key("a"), "X", "de", {}}});
  EXPECT_THAT(h.Facts("a", "_names"), SizeIs(2));
  h.MustApply({RemoveNames{Key("a"), "X", "", During("2025-01-01", "..")}});
  EXPECT_THAT(h.Facts("a", "_names"), SizeIs(2));
  EXPECT_EQ(h.Facts("a", "_names")[0].valid.to.ToString(), "2025-01-01T00:00:00Z");
  EXPECT_THAT(h.Apply({RemoveNames{Key("a"), "Z", "", {}}}), StatusIs(absl::StatusCode::kNotFound));
  h.MustApply({RemoveNames{Key("a"), "X", "", {}}, RemoveNames{Key("a"), "Y", "", {}}});
  EXPECT_THAT(h.Named("X"), IsEmpty());
  EXPECT_FALSE(h.Entity("a").properties.contains(kNamesProperty));
}

TEST(EntityMutationsTest, LabelsComeAndGoWithTheirLists) {
  DatabaseHarness h;
  h.MustApply({Put("a", {"L", "M"})});
  h.MustApply({Labels("a", {"N"}, {"L", "NeverThere"})});
  const auto listed = [&](const char* label) {
    return h.Latest().ListEntities(*h.db().names().FindLabel(label), EntityId(), 10).value();
  };
  EXPECT_THAT(listed("L"), IsEmpty());
  EXPECT_THAT(listed("M"), ElementsAre(h.IdOf("a")));
  EXPECT_THAT(listed("N"), ElementsAre(h.IdOf("a")));
}

TEST(EntityMutationsTest, RefusesWhatCannotBeStored) {
  DatabaseHarness h;
  h.MustApply({Put("a")});
  const auto refused = [&](Mutation m) {
    EXPECT_THAT(h.Apply({std::move(m)}), StatusIs(absl::StatusCode::kInvalidArgument));
  };
  refused(Set("a", "p", Value::Of<Value::Map>({{"x", Value::Int(1)}})));
  refused(Set("a", "p", Value::String("\xff")));
  refused(Add("a", "p", {Says(Value())}));
  refused(Add("a", "p", {}));
  refused(Add("a", "", {Says(Value::Int(1))}));
  refused(Put(""));
  refused(Put(std::string(2000, 'k')));
  refused(Put("b", {""}));
  refused(Names("a", {Named("", "en")}));
  refused(Names("a", {Named("X", "no language")}));
  FactWrite with_properties = Says(Value::Int(1));
  with_properties.properties = {{"q", Value::Int(1)}};
  refused(Add("a", "p", {with_properties}));
  EXPECT_EQ(h.Latest().version(), CommitVersion(1));
}

TEST(EntityMutationsTest, HandlesNameWhatTheBatchMade) {
  DatabaseHarness h;
  EntityWrite source = Put("s", {"Source"});
  source.handle = "src";
  EntityWrite nameless;
  nameless.handle = "it";
  AddFacts facts{HandleRef{"it"}, "p", {Says(Value::Int(1))}};
  facts.facts[0].handle = "fact";
  Cite cite{HandleRef{"fact"}, CitationWrite{}};
  cite.citation.source = HandleRef{"src"};
  RELATA_ASSERT_OK_AND_ASSIGN(const BatchResult result, h.Apply({source, nameless, facts, cite}));
  RELATA_ASSERT_OK_AND_ASSIGN(const auto owners, h.Latest().FactsOfSource(h.IdOf("s")));
  ASSERT_THAT(owners, SizeIs(1));
  EXPECT_EQ(EntityId(owners[0].id), *result.items[1].entity);
  EXPECT_THAT(h.Apply({AddFacts{HandleRef{"it"}, "p", {Says(Value::Int(1))}}}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(h.Apply({source, source}), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace relata
