// The property test of versioned_store_test.cc on the engine on disk: bounds, seeks and snapshots
// are the library's there.

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/committer.h"
#include "storage/rocksdb/rocksdb_kv.h"
#include "tests/storage/scripted_commit.h"
#include "tests/storage/versioned_store_model.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

class VersionedStoreRocksDbTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "relata-store-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  absl::StatusOr<std::unique_ptr<RocksDbKv>> OpenEngine(uint64_t number) {
    RocksDbOptions options;
    options.block_cache_bytes = 1 << 20;
    options.write_buffer_bytes = 1 << 16;
    return RocksDbKv::Open(absl::StrCat(folder_, "/", number), options);
  }

  std::string folder_;
};

TEST_F(VersionedStoreRocksDbTest, AgreesWithMapOfMaps) {
  for (uint64_t seed = 1; seed <= 25; ++seed) {
    SCOPED_TRACE(seed);
    RELATA_ASSERT_OK_AND_ASSIGN(const std::unique_ptr<RocksDbKv> kv, OpenEngine(seed));
    RandomHistory history(kv.get(), seed);
    for (int round = 0; round < 2; ++round) {
      history.Grow(6);
      history.CheckAll();
    }
    if (HasFailure()) break;
  }
}

TEST_F(VersionedStoreRocksDbTest, CommitsOutliveTheProcess) {
  for (uint64_t opening = 0; opening < 3; ++opening) {
    RELATA_ASSERT_OK_AND_ASSIGN(const std::unique_ptr<RocksDbKv> kv, OpenEngine(0));
    RELATA_ASSERT_OK_AND_ASSIGN(const auto committer, Committer::Open(kv.get(), SystemClock(), {}));
    ASSERT_EQ(committer->Head()->version(), CommitVersion(opening * 50));
    for (uint64_t version = 1; version <= opening * 50; ++version) {
      RELATA_ASSERT_OK_AND_ASSIGN(const auto snapshot, committer->At(CommitVersion(version)));
      const VersionedRecord expected{CommitVersion(version), std::to_string(version)};
      EXPECT_THAT(snapshot->Get("a"), IsOkAndHolds(expected));
      RELATA_ASSERT_OK_AND_ASSIGN(const auto at_time,
                                  committer->AtTime(snapshot->commit_time_us()));
      EXPECT_EQ(at_time->version(), CommitVersion(version));
    }
    for (uint64_t version = opening * 50 + 1; version <= (opening + 1) * 50; ++version) {
      ScriptedCommit commit(committer->Head()->version());
      commit.Read("a").Put("a", std::to_string(version));
      RELATA_ASSERT_OK(committer->Commit(commit).status());
    }
  }
}

}  // namespace
}  // namespace relata
