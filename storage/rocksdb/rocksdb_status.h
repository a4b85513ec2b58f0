#ifndef RELATA_STORAGE_ROCKSDB_ROCKSDB_STATUS_H_
#define RELATA_STORAGE_ROCKSDB_ROCKSDB_STATUS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace rocksdb {
class Status;
}  // namespace rocksdb

namespace relata {

// The one place that turns the library's errors into ours. `doing` says what was tried, as "reading
// the live space". The library's own text is left out, since it holds paths and key bytes; damage
// and failures of the device are logged with the file that it names.
//   corruption                       DATA_LOSS
//   no space, quota, memory          RESOURCE_EXHAUSTED
//   lock held, busy                  FAILED_PRECONDITION
//   folder or file missing           NOT_FOUND
//   I/O, stopping, anything passing  UNAVAILABLE
//   not supported                    UNIMPLEMENTED
//   anything else                    INTERNAL
absl::Status FromRocksDb(const rocksdb::Status& status, absl::string_view doing);

// The file of the database that a text of the library names first, without its folder, as
// `000007.sst`; empty where it names none. A view of the text.
absl::string_view FileNamedIn(absl::string_view text);

}  // namespace relata

#endif  // RELATA_STORAGE_ROCKSDB_ROCKSDB_STATUS_H_
