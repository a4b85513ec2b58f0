#include "storage/rocksdb/rocksdb_tuning.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/status_macros.h"
#include "rocksdb/cache.h"
#include "rocksdb/convenience.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/listener.h"
#include "rocksdb/options.h"
#include "rocksdb/table.h"

namespace relata {
namespace {

// Of the table format of RocksDB; 5 is read by every version since 6.6.
constexpr int kTableFormat = 5;
constexpr size_t kBlockBytes = 8 << 10;
constexpr size_t kLogFileBytes = 8 << 20;
constexpr int kLogFiles = 4;
// Of a part of the block cache. Half of it is for filters and indexes.
constexpr size_t kLeastShardBytes = size_t{32} << 20;
// As many as the library makes of a large cache.
constexpr int kMostShardBits = 6;
constexpr uint64_t kSyncEveryBytes = 1 << 20;

rocksdb::CompressionType LibraryCompression(RocksDbCompression compression) {
  switch (compression) {
    case RocksDbCompression::kNone:
      return rocksdb::kNoCompression;
    case RocksDbCompression::kLz4:
      return rocksdb::kLZ4Compression;
    case RocksDbCompression::kZstd:
      return rocksdb::kZSTD;
  }
  return rocksdb::kNoCompression;
}

absl::Status CheckOneCompression(RocksDbCompression compression) {
  const std::vector<rocksdb::CompressionType> supported = rocksdb::GetSupportedCompressions();
  const rocksdb::CompressionType wanted = LibraryCompression(compression);
  if (std::find(supported.begin(), supported.end(), wanted) != supported.end()) {
    return absl::OkStatus();
  }
  const absl::string_view name = compression == RocksDbCompression::kLz4 ? "LZ4" : "ZSTD";
  return absl::FailedPreconditionError(
      absl::StrCat("the RocksDB library of this machine was built without ", name,
                   "; install one that has it or choose another compression"));
}

// The history and the log are read by ranges and by keys that are there, so filters would only
// cost.
bool IsReadByPoint(KeySpace space) { return space == KeySpace::kLive || space == KeySpace::kMeta; }

rocksdb::BlockBasedTableOptions TableOptions(const RocksDbOptions& options,
                                             const std::shared_ptr<rocksdb::Cache>& cache,
                                             KeySpace space) {
  rocksdb::BlockBasedTableOptions table;
  table.format_version = kTableFormat;
  table.checksum = rocksdb::kXXH3;
  table.block_size = kBlockBytes;
  table.block_cache = cache;
  table.cache_index_and_filter_blocks = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  if (IsReadByPoint(space) && options.bloom_bits_per_key > 0) {
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(options.bloom_bits_per_key));
    table.whole_key_filtering = true;
  }
  return table;
}

}  // namespace

const char* ColumnFamilyName(KeySpace space) {
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
  return "";
}

absl::Status CheckCompression(const RocksDbOptions& options) {
  RELATA_RETURN_IF_ERROR(CheckOneCompression(options.live_compression));
  return CheckOneCompression(options.history_compression);
}

rocksdb::DBOptions DatabaseOptions(const RocksDbOptions& options,
                                   std::shared_ptr<rocksdb::EventListener> listener,
                                   rocksdb::WALRecoveryMode recovery) {
  rocksdb::DBOptions database;
  database.create_if_missing = options.create_if_missing;
  // A process that died while it made a new database leaves some families unmade.
  database.create_missing_column_families = true;
  database.atomic_flush = true;
  database.paranoid_checks = true;
  database.wal_recovery_mode = recovery;
  // After a failed write the state of the files is unknown: only opening again reads it back.
  database.max_bgerror_resume_count = 0;
  database.bytes_per_sync = kSyncEveryBytes;
  database.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  database.max_log_file_size = kLogFileBytes;
  database.keep_log_file_num = kLogFiles;
  database.listeners.push_back(std::move(listener));
  return database;
}

int BlockCacheShardBits(size_t cache_bytes) {
  int bits = 0;
  while (bits < kMostShardBits && cache_bytes >> (bits + 1) >= kLeastShardBytes) ++bits;
  return bits;
}

std::vector<rocksdb::ColumnFamilyDescriptor> ColumnFamilies(const RocksDbOptions& options) {
  const std::shared_ptr<rocksdb::Cache> cache = rocksdb::NewLRUCache(
      options.block_cache_bytes, BlockCacheShardBits(options.block_cache_bytes));
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (int i = 0; i < kKeySpaceCount; ++i) {
    const auto space = static_cast<KeySpace>(i);
    rocksdb::ColumnFamilyOptions family;
    family.write_buffer_size = options.write_buffer_bytes;
    family.level_compaction_dynamic_level_bytes = true;
    family.compression = LibraryCompression(IsReadByPoint(space) ? options.live_compression
                                                                 : options.history_compression);
    family.table_factory.reset(
        rocksdb::NewBlockBasedTableFactory(TableOptions(options, cache, space)));
    families.emplace_back(ColumnFamilyName(space), family);
  }
  families.emplace_back(rocksdb::kDefaultColumnFamilyName, rocksdb::ColumnFamilyOptions());
  return families;
}

}  // namespace relata
