#ifndef RELATA_CLIENT_CLI_OUTPUT_PROGRESS_H_
#define RELATA_CLIENT_CLI_OUTPUT_PROGRESS_H_

#include <cstdint>
#include <ostream>
#include <string>

#include "absl/strings/string_view.h"
#include "base/clock.h"

namespace relata {

// One line on a terminal that tells how far a long job is: items, rate, and where the whole size is
// known a bar with the time left. Redraws itself at most ten times a second and removes itself at
// the end. Not thread-safe.
class Progress {
 public:
  // Borrows `out` and `clock`. Draws nothing unless `is_terminal`. `label` is what the job works
  // on, `unit` what is counted; `total` in whatever measure `done` below has, 0: unknown.
  Progress(std::ostream* out, bool is_terminal, Clock* clock, std::string label, std::string unit,
           int64_t total);
  ~Progress() { Clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `items` were worked on so far, which is `done` of `total`.
  void Update(int64_t items, int64_t done);
  // Removes the line, so that something else can be written; the next Update draws it again.
  void Clear();

 private:
  std::string Line(int64_t items, int64_t done, double seconds) const;

  std::ostream* const out_;
  const bool is_terminal_;
  Clock* const clock_;
  const std::string label_;
  const std::string unit_;
  const int64_t total_;
  const int64_t start_;
  int64_t last_drawn_;
  bool drawn_ = false;
};

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_OUTPUT_PROGRESS_H_
