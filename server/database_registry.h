#ifndef RELATA_SERVER_DATABASE_REGISTRY_H_
#define RELATA_SERVER_DATABASE_REGISTRY_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "graph/database.h"
#include "graph/store/keyless_relationships.h"
#include "server/engine_provider.h"

namespace relata {

namespace query {
class QueryEngine;
}

// A database that is open, with its engine and what runs statements on it. Calls hold it through a
// shared pointer for as long as they read it; snapshots of it must be gone before.
struct OpenDatabase {
  ~OpenDatabase();

  std::string name;
  std::unique_ptr<OrderedKv> kv;
  std::unique_ptr<Database> graph;
  std::unique_ptr<query::QueryEngine> queries;
  // What answers have found out.
  const std::unique_ptr<KeylessRelationships> keyless = std::make_unique<KeylessRelationships>();
};

// The databases of one server by name. All that are there are opened at the start; `main` is always
// there. Thread-safe.
class DatabaseRegistry {
 public:
  // `query_threads` is QueryEngine's, of each database. `engines` and `clock` must outlive it.
  // Fails as EngineProvider::Open and Database::Open do, naming the database.
  static absl::StatusOr<std::unique_ptr<DatabaseRegistry>> Open(EngineProvider* engines,
                                                                Clock* clock,
                                                                const DatabaseOptions& options,
                                                                int query_threads = 0);

  // An empty name is `main`. NOT_FOUND.
  absl::StatusOr<std::shared_ptr<OpenDatabase>> Find(absl::string_view name) const;
  // Ascending by name.
  std::vector<std::shared_ptr<OpenDatabase>> List() const;
  // ALREADY_EXISTS; INVALID_ARGUMENT where the name is none (1 to 63 of a-z, 0-9, `_` and `-`, a
  // letter first); RESOURCE_EXHAUSTED where there are `max_databases` already.
  absl::StatusOr<std::shared_ptr<OpenDatabase>> Create(const std::string& name,
                                                       size_t max_databases);
  // For good. NOT_FOUND; FAILED_PRECONDITION for `main` and while a call uses it.
  absl::Status Delete(const std::string& name);
  // Lets every call that waits for a commit look again.
  void WakeAll() const;
  EngineProvider* engines() const { return engines_; }

 private:
  DatabaseRegistry(EngineProvider* engines, Clock* clock, const DatabaseOptions& options,
                   int query_threads)
      : engines_(engines), clock_(clock), options_(options), query_threads_(query_threads) {}
  absl::StatusOr<std::shared_ptr<OpenDatabase>> OpenOne(const std::string& name);

  EngineProvider* const engines_;
  Clock* const clock_;
  const DatabaseOptions options_;
  const int query_threads_;
  mutable Mutex mutex_;
  std::map<std::string, std::shared_ptr<OpenDatabase>, std::less<>> databases_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace relata

#endif  // RELATA_SERVER_DATABASE_REGISTRY_H_
