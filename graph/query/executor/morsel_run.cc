#include "graph/query/executor/morsel_run.h"

#include <algorithm>
#include <utility>

#include "base/status_macros.h"
#include "graph/query/executor/worker_pool.h"

namespace relata::query {
namespace {

int ThreadsOf(const ExecutionContext& context) {
  const int others = context.workers == nullptr ? 0 : context.workers->threads();
  return std::max(1, std::min(context.max_threads, others + 1));
}

// So many units of work for each id of a morsel are done before other threads are asked.
constexpr uint64_t kAlone = 4;

// What a worker has of a context; its reader, profile and morsel are its own.
ExecutionContext ForWorkers(const ExecutionContext& context) {
  ExecutionContext of_workers = context;
  of_workers.plan_depth = 0;
  of_workers.memberships = nullptr;
  of_workers.fixed = nullptr;
  of_workers.commit_batch = nullptr;
  of_workers.rollback_batch = nullptr;
  return of_workers;
}

// The whole statement ends with it, on every thread.
bool EndsAll(const absl::Status& status) {
  return absl::IsCancelled(status) || absl::IsDeadlineExceeded(status) ||
         absl::IsResourceExhausted(status);
}

}  // namespace

MorselRun::MorselRun(const PlanNode& plan, const PlanNode& scan, ExecutionContext* context,
                     MakeWorker make)
    : plan_(plan),
      context_(context),
      of_workers_(ForWorkers(*context)),
      make_(std::move(make)),
      whole_(context->reader->transaction() != nullptr),
      threads_(whole_ ? 1 : ThreadsOf(*context)),
      work_before_(context->budget->work()),
      source_(scan, *context) {}

MorselRun::~MorselRun() {
  MutexLock lock(&mutex_);
  const bool ended = cut_all_ && given_ == taken_;
  if (!ended && helpers_ > 0) {
    context_->budget->Stop(absl::CancelledError("the statement is over"));
  }
  cut_all_ = true;
  while (helpers_ > 0) changed_.Wait(&mutex_);
  if (lent_ != nullptr) idle_.push_back(std::move(lent_));
  for (auto& [number, done] : done_) {
    if (done.worker != nullptr) idle_.push_back(std::move(done.worker));
  }
  AddProfiles();
}

absl::StatusOr<std::unique_ptr<MorselResult>> MorselRun::Next() {
  while (true) {
    std::optional<Task> task;
    std::unique_ptr<Worker> worker;
    {
      MutexLock lock(&mutex_);
      if (lent_ != nullptr) idle_.push_back(std::move(lent_));
      const auto next = done_.find(given_);
      if (next != done_.end()) {
        Done done = std::move(next->second);
        done_.erase(next);
        ++given_;
        lent_ = std::move(done.worker);
        AskForHelp();
        return std::move(done.result);
      }
      if (cut_all_ && given_ == taken_) return nullptr;
      task = TakeTask();
      if (!task) {
        // Another thread has the next one in hand, or there was an end that nobody had seen.
        if (!done_.contains(given_) && given_ < taken_) changed_.Wait(&mutex_);
        continue;
      }
      worker = TakeIdle();
    }
    Done done = RunTask(*task, std::move(worker));
    MutexLock lock(&mutex_);
    Keep(*task, std::move(done));
    AskForHelp();
  }
}

std::optional<MorselRun::Task> MorselRun::TakeTask() {
  if (cut_all_ || taken_ - given_ >= most_unread()) return std::nullopt;
  if (whole_) {
    cut_all_ = true;
    return Task{taken_++, std::nullopt};
  }
  absl::StatusOr<std::optional<Morsel>> morsel = source_.Next();
  if (morsel.ok() && *morsel) return Task{taken_++, **morsel};
  cut_all_ = true;
  if (!morsel.ok()) done_[taken_++].result = morsel.status();
  return std::nullopt;
}

std::unique_ptr<MorselRun::Worker> MorselRun::TakeIdle() {
  if (idle_.empty()) return nullptr;
  std::unique_ptr<Worker> worker = std::move(idle_.back());
  idle_.pop_back();
  return worker;
}

void MorselRun::Keep(const Task& task, Done done) {
  // Those after a failure are not asked for.
  if (!done.result.ok()) cut_all_ = true;
  if (EndsAll(done.result.status())) context_->budget->Stop(done.result.status());
  if (done.worker != nullptr && !done.worker->operators->stopped_midway()) {
    idle_.push_back(std::move(done.worker));
  }
  done_[task.number] = std::move(done);
}

void MorselRun::AskForHelp() {
  // So much is done on one thread first: another one may have to wait for a core.
  if (context_->budget->work() - work_before_ < kAlone * context_->morsel_ids) return;
  while (helpers_ + 1 < threads_ && !cut_all_ && taken_ - given_ < most_unread()) {
    ++helpers_;
    if (context_->workers->TryRun([this] { Help(); })) continue;
    --helpers_;
    return;
  }
}

void MorselRun::Help() {
  while (true) {
    std::optional<Task> task;
    std::unique_ptr<Worker> worker;
    {
      MutexLock lock(&mutex_);
      task = TakeTask();
      if (!task) {
        --helpers_;
        changed_.SignalAll();
        return;
      }
      worker = TakeIdle();
    }
    Done done = RunTask(*task, std::move(worker));
    MutexLock lock(&mutex_);
    Keep(*task, std::move(done));
    changed_.SignalAll();
  }
}

absl::StatusOr<std::unique_ptr<MorselRun::Worker>> MorselRun::MakeOne() const {
  auto worker = std::make_unique<Worker>();
  worker->context = of_workers_;
  if (!whole_) {
    worker->reader = of_workers_.reader->ForOtherThread();
    worker->context.reader = worker->reader.get();
  }
  if (of_workers_.profile != nullptr) {
    worker->profile.resize(of_workers_.profile->size());
    worker->context.profile = &worker->profile;
  }
  RELATA_ASSIGN_OR_RETURN(worker->operators, make_(&worker->context));
  return worker;
}

MorselRun::Done MorselRun::RunTask(const Task& task, std::unique_ptr<Worker> worker) {
  Done done;
  if (worker == nullptr) {
    absl::StatusOr<std::unique_ptr<Worker>> made = MakeOne();
    if (!made.ok()) {
      done.result = made.status();
      return done;
    }
    worker = *std::move(made);
  }
  worker->context.morsel = task.morsel;
  ++worker->morsels;
  done.result = worker->operators->Run();
  done.worker = std::move(worker);
  return done;
}

void MorselRun::AddProfiles() {
  if (context_->profile == nullptr) return;
  std::vector<OperatorProfile>& sums = *context_->profile;
  for (const std::unique_ptr<Worker>& worker : idle_) {
    for (size_t i = 0; i < sums.size(); ++i) sums[i] += worker->profile[i];
    sums[static_cast<size_t>(plan_.id)].morsels.push_back(worker->morsels);
    // Within a call of this operator, which so has them among its own and its children's.
    if (worker->reader != nullptr) context_->reader->CountStates(worker->reader->states_read());
  }
  idle_.clear();
}

}  // namespace relata::query
