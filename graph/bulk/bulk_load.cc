#include "graph/bulk/bulk_load.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/mutation/request_log.h"
#include "graph/transaction/change_kind.h"

namespace relata {
namespace {

// Beyond so many adjacency arrays those of 64 entities are dropped together: that is cheaper than
// to name them.
constexpr size_t kMaxTouched = 4096;

// Adds an id above all in `ranges`.
void AddToRanges(ChangeKind kind, uint64_t id, std::vector<CommitEntry::Change>& ranges) {
  if (!ranges.empty() && ranges.back().last + 1 == id) {
    ranges.back().last = id;
  } else {
    ranges.push_back({static_cast<uint8_t>(kind), id, id});
  }
}

template <typename Id>
void CountOne(Id id, std::vector<int64_t>& counts) {
  if (counts.size() <= id.value()) counts.resize(id.value() + 1);
  ++counts[id.value()];
}

EntryRuns::Options RunOptions(const BulkLoadOptions& options, const OrderedKv& kv) {
  std::string scratch = kv.ScratchFolder();
  if (scratch.empty()) scratch = std::filesystem::temp_directory_path().string();
  return {options.memory_bytes, std::move(scratch), options.threads, options.cancelled};
}

}  // namespace

BulkLoad::BulkLoad(Snapshot snapshot, std::shared_ptr<const Schema> schema, TransactionParts parts,
                   Committer* committer, WrapFunction wrap, BulkLoadOptions options)
    : parts_(parts),
      committer_(committer),
      wrap_(std::move(wrap)),
      options_(std::move(options)),
      began_at_(snapshot.version()),
      checks_(std::move(snapshot), std::move(schema)),
      runs_(&checks_.schema(), RunOptions(options_, *committer->kv())),
      queue_(&runs_, /*threaded=*/options_.threads > 1) {}

bool BulkLoad::IsAboutItem(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kFailedPrecondition:
      return true;
    default:
      return false;
  }
}

void BulkLoad::Settle(std::vector<Fact>& facts) {
  counts_.facts += facts.size();
  for (Fact& fact : facts) {
    fact.id = last_fact_ = parts_.ids->NewFact();
    if (!first_fact_.valid()) first_fact_ = fact.id;
    fact.recorded = kLoadVersion;
    if (fact.cut_from) {
      fact.cut_from->recorded = kLoadVersion;
      fact.cut_from->fact = fact.id;
    }
    counts_.citations += fact.citations.size();
    for (Citation& c : fact.citations) {
      c.recorded = kLoadVersion;
      c.recorded_at = kLoadTime;
    }
  }
}

absl::StatusOr<EntityId> BulkLoad::AddEntity(EntityState& state) {
  RELATA_RETURN_IF_ERROR(checks_.CheckEntity(state));
  const EntityId id = state.id = parts_.ids->NewEntity();
  state.created = kLoadVersion;
  for (auto& [property, facts] : state.properties) Settle(facts);
  checks_.NoteEntity(state);
  ++counts_.entities;
  for (const LabelId label : state.labels) CountOne(label, by_label_);
  AddToRanges(ChangeKind::kEntity, id.value(), entities_);
  RELATA_RETURN_IF_ERROR(queue_.Add(state));
  return id;
}

absl::Status BulkLoad::AddRelationship(RelationshipState& state) {
  RELATA_RETURN_IF_ERROR(checks_.CheckRelationship(state));
  state.ends.id = parts_.ids->NewRelationship();
  state.created = kLoadVersion;
  Settle(state.facts);
  checks_.NoteRelationship(state);
  ++counts_.relationships;
  CountOne(state.ends.type, by_type_);
  AddToRanges(ChangeKind::kRelationship, state.ends.id.value(), relationships_);
  NoteTouched({state.ends.from, state.ends.type, /*outgoing=*/true});
  NoteTouched({state.ends.to, state.ends.type, /*outgoing=*/false});
  return queue_.Add(state);
}

void BulkLoad::NoteTouched(const AdjacencyKey& key) {
  touched_pages_.Add(key.type, key.outgoing, key.vertex);
  if (touched_many_) return;
  touched_many_ = touched_.size() == kMaxTouched;
  if (!touched_many_) touched_.push_back(key);
}

absl::Status BulkLoad::CheckGoesOn() const {
  if (!options_.cancelled || !options_.cancelled()) return absl::OkStatus();
  return absl::CancelledError("the load was ended before its commit; nothing was written");
}

// For ids used since the load began; what had been answered before, its owner looks up.
absl::Status BulkLoad::CheckRequestIsNew(const StoreSnapshot& head) const {
  if (request_.id.empty()) return absl::OkStatus();
  RELATA_ASSIGN_OR_RETURN(
      const std::optional<CommitVersion> used,
      FindRequestVersion(*committer_->kv(), head.engine(), request_.id, head.commit_time_us()));
  if (!used || *used <= began_at_) return absl::OkStatus();
  return absl::AbortedError(absl::StrCat("the request id `", request_.id,
                                         "` was used while this load went on; send it again"));
}

absl::StatusOr<BulkLoadResult> BulkLoad::Commit(RequestId request, uint64_t bad_items) {
  request_ = std::move(request);
  bad_items_ = bad_items;
  RELATA_RETURN_IF_ERROR(queue_.Finish());
  RELATA_RETURN_IF_ERROR(CheckGoesOn());
  RELATA_RETURN_IF_ERROR(runs_.Sort());
  // Most of what was committed since is looked at here, where it holds nobody.
  RELATA_RETURN_IF_ERROR(checks_.CheckUnchanged(wrap_(committer_->Head())));
  RELATA_ASSIGN_OR_RETURN(const Committed committed, committer_->Load(*this));
  return BulkLoadResult{committed.version, committed.time_us, counts_};
}

absl::Status BulkLoad::Validate(std::shared_ptr<const StoreSnapshot> head) {
  RELATA_RETURN_IF_ERROR(CheckGoesOn());
  RELATA_RETURN_IF_ERROR(CheckRequestIsNew(*head));
  return checks_.CheckUnchanged(wrap_(std::move(head)));
}

absl::StatusOr<std::vector<StagedRun>> BulkLoad::WriteRuns(OrderedKv& kv, uint64_t load) {
  return runs_.Write(kv, load);
}

absl::StatusOr<std::vector<StagedRun>> BulkLoad::WriteTimedRuns(
    OrderedKv& kv, uint64_t load, absl::FunctionRef<int64_t()> time_us) {
  return runs_.WriteTimed(kv, load, time_us);
}

std::vector<CommitEntry::Counter> BulkLoad::Counters() const {
  std::vector<CommitEntry::Counter> counters;
  const auto add = [&](CounterKind kind, uint64_t id, uint64_t count) {
    if (count == 0) return;
    counters.push_back({static_cast<uint8_t>(kind), id, static_cast<int64_t>(count)});
  };
  add(CounterKind::kEntities, 0, counts_.entities);
  add(CounterKind::kRelationships, 0, counts_.relationships);
  add(CounterKind::kFacts, 0, counts_.facts);
  add(CounterKind::kCitations, 0, counts_.citations);
  for (size_t id = 0; id < by_label_.size(); ++id) {
    add(CounterKind::kEntitiesByLabel, id, static_cast<uint64_t>(by_label_[id]));
  }
  for (size_t id = 0; id < by_type_.size(); ++id) {
    add(CounterKind::kRelationshipsByType, id, static_cast<uint64_t>(by_type_[id]));
  }
  return counters;
}

absl::Status BulkLoad::Stage(CommitVersion version, int64_t time_us, VersionedBatch& batch,
                             CommitEntry& entry) {
  RELATA_RETURN_IF_ERROR(CheckGoesOn());
  parts_.names->StageNew(batch);
  parts_.ids->StageBlocks(batch);
  entry.principal = options_.principal;
  entry.request_id = request_.id;
  if (!request_.id.empty()) {
    const LoadAnswer answer = {
        version,       time_us,           counts_.entities, counts_.relationships,
        counts_.facts, counts_.citations, bad_items_};
    StageLoadRequest(request_, answer, batch);
  }
  entry.changes = entities_;
  entry.changes.insert(entry.changes.end(), relationships_.begin(), relationships_.end());
  entry.counters = Counters();
  parts_.statistics->Stage(version, entry.counters, batch);
  return absl::OkStatus();
}

void BulkLoad::BeforePublish(CommitVersion version) {
  parts_.names->MarkStored();
  parts_.ids->MarkStored();
  parts_.statistics->Publish(version);
  ChangeColumns(version);
  if (touched_many_) {
    parts_.cache->InvalidatePages(touched_pages_, version);
    return;
  }
  for (const AdjacencyKey& key : touched_) parts_.cache->Invalidate(key, version);
}

// Everything of a load is new, so that what columns know of other things stays as it is. Of ids
// that were not yet given somebody may have read that there is nothing.
void BulkLoad::ChangeColumns(CommitVersion version) {
  using Owner = PropertyColumns::Owner;
  PropertyColumns& columns = parts_.cache->columns();
  for (const CommitEntry::Change& ids : entities_) {
    columns.ChangeRange(Owner::kEntity, ids.first, ids.last, version);
  }
  if (first_fact_.valid()) {
    columns.ChangeRange(Owner::kFact, first_fact_.value(), last_fact_.value(), version);
  }
}

}  // namespace relata
