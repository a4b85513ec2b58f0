#include "graph/bulk/entry_queue.h"

#include <utility>

#include "base/status_macros.h"

namespace relata {
namespace {

constexpr size_t kBatch = 256;

// Member by member: none has to be moved aside.
void Swap(EntityState& a, EntityState& b) {
  std::swap(a.id, b.id);
  a.key.swap(b.key);
  a.labels.swap(b.labels);
  a.properties.swap(b.properties);
  std::swap(a.created, b.created);
  a.source_retracted.swap(b.source_retracted);
}
void Swap(RelationshipState& a, RelationshipState& b) {
  std::swap(a.ends, b.ends);
  a.key.swap(b.key);
  a.facts.swap(b.facts);
  std::swap(a.created, b.created);
}

}  // namespace

EntryQueue::EntryQueue(EntryRuns* runs, bool threaded) : runs_(runs) {
  if (threaded) worker_ = std::thread([this] { Work(); });
}

EntryQueue::~EntryQueue() {
  if (!worker_.joinable()) return;
  {
    MutexLock lock(&mutex_);
    ending_ = true;
    changed_.SignalAll();
  }
  worker_.join();
}

template <typename State>
void EntryQueue::States<State>::Take(State& state) {
  if (used == states.size()) states.emplace_back();
  Swap(states[used++], state);
}

absl::Status EntryQueue::Add(EntityState& state) {
  if (!worker_.joinable()) return runs_->AddEntity(state);
  filling_.entities.Take(state);
  return filling_.size() < kBatch ? absl::OkStatus() : HandOver();
}

absl::Status EntryQueue::Add(RelationshipState& state) {
  if (!worker_.joinable()) return runs_->AddRelationship(state);
  filling_.relationships.Take(state);
  return filling_.size() < kBatch ? absl::OkStatus() : HandOver();
}

absl::Status EntryQueue::HandOver() {
  MutexLock lock(&mutex_);
  while (busy_) changed_.Wait(&mutex_);
  RELATA_RETURN_IF_ERROR(status_);
  std::swap(filling_, working_);
  filling_.Clear();
  busy_ = true;
  changed_.SignalAll();
  return absl::OkStatus();
}

absl::Status EntryQueue::Finish() {
  if (!worker_.joinable()) return absl::OkStatus();
  RELATA_RETURN_IF_ERROR(HandOver());
  MutexLock lock(&mutex_);
  while (busy_) changed_.Wait(&mutex_);
  return status_;
}

absl::Status EntryQueue::Encode(Batch& batch) {
  for (size_t i = 0; i < batch.entities.used; ++i) {
    RELATA_RETURN_IF_ERROR(runs_->AddEntity(batch.entities.states[i]));
  }
  for (size_t i = 0; i < batch.relationships.used; ++i) {
    RELATA_RETURN_IF_ERROR(runs_->AddRelationship(batch.relationships.states[i]));
  }
  return absl::OkStatus();
}

void EntryQueue::Work() {
  for (;;) {
    {
      MutexLock lock(&mutex_);
      while (!busy_ && !ending_) changed_.Wait(&mutex_);
      if (ending_) return;
    }
    const absl::Status encoded = Encode(working_);
    MutexLock lock(&mutex_);
    status_.Update(encoded);
    busy_ = false;
    changed_.SignalAll();
  }
}

}  // namespace relata
