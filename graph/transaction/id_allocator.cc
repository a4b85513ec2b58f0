#include "graph/transaction/id_allocator.h"

#include <optional>
#include <string>

#include "base/status_macros.h"
#include "graph/store/meta_layout.h"
#include "storage/codec/record_codec.h"

namespace relata {
namespace {

constexpr uint8_t kIdBlockFormat = 1;

}  // namespace

absl::StatusOr<std::unique_ptr<IdAllocator>> IdAllocator::Load(const OrderedKv& kv) {
  auto ids = std::make_unique<IdAllocator>();
  RELATA_ASSIGN_OR_RETURN(const std::optional<std::string> stored,
                          kv.Get(KeySpace::kMeta, MetaPrefix(MetaKind::kIds), nullptr));
  for (size_t kind = 0; kind < kKinds; ++kind) ids->next_[kind] = ids->stored_[kind] = 1;
  if (!stored) return ids;
  RecordReader in(*stored, "the record of id blocks", kIdBlockFormat);
  for (size_t kind = 0; kind < kKinds; ++kind) {
    ids->stored_[kind] = in.ReadVarint64();
    ids->next_[kind] = ids->stored_[kind];
  }
  RELATA_RETURN_IF_ERROR(in.Finish());
  return ids;
}

void IdAllocator::SkipTo(const IdAllocator& other) {
  for (size_t kind = 0; kind < kKinds; ++kind) {
    next_[kind].store(other.next_[kind].load(std::memory_order_relaxed), std::memory_order_relaxed);
  }
}

void IdAllocator::StageBlocks(VersionedBatch& batch) {
  staged_ = stored_;
  for (size_t kind = 0; kind < kKinds; ++kind) {
    const uint64_t next = next_[kind].load(std::memory_order_relaxed);
    if (next > stored_[kind]) staged_[kind] = next + kBlock;
  }
  if (staged_ == stored_) return;
  std::string record;
  RecordWriter out(&record, kIdBlockFormat);
  for (const uint64_t start : staged_) out.WriteVarint64(start);
  batch.PutMeta(MetaPrefix(MetaKind::kIds), std::move(record));
}

}  // namespace relata
