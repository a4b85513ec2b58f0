#ifndef RELATA_STORAGE_ROCKSDB_ROCKSDB_OPTIONS_H_
#define RELATA_STORAGE_ROCKSDB_ROCKSDB_OPTIONS_H_

#include <cstddef>

namespace relata {

// How blocks on disk are compressed. A library may have been built without one of them.
enum class RocksDbCompression { kNone, kLz4, kZstd };

// How an engine on disk is opened. None of these is part of the format: a folder may be opened with
// others next time (blocks that are there keep the compression they were written with).
struct RocksDbOptions {
  // Memory for uncompressed blocks, indexes and filters, shared by all key spaces. More of it makes
  // reads of data that is not in memory rarer.
  size_t block_cache_bytes = size_t{256} << 20;
  // Bits of the bloom filter for each key of the live and the meta space: 10 lets one in a hundred
  // look-ups of an absent key read a block for nothing. 0: no filters.
  double bloom_bits_per_key = 10;
  // Memory for recent writes of each key space before they go to a file; up to twice as much while
  // one is written.
  size_t write_buffer_bytes = size_t{64} << 20;
  // The live and the meta space: read all the time, so cheap to unpack.
  RocksDbCompression live_compression = RocksDbCompression::kLz4;
  // The history and the log: large and rarely read, so small.
  RocksDbCompression history_compression = RocksDbCompression::kZstd;
  // Makes a new, empty database (and the folder with its parents) where there is none; else that is
  // NOT_FOUND.
  bool create_if_missing = true;
};

}  // namespace relata

#endif  // RELATA_STORAGE_ROCKSDB_ROCKSDB_OPTIONS_H_
