#include "graph/query/executor/execution_context.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/error_parts.h"
#include "base/status_macros.h"
#include "graph/query/query_error.h"

namespace relata::query {
namespace {

// Units of work between two looks at the clock: well under a millisecond.
constexpr uint64_t kCheckEvery = 4096;

}  // namespace

QueryBudget::QueryBudget(Clock* clock, Limits limits, std::function<bool()> cancelled)
    : clock_(clock), limits_(limits), cancelled_(std::move(cancelled)) {}

absl::Status QueryBudget::Spend(uint64_t work) {
  const uint64_t before = work_.fetch_add(work, std::memory_order_relaxed);
  if (before / kCheckEvery == (before + work) / kCheckEvery) return absl::OkStatus();
  return CheckStopped();
}

absl::Status QueryBudget::SpendExpansions(uint64_t n) {
  const uint64_t spent = expansions_.fetch_add(n, std::memory_order_relaxed) + n;
  if (spent > limits_.expansions) {
    return LimitReached(
        "max_expansions", limits_.expansions,
        absl::StrCat("the statement has looked at more than ", limits_.expansions,
                     " relationships, its limit of expansions; narrow the pattern (labels, types, "
                     "fewer hops) or raise the limit"));
  }
  return Spend(n);
}

bool QueryBudget::AskCancelled() {
  if (!cancelled_ || !asking_.TryLock()) return false;
  const bool cancelled = cancelled_();
  asking_.Unlock();
  return cancelled;
}

void QueryBudget::Stop(absl::Status why) {
  MutexLock lock(&stop_mutex_);
  if (stopped_.exchange(true)) return;
  why_stopped_ = std::move(why);
}

absl::Status QueryBudget::CheckStopped() {
  if (stopped_) {
    MutexLock lock(&stop_mutex_);
    return why_stopped_;
  }
  if (AskCancelled()) return absl::CancelledError("the statement was cancelled");
  if (limits_.deadline_monotonic_us != INT64_MAX &&
      clock_->MonotonicMicros() >= limits_.deadline_monotonic_us) {
    return absl::DeadlineExceededError(
        "the statement has used up its time; narrow it, or give it a later deadline");
  }
  return absl::OkStatus();
}

absl::Status QueryBudget::Reserve(size_t bytes, const MemoryHolder& holder) {
  const size_t held = bytes_.fetch_add(bytes, std::memory_order_relaxed) + bytes;
  if (held > limits_.memory_bytes) {
    bytes_.fetch_sub(bytes, std::memory_order_relaxed);
    return LimitReached("max_memory_bytes", limits_.memory_bytes,
                        absl::StrCat(holder.name, " needs memory beyond the ", limits_.memory_bytes,
                                     " bytes that the statement may hold; ", holder.advice,
                                     ", or raise the limit (max_memory_bytes)"));
  }
  size_t peak = peak_bytes_.load(std::memory_order_relaxed);
  while (held > peak && !peak_bytes_.compare_exchange_weak(peak, held, std::memory_order_relaxed)) {
  }
  return absl::OkStatus();
}

void QueryBudget::Release(size_t bytes) { bytes_.fetch_sub(bytes, std::memory_order_relaxed); }

absl::Status MemoryHold::Add(size_t bytes) {
  RELATA_RETURN_IF_ERROR(budget_->Reserve(bytes, holder_));
  bytes_ += bytes;
  return absl::OkStatus();
}

absl::Status MemoryHold::Set(size_t bytes) {
  if (bytes > bytes_) return Add(bytes - bytes_);
  budget_->Release(bytes_ - bytes);
  bytes_ = bytes;
  return absl::OkStatus();
}

OperatorProfile& OperatorProfile::operator+=(const OperatorProfile& other) {
  rows += other.rows;
  batches += other.batches;
  expansions += other.expansions;
  hits += other.hits;
  reads += other.reads;
  states += other.states;
  nanos += other.nanos;
  memory_bytes += other.memory_bytes;
  return *this;
}

absl::StatusOr<Datum> ExecutionContext::Parameter(absl::string_view name) const {
  if (parameters != nullptr) {
    const auto it = std::lower_bound(
        parameters->begin(), parameters->end(), name,
        [](const auto& entry, absl::string_view wanted) { return entry.first < wanted; });
    if (it != parameters->end() && it->first == name) return it->second;
  }
  return MakeQueryError(
      ErrorClass::kParameterMissing, ErrorPhase::kCompile, "MissingParameter", std::nullopt,
      absl::StrCat("the parameter $", name, " is used but was not given; send a value for it"));
}

}  // namespace relata::query
