#include "tests/e2e/program_fixture.h"

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iostream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

// Long enough for a busy machine; nothing waits that long where all is well.
constexpr absl::Duration kProgramPatience = absl::Seconds(60);

}  // namespace

std::ostream& operator<<(std::ostream& out, const Ran& ran) {
  return out << "exit code " << ran.exit_code << "\nout: " << ran.out << "\nerr: " << ran.err;
}

void ProgramTest::SetUp() {
  std::string name = (std::filesystem::temp_directory_path() / "relata_e2e_XXXXXX").string();
  ASSERT_NE(mkdtemp(name.data()), nullptr);
  folder_ = name;
  StartServer();
}

void ProgramTest::TearDown() {
  server_.reset();
  if (HasFailure()) std::cerr << "log of relatad:\n" << ReadFile(Path("server.err"));
  std::filesystem::remove_all(folder_);
}

std::unique_ptr<ChildProcess> ProgramTest::SpawnServer(const std::string& name,
                                                       const std::vector<std::string>& more) {
  std::vector<std::string> arguments = launcher_;
  for (const std::string& word :
       {std::string(RELATA_SERVER_PROGRAM), std::string("--data"), Path("data")}) {
    arguments.push_back(word);
  }
  arguments.insert(arguments.end(), more.begin(), more.end());
  auto started = ChildProcess::Start(arguments, Path(name + ".out"), Path(name + ".err"));
  EXPECT_THAT(started, IsOk());
  return started.ok() ? *std::move(started) : nullptr;
}

void ProgramTest::StartServer() { StartServerAt("127.0.0.1:0"); }

void ProgramTest::RestartServer() { StartServerAt(address_); }

void ProgramTest::StartServerAt(const std::string& address) {
  std::filesystem::remove(Path("port"));
  server_ = SpawnServer("server", {"--listen", address, "--port-file", Path("port")});
  ASSERT_NE(server_, nullptr);
  std::string port;
  for (absl::Duration waited; port.empty() && waited < kProgramPatience;
       waited += absl::Milliseconds(5)) {
    port = std::string(absl::StripAsciiWhitespace(ReadFile(Path("port"))));
    ASSERT_EQ(server_->Wait(absl::Milliseconds(5)), std::nullopt) << ReadFile(Path("server.err"));
  }
  ASSERT_FALSE(port.empty()) << "relatad does not answer";
  address_ = absl::StrCat("127.0.0.1:", port);
}

std::vector<std::string> ProgramTest::CommandLine(const std::vector<std::string>& arguments) const {
  std::vector<std::string> all = {RELATA_CLI, "--server", address_};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return all;
}

Ran ProgramTest::Relata(const std::vector<std::string>& arguments,
                        const std::string& in_file) const {
  Ran ran;
  auto started =
      ChildProcess::Start(CommandLine(arguments), Path("relata.out"), Path("relata.err"), in_file);
  EXPECT_THAT(started, IsOk());
  if (!started.ok()) return ran;
  ran.exit_code = (*started)->Wait(kProgramPatience).value_or(-1);
  ran.out = ReadFile(Path("relata.out"));
  ran.err = ReadFile(Path("relata.err"));
  return ran;
}

std::unique_ptr<ChildProcess> ProgramTest::SpawnRelata(
    const std::string& name, const std::vector<std::string>& arguments) const {
  auto started =
      ChildProcess::Start(CommandLine(arguments), Path(name + ".out"), Path(name + ".err"));
  EXPECT_THAT(started, IsOk());
  return started.ok() ? *std::move(started) : nullptr;
}

std::string ProgramTest::Path(const std::string& name) const {
  return absl::StrCat(folder_, "/", name);
}

std::string ProgramTest::WriteFile(const std::string& name, const std::string& text) const {
  std::string path = Path(name);
  std::ofstream stream(path, std::ios::binary);
  stream << text;
  return path;
}

}  // namespace relata
