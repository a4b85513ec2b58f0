#include "storage/memory/memory_kv.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace relata {

// Pins its sequence number for as long as it lives.
class MemoryKv::Snapshot final : public KvSnapshot {
 public:
  explicit Snapshot(const MemoryKv* kv) : kv_(kv) {
    MutexLock lock(&kv_->mutex_);
    sequence_ = kv_->map_.newest();
    kv_->map_.Pin(sequence_);
  }
  ~Snapshot() override {
    MutexLock lock(&kv_->mutex_);
    kv_->map_.Unpin(sequence_);
  }

  uint64_t sequence() const { return sequence_; }

 private:
  const MemoryKv* const kv_;
  uint64_t sequence_ = 0;
};

// Remembers its key and finds the neighbour anew at every step, so that writers may change the map
// in between.
class MemoryKv::Iterator final : public KvIterator {
 public:
  // `own` keeps the state alive where the caller gave no snapshot; else null.
  Iterator(const MemoryKv* kv, KeySpace space, std::shared_ptr<const KvSnapshot> own,
           uint64_t sequence, std::string lower, std::string upper)
      : kv_(kv),
        space_(space),
        own_(std::move(own)),
        sequence_(sequence),
        lower_(std::move(lower)),
        upper_(std::move(upper)) {}

  void Seek(absl::string_view target) override {
    const absl::string_view from = std::max<absl::string_view>(target, lower_);
    MutexLock lock(&kv_->mutex_);
    Take(kv_->map_.FirstAtOrAfter(space_, from, sequence_));
  }
  void SeekBefore(absl::string_view target) override {
    // Nothing is before the empty key, which the map would take for "no bound".
    if (target.empty()) {
      valid_ = false;
      return;
    }
    const bool bounded = !upper_.empty() && upper_ < target;
    MutexLock lock(&kv_->mutex_);
    Take(kv_->map_.LastBefore(space_, bounded ? upper_ : target, sequence_));
  }
  void SeekToFirst() override { Seek(lower_); }
  void SeekToLast() override {
    MutexLock lock(&kv_->mutex_);
    Take(kv_->map_.LastBefore(space_, upper_, sequence_));
  }
  void Next() override {
    MutexLock lock(&kv_->mutex_);
    Take(kv_->map_.FirstAfter(space_, key_, sequence_));
  }
  void Prev() override { SeekBefore(key_); }
  absl::string_view key() const override { return key_; }
  absl::string_view value() const override { return value_; }
  bool Valid() const override { return valid_; }
  absl::Status status() const override { return absl::OkStatus(); }

 private:
  void Take(const std::optional<MultiVersionMap::Entry>& entry)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(kv_->mutex_) {
    valid_ = entry.has_value() && entry->key >= lower_ && (upper_.empty() || entry->key < upper_);
    if (!valid_) return;
    key_.assign(entry->key.data(), entry->key.size());
    value_ = kv_->Returned(entry->value);
  }

  const MemoryKv* const kv_;
  const KeySpace space_;
  const std::shared_ptr<const KvSnapshot> own_;
  const uint64_t sequence_;
  const std::string lower_;
  const std::string upper_;
  bool valid_ = false;
  std::string key_;
  std::string value_;
};

MemoryKv::MemoryKv() : MemoryKv(FaultPlan()) {}

MemoryKv::MemoryKv(const FaultPlan& plan) : plan_(plan), random_(plan.seed) {
  MutexLock lock(&mutex_);
  map_.Pin(durable_);
}

MemoryKv::~MemoryKv() = default;

uint64_t MemoryKv::SequenceOf(const KvSnapshot* snapshot) const {
  return snapshot == nullptr ? map_.newest() : static_cast<const Snapshot*>(snapshot)->sequence();
}

std::string MemoryKv::Returned(absl::string_view value) const {
  std::string copy(value);
  if (plan_.corrupt_reads > 0 && !copy.empty() &&
      std::bernoulli_distribution(plan_.corrupt_reads)(random_)) {
    char& byte = copy[random_() % copy.size()];
    byte = static_cast<char>(byte ^ (1 << (random_() % 8)));
  }
  return copy;
}

absl::StatusOr<std::optional<std::string>> MemoryKv::Get(KeySpace space, absl::string_view key,
                                                         const KvSnapshot* snapshot) const {
  MutexLock lock(&mutex_);
  const std::optional<absl::string_view> value = map_.Get(space, key, SequenceOf(snapshot));
  if (!value.has_value()) return std::optional<std::string>();
  return std::optional<std::string>(Returned(*value));
}

absl::StatusOr<std::vector<std::optional<std::string>>> MemoryKv::MultiGet(
    KeySpace space, const std::vector<std::string>& keys, const KvSnapshot* snapshot) const {
  std::vector<std::optional<std::string>> values;
  values.reserve(keys.size());
  MutexLock lock(&mutex_);
  const uint64_t sequence = SequenceOf(snapshot);
  for (const std::string& key : keys) {
    const std::optional<absl::string_view> value = map_.Get(space, key, sequence);
    values.push_back(value.has_value() ? std::optional<std::string>(Returned(*value))
                                       : std::nullopt);
  }
  return values;
}

std::unique_ptr<KvIterator> MemoryKv::NewIterator(KeySpace space, const KvSnapshot* snapshot,
                                                  std::string lower, std::string upper) const {
  std::shared_ptr<const KvSnapshot> own;
  if (snapshot == nullptr) {
    own = NewSnapshot();
    snapshot = own.get();
  }
  const uint64_t sequence = static_cast<const Snapshot*>(snapshot)->sequence();
  return std::make_unique<Iterator>(this, space, std::move(own), sequence, std::move(lower),
                                    std::move(upper));
}

std::shared_ptr<const KvSnapshot> MemoryKv::NewSnapshot() const {
  return std::make_shared<Snapshot>(this);
}

absl::Status MemoryKv::CheckGuards(const std::vector<KvGuard>& guards) const {
  for (const KvGuard& guard : guards) {
    const std::optional<absl::string_view> value = map_.Get(guard.space, guard.key, map_.newest());
    const bool holds = value.has_value() == guard.expected.has_value() &&
                       (!value.has_value() || *value == *guard.expected);
    if (!holds) {
      return absl::AbortedError(
          "a condition of the write does not hold any more; read again and retry");
    }
  }
  return absl::OkStatus();
}

absl::Status MemoryKv::Break(LogRecord record) {
  log_.push_back(std::move(record));
  broken_ = true;
  return absl::UnavailableError(
      "the storage device failed in the middle of a write; open the database again to see whether "
      "it was kept");
}

absl::Status MemoryKv::BeginWrite(const std::vector<KvBatch::Op>& ops, bool sync) {
  if (broken_) {
    return absl::UnavailableError(
        "the storage engine takes no writes after a failed one; open the database again");
  }
  ++write_count_;
  ++armed_writes_;
  if (sync) {
    ++sync_count_;
    ++armed_syncs_;
  }
  if (armed_writes_ == plan_.fail_write_at) {
    return absl::UnavailableError("the storage device refused a write; nothing was written");
  }
  if (armed_writes_ == plan_.tear_write_at) {
    const auto part = static_cast<std::ptrdiff_t>(random_() % (ops.size() + 1));
    return Break({{ops.begin(), ops.begin() + part}, false});
  }
  if (sync && armed_syncs_ == plan_.fail_sync_at) return Break({ops, true});
  return absl::OkStatus();
}

void MemoryKv::MakeDurable() {
  log_.clear();
  map_.Pin(map_.newest());
  map_.Unpin(durable_);
  durable_ = map_.newest();
}

absl::Status MemoryKv::WriteLocked(const std::vector<KvBatch::Op>& ops, bool sync) {
  RELATA_RETURN_IF_ERROR(BeginWrite(ops, sync));
  map_.Apply(ops);
  if (sync) {
    MakeDurable();
  } else {
    log_.push_back({ops, true});
  }
  return absl::OkStatus();
}

absl::Status MemoryKv::Write(const KvBatch& batch, const std::vector<KvGuard>& guards, bool sync) {
  MutexLock lock(&mutex_);
  RELATA_RETURN_IF_ERROR(CheckGuards(guards));
  return WriteLocked(batch.ops(), sync);
}

class MemoryKv::RunWriter final : public KvRunWriter {
 public:
  RunWriter(MemoryKv* kv, KeySpace space) : kv_(kv), space_(space) {}

  absl::Status Put(absl::string_view key, absl::string_view value) override {
    return Add({space_, true, std::string(key), std::string(value)});
  }
  absl::Status Delete(absl::string_view key) override {
    return Add({space_, false, std::string(key), {}});
  }
  uint64_t bytes() const override { return bytes_; }
  absl::StatusOr<StagedRun> Finish() override {
    if (ops_.empty()) return absl::InvalidArgumentError("a sorted run holds nothing");
    return kv_->Stage(space_, std::move(ops_));
  }

 private:
  absl::Status Add(KvBatch::Op op) {
    if (!ops_.empty() && op.key <= ops_.back().key) {
      return absl::InvalidArgumentError(
          absl::StrCat("the keys of a sorted run do not ascend at entry ", ops_.size()));
    }
    bytes_ += op.key.size() + op.value.size();
    ops_.push_back(std::move(op));
    return absl::OkStatus();
  }

  MemoryKv* const kv_;
  const KeySpace space_;
  std::vector<KvBatch::Op> ops_;
  uint64_t bytes_ = 0;
};

absl::StatusOr<std::unique_ptr<KvRunWriter>> MemoryKv::NewRun(KeySpace space) {
  return std::make_unique<RunWriter>(this, space);
}

absl::StatusOr<StagedRun> MemoryKv::Stage(KeySpace space, std::vector<KvBatch::Op> ops) {
  MutexLock lock(&mutex_);
  RELATA_RETURN_IF_ERROR(BeginWrite({}, /*sync=*/true));
  const StagedRun run{space, absl::StrCat("run ", next_run_++)};
  staged_[run.name] = std::move(ops);
  return run;
}

absl::Status MemoryKv::Ingest(const std::vector<StagedRun>& runs) {
  MutexLock lock(&mutex_);
  std::vector<KvBatch::Op> ops;
  for (const StagedRun& run : runs) {
    const auto staged = staged_.find(run.name);
    if (staged == staged_.end()) {
      return absl::DataLossError(
          "a sorted run that is to be brought in is not staged; restore the database from a "
          "checkpoint");
    }
    ops.insert(ops.end(), staged->second.begin(), staged->second.end());
  }
  if (ops.empty()) return absl::OkStatus();
  RELATA_RETURN_IF_ERROR(WriteLocked(ops, /*sync=*/true));
  for (const StagedRun& run : runs) staged_.erase(run.name);
  return absl::OkStatus();
}

absl::Status MemoryKv::Drop(const std::vector<StagedRun>& runs) {
  MutexLock lock(&mutex_);
  for (const StagedRun& run : runs) staged_.erase(run.name);
  return absl::OkStatus();
}

absl::Status MemoryKv::DropStaged() {
  MutexLock lock(&mutex_);
  staged_.clear();
  return absl::OkStatus();
}

size_t MemoryKv::staged_count() const {
  MutexLock lock(&mutex_);
  return staged_.size();
}

absl::Status MemoryKv::Checkpoint(const std::string&, const KvBatch&) {
  return absl::UnimplementedError(
      "a database in memory has no files to copy; use a data folder for checkpoints");
}

absl::StatusOr<uint64_t> MemoryKv::ApproximateBytes(KeySpace space) const {
  MutexLock lock(&mutex_);
  return map_.Bytes(space);
}

void MemoryKv::Arm(const FaultPlan& plan) {
  MutexLock lock(&mutex_);
  plan_ = plan;
  random_.seed(plan.seed);
  armed_writes_ = 0;
  armed_syncs_ = 0;
}

std::unique_ptr<MemoryKv> MemoryKv::Crash() const {
  auto found = std::make_unique<MemoryKv>();
  MutexLock lock(&mutex_);
  MutexLock found_lock(&found->mutex_);
  found->map_.Apply(map_.Export(durable_).ops());
  const size_t survivors = random_() % (log_.size() + 1);
  for (size_t i = 0; i < survivors && log_[i].whole; ++i) found->map_.Apply(log_[i].ops);
  found->map_.Pin(found->map_.newest());
  found->map_.Unpin(found->durable_);
  found->durable_ = found->map_.newest();
  found->staged_ = staged_;
  found->next_run_ = next_run_;
  return found;
}

uint64_t MemoryKv::write_count() const {
  MutexLock lock(&mutex_);
  return write_count_;
}

uint64_t MemoryKv::sync_count() const {
  MutexLock lock(&mutex_);
  return sync_count_;
}

}  // namespace relata
