#ifndef RELATA_STORAGE_VERSIONED_RECORD_H_
#define RELATA_STORAGE_VERSIONED_RECORD_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/ids.h"
#include "storage/load_versions.h"
#include "storage/ordered_kv.h"

namespace relata {

// The bytes of the two versioned spaces, on disk since format 1:
//   live     key                                        -> varint(version written) record
//   live     of a bulk load: varint(0) varint(number of the load) record
//   history  key big-endian 64-bit(~version written)    -> varint(version ended) record
// So the states of one key lie together in history, the newest first. Only storage/ uses this;
// everybody else reads through StoreSnapshot and VersionedScan and writes through VersionedBatch.

// The value of either space.
std::string EncodeVersionedValue(CommitVersion version, absl::string_view record);

// What stands in front of the records of a bulk load, whose version is not known yet: the engine's
// LoadVersions tells it.
std::string LoadedValuePrefix(uint64_t load);

struct VersionedValueView {
  CommitVersion version;     // live: written; history: ended
  absl::string_view record;  // a part of the decoded bytes
};
// Of the history space. nullopt where the bytes are damaged: no whole varint, or version 0.
std::optional<VersionedValueView> DecodeVersionedValue(absl::string_view bytes);
// Of the live space. Damaged also where a load is named that has no version.
std::optional<VersionedValueView> DecodeLiveValue(absl::string_view bytes,
                                                  const LoadVersions& loads);

std::string HistoryKey(absl::string_view key, CommitVersion written);

struct HistoryKeyView {
  absl::string_view key;  // a part of the split bytes
  CommitVersion written;
};
// nullopt where the bytes are damaged: too short, or version 0.
std::optional<HistoryKeyView> SplitHistoryKey(absl::string_view bytes);

// A bound above every history key of `key` and, the keys being prefix-free, below those of every
// greater key.
std::string HistoryKeysEnd(absl::string_view key);

// DATA_LOSS that names the space and what is wrong there; `what` continues "a record of the history
// space ".
absl::Status DamagedRecord(KeySpace space, absl::string_view what);

}  // namespace relata

#endif  // RELATA_STORAGE_VERSIONED_RECORD_H_
