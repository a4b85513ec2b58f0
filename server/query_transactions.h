#ifndef RELATA_SERVER_QUERY_TRANSACTIONS_H_
#define RELATA_SERVER_QUERY_TRANSACTIONS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "graph/query/engine.h"
#include "server/database_registry.h"

namespace relata {

// The transactions of the query service that are open, by the ids that clients know them by. Rolls
// back those that no call has used for the idle timeout: each pins a state of its database.
// Thread-safe.
class QueryTransactions {
 public:
  // `clock` must outlive it.
  QueryTransactions(Clock* clock, absl::Duration idle_timeout, size_t most);
  // Rolls back what is open.
  ~QueryTransactions();

  absl::Duration idle_timeout() const { return idle_timeout_; }

  // Begins a transaction on the database and returns its id. RESOURCE_EXHAUSTED where `most` are
  // open.
  absl::StatusOr<std::string> Begin(std::shared_ptr<OpenDatabase> database, bool read_only);

 private:
  struct Open;

 public:
  // A transaction while one call uses it. Goes back at the end of its life.
  class Lease {
   public:
    Lease(Lease&& other) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease();

    query::QueryTransaction& transaction() const;
    Database& database() const;
    const std::string& database_name() const;
    // It has ended: nobody finds it again.
    void Forget();

   private:
    friend class QueryTransactions;
    Lease(QueryTransactions* owner, std::shared_ptr<Open> open)
        : owner_(owner), open_(std::move(open)) {}

    QueryTransactions* owner_;
    std::shared_ptr<Open> open_;  // null: moved from
  };
  // NOT_FOUND; FAILED_PRECONDITION while another call uses it.
  absl::StatusOr<Lease> Take(absl::string_view id);

  // Rolls back what has been idle for too long. Called from time to time by a thread of its own.
  void EndIdle();

 private:
  void WatchIdle();

  Clock* const clock_;
  const absl::Duration idle_timeout_;
  const size_t most_;
  Mutex mutex_;
  CondVar stop_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<std::string, std::shared_ptr<Open>, std::less<>> open_ ABSL_GUARDED_BY(mutex_);
  std::thread watcher_;
};

}  // namespace relata

#endif  // RELATA_SERVER_QUERY_TRANSACTIONS_H_
