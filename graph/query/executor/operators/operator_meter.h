#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_OPERATOR_METER_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_OPERATOR_METER_H_

#include <cstddef>
#include <cstdint>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "graph/query/executor/execution_context.h"
#include "graph/query/executor/operators/memory_holders.h"
#include "graph/query/planner/plan.h"

namespace relata::query {

// What one running operator spends: passes it on to the statement's budget and to PROFILE. Not
// thread-safe. `context` must outlive it.
class OperatorMeter {
 public:
  OperatorMeter(const PlanNode& plan, ExecutionContext* context)
      : context_(context), id_(plan.id), hold_(context->budget, HolderOf(plan.op)) {}

  // Rows looked at or made. CANCELLED, DEADLINE_EXCEEDED.
  absl::Status Work(uint64_t rows) { return context_->budget->Spend(rows); }
  // Relationships looked at. RESOURCE_EXHAUSTED too.
  absl::Status Expanded(uint64_t relationships);
  // Entities or relationships fetched from storage.
  void Fetched(uint64_t n);
  // What the operator holds in all, and more of it. RESOURCE_EXHAUSTED.
  absl::Status Hold(size_t bytes);
  absl::Status HoldMore(size_t bytes) { return Hold(held_ + bytes); }
  size_t held() const { return held_; }

 private:
  OperatorProfile* profile();

  ExecutionContext* const context_;
  const int id_;
  MemoryHold hold_;
  size_t held_ = 0;
};

// How many bytes batches add that are kept together: a large value that many rows share counts
// once.
class BatchMeasure {
 public:
  // Of a batch that is kept from now on.
  size_t Add(const Batch& batch);
  size_t Add(const Column& column);
  // What one value holds beyond its own size.
  size_t Add(const Datum& value);
  // Nothing is kept any more.
  void Clear() { seen_.clear(); }

 private:
  // Payloads of at least this size are looked up.
  static constexpr size_t kLarge = 512;
  absl::flat_hash_set<const void*> seen_;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_OPERATOR_METER_H_
