#include "tests/e2e/terminal_program.h"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "absl/status/status.h"
#include "absl/time/clock.h"

namespace relata {

absl::StatusOr<std::unique_ptr<TerminalProgram>> TerminalProgram::Start(
    const std::vector<std::string>& arguments,
    const std::vector<std::pair<std::string, std::string>>& environment) {
  std::vector<std::string> copy = arguments;
  std::vector<char*> argv;
  argv.reserve(copy.size() + 1);
  for (std::string& argument : copy) argv.push_back(argument.data());
  argv.push_back(nullptr);
  winsize size = {};
  size.ws_row = 24;
  size.ws_col = 80;
  int terminal = -1;
  const pid_t pid = forkpty(&terminal, nullptr, nullptr, &size);
  if (pid < 0) return absl::UnavailableError("there is no pseudo-terminal");
  if (pid == 0) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): the child has one thread.
    for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
    execv(argv[0], argv.data());
    _exit(127);
  }
  return std::unique_ptr<TerminalProgram>(new TerminalProgram(pid, terminal));
}

TerminalProgram::~TerminalProgram() {
  if (!ended_) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  close(terminal_);
}

void TerminalProgram::Type(absl::string_view keys) const {
  while (!keys.empty()) {
    const ssize_t written = write(terminal_, keys.data(), keys.size());
    if (written <= 0) return;
    keys.remove_prefix(static_cast<size_t>(written));
  }
}

bool TerminalProgram::ReadSome(absl::Duration timeout) {
  pollfd ready = {terminal_, POLLIN, 0};
  if (poll(&ready, 1, static_cast<int>(absl::ToInt64Milliseconds(timeout))) <= 0) return true;
  char bytes[4096];
  const ssize_t got = read(terminal_, bytes, sizeof(bytes));
  if (got <= 0) return false;
  shown_.append(bytes, static_cast<size_t>(got));
  return true;
}

bool TerminalProgram::WaitFor(absl::string_view text, absl::Duration timeout) {
  const absl::Time until = absl::Now() + timeout;
  while (true) {
    const size_t found = shown_.find(text.data(), seen_, text.size());
    if (found != std::string::npos) {
      seen_ = found + text.size();
      return true;
    }
    if (absl::Now() >= until || !ReadSome(absl::Milliseconds(50))) return false;
  }
}

int TerminalProgram::WaitForEnd(absl::Duration timeout) {
  const absl::Time until = absl::Now() + timeout;
  while (absl::Now() < until) {
    ReadSome(absl::Milliseconds(20));
    int state = 0;
    if (waitpid(pid_, &state, WNOHANG) == pid_) {
      ended_ = true;
      return WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
    }
  }
  return -1;
}

}  // namespace relata
