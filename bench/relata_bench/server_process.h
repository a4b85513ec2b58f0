#ifndef RELATA_BENCH_RELATA_BENCH_SERVER_PROCESS_H_
#define RELATA_BENCH_RELATA_BENCH_SERVER_PROCESS_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace relata::bench {

// Megabytes (10^6 bytes) that a process held at most so far; 0 where it is gone. -1: this process.
double PeakMegabytes(pid_t pid);

// Megabytes on disk of a file or of all that is in a folder.
double DiskMegabytes(const std::string& path);

// Runs `command` (a program and its arguments) to its end; its errors go to `log_file`.
// UNAVAILABLE where it does not start or does not end with 0.
absl::Status RunToEnd(std::vector<std::string> command, const std::string& log_file);

// A server as a process of its own, on a free loopback port. Not thread-safe.
class ServerProcess {
 public:
  // Runs `command` (a program and its arguments) with `--listen 127.0.0.1:0 --port-file FILE`
  // appended, its log in `folder`/server.log, and waits until it has written its port.
  // UNAVAILABLE where it does not.
  static absl::StatusOr<std::unique_ptr<ServerProcess>> Start(std::vector<std::string> command,
                                                              const std::string& folder);
  // relatad at its defaults, on the databases of `folder`/data.
  static absl::StatusOr<std::unique_ptr<ServerProcess>> StartRelatad(const std::string& program,
                                                                     const std::string& folder);
  // Stops it where Stop was not called.
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  const std::string& address() const { return address_; }  // `host:port`
  double PeakMegabytes() const { return bench::PeakMegabytes(pid_); }
  // SIGTERM, and waits until the process is gone.
  void Stop();

 private:
  explicit ServerProcess(pid_t pid) : pid_(pid) {}
  absl::Status WaitForPort(const std::string& port_file);

  pid_t pid_;  // 0: gone
  std::string address_;
};

}  // namespace relata::bench

#endif  // RELATA_BENCH_RELATA_BENCH_SERVER_PROCESS_H_
