#ifndef RELATA_TESTS_GRAPH_DATABASE_HARNESS_H_
#define RELATA_TESTS_GRAPH_DATABASE_HARNESS_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/ids.h"
#include "base/manual_clock.h"
#include "graph/database.h"
#include "graph/mutation/mutation.h"
#include "storage/memory/memory_kv.h"

namespace relata {

[[noreturn]] void EndTest(const absl::Status& why);

// A database over an engine in memory and a clock that moves one second before each batch. What a
// test only needs as its starting point ends the program when it fails (Must…, IdOf, …).
class DatabaseHarness {
 public:
  explicit DatabaseHarness(DatabaseOptions options = {});

  Database& db() { return *db_; }
  MemoryKv& kv() { return *kv_; }
  ManualClock& clock() { return clock_; }

  // Closes the database and opens the same engine again.
  void Reopen();
  // Opens what a new process finds after the machine died now.
  void CrashAndReopen();

  absl::StatusOr<BatchResult> Apply(std::vector<Mutation> mutations);
  absl::StatusOr<BatchResult> Apply(const Batch& batch);
  BatchResult MustApply(std::vector<Mutation> mutations);

  Snapshot Latest() const { return db_->Latest(); }
  Snapshot At(uint64_t version) const;
  // Of the latest snapshot; the thing must be there.
  EntityId IdOf(absl::string_view key) const;
  RelationshipId RelationshipOf(absl::string_view key) const;
  EntityState Entity(absl::string_view key) const;
  RelationshipState Relationship(absl::string_view key) const;
  bool Exists(absl::string_view key) const;
  std::vector<Fact> Facts(absl::string_view key, absl::string_view property) const;
  // `value@from/to` of each fact of a property, in the order of their ids.
  std::vector<std::string> Texts(absl::string_view key, absl::string_view property) const;
  // `property=value,…@from/to` of each fact of a relationship.
  std::vector<std::string> LinkTexts(absl::string_view key) const;
  // Keys of the entities that bear a name, in the order found.
  std::vector<std::string> Named(absl::string_view name, bool prefix = false,
                                 size_t limit = 100) const;

 private:
  void Open();

  const DatabaseOptions options_;
  ManualClock clock_;
  std::unique_ptr<MemoryKv> kv_;
  std::unique_ptr<Database> db_;
};

// The value of a read or write that must not fail; the program ends where it does. By value, so
// that it may stand in the head of a range-based for.
template <typename T>
T Must(absl::StatusOr<T> result) {
  if (!result.ok()) EndTest(result.status());
  return *std::move(result);
}

// ---- Mutations, written shortly. Entities and relationships are named by key; bounds are EDTF.

EntityRef Key(absl::string_view key);
RelationshipRef LinkKey(absl::string_view key);
Value Text(absl::string_view text);

CitationWrite CitedFrom(absl::string_view source, Stance stance = Stance::kAsserts,
                        absl::string_view reported = "", double confidence = 1.0);
// Of an entity's property.
FactWrite Says(Value value, absl::string_view from = "..", absl::string_view to = "..",
               std::vector<CitationWrite> citations = {});
// Of a relationship.
FactWrite Holds(std::vector<std::pair<std::string, Value>> properties = {},
                absl::string_view from = "..", absl::string_view to = "..",
                std::vector<CitationWrite> citations = {});

EntityWrite Put(absl::string_view key, std::vector<std::string> labels = {},
                std::vector<std::pair<std::string, FactWrite>> properties = {});
EntityWrite Create(absl::string_view key, std::vector<std::string> labels = {});
NameWrite Named(absl::string_view text, absl::string_view language,
                NameKind kind = NameKind::kAlias);
AddNames Names(absl::string_view key, std::vector<NameWrite> names);
AddFacts Add(absl::string_view key, absl::string_view property, std::vector<FactWrite> facts);
SetProperty Set(absl::string_view key, absl::string_view property, Value value,
                Portion portion = {});
SetProperty SetLink(absl::string_view key, absl::string_view property, Value value,
                    Portion portion = {});
ChangeLabels Labels(absl::string_view key, std::vector<std::string> add,
                    std::vector<std::string> remove);
// A put: makes it, or adds facts to it. `key` may be empty.
RelationshipWrite Link(absl::string_view key, absl::string_view type, absl::string_view from,
                       absl::string_view to, std::vector<FactWrite> facts = {FactWrite()});
DeleteEntity Delete(absl::string_view key, bool detach = false);
DeleteRelationship Unlink(absl::string_view key, Portion portion = {});
RetractSource Retract(absl::string_view source);
ChangeIndex Index(absl::string_view label, absl::string_view property);
ChangeIndex Unique(absl::string_view label, absl::string_view property);
DeclareProperty Property(absl::string_view label, absl::string_view property,
                         std::vector<ValueType> types, bool required = false);
// Either side may be `..`.
Portion During(absl::string_view from, absl::string_view to);

}  // namespace relata

#endif  // RELATA_TESTS_GRAPH_DATABASE_HARNESS_H_
