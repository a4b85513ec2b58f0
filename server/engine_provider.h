#ifndef RELATA_SERVER_ENGINE_PROVIDER_H_
#define RELATA_SERVER_ENGINE_PROVIDER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/ordered_kv.h"

namespace relata {

// Where the databases of a server are kept, one engine each. Names are checked by the caller
// (DatabaseRegistry). Thread-safe.
class EngineProvider {
 public:
  virtual ~EngineProvider() = default;

  // The databases that are there, ascending.
  virtual absl::StatusOr<std::vector<std::string>> List() = 0;
  // Opens one, and makes it where it is absent. FAILED_PRECONDITION where another process holds it,
  // DATA_LOSS where it is damaged.
  virtual absl::StatusOr<std::unique_ptr<OrderedKv>> Open(const std::string& name) = 0;
  // Deletes one for good. Its engine must be closed. Whole or not at all, also over a crash.
  virtual absl::Status Remove(const std::string& name) = 0;
  // Where a checkpoint called `name` goes, with its parent folders made. UNIMPLEMENTED without
  // files.
  virtual absl::StatusOr<std::string> CheckpointPath(const std::string& name) = 0;
};

}  // namespace relata

#endif  // RELATA_SERVER_ENGINE_PROVIDER_H_
