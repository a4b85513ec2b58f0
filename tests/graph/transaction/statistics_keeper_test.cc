#include "graph/transaction/statistics_keeper.h"

#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "graph/store/meta_layout.h"
#include "gtest/gtest.h"
#include "tests/graph/database_harness.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

// What the states of the head say.
GraphStatistics Recount(const Snapshot& snapshot) {
  GraphStatistics counted;
  std::map<LabelId, uint64_t> labels;
  std::map<TypeId, uint64_t> types;
  const auto count_facts = [&](const std::vector<Fact>& facts) {
    counted.facts += facts.size();
    for (const Fact& fact : facts) counted.citations += fact.citations.size();
  };
  for (const EntityId id : Must(snapshot.ListEntities(std::nullopt, EntityId(), SIZE_MAX))) {
    const EntityState state = snapshot.GetEntity(id).value().value();
    ++counted.entities;
    for (const LabelId label : state.labels) ++labels[label];
    for (const auto& [property, facts] : state.properties) count_facts(facts);
  }
  for (const auto& ends : Must(snapshot.ListRelationships(RelationshipId(), SIZE_MAX))) {
    ++counted.relationships;
    ++types[ends.type];
    count_facts(snapshot.GetRelationship(ends.id).value()->facts);
  }
  counted.entities_by_label.assign(labels.begin(), labels.end());
  counted.relationships_by_type.assign(types.begin(), types.end());
  return counted;
}

void ExpectRight(const Database& db) {
  const GraphStatistics kept = db.Statistics();
  const GraphStatistics counted = Recount(db.Latest());
  EXPECT_EQ(kept.entities, counted.entities);
  EXPECT_EQ(kept.relationships, counted.relationships);
  EXPECT_EQ(kept.facts, counted.facts);
  EXPECT_EQ(kept.citations, counted.citations);
  EXPECT_EQ(kept.entities_by_label, counted.entities_by_label);
  EXPECT_EQ(kept.relationships_by_type, counted.relationships_by_type);
}

Mutation RandomMutation(std::mt19937_64& random) {
  const auto key = [&] { return absl::StrCat("e", random() % 8); };
  const std::vector<CitationWrite> cited =
      random() % 2 == 0 ? std::vector<CitationWrite>{CitedFrom("s")} : std::vector<CitationWrite>();
  const auto n = static_cast<int64_t>(random() % 5);
  switch (random() % 9) {
    case 0:
      return Delete(key(), random() % 2 == 0);
    case 1:
      return Labels(key(), {absl::StrCat("L", n)}, {absl::StrCat("L", n + 1)});
    case 2:
      return Add(key(), "p", {Says(Value::Int(n), "2025", "..", cited)});
    case 3:
      return Set(key(), "p", random() % 2 == 0 ? Value() : Value::Int(n),
                 random() % 2 == 0 ? Portion() : During("2025-06-01", "2026-01-01"));
    case 4:
      return Link(absl::StrCat("l", n), absl::StrCat("T", n % 2), key(), key(),
                  {Holds({}, "2024", "..", cited), Holds({}, "2025")});
    case 5:
      return Unlink(absl::StrCat("l", n),
                    random() % 2 == 0 ? Portion() : During("2026-01-01", ".."));
    default:
      return Put(key(), {"L0", "L1"}, {{"q", Says(Value::Int(n))}});
  }
}

TEST(StatisticsKeeperTest, EqualARecountAfterRandomBatchesAndReopening) {
  std::mt19937_64 random(7);
  for (int history = 0; history < 20; ++history) {
    DatabaseHarness h;
    std::vector<Mutation> first = {Put("s", {"Source"})};
    for (int i = 0; i < 8; ++i) first.push_back(Put(absl::StrCat("e", i), {"L1"}));
    h.MustApply(first);
    int accepted = 0;
    for (int i = 0; i < 60; ++i) {
      std::vector<Mutation> batch;
      for (uint64_t m = random() % 4 + 1; m > 0; --m) batch.push_back(RandomMutation(random));
      if (h.Apply(batch).ok()) ++accepted;
    }
    EXPECT_GT(accepted, 10);
    ExpectRight(h.db());
    h.Reopen();
    ExpectRight(h.db());
  }
}

TEST(StatisticsKeeperTest, SumsAreStoredNowAndThenAndOldOnesRemoved) {
  DatabaseHarness h;
  for (int i = 0; i < 800; ++i) h.MustApply({Put(absl::StrCat("e", i), {"L"})});
  const std::string prefix = MetaPrefix(MetaKind::kStatistics);
  auto it = h.kv().NewIterator(KeySpace::kMeta, nullptr, prefix, PrefixEnd(prefix));
  it->SeekToFirst();
  ASSERT_TRUE(it->Valid());
  EXPECT_THAT(DecodeMetaStatisticsKey(it->key()), IsOkAndHolds(CommitVersion(768)));
  it->Next();
  EXPECT_FALSE(it->Valid());
  it.reset();  // before the engine it belongs to
  h.CrashAndReopen();
  EXPECT_EQ(h.db().Statistics().entities, 800U);
}

TEST(StatisticsKeeperTest, WhatARefusedGroupStagedDoesNotCount) {
  MemoryKv kv;
  const auto keeper = StatisticsKeeper::Load(kv, CommitVersion()).value();
  const auto stage = [&](uint64_t version, int64_t delta) {
    KvBatch engine;
    VersionedBatch batch(&kv, &engine);
    keeper->Stage(CommitVersion(version),
                  {{static_cast<uint8_t>(CounterKind::kEntities), 0, delta}}, batch);
  };
  stage(1, 5);
  stage(2, 50);  // both refused
  stage(1, 7);
  keeper->Publish(CommitVersion(1));
  stage(2, 10);
  EXPECT_EQ(keeper->Get().begin()->second, 7);  // not published yet
  keeper->Publish(CommitVersion(2));
  EXPECT_EQ(keeper->Get().begin()->second, 17);
  EXPECT_EQ(keeper->Get(CounterKind::kEntities, 0), 17);
  EXPECT_EQ(keeper->Get(CounterKind::kEntitiesByLabel, 3), 0);
}

}  // namespace
}  // namespace relata
