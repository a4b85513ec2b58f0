#ifndef RELATA_TESTS_GRAPH_ANSWERS_RANDOM_GRAPH_H_
#define RELATA_TESTS_GRAPH_ANSWERS_RANDOM_GRAPH_H_

#include <random>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "graph/adjacency/adjacency.h"
#include "graph/facts/belief.h"
#include "graph/store/snapshot.h"
#include "tests/graph/answers/test_graph.h"

namespace relata {

// Seeded choices, the same on every machine.
class Dice {
 public:
  explicit Dice(uint64_t seed) : engine_(seed) {}
  // [0, n).
  uint64_t Below(uint64_t n) { return engine_() % n; }
  bool OneIn(uint64_t n) { return Below(n) == 0; }
  template <typename T>
  const T& Of(const std::vector<T>& choices) {
    return choices[Below(choices.size())];
  }

 private:
  std::mt19937_64 engine_;
};

struct RandomGraphSize {
  int entities = 8;
  int relationships = 20;
};

// The types of the relationships of a random graph.
const std::vector<std::string>& RandomTypes();

// Fills a graph in several commits: entities `e/0`, `e/1` … (some labelled Company), sources, and
// relationships with parallels, loops, several facts, dates of every precision, citations, shares
// and amounts known, ranged, unknown and wrong. Few different values, so that ties abound.
void FillRandomly(Dice& dice, RandomGraphSize size, TestGraph& graph);

EntityId RandomEntity(Dice& dice, RandomGraphSize size, const TestGraph& graph);
std::vector<Step> RandomSteps(Dice& dice, const TestGraph& graph);
// Any policy, the default one half of the time; never the raw one.
std::shared_ptr<const BeliefPolicy> RandomPolicy(Dice& dice, const TestGraph& graph);
// An instant near the dates of the graph.
ReadView RandomInstant(Dice& dice, const TestGraph& graph);

// Every relationship of the snapshot with all its facts, by id: what the naive answers start from.
std::vector<RelationshipState> AllRelationships(const Snapshot& snapshot);

// Whether one of the steps walks the relationship from `vertex` in this direction.
bool Allows(const std::vector<Step>& steps, TypeId type, bool outgoing);

}  // namespace relata

#endif  // RELATA_TESTS_GRAPH_ANSWERS_RANDOM_GRAPH_H_
