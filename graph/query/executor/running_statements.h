#ifndef RELATA_GRAPH_QUERY_EXECUTOR_RUNNING_STATEMENTS_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_RUNNING_STATEMENTS_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "base/mutex.h"

namespace relata::query {

// The statements that an engine is running: for SHOW TRANSACTIONS and TERMINATE. Thread-safe.
class RunningStatements {
 public:
  // One of them. `terminated` is asked by its budget.
  struct Entry {
    std::string id;  // `statement-17`
    std::string text;
    std::string principal;
    int64_t started_micros = 0;
    std::atomic<bool> terminated{false};
    // Rows made and relationships looked at, as of the last time that it asked whether to stop.
    std::atomic<uint64_t> steps{0};
  };

  // Adds a statement; it is there for as long as the entry lives.
  std::shared_ptr<Entry> Add(absl::string_view text, absl::string_view principal,
                             int64_t started_micros);
  // In the order in which they started.
  std::vector<std::shared_ptr<const Entry>> List() const;
  // False where no such statement runs. It ends with CANCELLED soon after.
  bool Terminate(absl::string_view id);

 private:
  mutable Mutex mutex_;
  uint64_t next_ ABSL_GUARDED_BY(mutex_) = 1;
  std::map<uint64_t, std::weak_ptr<Entry>> entries_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_RUNNING_STATEMENTS_H_
