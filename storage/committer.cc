#include "storage/committer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/logging.h"
#include "base/status_macros.h"

namespace relata {
namespace {

// A waiter looks at the clock again this often: the clock is not the one that the operating system
// waits by.
constexpr int64_t kLongestWaitUs = 50'000;

int64_t After(int64_t time_us) { return time_us == INT64_MAX ? INT64_MAX : time_us + 1; }

absl::Status ReadOnlyError(absl::string_view reason) {
  return absl::FailedPreconditionError(
      absl::StrCat("the database is read-only since a write failed (", reason,
                   "); reads go on; repair the cause and open the database again to write"));
}

// Rolls a recorded bulk load forward. Bringing its runs in removes the intent, so that this happens
// once, and where the intent is there none of them was brought in.
absl::Status FinishRecordedLoad(OrderedKv& kv) {
  RELATA_ASSIGN_OR_RETURN(const std::optional<std::string> intent,
                          kv.Get(KeySpace::kMeta, kBulkIntentKey, nullptr));
  if (intent.has_value()) {
    RELATA_ASSIGN_OR_RETURN(const BulkIntent recorded, DecodeBulkIntent(*intent));
    std::vector<StagedRun> runs;
    for (const auto& [space, name] : recorded.staged_files) runs.push_back({space, name});
    const absl::Status brought_in = kv.Ingest(runs);
    if (!brought_in.ok()) {
      return absl::Status(brought_in.code(),
                          absl::StrCat("finishing the bulk load of version ",
                                       recorded.version.value(), ": ", brought_in.message()));
    }
    LogInfo("finished a bulk load that was recorded before",
            {{"version", recorded.version.value()}, {"runs", runs.size()}});
  }
  return kv.DropStaged();
}

// The run that removes the intent when the others are brought in.
absl::StatusOr<StagedRun> StageEndOfIntent(OrderedKv& kv) {
  RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<KvRunWriter> writer, kv.NewRun(KeySpace::kMeta));
  RELATA_RETURN_IF_ERROR(writer->Delete(kBulkIntentKey));
  return writer->Finish();
}

}  // namespace

// One call of Commit, on its caller's stack until it is done. One of the first four is set.
struct Committer::Waiter {
  PendingCommit* commit = nullptr;
  PendingLoad* load = nullptr;
  // Of the load: its number, its runs, and whether they may be recorded, so that they must stay.
  uint64_t load_number = 0;
  std::vector<StagedRun> runs;
  bool recording = false;
  const absl::FunctionRef<absl::StatusOr<PendingCommit*>()>* compose = nullptr;
  const absl::FunctionRef<absl::Status(VersionedBatch&)>* maintenance = nullptr;
  std::optional<int64_t> time_us;
  Committed committed;
  absl::Status status;
  bool done = false;  // guarded by queue_mutex_
  CondVar* turn = nullptr;

  // A group of its own.
  bool alone() const { return compose != nullptr || maintenance != nullptr || load != nullptr; }
};

// Transactions that are written as one batch.
struct Committer::Group {
  explicit Group(const OrderedKv* kv) : writes(kv, &batch) {}

  KvBatch batch;
  VersionedBatch writes;
  std::vector<Waiter*> all;
  std::vector<Waiter*> staged;  // in version order
  bool spoilt = false;          // a transaction left writes behind though it was refused
};

Committer::Committer(OrderedKv* kv, Clock* clock, Options options)
    : kv_(kv), clock_(clock), options_(options), window_(options.conflict_window_bytes) {}

absl::StatusOr<std::unique_ptr<Committer>> Committer::Open(OrderedKv* kv, Clock* clock,
                                                           Options options) {
  RELATA_RETURN_IF_ERROR(FinishRecordedLoad(*kv));
  RELATA_RETURN_IF_ERROR(ReadLoadVersions(*kv, kv->load_versions()));
  RELATA_ASSIGN_OR_RETURN(const std::optional<CommitEntry> last, ReadLastCommit(*kv));
  RELATA_ASSIGN_OR_RETURN(const CommitVersion oldest, ReadOldestVersion(*kv));
  std::unique_ptr<Committer> committer(new Committer(kv, clock, options));
  if (last.has_value()) {
    committer->last_version_ = last->version;
    committer->last_time_us_ = last->time_us;
  }
  // Before the first commit is the empty database, readable while the log reaches back to it.
  committer->past_ = std::make_unique<const PastVersions>(
      kv, oldest == CommitVersion(1) ? CommitVersion() : oldest);
  committer->window_.Reset(committer->last_version_);
  RELATA_ASSIGN_OR_RETURN(committer->answered_, AnsweredTimes::Load(kv));
  MutexLock lock(&committer->head_mutex_);
  committer->answered_time_us_ = committer->answered_->loaded();
  committer->head_ = std::make_shared<const StoreSnapshot>(
      kv, kv->NewSnapshot(), committer->last_version_, committer->last_time_us_, true);
  return committer;
}

absl::StatusOr<Committed> Committer::Commit(PendingCommit& commit) {
  Waiter self;
  self.commit = &commit;
  return Enqueue(self);
}

absl::StatusOr<Committed> Committer::CommitAt(PendingCommit& commit, int64_t time_us) {
  Waiter self;
  self.commit = &commit;
  self.time_us = time_us;
  return Enqueue(self);
}

absl::StatusOr<Committed> Committer::CommitAlone(
    absl::FunctionRef<absl::StatusOr<PendingCommit*>()> compose) {
  Waiter self;
  self.compose = &compose;
  return Enqueue(self);
}

absl::StatusOr<Committed> Committer::Load(PendingLoad& load) {
  std::string reason;
  if (read_only(&reason)) return ReadOnlyError(reason);
  Waiter self;
  self.load = &load;
  self.load_number = kv_->load_versions().NewLoad();
  RELATA_ASSIGN_OR_RETURN(self.runs, load.WriteRuns(*kv_, self.load_number));
  const absl::StatusOr<Committed> committed = CommitLoad(self);
  // What is staged and not recorded means nothing. Where it cannot be removed now, the next opening
  // does.
  if (!self.recording) kv_->Drop(self.runs).IgnoreError();
  return committed;
}

absl::StatusOr<Committed> Committer::CommitLoad(Waiter& self) {
  // What is looked at now holds nobody.
  RELATA_RETURN_IF_ERROR(self.load->Validate(Head()));
  RELATA_ASSIGN_OR_RETURN(StagedRun end_of_intent, StageEndOfIntent(*kv_));
  self.runs.push_back(std::move(end_of_intent));
  return Enqueue(self);
}

absl::Status Committer::Maintain(absl::FunctionRef<absl::Status(VersionedBatch&)> work) {
  Waiter self;
  self.maintenance = &work;
  return Enqueue(self).status();
}

absl::StatusOr<Committed> Committer::Enqueue(Waiter& self) {
  bool leader = false;
  {
    MutexLock lock(&queue_mutex_);
    self.turn = &turns_[next_turn_++ % turns_.size()];
    queue_.push_back(&self);
    // While nobody leads, whoever is not done is still in the queue.
    while (!self.done && (leading_ || queue_.front() != &self)) self.turn->Wait(&queue_mutex_);
    if (!self.done) leader = leading_ = true;
  }
  if (leader) HandOver(RunGroup());
  if (!self.status.ok()) return self.status;
  return self.committed;
}

void Committer::HandOver(const std::vector<Waiter*>& group) {
  CondVar* next = nullptr;
  std::vector<CondVar*> done;
  done.reserve(group.size());
  {
    MutexLock lock(&queue_mutex_);
    leading_ = false;
    if (!queue_.empty()) next = queue_.front()->turn;
    for (Waiter* waiter : group) {
      waiter->done = true;
      done.push_back(waiter->turn);
    }
  }
  // A waiter that is done may be gone now. Waking takes long with the lock held, as each that wakes
  // wants it at once.
  if (next != nullptr) next->SignalAll();
  for (CondVar* turn : done) turn->SignalAll();
}

std::vector<Committer::Waiter*> Committer::RunGroup() {
  Group group(kv_);
  std::string reason;
  const bool refuse_all = read_only(&reason);
  while (Waiter* waiter = TakeNext(group)) {
    group.all.push_back(waiter);
    if (refuse_all) {
      waiter->status = ReadOnlyError(reason);
    } else if (waiter->maintenance != nullptr) {
      RunMaintenance(group, *waiter);
      return std::move(group.all);
    } else if (waiter->load != nullptr) {
      RunLoad(group, *waiter);
      return std::move(group.all);
    } else {
      waiter->status =
          waiter->compose != nullptr ? ComposeAndStage(group, *waiter) : StageOne(group, *waiter);
      if (waiter->status.ok() && waiter->commit != nullptr) group.staged.push_back(waiter);
    }
    if (group.spoilt || waiter->alone()) break;
  }
  if (group.spoilt) {
    Refuse(group);
  } else if (!group.staged.empty()) {
    const absl::Status written = kv_->Write(group.batch, {}, /*sync=*/true);
    if (written.ok()) {
      Publish(group);
    } else {
      TurnReadOnly(group, written);
    }
  } else {
    EndGroup();
  }
  return std::move(group.all);
}

// The next one in line, out of the queue; null where there is none or the group is full.
Committer::Waiter* Committer::TakeNext(const Group& group) {
  if (!group.all.empty() &&
      (group.all.size() >= options_.max_group || group.batch.bytes() >= options_.max_group_bytes)) {
    return nullptr;
  }
  MutexLock lock(&queue_mutex_);
  if (queue_.empty()) return nullptr;
  Waiter* next = queue_.front();
  if (next->alone() && !group.all.empty()) return nullptr;
  queue_.pop_front();
  return next;
}

void Committer::RunMaintenance(Group& group, Waiter& waiter) {
  group.writes.BeginVersion(last_version_);
  waiter.status = (*waiter.maintenance)(group.writes);
  if (!waiter.status.ok() || group.batch.empty()) return;
  waiter.status = kv_->Write(group.batch, {}, /*sync=*/true);
  if (waiter.status.ok()) {
    Publish(group);
  } else {
    TurnReadOnly(group, waiter.status);
  }
}

void Committer::RunLoad(Group& group, Waiter& waiter) {
  waiter.status = StageLoad(group, waiter);
  if (waiter.status.ok()) {
    BringIn(group, waiter);
  } else {
    EndGroup();
  }
}

// Everything up to the commit point: the runs on the device, the batch ready.
absl::Status Committer::StageLoad(Group& group, Waiter& waiter) {
  PendingLoad& load = *waiter.load;
  RELATA_RETURN_IF_ERROR(load.Validate(Head()));
  const CommitVersion version = last_version_.next();
  std::optional<int64_t> time_us;
  const auto choose_time = [&] {
    if (!time_us.has_value()) time_us = ChooseTime(std::nullopt).value();
    return *time_us;
  };
  RELATA_ASSIGN_OR_RETURN(const std::vector<StagedRun> timed,
                          load.WriteTimedRuns(*kv_, waiter.load_number, choose_time));
  waiter.runs.insert(waiter.runs.end(), timed.begin(), timed.end());
  CommitEntry entry;
  group.writes.BeginVersion(version);
  RELATA_RETURN_IF_ERROR(load.Stage(version, choose_time(), group.writes, entry));
  entry.version = version;
  entry.time_us = *time_us;
  BulkIntent intent{version, *time_us, {}};
  for (const StagedRun& run : waiter.runs) intent.staged_files.emplace_back(run.space, run.name);
  group.batch.Put(KeySpace::kLog, CommitLogKey(version), EncodeCommitEntry(entry));
  group.batch.Put(KeySpace::kMeta, LoadVersionKey(waiter.load_number), EncodeLoadVersion(version));
  group.batch.Put(KeySpace::kMeta, kBulkIntentKey, EncodeBulkIntent(intent));
  waiter.committed = Committed{version, *time_us};
  return absl::OkStatus();
}

void Committer::BringIn(Group& group, Waiter& waiter) {
  group.staged.push_back(&waiter);
  waiter.recording = true;
  kv_->load_versions().Set(waiter.load_number, waiter.committed.version);
  absl::Status written;
  {
    MutexLock lock(&bulk_mutex_);
    written = kv_->Write(group.batch, {}, /*sync=*/true);
    if (written.ok()) written = kv_->Ingest(waiter.runs);
  }
  if (!written.ok()) {
    TurnReadOnly(group, written);
    return;
  }
  last_version_ = waiter.committed.version;
  last_time_us_ = waiter.committed.time_us;
  window_.Reset(last_version_);
  Publish(group);
}

absl::Status Committer::Checkpoint(const std::string& directory, const KvBatch& amendment) {
  MutexLock lock(&bulk_mutex_);
  RELATA_ASSIGN_OR_RETURN(const std::optional<std::string> intent,
                          kv_->Get(KeySpace::kMeta, kBulkIntentKey, nullptr));
  if (intent.has_value()) {
    return absl::FailedPreconditionError(
        "a bulk load is recorded but not brought in; open the database again, which finishes it, "
        "and make the checkpoint then");
  }
  return kv_->Checkpoint(directory, amendment);
}

absl::Status Committer::ComposeAndStage(Group& group, Waiter& waiter) {
  RELATA_ASSIGN_OR_RETURN(waiter.commit, (*waiter.compose)());
  return waiter.commit == nullptr ? absl::OkStatus() : StageOne(group, waiter);
}

absl::Status Committer::Validate(const PendingCommit& commit) const {
  const CommitVersion read_version = commit.read_version();
  if (read_version < window_.floor()) {
    return absl::AbortedError(absl::StrCat(
        "the transaction read at version ", read_version.value(), ", but only those from version ",
        window_.floor().value(), " on can still be checked for conflicts; run it again"));
  }
  if (window_.Conflicts(read_version, commit.read_keys(), commit.read_ranges())) {
    return absl::AbortedError(absl::StrCat("a commit after version ", read_version.value(),
                                           " changed what the transaction read; run it again"));
  }
  return absl::OkStatus();
}

// Gives the transaction the next version and puts its writes and its log entry into the batch.
absl::Status Committer::StageOne(Group& group, Waiter& waiter) {
  PendingCommit& commit = *waiter.commit;
  RELATA_RETURN_IF_ERROR(Validate(commit));
  RELATA_ASSIGN_OR_RETURN(const int64_t time_us, ChooseTime(waiter.time_us));
  const CommitVersion version = last_version_.next();
  CommitEntry entry;
  entry.version = version;
  entry.time_us = time_us;
  group.writes.BeginVersion(version);
  const size_t ops_before = group.batch.ops().size();
  absl::Status staged = commit.Stage(version, time_us, group.writes, entry);
  if (!staged.ok()) {
    group.spoilt = group.batch.ops().size() != ops_before;
    return staged;
  }
  entry.version = version;
  entry.time_us = time_us;
  group.batch.Put(KeySpace::kLog, CommitLogKey(version), EncodeCommitEntry(entry));
  window_.Add(version, commit.write_keys());
  last_version_ = version;
  last_time_us_ = time_us;
  waiter.committed = Committed{version, time_us};
  return absl::OkStatus();
}

absl::StatusOr<int64_t> Committer::ChooseTime(std::optional<int64_t> given) {
  const int64_t now = clock_->NowMicros();
  MutexLock lock(&head_mutex_);
  const int64_t least = std::max(After(last_time_us_), After(answered_time_us_));
  if (given.has_value() && (*given < least || *given == INT64_MAX)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the commit time ", *given, " us is not after the last commit and after every time that a ",
        "read was answered at; give at least ", least, " us"));
  }
  const int64_t time_us = given.value_or(std::max(now, least));
  in_flight_time_us_ = std::min(in_flight_time_us_, time_us);
  return time_us;
}

// Nothing was written: versions and times of the group are free again, as no reader can have seen
// them.
void Committer::Refuse(Group& group) {
  for (Waiter* waiter : group.staged) {
    waiter->status = absl::AbortedError(
        "another transaction of the same group failed while it was staged, so nothing of the group "
        "was written; run the transaction again");
  }
  const std::shared_ptr<const StoreSnapshot> head = Head();
  last_version_ = head->version();
  last_time_us_ = head->commit_time_us();
  window_.Reset(last_version_);
  EndGroup();
}

void Committer::TurnReadOnly(Group& group, const absl::Status& failure) {
  LogError("a write failed; the database is read-only now",
           {{"commits", group.staged.size()},
            {"last_attempted_version", last_version_.value()},
            {"error", failure.message()}});
  for (Waiter* waiter : group.staged) {
    waiter->status = absl::UnavailableError(absl::StrCat(
        "the commit may or may not have been kept: writing it failed (", failure.message(),
        "); the database is read-only now; open it again and look for version ",
        waiter->committed.version.value()));
  }
  {
    MutexLock lock(&head_mutex_);
    read_only_reason_ =
        failure.message().empty() ? "the engine gave no reason" : std::string(failure.message());
  }
  EndGroup();
}

void Committer::Publish(Group& group) {
  for (Waiter* waiter : group.staged) {
    const CommitVersion version = waiter->committed.version;
    if (waiter->load != nullptr) {
      waiter->load->BeforePublish(version);
    } else {
      waiter->commit->BeforePublish(version);
    }
  }
  std::shared_ptr<const StoreSnapshot> next = std::make_shared<const StoreSnapshot>(
      kv_, kv_->NewSnapshot(), last_version_, last_time_us_, true);
  {
    MutexLock lock(&head_mutex_);
    head_.swap(next);
    in_flight_time_us_ = INT64_MAX;
    head_changed_.SignalAll();
  }
  // The former head, now in `next`, is released without the lock: it may be the last to hold its
  // engine snapshot.
}

void Committer::EndGroup() {
  MutexLock lock(&head_mutex_);
  in_flight_time_us_ = INT64_MAX;
  head_changed_.SignalAll();
}

std::shared_ptr<const StoreSnapshot> Committer::Head() const {
  MutexLock lock(&head_mutex_);
  return head_;
}

CommitVersion Committer::EarliestVersion() const { return past_->earliest(); }

absl::StatusOr<std::shared_ptr<const StoreSnapshot>> Committer::At(CommitVersion version) const {
  return past_->At(version, Head());
}

absl::StatusOr<int64_t> Committer::CommitTime(CommitVersion version) const {
  return past_->CommitTime(version, *Head());
}

absl::StatusOr<std::shared_ptr<const StoreSnapshot>> Committer::AtTime(int64_t time_us) {
  std::shared_ptr<const StoreSnapshot> head = Head();
  if (time_us > std::max(clock_->NowMicros(), head->commit_time_us())) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the system time asked for, ",
        absl::FormatTime(absl::RFC3339_full, absl::FromUnixMicros(time_us), absl::UTCTimeZone()),
        ", is in the future; ask for a time up to now"));
  }
  // Commits get times beyond the last one's anyway.
  if (time_us > head->commit_time_us()) RELATA_RETURN_IF_ERROR(answered_->Reserve(time_us));
  {
    MutexLock lock(&head_mutex_);
    answered_time_us_ = std::max(answered_time_us_, time_us);
    while (in_flight_time_us_ <= time_us) head_changed_.Wait(&head_mutex_);
    head = head_;
  }
  return past_->AtTime(time_us, head);
}

bool Committer::read_only(std::string* why) const {
  MutexLock lock(&head_mutex_);
  if (why != nullptr) *why = read_only_reason_;
  return !read_only_reason_.empty();
}

bool Committer::WaitPast(CommitVersion version, int64_t deadline_monotonic_us) const {
  MutexLock lock(&head_mutex_);
  const uint64_t wakes = wakes_;
  while (head_->version() <= version) {
    const int64_t now = clock_->MonotonicMicros();
    if (now >= deadline_monotonic_us || wakes_ != wakes) return false;
    head_changed_.WaitWithTimeout(
        &head_mutex_, absl::Microseconds(std::min(deadline_monotonic_us - now, kLongestWaitUs)));
  }
  return true;
}

void Committer::Wake() const {
  MutexLock lock(&head_mutex_);
  ++wakes_;
  head_changed_.SignalAll();
}

}  // namespace relata
