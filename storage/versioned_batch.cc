#include <optional>
#include <utility>

#include "base/status_macros.h"
#include "storage/versioned_record.h"
#include "storage/versioned_store.h"

namespace relata {

absl::StatusOr<bool> VersionedBatch::EndState(const std::string& key) {
  std::optional<std::string> stored;
  absl::string_view bytes;
  if (const auto staged = staged_.find(key); staged != staged_.end()) {
    if (!staged->second.live) return false;
    if (staged->second.written == version_) return true;
    bytes = batch_->ops()[staged->second.op].value;
  } else {
    RELATA_ASSIGN_OR_RETURN(stored, kv_->Get(KeySpace::kLive, key, nullptr));
    if (!stored.has_value()) return false;
    bytes = *stored;
  }
  const std::optional<VersionedValueView> state = DecodeLiveValue(bytes, kv_->load_versions());
  if (!state.has_value() || state->version >= version_) {
    return DamagedRecord(KeySpace::kLive, "does not start with an earlier version that wrote it");
  }
  std::string ended = EncodeVersionedValue(version_, state->record);
  batch_->Put(KeySpace::kHistory, HistoryKey(key, state->version), std::move(ended));
  return true;
}

absl::StatusOr<std::optional<VersionedRecord>> VersionedBatch::Get(const std::string& key) const {
  std::optional<std::string> stored;
  absl::string_view bytes;
  if (const auto staged = staged_.find(key); staged != staged_.end()) {
    if (!staged->second.live) return std::optional<VersionedRecord>();
    bytes = batch_->ops()[staged->second.op].value;
  } else {
    RELATA_ASSIGN_OR_RETURN(stored, kv_->Get(KeySpace::kLive, key, nullptr));
    if (!stored.has_value()) return std::optional<VersionedRecord>();
    bytes = *stored;
  }
  const std::optional<VersionedValueView> state = DecodeLiveValue(bytes, kv_->load_versions());
  if (!state.has_value()) {
    return DamagedRecord(KeySpace::kLive, "does not start with the version that wrote it");
  }
  return std::optional<VersionedRecord>({state->version, std::string(state->record)});
}

absl::Status VersionedBatch::Put(std::string key, absl::string_view record, bool known_new) {
  if (!known_new || staged_.contains(key)) {
    RELATA_RETURN_IF_ERROR(EndState(key).status());
  }
  staged_[key] = Staged{true, version_, batch_->ops().size()};
  batch_->Put(KeySpace::kLive, std::move(key), EncodeVersionedValue(version_, record));
  return absl::OkStatus();
}

absl::Status VersionedBatch::Delete(const std::string& key) {
  RELATA_ASSIGN_OR_RETURN(const bool was_live, EndState(key));
  if (!was_live) return absl::OkStatus();
  staged_[key] = Staged{false, version_, 0};
  batch_->Delete(KeySpace::kLive, key);
  return absl::OkStatus();
}

}  // namespace relata
