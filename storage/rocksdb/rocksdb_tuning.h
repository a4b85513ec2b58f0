#ifndef RELATA_STORAGE_ROCKSDB_ROCKSDB_TUNING_H_
#define RELATA_STORAGE_ROCKSDB_ROCKSDB_TUNING_H_

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "storage/ordered_kv.h"
#include "storage/rocksdb/rocksdb_options.h"

namespace rocksdb {
class EventListener;
struct ColumnFamilyDescriptor;
struct DBOptions;
enum class WALRecoveryMode : char;
}  // namespace rocksdb

namespace relata {

// The column family of a key space. On disk.
const char* ColumnFamilyName(KeySpace space);

// FAILED_PRECONDITION where the library was built without a compression that the options name.
absl::Status CheckCompression(const RocksDbOptions& options);

// The library's options of the whole database and of each column family: those of the key spaces in
// the order of KeySpace, then the library's own "default", which stays empty. `recovery`: what to
// make of a bad record in the write-ahead log.
rocksdb::DBOptions DatabaseOptions(const RocksDbOptions& options,
                                   std::shared_ptr<rocksdb::EventListener> listener,
                                   rocksdb::WALRecoveryMode recovery);
std::vector<rocksdb::ColumnFamilyDescriptor> ColumnFamilies(const RocksDbOptions& options);

// The binary logarithm of the number of parts that a block cache of so many bytes is cut into, each
// with a lock of its own. What does not fit into its part is read from its file each time, and the
// filter of a file may have 8 MiB, where keys and values are short.
int BlockCacheShardBits(size_t cache_bytes);

}  // namespace relata

#endif  // RELATA_STORAGE_ROCKSDB_ROCKSDB_TUNING_H_
