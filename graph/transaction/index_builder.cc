#include "graph/transaction/index_builder.h"

#include <utility>
#include <vector>

#include "base/logging.h"
#include "base/status_macros.h"
#include "graph/store/index_entries.h"
#include "graph/store/meta_layout.h"
#include "storage/codec/record_codec.h"

namespace relata {
namespace {

constexpr uint8_t kIndexStateFormat = 1;
// Entities or relationships a chunk: a few milliseconds between commits.
constexpr size_t kChunk = 256;

// What a chunk read.
struct ChunkEntries {
  std::vector<std::string> keys;
  size_t read = 0;
};

absl::StatusOr<ChunkEntries> EntityChunk(const IndexDefinition& index, const Snapshot& head,
                                         uint64_t* after) {
  ChunkEntries chunk;
  RELATA_ASSIGN_OR_RETURN(const std::vector<EntityId> ids,
                          head.ListEntities(index.label, EntityId(*after), kChunk));
  for (const EntityId id : ids) {
    RELATA_ASSIGN_OR_RETURN(const std::optional<EntityState> entity, head.GetEntity(id));
    if (!entity) continue;
    for (std::string& key : IndexEntries(index, *entity)) chunk.keys.push_back(std::move(key));
  }
  if (!ids.empty()) *after = ids.back().value();
  chunk.read = ids.size();
  return chunk;
}

absl::StatusOr<ChunkEntries> RelationshipChunk(const IndexDefinition& index, const Snapshot& head,
                                               uint64_t* after) {
  ChunkEntries chunk;
  RELATA_ASSIGN_OR_RETURN(std::vector<RelationshipEnds> ends,
                          head.ListRelationships(RelationshipId(*after), kChunk));
  if (!ends.empty()) *after = ends.back().id.value();
  chunk.read = ends.size();
  std::erase_if(ends, [&](const RelationshipEnds& e) { return e.type != index.type; });
  RELATA_ASSIGN_OR_RETURN(const auto states, head.GetRelationships(ends));
  for (const std::optional<RelationshipState>& state : states) {
    if (!state) continue;
    for (std::string& key : IndexEntries(index, *state)) chunk.keys.push_back(std::move(key));
  }
  return chunk;
}

}  // namespace

std::string IndexBuilder::EncodeState(CommitVersion usable_from) {
  std::string record;
  RecordWriter out(&record, kIndexStateFormat);
  out.WriteVarint64(usable_from.value());
  return record;
}

IndexBuilder::IndexBuilder(Committer* committer, SnapshotOf snapshot_of)
    : committer_(committer), snapshot_of_(std::move(snapshot_of)) {}

absl::StatusOr<std::unique_ptr<IndexBuilder>> IndexBuilder::Start(Committer* committer,
                                                                  SnapshotOf snapshot_of) {
  std::unique_ptr<IndexBuilder> builder(new IndexBuilder(committer, std::move(snapshot_of)));
  const Snapshot head = builder->snapshot_of_(committer->Head());
  RELATA_ASSIGN_OR_RETURN(const std::shared_ptr<const Schema> schema, head.GetSchema());
  {
    MutexLock lock(&builder->mutex_);
    for (const auto& [id, index] : schema->indexes()) {
      RELATA_ASSIGN_OR_RETURN(
          const std::optional<std::string> stored,
          committer->kv()->Get(KeySpace::kMeta, MetaIndexStateKey(id), nullptr));
      if (!stored) continue;
      RecordReader in(*stored, "the state of an index", kIndexStateFormat);
      const CommitVersion usable_from(in.ReadVarint64());
      RELATA_RETURN_IF_ERROR(in.Finish());
      builder->states_[id] = State{usable_from, head.store().engine()};
    }
  }
  builder->thread_ = std::thread([raw = builder.get()] { raw->Run(); });
  return builder;
}

IndexBuilder::~IndexBuilder() {
  {
    MutexLock lock(&mutex_);
    stop_ = true;
    changed_.SignalAll();
  }
  if (thread_.joinable()) thread_.join();
}

void IndexBuilder::Notify() {
  MutexLock lock(&mutex_);
  look_again_ = true;
  idle_ = false;
  changed_.SignalAll();
}

void IndexBuilder::MarkUsable(IndexId index, CommitVersion version) {
  MutexLock lock(&mutex_);
  // Every head of that version has the entries: they came with the commit.
  states_[index] = State{version, nullptr};
}

std::optional<CommitVersion> IndexBuilder::UsableFrom(IndexId index) const {
  MutexLock lock(&mutex_);
  const auto it = states_.find(index);
  if (it == states_.end()) return std::nullopt;
  return it->second.usable_from;
}

size_t IndexBuilder::UsableCount() const {
  MutexLock lock(&mutex_);
  return states_.size();
}

bool IndexBuilder::Usable(IndexId index, const StoreSnapshot& snapshot) const {
  MutexLock lock(&mutex_);
  const auto it = states_.find(index);
  if (it == states_.end() || snapshot.version() < it->second.usable_from) return false;
  return snapshot.version() > it->second.usable_from || it->second.first_engine == nullptr ||
         it->second.first_engine == snapshot.engine();
}

absl::Status IndexBuilder::Wait() const {
  MutexLock lock(&mutex_);
  while (!idle_ && !stop_) changed_.Wait(&mutex_);
  return failure_;
}

void IndexBuilder::Run() {
  while (true) {
    {
      MutexLock lock(&mutex_);
      while (!stop_ && !look_again_) {
        idle_ = true;
        changed_.SignalAll();
        changed_.Wait(&mutex_);
      }
      if (stop_) return;
      look_again_ = false;
    }
    absl::Status status;
    while (status.ok()) {
      const absl::StatusOr<std::optional<IndexDefinition>> next = NextToBuild();
      status = next.status();
      if (!status.ok() || !*next) break;
      status = Build(**next);
      MutexLock lock(&mutex_);
      if (stop_) return;
    }
    if (!status.ok()) {
      LogError("an index could not be built; look-ups go on without it",
               {{"error", status.message()}});
    }
    MutexLock lock(&mutex_);
    failure_ = status;
  }
}

absl::StatusOr<std::optional<IndexDefinition>> IndexBuilder::NextToBuild() const {
  const Snapshot head = snapshot_of_(committer_->Head());
  RELATA_ASSIGN_OR_RETURN(const std::shared_ptr<const Schema> schema, head.GetSchema());
  MutexLock lock(&mutex_);
  for (const auto& [id, index] : schema->indexes()) {
    if (!states_.contains(id)) return index;
  }
  return std::nullopt;
}

absl::Status IndexBuilder::Build(const IndexDefinition& index) {
  uint64_t after = 0;
  Progress progress = Progress::kMore;
  while (progress == Progress::kMore) {
    {
      MutexLock lock(&mutex_);
      if (stop_) return absl::OkStatus();
    }
    RELATA_RETURN_IF_ERROR(committer_->Maintain([&](VersionedBatch& batch) -> absl::Status {
      RELATA_ASSIGN_OR_RETURN(progress, AddChunk(index, &after, batch));
      return absl::OkStatus();
    }));
  }
  if (progress == Progress::kDropped) return absl::OkStatus();
  // Published after the last chunk, so it has all entries.
  const std::shared_ptr<const StoreSnapshot> head = committer_->Head();
  MutexLock lock(&mutex_);
  states_[index.id] = State{head->version(), head->engine()};
  return absl::OkStatus();
}

// Runs between commits: the head is what the next commit builds on.
absl::StatusOr<IndexBuilder::Progress> IndexBuilder::AddChunk(const IndexDefinition& index,
                                                              uint64_t* after,
                                                              VersionedBatch& batch) {
  const Snapshot head = snapshot_of_(committer_->Head());
  // Whoever drops the index removes the entries that are there: none may be added behind it.
  RELATA_ASSIGN_OR_RETURN(const std::shared_ptr<const Schema> schema, head.GetSchema());
  if (!schema->indexes().contains(index.id)) return Progress::kDropped;
  RELATA_ASSIGN_OR_RETURN(ChunkEntries chunk, index.of_relationships()
                                                  ? RelationshipChunk(index, head, after)
                                                  : EntityChunk(index, head, after));
  for (std::string& key : chunk.keys) {
    RELATA_ASSIGN_OR_RETURN(const auto there, head.store().Get(key));
    if (!there) RELATA_RETURN_IF_ERROR(batch.Put(std::move(key), "", /*known_new=*/true));
  }
  if (chunk.read == kChunk) return Progress::kMore;
  batch.PutMeta(MetaIndexStateKey(index.id), EncodeState(head.version()));
  return Progress::kDone;
}

}  // namespace relata
