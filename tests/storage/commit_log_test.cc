#include "storage/commit_log.h"

#include <limits>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/memory/memory_kv.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr uint64_t kMaxId = std::numeric_limits<uint64_t>::max();

std::string RandomBytes(std::mt19937_64& random, size_t limit) {
  std::string bytes(random() % limit, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

uint64_t RandomId(std::mt19937_64& random) { return random() >> (random() % 64); }

CommitEntry RandomEntry(std::mt19937_64& random) {
  CommitEntry entry;
  entry.version = CommitVersion(1 + random() % 1000);
  entry.time_us = static_cast<int64_t>(RandomId(random));
  entry.principal = RandomBytes(random, 20);
  entry.request_id = RandomBytes(random, 20);
  for (uint64_t i = random() % 6; i > 0; --i) {
    const uint64_t first = RandomId(random);
    const uint64_t last = random() % 2 == 0 ? first : first + (kMaxId - first) / 2;
    entry.changes.push_back({static_cast<uint8_t>(random()), first, last});
  }
  for (uint64_t i = random() % 6; i > 0; --i) {
    entry.counters.push_back(
        {static_cast<uint8_t>(random()), RandomId(random), static_cast<int64_t>(RandomId(random))});
  }
  return entry;
}

CommitEntry EntryOf(uint64_t version, int64_t time_us) {
  CommitEntry entry;
  entry.version = CommitVersion(version);
  entry.time_us = time_us;
  return entry;
}

void Append(MemoryKv& kv, const CommitEntry& entry) {
  KvBatch batch;
  batch.Put(KeySpace::kLog, CommitLogKey(entry.version), EncodeCommitEntry(entry));
  RELATA_ASSERT_OK(kv.Write(batch, {}, /*sync=*/true));
}

TEST(CommitEntryCodecTest, RoundTrips) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20000; ++i) {
    const CommitEntry entry = RandomEntry(random);
    EXPECT_THAT(DecodeCommitEntry(entry.version, EncodeCommitEntry(entry)), IsOkAndHolds(entry));
  }
}

TEST(CommitEntryCodecTest, RoundTripsExtremes) {
  CommitEntry entry = EntryOf(kMaxId, std::numeric_limits<int64_t>::min());
  entry.changes = {{255, 0, kMaxId}, {0, kMaxId, kMaxId}};
  entry.counters = {{255, kMaxId, std::numeric_limits<int64_t>::min()},
                    {0, 0, std::numeric_limits<int64_t>::max()}};
  EXPECT_THAT(DecodeCommitEntry(entry.version, EncodeCommitEntry(entry)), IsOkAndHolds(entry));
}

TEST(CommitEntryCodecTest, BytesAreAsDocumented) {
  CommitEntry entry = EntryOf(5, -1);
  entry.principal = "me";
  entry.changes = {{7, 300, 302}};
  entry.counters = {{1, 2, -2}};
  EXPECT_EQ(EncodeCommitEntry(entry),
            std::string("\x01\x01\x02me\x00\x01\x07\xac\x02\x02\x01\x01\x02\x03", 15));
  EXPECT_EQ(CommitLogKey(CommitVersion(258)), std::string("\0\0\0\0\0\0\1\2", 8));
}

TEST(CommitEntryCodecTest, CutAnywhereIsDataLossNamingTheVersion) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 300; ++i) {
    const CommitEntry entry = RandomEntry(random);
    const std::string bytes = EncodeCommitEntry(entry);
    const std::string name = "version " + std::to_string(entry.version.value());
    for (size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_THAT(DecodeCommitEntry(entry.version, bytes.substr(0, size)),
                  StatusIs(absl::StatusCode::kDataLoss, HasSubstr(name)));
    }
    EXPECT_THAT(DecodeCommitEntry(entry.version, bytes + "x"),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr(name)));
  }
}

TEST(CommitEntryCodecTest, FlippedBitsNeverCrash) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 300; ++i) {
    const CommitEntry entry = RandomEntry(random);
    const std::string bytes = EncodeCommitEntry(entry);
    for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
      std::string damaged = bytes;
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
      const absl::StatusOr<CommitEntry> decoded = DecodeCommitEntry(entry.version, damaged);
      if (decoded.ok()) {
        EXPECT_NE(*decoded, entry);
      } else {
        const bool newer = absl::IsFailedPrecondition(decoded.status());
        EXPECT_TRUE(absl::IsDataLoss(decoded.status()) || (newer && bit < 8)) << decoded.status();
      }
    }
  }
}

TEST(CommitEntryCodecTest, RangeBeyondTheLargestIdIsDataLoss) {
  CommitEntry entry = EntryOf(1, 0);
  entry.changes = {{1, 0, kMaxId}};
  std::string bytes = EncodeCommitEntry(entry);
  const size_t first_at = 6;  // format, time, two empty strings, count, kind
  ASSERT_EQ(bytes[first_at], '\0');
  bytes[first_at] = '\1';
  EXPECT_THAT(DecodeCommitEntry(CommitVersion(1), bytes), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(CommitEntryCodecTest, NewerFormatIsFailedPrecondition) {
  std::string bytes = EncodeCommitEntry(EntryOf(17, 5));
  bytes[0] = '\x02';
  EXPECT_THAT(DecodeCommitEntry(CommitVersion(17), bytes),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("version 17")));
}

TEST(BulkIntentCodecTest, RoundTripsAndSurvivesDamage) {
  BulkIntent intent;
  intent.version = CommitVersion(300);
  intent.time_us = 1700000000000000;
  intent.staged_files = {{KeySpace::kLive, "000001.run"}, {KeySpace::kLog, ""}};
  const std::string bytes = EncodeBulkIntent(intent);
  EXPECT_THAT(DecodeBulkIntent(bytes), IsOkAndHolds(intent));
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THAT(DecodeBulkIntent(bytes.substr(0, size)),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr("bulk intent")));
  }
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    const absl::StatusOr<BulkIntent> decoded = DecodeBulkIntent(damaged);
    if (decoded.ok()) {
      EXPECT_NE(*decoded, intent);
    }
  }
  std::string wrong_space = bytes;
  wrong_space[wrong_space.size() - 2] = kKeySpaceCount;
  EXPECT_THAT(DecodeBulkIntent(wrong_space), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(CommitLogTest, EmptyLog) {
  MemoryKv kv;
  EXPECT_THAT(ReadLastCommit(kv), IsOkAndHolds(std::nullopt));
  EXPECT_THAT(ReadOldestVersion(kv), IsOkAndHolds(CommitVersion()));
  EXPECT_THAT(ReadCommit(kv, nullptr, CommitVersion(1)), IsOkAndHolds(std::nullopt));
  EXPECT_THAT(ReadCommits(kv, nullptr, CommitVersion(), CommitVersion(kMaxId), 10),
              IsOkAndHolds(IsEmpty()));
}

TEST(CommitLogTest, ReadsOneAndMany) {
  MemoryKv kv;
  std::vector<CommitEntry> entries;
  for (uint64_t version = 1; version <= 300; ++version) {
    entries.push_back(EntryOf(version, static_cast<int64_t>(version) * 10));
    Append(kv, entries.back());
  }
  EXPECT_THAT(ReadLastCommit(kv), IsOkAndHolds(entries.back()));
  EXPECT_THAT(ReadOldestVersion(kv), IsOkAndHolds(CommitVersion(1)));
  EXPECT_THAT(ReadCommit(kv, nullptr, CommitVersion(256)), IsOkAndHolds(entries[255]));
  EXPECT_THAT(ReadCommitTime(kv, nullptr, CommitVersion(256)), IsOkAndHolds(2560));
  EXPECT_THAT(ReadCommits(kv, nullptr, CommitVersion(254), CommitVersion(257), 100),
              IsOkAndHolds(ElementsAre(entries[254], entries[255], entries[256])));
  EXPECT_THAT(ReadCommits(kv, nullptr, CommitVersion(254), CommitVersion(kMaxId), 2),
              IsOkAndHolds(ElementsAre(entries[254], entries[255])));
  EXPECT_THAT(ReadCommits(kv, nullptr, CommitVersion(7), CommitVersion(7), 2),
              IsOkAndHolds(IsEmpty()));
}

TEST(CommitLogTest, ReadsAtTheSnapshot) {
  MemoryKv kv;
  Append(kv, EntryOf(1, 1));
  const auto snapshot = kv.NewSnapshot();
  Append(kv, EntryOf(2, 2));
  EXPECT_THAT(ReadCommit(kv, snapshot.get(), CommitVersion(2)), IsOkAndHolds(std::nullopt));
  EXPECT_THAT(ReadCommits(kv, snapshot.get(), CommitVersion(), CommitVersion(9), 9),
              IsOkAndHolds(ElementsAre(EntryOf(1, 1))));
}

TEST(CommitLogTest, MissingEntryIsDataLoss) {
  MemoryKv kv;
  for (const uint64_t version : {5, 6, 8}) Append(kv, EntryOf(version, 1));
  EXPECT_THAT(ReadCommits(kv, nullptr, CommitVersion(), CommitVersion(9), 9),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("version 7")));
  EXPECT_THAT(ReadOldestVersion(kv), IsOkAndHolds(CommitVersion(5)));
}

TEST(CommitLogTest, DamagedKeyIsDataLoss) {
  MemoryKv kv;
  KvBatch batch;
  batch.Put(KeySpace::kLog, "\xff\xff", EncodeCommitEntry(EntryOf(1, 1)));
  RELATA_ASSERT_OK(kv.Write(batch, {}, /*sync=*/true));
  EXPECT_THAT(ReadLastCommit(kv), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(ReadOldestVersion(kv), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(ReadCommits(kv, nullptr, CommitVersion(), CommitVersion(kMaxId), 9),
              StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace relata
