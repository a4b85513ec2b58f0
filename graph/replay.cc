#include "graph/replay.h"

#include "base/status_macros.h"
#include "graph/adjacency/adjacency_cache.h"
#include "graph/transaction/adjacency_changes.h"
#include "graph/transaction/change_kind.h"
#include "graph/transaction/state_writer.h"

namespace relata {

absl::StatusOr<std::unique_ptr<ReplayedCommit>> ReplayedCommit::Load(const CommitEntry& entry,
                                                                     const Snapshot& source,
                                                                     const Snapshot& target,
                                                                     TransactionParts parts) {
  std::unique_ptr<ReplayedCommit> commit(new ReplayedCommit(entry, parts));
  commit->read_version_ = target.version();
  RELATA_ASSIGN_OR_RETURN(commit->schema_before_, target.GetSchema());
  RELATA_ASSIGN_OR_RETURN(commit->schema_after_, source.GetSchema());
  for (const CommitEntry::Change& change : entry.changes) {
    for (uint64_t id = change.first; id <= change.last; ++id) {
      if (change.kind == static_cast<uint8_t>(ChangeKind::kEntity)) {
        RELATA_ASSIGN_OR_RETURN(auto before, target.GetEntity(EntityId(id)));
        RELATA_ASSIGN_OR_RETURN(auto after, source.GetEntity(EntityId(id)));
        commit->entities_.emplace_back(std::move(before), std::move(after));
      } else if (change.kind == static_cast<uint8_t>(ChangeKind::kRelationship)) {
        RELATA_ASSIGN_OR_RETURN(auto before, target.GetRelationship(RelationshipId(id)));
        RELATA_ASSIGN_OR_RETURN(auto after, source.GetRelationship(RelationshipId(id)));
        commit->relationships_.emplace_back(std::move(before), std::move(after));
      }
    }
  }
  return commit;
}

absl::Status ReplayedCommit::Stage(CommitVersion version, int64_t /*time_us*/,
                                   VersionedBatch& batch, CommitEntry& entry) {
  StateWriter writer(*schema_before_, *schema_after_, version);
  for (const auto& [before, after] : entities_) {
    RELATA_RETURN_IF_ERROR(writer.WriteEntity(before, after).status());
  }
  for (const auto& [before, after] : relationships_) writer.WriteRelationship(before, after);
  writer.WriteSchema();
  RELATA_RETURN_IF_ERROR(writer.Flush(batch));
  parts_.names->StageNew(batch);
  parts_.ids->StageBlocks(batch);
  entry.principal = entry_.principal;
  entry.request_id = entry_.request_id;
  entry.changes = entry_.changes;
  entry.counters = writer.Counters();
  parts_.statistics->Stage(version, entry.counters, batch);
  return absl::OkStatus();
}

void ReplayedCommit::BeforePublish(CommitVersion version) {
  parts_.names->MarkStored();
  parts_.ids->MarkStored();
  parts_.statistics->Publish(version);
  parts_.schemas->Invalidate(version);
  for (const auto& [before, after] : relationships_) {
    if (!before && !after) continue;
    ChangeAdjacency(before ? &*before : nullptr, after ? &*after : nullptr, version, *parts_.cache);
  }
  for (const auto& [before, after] : entities_) {
    if (before) {
      parts_.cache->columns().Change(PropertyColumns::Owner::kEntity, before->id.value(), version);
    }
  }
}

}  // namespace relata
