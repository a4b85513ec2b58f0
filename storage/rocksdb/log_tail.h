#ifndef RELATA_STORAGE_ROCKSDB_LOG_TAIL_H_
#define RELATA_STORAGE_ROCKSDB_LOG_TAIL_H_

#include <string>

#include "absl/status/status.h"

namespace relata {

// Tells a write-ahead log whose last write was torn, which recovery rightly drops, from one that is
// damaged before its end, where recovery would drop commits that were acknowledged.
//
// Every write is on the device before the next one begins, so a write that begins behind a bad
// record shows that the bad one was whole once. A bad record with no such write behind it may be a
// torn one: that the last acknowledged write itself was damaged cannot be seen here.
//
// DATA_LOSS for a damaged log, naming its file in the folder `path` and the byte; UNAVAILABLE where
// a file cannot be read. OK otherwise, also without any log. Cost: reads all of the logs.
//
// The log's format: blocks of 32 KiB of records, each a checksum (CRC-32C of all that follows save
// the length, masked), a length of 2 bytes, a type (whole, first, middle or last part of a write;
// the same four, recycled, with a log number of 4 bytes), and the bytes; all little-endian. No
// record crosses a block. RocksDB's wiki, "Write Ahead Log File Format".
absl::Status CheckLogTail(const std::string& path);

}  // namespace relata

#endif  // RELATA_STORAGE_ROCKSDB_LOG_TAIL_H_
