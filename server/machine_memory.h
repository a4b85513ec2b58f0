#ifndef RELATA_SERVER_MACHINE_MEMORY_H_
#define RELATA_SERVER_MACHINE_MEMORY_H_

#include <cstdint>
#include <string>
#include <vector>

namespace relata {

// Bytes of memory that this process may use: those of the machine, or fewer where a control group
// says so. `limit_files`: files that hold such a limit, a number of bytes or `max`, in turn; those
// that are not there say nothing.
uint64_t UsableMemory(const std::vector<std::string>& limit_files);

// With the files of Linux's control groups of both versions.
uint64_t UsableMemory();

}  // namespace relata

#endif  // RELATA_SERVER_MACHINE_MEMORY_H_
