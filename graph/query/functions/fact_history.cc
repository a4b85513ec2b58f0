#include "graph/query/functions/fact_history.h"

#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "graph/catalog/reserved_names.h"
#include "graph/query/functions/arguments.h"
#include "graph/query/functions/fact_maps.h"
#include "graph/query/functions/instants.h"

namespace relata::query {
namespace {

// What one state shows, without its versions; equal for two states that the question does not tell
// apart.
struct Entry {
  CommitVersion since;
  CommitVersion ended;  // 0: still
  Datum::Map shown;
};

Datum FactList(const std::vector<Fact>& facts, bool of_relationship, const NameTable& names,
               ContextId context) {
  Datum::List list;
  for (const Fact& fact : facts) list.push_back(FactMap(fact, of_relationship, names, context));
  return Datum::Of(std::move(list));
}

Datum::Map Shown(const EntityState& state, const std::optional<std::string>& property,
                 const NameTable& names, ContextId context) {
  if (property) {
    const std::optional<PropertyId> id = names.FindProperty(*property);
    const std::vector<Fact>* facts = id ? state.FindProperty(*id) : nullptr;
    return {{"facts", FactList(facts == nullptr ? std::vector<Fact>() : *facts,
                               /*of_relationship=*/false, names, context)}};
  }
  Datum::List labels;
  for (const LabelId label : state.labels) labels.push_back(Datum::String(names.Name(label)));
  Datum::Map properties;
  for (const auto& [id, facts] : state.properties) {
    if (id == kNamesProperty) continue;
    properties.emplace_back(std::string(names.Name(id)),
                            FactList(facts, /*of_relationship=*/false, names, context));
  }
  return {{"labels", Datum::Of(std::move(labels))},
          {"properties", Datum::SortedMap(std::move(properties))}};
}

Datum::Map Shown(const RelationshipState& state, const std::optional<std::string>& property,
                 const NameTable& names, ContextId context) {
  if (!property)
    return {{"facts", FactList(state.facts, /*of_relationship=*/true, names, context)}};
  Datum::List facts;
  const std::optional<PropertyId> id = names.FindProperty(*property);
  for (const Fact& fact : state.facts) {
    const Value* value = id ? fact.FindProperty(*id) : nullptr;
    if (value == nullptr) continue;
    Fact one = fact;
    one.value = *value;
    facts.push_back(FactMap(one, /*of_relationship=*/false, names, context));
  }
  return {{"facts", Datum::Of(std::move(facts))}};
}

template <typename State>
std::vector<Entry> EntriesOf(const std::vector<StateSpan<State>>& spans,
                             const std::optional<std::string>& property, const NameTable& names,
                             ContextId context) {
  std::vector<Entry> entries;
  for (const StateSpan<State>& span : spans) {
    Entry entry{span.since, span.ended, {}};
    if (span.state) entry.shown = Shown(*span.state, property, names, context);
    entry.shown.emplace_back("exists", Datum::Bool(span.state.has_value()));
    const bool same =
        property && !entries.empty() && entries.back().ended == entry.since &&
        EquivalentData(Datum::SortedMap(entries.back().shown), Datum::SortedMap(entry.shown));
    if (same) {
      entries.back().ended = entry.ended;
    } else {
      entries.push_back(std::move(entry));
    }
  }
  return entries;
}

Datum VersionDatum(CommitVersion version) {
  return version.valid() ? Datum::Int(static_cast<int64_t>(version.value())) : Datum();
}

absl::StatusOr<Datum> TimeOf(const GraphReader& reader, CommitVersion version) {
  RELATA_ASSIGN_OR_RETURN(const std::optional<Instant> time, reader.CommitTime(version));
  return time ? DateTimeOf(*time) : Datum();
}

}  // namespace

Datum StateMap(const EntityState& state, const NameTable& names, ContextId context) {
  return Datum::SortedMap(Shown(state, std::nullopt, names, context));
}

Datum StateMap(const RelationshipState& state, const NameTable& names, ContextId context) {
  return Datum::SortedMap(Shown(state, std::nullopt, names, context));
}

absl::StatusOr<Datum> HistoryOf(GraphReader& reader, const Datum& entity,
                                const std::optional<std::string>& property) {
  const NameTable& names = reader.names();
  std::vector<Entry> entries;
  if (entity.kind() == Datum::Kind::kNode) {
    const NodeRef node = entity.AsNode();
    RELATA_ASSIGN_OR_RETURN(const auto spans,
                            reader.context(node.context).snapshot.EntityHistory(node.id));
    entries = EntriesOf(spans, property, names, node.context);
  } else {
    const RelationshipRef& relationship = entity.AsRelationship();
    const Snapshot& snapshot = reader.context(relationship.context).snapshot;
    RELATA_ASSIGN_OR_RETURN(const auto spans, snapshot.RelationshipHistory(relationship.ends.id));
    entries = EntriesOf(spans, property, names, relationship.context);
  }
  Datum::List list;
  for (Entry& entry : entries) {
    Datum::Map map = std::move(entry.shown);
    map.emplace_back("since", VersionDatum(entry.since));
    map.emplace_back("until", VersionDatum(entry.ended));
    RELATA_ASSIGN_OR_RETURN(Datum recorded, TimeOf(reader, entry.since));
    map.emplace_back("recordedAt", std::move(recorded));
    RELATA_ASSIGN_OR_RETURN(Datum ended, TimeOf(reader, entry.ended));
    map.emplace_back("endedAt", std::move(ended));
    list.push_back(Datum::SortedMap(std::move(map)));
  }
  return CheckedList(std::move(list));
}

}  // namespace relata::query
