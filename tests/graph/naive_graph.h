#ifndef RELATA_TESTS_GRAPH_NAIVE_GRAPH_H_
#define RELATA_TESTS_GRAPH_NAIVE_GRAPH_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/status.h"
#include "graph/mutation/mutation.h"
#include "graph/store/snapshot.h"

namespace relata {

// The rules of writing once more, as plainly as they can be written down: a copyable value that
// holds everything, so that a test keeps one for each version and compares. Knows entities and
// relationships by key, intervals of exact or open bounds, citations without dates; no schema, no
// handles.
class NaiveGraph {
 public:
  struct Fact {
    uint64_t serial = 0;  // tells facts apart that say the same
    std::string value;
    std::map<std::string, std::string> properties;
    Instant from = kMinusInfinity;
    Instant to = kPlusInfinity;
    std::set<std::tuple<uint64_t, int, bool>> citations;  // source, stance, void
  };
  struct Entity {
    std::string key;
    std::set<std::string> labels;
    std::map<std::string, std::vector<Fact>> properties;
    bool retracted = false;
  };
  struct Relationship {
    std::string key;
    std::string type;
    uint64_t from = 0;
    uint64_t to = 0;
    std::vector<Fact> facts;
  };

  // Runs a batch. The new things get the ids of `result`, or, where that is null, ids of no
  // meaning. After an error the graph is of no use. The code is that of Database::Apply; the
  // message is not.
  absl::Status Run(const std::vector<Mutation>& mutations, const BatchResult* result);

  const std::map<uint64_t, Entity>& entities() const { return entities_; }
  const std::map<uint64_t, Relationship>& relationships() const { return relationships_; }
  std::optional<uint64_t> FindEntity(const std::string& key) const;
  // Whether any fact of `property` of an entity with the label has the value.
  std::vector<EntityId> WithValue(const std::string& label, const std::string& property,
                                  const std::string& value) const;
  std::set<FactOwner> FactsOfSource(uint64_t source) const;  // without the ids of facts
  // nullopt: absent. With serials two states are the same only where nothing was written between.
  std::optional<std::string> EntityText(uint64_t id, bool serials) const;
  std::optional<std::string> RelationshipText(uint64_t id, bool serials) const;

 private:
  absl::Status RunOne(const EntityWrite& m);
  absl::Status RunOne(const AddFacts& m);
  absl::Status RunOne(const AddNames& m);
  absl::Status RunOne(const SetProperty& m);
  absl::Status RunOne(const ChangeLabels& m);
  absl::Status RunOne(const DeleteEntity& m);
  absl::Status RunOne(const RelationshipWrite& m);
  absl::Status RunOne(const DeleteRelationship& m);
  absl::Status RunOne(const RetractSource& m);
  template <typename M>
  absl::Status RunOne(const M&) {
    return absl::UnimplementedError("the naive graph does not know this mutation");
  }

  absl::Status AddTo(std::vector<Fact>& facts, const FactWrite& write);
  // Cuts by the portion and gives each piece inside to `change`, which returns whether it stays.
  template <typename Change>
  void CutAll(const Portion& portion, const Change& change, std::vector<Fact>& facts);
  uint64_t NewId(bool relationship);
  Entity* Find(const EntityRef& ref, uint64_t* id = nullptr);
  Relationship* Find(const RelationshipRef& ref, uint64_t* id = nullptr);

  std::map<uint64_t, Entity> entities_;
  std::map<uint64_t, Relationship> relationships_;
  uint64_t next_serial_ = 1;
  uint64_t next_placeholder_ = uint64_t{1} << 40;
  const BatchResult* result_ = nullptr;
  size_t item_ = 0;
};

// The same texts from what the database answers.
std::string NaiveText(const EntityState& state, const NameTable& names);
std::string NaiveText(const RelationshipState& state, const NameTable& names);

}  // namespace relata

#endif  // RELATA_TESTS_GRAPH_NAIVE_GRAPH_H_
