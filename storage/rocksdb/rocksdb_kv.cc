#include "storage/rocksdb/rocksdb_kv.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <mutex>
#include <shared_mutex>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "rocksdb/db.h"
#include "rocksdb/listener.h"
#include "rocksdb/snapshot.h"
#include "rocksdb/sst_file_writer.h"
#include "rocksdb/utilities/checkpoint.h"
#include "rocksdb/write_batch.h"
#include "storage/rocksdb/log_tail.h"
#include "storage/rocksdb/rocksdb_status.h"
#include "storage/rocksdb/rocksdb_tuning.h"

namespace relata {
namespace {

// Within the data folder: files of sorted runs before the library takes them over.
constexpr char kStagingFolder[] = "staging";

rocksdb::Slice ToSlice(absl::string_view bytes) { return {bytes.data(), bytes.size()}; }
absl::string_view ToView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

// "reading the live space"
std::string Doing(absl::string_view what, KeySpace space) {
  return absl::StrCat(what, " the ", ColumnFamilyName(space), " space");
}

// Learns when the library stops writing for good. Called on its threads.
class FailureListener final : public rocksdb::EventListener {
 public:
  void OnBackgroundError(rocksdb::BackgroundErrorReason, rocksdb::Status* error) override {
    if (error->severity() < rocksdb::Status::Severity::kHardError) return;
    if (error->IsNoSpace()) no_space_ = true;
    failed_ = true;
  }
  bool failed() const { return failed_; }
  // Whether the device was full when it failed.
  bool no_space() const { return no_space_; }

 private:
  std::atomic<bool> no_space_ = false;
  std::atomic<bool> failed_ = false;
};

// What it holds stays: a load that was recorded but not brought in needs it.
absl::Status MakeStagingFolder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directory(folder, error);
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(
      "opening the database: a folder inside the data folder cannot be made; check that it is "
      "writable");
}

absl::Status StagedFilesStay() {
  return absl::UnavailableError(
      "left-over files in the staging folder inside the data folder cannot be removed; check that "
      "it is writable");
}

// Makes the names of the files in it durable.
absl::Status SyncFolder(const std::filesystem::path& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY);
  const bool synced = descriptor >= 0 && fsync(descriptor) == 0;
  if (descriptor >= 0) close(descriptor);
  if (synced) return absl::OkStatus();
  return absl::UnavailableError(
      "writing a sorted run: the staging folder inside the data folder cannot be synced; check the "
      "device");
}

// Refuses what cannot be opened with a clearer reason than the library's, and makes the folder.
absl::Status PrepareFolder(const std::string& path, bool create_if_missing) {
  std::error_code error;
  if (std::filesystem::exists(std::filesystem::path(path) / "CURRENT", error)) {
    std::vector<std::string> names;
    RELATA_RETURN_IF_ERROR(
        FromRocksDb(rocksdb::DB::ListColumnFamilies(rocksdb::DBOptions(), path, &names),
                    "opening the database"));
    for (const std::string& name : names) {
      bool known = name == rocksdb::kDefaultColumnFamilyName;
      for (int i = 0; i < kKeySpaceCount; ++i) {
        known = known || name == ColumnFamilyName(static_cast<KeySpace>(i));
      }
      if (!known) {
        return absl::FailedPreconditionError(
            "the data folder holds a key space that this version does not know: it was written by "
            "a "
            "newer Relata; open it with that version");
      }
    }
    return absl::OkStatus();
  }
  if (!create_if_missing) {
    return absl::NotFoundError(
        "there is no database in the data folder; choose another with --data");
  }
  std::filesystem::create_directories(path, error);
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(
      "the data folder cannot be made; check that its parent is writable or choose another with "
      "--data");
}

}  // namespace

// What the header must not show.
struct RocksDbKv::Engine {
  std::filesystem::path staging;
  std::shared_ptr<FailureListener> listener = std::make_shared<FailureListener>();
  // In the order of KeySpace, then the library's default.
  std::vector<rocksdb::ColumnFamilyHandle*> families;
  std::unique_ptr<rocksdb::DB> db;
  // Guarded writes hold it alone, so that nothing changes between their test and their write;
  // others share it.
  std::shared_mutex write_mutex;
  std::atomic<uint64_t> next_run = 0;

  ~Engine() {
    if (db == nullptr) return;
    // So that the next opening has no log to replay. Where this fails, it has one, as after a kill.
    if (!listener->failed()) db->Flush(rocksdb::FlushOptions(), families).PermitUncheckedError();
    for (rocksdb::ColumnFamilyHandle* family : families) db->DestroyColumnFamilyHandle(family);
    db->Close();
  }

  rocksdb::Status Open(const std::string& path, const RocksDbOptions& options,
                       rocksdb::WALRecoveryMode recovery);

  rocksdb::ColumnFamilyHandle* family(KeySpace space) const {
    return families[static_cast<size_t>(space)];
  }

  absl::Status CheckWritable() const {
    if (!listener->failed()) return absl::OkStatus();
    return absl::UnavailableError(absl::StrCat(
        "the storage engine takes no writes after a failed one; ",
        listener->no_space() ? "no space is left on the device: free some" : "check the device",
        " and open the database again"));
  }
};

class RocksDbKv::Snapshot final : public KvSnapshot {
 public:
  explicit Snapshot(rocksdb::DB* db) : db_(db), snapshot_(db->GetSnapshot()) {}
  ~Snapshot() override { db_->ReleaseSnapshot(snapshot_); }

  // Null for null: the newest state.
  static const rocksdb::Snapshot* Of(const KvSnapshot* snapshot) {
    return snapshot == nullptr ? nullptr : static_cast<const Snapshot*>(snapshot)->snapshot_;
  }

 private:
  rocksdb::DB* const db_;
  const rocksdb::Snapshot* const snapshot_;
};

class RocksDbKv::Iterator final : public KvIterator {
 public:
  Iterator(const Engine& engine, KeySpace space, const KvSnapshot* snapshot, std::string lower,
           std::string upper)
      : space_(space),
        lower_(std::move(lower)),
        upper_(std::move(upper)),
        lower_slice_(lower_),
        upper_slice_(upper_) {
    rocksdb::ReadOptions options;
    options.snapshot = Snapshot::Of(snapshot);
    options.verify_checksums = true;
    if (!lower_.empty()) options.iterate_lower_bound = &lower_slice_;
    if (!upper_.empty()) options.iterate_upper_bound = &upper_slice_;
    iterator_.reset(engine.db->NewIterator(options, engine.family(space)));
  }

  void Seek(absl::string_view target) override { iterator_->Seek(ToSlice(target)); }
  void SeekBefore(absl::string_view target) override {
    iterator_->SeekForPrev(ToSlice(target));
    if (iterator_->Valid() && ToView(iterator_->key()) == target) iterator_->Prev();
  }
  void SeekToFirst() override { iterator_->SeekToFirst(); }
  void SeekToLast() override { iterator_->SeekToLast(); }
  void Next() override { iterator_->Next(); }
  void Prev() override { iterator_->Prev(); }
  absl::string_view key() const override { return ToView(iterator_->key()); }
  absl::string_view value() const override { return ToView(iterator_->value()); }
  bool Valid() const override { return iterator_->Valid(); }
  absl::Status status() const override {
    return FromRocksDb(iterator_->status(), Doing("scanning", space_));
  }

 private:
  const KeySpace space_;
  // The library keeps pointers to the slices, and these to the strings.
  const std::string lower_;
  const std::string upper_;
  const rocksdb::Slice lower_slice_;
  const rocksdb::Slice upper_slice_;
  std::unique_ptr<rocksdb::Iterator> iterator_;
};

// One table file in the staging folder; removed unless it was finished.
class RocksDbKv::RunWriter final : public KvRunWriter {
 public:
  RunWriter(const Engine* engine, KeySpace space, std::string name)
      : space_(space),
        name_(std::move(name)),
        staging_(engine->staging),
        doing_(Doing("writing a sorted run for", space)),
        options_(engine->db->GetOptions(engine->family(space))),
        // What was just written is read next: it may stay in the page cache.
        writer_(FileOptions(engine->db->GetDBOptions()), options_, engine->family(space),
                /*invalidate_page_cache=*/false) {}
  ~RunWriter() override {
    if (finished_) return;
    std::error_code ignored;  // left over files go with the next DropStaged
    std::filesystem::remove(staging_ / name_, ignored);
  }

  absl::Status Open() { return FromRocksDb(writer_.Open((staging_ / name_).string()), doing_); }
  absl::Status Put(absl::string_view key, absl::string_view value) override {
    return Added(writer_.Put(ToSlice(key), ToSlice(value)));
  }
  absl::Status Delete(absl::string_view key) override {
    return Added(writer_.Delete(ToSlice(key)));
  }
  uint64_t bytes() const override { return writer_.FileSize(); }
  absl::StatusOr<StagedRun> Finish() override {
    if (entries_ == 0) return absl::InvalidArgumentError("a sorted run holds nothing");
    RELATA_RETURN_IF_ERROR(FromRocksDb(writer_.Finish(), doing_));
    RELATA_RETURN_IF_ERROR(SyncFolder(staging_));
    finished_ = true;
    return StagedRun{space_, name_};
  }

 private:
  static rocksdb::EnvOptions FileOptions(const rocksdb::DBOptions& database) {
    rocksdb::EnvOptions file(database);
    file.bytes_per_sync = database.bytes_per_sync;
    return file;
  }
  // The library compares each key with the one before it, and has no other reason to find an
  // argument invalid.
  absl::Status Added(const rocksdb::Status& status) {
    if (status.IsInvalidArgument()) {
      return absl::InvalidArgumentError(
          absl::StrCat("the keys of a sorted run do not ascend at entry ", entries_));
    }
    ++entries_;
    return status.ok() ? absl::OkStatus() : FromRocksDb(status, doing_);
  }

  const KeySpace space_;
  const std::string name_;
  const std::filesystem::path staging_;
  const std::string doing_;
  const rocksdb::Options options_;
  mutable rocksdb::SstFileWriter writer_;  // it does not say what it leaves as it is
  uint64_t entries_ = 0;
  bool finished_ = false;
};

rocksdb::Status RocksDbKv::Engine::Open(const std::string& path, const RocksDbOptions& options,
                                        rocksdb::WALRecoveryMode recovery) {
  rocksdb::DB* opened = nullptr;
  rocksdb::Status status = rocksdb::DB::Open(DatabaseOptions(options, listener, recovery), path,
                                             ColumnFamilies(options), &families, &opened);
  db.reset(opened);
  return status;
}

// A log without a flaw is the rule. Else it is cut at its first bad record, once that is known to
// be the write that the power failed in.
absl::StatusOr<std::unique_ptr<RocksDbKv::Engine>> RocksDbKv::OpenEngine(
    const std::string& path, const RocksDbOptions& options) {
  auto engine = std::make_unique<Engine>();
  rocksdb::Status status =
      engine->Open(path, options, rocksdb::WALRecoveryMode::kAbsoluteConsistency);
  if (status.IsCorruption()) {
    RELATA_RETURN_IF_ERROR(CheckLogTail(path));
    engine = std::make_unique<Engine>();
    status = engine->Open(path, options, rocksdb::WALRecoveryMode::kPointInTimeRecovery);
  }
  RELATA_RETURN_IF_ERROR(FromRocksDb(status, "opening the database"));
  return engine;
}

absl::StatusOr<std::unique_ptr<RocksDbKv>> RocksDbKv::Open(const std::string& path,
                                                           const RocksDbOptions& options) {
  RELATA_RETURN_IF_ERROR(CheckCompression(options));
  RELATA_RETURN_IF_ERROR(PrepareFolder(path, options.create_if_missing));
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Engine> engine, OpenEngine(path, options));
  engine->staging = std::filesystem::path(path) / kStagingFolder;
  RELATA_RETURN_IF_ERROR(MakeStagingFolder(engine->staging));
  return std::unique_ptr<RocksDbKv>(new RocksDbKv(std::move(engine)));
}

RocksDbKv::RocksDbKv(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}

RocksDbKv::~RocksDbKv() = default;

absl::StatusOr<std::optional<std::string>> RocksDbKv::Get(KeySpace space, absl::string_view key,
                                                          const KvSnapshot* snapshot) const {
  rocksdb::ReadOptions options;
  options.snapshot = Snapshot::Of(snapshot);
  options.verify_checksums = true;
  std::optional<std::string> value = std::string();
  const rocksdb::Status status =
      engine_->db->Get(options, engine_->family(space), ToSlice(key), &*value);
  if (status.ok()) return value;
  if (status.IsNotFound()) return std::optional<std::string>();
  return FromRocksDb(status, Doing("reading", space));
}

absl::StatusOr<std::vector<std::optional<std::string>>> RocksDbKv::MultiGet(
    KeySpace space, const std::vector<std::string>& keys, const KvSnapshot* snapshot) const {
  rocksdb::ReadOptions options;
  options.snapshot = Snapshot::Of(snapshot);
  options.verify_checksums = true;
  const std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
  std::vector<rocksdb::PinnableSlice> found(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  engine_->db->MultiGet(options, engine_->family(space), keys.size(), slices.data(), found.data(),
                        statuses.data());
  std::vector<std::optional<std::string>> values;
  values.reserve(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].ok()) {
      values.emplace_back(found[i].ToString());
    } else if (statuses[i].IsNotFound()) {
      values.emplace_back(std::nullopt);
    } else {
      return FromRocksDb(statuses[i], Doing("reading", space));
    }
  }
  return values;
}

std::unique_ptr<KvIterator> RocksDbKv::NewIterator(KeySpace space, const KvSnapshot* snapshot,
                                                   std::string lower, std::string upper) const {
  return std::make_unique<Iterator>(*engine_, space, snapshot, std::move(lower), std::move(upper));
}

std::shared_ptr<const KvSnapshot> RocksDbKv::NewSnapshot() const {
  return std::make_shared<Snapshot>(engine_->db.get());
}

absl::Status RocksDbKv::CheckGuards(const std::vector<KvGuard>& guards) const {
  for (const KvGuard& guard : guards) {
    RELATA_ASSIGN_OR_RETURN(const std::optional<std::string> value,
                            Get(guard.space, guard.key, nullptr));
    if (value != guard.expected) {
      return absl::AbortedError(
          "a condition of the write does not hold any more; read again and retry");
    }
  }
  return absl::OkStatus();
}

absl::Status RocksDbKv::Write(const KvBatch& batch, const std::vector<KvGuard>& guards, bool sync) {
  rocksdb::WriteBatch writes(batch.bytes() + 16 * batch.ops().size());
  for (const KvBatch::Op& op : batch.ops()) {
    rocksdb::ColumnFamilyHandle* const family = engine_->family(op.space);
    const rocksdb::Status status =
        op.is_put ? writes.Put(family, op.key, op.value) : writes.Delete(family, op.key);
    RELATA_RETURN_IF_ERROR(FromRocksDb(status, Doing("writing", op.space)));
  }
  std::unique_lock<std::shared_mutex> alone(engine_->write_mutex, std::defer_lock);
  std::shared_lock<std::shared_mutex> shared(engine_->write_mutex, std::defer_lock);
  if (guards.empty()) {
    shared.lock();
  } else {
    alone.lock();
    RELATA_RETURN_IF_ERROR(CheckGuards(guards));
  }
  RELATA_RETURN_IF_ERROR(engine_->CheckWritable());
  rocksdb::WriteOptions options;
  options.sync = sync;
  return FromRocksDb(engine_->db->Write(options, &writes), "writing");
}

absl::StatusOr<std::unique_ptr<KvRunWriter>> RocksDbKv::NewRun(KeySpace space) {
  RELATA_RETURN_IF_ERROR(engine_->CheckWritable());
  auto writer = std::make_unique<RunWriter>(engine_.get(), space,
                                            absl::StrCat(engine_->next_run.fetch_add(1), ".sst"));
  RELATA_RETURN_IF_ERROR(writer->Open());
  return writer;
}

absl::Status RocksDbKv::Ingest(const std::vector<StagedRun>& runs) {
  constexpr absl::string_view kDoing = "bringing in sorted runs";
  std::array<std::vector<std::string>, kKeySpaceCount> files;
  for (const StagedRun& run : runs) {
    const std::filesystem::path file = engine_->staging / run.name;
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error)) {
      return absl::DataLossError(
          "a sorted run that is to be brought in is not in the staging folder; restore the "
          "database from a checkpoint");
    }
    files[static_cast<size_t>(run.space)].push_back(file.string());
  }
  std::vector<rocksdb::IngestExternalFileArg> arguments;
  for (int i = 0; i < kKeySpaceCount; ++i) {
    if (files[i].empty()) continue;
    rocksdb::IngestExternalFileArg& argument = arguments.emplace_back();
    argument.column_family = engine_->family(static_cast<KeySpace>(i));
    argument.external_files = std::move(files[i]);
    argument.options.move_files = true;
    // The number is kept in the manifest; the file itself, synced already, stays as it is.
    argument.options.write_global_seqno = false;
  }
  if (arguments.empty()) return absl::OkStatus();
  std::shared_lock<std::shared_mutex> shared(engine_->write_mutex);
  RELATA_RETURN_IF_ERROR(engine_->CheckWritable());
  return FromRocksDb(engine_->db->IngestExternalFiles(arguments), kDoing);
}

absl::Status RocksDbKv::Drop(const std::vector<StagedRun>& runs) {
  std::error_code error;
  for (const StagedRun& run : runs) {
    std::error_code failed;
    std::filesystem::remove(engine_->staging / run.name, failed);
    if (failed) error = failed;
  }
  return error ? StagedFilesStay() : absl::OkStatus();
}

absl::Status RocksDbKv::DropStaged() {
  std::error_code error;
  std::filesystem::directory_iterator entry(engine_->staging, error);
  for (const std::filesystem::directory_iterator end; !error && entry != end;
       entry.increment(error)) {
    std::filesystem::remove_all(entry->path(), error);
    if (error) break;
  }
  return error ? StagedFilesStay() : absl::OkStatus();
}

std::string RocksDbKv::ScratchFolder() const { return engine_->staging.string(); }

absl::Status RocksDbKv::Checkpoint(const std::string& directory, const KvBatch& amendment) {
  const std::filesystem::path target = std::filesystem::absolute(directory);
  std::error_code error;
  if (std::filesystem::exists(target, error)) {
    return absl::AlreadyExistsError("the checkpoint's folder exists already; name a new one");
  }
  if (!std::filesystem::is_directory(target.parent_path(), error)) {
    return absl::NotFoundError(
        "the folder that is to hold the checkpoint does not exist; make it first");
  }
  // Under another name until it is amended; what a dead process left there goes.
  const std::filesystem::path unfinished =
      target.parent_path() / ("." + target.filename().string() + ".unfinished");
  std::filesystem::remove_all(unfinished, error);
  rocksdb::Checkpoint* made = nullptr;
  RELATA_RETURN_IF_ERROR(
      FromRocksDb(rocksdb::Checkpoint::Create(engine_->db.get(), &made), "making a checkpoint"));
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  RELATA_RETURN_IF_ERROR(
      FromRocksDb(checkpoint->CreateCheckpoint(unfinished.string()), "making a checkpoint"));
  absl::Status amended = Amend(unfinished, amendment);
  if (amended.ok()) {
    std::filesystem::rename(unfinished, target, error);
    if (!error) return absl::OkStatus();
    amended = absl::InternalError(
        absl::StrCat("making a checkpoint: its folder cannot get its name: ", error.message()));
  }
  std::filesystem::remove_all(unfinished, error);
  return amended;
}

absl::Status RocksDbKv::Amend(const std::string& copy_path, const KvBatch& amendment) {
  RocksDbOptions options;
  options.create_if_missing = false;
  RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<RocksDbKv> copy, Open(copy_path, options));
  return copy->Write(amendment, {}, /*sync=*/true);
}

absl::StatusOr<uint64_t> RocksDbKv::ApproximateBytes(KeySpace space) const {
  uint64_t bytes = 0;
  // Memory first: what goes to a file in between counts twice rather than not at all.
  for (const std::string& property : {rocksdb::DB::Properties::kCurSizeAllMemTables,
                                      rocksdb::DB::Properties::kLiveSstFilesSize}) {
    uint64_t part = 0;
    if (!engine_->db->GetIntProperty(engine_->family(space), property, &part)) {
      return absl::InternalError("the engine does not know the size of a key space");
    }
    bytes += part;
  }
  return bytes;
}

}  // namespace relata
