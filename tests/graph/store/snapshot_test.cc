// Reading: lists in pages, names, and every state in system time.
#include "graph/store/snapshot.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "graph/store/relationship_keys.h"
#include "gtest/gtest.h"
#include "tests/graph/database_harness.h"
#include "tests/graph/snapshot_text.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

TEST(SnapshotTest, TheEmptyDatabaseHasNothing) {
  DatabaseHarness h;
  EXPECT_EQ(h.Latest().version(), CommitVersion(0));
  EXPECT_EQ(h.Latest().commit_time(), kMinusInfinity);
  EXPECT_EQ(TextOf(h.Latest(), TextDetail::kStatements), "");
  EXPECT_THAT(h.Latest().FindByName("x", false, 10), IsOkAndHolds(IsEmpty()));
}

TEST(SnapshotTest, ListsComeInPagesOfAscendingIds) {
  DatabaseHarness h;
  std::vector<Mutation> batch;
  batch.reserve(10);
  for (int i = 0; i < 10; ++i) {
    batch.push_back(Put(absl::StrCat("e", i), {i % 2 == 0 ? "Even" : "Odd"}));
  }
  for (int i = 0; i < 9; ++i) batch.push_back(Link("", "T", "e0", absl::StrCat("e", i)));
  h.MustApply(batch);
  for (const char* label : {"", "Even"}) {
    const std::optional<LabelId> wanted =
        *label == '\0' ? std::nullopt : h.db().names().FindLabel(label);
    std::vector<EntityId> paged;
    EntityId after;
    while (true) {
      RELATA_ASSERT_OK_AND_ASSIGN(const auto page, h.Latest().ListEntities(wanted, after, 3));
      if (page.empty()) break;
      EXPECT_LE(page.size(), 3U);
      paged.insert(paged.end(), page.begin(), page.end());
      after = page.back();
    }
    EXPECT_THAT(h.Latest().ListEntities(wanted, EntityId(), 100), IsOkAndHolds(paged));
    EXPECT_THAT(paged, SizeIs(wanted ? 5 : 10));
    EXPECT_TRUE(std::is_sorted(paged.begin(), paged.end()));
  }
  RELATA_ASSERT_OK_AND_ASSIGN(const auto first, h.Latest().ListRelationships(RelationshipId(), 4));
  RELATA_ASSERT_OK_AND_ASSIGN(const auto rest, h.Latest().ListRelationships(first.back().id, 100));
  EXPECT_EQ(first.size() + rest.size(), 9U);
}

TEST(SnapshotTest, KeysOfManyRelationshipsComeInTheirOrder) {
  DatabaseHarness h;
  h.MustApply({Put("a"), Put("b"), Link("ab", "T", "a", "b"), Link("", "U", "a", "b")});
  const RelationshipId keyed = h.RelationshipOf("ab");
  RELATA_ASSERT_OK_AND_ASSIGN(
      const auto nameless,
      h.Latest().FindPair(h.IdOf("a"), *h.db().names().FindType("U"), h.IdOf("b")));
  EXPECT_THAT(RelationshipKeys(h.Latest(), {nameless.front(), keyed, RelationshipId(999), keyed},
                               /*keyless=*/nullptr),
              IsOkAndHolds(ElementsAre("", "ab", "", "ab")));
}

TEST(SnapshotTest, RelationshipsFoundToHaveNoKeyAreNotReadAgain) {
  DatabaseHarness h;
  h.MustApply({Put("a"), Put("b"), Link("ab", "T", "a", "b"), Link("", "U", "a", "b")});
  const RelationshipId keyed = h.RelationshipOf("ab");
  RELATA_ASSERT_OK_AND_ASSIGN(
      const auto nameless,
      h.Latest().FindPair(h.IdOf("a"), *h.db().names().FindType("U"), h.IdOf("b")));
  const RelationshipId missing(999);
  KeylessRelationships keyless;
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(RelationshipKeys(h.Latest(), {missing, nameless.front(), keyed}, &keyless),
                IsOkAndHolds(ElementsAre("", "", "ab")));
    EXPECT_TRUE(keyless.Contains(nameless.front()));
    EXPECT_FALSE(keyless.Contains(keyed));
    EXPECT_FALSE(keyless.Contains(missing)) << "it may be made yet, with a key";
  }
  keyless.Add(keyed);  // against what it says: so it is seen that nobody reads
  EXPECT_THAT(RelationshipKeys(h.Latest(), {keyed}, &keyless), IsOkAndHolds(ElementsAre("")));
}

TEST(SnapshotTest, ALoopIsListedOnceAndPairsByTheirEnds) {
  DatabaseHarness h;
  h.MustApply({Put("a"), Put("b"), Link("loop", "T", "a", "a"), Link("ab", "T", "a", "b"),
               Link("ab2", "T", "a", "b"), Link("ba", "T", "b", "a"), Link("u", "U", "a", "b")});
  EXPECT_THAT(h.Latest().RelationshipsOf(h.IdOf("a")), IsOkAndHolds(SizeIs(5)));
  EXPECT_THAT(h.Latest().FindPair(h.IdOf("a"), *h.db().names().FindType("T"), h.IdOf("b")),
              IsOkAndHolds(ElementsAre(h.RelationshipOf("ab"), h.RelationshipOf("ab2"))));
  EXPECT_THAT(h.Latest().GetRelationshipKey(h.RelationshipOf("ba")), IsOkAndHolds("ba"));
  EXPECT_THAT(h.Latest().GetRelationshipEnds(RelationshipId(9999)),
              IsOkAndHolds(testing::Eq(std::nullopt)));
}

TEST(SnapshotTest, ManyRelationshipsInOneReadAreThoseReadOneByOne) {
  DatabaseHarness h;
  std::vector<Mutation> batch;
  batch.reserve(100);
  for (int i = 0; i < 100; ++i) batch.push_back(Put(absl::StrCat("e", i)));
  for (int i = 0; i < 100; ++i) {
    batch.push_back(Link(absl::StrCat("hub", i), "T", "e0", absl::StrCat("e", i)));
    batch.push_back(Link(absl::StrCat("in", i), "T", absl::StrCat("e", i), "e1"));
  }
  h.MustApply(batch);
  const Snapshot before = h.Latest();
  h.MustApply({Unlink("hub40"), Unlink("hub41"), Unlink("in7")});
  RELATA_ASSERT_OK_AND_ASSIGN(const auto all, before.ListRelationships(RelationshipId(), 1000));
  // All, backward, with some asked for twice; few of the hub's, far apart.
  std::vector<RelationshipEnds> many(all.rbegin(), all.rend());
  many.insert(many.end(), all.begin(), all.begin() + 10);
  std::vector<RelationshipEnds> sparse;
  for (size_t i = 0; i < 100; i += 20) sparse.push_back(all[2 * i]);
  ASSERT_THAT(sparse, SizeIs(5));
  for (const Snapshot& snapshot : {before, h.Latest()}) {
    for (const std::vector<RelationshipEnds>& ends : {many, sparse}) {
      RELATA_ASSERT_OK_AND_ASSIGN(const auto states, snapshot.GetRelationships(ends));
      ASSERT_THAT(states, SizeIs(ends.size()));
      for (size_t i = 0; i < ends.size(); ++i) {
        RELATA_ASSERT_OK_AND_ASSIGN(const auto one, snapshot.GetRelationships({ends[i]}));
        ASSERT_EQ(states[i].has_value(), one.front().has_value()) << ends[i].id.value();
        if (!states[i]) continue;
        EXPECT_EQ(states[i]->ends, ends[i]);
        ASSERT_THAT(states[i]->facts, SizeIs(1));
        EXPECT_EQ(states[i]->facts.front().id, one.front()->facts.front().id);
      }
    }
  }
}

TEST(SnapshotTest, ManyEntitiesInOneReadAbsentOnesEmpty) {
  DatabaseHarness h;
  h.MustApply(
      {Put("a", {"L"}, {{"p", Says(Value::Int(1))}, {"dated", Says(Value::Int(1), "2025")}}),
       Put("b")});
  RELATA_ASSERT_OK_AND_ASSIGN(
      const auto records, h.Latest().GetEntityRecords({h.IdOf("b"), EntityId(9999), h.IdOf("a")}));
  ASSERT_THAT(records, SizeIs(3));
  EXPECT_EQ(records[0]->key, "b");
  EXPECT_FALSE(records[1].has_value());
  EXPECT_EQ(records[2]->key, "a");
  EXPECT_THAT(records[2]->properties, SizeIs(1));  // the plain one
}

TEST(SnapshotTest, AnEntityIsFoundByAnyNameWhateverCaseAndWidth) {
  DatabaseHarness h;
  h.MustApply({Put("deepseek"), Put("other"),
               Names("deepseek", {Named("DeepSeek", "en", NameKind::kPreferred),
                                  Named("深度求索", "zh"), Named("Straße", "de")}),
               Names("other", {Named("Deep Mind", "en"), Named("深蓝", "zh")})});
  for (const char* text :
       {"DeepSeek", "deepseek", "DEEPSEEK", "ＤｅｅｐＳｅｅｋ", "深度求索", "STRASSE"}) {
    EXPECT_THAT(h.Named(text), ElementsAre("deepseek")) << text;
  }
  EXPECT_THAT(h.Named("深"), IsEmpty());
  EXPECT_THAT(h.Named("深", /*prefix=*/true), UnorderedElementsAre("deepseek", "other"));
  EXPECT_THAT(h.Named("deep", true), UnorderedElementsAre("deepseek", "other"));
  EXPECT_THAT(h.Named("deeps", true), ElementsAre("deepseek"));
  EXPECT_THAT(h.Latest().FindByName("\xff", false, 10),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(SnapshotTest, NamesOfThePastAreFoundInThePast) {
  DatabaseHarness h;
  h.MustApply({Put("a"), Names("a", {Named("Old", "en"), Named("Both", "en")})});
  h.MustApply({RemoveNames{Key("a"), "Old", "", {}}});
  h.MustApply({Delete("a")});
  EXPECT_THAT(h.Named("old"), IsEmpty());
  EXPECT_THAT(h.Named("both"), IsEmpty());
  EXPECT_THAT(h.At(1).FindByName("old", false, 10), IsOkAndHolds(SizeIs(1)));
  EXPECT_THAT(h.At(2).FindByName("old", false, 10), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(h.At(2).FindByName("both", false, 10), IsOkAndHolds(SizeIs(1)));
}

TEST(SnapshotTest, TheTextItselfComesFirstAlsoUnderALimit) {
  DatabaseHarness h;
  h.MustApply({Put("lower"), Put("exact"), Put("longer"), Names("lower", {Named("kling", "en")}),
               Names("exact", {Named("Kling", "en")}), Names("longer", {Named("Kling AI", "en")})});
  EXPECT_THAT(h.Named("Kling"), ElementsAre("exact", "lower"));
  EXPECT_THAT(h.Named("Kling", false, 1), ElementsAre("exact"));
  EXPECT_THAT(h.Named("Kling", true), ElementsAre("exact", "lower", "longer"));
  EXPECT_THAT(h.Named("Kling", true, 1), ElementsAre("exact"));
  EXPECT_THAT(h.Named("Kling", true, 2), ElementsAre("exact", "lower"));
}

TEST(SnapshotTest, HistoryHasEveryStateAndTheGap) {
  DatabaseHarness h;
  h.MustApply({Put("unrelated")});
  h.MustApply({Put("a", {"L"})});                               // 2
  h.MustApply({Add("a", "p", {Says(Value::Int(1), "2025")})});  // 3
  h.MustApply({Put("unrelated", {"M"})});                       // 4
  h.MustApply({Set("a", "p", Value::Int(2))});                  // 5
  const EntityId id = h.IdOf("a");
  h.MustApply({Delete("a")});  // 6
  RELATA_ASSERT_OK_AND_ASSIGN(const auto spans, h.Latest().EntityHistory(id));
  ASSERT_THAT(spans, SizeIs(4));
  const std::vector<std::pair<uint64_t, uint64_t>> expected = {{2, 3}, {3, 5}, {5, 6}, {6, 0}};
  for (size_t i = 0; i < spans.size(); ++i) {
    EXPECT_EQ(spans[i].since, CommitVersion(expected[i].first));
    EXPECT_EQ(spans[i].ended, CommitVersion(expected[i].second));
    EXPECT_EQ(spans[i].state.has_value(), i < 3);
    if (!spans[i].state) continue;
    const Snapshot then = h.At(expected[i].first);
    EXPECT_EQ(TextOf(*spans[i].state, then, TextDetail::kAll),
              TextOf(*then.GetEntity(id).value(), then, TextDetail::kAll));
  }
  // Read in the past it ends there.
  RELATA_ASSERT_OK_AND_ASSIGN(const auto past, h.At(4).EntityHistory(id));
  ASSERT_THAT(past, SizeIs(2));
  EXPECT_EQ(past[1].ended, CommitVersion(0));
  EXPECT_THAT(h.Latest().EntityHistory(EntityId(9999)), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(h.At(1).EntityHistory(id), IsOkAndHolds(IsEmpty()));
}

TEST(SnapshotTest, EntityChangedIsTheNewestChange) {
  DatabaseHarness h;
  h.MustApply({Put("a"), Put("b")});
  const EntityId id = h.IdOf("a");
  EXPECT_THAT(h.Latest().EntityChanged(id), IsOkAndHolds(CommitVersion(1)));
  h.MustApply({Link("l", "T", "a", "b")});
  EXPECT_THAT(h.Latest().EntityChanged(id), IsOkAndHolds(CommitVersion(1)));
  h.MustApply({Add("a", "p", {Says(Value::Int(1), "2025")})});
  EXPECT_THAT(h.Latest().EntityChanged(id), IsOkAndHolds(CommitVersion(3)));
  EXPECT_THAT(h.At(2).EntityChanged(id), IsOkAndHolds(CommitVersion(1)));
  h.MustApply({Delete("a", true)});
  EXPECT_THAT(h.Latest().EntityChanged(id), IsOkAndHolds(CommitVersion(4)));
  EXPECT_THAT(h.Latest().EntityChanged(EntityId(9999)), IsOkAndHolds(CommitVersion(0)));
}

}  // namespace
}  // namespace relata
