#include "graph/algorithms/run_control.h"

#include "absl/strings/str_cat.h"
#include "base/error_parts.h"
#include "base/status_macros.h"

namespace relata {
namespace {

// A few milliseconds at the speed of the slowest loop.
constexpr uint64_t kCheckEvery = 1 << 16;
constexpr int64_t kReportEveryMicros = 200'000;

}  // namespace

absl::Status RunControl::Begin(absl::string_view stage, uint64_t total) {
  progress_ = {stage, 0, total};
  next_report_us_ = 0;
  return Check();
}

absl::Status RunControl::Check() {
  next_check_ = progress_.done + kCheckEvery;
  return CheckNow();
}

absl::Status RunControl::CheckNow() {
  if (hooks_.stopped) RELATA_RETURN_IF_ERROR(hooks_.stopped());
  if (!hooks_.report) return absl::OkStatus();
  const int64_t now = clock_->MonotonicMicros();
  if (now < next_report_us_) return absl::OkStatus();
  next_report_us_ = now + kReportEveryMicros;
  return hooks_.report(progress_);
}

absl::Status RunControl::Reserve(size_t bytes) {
  reserved_ += bytes;
  if (reserved_ <= hooks_.memory_bytes) return absl::OkStatus();
  return LimitReached(
      "max_memory_bytes", hooks_.memory_bytes,
      absl::StrCat(
          "the algorithm needs at least ", reserved_, " bytes to work in, and ",
          hooks_.memory_bytes,
          " are allowed: project fewer labels or relationship types, or allow more memory"));
}

}  // namespace relata
