// Bulk loads on the engine on disk by a process that is killed: every acknowledged load is whole,
// the one that was under way is whole or absent. This process never opens the engine itself, so
// that it may fork: a child loads until it is killed, another one looks at what is left.

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "gtest/gtest.h"
#include "storage/committer.h"
#include "storage/rocksdb/rocksdb_kv.h"
#include "tests/storage/scripted_load.h"

namespace relata {
namespace {

constexpr int kCycles = 10;
constexpr int kKeysOfALoad = 400;

// Of the load that makes `version`: spread over what was loaded before, so that files overlap.
std::map<std::string, std::string> RecordsOf(uint64_t version) {
  std::map<std::string, std::string> records;
  for (int i = 0; i < kKeysOfALoad; ++i) {
    records[absl::StrCat("key ", 1000 + i, " of ", version)] = std::string(100, 'x');
  }
  return records;
}

[[noreturn]] void Fail(const absl::Status& why) {
  fprintf(stderr, "%s\n", why.ToString().c_str());
  _exit(1);
}

struct Store {
  explicit Store(const std::string& folder) {
    auto opened = RocksDbKv::Open(folder, {});
    if (!opened.ok()) Fail(opened.status());
    kv = *std::move(opened);
    auto committing = Committer::Open(kv.get(), SystemClock(), {});
    if (!committing.ok()) Fail(committing.status());
    committer = *std::move(committing);
  }
  std::unique_ptr<RocksDbKv> kv;
  std::unique_ptr<Committer> committer;
};

// Loads until it is killed; each acknowledged version goes into the pipe, 0 once it is open.
[[noreturn]] void LoadForever(const std::string& folder, int pipe) {
  Store store(folder);
  uint64_t version = 0;
  for (;;) {
    if (write(pipe, &version, sizeof version) != sizeof version) _exit(1);
    ScriptedLoad load(RecordsOf(store.committer->Head()->version().next().value()), 100);
    const auto committed = store.committer->Load(load);
    if (!committed.ok()) Fail(committed.status());
    version = committed->version.value();
  }
}

// Exits with 0 where the store holds exactly the loads 1 to its head, and that is `acknowledged` or
// one more.
[[noreturn]] void Check(const std::string& folder, uint64_t acknowledged) {
  const Store store(folder);
  const uint64_t head = store.committer->Head()->version().value();
  std::map<std::string, std::string> expected;
  for (uint64_t version = 1; version <= head; ++version) expected.merge(RecordsOf(version));
  std::map<std::string, std::string> found;
  VersionedScan scan(*store.committer->Head(), {});
  for (; scan.Valid(); scan.Next()) found[std::string(scan.key())] = std::string(scan.record());
  const bool tidy = std::filesystem::is_empty(folder + "/staging");
  const bool right = scan.status().ok() && found == expected && tidy &&
                     (head == acknowledged || head == acknowledged + 1);
  if (!right) {
    fprintf(stderr, "head %d, acknowledged %d, keys %d of %d, staging %s\n", static_cast<int>(head),
            static_cast<int>(acknowledged), static_cast<int>(found.size()),
            static_cast<int>(expected.size()), tidy ? "empty" : "not empty");
  }
  _exit(right ? 0 : 1);
}

int WaitFor(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

TEST(CommitterLoadKillTest, KilledLoadsAreWholeOrAbsent) {
  const std::string folder =
      (std::filesystem::path(testing::TempDir()) / absl::StrCat("relata-load-kill-", getpid()))
          .string();
  std::filesystem::remove_all(folder);
  std::mt19937_64 random(1);
  uint64_t acknowledged = 0;
  for (int cycle = 0; cycle < kCycles; ++cycle) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t loader = fork();
    if (loader == 0) LoadForever(folder, ends[1]);
    close(ends[1]);
    uint64_t version = 0;
    // Opened, and one load acknowledged; then killed somewhere within the next.
    ASSERT_EQ(read(ends[0], &version, sizeof version), static_cast<ssize_t>(sizeof version));
    const int64_t began = SystemClock()->MonotonicMicros();
    ASSERT_EQ(read(ends[0], &version, sizeof version), static_cast<ssize_t>(sizeof version));
    acknowledged = version;
    const int64_t took = SystemClock()->MonotonicMicros() - began;
    usleep(static_cast<useconds_t>(random() % static_cast<uint64_t>(took + 1)));
    kill(loader, SIGKILL);
    WaitFor(loader);
    while (read(ends[0], &version, sizeof version) == static_cast<ssize_t>(sizeof version)) {
      acknowledged = std::max(acknowledged, version);
    }
    close(ends[0]);
    const pid_t checker = fork();
    if (checker == 0) Check(folder, acknowledged);
    ASSERT_EQ(WaitFor(checker), 0) << "cycle " << cycle;
    // The one that was under way may be there, unacknowledged.
    const pid_t again = fork();
    if (again == 0) {
      const Store store(folder);
      _exit(static_cast<int>(store.committer->Head()->version().value() - acknowledged));
    }
    acknowledged += static_cast<uint64_t>(WEXITSTATUS(WaitFor(again)));
  }
  EXPECT_GE(acknowledged, static_cast<uint64_t>(kCycles));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace relata
