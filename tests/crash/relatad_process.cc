#include "tests/crash/relatad_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <filesystem>
#include <fstream>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

extern char** environ;

namespace relata {

absl::StatusOr<std::unique_ptr<RelatadProcess>> RelatadProcess::Start(
    const std::string& program, const std::string& folder,
    const std::vector<std::string>& more_arguments) {
  const std::string port_file = folder + "/port";
  const std::string log_file = folder + "/relatad.log";
  std::filesystem::remove(port_file);
  std::vector<std::string> arguments = {program,          "--listen",    "127.0.0.1:0", "--data",
                                        folder + "/data", "--port-file", port_file};
  arguments.insert(arguments.end(), more_arguments.begin(), more_arguments.end());
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log_file.c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0644);
  pid_t pid = -1;
  const int error = posix_spawn(&pid, program.c_str(), &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot start ", program, ": ", std::generic_category().message(error)));
  }
  return std::unique_ptr<RelatadProcess>(new RelatadProcess(pid, port_file));
}

RelatadProcess::~RelatadProcess() { Kill(); }

absl::StatusOr<std::string> RelatadProcess::WaitForAddress(absl::Duration timeout) {
  const absl::Duration step = absl::Milliseconds(5);
  for (absl::Duration waited; waited < timeout; waited += step) {
    std::ifstream file(port_file_);
    int port = 0;
    // The file is renamed into place, so what is there is whole.
    if (file >> port) return absl::StrCat("127.0.0.1:", port);
    int state = 0;
    if (waitpid(pid_, &state, WNOHANG) == pid_) {
      pid_ = -1;
      return absl::UnavailableError("relatad ended before it answered; see its log");
    }
    absl::SleepFor(step);
  }
  return absl::UnavailableError("relatad does not answer; see its log");
}

void RelatadProcess::Kill() {
  if (pid_ == -1) return;
  kill(pid_, SIGKILL);
  int state = 0;
  waitpid(pid_, &state, 0);
  pid_ = -1;
}

}  // namespace relata
