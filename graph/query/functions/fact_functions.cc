// What lies behind a value: when it holds, since when the database knows it, and who says so (S1 to
// S5, S11.2).
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/catalog/reserved_names.h"
#include "graph/facts/belief.h"
#include "graph/query/executor/graph_reader.h"
#include "graph/query/functions/arguments.h"
#include "graph/query/functions/fact_columns.h"
#include "graph/query/functions/fact_history.h"
#include "graph/query/functions/fact_maps.h"
#include "graph/query/functions/function.h"
#include "graph/query/functions/instants.h"
#include "graph/query/runtime/column.h"

namespace relata::query {
namespace {

using Kind = Datum::Kind;

// The fact that a function is asked of: of a relationship, or of the property (second argument) of
// a node.
struct SeenFact {
  const Fact* fact = nullptr;
  const BeliefPolicy* policy = nullptr;
};
absl::StatusOr<SeenFact> FactOf(absl::string_view function, CallContext& context, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(GraphReader * reader, context.Reader());
  SeenFact seen;
  if (args[0].kind() == Kind::kRelationship) {
    const RelationshipRef& relationship = args[0].AsRelationship();
    seen.policy = reader->PointView(relationship.context).policy.get();
    RELATA_ASSIGN_OR_RETURN(seen.fact, reader->SeenFact(relationship));
    return seen;
  }
  if (args[0].kind() != Kind::kNode || args.size() < 2) {
    return WrongArgument(function, args[0],
                         "a Relationship, or a Node and the name of one of its properties");
  }
  RELATA_ASSIGN_OR_RETURN(const absl::string_view property, StringArgument(function, args[1]));
  seen.policy = reader->PointView(args[0].AsNode().context).policy.get();
  RELATA_ASSIGN_OR_RETURN(seen.fact, reader->SeenFact(args[0].AsNode(), property));
  return seen;
}

absl::StatusOr<Datum> ValidFrom(CallContext& context, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(const SeenFact seen, FactOf("validFrom", context, args));
  return seen.fact == nullptr ? Datum() : DateTimeOf(seen.fact->valid.from.earliest);
}

absl::StatusOr<Datum> ValidTo(CallContext& context, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(const SeenFact seen, FactOf("validTo", context, args));
  if (seen.fact == nullptr || seen.fact->valid.to.unknown) return Datum();
  return DateTimeOf(seen.fact->valid.to.earliest);
}

// Of relationships: as ValidFrom and ValidTo of each.
absl::Status ValidTimesOf(CallContext& context, const Column& relationships, PropertyId side,
                          Column* out) {
  RELATA_ASSIGN_OR_RETURN(GraphReader * reader, context.Reader());
  Column instants;
  RELATA_RETURN_IF_ERROR(reader->ValidTimes(relationships, side, &instants));
  *out = Column(Column::Kind::kDateTime);
  out->Resize(instants.size());
  const bool packed = instants.kind() == Column::Kind::kInt;
  for (size_t row = 0; row < instants.size(); ++row) {
    if (instants.IsNull(row)) {
      out->SetNull(row);
      continue;
    }
    const Instant instant = packed ? instants.ints()[row] : instants.Get(row).AsInt();
    out->mutable_times()[row] = UtcTime{instant};
    if (instant == kMinusInfinity || instant == kPlusInfinity) out->SetNull(row);
  }
  return absl::OkStatus();
}
absl::Status ValidFromOf(CallContext& context, const Column& relationships, Column* out) {
  return ValidTimesOf(context, relationships, PropertyColumns::kValidFrom, out);
}
absl::Status ValidToOf(CallContext& context, const Column& relationships, Column* out) {
  return ValidTimesOf(context, relationships, PropertyColumns::kValidTo, out);
}

absl::StatusOr<Datum> ValidPrecision(CallContext& context, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(const SeenFact seen, FactOf("validPrecision", context, args));
  return seen.fact == nullptr ? Datum() : PrecisionMap(seen.fact->valid);
}

// All facts of a relationship, or of the property of a node; null: none.
absl::StatusOr<const std::vector<Fact>*> FactsOf(GraphReader& reader, const Datum& entity,
                                                 absl::string_view property) {
  if (entity.kind() == Kind::kRelationship) {
    RELATA_ASSIGN_OR_RETURN(const RelationshipState* state, reader.State(entity.AsRelationship()));
    return state == nullptr ? nullptr : &state->facts;
  }
  RELATA_ASSIGN_OR_RETURN(const EntityState* state, reader.State(entity.AsNode()));
  const std::optional<PropertyId> id = reader.names().FindProperty(property);
  return state == nullptr || !id ? nullptr : state->FindProperty(*id);
}

// The fact that the entity's context sees at `t`.
absl::StatusOr<const Fact*> FactAt(GraphReader& reader, const Datum& entity,
                                   absl::string_view property, Instant t) {
  const ContextId context =
      entity.kind() == Kind::kNode ? entity.AsNode().context : entity.AsRelationship().context;
  const ReadView& now = reader.PointView(context);
  RELATA_ASSIGN_OR_RETURN(const std::vector<Fact>* facts, FactsOf(reader, entity, property));
  if (facts == nullptr) return nullptr;
  return SelectOne(*facts, {ValidTime::At(t, now.valid.certainly), now.policy});
}

// validAt(relationship, t), validAt(node, property, t)
absl::StatusOr<Datum> ValidAt(CallContext& context, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(GraphReader * reader, context.Reader());
  const bool of_node = args[0].kind() == Kind::kNode && args.size() == 3;
  if (!of_node && (args[0].kind() != Kind::kRelationship || args.size() != 2)) {
    return WrongArgument("validAt", args[0],
                         "a Relationship and a time, or a Node, a property and a time");
  }
  absl::string_view property;
  if (of_node) {
    RELATA_ASSIGN_OR_RETURN(property, StringArgument("validAt", args[1]));
  }
  RELATA_ASSIGN_OR_RETURN(const Instant t, InstantOf(args[args.size() - 1]));
  RELATA_ASSIGN_OR_RETURN(const Fact* fact, FactAt(*reader, args[0], property, t));
  return Datum::Bool(fact != nullptr);
}

absl::StatusOr<Datum> ValueAt(CallContext& context, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(GraphReader * reader, context.Reader());
  if (args[0].kind() != Kind::kNode && args[0].kind() != Kind::kRelationship) {
    return WrongArgument("valueAt", args[0], "a Node or a Relationship");
  }
  RELATA_ASSIGN_OR_RETURN(const absl::string_view property, StringArgument("valueAt", args[1]));
  if (absl::StartsWith(property, "_")) return Datum();
  RELATA_ASSIGN_OR_RETURN(const Instant t, InstantOf(args[2]));
  RELATA_ASSIGN_OR_RETURN(const Fact* fact, FactAt(*reader, args[0], property, t));
  if (fact == nullptr) return Datum();
  if (args[0].kind() == Kind::kNode) return Datum::FromValue(fact->value);
  const std::optional<PropertyId> id = reader->names().FindProperty(property);
  const Value* value = id ? fact->FindProperty(*id) : nullptr;
  return value == nullptr ? Datum() : Datum::FromValue(*value);
}

// The commit of a fact, or the one that made a node; version 0 in a transaction that has not
// committed; nullopt: no such fact.
absl::StatusOr<std::optional<CommitVersion>> VersionOf(absl::string_view function,
                                                       CallContext& context, Arguments args) {
  if (args[0].kind() == Kind::kNode && args.size() == 1) {
    RELATA_ASSIGN_OR_RETURN(GraphReader * reader, context.Reader());
    RELATA_ASSIGN_OR_RETURN(const EntityState* state, reader->State(args[0].AsNode()));
    return state == nullptr ? std::nullopt : std::optional<CommitVersion>(state->created);
  }
  RELATA_ASSIGN_OR_RETURN(const SeenFact seen, FactOf(function, context, args));
  return seen.fact == nullptr ? std::nullopt : std::optional<CommitVersion>(seen.fact->recorded);
}

absl::StatusOr<Datum> VersionNumber(CallContext& context, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(const auto version, VersionOf("commitVersion", context, args));
  if (!version || !version->valid()) return Datum();
  return Datum::Int(static_cast<int64_t>(version->value()));
}

absl::StatusOr<Datum> RecordedAt(CallContext& context, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(const auto version, VersionOf("recordedAt", context, args));
  if (!version) return Datum();
  RELATA_ASSIGN_OR_RETURN(GraphReader * reader, context.Reader());
  RELATA_ASSIGN_OR_RETURN(const std::optional<Instant> time, reader->CommitTime(*version));
  return time ? DateTimeOf(*time) : Datum();
}

absl::StatusOr<Datum> Citations(CallContext& context, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(const SeenFact seen, FactOf("citations", context, args));
  if (seen.fact == nullptr) return Datum();
  const ContextId in =
      args[0].kind() == Kind::kNode ? args[0].AsNode().context : args[0].AsRelationship().context;
  return CitationList(*seen.fact, in);
}

absl::StatusOr<Datum> Confidence(CallContext& context, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(const SeenFact seen, FactOf("confidence", context, args));
  if (seen.fact == nullptr) return Datum();
  return Datum::Float(EvaluateBelief(*seen.fact, *seen.policy).confidence);
}

// The names that the node's context sees (S1.3: all that are valid), best first: preferred ones,
// aliases, abbreviations, former ones; in each by rank.
absl::StatusOr<std::vector<const Fact*>> NamesOf(absl::string_view function, CallContext& context,
                                                 const Datum& node) {
  RELATA_ASSIGN_OR_RETURN(GraphReader * reader, context.Reader());
  if (node.kind() != Kind::kNode) return WrongArgument(function, node, "a Node");
  RELATA_ASSIGN_OR_RETURN(const EntityState* state, reader->State(node.AsNode()));
  std::vector<std::pair<const Fact*, double>> seen;
  const std::vector<Fact>* facts = state == nullptr ? nullptr : state->FindProperty(kNamesProperty);
  const ReadView& view = reader->context(node.AsNode().context).view;
  for (size_t i = 0; facts != nullptr && i < facts->size(); ++i) {
    const Fact& fact = (*facts)[i];
    const Belief belief = EvaluateBelief(fact, *view.policy);
    if (!belief.visible && !view.policy->raw) continue;
    if (Matches(view.valid, fact.valid, belief.certain_from)) {
      seen.emplace_back(&fact, belief.confidence);
    }
  }
  std::sort(seen.begin(), seen.end(), [](const auto& a, const auto& b) {
    const NameKind kind_a = NameFromValue(a.first->value).kind;
    const NameKind kind_b = NameFromValue(b.first->value).kind;
    if (kind_a != kind_b) return kind_a < kind_b;
    return RanksBefore(*a.first, a.second, *b.first, b.second);
  });
  std::vector<const Fact*> names;
  names.reserve(seen.size());
  for (const auto& [fact, confidence] : seen) names.push_back(fact);
  return names;
}

// Whether a tag is the language asked for or a kind of it: `zh-Hant` is `zh`.
bool IsLanguage(absl::string_view tag, absl::string_view wanted) {
  return absl::StartsWithIgnoreCase(tag, wanted) &&
         (tag.size() == wanted.size() || tag[wanted.size()] == '-');
}

absl::StatusOr<Datum> BestName(CallContext& context, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(const std::vector<const Fact*> names, NamesOf("name", context, args[0]));
  if (args.size() == 1) {
    if (!names.empty()) return Datum::String(NameFromValue(names.front()->value).text);
    return context.reader->Property(args[0], "name");
  }
  RELATA_ASSIGN_OR_RETURN(const absl::string_view language, StringArgument("name", args[1]));
  for (const Fact* fact : names) {
    const EntityName name = NameFromValue(fact->value);
    if (IsLanguage(name.language, language)) return Datum::String(name.text);
  }
  return Datum();
}

absl::StatusOr<Datum> AllNames(CallContext& context, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(const std::vector<const Fact*> names, NamesOf("names", context, args[0]));
  Datum::List list;
  for (const Fact* fact : names) list.push_back(NameMap(*fact));
  return CheckedList(std::move(list));
}

absl::StatusOr<Datum> History(CallContext& context, Arguments args) {
  RELATA_ASSIGN_OR_RETURN(GraphReader * reader, context.Reader());
  std::optional<std::string> property;
  if (args.size() == 2) {
    RELATA_ASSIGN_OR_RETURN(const absl::string_view name, StringArgument("history", args[1]));
    property = std::string(name);
  }
  if (args[0].kind() != Kind::kNode && args[0].kind() != Kind::kRelationship) {
    return WrongArgument("history", args[0], "a Node or a Relationship");
  }
  return HistoryOf(*reader, args[0], property);
}

FunctionDefinition Row(absl::string_view name, int min_args, std::vector<TypeSet> parameters,
                       TypeSet result, ScalarFunction call, absl::string_view signature,
                       absl::string_view description) {
  const int max_args = static_cast<int>(parameters.size());
  return {.name = name,
          .min_args = min_args,
          .max_args = max_args,
          .parameters = std::move(parameters),
          .result = result,
          .volatility = Volatility::kGraph,
          .call = call,
          .signature = signature,
          .description = description};
}

}  // namespace

RelationshipsFunction FindRelationshipsFunction(const FunctionDefinition& function) {
  if (function.call == ValidFrom) return ValidFromOf;
  if (function.call == ValidTo) return ValidToOf;
  return nullptr;
}

std::vector<FunctionDefinition> FactFunctions() {
  using types::kDateTime;
  using types::kList;
  using types::kMap;
  using types::kNode;
  using types::kRelationship;
  using types::kString;
  constexpr TypeSet kEntity = kNode | kRelationship;
  constexpr TypeSet kTime = types::kDate | kDateTime | types::kLocalDateTime | kString;
  return {
      Row("validFrom", 1, {kEntity, kString}, kDateTime, ValidFrom,
          "validFrom(entity :: Relationship | Node [, property :: String]) :: ZonedDateTime",
          "From when the fact holds: the first instant of its bound; null where unbounded or "
          "unknown."),
      Row("validTo", 1, {kEntity, kString}, kDateTime, ValidTo,
          "validTo(entity :: Relationship | Node [, property :: String]) :: ZonedDateTime",
          "Until when the fact holds: the first instant of its bound; null where unbounded or "
          "unknown."),
      Row("validPrecision", 1, {kEntity, kString}, kMap, ValidPrecision,
          "validPrecision(entity :: Relationship | Node [, property :: String]) :: Map",
          "How exact both bounds are, with their texts and latest instants."),
      Row("validAt", 2, {kEntity, kTime, kTime}, types::kBool, ValidAt,
          "validAt(relationship :: Relationship, time) or validAt(node :: Node, property :: "
          "String, time) :: Boolean",
          "Whether a fact is seen at that time."),
      Row("valueAt", 3, {kEntity, kString, kTime}, types::kAny, ValueAt,
          "valueAt(entity :: Node | Relationship, property :: String, time) :: Any",
          "The value of a property at that time."),
      Row("recordedAt", 1, {kEntity, kString}, kDateTime, RecordedAt,
          "recordedAt(entity :: Relationship | Node [, property :: String]) :: ZonedDateTime",
          "When the database learned the fact, or of the node."),
      Row("commitVersion", 1, {kEntity, kString}, types::kInt, VersionNumber,
          "commitVersion(entity :: Relationship | Node [, property :: String]) :: Integer",
          "The commit that added the fact, or the node."),
      Row("citations", 1, {kEntity, kString}, kList, Citations,
          "citations(entity :: Relationship | Node [, property :: String]) :: List<Map>",
          "Who says so: source, stance, confidence, reported, locator."),
      Row("confidence", 1, {kEntity, kString}, types::kFloat, Confidence,
          "confidence(entity :: Relationship | Node [, property :: String]) :: Float",
          "The largest confidence of a source that asserts the fact; 1 without citations."),
      Row("name", 1, {kNode, kString}, kString, BestName,
          "name(node :: Node [, language :: String]) :: String",
          "The best name, or the best in a language; without names the property `name`."),
      Row("names", 1, {kNode}, kList, AllNames, "names(node :: Node) :: List<Map>",
          "All names that are valid: text, language, kind."),
      Row("history", 1, {kEntity, kString}, kList, History,
          "history(entity :: Node | Relationship [, property :: String]) :: List<Map>",
          "Every state that the database has held, oldest first."),
  };
}

}  // namespace relata::query
