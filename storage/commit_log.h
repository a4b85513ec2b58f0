#ifndef RELATA_STORAGE_COMMIT_LOG_H_
#define RELATA_STORAGE_COMMIT_LOG_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/ids.h"
#include "storage/load_versions.h"
#include "storage/ordered_kv.h"

namespace relata {

// One commit in the log (space kLog, key: version as 8 bytes big-endian). It names what changed;
// the values are read from the store at that version, so nothing is stored twice. The kinds and
// meanings of identities and counters are graph/'s.
struct CommitEntry {
  // An identity that changed, or a range of them: [first, last] for bulk, first == last for one.
  struct Change {
    uint8_t kind = 0;
    uint64_t first = 0;
    uint64_t last = 0;
    bool operator==(const Change&) const = default;
  };
  // A statistic that moved by `delta`.
  struct Counter {
    uint8_t kind = 0;
    uint64_t id = 0;
    int64_t delta = 0;
    bool operator==(const Counter&) const = default;
  };
  CommitVersion version;
  int64_t time_us = 0;
  std::string principal;   // who wrote; empty: unknown
  std::string request_id;  // empty: none
  std::vector<Change> changes;
  std::vector<Counter> counters;
  bool operator==(const CommitEntry&) const = default;
};

// Record codec, format byte first (storage/codec/record_codec.h), on disk:
//   format 1: zigzag time_us; bytes principal; bytes request_id; count, and for each change: kind
//   (1 byte), varint first, varint last - first; count, and for each counter: kind (1 byte), varint
//   id, zigzag delta
// Decode: DATA_LOSS where damaged, FAILED_PRECONDITION where the format is newer; both name the
// version. In an entry to encode, every change has first <= last.
std::string EncodeCommitEntry(const CommitEntry& entry);
absl::StatusOr<CommitEntry> DecodeCommitEntry(CommitVersion version, absl::string_view bytes);
std::string CommitLogKey(CommitVersion version);

// nullopt: no such version in the log.
absl::StatusOr<std::optional<CommitEntry>> ReadCommit(const OrderedKv& kv,
                                                      const KvSnapshot* snapshot,
                                                      CommitVersion version);
// The time of a commit alone, without decoding what it changed; errors as ReadCommit.
absl::StatusOr<std::optional<int64_t>> ReadCommitTime(const OrderedKv& kv,
                                                      const KvSnapshot* snapshot,
                                                      CommitVersion version);
// Entries of versions in (after, until], ascending, at most `limit`. DATA_LOSS where one between
// two others is missing.
absl::StatusOr<std::vector<CommitEntry>> ReadCommits(const OrderedKv& kv,
                                                     const KvSnapshot* snapshot,
                                                     CommitVersion after, CommitVersion until,
                                                     size_t limit);
// The newest entry; nullopt in an empty log.
absl::StatusOr<std::optional<CommitEntry>> ReadLastCommit(const OrderedKv& kv);
// The version of the oldest entry, above 1 where retention dropped others; 0 in an empty log.
absl::StatusOr<CommitVersion> ReadOldestVersion(const OrderedKv& kv);

// Keys of kMeta start with one byte for their kind: those of storage/ lie below 0x20, from there on
// those of graph/.
inline constexpr char kBulkIntentKey[] = "\x01";

// The bulk intent (space kMeta, key kBulkIntentKey): once synced, the staged runs are part of the
// database, and recovery brings them in. The format is fixed here; bulk ingestion writes it. On
// disk:
//   format 1: varint version; zigzag time_us; count, and for each file: key space (1 byte), bytes
//   name
// Decode: errors as DecodeCommitEntry.
struct BulkIntent {
  CommitVersion version;
  int64_t time_us = 0;
  std::vector<std::pair<KeySpace, std::string>> staged_files;  // names within the staging folder
  bool operator==(const BulkIntent&) const = default;
};
std::string EncodeBulkIntent(const BulkIntent& intent);
absl::StatusOr<BulkIntent> DecodeBulkIntent(absl::string_view bytes);

// The version of a bulk load by its number (space kMeta): written at its commit point, for good, as
// its records name the number (storage/versioned_record.h). On disk:
//   key: 03, big-endian 64-bit number;  format 1: varint version
std::string LoadVersionKey(uint64_t load);
std::string EncodeLoadVersion(CommitVersion version);
// Sets the versions of all loads that are on disk. Errors as DecodeCommitEntry.
absl::Status ReadLoadVersions(const OrderedKv& kv, LoadVersions& loads);

}  // namespace relata

#endif  // RELATA_STORAGE_COMMIT_LOG_H_
