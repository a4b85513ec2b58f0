#ifndef RELATA_GRAPH_BULK_ENTRY_RUNS_H_
#define RELATA_GRAPH_BULK_ENTRY_RUNS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/ids.h"
#include "graph/catalog/schema.h"
#include "graph/store/key_layout.h"
#include "graph/store/states.h"
#include "storage/ordered_kv.h"
#include "storage/run_sorter.h"

namespace relata {

// What stands for the version and the commit time of a bulk load in its states before the load has
// them. Records keep versions as distances from the one that writes them, so that those of the load
// itself come out right whatever it will be; times are put in when the runs are written.
inline constexpr CommitVersion kLoadVersion{1};
inline constexpr Instant kLoadTime = kPlusInfinity;

// The keys and records of new entities and relationships, as a commit would write them
// (graph/transaction/state_writer.h), in one sorter for each table. Not thread-safe.
class EntryRuns {
 public:
  struct Options {
    // Of all entries, those on their way to scratch files among them; the largest tables go there
    // where it gets short.
    size_t memory_bytes = size_t{512} << 20;
    std::string scratch_folder;
    // That sort and write runs; with more than one, scratch files are written by another one.
    int threads = 2;
    // Asked now and then while runs are written: true ends it. Empty: never.
    std::function<bool()> cancelled;
  };
  // `schema` is borrowed.
  EntryRuns(const Schema* schema, Options options);

  // States as a transaction leaves them, with kLoadVersion and kLoadTime where Settle would put the
  // version and the time of the commit. INVALID_ARGUMENT where a name is not UTF-8, UNAVAILABLE
  // where a scratch file cannot be written.
  absl::Status AddEntity(const EntityState& state);
  absl::Status AddRelationship(const RelationshipState& state);

  // Sorts everything. No Add after it. UNAVAILABLE as above.
  absl::Status Sort();
  // Writes the tables in which no entry holds the commit time as live records of a load (the
  // number, storage/load_versions.h). CANCELLED as the options say, else the engine's errors;
  // nothing is kept then.
  absl::StatusOr<std::vector<StagedRun>> Write(OrderedKv& kv, uint64_t load);
  // The other tables, those of citations; `time_us` is called at most once.
  absl::StatusOr<std::vector<StagedRun>> WriteTimed(OrderedKv& kv, uint64_t load,
                                                    absl::FunctionRef<int64_t()> time_us);

  // Bytes of entries in memory, without those on their way to a scratch file.
  size_t memory() const;

 private:
  RunSorter& Of(Table table);
  // The sorters there are, with their tables.
  std::vector<std::pair<Table, RunSorter*>> All() const;
  void Add(Table table, absl::string_view key, absl::string_view record, bool marked = false);
  // EntityState, RelationshipState.
  template <typename State>
  void AddIndexEntries(const std::vector<const IndexDefinition*>& indexes, const State& state);
  void AddSources(const std::vector<Fact>& facts, FactOwner owner);
  absl::Status KeepWithinMemory();
  absl::Status SpillLargest();
  absl::Status FinishSpilling();
  // Those of All() with entries that hold the commit time, or those without.
  std::vector<std::pair<Table, RunSorter*>> Tables(bool timed) const;
  absl::StatusOr<std::vector<StagedRun>> WriteTables(
      OrderedKv& kv, std::vector<std::pair<Table, RunSorter*>> tables, uint64_t load,
      Instant time) const;
  // A part of a table.
  absl::Status WritePart(OrderedKv& kv, Table table, RunMerge& merge, uint64_t load, Instant time,
                         std::vector<StagedRun>* runs) const;
  // The record that a marked entry stands for.
  absl::StatusOr<std::string> SettledRecord(Table table, absl::string_view key,
                                            absl::string_view record, Instant time) const;

  const Schema* const schema_;
  std::vector<const IndexDefinition*> entity_indexes_;
  std::vector<const IndexDefinition*> relationship_indexes_;
  const Options options_;
  // By table; null where nothing was added.
  std::array<std::unique_ptr<RunSorter>, 256> sorters_;
  // By table: whether an entry needs the commit time.
  std::array<bool, 256> timed_ = {};
  uint64_t adds_ = 0;
  // What another thread writes to a scratch file; waited for before the sorters go.
  std::future<absl::Status> spilling_;
  size_t spilling_bytes_ = 0;
  // Of the relationship at hand; kept for their memory.
  std::string key_;
  std::string record_;
};

}  // namespace relata

#endif  // RELATA_GRAPH_BULK_ENTRY_RUNS_H_
