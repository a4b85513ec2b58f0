#include "client/cli/output/state_changes.h"

#include <cstdint>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/output/fact_rows.h"
#include "relata/v1/entity.pb.h"
#include "relata/v1/read_service.pb.h"

namespace relata {
namespace {

using State = v1::GetHistoryResponse::State;

struct StatedFact {
  std::string heading;
  v1::FactView fact;
  // All of the fact, to tell whether two states hold the same.
  std::string bytes;
};

// The facts of a state by their ids.
std::map<uint64_t, StatedFact> FactsOf(const State& state, const std::string& property) {
  std::map<uint64_t, StatedFact> facts;
  const auto add = [&facts](std::string heading, v1::FactView fact) {
    std::string bytes = fact.SerializeAsString();
    const uint64_t id = fact.id();
    facts[id] = {std::move(heading), std::move(fact), std::move(bytes)};
  };
  for (const v1::NameView& name : state.entity().names()) {
    if (property.empty() || property == "_names") add(NameHeading(name), NameFact(name));
  }
  for (const v1::PropertyFacts& held : state.entity().properties()) {
    if (!property.empty() && property != held.name()) continue;
    for (const v1::FactView& fact : held.facts()) add(held.name(), fact);
  }
  for (const v1::FactView& fact : state.relationship().facts()) add("", fact);
  return facts;
}

std::string LabelsOf(const State& state) { return absl::StrJoin(state.entity().labels(), ", "); }

bool Exists(const State& state) { return state.has_entity() || state.has_relationship(); }

// Adds the rows of one state; `before` is the one before it.
class StateRows {
 public:
  StateRows(const State& state, Table* table) : state_(state), table_(table) {}

  void AddWhole(const std::string& change, const std::string& labels) {
    std::vector<Cell> row = Leading(change, labels.empty() ? "" : "labels");
    row.emplace_back(labels);
    row.resize(StateChangeHeadings().size(), Cell(""));
    table_->AddRow(std::move(row));
  }

  void AddFacts(const std::map<uint64_t, StatedFact>& before,
                const std::map<uint64_t, StatedFact>& after) {
    for (const auto& [id, held] : before) {
      if (!after.contains(id)) Add("-", held);
    }
    for (const auto& [id, held] : after) {
      const auto it = before.find(id);
      if (it == before.end()) {
        Add("+", held);
      } else if (it->second.bytes != held.bytes) {
        Add("~", held);
      }
    }
  }

 private:
  std::vector<Cell> Leading(const std::string& change, const std::string& heading) const {
    return {absl::StrCat(state_.since_version()), state_.since_time(), state_.principal(), change,
            heading};
  }
  void Add(const std::string& change, const StatedFact& held) {
    AddFactRows(Leading(change, held.heading), held.fact, FactDetail(), table_);
  }

  const State& state_;
  Table* const table_;
};

}  // namespace

std::vector<std::string> StateChangeHeadings() {
  return FactHeadings({"version", "time", "by", "change", "property"}, FactDetail());
}

void AddStateChanges(const v1::GetHistoryResponse& history, const std::string& property,
                     Table* table) {
  State before;
  for (const State& state : history.states()) {
    StateRows rows(state, table);
    if (Exists(state) != Exists(before)) {
      rows.AddWhole(Exists(state) ? "created" : "deleted", LabelsOf(state));
    } else if (LabelsOf(state) != LabelsOf(before)) {
      rows.AddWhole("~", LabelsOf(state));
    }
    if (Exists(state)) rows.AddFacts(FactsOf(before, property), FactsOf(state, property));
    before = state;
  }
}

}  // namespace relata
