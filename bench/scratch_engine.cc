#include "bench/scratch_engine.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "storage/memory/memory_kv.h"
#include "storage/rocksdb/rocksdb_kv.h"

namespace relata {

void CheckOk(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "benchmark: %s\n", status.ToString().c_str());
  std::exit(1);
}

ScratchEngine::ScratchEngine(EngineKind kind) {
  if (kind == EngineKind::kMemory) {
    kv_ = std::make_unique<MemoryKv>();
    return;
  }
  std::string pattern = (std::filesystem::temp_directory_path() / "relata-bench-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) {
    std::fprintf(stderr, "benchmark: cannot make a folder like %s\n", pattern.c_str());
    std::exit(1);
  }
  folder_ = pattern;
  RocksDbOptions options;
  options.write_buffer_bytes = size_t{4} << 20;
  kv_ = ValueOrDie(RocksDbKv::Open(folder_ + "/db", options));
}

ScratchEngine::~ScratchEngine() {
  kv_.reset();
  if (!folder_.empty()) std::filesystem::remove_all(folder_);
}

}  // namespace relata
