// kill_cycles --relatad PROGRAM [--cycles N] [--seed S] ...: kills a server with SIGKILL while
// clients write, again and again on the same databases, and checks after each restart that every
// acknowledged commit is there, that no batch is there by half, that history reads as it was
// written and that the statistics are right. Exits with 1 where something is wrong and leaves the
// folder behind for those who look into it.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "base/status_macros.h"
#include "tests/crash/crash_batches.h"
#include "tests/crash/crash_checker.h"
#include "tests/crash/crash_client.h"
#include "tests/crash/crash_ledger.h"
#include "tests/crash/relatad_process.h"

namespace relata {
namespace {

struct Options {
  std::string relatad;
  std::string folder;
  int cycles = 5;
  int writers = 4;
  uint64_t seed = 1;
  // A longer life of one folder makes every check of the whole longer.
  int cycles_per_folder = 25;
};

constexpr absl::Duration kStartTimeout = absl::Seconds(60);
// How long clients write before the kill.
constexpr int kMinWriteMs = 10;
constexpr int kMaxWriteMs = 500;
// In every fourth cycle a server is killed while it starts, too.
constexpr int kKillAtStartEvery = 4;
constexpr int kMaxStartMs = 200;
constexpr size_t kSamples = 40;

struct Totals {
  int kills = 0;
  int kills_at_start = 0;
  size_t commits = 0;
  DoubtCounts doubts;
};

// The first error of several threads.
class FirstError {
 public:
  void Note(const absl::Status& status) {
    MutexLock lock(&mutex_);
    if (status_.ok()) status_ = status;
  }
  absl::Status Get() const {
    MutexLock lock(&mutex_);
    return status_;
  }

 private:
  mutable Mutex mutex_;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
};

// One folder with its databases, its ledger and its servers, one after the other.
class FolderLife {
 public:
  FolderLife(const Options& options, const std::string& folder, std::mt19937_64& random,
             Totals& totals)
      : options_(options),
        folder_(folder),
        ledger_(folder + "/ledger.txt", options.writers),
        random_(random),
        totals_(totals) {}

  absl::Status Run(int cycles) {
    RELATA_RETURN_IF_ERROR(Start());
    RELATA_RETURN_IF_ERROR(client_->Write(SetupRequest(options_.writers)).status());
    for (int cycle = 0; cycle < cycles; ++cycle) {
      const uint64_t before = ledger_.TotalCommitted() + 1;
      RELATA_RETURN_IF_ERROR(WriteUntilKilled());
      if (cycle % kKillAtStartEvery == kKillAtStartEvery - 1) RELATA_RETURN_IF_ERROR(KillAtStart());
      RELATA_RETURN_IF_ERROR(Start());
      RELATA_RETURN_IF_ERROR(SettleDoubts(*client_, ledger_, totals_.doubts));
      RELATA_RETURN_IF_ERROR(CheckPresent(*client_, ledger_));
      RELATA_RETURN_IF_ERROR(CheckPast(*client_, ledger_, before, kSamples, random_));
    }
    totals_.commits += ledger_.TotalCommitted();
    return absl::OkStatus();
  }

 private:
  int Random(int from, int to) { return std::uniform_int_distribution<int>(from, to)(random_); }

  absl::StatusOr<std::unique_ptr<RelatadProcess>> Spawn() {
    // Small buffers make files be flushed and compacted while clients write.
    const std::string buffer = Random(0, 1) == 0 ? "1" : "64";
    return RelatadProcess::Start(options_.relatad, folder_, {"--write-buffer-mib", buffer});
  }

  absl::Status Start() {
    RELATA_ASSIGN_OR_RETURN(server_, Spawn());
    RELATA_ASSIGN_OR_RETURN(const std::string address, server_->WaitForAddress(kStartTimeout));
    client_ = std::make_unique<CrashClient>(address);
    return absl::OkStatus();
  }

  absl::Status KillAtStart() {
    RELATA_ASSIGN_OR_RETURN(server_, Spawn());
    absl::SleepFor(absl::Milliseconds(Random(0, kMaxStartMs)));
    server_->Kill();
    ++totals_.kills_at_start;
    return absl::OkStatus();
  }

  absl::Status WriteUntilKilled() {
    FirstError error;
    std::vector<std::thread> writers;
    writers.reserve(options_.writers);
    for (int writer = 0; writer < options_.writers; ++writer) {
      writers.emplace_back([this, writer, &error] { error.Note(WriteBatches(writer)); });
    }
    absl::SleepFor(absl::Milliseconds(Random(kMinWriteMs, kMaxWriteMs)));
    server_->Kill();
    ++totals_.kills;
    for (std::thread& writer : writers) writer.join();
    return error.Get();
  }

  // Writes one batch after the other until the server is gone, which leaves the last one in doubt.
  absl::Status WriteBatches(int writer) {
    while (true) {
      const BatchName batch = {writer, ledger_.Committed(writer) + 1};
      ledger_.Send(batch);
      const absl::StatusOr<v1::WriteResponse> response = client_->Write(BatchRequest(batch));
      if (response.ok()) {
        ledger_.Commit(batch, response->version(), "acknowledged");
      } else if (absl::IsUnavailable(response.status())) {
        return absl::OkStatus();
      } else {
        return absl::Status(response.status().code(),
                            absl::StrCat("a write was refused: ", response.status().message()));
      }
    }
  }

  const Options& options_;
  const std::string folder_;
  CrashLedger ledger_;
  std::mt19937_64& random_;
  Totals& totals_;
  std::unique_ptr<RelatadProcess> server_;
  std::unique_ptr<CrashClient> client_;
};

absl::Status RunCycles(const Options& options, Totals& totals) {
  std::mt19937_64 random(options.seed);
  for (int done = 0; done < options.cycles; done += options.cycles_per_folder) {
    const std::string folder = absl::StrCat(options.folder, "/", done);
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    const int cycles = std::min(options.cycles_per_folder, options.cycles - done);
    {
      FolderLife life(options, folder, random, totals);
      RELATA_RETURN_IF_ERROR(life.Run(cycles));
    }
    std::filesystem::remove_all(folder);
    std::printf("%d of %d cycles\n", done + cycles, options.cycles);
    std::fflush(stdout);
  }
  return absl::OkStatus();
}

int Run(const Options& options) {
  Totals totals;
  const absl::Status status = RunCycles(options, totals);
  if (!status.ok()) {
    std::fprintf(stderr,
                 "kill_cycles: seed %llu: %s\nThe databases, the ledger and the log are in %s\n",
                 static_cast<unsigned long long>(options.seed), status.ToString().c_str(),
                 options.folder.c_str());
    return 1;
  }
  std::filesystem::remove_all(options.folder);
  std::printf(
      "%d kills while writing, %d while starting: %zu commits, all there and whole; in doubt at a "
      "kill: %d whole, %d absent; by request id: %d first answers again, %d written then\n",
      totals.kills, totals.kills_at_start, totals.commits, totals.doubts.whole,
      totals.doubts.absent, totals.doubts.replayed, totals.doubts.redone);
  return 0;
}

}  // namespace
}  // namespace relata

// NOLINTNEXTLINE(bugprone-exception-escape): it may end by one, with its message.
int main(int argc, char** argv) {
  relata::Options options;
  CLI::App app("Kills relatad while clients write, and checks what is there after each restart.");
  app.add_option("--relatad", options.relatad, "The server program.")->required();
  app.add_option("--folder", options.folder,
                 "Scratch folder; default a new one in the folder for temporary files.");
  app.add_option("--cycles", options.cycles, "How many kills.")->capture_default_str();
  app.add_option("--writers", options.writers, "Client threads.")->capture_default_str();
  app.add_option("--seed", options.seed, "Of the moments and the choices.")->capture_default_str();
  app.add_option("--cycles-per-folder", options.cycles_per_folder,
                 "After so many cycles it begins with an empty folder.")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  if (options.folder.empty()) {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "relata-kill-cycles-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) {
      std::fprintf(stderr, "kill_cycles: cannot make a folder like %s\n", pattern.c_str());
      return 2;
    }
    options.folder = pattern;
  }
  return relata::Run(options);
}
