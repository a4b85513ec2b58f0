// Indexes that are built while writes go on, and from which version they may be used.
#include "graph/transaction/index_builder.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "graph/store/index_entries.h"
#include "graph/store/key_layout.h"
#include "graph/store/meta_layout.h"
#include "gtest/gtest.h"
#include "tests/graph/database_harness.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// What a scan of all entities with the label finds, ascending.
std::vector<EntityId> Scan(const Snapshot& snapshot, const IndexDefinition& index,
                           const Value& value) {
  std::vector<EntityId> found;
  for (const EntityId id : Must(snapshot.ListEntities(index.label, EntityId(), SIZE_MAX))) {
    const auto state = snapshot.GetEntity(id).value();
    const std::vector<Fact>* facts = state->FindProperty(index.properties[0]);
    if (facts == nullptr) continue;
    for (const Fact& fact : *facts) {
      if (!Equivalent(fact.value, value)) continue;
      found.push_back(id);
      break;
    }
  }
  return found;
}

size_t EntriesOf(DatabaseHarness& h, IndexId index) {
  const std::string prefix = IndexPrefix(index);
  const auto it = h.kv().NewIterator(KeySpace::kLive, nullptr, prefix, PrefixEnd(prefix));
  size_t entries = 0;
  for (it->SeekToFirst(); it->Valid(); it->Next()) ++entries;
  return entries;
}

TEST(IndexBuilderTest, AnIndexIsUsableFromTheVersionThatHasAllEntries) {
  DatabaseHarness h;
  h.MustApply({Put("a", {"C"}, {{"p", Says(Value::Int(1))}})});
  h.MustApply({Index("C", "p")});
  RELATA_ASSERT_OK(h.db().WaitForIndexes());
  const IndexInfo info = h.db().Indexes().at(0);
  ASSERT_TRUE(info.usable_from.has_value());
  EXPECT_TRUE(h.db().IndexUsable(info.definition.id, h.Latest()));
  EXPECT_FALSE(h.db().IndexUsable(info.definition.id, h.At(1)));
  EXPECT_THAT(h.Latest().FindHolders(info.definition, {Value::Int(1)}),
              IsOkAndHolds(ElementsAre(h.IdOf("a"))));
  // Declared again it is the same one.
  h.MustApply({Index("C", "p")});
  EXPECT_THAT(h.db().Indexes(), SizeIs(1));
}

TEST(IndexBuilderTest, AUniqueConstraintIsUsableWithItsCommit) {
  DatabaseHarness h;
  h.MustApply({Put("a", {"C"}, {{"p", Says(Value::Int(1))}})});
  h.MustApply({Put("b", {"C"}, {{"p", Says(Value::Int(2))}}), Unique("C", "p")});
  const IndexInfo info = h.db().Indexes().at(0);
  EXPECT_EQ(info.usable_from, CommitVersion(2));
  EXPECT_TRUE(h.db().IndexUsable(info.definition.id, h.Latest()));
  for (const char* key : {"a", "b"}) {
    EXPECT_THAT(h.Latest().FindHolders(info.definition, {h.Facts(key, "p")[0].value}),
                IsOkAndHolds(ElementsAre(h.IdOf(key))));
  }
  // The same commit brought no change to the entity that was there.
  RELATA_ASSERT_OK_AND_ASSIGN(const auto changes,
                              h.db().Changes(CommitVersion(1), CommitVersion(2), 1));
  EXPECT_THAT(changes[0].entities, ElementsAre(h.IdOf("b")));
}

TEST(IndexBuilderTest, AnIndexFollowsValuesLabelsAndDeletes) {
  DatabaseHarness h;
  h.MustApply({Index("C", "p"), Put("a", {"C"}, {{"p", Says(Value::Int(1))}}), Put("b")});
  RELATA_ASSERT_OK(h.db().WaitForIndexes());
  const IndexDefinition index = h.db().Indexes()[0].definition;
  const auto found = [&](const Snapshot& s) {
    return s.FindHolders(index, {Value::Int(1)}).value();
  };
  h.MustApply({Set("b", "p", Value::Int(1))});
  EXPECT_THAT(found(h.Latest()), ElementsAre(h.IdOf("a")));
  h.MustApply({Labels("b", {"C"}, {})});
  EXPECT_THAT(found(h.Latest()), SizeIs(2));
  h.MustApply({Set("a", "p", Value::Int(2))});
  EXPECT_THAT(found(h.Latest()), ElementsAre(h.IdOf("b")));
  h.MustApply({Delete("b")});
  EXPECT_THAT(found(h.Latest()), IsEmpty());
  EXPECT_THAT(found(h.At(3)), SizeIs(2));
  // Several facts of one value are one entry; it stays until the last is gone.
  h.MustApply({Put("c", {"C"}, {{"p", Says(Value::Int(1), "2024", "2025")}})});
  h.MustApply({Add("c", "p", {Says(Value::Int(1), "2026")})});
  h.MustApply({Set("c", "p", Value::Int(3), During("..", "2025-06-01"))});
  EXPECT_THAT(found(h.Latest()), ElementsAre(h.IdOf("c")));
}

TEST(IndexBuilderTest, AnIndexBuiltWhileWritersRunMissesNothing) {
  DatabaseHarness h;
  std::vector<Mutation> batch;
  batch.reserve(1500);
  for (int i = 0; i < 1500; ++i) {
    batch.push_back(Put(absl::StrCat("e", i), {"C"}, {{"p", Says(Value::Int(i % 5))}}));
  }
  h.MustApply(batch);
  std::atomic<bool> stop{false};
  std::vector<std::thread> writers;
  writers.reserve(2);
  for (int t = 0; t < 2; ++t) {
    writers.emplace_back([&, t] {
      for (int i = 0; !stop; ++i) {
        const std::string key = absl::StrCat("e", (i * 37 + t * 11) % 1500);
        Batch one;
        if (i % 4 == 0) {
          one.mutations = {
              Put(absl::StrCat("new", t, "/", i), {"C"}, {{"p", Says(Value::Int(i % 5))}})};
        } else {
          one.mutations = {Set(key, "p", Value::Int(i % 5))};
        }
        ASSERT_THAT(h.db().Apply(one).status(),
                    testing::AnyOf(IsOk(), StatusIs(absl::StatusCode::kAborted)));
      }
    });
  }
  Batch declare;
  declare.mutations = {Index("C", "p")};
  absl::Status declared = absl::AbortedError("");
  while (absl::IsAborted(declared)) declared = h.db().Apply(declare).status();
  RELATA_EXPECT_OK(declared);
  RELATA_EXPECT_OK(h.db().WaitForIndexes());
  const IndexInfo info = h.db().Indexes().at(0);
  std::vector<Snapshot> seen;
  seen.reserve(3);
  for (int i = 0; i < 3; ++i) seen.push_back(h.db().Latest());
  stop = true;
  for (std::thread& writer : writers) writer.join();
  seen.push_back(h.Latest());
  for (const Snapshot& snapshot : seen) {
    ASSERT_TRUE(h.db().IndexUsable(info.definition.id, snapshot));
    for (int v = 0; v < 5; ++v) {
      EXPECT_THAT(snapshot.FindHolders(info.definition, {Value::Int(v)}),
                  IsOkAndHolds(Scan(snapshot, info.definition, Value::Int(v))));
    }
  }
}

// The keys of an index's entries, and those that follow from all states, both ascending.
std::vector<std::string> StoredEntries(DatabaseHarness& h, IndexId index) {
  const std::string prefix = IndexPrefix(index);
  const auto it = h.kv().NewIterator(KeySpace::kLive, nullptr, prefix, PrefixEnd(prefix));
  std::vector<std::string> keys;
  for (it->SeekToFirst(); it->Valid(); it->Next()) keys.emplace_back(it->key());
  return keys;
}
std::vector<std::string> EntriesOfStates(const Snapshot& snapshot, const IndexDefinition& index) {
  std::vector<std::string> keys;
  const auto add = [&keys](const std::vector<std::string>& more) {
    keys.insert(keys.end(), more.begin(), more.end());
  };
  for (const EntityId id : Must(snapshot.ListEntities(std::nullopt, EntityId(), SIZE_MAX))) {
    add(IndexEntries(index, *Must(snapshot.GetEntity(id))));
  }
  const auto ends = Must(snapshot.ListRelationships(RelationshipId(), SIZE_MAX));
  for (const auto& state : Must(snapshot.GetRelationships(ends))) add(IndexEntries(index, *state));
  std::sort(keys.begin(), keys.end());
  return keys;
}

TEST(IndexBuilderTest, IndexesOfRelationshipsAndOfSeveralPropertiesMissNothingEither) {
  DatabaseHarness h;
  std::vector<Mutation> batch;
  for (int i = 0; i < 700; ++i) {
    batch.push_back(Put(absl::StrCat("e", i), {"C"}, {{"p", Says(Value::Int(i % 5))}}));
    if (i % 2 == 0) batch.push_back(Set(absl::StrCat("e", i), "q", Value::Int(i)));
    batch.push_back(Link(absl::StrCat("r", i), i % 3 == 0 ? "S" : "R", absl::StrCat("e", i),
                         absl::StrCat("e", i / 2), {Holds({{"w", Value::Int(i % 7)}})}));
  }
  h.MustApply(batch);
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    for (int i = 0; !stop; ++i) {
      Batch one;
      one.mutations = {Set(absl::StrCat("e", i * 37 % 700), i % 2 == 0 ? "p" : "q", Value::Int(i)),
                       SetLink(absl::StrCat("r", i * 31 % 700), "w", Value::Int(i % 9))};
      if (i % 5 == 0) one.mutations.push_back(Labels(absl::StrCat("e", i % 700), {}, {"C"}));
      ASSERT_THAT(h.db().Apply(one).status(),
                  testing::AnyOf(IsOk(), StatusIs(absl::StatusCode::kAborted)));
    }
  });
  Batch declare;
  declare.mutations = {ChangeIndex{"C", "", {"p", "q"}}, ChangeIndex{"", "R", {"w"}}};
  absl::Status declared = absl::AbortedError("");
  while (absl::IsAborted(declared)) declared = h.db().Apply(declare).status();
  RELATA_EXPECT_OK(declared);
  RELATA_EXPECT_OK(h.db().WaitForIndexes());
  stop = true;
  writer.join();
  ASSERT_THAT(h.db().Indexes(), SizeIs(2));
  for (const IndexInfo& info : h.db().Indexes()) {
    const std::vector<std::string> stored = StoredEntries(h, info.definition.id);
    EXPECT_THAT(stored, SizeIs(testing::Gt(100)));
    EXPECT_EQ(stored, EntriesOfStates(h.Latest(), info.definition));
    EXPECT_FALSE(h.db().IndexUsable(info.definition.id, h.At(1)));
  }
}

TEST(IndexBuilderTest, AnIndexThatWasNotDoneIsBuiltAtTheNextOpening) {
  DatabaseHarness h;
  std::vector<Mutation> batch = {Index("C", "p")};
  for (int i = 0; i < 600; ++i) {
    batch.push_back(Put(absl::StrCat("e", i), {"C"}, {{"p", Says(Value::Int(i % 3))}}));
  }
  h.MustApply(batch);
  RELATA_ASSERT_OK(h.db().WaitForIndexes());
  const IndexDefinition index = h.db().Indexes()[0].definition;
  // As if the process had died before the state was stored.
  KvBatch lost;
  lost.Delete(KeySpace::kMeta, MetaIndexStateKey(index.id));
  RELATA_ASSERT_OK(h.kv().Write(lost, {}, true));
  h.CrashAndReopen();
  RELATA_ASSERT_OK(h.db().WaitForIndexes());
  EXPECT_TRUE(h.db().IndexUsable(index.id, h.Latest()));
  EXPECT_THAT(h.Latest().FindHolders(index, {Value::Int(1)}),
              IsOkAndHolds(Scan(h.Latest(), index, Value::Int(1))));
  // And one that was done stays done.
  h.Reopen();
  EXPECT_TRUE(h.db().IndexUsable(index.id, h.Latest()));
}

TEST(IndexBuilderTest, ADroppedIndexIsGoneWithItsEntries) {
  DatabaseHarness h;
  h.MustApply({Index("C", "p"), Put("a", {"C"}, {{"p", Says(Value::Int(1))}})});
  RELATA_ASSERT_OK(h.db().WaitForIndexes());
  const IndexDefinition index = h.db().Indexes()[0].definition;
  EXPECT_EQ(EntriesOf(h, index.id), 1U);
  ChangeIndex drop = Index("C", "p");
  drop.drop = true;
  h.MustApply({drop, Put("b", {"C"}, {{"p", Says(Value::Int(1))}})});
  EXPECT_THAT(h.db().Indexes(), IsEmpty());
  EXPECT_EQ(EntriesOf(h, index.id), 0U);
  h.MustApply({Set("a", "p", Value::Int(2))});
  EXPECT_EQ(EntriesOf(h, index.id), 0U);
  EXPECT_THAT(h.Apply({drop}), StatusIs(absl::StatusCode::kNotFound));
  h.MustApply({Index("C", "p")});
  RELATA_ASSERT_OK(h.db().WaitForIndexes());
  EXPECT_NE(h.db().Indexes()[0].definition.id, index.id);
}

TEST(IndexBuilderTest, DroppingAnIndexThatIsBeingBuiltLeavesNoEntries) {
  ChangeIndex drop = Index("C", "p");
  drop.drop = true;
  for (int round = 0; round < 10; ++round) {
    DatabaseHarness h;
    std::vector<Mutation> batch;
    batch.reserve(1000);
    for (int i = 0; i < 1000; ++i) {
      batch.push_back(Put(absl::StrCat("e", i), {"C"}, {{"p", Says(Value::Int(i))}}));
    }
    h.MustApply(batch);
    h.MustApply({Index("C", "p")});
    const IndexId id = h.db().Indexes().at(0).definition.id;
    h.MustApply({drop});
    RELATA_ASSERT_OK(h.db().WaitForIndexes());
    EXPECT_EQ(EntriesOf(h, id), 0U);
  }
}

}  // namespace
}  // namespace relata
