#ifndef RELATA_TESTS_STORAGE_SCRIPTED_LOAD_H_
#define RELATA_TESTS_STORAGE_SCRIPTED_LOAD_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "base/status_macros.h"
#include "storage/committer.h"
#include "storage/versioned_record.h"

namespace relata {

// A bulk load of given keys and records, in runs of a few keys each. Load it once.
class ScriptedLoad final : public PendingLoad {
 public:
  explicit ScriptedLoad(std::map<std::string, std::string> records, size_t keys_a_run = 2)
      : records_(std::move(records)), keys_a_run_(keys_a_run) {}

  ScriptedLoad& OnValidate(std::function<absl::Status(const StoreSnapshot&)> hook) {
    validate_ = std::move(hook);
    return *this;
  }
  // Called after the runs are written, while others commit.
  ScriptedLoad& AfterRuns(std::function<absl::Status()> hook) {
    after_runs_ = std::move(hook);
    return *this;
  }
  ScriptedLoad& OnPublish(std::function<void(CommitVersion)> hook) {
    on_publish_ = std::move(hook);
    return *this;
  }

  // Keys whose records end with the commit time.
  ScriptedLoad& WithTimed(std::map<std::string, std::string> timed) {
    timed_ = std::move(timed);
    return *this;
  }

  absl::Status Validate(std::shared_ptr<const StoreSnapshot> head) override {
    return validate_ ? validate_(*head) : absl::OkStatus();
  }
  absl::StatusOr<std::vector<StagedRun>> WriteRuns(OrderedKv& kv, uint64_t load) override {
    std::vector<StagedRun> runs;
    const absl::Status written = Write(kv, load, runs);
    if (written.ok()) return runs;
    RELATA_RETURN_IF_ERROR(kv.Drop(runs));
    return written;
  }
  absl::StatusOr<std::vector<StagedRun>> WriteTimedRuns(
      OrderedKv& kv, uint64_t load, absl::FunctionRef<int64_t()> time_us) override {
    if (timed_.empty()) return std::vector<StagedRun>();
    RELATA_ASSIGN_OR_RETURN(const auto writer, kv.NewRun(KeySpace::kLive));
    for (const auto& [key, record] : timed_) {
      RELATA_RETURN_IF_ERROR(
          writer->Put(key, LoadedValuePrefix(load) + record + std::to_string(time_us())));
    }
    RELATA_ASSIGN_OR_RETURN(const StagedRun run, writer->Finish());
    return std::vector<StagedRun>{run};
  }
  absl::Status Stage(CommitVersion version, int64_t, VersionedBatch& batch,
                     CommitEntry& entry) override {
    batch.PutMeta("loaded", std::to_string(version.value()));
    entry.principal = "loader";
    entry.changes = {{2, 1, records_.size()}};
    return absl::OkStatus();
  }
  void BeforePublish(CommitVersion version) override {
    if (on_publish_) on_publish_(version);
  }

 private:
  absl::Status Write(OrderedKv& kv, uint64_t load, std::vector<StagedRun>& runs) {
    for (auto at = records_.begin(); at != records_.end();) {
      RELATA_ASSIGN_OR_RETURN(const auto writer, kv.NewRun(KeySpace::kLive));
      for (size_t i = 0; i < keys_a_run_ && at != records_.end(); ++i, ++at) {
        RELATA_RETURN_IF_ERROR(writer->Put(at->first, LoadedValuePrefix(load) + at->second));
      }
      RELATA_ASSIGN_OR_RETURN(runs.emplace_back(), writer->Finish());
    }
    return after_runs_ ? after_runs_() : absl::OkStatus();
  }

  const std::map<std::string, std::string> records_;
  const size_t keys_a_run_;
  std::map<std::string, std::string> timed_;
  std::function<absl::Status(const StoreSnapshot&)> validate_;
  std::function<absl::Status()> after_runs_;
  std::function<void(CommitVersion)> on_publish_;
};

}  // namespace relata

#endif  // RELATA_TESTS_STORAGE_SCRIPTED_LOAD_H_
