#include "tests/graph/answers/random_graph.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"

namespace relata {
namespace {

// What a share and an amount are read from.
TestGraph::Properties RandomWeights(Dice& dice) {
  static const auto* const kShares = new std::vector<double>{0, 0.1, 0.25, 0.3, 0.5, 0.5, 0.7, 1};
  TestGraph::Properties properties;
  switch (dice.Below(8)) {
    case 0:
      break;  // unknown
    case 1:
      properties.push_back({"share_min", Value::Double(dice.Of(*kShares))});
      properties.push_back({"share_max", Value::Double(dice.Of(*kShares))});
      break;
    case 2:
      properties.push_back(
          {dice.OneIn(2) ? "share_min" : "share_max", Value::Double(dice.Of(*kShares))});
      break;
    case 3:
      properties.push_back({"share", dice.OneIn(2) ? Value::Double(1.5) : Value::Int(1)});
      break;
    default:
      properties.push_back({"share", Value::Double(dice.Of(*kShares))});
  }
  if (!dice.OneIn(3)) {
    const std::string amount = absl::StrCat(100 * dice.Below(6));
    properties.push_back({"amount", MoneyOf(amount, dice.OneIn(4) ? "CNY" : "USD")});
  }
  return properties;
}

const std::vector<std::string>& FromTexts() {
  static const auto* const kTexts = new std::vector<std::string>{"..",
                                                                 "..",
                                                                 "",
                                                                 "2019",
                                                                 "2020",
                                                                 "2020-03",
                                                                 "2020-03-15",
                                                                 "2020-21",
                                                                 "2021-33",
                                                                 "2020-03-15T00:00:00Z",
                                                                 "2021-01-01T00:00:00Z",
                                                                 "2021",
                                                                 "2022-06~"};
  return *kTexts;
}

const std::vector<std::string>& ToTexts() {
  static const auto* const kTexts = new std::vector<std::string>{
      "..", "..", "..", "..", "", "2023", "2024-05", "2022-09-01T00:00:00Z"};
  return *kTexts;
}

CitationWrite RandomCitation(Dice& dice) {
  const Stance stance = dice.OneIn(4)   ? Stance::kDisputes
                        : dice.OneIn(5) ? Stance::kRetracts
                                        : Stance::kAsserts;
  static const auto* const kDates =
      new std::vector<std::string>{"", "2020-05-01", "2021", "2022-07", "2023-02-03"};
  return MakeCitation(dice.OneIn(2) ? "source/s" : "source/t", stance, dice.Of(*kDates),
                      dice.OneIn(2) ? 1.0 : 0.5);
}

FactWrite RandomFact(Dice& dice) {
  FactWrite fact = MakeFact(RandomWeights(dice), dice.Of(FromTexts()), dice.Of(ToTexts()));
  while (dice.OneIn(3)) fact.citations.push_back(RandomCitation(dice));
  return fact;
}

std::string EntityKey(uint64_t i) { return absl::StrCat("e/", i); }

}  // namespace

const std::vector<std::string>& RandomTypes() {
  static const auto* const kTypes = new std::vector<std::string>{"OWNS", "ACQUIRED", "INVESTED_IN"};
  return *kTypes;
}

void FillRandomly(Dice& dice, RandomGraphSize size, TestGraph& graph) {
  for (int i = 0; i < size.entities; ++i) {
    graph.Entity(EntityKey(i),
                 dice.OneIn(2) ? std::vector<std::string>{"Company"} : std::vector<std::string>{});
  }
  graph.Entity("source/s", {"Source"});
  graph.Entity("source/t", {"Source"});
  graph.Commit();
  std::pair<std::string, std::string> pair;
  for (int i = 0; i < size.relationships; ++i) {
    // Often another one between the same two.
    if (i == 0 || !dice.OneIn(4)) {
      pair = {EntityKey(dice.Below(size.entities)), EntityKey(dice.Below(size.entities))};
    }
    std::vector<FactWrite> facts = {RandomFact(dice)};
    while (dice.OneIn(4)) facts.push_back(RandomFact(dice));
    graph.Link(absl::StrCat("r", i), dice.Of(RandomTypes()), pair.first, pair.second,
               std::move(facts));
    if (dice.OneIn(10)) graph.Commit();
  }
  graph.Commit();
}

EntityId RandomEntity(Dice& dice, RandomGraphSize size, const TestGraph& graph) {
  return graph.IdOf(EntityKey(dice.Below(size.entities)));
}

std::vector<Step> RandomSteps(Dice& dice, const TestGraph& graph) {
  std::vector<Step> steps;
  while (steps.empty()) {
    if (dice.OneIn(8)) steps.push_back({TypeId(), static_cast<Direction>(dice.Below(3))});
    for (const std::string& type : RandomTypes()) {
      // A type that no relationship of this graph has would mean every type.
      if (dice.OneIn(3) || !graph.TypeOf(type).valid()) continue;
      steps.push_back(graph.StepOf(type, static_cast<Direction>(dice.Below(3))));
    }
  }
  return steps;
}

std::shared_ptr<const BeliefPolicy> RandomPolicy(Dice& dice, const TestGraph& graph) {
  auto policy = std::make_shared<BeliefPolicy>();
  switch (dice.Below(10)) {
    case 0:
      policy->min_confidence = 0.75;
      break;
    case 1:
      policy->min_sources = 1;
      break;
    case 2:
      policy->barred.insert(graph.IdOf("source/s"));
      break;
    case 3:
      policy->trusted.emplace({graph.IdOf("source/t")});
      break;
    case 4:
      policy->disputed_in = false;
      break;
    default:
      break;
  }
  return policy;
}

ReadView RandomInstant(Dice& dice, const TestGraph& graph) {
  static const auto* const kInstants = new std::vector<std::string>{
      "2020-03-15", "2020-06-30", "2021-01-01", "2021-06-01", "2022-06-15", "2024-01-01"};
  return {ValidTime::At(InstantOf(dice.Of(*kInstants)), /*certainly=*/dice.OneIn(4)),
          RandomPolicy(dice, graph)};
}

std::vector<RelationshipState> AllRelationships(const Snapshot& snapshot) {
  const auto ends = snapshot.ListRelationships(RelationshipId(), 1'000'000);
  const auto states = snapshot.GetRelationships(ends.value());
  std::vector<RelationshipState> all;
  for (const auto& state : states.value()) all.push_back(state.value());
  return all;
}

bool Allows(const std::vector<Step>& steps, TypeId type, bool outgoing) {
  return std::any_of(steps.begin(), steps.end(), [&](const Step& step) {
    return (!step.type.valid() || step.type == type) &&
           step.direction != (outgoing ? Direction::kIn : Direction::kOut);
  });
}

}  // namespace relata
