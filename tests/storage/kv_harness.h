#ifndef RELATA_TESTS_STORAGE_KV_HARNESS_H_
#define RELATA_TESTS_STORAGE_KV_HARNESS_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/status_macros.h"
#include "storage/ordered_kv.h"

namespace relata {

// One engine under test.
class KvHarness {
 public:
  virtual ~KvHarness() = default;
  virtual OrderedKv& kv() = 0;
  // Ends the engine without warning, as far as the harness can, and opens what a new process would
  // find.
  virtual void Reopen() = 0;
};
using KvHarnessFactory = std::unique_ptr<KvHarness> (*)();

using KvEntries = std::vector<std::pair<std::string, std::string>>;

// A sorted run, written down.
struct SortedRun {
  KeySpace space;
  KvEntries entries;
};

inline absl::StatusOr<StagedRun> StageRun(OrderedKv& kv, const SortedRun& run) {
  RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<KvRunWriter> writer, kv.NewRun(run.space));
  for (const auto& [key, value] : run.entries) RELATA_RETURN_IF_ERROR(writer->Put(key, value));
  return writer->Finish();
}

// Stages the runs and brings them in.
inline absl::Status IngestRuns(OrderedKv& kv, const std::vector<SortedRun>& runs) {
  std::vector<StagedRun> staged;
  for (const SortedRun& run : runs) {
    RELATA_ASSIGN_OR_RETURN(staged.emplace_back(), StageRun(kv, run));
  }
  return kv.Ingest(staged);
}

inline std::string KvBytes(absl::string_view bytes) { return std::string(bytes); }

// The entries from the first on, and from the last back to the first (in the order met).
inline absl::StatusOr<KvEntries> ScanForward(const OrderedKv& kv, KeySpace space,
                                             const KvSnapshot* snapshot, std::string lower,
                                             std::string upper) {
  KvEntries entries;
  const auto cursor = kv.NewIterator(space, snapshot, std::move(lower), std::move(upper));
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
    entries.emplace_back(KvBytes(cursor->key()), KvBytes(cursor->value()));
  }
  RELATA_RETURN_IF_ERROR(cursor->status());
  return entries;
}

inline absl::StatusOr<KvEntries> ScanBackward(const OrderedKv& kv, KeySpace space,
                                              const KvSnapshot* snapshot, std::string lower,
                                              std::string upper) {
  KvEntries entries;
  const auto cursor = kv.NewIterator(space, snapshot, std::move(lower), std::move(upper));
  for (cursor->SeekToLast(); cursor->Valid(); cursor->Prev()) {
    entries.emplace_back(KvBytes(cursor->key()), KvBytes(cursor->value()));
  }
  RELATA_RETURN_IF_ERROR(cursor->status());
  return entries;
}

}  // namespace relata

#endif  // RELATA_TESTS_STORAGE_KV_HARNESS_H_
