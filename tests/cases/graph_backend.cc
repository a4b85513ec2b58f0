#include "tests/cases/graph_backend.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/manual_clock.h"
#include "base/status_macros.h"
#include "graph/answers/chains.h"
#include "graph/answers/neighbours.h"
#include "graph/answers/paths.h"
#include "graph/answers/timeline.h"
#include "graph/database.h"
#include "storage/memory/memory_kv.h"
#include "tests/cases/case_mutations.h"
#include "tests/cases/case_texts.h"

namespace relata {
namespace {

using Json = nlohmann::json;

constexpr char kStart[] = "2026-11-22T00:00:00Z";

// Steps of a question; a type that nothing bears is left out.
std::vector<Step> StepsOf(const Snapshot& snapshot, const Json& steps) {
  std::vector<Step> found;
  for (const Json& step : steps) {
    const std::optional<TypeId> type = snapshot.names().FindType(step["type"].get<std::string>());
    // An id that no relationship has stands for a type that was never used.
    found.push_back({type.value_or(TypeId(UINT32_MAX)), DirectionFromCase(step, Direction::kOut)});
  }
  return found;
}

class GraphBackend : public CaseBackend {
 public:
  absl::Status Open() {
    RELATA_RETURN_IF_ERROR(SetClock(kStart));
    RELATA_ASSIGN_OR_RETURN(db_, Database::Open(&kv_, &clock_, DatabaseOptions{}));
    return absl::OkStatus();
  }

  absl::Status SetClock(const std::string& instant) override {
    RELATA_ASSIGN_OR_RETURN(const Instant t, ParseInstant(instant));
    clock_.SetNowMicros(t);
    return absl::OkStatus();
  }

  absl::StatusOr<uint64_t> Commit(const Json& op) override {
    RELATA_ASSIGN_OR_RETURN(const Batch batch, BatchFromCase(op, named_));
    RELATA_ASSIGN_OR_RETURN(const BatchResult result, db_->Apply(batch));
    NoteNamedFacts(
        op, result, [this](const std::string& name) { return db_->names().InternProperty(name); },
        named_);
    return result.version.value();
  }

  absl::Status AnswerSystemTime(const std::string& instant) override {
    RELATA_ASSIGN_OR_RETURN(const Instant t, ParseInstant(instant));
    return db_->AtTime(t).status();
  }

  absl::StatusOr<Json> Ask(const Json& question) override {
    const std::string ask = question["ask"];
    const Json& params = question["params"];
    const Json at = question.value("at", Json::object());
    if (ask == "bound") return AskBound(params);
    if (ask == "commit_time") {
      RELATA_ASSIGN_OR_RETURN(const Instant t,
                              db_->CommitTime(CommitVersion(params["version"].get<uint64_t>())));
      return Json(FormatInstant(t));
    }
    if (ask == "same_id") return AskSameId(params);
    RELATA_ASSIGN_OR_RETURN(const Snapshot snapshot, SnapshotOf(at.value("system", Json())));
    ReadView view;
    RELATA_ASSIGN_OR_RETURN(view.valid, ValidTimeFromCase(at, db_->Now(snapshot)));
    RELATA_ASSIGN_OR_RETURN(view.policy, PolicyOf(snapshot, at.value("policy", Json())));
    if (ask == "exists") {
      RELATA_ASSIGN_OR_RETURN(const auto id, snapshot.FindEntity(params["entity"]));
      return Json(id.has_value());
    }
    if (ask == "value") return AskValue(snapshot, view, params);
    if (ask == "facts") return AskFacts(snapshot, view, params);
    if (ask == "properties") return AskProperties(snapshot, view, params);
    if (ask == "names") return AskNames(snapshot, view, params);
    if (ask == "neighbours") return AskNeighbours(snapshot, view, params);
    if (ask == "facts_of_source") return AskFactsOfSource(snapshot, params);
    if (ask == "shortest") return AskShortest(snapshot, view, params);
    if (ask == "chains") return AskChains(snapshot, view, params);
    if (ask == "timeline") return AskTimeline(snapshot, view, params);
    return absl::UnimplementedError(absl::StrCat("no such question in this runner: ", ask));
  }

 private:
  absl::StatusOr<Snapshot> SnapshotOf(const Json& system) {
    if (system.is_null()) return db_->Latest();
    if (system.contains("version")) {
      return db_->AtVersion(CommitVersion(system["version"].get<uint64_t>()));
    }
    if (system.contains("time")) {
      RELATA_ASSIGN_OR_RETURN(const Instant t, ParseInstant(system["time"].get<std::string>()));
      return db_->AtTime(t);
    }
    RELATA_ASSIGN_OR_RETURN(const Instant t,
                            db_->CommitTime(CommitVersion(system["commit"].get<uint64_t>())));
    return db_->AtTime(t + system.value("offset_us", int64_t{0}));
  }

  absl::StatusOr<std::shared_ptr<const BeliefPolicy>> PolicyOf(const Snapshot& snapshot,
                                                               const Json& json) {
    if (json.is_null()) return DefaultPolicy();
    auto policy = std::make_shared<BeliefPolicy>();
    if (json == "raw") {
      policy->raw = true;
      return policy;
    }
    policy->min_confidence = json.value("min_confidence", 0.0);
    policy->min_sources = json.value("min_sources", 0);
    if (json.contains("trusted")) {
      policy->trusted.emplace();
      RELATA_RETURN_IF_ERROR(AddSources(snapshot, json["trusted"], *policy->trusted));
    }
    RELATA_RETURN_IF_ERROR(
        AddSources(snapshot, json.value("barred", Json::array()), policy->barred));
    policy->disputed_in = json.value("disputed", "in") == "in";
    if (json.contains("reported_until")) {
      RELATA_ASSIGN_OR_RETURN(
          const Bound day,
          Bound::Parse(json["reported_until"].get<std::string>(), BoundRole::kFrom));
      policy->reported_until = day.latest;
    }
    return policy;
  }

  static absl::Status AddSources(const Snapshot& snapshot, const Json& keys,
                                 absl::flat_hash_set<EntityId>& out) {
    for (const Json& key : keys) {
      RELATA_ASSIGN_OR_RETURN(const auto id, snapshot.FindEntity(key.get<std::string>()));
      if (id) out.insert(*id);
    }
    return absl::OkStatus();
  }

  static absl::StatusOr<Json> AskBound(const Json& params) {
    const BoundRole role = params["role"] == "from" ? BoundRole::kFrom : BoundRole::kTo;
    RELATA_ASSIGN_OR_RETURN(const Bound bound,
                            Bound::Parse(params["text"].get<std::string>(), role));
    return Json{{"earliest", FormatInstant(bound.earliest)},
                {"latest", FormatInstant(bound.latest)},
                {"unknown", bound.unknown},
                {"about", bound.about}};
  }

  absl::StatusOr<Json> AskSameId(const Json& params) {
    std::vector<std::optional<EntityId>> ids;
    for (const Json& version : params["versions"]) {
      RELATA_ASSIGN_OR_RETURN(const Snapshot at,
                              db_->AtVersion(CommitVersion(version.get<uint64_t>())));
      RELATA_ASSIGN_OR_RETURN(const auto id, at.FindEntity(params["entity"].get<std::string>()));
      ids.push_back(id);
    }
    return Json(ids[0].has_value() && ids[0] == ids[1]);
  }

  static absl::StatusOr<EntityId> Named(const Snapshot& snapshot, const Json& key) {
    RELATA_ASSIGN_OR_RETURN(const auto id, snapshot.FindEntity(key.get<std::string>()));
    if (!id) return absl::NotFoundError(absl::StrCat("there is no entity ", key.dump()));
    return *id;
  }

  static absl::StatusOr<std::optional<EntityState>> StateOf(const Snapshot& snapshot,
                                                            const Json& key) {
    RELATA_ASSIGN_OR_RETURN(const auto id, snapshot.FindEntity(key.get<std::string>()));
    if (!id) return std::nullopt;
    return snapshot.GetEntity(*id);
  }

  static const std::vector<Fact>* FactsOf(const Snapshot& snapshot, const EntityState& state,
                                          const std::string& property) {
    const auto id = snapshot.names().FindProperty(property);
    return id ? state.FindProperty(*id) : nullptr;
  }

  static absl::StatusOr<Json> AskValue(const Snapshot& snapshot, const ReadView& view,
                                       const Json& params) {
    RELATA_ASSIGN_OR_RETURN(const auto state, StateOf(snapshot, params["entity"]));
    const std::vector<Fact>* facts =
        state ? FactsOf(snapshot, *state, params["property"]) : nullptr;
    const Fact* fact = facts == nullptr ? nullptr : SelectOne(*facts, view);
    return fact == nullptr ? Json() : ValueToCase(fact->value);
  }

  static Json PropertiesToCase(const Snapshot& snapshot, const Fact& fact) {
    Json properties = Json::object();
    for (const auto& [id, value] : fact.properties) {
      properties[std::string(snapshot.names().Name(id))] = ValueToCase(value);
    }
    return properties;
  }

  static absl::StatusOr<Json> FactToCase(const Snapshot& snapshot, const Fact& fact,
                                         const Belief& belief, bool of_relationship) {
    Json json;
    if (of_relationship) {
      json["properties"] = PropertiesToCase(snapshot, fact);
    } else {
      json["value"] = ValueToCase(fact.value);
    }
    json["from"] = BoundToCase(fact.valid.from);
    json["to"] = BoundToCase(fact.valid.to);
    json["from_text"] = fact.valid.from.ToString();
    json["to_text"] = fact.valid.to.ToString();
    json["status"] = StatusToCase(belief.status);
    json["confidence"] = belief.status == FactStatus::kRetracted ? Json() : Json(belief.confidence);
    json["sources"] = Json::array();
    for (const EntityId id : belief.asserting) {
      RELATA_ASSIGN_OR_RETURN(const auto source, snapshot.GetEntityRecord(id));
      json["sources"].push_back(source ? source->key : "?");
    }
    return json;
  }

  static absl::StatusOr<Json> FactsToCase(const Snapshot& snapshot, const std::vector<Fact>& facts,
                                          const ReadView& view, bool of_relationship) {
    Json json = Json::array();
    for (const VisibleFact& seen : SelectVisible(facts, view)) {
      RELATA_ASSIGN_OR_RETURN(Json one,
                              FactToCase(snapshot, *seen.fact, seen.belief, of_relationship));
      json.push_back(std::move(one));
    }
    return json;
  }

  static absl::StatusOr<Json> AskFacts(const Snapshot& snapshot, const ReadView& view,
                                       const Json& params) {
    if (params.contains("entity")) {
      RELATA_ASSIGN_OR_RETURN(const auto state, StateOf(snapshot, params["entity"]));
      if (!state) return absl::NotFoundError("no such entity");
      const std::vector<Fact>* facts = FactsOf(snapshot, *state, params["property"]);
      if (facts == nullptr) return Json(Json::array());
      return FactsToCase(snapshot, *facts, view, false);
    }
    const Json& rel = params["relationship"];
    std::optional<RelationshipId> id;
    if (rel.contains("key")) {
      RELATA_ASSIGN_OR_RETURN(id, snapshot.FindRelationship(rel["key"].get<std::string>()));
    } else {
      const auto type = snapshot.names().FindType(rel["type"].get<std::string>());
      RELATA_ASSIGN_OR_RETURN(const EntityId from, Named(snapshot, rel["from"]));
      RELATA_ASSIGN_OR_RETURN(const EntityId to, Named(snapshot, rel["to"]));
      RELATA_ASSIGN_OR_RETURN(const auto ids,
                              snapshot.FindPair(from, type.value_or(TypeId(UINT32_MAX)), to));
      if (!ids.empty()) id = ids.front();
    }
    if (!id) return Json(Json::array());
    RELATA_ASSIGN_OR_RETURN(const auto state, snapshot.GetRelationship(*id));
    if (!state) return Json(Json::array());
    return FactsToCase(snapshot, state->facts, view, true);
  }

  static absl::StatusOr<Json> AskProperties(const Snapshot& snapshot, const ReadView& view,
                                            const Json& params) {
    RELATA_ASSIGN_OR_RETURN(const auto state, StateOf(snapshot, params["entity"]));
    if (!state) return absl::NotFoundError("no such entity");
    Json json = Json::object();
    for (const auto& [property, facts] : state->properties) {
      const Fact* fact = property == kNamesProperty ? nullptr : SelectOne(facts, view);
      if (fact != nullptr) {
        json[std::string(snapshot.names().Name(property))] = ValueToCase(fact->value);
      }
    }
    return json;
  }

  // All valid names are seen (S1.3): S1.4 does not choose among them.
  static absl::StatusOr<Json> AskNames(const Snapshot& snapshot, const ReadView& view,
                                       const Json& params) {
    RELATA_ASSIGN_OR_RETURN(const auto state, StateOf(snapshot, params["entity"]));
    if (!state) return absl::NotFoundError("no such entity");
    static constexpr const char* kKinds[] = {"", "preferred", "alias", "abbreviation", "former"};
    Json json = Json::array();
    const std::vector<Fact>* names = state->FindProperty(kNamesProperty);
    if (names == nullptr) return json;
    for (const Fact& fact : *names) {
      if (SelectVisible(absl::MakeConstSpan(&fact, 1), view).empty()) continue;
      const EntityName name = NameFromValue(fact.value);
      json.push_back({name.text, name.language, kKinds[static_cast<int>(name.kind)]});
    }
    return json;
  }

  // The key of a relationship, `FROM-TYPE->TO` where it has none.
  static absl::StatusOr<std::string> NameOf(const Snapshot& snapshot,
                                            const RelationshipEnds& ends) {
    RELATA_ASSIGN_OR_RETURN(const std::string key, snapshot.GetRelationshipKey(ends.id));
    if (!key.empty()) return key;
    RELATA_ASSIGN_OR_RETURN(const std::string from, KeyOf(snapshot, ends.from));
    RELATA_ASSIGN_OR_RETURN(const std::string to, KeyOf(snapshot, ends.to));
    return absl::StrCat(from, "-", snapshot.names().Name(ends.type), "->", to);
  }

  static absl::StatusOr<std::string> KeyOf(const Snapshot& snapshot, EntityId id) {
    RELATA_ASSIGN_OR_RETURN(const auto record, snapshot.GetEntityRecord(id));
    return record ? record->key : std::string("?");
  }

  static absl::StatusOr<Json> AskNeighbours(const Snapshot& snapshot, const ReadView& view,
                                            const Json& params) {
    RELATA_ASSIGN_OR_RETURN(const EntityId entity, Named(snapshot, params["entity"]));
    Json json = Json::array();
    std::optional<NeighbourCursor> after;
    do {
      RELATA_ASSIGN_OR_RETURN(
          const NeighbourPage page,
          ListNeighbours(snapshot, view, entity, StepsOf(snapshot, Json::array({params})),
                         after ? &*after : nullptr, /*limit=*/3));
      for (const Neighbour& row : page.rows) {
        RELATA_ASSIGN_OR_RETURN(const std::string name, NameOf(snapshot, row.ends));
        RELATA_ASSIGN_OR_RETURN(const std::string key, KeyOf(snapshot, row.entity));
        json.push_back({{"relationship", name},
                        {"properties", PropertiesToCase(snapshot, row.fact)},
                        {"entity", key}});
      }
      after = page.next;
    } while (after);
    return json;
  }

  static absl::StatusOr<Json> AskFactsOfSource(const Snapshot& snapshot, const Json& params) {
    RELATA_ASSIGN_OR_RETURN(const EntityId source, Named(snapshot, params["source"]));
    RELATA_ASSIGN_OR_RETURN(const std::vector<FactOwner> owners, snapshot.FactsOfSource(source));
    Json json = Json::array();
    for (const FactOwner& owner : owners) {
      std::vector<Fact> facts;
      if (owner.is_relationship) {
        RELATA_ASSIGN_OR_RETURN(const auto state,
                                snapshot.GetRelationship(RelationshipId(owner.id)));
        if (state) facts = state->facts;
      } else {
        RELATA_ASSIGN_OR_RETURN(const auto state, snapshot.GetEntity(EntityId(owner.id)));
        const std::vector<Fact>* of = state ? state->FindProperty(owner.property) : nullptr;
        if (of != nullptr) facts = *of;
      }
      for (const Fact& fact : facts) {
        if (fact.id != owner.fact) continue;
        RELATA_ASSIGN_OR_RETURN(Json one,
                                FactToCase(snapshot, fact, EvaluateBelief(fact, *DefaultPolicy()),
                                           owner.is_relationship));
        json.push_back(std::move(one));
      }
    }
    return json;
  }

  absl::StatusOr<Json> AskShortest(const Snapshot& snapshot, const ReadView& view,
                                   const Json& params) {
    PathRequest request;
    RELATA_ASSIGN_OR_RETURN(request.start, Named(snapshot, params["start"]));
    RELATA_ASSIGN_OR_RETURN(request.end, Named(snapshot, params["end"]));
    request.steps = StepsOf(snapshot, params["steps"]);
    request.max_hops = params.value("max_hops", 0);
    Budget budget(&clock_, {});
    RELATA_ASSIGN_OR_RETURN(const PathAnswer answer, ShortestPath(snapshot, view, request, budget));
    return answer.path ? Json(answer.path->size()) : Json();
  }

  static Json RangeHigh(const Range& range) {
    return std::isinf(range.high) ? Json() : Json(range.high);
  }

  static absl::StatusOr<ChainRequest> ChainRequestOf(const Snapshot& snapshot, const Json& params) {
    ChainRequest request;
    RELATA_ASSIGN_OR_RETURN(request.start, Named(snapshot, params["start"]));
    request.steps = StepsOf(snapshot, params["steps"]);
    request.min_hops = params.value("min_hops", 1);
    request.max_hops = params["max_hops"];
    request.mode =
        params.value("mode", "SIMPLE") == "TRAIL" ? ChainMode::kTrail : ChainMode::kSimple;
    request.parallel = params.value("parallel", "EACH") == "MERGED" ? ChainParallel::kMerged
                                                                    : ChainParallel::kEach;
    const std::string order = params.value("order", "share");
    request.order = order == "hops"     ? ChainOrder::kHops
                    : order == "amount" ? ChainOrder::kAmount
                                        : ChainOrder::kShare;
    const std::string currency = params.value("currency", "");
    std::copy_n(currency.begin(), std::min<size_t>(3, currency.size()), request.currency.begin());
    if (params.contains("end")) {
      RELATA_ASSIGN_OR_RETURN(request.end, Named(snapshot, params["end"]));
    }
    request.non_decreasing = params.value("non_decreasing", false);
    if (params.contains("started_from")) {
      RELATA_ASSIGN_OR_RETURN(request.started_from,
                              ParseInstant(params["started_from"].get<std::string>()));
    }
    if (params.contains("started_before")) {
      RELATA_ASSIGN_OR_RETURN(request.started_before,
                              ParseInstant(params["started_before"].get<std::string>()));
    }
    request.limit = params.value("limit", size_t{100000});
    return request;
  }

  absl::StatusOr<Json> AskChains(const Snapshot& snapshot, const ReadView& view,
                                 const Json& params) {
    RELATA_ASSIGN_OR_RETURN(ChainRequest request, ChainRequestOf(snapshot, params));
    const size_t wanted = request.limit;
    const size_t page = params.value("page_size", wanted);
    Json json = {{"chains", Json::array()}, {"invalid_shares", Json::array()}};
    std::map<std::string, int> invalid;
    std::optional<ChainCursor> after;
    do {
      request.limit = std::min(page, wanted - json["chains"].size());
      Budget budget(&clock_, {});
      RELATA_ASSIGN_OR_RETURN(
          const ChainAnswer answer,
          FindChains(snapshot, view, request, after ? &*after : nullptr, budget));
      for (const Chain& chain : answer.chains) {
        RELATA_ASSIGN_OR_RETURN(Json row, ChainToCase(snapshot, request, chain));
        json["chains"].push_back(std::move(row));
      }
      for (const RelationshipId id : answer.invalid_shares) {
        RELATA_ASSIGN_OR_RETURN(const auto ends, snapshot.GetRelationshipEnds(id));
        RELATA_ASSIGN_OR_RETURN(const std::string name, NameOf(snapshot, *ends));
        invalid[name] = 1;
      }
      after = answer.next;
    } while (after && json["chains"].size() < wanted);
    for (const auto& [name, one] : invalid) json["invalid_shares"].push_back(name);
    return json;
  }

  static absl::StatusOr<Json> ChainToCase(const Snapshot& snapshot, const ChainRequest& request,
                                          const Chain& chain) {
    Json relationships = Json::array();
    RELATA_ASSIGN_OR_RETURN(const std::string start, KeyOf(snapshot, request.start));
    Json entities = Json::array({start});
    for (const ChainHop& hop : chain.hops) {
      Json merged = Json::array();
      for (const ChainEdge& edge : hop.edges) {
        RELATA_ASSIGN_OR_RETURN(const std::string name, NameOf(snapshot, edge.ends));
        merged.push_back(name);
      }
      relationships.push_back(request.parallel == ChainParallel::kMerged ? merged : merged[0]);
      RELATA_ASSIGN_OR_RETURN(const std::string to, KeyOf(snapshot, hop.to));
      entities.push_back(to);
    }
    Json json = {{"relationships", relationships},
                 {"entities", entities},
                 {"low", chain.share.low},
                 {"high", chain.share.high},
                 {"rank", chain.rank}};
    if (chain.least_amount) {
      json["least_amount"] = {chain.least_amount->low, RangeHigh(*chain.least_amount)};
    }
    return json;
  }

  absl::StatusOr<Json> AskTimeline(const Snapshot& snapshot, const ReadView& view,
                                   const Json& params) {
    TimelineRequest request;
    RELATA_ASSIGN_OR_RETURN(const EntityId start, Named(snapshot, params["start"]));
    request.subjects = {start};
    request.via = StepsOf(snapshot, params.value("via", Json::array()));
    request.min_hops = params.value("min_hops", 0);
    request.max_hops = params.value("max_hops", 0);
    for (const Json& event : params["events"]) {
      TimelineEvent wanted;
      if (event.contains("property")) {
        wanted.property = snapshot.names()
                              .FindProperty(event["property"].get<std::string>())
                              .value_or(PropertyId(UINT32_MAX));
      } else {
        wanted.type = snapshot.names()
                          .FindType(event["type"].get<std::string>())
                          .value_or(TypeId(UINT32_MAX));
        wanted.direction = DirectionFromCase(event, Direction::kEither);
      }
      request.events.push_back(wanted);
    }
    request.path_at_date = params.value("path_validity", "any") == "at_date";
    request.descending = params.value("descending", false);
    const size_t wanted = params.value("limit", size_t{100000});
    Json json = Json::array();
    std::optional<TimelineCursor> after;
    do {
      request.limit = std::min<size_t>(4, wanted - json.size());
      Budget budget(&clock_, {});
      RELATA_ASSIGN_OR_RETURN(
          const TimelineAnswer answer,
          BuildTimeline(snapshot, view, request, after ? &*after : nullptr, budget));
      for (const TimelineEntry& entry : answer.entries) {
        RELATA_ASSIGN_OR_RETURN(Json row, EntryToCase(snapshot, entry));
        json.push_back(std::move(row));
      }
      after = answer.next;
    } while (after && json.size() < wanted);
    return json;
  }

  static absl::StatusOr<Json> EntryToCase(const Snapshot& snapshot, const TimelineEntry& entry) {
    static constexpr const char* kKinds[] = {"begin", "end", "status"};
    Json json;
    json["kind"] = kKinds[static_cast<int>(entry.kind)];
    if (entry.relationship) {
      RELATA_ASSIGN_OR_RETURN(json["fact_of"], NameOf(snapshot, *entry.relationship));
      json["value"] = PropertiesToCase(snapshot, entry.fact);
    } else {
      json["fact_of"] = std::string(snapshot.names().Name(entry.owner.property));
      json["value"] = ValueToCase(entry.fact.value);
    }
    json["date"] = entry.unknown ? Json::array({"-inf", "+inf"}) : BoundToCase(entry.date);
    json["unknown"] = entry.unknown;
    RELATA_ASSIGN_OR_RETURN(json["subject"], KeyOf(snapshot, entry.subject));
    json["actor"] = "";
    if (entry.actor) {
      RELATA_ASSIGN_OR_RETURN(json["actor"], KeyOf(snapshot, *entry.actor));
    }
    json["paths"] = entry.paths;
    json["shortest"] = entry.shortest.size();
    if (entry.kind == TimelineKind::kStatus) json["status"] = StatusToCase(entry.status);
    return json;
  }

  MemoryKv kv_;
  ManualClock clock_{0};
  std::unique_ptr<Database> db_;
  NamedFacts named_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<CaseBackend>> MakeGraphBackend() {
  auto backend = std::make_unique<GraphBackend>();
  RELATA_RETURN_IF_ERROR(backend->Open());
  return backend;
}

}  // namespace relata
