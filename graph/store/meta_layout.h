#ifndef RELATA_GRAPH_STORE_META_LAYOUT_H_
#define RELATA_GRAPH_STORE_META_LAYOUT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/ids.h"

namespace relata {

// Keys of graph/ in the unversioned space kMeta: one byte for the kind, then its ids. They live on
// disk. The kinds of storage/ itself (the bulk intent) start at 0x01; these start at 0x20.
enum class MetaKind : uint8_t {
  kDatabase = 0x20,     // format, uuid, incarnation
  kIds = 0x21,          // the first ids of each kind that no block has taken
  kName = 0x22,         // name space, id -> text
  kRequest = 0x23,      // request id -> body hash, answer
  kRequestTime = 0x24,  // commit time, request id -> (empty): for expiry
  kStatistics = 0x25,   // version, descending -> sums of all counters up to it
  kIndexState = 0x26,   // index -> how far it is built
};

std::string MetaPrefix(MetaKind kind);
std::string MetaNameKey(uint8_t space, uint32_t id);
std::string MetaRequestKey(absl::string_view request_id);
std::string MetaRequestTimeKey(int64_t time_us, absl::string_view request_id);
std::string MetaStatisticsKey(CommitVersion version);
std::string MetaIndexStateKey(IndexId index);

struct MetaName {
  uint8_t space = 0;
  uint32_t id = 0;
};
struct MetaRequestTime {
  int64_t time_us = 0;
  std::string request_id;
};
// DATA_LOSS where the key has not the shape of its kind.
absl::StatusOr<MetaName> DecodeMetaNameKey(absl::string_view key);
absl::StatusOr<MetaRequestTime> DecodeMetaRequestTimeKey(absl::string_view key);
absl::StatusOr<CommitVersion> DecodeMetaStatisticsKey(absl::string_view key);

}  // namespace relata

#endif  // RELATA_GRAPH_STORE_META_LAYOUT_H_
