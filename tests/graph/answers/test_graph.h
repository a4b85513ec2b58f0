#ifndef RELATA_TESTS_GRAPH_ANSWERS_TEST_GRAPH_H_
#define RELATA_TESTS_GRAPH_ANSWERS_TEST_GRAPH_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "base/ids.h"
#include "base/manual_clock.h"
#include "graph/adjacency/adjacency.h"
#include "graph/budget.h"
#include "graph/database.h"
#include "graph/mutation/mutation.h"
#include "storage/memory/memory_kv.h"

namespace relata {

// A database over an engine in memory, to be filled by keys. What goes wrong ends the test program:
// a test of answers says nothing about a graph that is not what it should be.
class TestGraph {
 public:
  using Properties = std::vector<std::pair<std::string, Value>>;

  TestGraph();

  // Stages things for the next commit.
  void Entity(absl::string_view key, std::vector<std::string> labels = {});
  void Link(absl::string_view key, absl::string_view type, absl::string_view from,
            absl::string_view to, std::vector<FactWrite> facts);
  void Stage(Mutation mutation) { batch_.mutations.push_back(std::move(mutation)); }
  // Applies what is staged.
  void Commit();

  Snapshot Latest() const { return database_->Latest(); }
  Database& database() { return *database_; }
  // Of the latest snapshot.
  EntityId IdOf(absl::string_view key) const;
  RelationshipId RelationshipOf(absl::string_view key) const;
  std::string KeyOf(EntityId id) const;
  std::string KeyOf(RelationshipId id) const;
  // Invalid where no relationship or property ever bore the name.
  TypeId TypeOf(absl::string_view name) const;
  PropertyId PropertyOf(absl::string_view name) const;
  Step StepOf(absl::string_view type, Direction direction = Direction::kOut) const {
    return {TypeOf(type), direction};
  }
  // A budget that lasts.
  Budget Plenty() { return Budget(&clock_, {}); }
  Clock* clock() { return &clock_; }

 private:
  MemoryKv kv_;
  ManualClock clock_;
  std::unique_ptr<Database> database_;
  Batch batch_;
};

// A fact of a relationship; bounds as EDTF.
FactWrite MakeFact(TestGraph::Properties properties = {}, absl::string_view from = "..",
                   absl::string_view to = "..");
CitationWrite MakeCitation(absl::string_view source, Stance stance = Stance::kAsserts,
                           absl::string_view reported = "", double confidence = 1.0);
Value MoneyOf(absl::string_view amount, absl::string_view currency);
// An instant of a text, as ParseInstant.
Instant InstantOf(absl::string_view text);
// What the default policy shows at an instant, possibly.
ReadView At(absl::string_view instant);

}  // namespace relata

#endif  // RELATA_TESTS_GRAPH_ANSWERS_TEST_GRAPH_H_
