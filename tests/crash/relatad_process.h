#ifndef RELATA_TESTS_CRASH_RELATAD_PROCESS_H_
#define RELATA_TESTS_CRASH_RELATAD_PROCESS_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace relata {

// A relatad as a process of its own, on a free loopback port. Not thread-safe.
class RelatadProcess {
 public:
  // Starts `program` on the databases of `folder`/data, its log appended to `folder`/relatad.log.
  // Does not wait until it answers. UNAVAILABLE where it cannot be started.
  static absl::StatusOr<std::unique_ptr<RelatadProcess>> Start(
      const std::string& program, const std::string& folder,
      const std::vector<std::string>& more_arguments);
  // Kills it where Kill was not called.
  ~RelatadProcess();
  RelatadProcess(const RelatadProcess&) = delete;
  RelatadProcess& operator=(const RelatadProcess&) = delete;

  // Waits until it answers calls and returns its `host:port`. UNAVAILABLE where it ended or does
  // not answer within `timeout`.
  absl::StatusOr<std::string> WaitForAddress(absl::Duration timeout);
  // SIGKILL, and waits until the process is gone.
  void Kill();

 private:
  RelatadProcess(pid_t pid, std::string port_file) : pid_(pid), port_file_(std::move(port_file)) {}

  pid_t pid_;  // -1: gone
  const std::string port_file_;
};

}  // namespace relata

#endif  // RELATA_TESTS_CRASH_RELATAD_PROCESS_H_
