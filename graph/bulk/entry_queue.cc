#include "graph/bulk/entry_queue.h"

#include <utility>

#include "base/status_macros.h"

namespace relata {
namespace {

constexpr size_t kBatch = 256;
// Those in line, the one that is filled and the one that is encoded among them.
constexpr size_t kBatches = 16;
// A thread that waits is woken when so many are there for it.
constexpr size_t kWake = kBatches / 2;

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

EntryQueue::EntryQueue(EntryRuns* runs, bool threaded)
    : runs_(runs), filling_(std::make_unique<Batch>()) {
  if (!threaded) return;
  for (size_t i = 1; i < kBatches; ++i) empty_.push_back(std::make_unique<Batch>());
  worker_ = std::thread([this] { Work(); });
}

EntryQueue::~EntryQueue() {
  if (!worker_.joinable()) return;
  {
    MutexLock lock(&mutex_);
    ending_ = true;
    worker_wakes_.Signal();
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
  filling_->entities.Take(state);
  return filling_->size() < kBatch ? absl::OkStatus() : HandOver();
}

absl::Status EntryQueue::Add(RelationshipState& state) {
  if (!worker_.joinable()) return runs_->AddRelationship(state);
  filling_->relationships.Take(state);
  return filling_->size() < kBatch ? absl::OkStatus() : HandOver();
}

absl::Status EntryQueue::HandOver() {
  MutexLock lock(&mutex_);
  full_.push_back(std::move(filling_));
  if (full_.size() == kWake) worker_wakes_.Signal();
  while (empty_.empty()) caller_wakes_.Wait(&mutex_);
  filling_ = std::move(empty_.back());
  empty_.pop_back();
  return status_;
}

absl::Status EntryQueue::Finish() {
  if (!worker_.joinable()) return absl::OkStatus();
  MutexLock lock(&mutex_);
  full_.push_back(std::move(filling_));
  finishing_ = true;
  worker_wakes_.Signal();
  while (empty_.size() < kBatches) caller_wakes_.Wait(&mutex_);
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

EntryQueue::BatchPointer EntryQueue::NextFull() {
  MutexLock lock(&mutex_);
  if (full_.empty()) {
    while (!ending_ && !finishing_ && full_.size() < kWake) worker_wakes_.Wait(&mutex_);
  }
  if (ending_ || full_.empty()) return nullptr;
  BatchPointer batch = std::move(full_.front());
  full_.pop_front();
  return batch;
}

void EntryQueue::Done(BatchPointer batch, const absl::Status& encoded) {
  batch->Clear();
  MutexLock lock(&mutex_);
  status_.Update(encoded);
  empty_.push_back(std::move(batch));
  if (empty_.size() == kWake || empty_.size() == kBatches) caller_wakes_.Signal();
}

void EntryQueue::Work() {
  absl::Status encoded;
  while (BatchPointer batch = NextFull()) {
    if (encoded.ok()) encoded = Encode(*batch);
    Done(std::move(batch), encoded);
  }
}

}  // namespace relata
