#ifndef RELATA_TESTS_STORAGE_SCRIPTED_COMMIT_H_
#define RELATA_TESTS_STORAGE_SCRIPTED_COMMIT_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "base/status_macros.h"
#include "storage/committer.h"

namespace relata {

// A transaction that does what a test says. Logical keys are the keys of the store themselves. The
// setters return the transaction, so that it can be written in one expression; commit it once.
class ScriptedCommit final : public PendingCommit {
 public:
  explicit ScriptedCommit(CommitVersion read_version) : read_version_(read_version) {}

  ScriptedCommit& Read(std::string key) {
    read_keys_.push_back(std::move(key));
    return *this;
  }
  ScriptedCommit& ReadRange(KeyRange range) {
    read_ranges_.push_back(std::move(range));
    return *this;
  }
  ScriptedCommit& Put(std::string key, std::string record) {
    write_keys_.push_back(key);
    writes_.emplace_back(std::move(key), std::move(record));
    return *this;
  }
  ScriptedCommit& Delete(std::string key) {
    write_keys_.push_back(key);
    writes_.emplace_back(std::move(key), std::nullopt);
    return *this;
  }
  // Called first in Stage; an error refuses the transaction before anything is staged.
  ScriptedCommit& BeforeStage(std::function<absl::Status(CommitVersion)> hook) {
    before_stage_ = std::move(hook);
    return *this;
  }
  // What Stage returns after it staged everything.
  ScriptedCommit& FailAfterStage(absl::Status status) {
    after_stage_ = std::move(status);
    return *this;
  }
  ScriptedCommit& OnPublish(std::function<void(CommitVersion)> hook) {
    on_publish_ = std::move(hook);
    return *this;
  }
  ScriptedCommit& Entry(CommitEntry entry) {
    entry_ = std::move(entry);
    return *this;
  }

  CommitVersion read_version() const override { return read_version_; }
  const std::vector<std::string>& read_keys() const override { return read_keys_; }
  const std::vector<KeyRange>& read_ranges() const override { return read_ranges_; }
  const std::vector<std::string>& write_keys() const override { return write_keys_; }

  absl::Status Stage(CommitVersion version, int64_t /*time_us*/, VersionedBatch& batch,
                     CommitEntry& entry) override {
    if (before_stage_) RELATA_RETURN_IF_ERROR(before_stage_(version));
    for (const auto& [key, record] : writes_) {
      RELATA_RETURN_IF_ERROR(record.has_value() ? batch.Put(key, *record) : batch.Delete(key));
    }
    entry.principal = entry_.principal;
    entry.request_id = entry_.request_id;
    entry.changes = entry_.changes;
    entry.counters = entry_.counters;
    return after_stage_;
  }
  void BeforePublish(CommitVersion version) override {
    if (on_publish_) on_publish_(version);
  }

 private:
  const CommitVersion read_version_;
  std::vector<std::string> read_keys_;
  std::vector<KeyRange> read_ranges_;
  std::vector<std::string> write_keys_;
  std::vector<std::pair<std::string, std::optional<std::string>>> writes_;
  std::function<absl::Status(CommitVersion)> before_stage_;
  std::function<void(CommitVersion)> on_publish_;
  absl::Status after_stage_;
  CommitEntry entry_;
};

}  // namespace relata

#endif  // RELATA_TESTS_STORAGE_SCRIPTED_COMMIT_H_
