#include "storage/versioned_record.h"

#include "absl/strings/str_cat.h"
#include "storage/codec/ordered_bytes.h"
#include "storage/codec/varint.h"

namespace relata {
namespace {

constexpr size_t kVersionBytes = 8;

absl::string_view SpaceName(KeySpace space) {
  switch (space) {
    case KeySpace::kLive:
      return "live";
    case KeySpace::kHistory:
      return "history";
    case KeySpace::kLog:
      return "log";
    case KeySpace::kMeta:
      return "meta";
  }
  return "unknown";
}

}  // namespace

std::string EncodeVersionedValue(CommitVersion version, absl::string_view record) {
  std::string value;
  value.reserve(kMaxVarint64Bytes + record.size());
  AppendVarint64(&value, version.value());
  value.append(record.data(), record.size());
  return value;
}

std::optional<VersionedValueView> DecodeVersionedValue(absl::string_view bytes) {
  const std::optional<uint64_t> version = ConsumeVarint64(&bytes);
  if (!version.has_value() || *version == 0) return std::nullopt;
  return VersionedValueView{CommitVersion(*version), bytes};
}

std::string LoadedValuePrefix(uint64_t load) {
  std::string prefix;
  AppendVarint64(&prefix, 0);
  AppendVarint64(&prefix, load);
  return prefix;
}

std::optional<VersionedValueView> DecodeLiveValue(absl::string_view bytes,
                                                  const LoadVersions& loads) {
  const std::optional<uint64_t> version = ConsumeVarint64(&bytes);
  if (!version.has_value()) return std::nullopt;
  if (*version != 0) return VersionedValueView{CommitVersion(*version), bytes};
  const std::optional<uint64_t> load = ConsumeVarint64(&bytes);
  if (!load.has_value()) return std::nullopt;
  const CommitVersion loaded_at = loads.VersionOf(*load);
  if (!loaded_at.valid()) return std::nullopt;
  return VersionedValueView{loaded_at, bytes};
}

std::string HistoryKey(absl::string_view key, CommitVersion written) {
  std::string result;
  result.reserve(key.size() + kVersionBytes);
  result.append(key.data(), key.size());
  AppendUint64Descending(&result, written.value());
  return result;
}

std::optional<HistoryKeyView> SplitHistoryKey(absl::string_view bytes) {
  if (bytes.size() < kVersionBytes) return std::nullopt;
  absl::string_view suffix = bytes.substr(bytes.size() - kVersionBytes);
  const std::optional<uint64_t> written = ConsumeUint64Descending(&suffix);
  if (!written.has_value() || *written == 0) return std::nullopt;
  return HistoryKeyView{bytes.substr(0, bytes.size() - kVersionBytes), CommitVersion(*written)};
}

std::string HistoryKeysEnd(absl::string_view key) {
  std::string end;
  end.reserve(key.size() + kVersionBytes + 1);
  end.append(key.data(), key.size());
  end.append(kVersionBytes + 1, '\xff');
  return end;
}

absl::Status DamagedRecord(KeySpace space, absl::string_view what) {
  return absl::DataLossError(absl::StrCat("a record of the ", SpaceName(space), " space ", what,
                                          "; restore the database from a checkpoint"));
}

}  // namespace relata
