#ifndef RELATA_GRAPH_TRANSACTION_ID_ALLOCATOR_H_
#define RELATA_GRAPH_TRANSACTION_ID_ALLOCATOR_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "storage/ordered_kv.h"
#include "storage/versioned_store.h"

namespace relata {

// Ids, rising and never given twice, also not after a crash: they are taken from blocks, and the
// commit that first uses an id of a new block stores where the next block starts. Thread-safe.
class IdAllocator {
 public:
  // DATA_LOSS where the stored counters are damaged.
  static absl::StatusOr<std::unique_ptr<IdAllocator>> Load(const OrderedKv& kv);

  EntityId NewEntity() { return EntityId(Next(0)); }
  RelationshipId NewRelationship() { return RelationshipId(Next(1)); }
  FactId NewFact() { return FactId(Next(2)); }
  IndexId NewIndex() { return IndexId(static_cast<uint32_t>(Next(3))); }

  // Leaves out all ids that `other` may have given (replay into an empty database).
  void SkipTo(const IdAllocator& other);

  // Stages the start of the next blocks where ids have passed the stored one (committer's thread).
  void StageBlocks(VersionedBatch& batch);
  // What was staged is durable (committer's thread, after the sync).
  void MarkStored() { stored_ = staged_; }

 private:
  static constexpr size_t kKinds = 4;
  static constexpr uint64_t kBlock = 4096;
  uint64_t Next(size_t kind) { return next_[kind].fetch_add(1, std::memory_order_relaxed); }

  std::array<std::atomic<uint64_t>, kKinds> next_;
  // Committer's thread alone: ids below are covered by what is stored, by what is staged.
  std::array<uint64_t, kKinds> stored_{};
  std::array<uint64_t, kKinds> staged_{};
};

}  // namespace relata

#endif  // RELATA_GRAPH_TRANSACTION_ID_ALLOCATOR_H_
