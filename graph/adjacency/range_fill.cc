#include "graph/adjacency/range_fill.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/status_macros.h"
#include "graph/adjacency/lane_scan.h"
#include "graph/adjacency/stored_facts.h"
#include "graph/store/key_layout.h"
#include "storage/versioned_store.h"

namespace relata {
namespace {

// Entities without relationships between two that have some are noted as such, up to so many.
constexpr uint64_t kMostBetween = 1 << 20;

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

// Values of facts, given to the columns a few at a time: whoever asks meanwhile keeps values too,
// and waits for the same lock.
class FactReads {
 public:
  // `values` must outlive it.
  FactReads(PropertyColumns* columns, CommitVersion version, const FilledValues& values)
      : columns_(*columns), version_(version), values_(values) {}

  // Whether anything of facts of the type is wanted.
  bool Wants(TypeId type) const {
    return values_.which == FilledValues::Which::kNumbers ||
           (values_.which == FilledValues::Which::kNamed && type == values_.type);
  }
  void Add(const std::vector<Fact>& facts) {
    const bool named = values_.which == FilledValues::Which::kNamed;
    for (const Fact& fact : facts) named ? AddNamed(fact) : AddNumbers(fact);
  }
  void KeepRest() {
    for (auto& [of, reads] : reads_) Keep(of, &reads);
  }

 private:
  using Owner = PropertyColumns::Owner;
  using Of = std::pair<Owner, PropertyId>;
  static constexpr size_t kKeptAtOnce = 128;

  void AddNumbers(const Fact& fact) {
    Add(Owner::kFactTime, PropertyColumns::kValidFrom, fact.id,
        PropertyColumns::TimeOf(fact.valid, PropertyColumns::kValidFrom));
    for (const auto& [property, value] : fact.properties) {
      if (value.type() != ValueType::kString) Add(Owner::kFact, property, fact.id, value);
    }
  }
  void AddNamed(const Fact& fact) {
    for (const PropertyId property : values_.properties) {
      const Value* const value = fact.FindProperty(property);
      Add(Owner::kFact, property, fact.id, value == nullptr ? Value() : *value);
    }
  }
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
  const FilledValues& values_;
  std::map<Of, std::vector<PropertyColumns::Read>> reads_;
};

// Entries of types that are not wanted, which lie between those that are.
class UnwantedEntries {
 public:
  explicit UnwantedEntries(bool outgoing) : outgoing_(outgoing) {}

  // Leaves the one at which the scan stands: the first few of a vertex and type step by step, then
  // all the rest of them by a seek, which takes as long as some steps.
  void Pass(EntityId vertex, TypeId type, VersionedScan* scan) {
    if (vertex != vertex_ || type != type_) passed_ = 0;
    vertex_ = vertex;
    type_ = type;
    const TypeId next = type.next();
    if (++passed_ < kSteps || !next.valid()) return scan->Next();
    scan->SkipTo(outgoing_ ? OutPrefix(vertex, next) : InPrefix(vertex, next));
  }

 private:
  static constexpr int kSteps = 8;

  const bool outgoing_;
  EntityId vertex_;
  TypeId type_;
  int passed_ = 0;
};

KeyRange KeysOf(const RangeToFill& range) {
  const auto prefix = [&](EntityId id) { return range.outgoing ? OutPrefix(id) : InPrefix(id); };
  KeyRange keys = KeyRange::Prefix(TablePrefix(range.outgoing ? Table::kOut : Table::kIn));
  keys.start = prefix(range.first);
  if (range.end.valid()) keys.limit = prefix(range.end);
  return keys;
}

}  // namespace

absl::StatusOr<FilledRange> FillRange(const Snapshot& head, const RangeToFill& range) {
  AdjacencyCache* const cache = head.adjacency_cache();
  const bool outgoing = range.outgoing;
  VertexGroups groups(cache, head.version(), outgoing, range.first);
  FactReads reads(&cache->columns(), head.version(), range.values);
  FilledRange filled;
  std::vector<Fact> whole;
  EntityId last;
  VersionedScan scan(head.store(), KeysOf(range));
  UnwantedEntries unwanted(outgoing);
  while (scan.Valid()) {
    RELATA_ASSIGN_OR_RETURN(const RelationshipEnds at,
                            outgoing ? DecodeOutKey(scan.key()) : DecodeInKey(scan.key()));
    const EntityId vertex = outgoing ? at.from : at.to;
    if (filled.relationships >= range.most && vertex != last) break;
    last = vertex;
    ++filled.relationships;
    std::vector<AdjacentFact>* const array = groups.Enter(vertex, at.type);
    if (range.type.valid() && at.type != range.type) {
      unwanted.Pass(vertex, at.type, &scan);
      continue;
    }
    const bool wanted = outgoing && reads.Wants(at.type);
    RELATA_RETURN_IF_ERROR(AppendStoredFacts(at, scan, outgoing, array, wanted ? &whole : nullptr));
    if (wanted) reads.Add(whole);
    scan.Next();
  }
  RELATA_RETURN_IF_ERROR(scan.status());
  groups.EndVertex();
  reads.KeepRest();
  filled.ended = !scan.Valid();
  if (filled.ended) {
    RELATA_ASSIGN_OR_RETURN(const EntityId above, EndOfEntities(head.store()));
    groups.NoteEmptyBefore(range.end.valid() ? std::min(range.end, above) : above);
  }
  filled.next = groups.next_vertex();
  return filled;
}

}  // namespace relata
