#include "client/cli/output/progress.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace relata {
namespace {

constexpr int64_t kRedrawMicros = 100'000;
constexpr int kBarCells = 20;
// Back to the begin of the line, and delete it (ECMA-48).
constexpr absl::string_view kEraseLine = "\r\x1b[2K";

}  // namespace

Progress::Progress(std::ostream* out, bool is_terminal, Clock* clock, std::string label,
                   std::string unit, int64_t total)
    : out_(out),
      is_terminal_(is_terminal),
      clock_(clock),
      label_(std::move(label)),
      unit_(std::move(unit)),
      total_(total),
      start_(clock->MonotonicMicros()),
      last_drawn_(start_) {}

std::string Progress::Line(int64_t items, int64_t done, double seconds) const {
  const double rate = seconds > 0 ? static_cast<double>(items) / seconds : 0;
  std::string line = absl::StrFormat("%s  %d %s  %.0f/s", label_, items, unit_, rate);
  if (total_ <= 0) return line;
  const double part = std::clamp(static_cast<double>(done) / static_cast<double>(total_), 0.0, 1.0);
  const int cells = static_cast<int>(part * kBarCells);
  absl::StrAppendFormat(&line, "  [%s%s] %3.0f%%", std::string(cells, '#'),
                        std::string(kBarCells - cells, ' '), part * 100);
  if (part > 0) absl::StrAppendFormat(&line, "  %.0f s left", seconds * (1 - part) / part);
  return line;
}

void Progress::Update(int64_t items, int64_t done) {
  if (!is_terminal_) return;
  const int64_t now = clock_->MonotonicMicros();
  if (now - last_drawn_ < kRedrawMicros) return;
  last_drawn_ = now;
  drawn_ = true;
  *out_ << kEraseLine << Line(items, done, static_cast<double>(now - start_) / 1e6) << std::flush;
}

void Progress::Clear() {
  if (drawn_) *out_ << kEraseLine << std::flush;
  drawn_ = false;
}

}  // namespace relata
