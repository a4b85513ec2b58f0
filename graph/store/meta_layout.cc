#include "graph/store/meta_layout.h"

#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "storage/codec/ordered_bytes.h"

namespace relata {
namespace {

absl::Status Malformed(MetaKind kind) {
  return absl::DataLossError(absl::StrCat("a key of kind 0x", absl::Hex(static_cast<int>(kind)),
                                          " in the unversioned space is malformed; restore a "
                                          "backup"));
}

bool ConsumeKind(MetaKind kind, absl::string_view* key) {
  return ConsumeUint8(key) == static_cast<uint8_t>(kind);
}

}  // namespace

std::string MetaPrefix(MetaKind kind) {
  std::string key;
  AppendUint8(&key, static_cast<uint8_t>(kind));
  return key;
}

std::string MetaNameKey(uint8_t space, uint32_t id) {
  std::string key = MetaPrefix(MetaKind::kName);
  AppendUint8(&key, space);
  AppendUint32(&key, id);
  return key;
}

std::string MetaRequestKey(absl::string_view request_id) {
  std::string key = MetaPrefix(MetaKind::kRequest);
  AppendOrderedBytes(&key, request_id);
  return key;
}

std::string MetaRequestTimeKey(int64_t time_us, absl::string_view request_id) {
  std::string key = MetaPrefix(MetaKind::kRequestTime);
  AppendInt64(&key, time_us);
  AppendOrderedBytes(&key, request_id);
  return key;
}

std::string MetaStatisticsKey(CommitVersion version) {
  std::string key = MetaPrefix(MetaKind::kStatistics);
  AppendUint64Descending(&key, version.value());
  return key;
}

std::string MetaIndexStateKey(IndexId index) {
  std::string key = MetaPrefix(MetaKind::kIndexState);
  AppendUint32(&key, index.value());
  return key;
}

absl::StatusOr<MetaName> DecodeMetaNameKey(absl::string_view key) {
  if (!ConsumeKind(MetaKind::kName, &key)) return Malformed(MetaKind::kName);
  const std::optional<uint8_t> space = ConsumeUint8(&key);
  const std::optional<uint32_t> id = ConsumeUint32(&key);
  if (!space || !id || !key.empty()) return Malformed(MetaKind::kName);
  return MetaName{*space, *id};
}

absl::StatusOr<MetaRequestTime> DecodeMetaRequestTimeKey(absl::string_view key) {
  if (!ConsumeKind(MetaKind::kRequestTime, &key)) return Malformed(MetaKind::kRequestTime);
  const std::optional<int64_t> time = ConsumeInt64(&key);
  std::optional<std::string> request = ConsumeOrderedBytes(&key);
  if (!time || !request || !key.empty()) return Malformed(MetaKind::kRequestTime);
  return MetaRequestTime{*time, *std::move(request)};
}

absl::StatusOr<CommitVersion> DecodeMetaStatisticsKey(absl::string_view key) {
  if (!ConsumeKind(MetaKind::kStatistics, &key)) return Malformed(MetaKind::kStatistics);
  const std::optional<uint64_t> version = ConsumeUint64Descending(&key);
  if (!version || !key.empty()) return Malformed(MetaKind::kStatistics);
  return CommitVersion(*version);
}

}  // namespace relata
