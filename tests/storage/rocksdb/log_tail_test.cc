#include "storage/rocksdb/log_tail.h"

#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/rocksdb/rocksdb_kv.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using absl::StatusCode;
using testing::AllOf;
using testing::HasSubstr;

std::string ReadAll(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

// A folder as a killed process left it: synced writes in the log alone, each of one key `k<i>` and
// some of them larger than a block of the log. A test damages copies of it.
class LogTailTest : public testing::Test {
 protected:
  static constexpr int kWrites = 60;

  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "relata-log-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    auto kv = RocksDbKv::Open((folder_ / "data").string(), Options());
    RELATA_ASSERT_OK(kv.status());
    for (int i = 0; i < kWrites; ++i) {
      KvBatch batch;
      batch.Put(KeySpace::kLive, absl::StrCat("k", i), std::string(ValueBytes(i), 'v'));
      RELATA_ASSERT_OK((*kv)->Write(batch, {}, /*sync=*/true));
      log_file_ = LogFile(folder_ / "data");
      ends_.push_back(std::filesystem::file_size(log_file_));
    }
    std::filesystem::copy(folder_ / "data", folder_ / "killed",
                          std::filesystem::copy_options::recursive);
    log_ = ReadAll(LogFile(folder_ / "killed"));
    ASSERT_EQ(log_.size(), ends_.back());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  static RocksDbOptions Options() {
    RocksDbOptions options;
    options.block_cache_bytes = 1 << 20;
    return options;
  }
  static size_t ValueBytes(int i) {
    return i % 10 == 9 ? 90'000 : 50 + 10 * static_cast<size_t>(i);
  }
  static std::filesystem::path LogFile(const std::filesystem::path& data) {
    std::filesystem::path newest;
    for (const auto& entry : std::filesystem::directory_iterator(data)) {
      if (entry.path().extension() == ".log") newest = std::max(newest, entry.path());
    }
    return newest;
  }

  // Opens the folder with these bytes for its log. The number of writes that are there, which must
  // be the first ones; the error where it is refused.
  absl::StatusOr<int> OpenWith(const std::string& log) {
    const std::filesystem::path copy = folder_ / "copy";
    std::filesystem::remove_all(copy);
    std::filesystem::copy(folder_ / "killed", copy, std::filesystem::copy_options::recursive);
    std::ofstream(LogFile(copy), std::ios::binary | std::ios::trunc) << log;
    auto kv = RocksDbKv::Open(copy.string(), Options());
    if (!kv.ok()) return kv.status();
    int found = 0;
    for (int i = 0; i < kWrites; ++i) {
      const auto value = (*kv)->Get(KeySpace::kLive, absl::StrCat("k", i), nullptr);
      RELATA_EXPECT_OK(value.status());
      if (!value.ok() || !value->has_value()) continue;
      EXPECT_EQ(found, i) << "a hole";
      ++found;
    }
    return found;
  }

  std::filesystem::path folder_;
  std::filesystem::path log_file_;
  std::string log_;           // as the killed process left it
  std::vector<size_t> ends_;  // of the log after each write
};

TEST_F(LogTailTest, AWholeLogIsReadWhole) { EXPECT_THAT(OpenWith(log_), IsOkAndHolds(kWrites)); }

// A flipped bit before the last write is refused, wherever it is: in the bytes, in a length, in a
// checksum. (Padding at the end of a block holds nothing.)
TEST_F(LogTailTest, DamageBeforeTheEndIsDataLossWithItsPlace) {
  std::mt19937_64 random(7);
  int refused = 0;
  const size_t last_write = ends_[kWrites - 2];
  for (int trial = 0; trial < 60; ++trial) {
    // Half of them in the headers of small writes.
    size_t at = random() % last_write;
    if (trial % 2 == 0) at = ends_[random() % (kWrites - 2)] + random() % 7;
    SCOPED_TRACE(at);
    std::string log = log_;
    log[at] = static_cast<char>(log[at] ^ (1 << random() % 8));
    const absl::StatusOr<int> found = OpenWith(log);
    if (found.ok()) {
      EXPECT_EQ(*found, kWrites);
      continue;
    }
    ++refused;
    EXPECT_THAT(found, StatusIs(StatusCode::kDataLoss,
                                AllOf(HasSubstr("write-ahead log"), HasSubstr(".log, byte "))));
  }
  EXPECT_GT(refused, 55);
}

// What a kill -9 or a power failure leaves: the log ends anywhere, and opens with the writes that
// are whole.
TEST_F(LogTailTest, ALogThatEndsAnywhereOpens) {
  std::mt19937_64 random(8);
  for (int trial = 0; trial < 30; ++trial) {
    const size_t size =
        trial < 15 ? ends_[kWrites - 1] - 1 - static_cast<size_t>(trial) : random() % log_.size();
    SCOPED_TRACE(size);
    int whole = 0;
    while (ends_[whole] <= size) ++whole;
    EXPECT_THAT(OpenWith(log_.substr(0, size)), IsOkAndHolds(whole));
  }
}

// The pages of a torn write reach the device in any order: some of it zeros, some of it there.
TEST_F(LogTailTest, ATornWriteOfManyBlocksIsDropped) {
  ASSERT_GT(ends_[kWrites - 1] - ends_[kWrites - 2], 80'000u);
  std::mt19937_64 random(9);
  for (int trial = 0; trial < 10; ++trial) {
    const size_t page =
        ends_[kWrites - 2] + random() % (ends_[kWrites - 1] - ends_[kWrites - 2] - 4096);
    SCOPED_TRACE(page);
    std::string log = log_;
    log.replace(page, 4096, std::string(4096, '\0'));
    EXPECT_THAT(OpenWith(log), IsOkAndHolds(kWrites - 1));
  }
  EXPECT_THAT(OpenWith(log_ + std::string(5000, '\0')), IsOkAndHolds(kWrites));
}

TEST_F(LogTailTest, AFolderWithoutLogsIsFine) {
  std::filesystem::create_directory(folder_ / "empty");
  RELATA_EXPECT_OK(CheckLogTail((folder_ / "empty").string()));
  EXPECT_THAT(CheckLogTail((folder_ / "nowhere").string()), StatusIs(StatusCode::kUnavailable));
}

}  // namespace
}  // namespace relata
