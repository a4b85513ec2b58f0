#include "storage/commit_log.h"

#include <limits>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "storage/codec/ordered_bytes.h"
#include "storage/codec/record_codec.h"

namespace relata {
namespace {

constexpr uint8_t kCommitFormat = 1;
constexpr uint8_t kBulkIntentFormat = 1;
// The least bytes of an item: a kind and two varints; a key space and an empty name.
constexpr size_t kLeastChangeBytes = 3;
constexpr size_t kLeastCounterBytes = 3;
constexpr size_t kLeastFileBytes = 2;

constexpr uint8_t kLoadVersionFormat = 1;
constexpr absl::string_view kLoadVersionPrefix = "\x03";

std::string EntryName(CommitVersion version) {
  return absl::StrCat("the commit log's entry of version ", version.value());
}

CommitEntry::Change ReadChange(RecordReader& reader) {
  CommitEntry::Change change;
  change.kind = reader.ReadUint8();
  change.first = reader.ReadVarint64();
  const uint64_t more = reader.ReadVarint64();
  if (more > std::numeric_limits<uint64_t>::max() - change.first) {
    reader.MarkDamaged("a range of identities ends beyond the largest one");
    return change;
  }
  change.last = change.first + more;
  return change;
}

// The version that a key of the log names.
absl::StatusOr<CommitVersion> LoggedVersion(absl::string_view key) {
  const std::optional<uint64_t> version = ConsumeUint64(&key);
  if (!version.has_value() || !key.empty() || *version == 0) {
    return absl::DataLossError(
        "an entry of the commit log has a damaged key; restore the database from a checkpoint");
  }
  return CommitVersion(*version);
}

}  // namespace

std::string EncodeCommitEntry(const CommitEntry& entry) {
  std::string bytes;
  RecordWriter writer(&bytes, kCommitFormat);
  writer.WriteZigZag64(entry.time_us);
  writer.WriteBytes(entry.principal);
  writer.WriteBytes(entry.request_id);
  writer.WriteVarint64(entry.changes.size());
  for (const CommitEntry::Change& change : entry.changes) {
    writer.WriteUint8(change.kind);
    writer.WriteVarint64(change.first);
    writer.WriteVarint64(change.last - change.first);
  }
  writer.WriteVarint64(entry.counters.size());
  for (const CommitEntry::Counter& counter : entry.counters) {
    writer.WriteUint8(counter.kind);
    writer.WriteVarint64(counter.id);
    writer.WriteZigZag64(counter.delta);
  }
  return bytes;
}

absl::StatusOr<CommitEntry> DecodeCommitEntry(CommitVersion version, absl::string_view bytes) {
  const std::string name = EntryName(version);
  RecordReader reader(bytes, name, kCommitFormat);
  CommitEntry entry;
  entry.version = version;
  entry.time_us = reader.ReadZigZag64();
  entry.principal = std::string(reader.ReadBytes());
  entry.request_id = std::string(reader.ReadBytes());
  entry.changes.resize(reader.ReadCount(kLeastChangeBytes));
  for (CommitEntry::Change& change : entry.changes) change = ReadChange(reader);
  entry.counters.resize(reader.ReadCount(kLeastCounterBytes));
  for (CommitEntry::Counter& counter : entry.counters) {
    counter.kind = reader.ReadUint8();
    counter.id = reader.ReadVarint64();
    counter.delta = reader.ReadZigZag64();
  }
  RELATA_RETURN_IF_ERROR(reader.Finish());
  return entry;
}

std::string CommitLogKey(CommitVersion version) {
  std::string key;
  AppendUint64(&key, version.value());
  return key;
}

absl::StatusOr<std::optional<CommitEntry>> ReadCommit(const OrderedKv& kv,
                                                      const KvSnapshot* snapshot,
                                                      CommitVersion version) {
  RELATA_ASSIGN_OR_RETURN(const std::optional<std::string> bytes,
                          kv.Get(KeySpace::kLog, CommitLogKey(version), snapshot));
  if (!bytes.has_value()) return std::nullopt;
  return DecodeCommitEntry(version, *bytes);
}

absl::StatusOr<std::optional<int64_t>> ReadCommitTime(const OrderedKv& kv,
                                                      const KvSnapshot* snapshot,
                                                      CommitVersion version) {
  // By a cursor, whose value is a view: the entry of a large commit takes a hundred kilobytes, and
  // answers ask for the times of many.
  const std::string key = CommitLogKey(version);
  const std::unique_ptr<KvIterator> cursor =
      kv.NewIterator(KeySpace::kLog, snapshot, key, std::string());
  cursor->SeekToFirst();
  if (!cursor->Valid() || cursor->key() != key) {
    RELATA_RETURN_IF_ERROR(cursor->status());
    return std::nullopt;
  }
  const std::string name = EntryName(version);
  RecordReader reader(cursor->value(), name, kCommitFormat);
  const int64_t time_us = reader.ReadZigZag64();
  RELATA_RETURN_IF_ERROR(reader.status());
  return time_us;
}

absl::StatusOr<std::vector<CommitEntry>> ReadCommits(const OrderedKv& kv,
                                                     const KvSnapshot* snapshot,
                                                     CommitVersion after, CommitVersion until,
                                                     size_t limit) {
  std::vector<CommitEntry> entries;
  if (until <= after) return entries;
  const std::string end = until.next().valid() ? CommitLogKey(until.next()) : std::string();
  const std::unique_ptr<KvIterator> cursor =
      kv.NewIterator(KeySpace::kLog, snapshot, CommitLogKey(after.next()), end);
  for (cursor->SeekToFirst(); cursor->Valid() && entries.size() < limit; cursor->Next()) {
    RELATA_ASSIGN_OR_RETURN(const CommitVersion version, LoggedVersion(cursor->key()));
    if (!entries.empty() && version != entries.back().version.next()) {
      return absl::DataLossError(absl::StrCat(
          EntryName(entries.back().version.next()),
          " is missing though later ones are there; restore the database from a checkpoint"));
    }
    RELATA_ASSIGN_OR_RETURN(CommitEntry entry, DecodeCommitEntry(version, cursor->value()));
    entries.push_back(std::move(entry));
  }
  RELATA_RETURN_IF_ERROR(cursor->status());
  return entries;
}

absl::StatusOr<std::optional<CommitEntry>> ReadLastCommit(const OrderedKv& kv) {
  const std::unique_ptr<KvIterator> cursor =
      kv.NewIterator(KeySpace::kLog, nullptr, std::string(), std::string());
  cursor->SeekToLast();
  if (!cursor->Valid()) {
    RELATA_RETURN_IF_ERROR(cursor->status());
    return std::nullopt;
  }
  RELATA_ASSIGN_OR_RETURN(const CommitVersion version, LoggedVersion(cursor->key()));
  return DecodeCommitEntry(version, cursor->value());
}

absl::StatusOr<CommitVersion> ReadOldestVersion(const OrderedKv& kv) {
  const std::unique_ptr<KvIterator> cursor =
      kv.NewIterator(KeySpace::kLog, nullptr, std::string(), std::string());
  cursor->SeekToFirst();
  if (!cursor->Valid()) {
    RELATA_RETURN_IF_ERROR(cursor->status());
    return CommitVersion();
  }
  return LoggedVersion(cursor->key());
}

std::string EncodeBulkIntent(const BulkIntent& intent) {
  std::string bytes;
  RecordWriter writer(&bytes, kBulkIntentFormat);
  writer.WriteVarint64(intent.version.value());
  writer.WriteZigZag64(intent.time_us);
  writer.WriteVarint64(intent.staged_files.size());
  for (const auto& [space, name] : intent.staged_files) {
    writer.WriteUint8(static_cast<uint8_t>(space));
    writer.WriteBytes(name);
  }
  return bytes;
}

absl::StatusOr<BulkIntent> DecodeBulkIntent(absl::string_view bytes) {
  RecordReader reader(bytes, "the bulk intent", kBulkIntentFormat);
  BulkIntent intent;
  intent.version = CommitVersion(reader.ReadVarint64());
  intent.time_us = reader.ReadZigZag64();
  intent.staged_files.resize(reader.ReadCount(kLeastFileBytes));
  for (auto& [space, name] : intent.staged_files) {
    const uint8_t number = reader.ReadUint8();
    if (number >= kKeySpaceCount) {
      reader.MarkDamaged("it names a key space that does not exist");
      break;
    }
    space = static_cast<KeySpace>(number);
    name = std::string(reader.ReadBytes());
  }
  RELATA_RETURN_IF_ERROR(reader.Finish());
  return intent;
}

std::string LoadVersionKey(uint64_t load) {
  std::string key(kLoadVersionPrefix);
  AppendUint64(&key, load);
  return key;
}

std::string EncodeLoadVersion(CommitVersion version) {
  std::string bytes;
  RecordWriter writer(&bytes, kLoadVersionFormat);
  writer.WriteVarint64(version.value());
  return bytes;
}

absl::Status ReadLoadVersions(const OrderedKv& kv, LoadVersions& loads) {
  const std::unique_ptr<KvIterator> cursor = kv.NewIterator(
      KeySpace::kMeta, nullptr, std::string(kLoadVersionPrefix), PrefixEnd(kLoadVersionPrefix));
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
    absl::string_view key = cursor->key().substr(kLoadVersionPrefix.size());
    const std::optional<uint64_t> load = ConsumeUint64(&key);
    RecordReader reader(cursor->value(), "the version of a bulk load", kLoadVersionFormat);
    const CommitVersion version(reader.ReadVarint64());
    if (!load.has_value() || !key.empty() || !version.valid()) {
      reader.MarkDamaged("it names no load or no version");
    }
    RELATA_RETURN_IF_ERROR(reader.Finish());
    loads.Set(*load, version);
  }
  return cursor->status();
}

}  // namespace relata
