#include "bench/relata_bench/server_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/status_macros.h"

extern char** environ;

namespace relata::bench {
namespace {

constexpr absl::Duration kStartTimeout = absl::Seconds(120);
constexpr absl::Duration kStartStep = absl::Milliseconds(1);
constexpr double kMega = 1e6;

double BlockMegabytes(const std::filesystem::path& path) {
  struct stat info {};
  return lstat(path.c_str(), &info) == 0 ? static_cast<double>(info.st_blocks) * 512.0 / kMega
                                         : 0.0;
}

// Starts a program whose errors go to `log_file`.
absl::StatusOr<pid_t> Spawn(std::vector<std::string> command, const std::string& log_file) {
  std::vector<char*> argv;
  argv.reserve(command.size() + 1);
  for (std::string& argument : command) argv.push_back(argument.data());
  argv.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log_file.c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0644);
  pid_t pid = 0;
  const int error =
      posix_spawn(&pid, command.front().c_str(), &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot start ", command.front(), ": ", std::strerror(error)));
  }
  return pid;
}

}  // namespace

absl::Status RunToEnd(std::vector<std::string> command, const std::string& log_file) {
  const std::string program = command.front();
  RELATA_ASSIGN_OR_RETURN(const pid_t pid, Spawn(std::move(command), log_file));
  int state = 0;
  if (waitpid(pid, &state, 0) == pid && WIFEXITED(state) && WEXITSTATUS(state) == 0) {
    return absl::OkStatus();
  }
  return absl::UnavailableError(absl::StrCat(program, " failed; see ", log_file));
}

double PeakMegabytes(pid_t pid) {
  std::ifstream status(pid < 0 ? "/proc/self/status" : absl::StrCat("/proc/", pid, "/status"));
  std::string word;
  while (status >> word) {
    double kilobytes = 0.0;
    if (word == "VmHWM:" && status >> kilobytes) return kilobytes * 1024.0 / kMega;
  }
  return 0.0;
}

double DiskMegabytes(const std::string& path) {
  double sum = BlockMegabytes(path);
  std::error_code error;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path, error)) {
    sum += BlockMegabytes(entry.path());
  }
  return sum;
}

absl::StatusOr<std::unique_ptr<ServerProcess>> ServerProcess::Start(
    std::vector<std::string> command, const std::string& folder) {
  std::filesystem::create_directories(folder);
  const std::string port_file = folder + "/port";
  const std::string log_file = folder + "/server.log";
  std::filesystem::remove(port_file);
  command.insert(command.end(), {"--listen", "127.0.0.1:0", "--port-file", port_file});
  RELATA_ASSIGN_OR_RETURN(const pid_t pid, Spawn(std::move(command), log_file));
  std::unique_ptr<ServerProcess> server(new ServerProcess(pid));
  RELATA_RETURN_IF_ERROR(server->WaitForPort(port_file));
  return server;
}

absl::StatusOr<std::unique_ptr<ServerProcess>> ServerProcess::StartRelatad(
    const std::string& program, const std::string& folder) {
  return Start({program, "--data", folder + "/data"}, folder);
}

absl::Status ServerProcess::WaitForPort(const std::string& port_file) {
  for (absl::Duration waited; waited < kStartTimeout; waited += kStartStep) {
    std::ifstream file(port_file);
    int port = 0;
    // The file is renamed into place, so what is there is whole.
    if (file >> port) {
      address_ = absl::StrCat("127.0.0.1:", port);
      return absl::OkStatus();
    }
    if (waitpid(pid_, nullptr, WNOHANG) == pid_) {
      pid_ = 0;
      return absl::UnavailableError("the server ended before it answered; see its log");
    }
    absl::SleepFor(kStartStep);
  }
  return absl::UnavailableError("the server does not answer; see its log");
}

ServerProcess::~ServerProcess() { Stop(); }

void ServerProcess::Stop() {
  if (pid_ == 0) return;
  kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

}  // namespace relata::bench
