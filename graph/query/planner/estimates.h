#ifndef RELATA_GRAPH_QUERY_PLANNER_ESTIMATES_H_
#define RELATA_GRAPH_QUERY_PLANNER_ESTIMATES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "graph/database.h"
#include "graph/query/planner/degree_samples.h"
#include "graph/query/planner/value_samples.h"
#include "graph/query/semantics/bound_query.h"

namespace relata::query {

// An index that can be used, with the names of its properties.
struct KnownIndex {
  IndexDefinition definition;
  std::vector<std::string> properties;
};

// How many rows the parts of a pattern may give, from the counts at the head. Guesses: nothing but
// the order of a plan rests on them.
class Estimates {
 public:
  // `database` may be null: an empty graph is assumed to hold a few thousand of each. The samples
  // may be null; they must outlive this.
  Estimates(const Database* database, DegreeSamples* degrees, ValueSamples* values);

  double Entities() const { return entities_; }
  double WithLabel(absl::string_view label) const;
  // Of the most selective name in the condition; null: all entities.
  double WithLabels(const BoundLabels* labels) const;
  // Relationships of any of the types; empty: all.
  double OfTypes(const std::vector<std::string>& types) const;
  // Relationships met from one node of the label (empty: of any) in the direction.
  double Degree(const std::string& label, const std::vector<std::string>& types,
                EdgeDirection direction) const;
  // The part of entities that bears the labels, 0 to 1.
  double LabelSelectivity(const BoundLabels* labels) const;
  // The part of the relationships met from nodes of `label` (empty: of any) in the direction whose
  // other end bears the labels, 0 to 1.
  double FarSelectivity(const std::string& label, const std::vector<std::string>& types,
                        EdgeDirection direction, const BoundLabels* far) const;
  // Usable indexes of nodes with the label, of relationships of the type; empty: there are none.
  const std::vector<KnownIndex>& IndexesOfLabel(absl::string_view label) const;
  const std::vector<KnownIndex>& IndexesOfType(absl::string_view type) const;
  // How many nodes or relationships have the values of the index's first `properties` properties
  // that one has; nullopt where nothing is known of it, or nothing in it.
  std::optional<double> FoundByValues(const KnownIndex& index, size_t properties) const;
  // How many nodes an equality on the property finds; nullopt where no index begins with it, or
  // nothing is in it.
  std::optional<double> NodesOfValue(absl::string_view label, absl::string_view property) const;
  // The name whose entities are fewest among those that every match must bear; empty where there is
  // none.
  std::string NarrowestLabel(const BoundLabels* labels) const;

 private:
  double OneWay(const std::string& label, const std::string& type, EdgeDirection direction) const;

  DegreeSamples* const degrees_;
  ValueSamples* const values_;
  double entities_ = 1000;
  double relationships_ = 3000;
  absl::flat_hash_map<std::string, double> labels_;
  absl::flat_hash_map<std::string, double> types_;
  absl::flat_hash_map<std::string, std::vector<KnownIndex>> node_indexes_;
  absl::flat_hash_map<std::string, std::vector<KnownIndex>> relationship_indexes_;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_PLANNER_ESTIMATES_H_
