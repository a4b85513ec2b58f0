#include "server/machine_memory.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace relata {

uint64_t UsableMemory(const std::vector<std::string>& limit_files) {
  uint64_t bytes = static_cast<uint64_t>(std::max(sysconf(_SC_PHYS_PAGES), 0L)) *
                   static_cast<uint64_t>(std::max(sysconf(_SC_PAGESIZE), 0L));
  for (const std::string& name : limit_files) {
    std::ifstream file(name);
    uint64_t limit = 0;
    if (file >> limit && limit > 0) bytes = std::min(bytes, limit);
  }
  return bytes;
}

uint64_t UsableMemory() {
  return UsableMemory({"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"});
}

}  // namespace relata
