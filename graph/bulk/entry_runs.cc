#include "graph/bulk/entry_runs.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <thread>
#include <utility>

#include "base/mutex.h"
#include "base/status_macros.h"
#include "graph/catalog/reserved_names.h"
#include "graph/search/fold.h"
#include "graph/store/index_entries.h"
#include "graph/store/records.h"
#include "storage/versioned_record.h"

namespace relata {
namespace {

// A run becomes a file; several of them let the engine's compaction work on parts later.
constexpr uint64_t kRunBytes = uint64_t{64} << 20;
// What one thread writes of a table before it looks for more to do: small, so that the threads end
// about together, but large tables in no more parts than this.
constexpr size_t kLeastPartBytes = size_t{32} << 20;
constexpr size_t kMostParts = 24;
// How often the memory is looked at, in entries added, and whether to go on, in entries written.
constexpr uint64_t kLookEvery = 4096;

size_t PartBytes(uint64_t table_bytes) {
  return std::max(kLeastPartBytes, static_cast<size_t>(table_bytes) / kMostParts);
}

bool Cites(const std::vector<Fact>& facts) {
  return std::any_of(facts.begin(), facts.end(),
                     [](const Fact& fact) { return !fact.citations.empty(); });
}

void SettleTimes(Instant time, std::vector<Fact>& facts) {
  for (Fact& fact : facts) {
    for (Citation& c : fact.citations) {
      if (c.recorded_at == kLoadTime) c.recorded_at = time;
    }
  }
}

const std::vector<PropertyId>& InlineProperties(const Schema& schema, TypeId type) {
  static const auto* const kNone = new std::vector<PropertyId>();
  const RelationshipTypeDeclaration* d = schema.FindType(type);
  return d == nullptr ? *kNone : d->inline_properties;
}

// Runs the tasks on `threads` threads, in order as threads come free.
void RunTasks(int threads, const std::vector<std::function<void()>>& tasks) {
  std::atomic<size_t> next = 0;
  const auto work = [&] {
    for (size_t i = next++; i < tasks.size(); i = next++) tasks[i]();
  };
  std::vector<std::thread> others;
  const size_t useful = std::min(tasks.size(), static_cast<size_t>(std::max(threads, 1)));
  for (size_t i = 1; i < useful; ++i) others.emplace_back(work);
  work();
  for (std::thread& other : others) other.join();
}

}  // namespace

EntryRuns::EntryRuns(const Schema* schema, Options options)
    : schema_(schema), options_(std::move(options)) {
  for (const auto& [id, index] : schema_->indexes()) {
    (index.of_relationships() ? relationship_indexes_ : entity_indexes_).push_back(&index);
  }
}

RunSorter& EntryRuns::Of(Table table) {
  std::unique_ptr<RunSorter>& sorter = sorters_[static_cast<uint8_t>(table)];
  if (sorter == nullptr) sorter = std::make_unique<RunSorter>(options_.scratch_folder);
  return *sorter;
}

std::vector<std::pair<Table, RunSorter*>> EntryRuns::All() const {
  std::vector<std::pair<Table, RunSorter*>> all;
  for (size_t table = 0; table < sorters_.size(); ++table) {
    if (sorters_[table] == nullptr) continue;
    all.emplace_back(static_cast<Table>(table), sorters_[table].get());
  }
  return all;
}

void EntryRuns::Add(Table table, absl::string_view key, absl::string_view record, bool marked) {
  Of(table).Add(key, record, marked);
  if (marked) timed_[static_cast<uint8_t>(table)] = true;
  ++adds_;
}

void EntryRuns::AddSources(const std::vector<Fact>& facts, FactOwner owner) {
  for (const Fact& fact : facts) {
    owner.fact = fact.id;
    std::vector<EntityId> sources;
    for (const Citation& c : fact.citations) sources.push_back(c.source);
    std::sort(sources.begin(), sources.end());
    sources.erase(std::unique(sources.begin(), sources.end()), sources.end());
    for (const EntityId source : sources) {
      Add(Table::kSourceFact, SourceFactKey(source, owner), "");
    }
  }
}

template <typename State>
void EntryRuns::AddIndexEntries(const std::vector<const IndexDefinition*>& indexes,
                                const State& state) {
  for (const IndexDefinition* index : indexes) {
    for (const std::string& key : IndexEntries(*index, state)) Add(Table::kIndex, key, "");
  }
}

absl::Status EntryRuns::AddEntity(const EntityState& state) {
  if (const std::vector<Fact>* names = state.FindProperty(kNamesProperty)) {
    std::vector<std::string> keys;
    for (const Fact& fact : *names) {
      RELATA_ASSIGN_OR_RETURN(const std::string folded, FoldName(NameFromValue(fact.value).text));
      keys.push_back(NameKey(folded, state.id, fact.id));
    }
    for (const std::string& key : keys) Add(Table::kName, key, "");
  }
  Add(Table::kEntity, EntityKeyOf(state.id), EncodeEntity(state, kLoadVersion));
  if (!state.key.empty()) {
    Add(Table::kEntityKey, EntityByKeyKey(state.key), EncodeId(state.id.value()));
  }
  for (const LabelId label : state.labels) Add(Table::kLabel, LabelKey(label, state.id), "");
  for (const auto& [property, facts] : state.properties) {
    AddSources(facts, FactOwner{false, state.id.value(), property, {}});
    if (StoredInline(facts)) continue;
    for (const Fact& fact : facts) {
      Add(Table::kEntityFact, EntityFactKey(state.id, property, fact.id),
          EncodeEntityFact(fact, kLoadVersion), /*marked=*/!fact.citations.empty());
    }
  }
  AddIndexEntries(entity_indexes_, state);
  return KeepWithinMemory();
}

absl::Status EntryRuns::AddRelationship(const RelationshipState& state) {
  const RelationshipEnds& ends = state.ends;
  const bool marked = Cites(state.facts);
  OutKey(ends, &key_);
  EncodeOut(state, kLoadVersion, &record_);
  Add(Table::kOut, key_, record_, marked);
  // What a marked incoming entry says may depend on the commit time, and it lacks the facts to work
  // that out; the outgoing record has them.
  if (!marked) EncodeIn(state, InlineProperties(*schema_, ends.type), &record_);
  InKey(ends, &key_);
  Add(Table::kIn, key_, record_, marked);
  RelationshipKeyOf(ends.id, &key_);
  EncodeRelationship(state, &record_);
  Add(Table::kRelationship, key_, record_);
  if (!state.key.empty()) {
    Add(Table::kRelationshipKey, RelationshipByKeyKey(state.key), EncodeId(ends.id.value()));
  }
  if (marked) AddSources(state.facts, FactOwner{true, ends.id.value(), {}, {}});
  AddIndexEntries(relationship_indexes_, state);
  return KeepWithinMemory();
}

size_t EntryRuns::memory() const {
  size_t memory = 0;
  for (const auto& [table, sorter] : All()) memory += sorter->memory();
  return memory;
}

// A spill begins while there is room for what is added beside it.
absl::Status EntryRuns::KeepWithinMemory() {
  if (adds_ < kLookEvery) return absl::OkStatus();
  adds_ = 0;
  while (memory() + spilling_bytes_ > options_.memory_bytes) {
    if (spilling_.valid()) {
      RELATA_RETURN_IF_ERROR(FinishSpilling());
    } else {
      RELATA_RETURN_IF_ERROR(SpillLargest());
    }
  }
  const bool ahead =
      options_.threads > 1 && !spilling_.valid() && memory() > options_.memory_bytes / 4 * 3;
  return ahead ? SpillLargest() : absl::OkStatus();
}

absl::Status EntryRuns::SpillLargest() {
  const std::vector<std::pair<Table, RunSorter*>> all = All();
  const auto largest = std::max_element(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return a.second->memory() < b.second->memory();
  });
  if (options_.threads == 1) return largest->second->Spill();
  spilling_bytes_ = largest->second->memory();
  spilling_ = std::async(std::launch::async, largest->second->TakeToSpill());
  return absl::OkStatus();
}

absl::Status EntryRuns::FinishSpilling() {
  if (!spilling_.valid()) return absl::OkStatus();
  spilling_bytes_ = 0;
  return spilling_.get();
}

absl::Status EntryRuns::Sort() {
  RELATA_RETURN_IF_ERROR(FinishSpilling());
  std::vector<std::function<void()>> tasks;
  for (const auto& [table, sorter] : All()) {
    tasks.emplace_back([sorter = sorter] { sorter->Sort(); });
  }
  RunTasks(options_.threads, tasks);
  return absl::OkStatus();
}

absl::StatusOr<std::string> EntryRuns::SettledRecord(Table table, absl::string_view key,
                                                     absl::string_view record, Instant time) const {
  if (table == Table::kEntityFact) {
    RELATA_ASSIGN_OR_RETURN(const EntityFactIds ids, DecodeEntityFactKey(key));
    std::vector<Fact> fact(1);
    RELATA_ASSIGN_OR_RETURN(fact[0],
                            DecodeEntityFact(ids.fact, ids.property, kLoadVersion, record));
    SettleTimes(time, fact);
    return EncodeEntityFact(fact[0], kLoadVersion);
  }
  RELATA_ASSIGN_OR_RETURN(const RelationshipEnds ends,
                          table == Table::kOut ? DecodeOutKey(key) : DecodeInKey(key));
  RELATA_ASSIGN_OR_RETURN(RelationshipState state, DecodeOut(ends, kLoadVersion, record));
  SettleTimes(time, state.facts);
  return table == Table::kOut ? EncodeOut(state, kLoadVersion)
                              : EncodeIn(state, InlineProperties(*schema_, ends.type));
}

absl::Status EntryRuns::WritePart(OrderedKv& kv, Table table, RunMerge& merge, uint64_t load,
                                  Instant time, std::vector<StagedRun>* runs) const {
  std::unique_ptr<KvRunWriter> writer;
  const auto finish = [&]() -> absl::Status {
    RELATA_ASSIGN_OR_RETURN(StagedRun run, writer->Finish());
    runs->push_back(std::move(run));
    writer.reset();
    return absl::OkStatus();
  };
  std::string value = LoadedValuePrefix(load);
  const size_t prefix_bytes = value.size();
  uint64_t written = 0;
  for (; merge.Valid(); merge.Next()) {
    if (++written % kLookEvery == 0 && options_.cancelled && options_.cancelled()) {
      return absl::CancelledError("the load was ended while it was written; nothing is kept");
    }
    if (writer == nullptr) {
      RELATA_ASSIGN_OR_RETURN(writer, kv.NewRun(KeySpace::kLive));
    }
    value.resize(prefix_bytes);
    if (merge.marked()) {
      RELATA_ASSIGN_OR_RETURN(const std::string record,
                              SettledRecord(table, merge.key(), merge.value(), time));
      value.append(record);
    } else {
      value.append(merge.value().data(), merge.value().size());
    }
    RELATA_RETURN_IF_ERROR(writer->Put(merge.key(), value));
    if (writer->bytes() >= kRunBytes) RELATA_RETURN_IF_ERROR(finish());
  }
  RELATA_RETURN_IF_ERROR(merge.status());
  return writer != nullptr ? finish() : absl::OkStatus();
}

std::vector<std::pair<Table, RunSorter*>> EntryRuns::Tables(bool timed) const {
  std::vector<std::pair<Table, RunSorter*>> tables = All();
  std::erase_if(tables, [&](const auto& table) {
    return timed_[static_cast<uint8_t>(table.first)] != timed;
  });
  return tables;
}

absl::StatusOr<std::vector<StagedRun>> EntryRuns::Write(OrderedKv& kv, uint64_t load) {
  return WriteTables(kv, Tables(/*timed=*/false), load, kLoadTime);
}

absl::StatusOr<std::vector<StagedRun>> EntryRuns::WriteTimed(OrderedKv& kv, uint64_t load,
                                                             absl::FunctionRef<int64_t()> time_us) {
  std::vector<std::pair<Table, RunSorter*>> tables = Tables(/*timed=*/true);
  if (tables.empty()) return std::vector<StagedRun>();
  return WriteTables(kv, std::move(tables), load, time_us());
}

absl::StatusOr<std::vector<StagedRun>> EntryRuns::WriteTables(
    OrderedKv& kv, std::vector<std::pair<Table, RunSorter*>> tables, uint64_t load,
    Instant time) const {
  // The largest first, so that the threads end about together.
  std::stable_sort(tables.begin(), tables.end(), [](const auto& a, const auto& b) {
    return a.second->bytes() > b.second->bytes();
  });
  Mutex mutex;
  std::vector<StagedRun> runs;
  absl::Status failure;
  std::vector<std::function<void()>> tasks;
  for (const auto& [table, sorter] : tables) {
    for (const RunSorter::Part& part : sorter->Parts(PartBytes(sorter->bytes()))) {
      tasks.emplace_back([&, table = table, sorter = sorter, part = part] {
        RunMerge merge(sorter, part);
        std::vector<StagedRun> written;
        const absl::Status status = WritePart(kv, table, merge, load, time, &written);
        MutexLock lock(&mutex);
        runs.insert(runs.end(), written.begin(), written.end());
        failure.Update(status);
      });
    }
  }
  RunTasks(options_.threads, tasks);
  if (failure.ok()) return runs;
  // Where one cannot be removed now, the next opening does.
  kv.Drop(runs).IgnoreError();
  return failure;
}

}  // namespace relata
