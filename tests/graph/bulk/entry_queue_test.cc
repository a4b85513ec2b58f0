#include "graph/bulk/entry_queue.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "graph/catalog/reserved_names.h"
#include "graph/catalog/schema.h"
#include "gtest/gtest.h"
#include "storage/memory/memory_kv.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

// More than ever wait in line.
constexpr uint64_t kQueued = 30'000;

RelationshipState QueuedRelationship(uint64_t id) {
  RelationshipState state;
  state.ends = {RelationshipId(id), TypeId(1), EntityId(id % 97 + 1), EntityId(id % 89 + 1)};
  state.facts.resize(1);
  state.facts[0].id = FactId(id);
  state.facts[0].recorded = kLoadVersion;
  state.created = kLoadVersion;
  return state;
}

EntityState QueuedEntity(uint64_t id, const std::string& name) {
  EntityState state;
  state.id = EntityId(id);
  Fact fact;
  fact.id = FactId(kQueued + id);
  fact.value = NameToValue({name, "en", NameKind::kAlias});
  fact.recorded = kLoadVersion;
  state.properties[kNamesProperty].push_back(std::move(fact));
  state.created = kLoadVersion;
  return state;
}

// All that runs hold, as a reader finds it.
std::map<std::string, std::string> EntriesWritten(EntryRuns& runs) {
  MemoryKv kv;
  RELATA_EXPECT_OK(runs.Sort());
  const auto staged = runs.Write(kv, /*load=*/7);
  RELATA_EXPECT_OK(staged.status());
  RELATA_EXPECT_OK(kv.Ingest(*staged));
  std::map<std::string, std::string> entries;
  const auto cursor = kv.NewIterator(KeySpace::kLive, nullptr, "", "");
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
    entries.emplace(cursor->key(), cursor->value());
  }
  return entries;
}

TEST(EntryQueueTest, EncodesOnAnotherThreadWhatOneThreadWould) {
  const Schema schema;
  std::vector<std::map<std::string, std::string>> written;
  EntryRuns::Options options;
  options.scratch_folder = testing::TempDir();
  for (const bool threaded : {false, true}) {
    // All in memory first, then in as little as there can be, so that another thread spills too.
    options.memory_bytes = threaded ? 1 : size_t{1} << 30;
    EntryRuns runs(&schema, options);
    EntryQueue queue(&runs, threaded);
    for (uint64_t id = 1; id <= kQueued; ++id) {
      RelationshipState between = QueuedRelationship(id);
      RELATA_ASSERT_OK(queue.Add(between));
      if (id % 10 != 0) continue;
      EntityState named = QueuedEntity(id, absl::StrCat("name ", id));
      RELATA_ASSERT_OK(queue.Add(named));
    }
    RELATA_ASSERT_OK(queue.Finish());
    written.push_back(EntriesWritten(runs));
  }
  // Three entries of a relationship, two of an entity.
  EXPECT_EQ(written[0].size(), 3 * kQueued + 2 * kQueued / 10);
  EXPECT_EQ(written[0], written[1]);
}

TEST(EntryQueueTest, AScratchFolderThatIsNotThereEndsTheLoad) {
  const Schema schema;
  EntryRuns::Options options;
  options.scratch_folder = testing::TempDir() + "/no/such/folder";
  options.memory_bytes = 1;
  EntryRuns runs(&schema, options);
  EntryQueue queue(&runs, /*threaded=*/true);
  for (uint64_t id = 1; id <= kQueued; ++id) {
    RelationshipState between = QueuedRelationship(id);
    queue.Add(between).IgnoreError();
  }
  EXPECT_THAT(queue.Finish(), StatusIs(absl::StatusCode::kUnavailable));
}

TEST(EntryQueueTest, GivesTheFirstErrorToALaterCallAndEncodesNothingMore) {
  const Schema schema;
  EntryRuns runs(&schema, {});
  EntryQueue queue(&runs, /*threaded=*/true);
  EntityState wrong = QueuedEntity(1, "no UTF-8: \xff");
  RELATA_ASSERT_OK(queue.Add(wrong));
  absl::Status added;
  for (uint64_t id = 1; id <= kQueued; ++id) {
    RelationshipState between = QueuedRelationship(id);
    added.Update(queue.Add(between));
  }
  EXPECT_THAT(added, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(queue.Finish(), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(runs.memory(), 0U);
}

TEST(EntryQueueTest, DropsWhatWaitsInLineWithTheQueue) {
  const Schema schema;
  EntryRuns runs(&schema, {});
  {
    EntryQueue queue(&runs, /*threaded=*/true);
    for (uint64_t id = 1; id <= 2'000; ++id) {
      RelationshipState between = QueuedRelationship(id);
      RELATA_ASSERT_OK(queue.Add(between));
    }
  }
  EXPECT_LT(EntriesWritten(runs).size(), 3 * 2'000U);
}

}  // namespace
}  // namespace relata
