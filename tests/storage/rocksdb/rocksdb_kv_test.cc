#include "storage/rocksdb/rocksdb_kv.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "rocksdb/db.h"
#include "tests/storage/ordered_kv_contract.h"
#include "tests/support/status_matchers.h"

namespace relata {
namespace {

using absl::StatusCode;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// A new folder, removed with all in it at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "relata-rocksdb-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string operator/(absl::string_view name) const { return absl::StrCat(path_, "/", name); }

 private:
  std::string path_;
};

RocksDbOptions SmallOptions() {
  RocksDbOptions options;
  options.block_cache_bytes = 1 << 20;
  options.write_buffer_bytes = 1 << 20;
  return options;
}

std::unique_ptr<RocksDbKv> OpenOrDie(const std::string& path) {
  absl::StatusOr<std::unique_ptr<RocksDbKv>> kv = RocksDbKv::Open(path, SmallOptions());
  EXPECT_THAT(kv, IsOk());
  return kv.ok() ? *std::move(kv) : nullptr;
}

// Reopening opens a copy of the folder, made while the engine runs: what a killed process leaves
// behind.
class RocksDbHarness final : public KvHarness {
 public:
  OrderedKv& kv() override { return *kv_; }
  void Reopen() override {
    const std::string copy = folder_ / absl::StrCat("copy ", ++copies_);
    std::filesystem::copy(path_, copy, std::filesystem::copy_options::recursive);
    path_ = copy;
    kv_ = OpenOrDie(path_);
  }

 private:
  TemporaryFolder folder_;
  int copies_ = 0;
  std::string path_ = folder_ / "data";
  std::unique_ptr<RocksDbKv> kv_ = OpenOrDie(path_);
};

std::unique_ptr<KvHarness> MakeRocksDbHarness() { return std::make_unique<RocksDbHarness>(); }

INSTANTIATE_TEST_SUITE_P(RocksDb, OrderedKvContractTest, testing::Values(&MakeRocksDbHarness));

absl::Status PutLive(OrderedKv& kv, const std::string& key, const std::string& value) {
  KvBatch batch;
  batch.Put(KeySpace::kLive, key, value);
  return kv.Write(batch, {}, /*sync=*/true);
}

std::string RandomValue(std::mt19937_64& random, size_t size) {
  std::string bytes(size, ' ');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

TEST(RocksDbKvTest, MakesTheFolderWithItsParents) {
  const TemporaryFolder folder;
  const std::string path = folder / "a/b/c";
  ASSERT_NE(OpenOrDie(path), nullptr);
  EXPECT_TRUE(std::filesystem::exists(path + "/CURRENT"));
}

TEST(RocksDbKvTest, WithoutCreateIfMissingAnEmptyFolderIsNotFound) {
  const TemporaryFolder folder;
  RocksDbOptions options = SmallOptions();
  options.create_if_missing = false;
  EXPECT_THAT(RocksDbKv::Open(folder / "data", options), StatusIs(StatusCode::kNotFound));
  EXPECT_FALSE(std::filesystem::exists(folder / "data"));
  ASSERT_NE(OpenOrDie(folder / "data"), nullptr);
  EXPECT_THAT(RocksDbKv::Open(folder / "data", options), IsOk());
}

TEST(RocksDbKvTest, AFolderThatCannotBeMadeIsUnavailable) {
  const TemporaryFolder folder;
  std::ofstream(folder / "file") << "not a folder";
  EXPECT_THAT(RocksDbKv::Open(folder / "file/data", SmallOptions()),
              StatusIs(StatusCode::kUnavailable, Not(HasSubstr("relata-rocksdb"))));
}

TEST(RocksDbKvTest, ASecondOpeningInThisProcessIsRefused) {
  const TemporaryFolder folder;
  const std::unique_ptr<RocksDbKv> first = OpenOrDie(folder / "data");
  RELATA_ASSERT_OK(PutLive(*first, "a", "1"));
  EXPECT_THAT(RocksDbKv::Open(folder / "data", SmallOptions()),
              StatusIs(StatusCode::kFailedPrecondition, HasSubstr("in use by another process")));
  EXPECT_THAT(first->Get(KeySpace::kLive, "a", nullptr), IsOkAndHolds("1"));
}

// Takes the lock on the data folder as another process with the library would, and holds it until
// it is killed.
pid_t StartProcessThatHolds(const std::string& data) {
  const std::string lock_file = data + "/LOCK";
  int ready[2];
  EXPECT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  if (child == 0) {
    const int file = open(lock_file.c_str(), O_RDWR | O_CREAT, 0644);
    struct flock lock = {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    const bool locked = fcntl(file, F_SETLK, &lock) == 0;
    if (write(ready[1], locked ? "y" : "n", 1) != 1) _exit(1);
    while (true) pause();
  }
  char answer = 'n';
  EXPECT_EQ(read(ready[0], &answer, 1), 1);
  EXPECT_EQ(answer, 'y');
  close(ready[0]);
  close(ready[1]);
  return child;
}

TEST(RocksDbKvTest, AFolderThatAnotherProcessHoldsIsRefused) {
  const TemporaryFolder folder;
  const std::string data = folder / "data";
  RELATA_ASSERT_OK(PutLive(*OpenOrDie(data), "a", "1"));
  const pid_t holder = StartProcessThatHolds(data);
  EXPECT_THAT(RocksDbKv::Open(data, SmallOptions()),
              StatusIs(StatusCode::kFailedPrecondition,
                       AllOf(HasSubstr("in use by another process"), HasSubstr("--data"))));
  ASSERT_EQ(kill(holder, SIGKILL), 0);
  ASSERT_EQ(waitpid(holder, nullptr, 0), holder);
  EXPECT_THAT(OpenOrDie(data)->Get(KeySpace::kLive, "a", nullptr), IsOkAndHolds("1"));
}

TEST(RocksDbKvTest, AFolderWithUnknownKeySpacesIsOfANewerVersion) {
  const TemporaryFolder folder;
  const std::string data = folder / "data";
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* db = nullptr;
  rocksdb::ColumnFamilyHandle* family = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open(options, data, &db).ok());
  ASSERT_TRUE(db->CreateColumnFamily({}, "of the future", &family).ok());
  ASSERT_TRUE(db->DestroyColumnFamilyHandle(family).ok());
  delete db;
  EXPECT_THAT(RocksDbKv::Open(data, SmallOptions()),
              StatusIs(StatusCode::kFailedPrecondition, HasSubstr("newer Relata")));
}

// Entries of a size that makes files of many blocks.
std::vector<SortedRun> LargeRun() {
  std::mt19937_64 random(3);
  SortedRun run{KeySpace::kLive, {}};
  for (int i = 0; i < 2000; ++i) {
    run.entries.emplace_back(absl::StrCat("key ", 10000 + i), RandomValue(random, 200));
  }
  return {run};
}

// Changes one byte in every kilobyte of the middle half of each table file.
void DamageTableFiles(const std::string& data) {
  int damaged = 0;
  for (const auto& entry : std::filesystem::directory_iterator(data)) {
    if (entry.path().extension() != ".sst") continue;
    const auto size = static_cast<std::streamoff>(std::filesystem::file_size(entry.path()));
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    for (std::streamoff at = size / 4; at < size / 4 * 3; at += 1024) {
      file.seekg(at);
      const char byte = static_cast<char>(file.get());
      file.seekp(at);
      file.put(static_cast<char>(byte ^ 0x10));
    }
    ++damaged;
  }
  ASSERT_GT(damaged, 0);
}

TEST(RocksDbKvTest, DamagedFilesAreDataLossNotWrongAnswers) {
  const TemporaryFolder folder;
  const std::string data = folder / "data";
  const std::vector<SortedRun> runs = LargeRun();
  RELATA_ASSERT_OK(IngestRuns(*OpenOrDie(data), runs));
  ASSERT_NO_FATAL_FAILURE(DamageTableFiles(data));
  const std::unique_ptr<RocksDbKv> kv = OpenOrDie(data);
  int lost = 0;
  for (const auto& [key, value] : runs[0].entries) {
    const auto got = kv->Get(KeySpace::kLive, key, nullptr);
    if (got.ok()) {
      ASSERT_EQ(*got, value);
    } else {
      ASSERT_THAT(got, StatusIs(StatusCode::kDataLoss,
                                AllOf(HasSubstr("the live space"), Not(HasSubstr(".sst")))));
      ++lost;
    }
  }
  EXPECT_GT(lost, 500);
  EXPECT_LT(lost, 1500);
  EXPECT_THAT(ScanForward(*kv, KeySpace::kLive, nullptr, "", ""), StatusIs(StatusCode::kDataLoss));
  EXPECT_THAT(kv->MultiGet(KeySpace::kLive, {"key 10000", "key 11000"}, nullptr),
              StatusIs(StatusCode::kDataLoss));
}

TEST(RocksDbKvTest, ADamagedManifestIsDataLoss) {
  const TemporaryFolder folder;
  const std::string data = folder / "data";
  RELATA_ASSERT_OK(IngestRuns(*OpenOrDie(data), LargeRun()));
  for (const auto& entry : std::filesystem::directory_iterator(data)) {
    if (entry.path().filename().string().rfind("MANIFEST", 0) != 0) continue;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(20);
    file.put('#');
  }
  EXPECT_THAT(RocksDbKv::Open(data, SmallOptions()), StatusIs(StatusCode::kDataLoss));
}

TEST(RocksDbKvTest, AHalfWrittenLogRecordIsDroppedWhole) {
  const TemporaryFolder folder;
  const std::string data = folder / "data";
  std::unique_ptr<RocksDbKv> kv = OpenOrDie(data);
  RELATA_ASSERT_OK(PutLive(*kv, "a", "1"));
  KvBatch batch;
  for (int i = 0; i < 100; ++i) batch.Put(KeySpace::kLive, absl::StrCat("b", i), "2");
  RELATA_ASSERT_OK(kv->Write(batch, {}, true));
  // As a killed process leaves it: one that ends well has no need of its log.
  const std::string killed = folder / "killed";
  std::filesystem::copy(data, killed, std::filesystem::copy_options::recursive);
  kv.reset();
  for (const auto& entry : std::filesystem::directory_iterator(killed)) {
    if (entry.path().extension() != ".log") continue;
    std::filesystem::resize_file(entry.path(), std::filesystem::file_size(entry.path()) - 50);
  }
  kv = OpenOrDie(killed);
  EXPECT_THAT(ScanForward(*kv, KeySpace::kLive, nullptr, "", ""),
              IsOkAndHolds(KvEntries{{"a", "1"}}));
}

TEST(RocksDbKvTest, AfterACleanEndTheLogIsNotNeeded) {
  const TemporaryFolder folder;
  const std::string data = folder / "data";
  {
    const std::unique_ptr<RocksDbKv> kv = OpenOrDie(data);
    KvBatch batch;
    for (const KeySpace space : {KeySpace::kLive, KeySpace::kHistory, KeySpace::kLog}) {
      batch.Put(space, "key", "value");
    }
    RELATA_ASSERT_OK(kv->Write(batch, {}, /*sync=*/true));
  }
  for (const auto& entry : std::filesystem::directory_iterator(data)) {
    if (entry.path().extension() == ".log") std::filesystem::resize_file(entry.path(), 0);
  }
  const std::unique_ptr<RocksDbKv> kv = OpenOrDie(data);
  for (const KeySpace space : {KeySpace::kLive, KeySpace::kHistory, KeySpace::kLog}) {
    EXPECT_THAT(kv->Get(space, "key", nullptr), IsOkAndHolds(std::optional<std::string>("value")));
  }
}

TEST(RocksDbKvTest, ACheckpointOpensWithTheStateItWasMadeAt) {
  const TemporaryFolder folder;
  const std::unique_ptr<RocksDbKv> kv = OpenOrDie(folder / "data");
  RELATA_ASSERT_OK(IngestRuns(*kv, LargeRun()));
  RELATA_ASSERT_OK(PutLive(*kv, "a", "before"));
  KvBatch amendment;
  amendment.Put(KeySpace::kMeta, "whose", "the copy's");
  RELATA_ASSERT_OK(kv->Checkpoint(folder / "copy", amendment));
  RELATA_ASSERT_OK(PutLive(*kv, "a", "after"));
  const std::unique_ptr<RocksDbKv> copy = OpenOrDie(folder / "copy");
  EXPECT_THAT(copy->Get(KeySpace::kLive, "a", nullptr), IsOkAndHolds("before"));
  EXPECT_THAT(copy->Get(KeySpace::kLive, "key 11999", nullptr),
              IsOkAndHolds(LargeRun()[0].entries.back().second));
  EXPECT_THAT(copy->Get(KeySpace::kMeta, "whose", nullptr), IsOkAndHolds("the copy's"));
  EXPECT_THAT(kv->Get(KeySpace::kMeta, "whose", nullptr), IsOkAndHolds(std::nullopt));
  RELATA_ASSERT_OK(PutLive(*copy, "a", "of the copy"));
  EXPECT_THAT(kv->Get(KeySpace::kLive, "a", nullptr), IsOkAndHolds("after"));
}

TEST(RocksDbKvTest, ACheckpointThatADeadProcessLeftUnfinishedIsInNobodysWay) {
  const TemporaryFolder folder;
  const std::unique_ptr<RocksDbKv> kv = OpenOrDie(folder / "data");
  std::filesystem::create_directory(folder / ".copy.unfinished");
  RELATA_ASSERT_OK(kv->Checkpoint(folder / "copy", {}));
  EXPECT_FALSE(std::filesystem::exists(folder / ".copy.unfinished"));
}

TEST(RocksDbKvTest, ACheckpointNeedsANewFolderInOneThatExists) {
  const TemporaryFolder folder;
  const std::unique_ptr<RocksDbKv> kv = OpenOrDie(folder / "data");
  std::filesystem::create_directory(folder / "there");
  EXPECT_THAT(kv->Checkpoint(folder / "there", {}), StatusIs(StatusCode::kAlreadyExists));
  EXPECT_THAT(kv->Checkpoint(folder / "no/such", {}), StatusIs(StatusCode::kNotFound));
}

TEST(RocksDbKvTest, IngestLeavesNoFilesInTheStagingFolder) {
  const TemporaryFolder folder;
  const std::string data = folder / "data";
  std::unique_ptr<RocksDbKv> kv = OpenOrDie(data);
  RELATA_ASSERT_OK(IngestRuns(*kv, LargeRun()));
  EXPECT_TRUE(std::filesystem::is_empty(data + "/staging"));
  kv.reset();
  std::ofstream(data + "/staging/0.sst") << "left over by a process that died";
  kv = OpenOrDie(data);
  EXPECT_FALSE(std::filesystem::is_empty(data + "/staging"));
  RELATA_ASSERT_OK(kv->DropStaged());
  EXPECT_TRUE(std::filesystem::is_empty(data + "/staging"));
  {
    RELATA_ASSERT_OK_AND_ASSIGN(const auto abandoned, kv->NewRun(KeySpace::kLive));
    RELATA_ASSERT_OK(abandoned->Put("a", "1"));
  }
  EXPECT_TRUE(std::filesystem::is_empty(data + "/staging"));
  RELATA_EXPECT_OK(IngestRuns(*kv, LargeRun()));
}

// Makes writes beyond the first bytes of any file fail, as a broken device does.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    struct rlimit now = before_;
    now.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &now);
  }
  ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  struct rlimit before_ = {};
};

TEST(RocksDbKvTest, AfterAFailedWriteNothingIsWrittenUntilOpenedAgain) {
  const TemporaryFolder folder;
  const std::string data = folder / "data";
  std::unique_ptr<RocksDbKv> kv = OpenOrDie(data);
  RELATA_ASSERT_OK(PutLive(*kv, "a", "1"));
  {
    const FileSizeLimit limit(64 << 10);
    std::mt19937_64 random(4);
    EXPECT_THAT(PutLive(*kv, "b", RandomValue(random, 256 << 10)),
                StatusIs(StatusCode::kUnavailable, Not(HasSubstr("relata-rocksdb"))));
  }
  EXPECT_THAT(PutLive(*kv, "c", "3"),
              StatusIs(StatusCode::kUnavailable, HasSubstr("takes no writes after a failed one")));
  EXPECT_THAT(IngestRuns(*kv, LargeRun()), StatusIs(StatusCode::kUnavailable));
  EXPECT_THAT(kv->Get(KeySpace::kLive, "a", nullptr), IsOkAndHolds("1"));
  kv.reset();
  kv = OpenOrDie(data);
  EXPECT_THAT(ScanForward(*kv, KeySpace::kLive, nullptr, "", ""),
              IsOkAndHolds(KvEntries{{"a", "1"}}));
  RELATA_EXPECT_OK(PutLive(*kv, "c", "3"));
}

TEST(RocksDbKvTest, ManyWritesThroughFlushesAndReopeningStayThere) {
  const TemporaryFolder folder;
  const std::string data = folder / "data";
  std::unique_ptr<RocksDbKv> kv = OpenOrDie(data);
  std::mt19937_64 random(6);
  std::map<std::string, std::string> model;
  for (int i = 0; i < 3000; ++i) {
    KvBatch batch;
    const std::string key = absl::StrCat("key ", random() % 1500);
    model[key] = RandomValue(random, 1500);
    batch.Put(KeySpace::kLive, key, model[key]);
    batch.Put(KeySpace::kHistory, absl::StrCat(key, " ", i), model[key]);
    RELATA_ASSERT_OK(kv->Write(batch, {}, /*sync=*/i % 500 == 499));
    if (i % 1000 == 999) {
      kv.reset();
      kv = OpenOrDie(data);
    }
  }
  EXPECT_THAT(ScanForward(*kv, KeySpace::kLive, nullptr, "", ""),
              IsOkAndHolds(KvEntries(model.begin(), model.end())));
  RELATA_ASSERT_OK_AND_ASSIGN(const KvEntries history,
                              ScanForward(*kv, KeySpace::kHistory, nullptr, "", ""));
  EXPECT_EQ(history.size(), 3000u);
}

TEST(RocksDbKvTest, EveryCompressionReadsBack) {
  const TemporaryFolder folder;
  for (const RocksDbCompression compression :
       {RocksDbCompression::kNone, RocksDbCompression::kLz4, RocksDbCompression::kZstd}) {
    RocksDbOptions options = SmallOptions();
    options.live_compression = compression;
    options.history_compression = compression;
    options.bloom_bits_per_key = 0;
    const std::string data = folder / absl::StrCat("data ", static_cast<int>(compression));
    RELATA_ASSERT_OK_AND_ASSIGN(const auto kv, RocksDbKv::Open(data, options));
    std::vector<SortedRun> runs = {{KeySpace::kHistory, {}}};
    for (int i = 0; i < 1000; ++i) {
      runs[0].entries.emplace_back(absl::StrCat("key ", 1000 + i), std::string(500, 'x'));
    }
    RELATA_ASSERT_OK(IngestRuns(*kv, runs));
    EXPECT_THAT(ScanForward(*kv, KeySpace::kHistory, nullptr, "", ""),
                IsOkAndHolds(runs[0].entries));
    RELATA_ASSERT_OK_AND_ASSIGN(const uint64_t bytes, kv->ApproximateBytes(KeySpace::kHistory));
    EXPECT_EQ(bytes > 400000, compression == RocksDbCompression::kNone) << bytes;
  }
}

}  // namespace
}  // namespace relata
