#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/answers/chains.h"
#include "graph/answers/paths.h"
#include "graph/answers/timeline.h"
#include "graph/budget.h"
#include "graph/query/procedures/answer_arguments.h"
#include "graph/query/procedures/builtin_procedures.h"
#include "graph/query/query_error.h"

// CALL relata.…: the answers of graph/answers, as the RPCs give them, over the snapshot and view of
// the statement's own time context.
namespace relata::query {
namespace {

constexpr int64_t kMostHops = 100;
constexpr int64_t kMostRows = 1'000'000;

absl::Status BadChoice(absl::string_view name, absl::string_view choices) {
  return ArgumentError("InvalidArgumentValue", absl::StrCat(name, " must be one of ", choices));
}

Datum RelationshipDatum(const RelationshipEnds& ends, FactId fact) {
  return Datum::Of(RelationshipRef{ends, fact, 0});
}

Datum NumberOrNull(const std::optional<Range>& range, bool low) {
  if (!range) return Datum();
  return Datum::Float(low ? range->low : range->high);
}

Datum ChainPath(EntityId start, const Chain& chain) {
  PathValue path;
  path.nodes.push_back({start, 0});
  for (const ChainHop& hop : chain.hops) {
    path.relationships.push_back({hop.edges.front().ends, hop.edges.front().fact.id, 0});
    path.nodes.push_back({hop.to, 0});
  }
  return Datum::Of(std::move(path));
}

absl::Status ReadChainOptions(ExecutionContext& context, Options& options, ChainRequest& request) {
  RELATA_ASSIGN_OR_RETURN(const int64_t min_hops, options.Integer("minHops", 0, kMostHops, 1));
  RELATA_ASSIGN_OR_RETURN(const int64_t max_hops, options.Integer("maxHops", 1, kMostHops, 5));
  RELATA_ASSIGN_OR_RETURN(const int64_t limit, options.Integer("limit", 1, kMostRows, 10));
  request.min_hops = static_cast<int>(min_hops);
  request.max_hops = static_cast<int>(max_hops);
  request.limit = static_cast<size_t>(limit);
  RELATA_ASSIGN_OR_RETURN(const std::string mode, options.Text("mode", "SIMPLE"));
  if (mode != "SIMPLE" && mode != "TRAIL") return BadChoice("mode", "SIMPLE, TRAIL");
  request.mode = mode == "SIMPLE" ? ChainMode::kSimple : ChainMode::kTrail;
  RELATA_ASSIGN_OR_RETURN(const std::string parallel, options.Text("parallel", "EACH"));
  if (parallel != "EACH" && parallel != "MERGED") return BadChoice("parallel", "EACH, MERGED");
  request.parallel = parallel == "EACH" ? ChainParallel::kEach : ChainParallel::kMerged;
  RELATA_ASSIGN_OR_RETURN(const std::string order, options.Text("order", "share"));
  if (order != "share" && order != "hops" && order != "amount")
    return BadChoice("order", "share, hops, amount");
  request.order = order == "share"  ? ChainOrder::kShare
                  : order == "hops" ? ChainOrder::kHops
                                    : ChainOrder::kAmount;
  RELATA_ASSIGN_OR_RETURN(const std::string currency, options.Text("currency", ""));
  if (!currency.empty() && currency.size() != 3)
    return BadChoice("currency", "three letters such as USD");
  std::copy(currency.begin(), currency.end(), request.currency.begin());
  if (const Datum* to = options.Take("to")) {
    RELATA_ASSIGN_OR_RETURN(request.end, EntityArgument(context, "to", *to));
  }
  RELATA_ASSIGN_OR_RETURN(request.non_decreasing, options.Boolean("nonDecreasing", false));
  RELATA_ASSIGN_OR_RETURN(request.started_from, options.Time("startedFrom", kMinusInfinity));
  RELATA_ASSIGN_OR_RETURN(request.started_before, options.Time("startedBefore", kPlusInfinity));
  RELATA_ASSIGN_OR_RETURN(const std::vector<std::string> labels, options.Texts("endLabels"));
  request.end_labels = LabelsFrom(context, labels);
  return options.Finish();
}

absl::Status Chains(ExecutionContext& context, absl::Span<const Datum> args, const RowSink& sink) {
  ChainRequest request;
  RELATA_ASSIGN_OR_RETURN(request.start, EntityArgument(context, "start", args[0]));
  RELATA_ASSIGN_OR_RETURN(request.steps, StepsArgument(context, "steps", args[1]));
  RELATA_ASSIGN_OR_RETURN(Options options, Options::From(args[2]));
  RELATA_RETURN_IF_ERROR(ReadChainOptions(context, options, request));
  // The edges are for paths alone.
  constexpr size_t kPath = 0;
  request.with_edges = sink.Wants(kPath);
  const ReadContext& at = context.reader->context(0);
  Budget budget = AnswerBudget(context);
  RELATA_ASSIGN_OR_RETURN(const ChainAnswer answer,
                          FindChains(at.snapshot, at.view, request, nullptr, budget));
  RELATA_RETURN_IF_ERROR(context.budget->SpendExpansions(budget.spent()));
  std::vector<Datum> row;
  for (const Chain& chain : answer.chains) {
    row.clear();
    row.push_back(request.with_edges ? ChainPath(request.start, chain) : Datum());
    row.push_back(NodeDatum(chain.hops.empty() ? request.start : chain.hops.back().to));
    row.push_back(Datum::Int(static_cast<int64_t>(chain.hops.size())));
    row.push_back(Datum::Float(chain.share.low));
    row.push_back(Datum::Float(chain.share.high));
    row.push_back(NumberOrNull(chain.least_amount, true));
    row.push_back(NumberOrNull(chain.least_amount, false));
    row.push_back(Datum::Bool(!answer.cut));
    RELATA_ASSIGN_OR_RETURN(const bool more, sink(row));
    if (!more) break;
  }
  return absl::OkStatus();
}

absl::string_view KindName(TimelineKind kind) {
  switch (kind) {
    case TimelineKind::kBegin:
      return "begin";
    case TimelineKind::kEnd:
      return "end";
    case TimelineKind::kStatus:
      return "status";
  }
  return "";
}

absl::string_view StatusName(FactStatus status) {
  switch (status) {
    case FactStatus::kUncited:
      return "uncited";
    case FactStatus::kAsserted:
      return "asserted";
    case FactStatus::kDisputed:
      return "disputed";
    case FactStatus::kRetracted:
      return "retracted";
  }
  return "";
}

// `REGULATED`, `<REGULATED`, `REGULATED>` or `.valuation`.
absl::StatusOr<std::vector<TimelineEvent>> EventsArgument(ExecutionContext& context,
                                                          const Datum& value) {
  std::vector<TimelineEvent> events;
  const Datum::List one = {value};
  for (const Datum& each : value.is_list() ? value.AsList() : one) {
    TimelineEvent event;
    if (each.is_string() && !each.AsString().empty() && each.AsString().front() == '.') {
      const absl::string_view name = each.AsString().substr(1);
      event.property = context.reader->names().FindProperty(name).value_or(PropertyId(UINT32_MAX));
    } else {
      RELATA_ASSIGN_OR_RETURN(const std::vector<Step> steps,
                              StepsArgument(context, "events", each));
      event.type = steps[0].type;
      event.direction = steps[0].direction;
    }
    events.push_back(event);
  }
  return events;
}

// The outputs of relata.timeline, in the order of its signature.
enum TimelineOutput : size_t {
  kDate,
  kKind,
  kStatus,
  kSubject,
  kActor,
  kRelationship,
  kProperty,
  kValue,
  kReached,
  kPath,
  kPaths,
  kTimelineOutputs
};

Datum ViaPath(const TimelineEntry& entry) {
  PathValue path;
  path.nodes.push_back({entry.shortest_from, 0});
  for (const TimelineHop& hop : entry.shortest) {
    path.relationships.push_back({hop.ends, FactId(), 0});
    path.nodes.push_back({hop.to, 0});
  }
  return Datum::Of(std::move(path));
}

// Makes rows of entries. What costs something is made where it is wanted.
class TimelineRows {
 public:
  TimelineRows(ExecutionContext& context, const RowSink& sink) : context_(context), sink_(sink) {
    for (size_t i = 0; i < kTimelineOutputs; ++i) wanted_[i] = sink.Wants(i);
  }

  // False: no more rows are wanted.
  absl::StatusOr<bool> Give(const TimelineEntry& entry) {
    if (wanted_[kDate]) SetDate(entry.date);
    if (wanted_[kKind]) row_[kKind] = Datum::String(KindName(entry.kind));
    if (wanted_[kStatus]) row_[kStatus] = Datum::String(StatusName(entry.status));
    row_[kSubject] = NodeDatum(entry.subject);
    row_[kActor] = entry.actor ? NodeDatum(*entry.actor) : Datum();
    if (wanted_[kRelationship]) {
      row_[kRelationship] =
          entry.relationship ? RelationshipDatum(*entry.relationship, entry.fact.id) : Datum();
    }
    const bool of_property = !entry.owner.is_relationship;
    if (wanted_[kProperty]) {
      row_[kProperty] = of_property
                            ? Datum::String(context_.reader->names().Name(entry.owner.property))
                            : Datum();
    }
    if (wanted_[kValue]) row_[kValue] = of_property ? Datum::FromValue(entry.fact.value) : Datum();
    row_[kReached] = NodeDatum(entry.reached);
    if (wanted_[kPath]) row_[kPath] = ViaPath(entry);
    row_[kPaths] = Datum::Int(static_cast<int64_t>(entry.paths));
    return sink_(row_);
  }

 private:
  // Entries come by date, so many have that of the one before.
  void SetDate(const Bound& date) {
    if (!row_[kDate].is_null() && date == date_) return;
    date_ = date;
    row_[kDate] = Datum::String(date.ToString());
  }

  ExecutionContext& context_;
  const RowSink& sink_;
  std::array<bool, kTimelineOutputs> wanted_{};
  std::vector<Datum> row_ = std::vector<Datum>(kTimelineOutputs);
  Bound date_;  // of the last row
};

absl::Status Timeline(ExecutionContext& context, absl::Span<const Datum> args,
                      const RowSink& sink) {
  TimelineRequest request;
  RELATA_ASSIGN_OR_RETURN(request.subjects, EntitiesArgument(context, "subjects", args[0]));
  RELATA_ASSIGN_OR_RETURN(request.events, EventsArgument(context, args[1]));
  RELATA_ASSIGN_OR_RETURN(Options options, Options::From(args[2]));
  if (const Datum* via = options.Take("via")) {
    RELATA_ASSIGN_OR_RETURN(request.via, StepsArgument(context, "via", *via));
  }
  RELATA_ASSIGN_OR_RETURN(const int64_t min_hops, options.Integer("minHops", 0, kMostHops, 0));
  RELATA_ASSIGN_OR_RETURN(const int64_t max_hops,
                          options.Integer("maxHops", 0, kMostHops, request.via.empty() ? 0 : 3));
  RELATA_ASSIGN_OR_RETURN(const int64_t limit, options.Integer("limit", 1, kMostRows, 100));
  RELATA_ASSIGN_OR_RETURN(request.from, options.Time("from", kMinusInfinity));
  RELATA_ASSIGN_OR_RETURN(request.to, options.Time("to", kPlusInfinity));
  RELATA_ASSIGN_OR_RETURN(request.path_at_date, options.Boolean("pathAtDate", false));
  RELATA_ASSIGN_OR_RETURN(request.descending, options.Boolean("descending", false));
  RELATA_RETURN_IF_ERROR(options.Finish());
  request.min_hops = static_cast<int>(min_hops);
  request.max_hops = static_cast<int>(max_hops);
  request.limit = static_cast<size_t>(limit);
  request.with_paths = sink.Wants(kPath) || sink.Wants(kPaths) || sink.Wants(kReached);
  request.with_facts = false;
  const ReadContext& at = context.reader->context(0);
  Budget budget = AnswerBudget(context);
  RELATA_ASSIGN_OR_RETURN(const TimelineAnswer answer,
                          BuildTimeline(at.snapshot, at.view, request, nullptr, budget));
  RELATA_RETURN_IF_ERROR(context.budget->SpendExpansions(budget.spent()));
  TimelineRows rows(context, sink);
  for (const TimelineEntry& entry : answer.entries) {
    RELATA_ASSIGN_OR_RETURN(const bool more, rows.Give(entry));
    if (!more) break;
  }
  return absl::OkStatus();
}

absl::string_view NameKindText(NameKind kind) {
  switch (kind) {
    case NameKind::kPreferred:
      return "preferred";
    case NameKind::kAlias:
      return "alias";
    case NameKind::kAbbreviation:
      return "abbreviation";
    case NameKind::kFormer:
      return "former";
  }
  return "";
}

absl::Status Find(ExecutionContext& context, absl::Span<const Datum> args, const RowSink& sink) {
  RELATA_ASSIGN_OR_RETURN(Options options, Options::From(args[1]));
  RELATA_ASSIGN_OR_RETURN(const bool prefix, options.Boolean("prefix", false));
  RELATA_ASSIGN_OR_RETURN(const int64_t limit, options.Integer("limit", 1, kMostRows, 100));
  RELATA_RETURN_IF_ERROR(options.Finish());
  if (!args[0].is_string()) return ArgumentError("InvalidArgumentType", "text must be a text");
  RELATA_ASSIGN_OR_RETURN(const std::vector<NameMatch> matches,
                          context.reader->context(0).snapshot.FindByName(
                              args[0].AsString(), prefix, static_cast<size_t>(limit)));
  for (const NameMatch& match : matches) {
    RELATA_ASSIGN_OR_RETURN(
        const bool more,
        sink({NodeDatum(match.entity), Datum::String(match.name.text),
              Datum::String(match.name.language), Datum::String(NameKindText(match.name.kind))}));
    if (!more) break;
  }
  return absl::OkStatus();
}

absl::Status Paths(ExecutionContext& context, absl::Span<const Datum> args, const RowSink& sink) {
  PathRequest request;
  RELATA_ASSIGN_OR_RETURN(request.start, EntityArgument(context, "start", args[0]));
  RELATA_ASSIGN_OR_RETURN(request.end, EntityArgument(context, "end", args[1]));
  RELATA_ASSIGN_OR_RETURN(Options options, Options::From(args[2]));
  request.steps = {Step{TypeId(), Direction::kEither}};
  if (const Datum* steps = options.Take("steps")) {
    RELATA_ASSIGN_OR_RETURN(request.steps, StepsArgument(context, "steps", *steps));
  }
  RELATA_ASSIGN_OR_RETURN(const int64_t max_hops, options.Integer("maxHops", 0, kMostHops, 0));
  RELATA_RETURN_IF_ERROR(options.Finish());
  request.max_hops = static_cast<int>(max_hops);
  const ReadContext& at = context.reader->context(0);
  Budget budget = AnswerBudget(context);
  RELATA_ASSIGN_OR_RETURN(const PathAnswer answer,
                          ShortestPath(at.snapshot, at.view, request, budget));
  RELATA_RETURN_IF_ERROR(context.budget->SpendExpansions(budget.spent()));
  if (!answer.path) return absl::OkStatus();
  PathValue path;
  path.nodes.push_back({request.start, 0});
  for (const PathHop& hop : *answer.path) {
    path.relationships.push_back({hop.ends, hop.fact.id, 0});
    path.nodes.push_back({hop.to, 0});
  }
  const auto length = static_cast<int64_t>(answer.path->size());
  return sink({Datum::Of(std::move(path)), Datum::Int(length)}).status();
}

}  // namespace

std::vector<Procedure> AnswerProcedures() {
  const TypeSet entity = types::kNode | types::kString;
  const TypeSet texts = types::kList | types::kString;
  return {
      {"relata.chains",
       {Input("start", entity, "NODE | STRING"), Input("steps", texts, "LIST<STRING> | STRING"),
        OptionsInput()},
       {Output("path", types::kPath, "PATH"), Output("end", types::kNode, "NODE"),
        Output("hops", types::kInt, "INTEGER"), Output("shareLow", types::kFloat, "FLOAT"),
        Output("shareHigh", types::kFloat, "FLOAT"),
        Output("amountLow", types::kFloat | types::kNull, "FLOAT"),
        Output("amountHigh", types::kFloat | types::kNull, "FLOAT"),
        Output("complete", types::kBool, "BOOLEAN")},
       false,
       "The best chains of relationships from an entity: options minHops, maxHops, to, endLabels, "
       "order (share, hops, amount), "
       "currency, mode (SIMPLE, TRAIL), parallel (EACH, MERGED), nonDecreasing, startedFrom, "
       "startedBefore, limit.",
       Chains},
      {"relata.timeline",
       {Input("subjects", entity | types::kList, "NODE | STRING | LIST"),
        Input("events", texts, "LIST<STRING> | STRING"), OptionsInput()},
       {Output("date", types::kString, "STRING"), Output("kind", types::kString, "STRING"),
        Output("status", types::kString, "STRING"), Output("subject", types::kNode, "NODE"),
        Output("actor", types::kNode | types::kNull, "NODE"),
        Output("relationship", types::kRelationship | types::kNull, "RELATIONSHIP"),
        Output("property", types::kString | types::kNull, "STRING"),
        Output("value", types::kAny, "ANY"), Output("reached", types::kNode, "NODE"),
        Output("path", types::kPath, "PATH"), Output("paths", types::kInt, "INTEGER")},
       false,
       "What happened to entities and to what they reach, by date: events are types with a "
       "direction or .properties; options via, "
       "minHops, maxHops, from, to, pathAtDate, descending, limit.",
       Timeline},
      {"relata.find",
       {Input("text", types::kString, "STRING"), OptionsInput()},
       {Output("entity", types::kNode, "NODE"), Output("name", types::kString, "STRING"),
        Output("language", types::kString, "STRING"), Output("kind", types::kString, "STRING")},
       false,
       "Entities by a name in any language; options prefix, limit.",
       Find},
      {"relata.paths",
       {Input("start", entity, "NODE | STRING"), Input("end", entity, "NODE | STRING"),
        OptionsInput()},
       {Output("path", types::kPath, "PATH"), Output("length", types::kInt, "INTEGER")},
       false,
       "A shortest path between two entities; options steps, maxHops.",
       Paths},
  };
}

}  // namespace relata::query
