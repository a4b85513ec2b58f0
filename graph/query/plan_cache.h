#ifndef RELATA_GRAPH_QUERY_PLAN_CACHE_H_
#define RELATA_GRAPH_QUERY_PLAN_CACHE_H_

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "base/mutex.h"
#include "graph/catalog/schema.h"
#include "graph/query/planner/plan.h"

namespace relata::query {

// Plans by the text of their statement, least recently used out first. A plan holds for one schema,
// and for as long as the graph has about the size that it was made for. Parameters are no part of a
// plan. Thread-safe.
class PlanCache {
 public:
  explicit PlanCache(size_t capacity) : capacity_(capacity) {}

  // What a plan was made for.
  struct Basis {
    std::shared_ptr<const Schema> schema;
    uint64_t usable_indexes = 0;
    uint64_t entities = 0;
    uint64_t relationships = 0;
  };

  // Null where there is none, or the basis has changed too much.
  std::shared_ptr<const CompiledStatement> Find(const std::string& key, const Basis& basis);
  void Insert(const std::string& key, Basis basis, std::shared_ptr<const CompiledStatement> plan);

 private:
  struct Entry {
    Basis basis;
    std::shared_ptr<const CompiledStatement> plan;
    std::list<std::string>::iterator use;
  };
  const size_t capacity_;
  Mutex mutex_;
  absl::flat_hash_map<std::string, Entry> entries_ ABSL_GUARDED_BY(mutex_);
  std::list<std::string> uses_ ABSL_GUARDED_BY(mutex_);  // most recent first
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_PLAN_CACHE_H_
