#ifndef RELATA_STORAGE_SCRATCH_FILE_H_
#define RELATA_STORAGE_SCRATCH_FILE_H_

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "storage/run_entry.h"

namespace relata {

// Sorted entries in a file without a name, which vanishes with the process. Written by one thread,
// then read by any number of them.
class ScratchFile {
 public:
  // A place in the file that a reader may begin at.
  struct Mark {
    std::string key;  // of the entry there
    off_t offset = 0;
  };
  // About as many bytes lie between two marks.
  static constexpr size_t kMarkBytes = size_t{64} << 10;

  ScratchFile() = default;
  ~ScratchFile();
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  // Takes all that the source has. Call once. UNAVAILABLE where there can be no file in the folder
  // or it cannot be written.
  absl::Status Write(RunEntrySource& source, const std::string& folder);

  // Ascending by key; the first is that of the first entry. After Write.
  const std::vector<Mark>& marks() const { return marks_; }
  // From the key `from` on. Its status is UNAVAILABLE where the file cannot be read.
  std::unique_ptr<RunEntrySource> Read(absl::string_view from) const;

 private:
  class Reader;

  int file_ = -1;
  std::vector<Mark> marks_;
};

}  // namespace relata

#endif  // RELATA_STORAGE_SCRATCH_FILE_H_
