#ifndef RELATA_TESTS_SERVER_MEMORY_ENGINES_H_
#define RELATA_TESTS_SERVER_MEMORY_ENGINES_H_

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/mutex.h"
#include "server/engine_provider.h"
#include "storage/memory/memory_kv.h"

namespace relata {

// Databases in memory for tests: each one is empty when it is opened.
class MemoryEngines final : public EngineProvider {
 public:
  absl::StatusOr<std::vector<std::string>> List() override {
    MutexLock lock(&mutex_);
    return std::vector<std::string>(names_.begin(), names_.end());
  }
  absl::StatusOr<std::unique_ptr<OrderedKv>> Open(const std::string& name) override {
    MutexLock lock(&mutex_);
    names_.insert(name);
    return std::make_unique<MemoryKv>();
  }
  absl::Status Remove(const std::string& name) override {
    MutexLock lock(&mutex_);
    names_.erase(name);
    return absl::OkStatus();
  }
  absl::StatusOr<std::string> CheckpointPath(const std::string& name) override { return name; }

 private:
  Mutex mutex_;
  std::set<std::string> names_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace relata

#endif  // RELATA_TESTS_SERVER_MEMORY_ENGINES_H_
