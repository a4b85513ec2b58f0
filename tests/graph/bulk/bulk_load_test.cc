#include "graph/bulk/bulk_load.h"

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "graph/adjacency/adjacency.h"
#include "graph/bulk/mutation_loader.h"
#include "graph/facts/belief.h"
#include "graph/mutation/request_log.h"
#include "graph/store/key_layout.h"
#include "gtest/gtest.h"
#include "tests/graph/database_harness.h"
#include "tests/graph/snapshot_text.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Begins a load a second later, as the harness does for a batch.
std::unique_ptr<BulkLoad> Begin(DatabaseHarness& h, const BulkLoadOptions& options = {}) {
  h.clock().AdvanceMicros(1'000'000);
  return Must(h.db().BeginLoad(options));
}

BulkLoadResult MustLoad(DatabaseHarness& h, const std::vector<Mutation>& mutations,
                        const BulkLoadOptions& options = {}) {
  const std::unique_ptr<BulkLoad> load = Begin(h, options);
  MutationLoader loader(load.get());
  for (const Mutation& mutation : mutations) {
    if (const absl::Status status = loader.Add(mutation); !status.ok()) EndTest(status);
  }
  return Must(load->Commit());
}

// What the entries of indexes hold, without the ids of what they lead to; ascending.
std::vector<std::string> Indexed(DatabaseHarness& h) {
  const std::string prefix = TablePrefix(Table::kIndex);
  const auto it = h.kv().NewIterator(KeySpace::kLive, nullptr, prefix, PrefixEnd(prefix));
  std::vector<std::string> entries;
  for (it->SeekToFirst(); it->Valid(); it->Next()) {
    entries.emplace_back(it->key().substr(0, it->key().size() - sizeof(uint64_t)));
  }
  return entries;
}

std::string TextAt(const DatabaseHarness& h, uint64_t version) {
  return TextOf(h.At(version), TextDetail::kStatements);
}

// New things of every kind: plain, dated, cited and rival values, names, relationships with and
// without facts in time, ends and sources made before (`old0` to `old4`) or in the same list.
class RandomThings {
 public:
  explicit RandomThings(uint64_t seed) : random_(seed) {}

  static std::vector<Mutation> Before() {
    std::vector<Mutation> mutations = {
        Put("old source", {"Source"}, {{"published", Says(Text("2024-05"))}}),
        Unique("Company", "code"), Index("Person", "age"),
        ChangeIndex{"Company", "", {"age", "grade", "code"}},
        ChangeIndex{"", "OWNS", {"share", "grade"}}};
    for (int i = 0; i < 5; ++i) {
      mutations.push_back(Put(absl::StrCat("old", i), {i % 2 == 0 ? "Company" : "Person"},
                              {{"code", Says(Value::Int(-1 - i))}}));
    }
    mutations.push_back(Link("old link", "OWNS", "old0", "old1"));
    return mutations;
  }

  std::vector<Mutation> Make(int entities, int relationships) {
    std::vector<Mutation> mutations = {
        Put("new source", {"Source"}, {{"published", Says(Text("2025"))}})};
    for (int i = 0; i < entities; ++i) mutations.push_back(Entity(i));
    for (int i = 0; i < relationships; ++i) {
      mutations.push_back(Link(absl::StrCat("link", i), Pick() ? "OWNS" : "KNOWS", End(entities),
                               End(entities), RelationshipFacts()));
    }
    return mutations;
  }

 private:
  bool Pick() { return random_() % 2 == 0; }

  std::vector<CitationWrite> Citations() {
    std::vector<CitationWrite> citations;
    while (random_() % 3 == 0) {
      citations.push_back(CitedFrom(Pick() ? "old source" : "new source",
                                    Pick() ? Stance::kAsserts : Stance::kDisputes,
                                    Pick() ? "" : "2024-01-15", Pick() ? 1.0 : 0.5));
    }
    return citations;
  }
  // An unknown begin counts from when a source says so, which may be the commit.
  const char* From() { return Pick() ? ".." : Pick() ? "" : Pick() ? "2023" : "2024-03-05"; }
  const char* To() { return Pick() ? ".." : Pick() ? "2029-06" : "2031~"; }

  EntityWrite Entity(int i) {
    EntityWrite entity = Put(absl::StrCat("new", i), {Pick() ? "Company" : "Person"});
    if (Pick()) entity.labels.push_back("Listed");
    entity.properties.emplace_back("code", Says(Value::Int(i)));
    while (Pick()) {
      entity.properties.emplace_back(
          Pick() ? "age" : "grade",
          Says(Value::Int(static_cast<int64_t>(random_() % 4)), From(), To(), Citations()));
    }
    if (Pick()) entity.names.push_back(Named(absl::StrCat("Name ", i), "en", NameKind::kPreferred));
    if (Pick()) entity.names.push_back(Named(absl::StrCat("名", i % 3), "zh"));
    if (!entity.names.empty()) entity.names.back().citations = Citations();
    return entity;
  }
  std::string End(int entities) {
    return random_() % 4 == 0 ? absl::StrCat("old", random_() % 5)
                              : absl::StrCat("new", random_() % static_cast<uint64_t>(entities));
  }
  std::vector<FactWrite> RelationshipFacts() {
    std::vector<FactWrite> facts;
    do {
      std::vector<std::pair<std::string, Value>> properties;
      if (Pick()) properties.emplace_back("share", Value::Double(0.25));
      if (Pick()) properties.emplace_back("grade", Value::Int(static_cast<int64_t>(random_() % 3)));
      facts.push_back(Holds(properties, From(), To(), Citations()));
    } while (random_() % 3 == 0);
    return facts;
  }

  std::mt19937_64 random_;
};

// The same things by a batch and by a load give the same database, at every version, before and
// after it is opened again, and whatever is written afterwards.
TEST(BulkLoadTest, IsWhatAnOrdinaryWriteOfTheSameIs) {
  for (uint64_t seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(seed);
    const std::vector<Mutation> things = RandomThings(seed).Make(30, 60);
    const std::vector<Mutation> later = {
        Set("new0", "grade", Value::Int(9)), SetLink("link0", "share", Value::Double(0.5)),
        Delete("new1", /*detach=*/true), Retract("new source"), Put("new1", {"Person"})};
    DatabaseHarness written;
    DatabaseHarness loaded;
    for (DatabaseHarness* h : {&written, &loaded}) {
      if (seed % 3 != 0) h->MustApply(RandomThings::Before());
      if (seed % 3 == 0)
        h->MustApply({Put("old source", {"Source"}), Put("old0"), Put("old1"), Put("old2"),
                      Put("old3"), Put("old4")});
    }
    const BatchResult batch = written.MustApply(things);
    BulkLoadOptions options;
    options.memory_bytes = seed % 2 == 0 ? 1 : size_t{64} << 20;
    options.threads = 1 + static_cast<int>(seed % 3);
    const BulkLoadResult load = MustLoad(loaded, things, options);
    EXPECT_EQ(load.version, batch.version);
    EXPECT_EQ(load.commit_time, batch.commit_time);
    EXPECT_EQ(load.counts.entities, 31u);
    EXPECT_EQ(load.counts.relationships, 60u);
    written.MustApply(later);
    loaded.MustApply(later);
    for (int opened = 0; opened < 2; ++opened) {
      for (uint64_t version = 1; version <= 3; ++version) {
        EXPECT_EQ(TextAt(loaded, version), TextAt(written, version)) << "version " << version;
      }
      for (DatabaseHarness* h : {&written, &loaded}) RELATA_ASSERT_OK(h->db().WaitForIndexes());
      EXPECT_EQ(Indexed(loaded), Indexed(written));
      const GraphStatistics expected = written.db().Statistics();
      const GraphStatistics found = loaded.db().Statistics();
      EXPECT_EQ(found.entities, expected.entities);
      EXPECT_EQ(found.relationships, expected.relationships);
      EXPECT_EQ(found.facts, expected.facts);
      EXPECT_EQ(found.citations, expected.citations);
      EXPECT_EQ(found.entities_by_label, expected.entities_by_label);
      EXPECT_EQ(found.relationships_by_type, expected.relationships_by_type);
      loaded.CrashAndReopen();
    }
  }
}

TEST(BulkLoadTest, CitationsHaveTheCommitsVersionAndTime) {
  DatabaseHarness h;
  h.MustApply({Put("s", {"Source"})});
  const BulkLoadResult load =
      MustLoad(h, {Put("a", {}, {{"p", Says(Value::Int(1), "..", "..", {CitedFrom("s")})}}),
                   Link("l", "OWNS", "a", "s", {Holds({}, "..", "..", {CitedFrom("s")})})});
  for (const Fact& fact : {h.Facts("a", "p")[0], h.Relationship("l").facts[0]}) {
    EXPECT_EQ(fact.recorded, load.version);
    ASSERT_EQ(fact.citations.size(), 1u);
    EXPECT_EQ(fact.citations[0].recorded, load.version);
    EXPECT_EQ(fact.citations[0].recorded_at, load.commit_time);
  }
  EXPECT_EQ(h.Entity("a").created, load.version);
}

TEST(BulkLoadTest, IsOneCommitInTheLogAsRanges) {
  DatabaseHarness h;
  BulkLoadOptions options;
  options.principal = "loader";
  const BulkLoadResult load = MustLoad(
      h, {Put("a"), Put("b"), Link("l", "OWNS", "a", "b"), Put("c"), Link("m", "OWNS", "c", "b")},
      options);
  const auto entry = Must(ReadCommit(h.kv(), nullptr, load.version));
  EXPECT_EQ(entry->changes.size(), 2u);
  EXPECT_EQ(entry->principal, "loader");
  const std::vector<ChangeSet> changes = Must(h.db().Changes(CommitVersion(), load.version, 10));
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_THAT(changes[0].entities, ElementsAre(h.IdOf("a"), h.IdOf("b"), h.IdOf("c")));
  EXPECT_EQ(changes[0].relationships.size(), 2u);
}

TEST(BulkLoadTest, CanBeReplayed) {
  DatabaseHarness h;
  h.MustApply(RandomThings::Before());
  MustLoad(h, RandomThings(77).Make(20, 30));
  DatabaseHarness copy;
  RELATA_ASSERT_OK(copy.db().ReplayFrom(h.db()));
  EXPECT_EQ(TextOf(copy.Latest(), TextDetail::kAll), TextOf(h.Latest(), TextDetail::kAll));
}

// Each refused item, alone in an otherwise good load, and why.
TEST(BulkLoadTest, RefusesItemsOneByOne) {
  using absl::StatusCode;
  DatabaseHarness h;
  h.MustApply({Put("there", {"C"}, {{"code", Says(Value::Int(1))}}), Put("person", {"P"}),
               Unique("C", "code"), Property("C", "n", {ValueType::kInt64}),
               Property("P", "must", {ValueType::kString}, /*required=*/false),
               DeclareRelationshipType{"ONE", true, {"C"}, {}, {}}, Put("there2", {"C"}),
               Link("one", "ONE", "there", "there2"), Link("taken", "OWNS", "there", "there")});
  const std::unique_ptr<BulkLoad> load = Begin(h);
  MutationLoader loader(load.get());
  RELATA_ASSERT_OK(loader.Add(Put("new", {"C"}, {{"code", Says(Value::Int(2))}})));
  RELATA_ASSERT_OK(loader.Add(Link("", "ONE", "new", "person")));
  EntityWrite with_handle = Put("handled");
  with_handle.handle = "h";
  RELATA_ASSERT_OK(loader.Add(with_handle));
  RelationshipWrite by_handle = Link("", "OWNS", "new", "new");
  by_handle.to = HandleRef{"h"};
  RELATA_ASSERT_OK(loader.Add(by_handle));
  RelationshipWrite unknown_handle = by_handle;
  unknown_handle.to = HandleRef{"other"};
  RelationshipWrite unknown_id = by_handle;
  unknown_id.to = EntityId(999);
  EntityWrite same_handle = Put("handled2");
  same_handle.handle = "h";
  const std::vector<std::pair<Mutation, StatusCode>> bad = {
      {Put("there"), StatusCode::kAlreadyExists},
      {Put("new"), StatusCode::kAlreadyExists},
      {Create("new"), StatusCode::kAlreadyExists},
      {Put(""), StatusCode::kInvalidArgument},
      {Put("x", {""}), StatusCode::kInvalidArgument},
      {Put("x", {}, {{"_reserved", Says(Value::Int(1))}}), StatusCode::kInvalidArgument},
      {Put("x", {}, {{"p", Says(Value())}}), StatusCode::kInvalidArgument},
      {Put("x", {"C"}, {{"code", Says(Value::Int(1))}}), StatusCode::kFailedPrecondition},
      {Put("x", {"C"}, {{"code", Says(Value::Double(2.0))}}), StatusCode::kFailedPrecondition},
      {Put("x", {"C"}, {{"n", Says(Text("no number"))}}), StatusCode::kFailedPrecondition},
      {same_handle, StatusCode::kInvalidArgument},
      {Link("", "OWNS", "new", "nobody"), StatusCode::kNotFound},
      {unknown_handle, StatusCode::kInvalidArgument},
      {unknown_id, StatusCode::kNotFound},
      {Link("taken", "OWNS", "new", "new"), StatusCode::kAlreadyExists},
      {Link("", "ONE", "there", "there2"), StatusCode::kAlreadyExists},
      {Link("", "ONE", "new", "person"), StatusCode::kAlreadyExists},
      {Link("", "ONE", "person", "new"), StatusCode::kFailedPrecondition},
      {Link("", "OWNS", "new", "new", {}), StatusCode::kInvalidArgument},
      {Link("", "OWNS", "new", "new", {Holds({{"p", Value::Int(1)}, {"p", Value::Int(2)}})}),
       StatusCode::kInvalidArgument},
      {Link("", "OWNS", "new", "new", {Holds({}, "..", "..", {CitedFrom("new")})}),
       StatusCode::kFailedPrecondition},
      {Set("there", "p", Value::Int(1)), StatusCode::kInvalidArgument},
  };
  for (size_t i = 0; i < bad.size(); ++i) {
    const absl::Status status = loader.Add(bad[i].first);
    EXPECT_EQ(status.code(), bad[i].second) << "item " << i << ": " << status;
    EXPECT_TRUE(BulkLoad::IsAboutItem(status));
  }
  RELATA_ASSERT_OK(loader.Add(Put("x", {"C"}, {{"code", Says(Value::Int(3))}})));
  RELATA_ASSERT_OK_AND_ASSIGN(const BulkLoadResult result, load->Commit());
  EXPECT_EQ(result.counts.entities, 3u);
  EXPECT_EQ(result.counts.relationships, 2u);
  EXPECT_EQ(h.db().Statistics().entities, 6u);
  EXPECT_EQ(h.db().Statistics().relationships, 4u);
  // What the load made counts for later writes.
  EXPECT_THAT(h.Apply({Put("y", {"C"}, {{"code", Says(Value::Int(3))}})}),
              StatusIs(StatusCode::kFailedPrecondition));
}

// What others commit beside a load: harmless, or it refuses the load.
TEST(BulkLoadTest, CommitsBesideItRefuseItOnlyWhereItRestsOnWhatTheyChange) {
  const std::vector<std::pair<std::vector<Mutation>, bool>> beside = {
      {{Put("other", {"C"}, {{"code", Says(Value::Int(50))}})}, true},
      {{Set("end", "p", Value::Int(1))}, true},
      {{Link("", "ONE", "end2", "end")}, true},
      {{Delete("unrelated")}, true},
      {{Put("new")}, false},
      {{Put("other", {"C"}, {{"code", Says(Value::Int(2))}})}, false},
      {{Delete("end")}, false},
      {{Link("", "ONE", "end", "end2")}, false},
      {{Link("link", "OWNS", "end", "end2")}, false},
      {{Retract("source")}, false},
      {{Property("C", "n", {ValueType::kInt64})}, false},
  };
  // Before the load's commit begins, and while it writes what others need not wait for.
  for (size_t i = 0; i < 2 * beside.size(); ++i) {
    const auto& [mutations, keeps] = beside[i / 2];
    const bool late = i % 2 == 1;
    SCOPED_TRACE(absl::StrCat(i / 2, late ? " late" : ""));
    DatabaseHarness h;
    h.MustApply({Put("end", {"C"}), Put("end2", {"C"}), Put("unrelated"), Put("source", {"Source"}),
                 Unique("C", "code"), DeclareRelationshipType{"ONE", true, {}, {}, {}}});
    BatchResult between;
    int asked = 0;
    BulkLoadOptions options;
    options.threads = 1;
    // Asked first when the commit begins, then when the runs are written.
    options.cancelled = [&, &change = mutations] {
      if (late && ++asked == 2) between = h.MustApply(change);
      return false;
    };
    const std::unique_ptr<BulkLoad> load = Begin(h, options);
    MutationLoader loader(load.get());
    RELATA_ASSERT_OK(loader.Add(Put("new", {"C"}, {{"code", Says(Value::Int(2))}})));
    RELATA_ASSERT_OK(loader.Add(Link("", "ONE", "end", "end2")));
    RELATA_ASSERT_OK(loader.Add(
        Link("link", "OWNS", "new", "end", {Holds({}, "..", "..", {CitedFrom("source")})})));
    if (!late) between = h.MustApply(mutations);
    const absl::StatusOr<BulkLoadResult> result = load->Commit();
    ASSERT_TRUE(between.version.valid());
    if (!keeps) {
      EXPECT_THAT(result, StatusIs(absl::StatusCode::kAborted));
      EXPECT_EQ(h.Latest().version(), between.version);
      continue;
    }
    RELATA_ASSERT_OK(result.status());
    EXPECT_EQ(result->version, between.version.next());
    EXPECT_TRUE(h.Exists("new"));
    EXPECT_EQ(TextAt(h, between.version.value()).find("new"), std::string::npos);
  }
}

size_t EdgesOf(const Snapshot& snapshot, EntityId vertex) {
  Expansion expansion;
  const Step every{TypeId(), Direction::kEither};
  RELATA_EXPECT_OK(
      Expand(snapshot, {vertex}, {every}, {ValidTime::All(), DefaultPolicy()}, &expansion));
  return expansion.edges.size();
}

// What the adjacency cache holds is given up, for a few arrays one by one and for many at once.
TEST(BulkLoadTest, WalksSeeALoad) {
  for (const int count : {5, 5000}) {
    DatabaseHarness h;
    h.MustApply({Put("hub"), Put("end"), Link("", "OWNS", "hub", "end")});
    const EntityId hub = h.IdOf("hub");
    const EntityId end = h.IdOf("end");
    const Snapshot before = h.Latest();
    for (const EntityId vertex : {hub, hub, end, end}) EXPECT_EQ(EdgesOf(before, vertex), 1u);
    std::vector<Mutation> mutations;
    for (int i = 0; i < count; ++i) {
      mutations.push_back(Put(absl::StrCat("new", i)));
      mutations.push_back(Link("", "OWNS", "hub", absl::StrCat("new", i)));
    }
    mutations.push_back(Link("", "OTHER", "end", "hub"));
    MustLoad(h, mutations);
    for (int i = 0; i < 2; ++i) {
      EXPECT_EQ(EdgesOf(h.Latest(), hub), static_cast<size_t>(count) + 2);
      EXPECT_EQ(EdgesOf(h.Latest(), end), 2u);
      EXPECT_EQ(EdgesOf(before, hub), 1u);
    }
  }
}

TEST(BulkLoadTest, WhatALargeLoadDoesNotTouchStaysInTheCache) {
  DatabaseHarness h;
  std::vector<Mutation> before = {Put("hub"), Put("end"), Link("", "OWNS", "hub", "end")};
  // New entities get ids far from theirs.
  for (int i = 0; i < 1000; ++i) before.push_back(Put(absl::StrCat("between", i)));
  h.MustApply(before);
  const EntityId hub = h.IdOf("hub");
  for (int i = 0; i < 2; ++i) EXPECT_EQ(EdgesOf(h.Latest(), hub), 1u);
  std::vector<Mutation> mutations;
  for (int i = 0; i < 5000; ++i) {
    mutations.push_back(Put(absl::StrCat("new", i)));
    mutations.push_back(Link("", "OWNS", "between999", absl::StrCat("new", i)));
  }
  MustLoad(h, mutations);
  const Snapshot after = h.Latest();
  const uint64_t misses = after.adjacency_cache()->GetStats().misses;
  EXPECT_EQ(EdgesOf(after, hub), 1u);
  EXPECT_EQ(after.adjacency_cache()->GetStats().misses, misses);
}

TEST(BulkLoadTest, DroppingItWritesNothing) {
  DatabaseHarness h;
  h.MustApply({Put("a")});
  const uint64_t writes = h.kv().write_count();
  {
    const std::unique_ptr<BulkLoad> load = Begin(h);
    MutationLoader loader(load.get());
    RELATA_ASSERT_OK(loader.Add(Put("b")));
  }
  EXPECT_EQ(h.kv().write_count(), writes);
  EXPECT_FALSE(h.Exists("b"));
  h.MustApply({Put("b")});
}

// Ended at each moment that it looks whether to go on: nothing is there, and nothing is in the way.
TEST(BulkLoadTest, CancelledItWritesNothing) {
  const std::vector<Mutation> things = RandomThings(6).Make(100, 4500);
  std::atomic<int> asked = 0;
  int moments = 0;
  for (;; ++moments) {
    DatabaseHarness h;
    h.MustApply(RandomThings::Before());
    asked = 0;
    BulkLoadOptions options;
    options.threads = 1;
    options.cancelled = [&] { return asked++ == moments; };
    const std::unique_ptr<BulkLoad> load = Begin(h, options);
    MutationLoader loader(load.get());
    for (const Mutation& mutation : things) RELATA_ASSERT_OK(loader.Add(mutation));
    const absl::Status status = load->Commit().status();
    if (status.ok()) break;
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kCancelled));
    EXPECT_EQ(h.Latest().version(), CommitVersion(1));
    EXPECT_FALSE(h.Exists("new source"));
    MustLoad(h, RandomThings(6).Make(3, 3));
  }
  // Before sorting, before writing, within tables, before the commit.
  EXPECT_GE(moments, 4);
}

TEST(BulkLoadTest, AnswersARequestIdForADay) {
  DatabaseHarness h;
  const std::unique_ptr<BulkLoad> load = Begin(h);
  MutationLoader loader(load.get());
  RELATA_ASSERT_OK(loader.Add(Put("a")));
  RELATA_ASSERT_OK(loader.Add(Link("", "OWNS", "a", "a")));
  RELATA_ASSERT_OK_AND_ASSIGN(const BulkLoadResult result, load->Commit({"id", "body"}, 7));
  const auto find = [&](const std::string& id, const std::string& body) {
    const Snapshot now = h.Latest();
    return FindLoadRequest(h.kv(), now.store().engine(), {id, body}, h.clock().NowMicros());
  };
  RELATA_ASSERT_OK_AND_ASSIGN(const std::optional<LoadAnswer> first, find("id", "body"));
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->version, result.version);
  EXPECT_EQ(first->commit_time, result.commit_time);
  EXPECT_EQ(first->entities, 1u);
  EXPECT_EQ(first->relationships, 1u);
  EXPECT_EQ(first->facts, result.counts.facts);
  EXPECT_EQ(first->citations, 0u);
  EXPECT_EQ(first->bad_items, 7u);
  EXPECT_THAT(find("id", "other body"), StatusIs(absl::StatusCode::kInvalidArgument));
  RELATA_ASSERT_OK_AND_ASSIGN(const std::optional<LoadAnswer> other, find("other", "body"));
  EXPECT_FALSE(other.has_value());
  // Other writes share the ids.
  EXPECT_THAT(h.db().FirstAnswer({"id", "of a batch"}, h.Latest()),
              StatusIs(absl::StatusCode::kInvalidArgument));
  RELATA_ASSERT_OK_AND_ASSIGN(const std::vector<ChangeSet> changes,
                              h.db().Changes(CommitVersion(0), CommitVersion(1), 10));
  EXPECT_EQ(changes.at(0).request_id, "id");
  h.clock().AdvanceMicros(25LL * 60 * 60 * 1'000'000);
  RELATA_ASSERT_OK_AND_ASSIGN(const std::optional<LoadAnswer> late, find("id", "body"));
  EXPECT_FALSE(late.has_value());
  // Used again, of which the old answer, no newer than the load's begin, is no hindrance.
  const std::unique_ptr<BulkLoad> again = Begin(h);
  MutationLoader more(again.get());
  RELATA_ASSERT_OK(more.Add(Put("b")));
  RELATA_EXPECT_OK(again->Commit({"id", "other body"}).status());
}

// A crash at each write of a load: whole or absent, and ids are not given again.
TEST(BulkLoadTest, IsWholeOrAbsentAfterACrash) {
  const std::vector<Mutation> things = RandomThings(5).Make(6, 10);
  for (uint64_t nth = 1; nth < 40; ++nth) {
    DatabaseHarness h;
    h.MustApply(RandomThings::Before());
    const std::string before = TextAt(h, 1);
    FaultPlan plan;
    plan.tear_write_at = nth;
    h.kv().Arm(plan);
    bool acknowledged = false;
    {
      const std::unique_ptr<BulkLoad> load = Begin(h);
      MutationLoader loader(load.get());
      for (const Mutation& mutation : things) RELATA_ASSERT_OK(loader.Add(mutation));
      acknowledged = load->Commit().ok();
    }
    h.CrashAndReopen();
    const bool there = h.Latest().version() == CommitVersion(2);
    EXPECT_TRUE(there || !acknowledged);
    if (there) {
      DatabaseHarness whole;
      whole.MustApply(RandomThings::Before());
      whole.MustApply(things);
      EXPECT_EQ(TextAt(h, 2), TextAt(whole, 2));
    } else {
      EXPECT_EQ(TextOf(h.Latest(), TextDetail::kStatements), before);
      MustLoad(h, things);
    }
    EXPECT_EQ(h.Latest().version(), CommitVersion(2));
    if (acknowledged) return;
  }
  FAIL() << "no load was ever acknowledged";
}

}  // namespace
}  // namespace relata
