#include "server/query_transactions.h"

#include <algorithm>
#include <random>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "server/errors.h"

namespace relata {
namespace {

constexpr absl::Duration kIdleCheck = absl::Milliseconds(500);

// Not to be guessed: whoever knows the id may use the transaction.
std::string NewTransactionId() {
  std::random_device random;
  return absl::StrFormat("%08x%08x%08x%08x", random(), random(), random(), random());
}

}  // namespace

// `transaction` is used only by the call that holds the lease; the rest under the mutex.
struct QueryTransactions::Open {
  std::string id;
  std::shared_ptr<OpenDatabase> database;  // first, so that the transaction goes before
  std::unique_ptr<query::QueryTransaction> transaction;
  bool in_use = false;
  int64_t last_used_micros = 0;
};

QueryTransactions::QueryTransactions(Clock* clock, absl::Duration idle_timeout, size_t most)
    : clock_(clock), idle_timeout_(idle_timeout), most_(most), watcher_([this] { WatchIdle(); }) {}

QueryTransactions::~QueryTransactions() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    stop_.SignalAll();
  }
  watcher_.join();
}

absl::StatusOr<std::string> QueryTransactions::Begin(std::shared_ptr<OpenDatabase> database,
                                                     bool read_only) {
  auto open = std::make_shared<Open>();
  RELATA_ASSIGN_OR_RETURN(open->transaction, database->queries->Begin(read_only));
  open->database = std::move(database);
  open->id = NewTransactionId();
  MutexLock lock(&mutex_);
  if (open_.size() >= most_) {
    return LimitError("one more open transaction", "max_transactions", most_);
  }
  open->last_used_micros = clock_->MonotonicMicros();
  open_[open->id] = open;
  return open->id;
}

absl::StatusOr<QueryTransactions::Lease> QueryTransactions::Take(absl::string_view id) {
  MutexLock lock(&mutex_);
  const auto it = open_.find(id);
  if (it == open_.end()) {
    return WithReason(
        absl::NotFoundError(absl::StrCat(
            "the transaction has ended: committed, rolled back, or idle for more than ",
            absl::FormatDuration(idle_timeout_), "; begin a new one")),
        v1::TRANSACTION_NOT_FOUND, {{"transaction_id", std::string(id)}});
  }
  if (it->second->in_use) {
    return WithReason(
        absl::FailedPreconditionError(
            "another call uses the transaction; run its statements one after the other"),
        v1::TRANSACTION_IN_USE, {{"transaction_id", std::string(id)}});
  }
  it->second->in_use = true;
  return Lease(this, it->second);
}

QueryTransactions::Lease::~Lease() {
  if (open_ == nullptr) return;
  MutexLock lock(&owner_->mutex_);
  open_->in_use = false;
  open_->last_used_micros = owner_->clock_->MonotonicMicros();
}

query::QueryTransaction& QueryTransactions::Lease::transaction() const {
  return *open_->transaction;
}

Database& QueryTransactions::Lease::database() const { return *open_->database->graph; }

const std::string& QueryTransactions::Lease::database_name() const { return open_->database->name; }

void QueryTransactions::Lease::Forget() {
  MutexLock lock(&owner_->mutex_);
  owner_->open_.erase(open_->id);
}

void QueryTransactions::EndIdle() {
  // Destroyed after the lock is given back: rolling back may take time.
  std::vector<std::shared_ptr<Open>> ended;
  MutexLock lock(&mutex_);
  const int64_t oldest = clock_->MonotonicMicros() - absl::ToInt64Microseconds(idle_timeout_);
  for (auto it = open_.begin(); it != open_.end();) {
    if (it->second->in_use || it->second->last_used_micros >= oldest) {
      ++it;
      continue;
    }
    ended.push_back(std::move(it->second));
    it = open_.erase(it);
  }
}

void QueryTransactions::WatchIdle() {
  while (true) {
    {
      MutexLock lock(&mutex_);
      if (!stopping_) stop_.WaitWithTimeout(&mutex_, kIdleCheck);
      if (stopping_) return;
    }
    EndIdle();
  }
}

}  // namespace relata
