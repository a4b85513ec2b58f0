#ifndef RELATA_TESTS_E2E_CHILD_PROCESS_H_
#define RELATA_TESTS_E2E_CHILD_PROCESS_H_

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace relata {

// A program that runs beside the test. Not thread-safe.
class ChildProcess {
 public:
  // Starts `arguments[0]` with the others; its output goes to the two files, its input is
  // `in_file`. UNAVAILABLE where it cannot be started.
  static absl::StatusOr<std::unique_ptr<ChildProcess>> Start(
      const std::vector<std::string>& arguments, const std::string& out_file,
      const std::string& err_file, const std::string& in_file = "/dev/null");
  // Kills it where it still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  void Signal(int signal) const;
  // Its exit code, or 128 and the number of the signal that ended it; nothing where it still runs
  // after `timeout`.
  std::optional<int> Wait(absl::Duration timeout);

 private:
  explicit ChildProcess(pid_t pid) : pid_(pid) {}

  const pid_t pid_;
  std::optional<int> exit_code_;
};

// The whole text of a file; empty where there is none.
std::string ReadFile(const std::string& file);

}  // namespace relata

#endif  // RELATA_TESTS_E2E_CHILD_PROCESS_H_
