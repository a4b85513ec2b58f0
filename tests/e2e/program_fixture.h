#ifndef RELATA_TESTS_E2E_PROGRAM_FIXTURE_H_
#define RELATA_TESTS_E2E_PROGRAM_FIXTURE_H_

#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "tests/e2e/child_process.h"

namespace relata {

// What a run of the program `relata` gave.
struct Ran {
  int exit_code = -1;
  std::string out;
  std::string err;
};
std::ostream& operator<<(std::ostream& out, const Ran& ran);

// Runs the real programs: a relatad on a free port with an empty folder of its own, and `relata`
// against it. The folder is removed at the end.
class ProgramTest : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  // Starts relatad on the folder's data, on a free port, and waits until it answers.
  void StartServer();
  // The same on the port that it had before.
  void RestartServer();
  // relatad with these further arguments, on the same data; does not wait.
  std::unique_ptr<ChildProcess> SpawnServer(const std::string& name,
                                            const std::vector<std::string>& more);
  ChildProcess& server() { return *server_; }
  // Words that relatad is started through from now on, as `nice -n 5`; empty: by itself.
  void set_launcher(std::vector<std::string> words) { launcher_ = std::move(words); }

  // Runs `relata` to its end.
  Ran Relata(const std::vector<std::string>& arguments,
             const std::string& in_file = "/dev/null") const;
  // The words that run `relata` against the server.
  std::vector<std::string> CommandLine(const std::vector<std::string>& arguments) const;
  // Runs it beside the test; what it writes goes to `name`.out and `name`.err of the folder.
  std::unique_ptr<ChildProcess> SpawnRelata(const std::string& name,
                                            const std::vector<std::string>& arguments) const;

  // Path of a file in the folder, and one written there.
  std::string Path(const std::string& name) const;
  std::string WriteFile(const std::string& name, const std::string& text) const;

 private:
  void StartServerAt(const std::string& address);

  std::string folder_;
  std::string address_;
  std::vector<std::string> launcher_;
  std::unique_ptr<ChildProcess> server_;
};

}  // namespace relata

#endif  // RELATA_TESTS_E2E_PROGRAM_FIXTURE_H_
