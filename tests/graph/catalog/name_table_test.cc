#include "graph/catalog/name_table.h"

#include <string>

#include "gmock/gmock.h"
#include "graph/store/meta_layout.h"
#include "gtest/gtest.h"
#include "storage/memory/memory_kv.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::IsEmpty;

class NameTableTest : public testing::Test {
 protected:
  std::unique_ptr<NameTable> Load() { return NameTable::Load(kv_).value(); }
  // Stages what is new and, unless the write is refused, makes it durable.
  void Commit(NameTable& names, bool refused = false) {
    KvBatch engine;
    VersionedBatch batch(&kv_, &engine);
    batch.BeginVersion(CommitVersion(1));
    names.StageNew(batch);
    if (refused) return;
    RELATA_ASSERT_OK(kv_.Write(engine, {}, /*sync=*/true));
    names.MarkStored();
  }

  MemoryKv kv_;
};

TEST_F(NameTableTest, ReservedNamesHaveTheirIdsInEveryDatabase) {
  for (int opening = 0; opening < 2; ++opening) {
    const auto names = Load();
    EXPECT_EQ(names->InternProperty("_names"), kNamesProperty);
    EXPECT_EQ(names->InternProperty("name"), kNameProperty);
    EXPECT_EQ(names->InternProperty("published"), kPublishedProperty);
    EXPECT_EQ(names->InternLabel("Source"), kSourceLabel);
    names->InternLabel("Other");
    Commit(*names);
  }
}

TEST_F(NameTableTest, IdsAreStableOverReopenAndKindsApart) {
  const auto names = Load();
  const LabelId label = names->InternLabel("X");
  const TypeId type = names->InternType("X");
  const PropertyId property = names->InternProperty("X");
  EXPECT_EQ(names->InternLabel("X"), label);
  Commit(*names);
  const auto again = Load();
  EXPECT_EQ(again->FindLabel("X"), label);
  EXPECT_EQ(again->FindType("X"), type);
  EXPECT_EQ(again->FindProperty("X"), property);
  EXPECT_EQ(again->Name(label), "X");
  EXPECT_NE(again->InternType("Y"), type);
  EXPECT_THAT(again->FindLabel("Y"), Eq(std::nullopt));
}

TEST_F(NameTableTest, NamesOfARefusedGroupAreStoredWithTheNextCommit) {
  const auto names = Load();
  const TypeId first = names->InternType("FIRST");
  Commit(*names, /*refused=*/true);
  EXPECT_THAT(names->StoredNames(NameTable::Space::kType), IsEmpty());
  names->InternType("SECOND");
  Commit(*names);
  EXPECT_THAT(names->StoredNames(NameTable::Space::kType), ElementsAre("FIRST", "SECOND"));
  EXPECT_EQ(Load()->FindType("FIRST"), first);
}

TEST_F(NameTableTest, NamesThatNoCommitStoredAreForgotten) {
  Load()->InternType("LOST");
  EXPECT_THAT(Load()->FindType("LOST"), Eq(std::nullopt));
}

TEST_F(NameTableTest, AnUnknownIdHasNoName) {
  EXPECT_EQ(Load()->Name(TypeId(5)), "?");
  EXPECT_EQ(Load()->Name(TypeId(0)), "?");
}

TEST_F(NameTableTest, DamageIsDataLoss) {
  const auto names = Load();
  names->InternType("A");
  names->InternType("B");
  Commit(*names);
  const auto load_after = [&](const std::string& key, bool put) {
    KvBatch batch;
    if (put) {
      batch.Put(KeySpace::kMeta, key, "X");
    } else {
      batch.Delete(KeySpace::kMeta, key);
    }
    const auto damaged = kv_.Crash();
    RELATA_EXPECT_OK(damaged->Write(batch, {}, true));
    return NameTable::Load(*damaged).status();
  };
  EXPECT_THAT(load_after(MetaNameKey(2, 1), false), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(load_after(MetaNameKey(2, 4), true), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(load_after(MetaNameKey(9, 1), true), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(load_after(MetaNameKey(2, 1) + "x", true), StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace relata
