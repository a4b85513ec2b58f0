#include "graph/adjacency/background_fill.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "base/logging.h"
#include "base/status_macros.h"
#include "graph/adjacency/lane_scan.h"
#include "graph/adjacency/stored_facts.h"
#include "graph/store/key_layout.h"
#include "storage/versioned_store.h"

namespace relata {
namespace {

// Relationships of a piece, about; a vertex is never cut.
constexpr size_t kPiece = 8192;
// Entities without relationships between two that have some are noted as such, up to so many.
constexpr uint64_t kMostBetween = 1 << 20;
// While others ask a thread rests so many times as long as it worked: both take half a core then.
constexpr int64_t kRest = 3;
// One part of so many of the columns' budget stays for what is asked for.
constexpr size_t kColumnsPart = 4;

// The arrays and types of one vertex after the other, in one direction, from one snapshot.
class VertexGroups {
 public:
  VertexGroups(AdjacencyCache* cache, CommitVersion version, bool outgoing, EntityId next_vertex)
      : cache_(*cache), version_(version), outgoing_(outgoing), next_vertex_(next_vertex) {}

  // Where the next relationship's facts go.
  std::vector<AdjacentFact>* Enter(EntityId vertex, TypeId type) {
    if (vertex != vertex_) EndVertex();
    if (vertex != vertex_ || types_.empty() || types_.back() != type) {
      EndArray();
      types_.push_back(type);
    }
    vertex_ = vertex;
    return &facts_;
  }
  void EndVertex() {
    if (!vertex_.valid()) return;
    EndArray();
    NoteEmptyBefore(vertex_);
    cache_.InstallTypes(vertex_, outgoing_, version_, types_);
    next_vertex_ = vertex_.next();
    types_.clear();
    vertex_ = EntityId();
  }
  // The entities from the last one that was entered up to `end` have no relationships.
  void NoteEmptyBefore(EntityId end) {
    const uint64_t count = end.value() - std::min(next_vertex_, end).value();
    for (uint64_t i = 0; i < count && count <= kMostBetween; ++i) {
      cache_.InstallTypes(EntityId(next_vertex_.value() + i), outgoing_, version_, {});
    }
  }
  EntityId next_vertex() const { return next_vertex_; }

 private:
  void EndArray() {
    if (!facts_.empty()) cache_.Install({vertex_, types_.back(), outgoing_}, version_, facts_);
    facts_.clear();
  }

  AdjacencyCache& cache_;
  const CommitVersion version_;
  const bool outgoing_;
  EntityId next_vertex_;  // all before are done
  EntityId vertex_;
  std::vector<TypeId> types_;
  std::vector<AdjacentFact> facts_;
};

// What the columns keep of facts in eight bytes, given to them a few at a time: whoever asks
// meanwhile keeps values too, and waits for the same lock.
class FactReads {
 public:
  FactReads(PropertyColumns* columns, CommitVersion version)
      : columns_(*columns), version_(version) {}

  void Add(const std::vector<Fact>& facts) {
    for (const Fact& fact : facts) {
      Add(Owner::kFactTime, PropertyColumns::kValidFrom, fact.id,
          PropertyColumns::TimeOf(fact.valid, PropertyColumns::kValidFrom));
      for (const auto& [property, value] : fact.properties) {
        if (value.type() != ValueType::kString) Add(Owner::kFact, property, fact.id, value);
      }
    }
  }
  void KeepRest() {
    for (auto& [of, reads] : reads_) Keep(of, &reads);
  }

 private:
  using Owner = PropertyColumns::Owner;
  using Of = std::pair<Owner, PropertyId>;
  static constexpr size_t kKeptAtOnce = 128;

  void Add(Owner owner, PropertyId property, FactId fact, const Value& value) {
    std::vector<PropertyColumns::Read>& reads = reads_[{owner, property}];
    reads.push_back({fact.value(), value});
    if (reads.size() == kKeptAtOnce) Keep({owner, property}, &reads);
  }
  void Keep(Of of, std::vector<PropertyColumns::Read>* reads) {
    if (!reads->empty()) columns_.Keep(of.first, of.second, version_, *reads);
    reads->clear();
  }

  PropertyColumns& columns_;
  const CommitVersion version_;
  std::map<Of, std::vector<PropertyColumns::Read>> reads_;
};

}  // namespace

BackgroundFill::BackgroundFill(std::function<Snapshot()> head, AdjacencyCache* cache, Clock* clock)
    : head_(std::move(head)),
      cache_(cache),
      clock_(clock),
      first_evictions_(cache->GetStats().evictions),
      outgoing_([this] { Run(/*outgoing=*/true); }),
      incoming_([this] { Run(/*outgoing=*/false); }) {}

BackgroundFill::~BackgroundFill() {
  {
    MutexLock lock(&mutex_);
    stop_ = true;
    changed_.SignalAll();
  }
  outgoing_.join();
  incoming_.join();
}

BackgroundFill::Progress BackgroundFill::GetProgress() const {
  MutexLock lock(&mutex_);
  return progress_;
}

void BackgroundFill::Wait() const {
  MutexLock lock(&mutex_);
  while (!progress_.done) changed_.Wait(&mutex_);
}

bool BackgroundFill::stopped() const {
  MutexLock lock(&mutex_);
  return stop_;
}

void BackgroundFill::Run(bool outgoing) {
  absl::Status status = FillDirection(outgoing);
  if (!status.ok() && !absl::IsResourceExhausted(status) && !absl::IsCancelled(status)) {
    LogWarning("filling the adjacency cache failed; it fills as it is used",
               {{"error", status.message()}});
  }
  MutexLock lock(&mutex_);
  if (progress_.ended.ok()) progress_.ended = std::move(status);
  progress_.done = --running_ == 0;
  changed_.SignalAll();
}

absl::Status BackgroundFill::FillDirection(bool outgoing) {
  std::string start = TablePrefix(outgoing ? Table::kOut : Table::kIn);
  EntityId next_vertex(1);
  uint64_t lookups_before = 0;
  while (!start.empty()) {
    if (stopped()) return absl::CancelledError("the database is being closed");
    const int64_t begin = clock_->MonotonicMicros();
    RELATA_ASSIGN_OR_RETURN(start, FillPiece(outgoing, std::move(start), &next_vertex));
    const AdjacencyCache::Stats stats = cache_->GetStats();
    if (stats.evictions > first_evictions_) {
      return absl::ResourceExhaustedError("the budget of the adjacency cache is used up");
    }
    const uint64_t lookups = stats.hits + stats.misses;
    if (std::exchange(lookups_before, lookups) != lookups)
      Rest(kRest * (clock_->MonotonicMicros() - begin));
  }
  return absl::OkStatus();
}

// Fills from the key `start` on; where the next piece starts, empty at the end.
absl::StatusOr<std::string> BackgroundFill::FillPiece(bool outgoing, std::string start,
                                                      EntityId* next_vertex) {
  const Snapshot head = head_();
  KeyRange range = KeyRange::Prefix(TablePrefix(outgoing ? Table::kOut : Table::kIn));
  range.start = std::move(start);
  VertexGroups groups(cache_, head.version(), outgoing, *next_vertex);
  FactReads values(&cache_->columns(), head.version());
  const PropertyColumns& columns = cache_->columns();
  const bool keeps_values =
      outgoing && columns.bytes() < columns.budget_bytes() / kColumnsPart * (kColumnsPart - 1);
  std::vector<Fact> whole;
  std::string end;
  EntityId last;
  size_t read = 0;
  for (VersionedScan scan(head.store(), std::move(range)); true; scan.Next()) {
    if (!scan.Valid()) {
      RELATA_RETURN_IF_ERROR(scan.status());
      break;
    }
    RELATA_ASSIGN_OR_RETURN(const RelationshipEnds at,
                            outgoing ? DecodeOutKey(scan.key()) : DecodeInKey(scan.key()));
    const EntityId vertex = outgoing ? at.from : at.to;
    if (read >= kPiece && vertex != last) {
      end = outgoing ? OutPrefix(vertex) : InPrefix(vertex);
      break;
    }
    last = vertex;
    ++read;
    RELATA_RETURN_IF_ERROR(AppendStoredFacts(at, scan, outgoing, groups.Enter(vertex, at.type),
                                             keeps_values ? &whole : nullptr));
    values.Add(whole);
  }
  groups.EndVertex();
  values.KeepRest();
  if (end.empty()) {
    RELATA_ASSIGN_OR_RETURN(const EntityId entities_end, EndOfEntities(head.store()));
    groups.NoteEmptyBefore(entities_end);
  }
  *next_vertex = groups.next_vertex();
  MutexLock lock(&mutex_);
  progress_.relationships += read;
  return end;
}

void BackgroundFill::Rest(int64_t micros) {
  const int64_t until = clock_->MonotonicMicros() + micros;
  MutexLock lock(&mutex_);
  while (!stop_) {
    const int64_t left = until - clock_->MonotonicMicros();
    if (left <= 0 || changed_.WaitWithTimeout(&mutex_, absl::Microseconds(left))) break;
  }
}

}  // namespace relata
