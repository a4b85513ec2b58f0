#include "server/call_context.h"

#include <grpc/support/time.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/status.h>

#include <algorithm>
#include <exception>
#include <new>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "base/logging.h"
#include "relata/v1/read.pb.h"
#include "server/errors.h"

namespace relata {
namespace {

// How long a call runs before gRPC is asked whether it was cancelled, and then between the looks.
// A cancel is promised to take effect within 100 ms.
constexpr int64_t kMicrosBetweenLooks = 5'000;

// What a caught exception becomes. Its text may hold anything, so that only the log gets it.
absl::Status CaughtException(absl::string_view method, absl::string_view what) {
  LogError("exception in a call", {{"method", method}, {"what", what}});
  return absl::InternalError("a fault of the server; its log says more");
}

void LogFault(absl::string_view method, const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDataLoss:
      LogError("call failed", {{"method", method},
                               {"code", absl::StatusCodeToString(status.code())},
                               {"error", status.message()}});
      return;
    default:
      LogDebug("call refused", {{"method", method},
                                {"code", absl::StatusCodeToString(status.code())},
                                {"error", status.message()}});
  }
}

}  // namespace

CallContext::CallContext(ServerState* state, grpc::ServerContext* grpc)
    : state_(state),
      grpc_(grpc),
      next_look_micros_(state->clock->MonotonicMicros() + kMicrosBetweenLooks) {}

bool CallContext::cancelled() const {
  const int64_t now = state_->clock->MonotonicMicros();
  int64_t due = next_look_micros_.load(std::memory_order_relaxed);
  // One of the threads that find it due looks.
  if (now >= due && next_look_micros_.compare_exchange_strong(due, now + kMicrosBetweenLooks,
                                                              std::memory_order_relaxed)) {
    if (grpc_->IsCancelled()) cancelled_.store(true, std::memory_order_relaxed);
  }
  return cancelled_.load(std::memory_order_relaxed);
}

int64_t CallContext::DeadlineMicros(absl::Duration at_most) const {
  const gpr_timespec left =
      gpr_time_sub(gpr_convert_clock_type(grpc_->raw_deadline(), GPR_CLOCK_REALTIME),
                   gpr_now(GPR_CLOCK_REALTIME));
  const int64_t now = state_->clock->MonotonicMicros();
  const int64_t own = now + absl::ToInt64Microseconds(at_most);
  // Without a deadline the time left is years, which microseconds hold.
  const double left_micros = gpr_timespec_to_micros(left) * 0.9;
  return left_micros < absl::ToDoubleMicroseconds(at_most)
             ? now + static_cast<int64_t>(std::max(left_micros, 0.0))
             : own;
}

absl::StatusOr<Budget> CallContext::MakeBudget(const v1::QuestionBudget& asked) const {
  if (asked.max_milliseconds() < 0) {
    return FieldError("budget.max_milliseconds", "must not be negative");
  }
  Budget::Limits budget;
  budget.expansions = limits().max_expansions;
  if (asked.max_expansions() > 0) {
    budget.expansions = std::min(budget.expansions, asked.max_expansions());
  }
  absl::Duration time = limits().max_answer_time;
  if (asked.max_milliseconds() > 0) {
    time = std::min(time, absl::Milliseconds(asked.max_milliseconds()));
  }
  budget.deadline_monotonic_us = DeadlineMicros(time);
  return Budget(state_->clock, budget, [this] { return cancelled(); });
}

grpc::Status Dispatch(absl::string_view method, ServerState* state, grpc::ServerContext* grpc,
                      absl::FunctionRef<absl::Status(const CallContext&)> call) {
  const CallContext context(state, grpc);
  absl::Status status;
  try {
    status = call(context);
  } catch (const std::bad_alloc&) {
    LogError("no memory left for a call", {{"method", method}});
    status = absl::ResourceExhaustedError(
        "the server has no memory left for this call; ask for less, or try again later");
  } catch (const std::exception& e) {
    status = CaughtException(method, e.what());
  } catch (...) {
    status = CaughtException(method, "not a std::exception");
  }
  if (!status.ok()) LogFault(method, status);
  return ToGrpc(status);
}

}  // namespace relata
