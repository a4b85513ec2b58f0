#include "graph/query/read_contexts.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/functions/instants.h"

namespace relata::query {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int64_t kSecondsPerDay = 86'400;

absl::Status BadPolicy(absl::string_view name, absl::string_view wanted) {
  return ArgumentError("InvalidArgumentValue",
                       absl::StrCat("FOR BELIEF: ", name, " must be ", wanted));
}

absl::StatusOr<EntityId> SourceOf(const Datum& source, const Snapshot& snapshot) {
  if (source.kind() == Datum::Kind::kNode) return source.AsNode().id;
  if (!source.is_string()) return BadPolicy("trusted and barred", "lists of sources or their keys");
  RELATA_ASSIGN_OR_RETURN(const std::optional<EntityId> found,
                          snapshot.FindEntity(source.AsString()));
  if (!found) {
    return MakeQueryError(
        ErrorClass::kEntityNotFound, ErrorPhase::kRuntime, "SourceNotFound", std::nullopt,
        absl::StrCat("FOR BELIEF: there is no source with the key ", source.AsString()));
  }
  return *found;
}

absl::StatusOr<absl::flat_hash_set<EntityId>> SourcesOf(const Datum& list,
                                                        const Snapshot& snapshot) {
  if (!list.is_list()) return BadPolicy("trusted and barred", "lists of sources or their keys");
  absl::flat_hash_set<EntityId> sources;
  for (const Datum& source : list.AsList()) {
    RELATA_ASSIGN_OR_RETURN(const EntityId id, SourceOf(source, snapshot));
    sources.insert(id);
  }
  return sources;
}

absl::StatusOr<double> NumberOf(absl::string_view name, const Datum& value) {
  if (value.kind() == Datum::Kind::kInt) return static_cast<double>(value.AsInt());
  if (value.kind() == Datum::Kind::kFloat) return value.AsFloat();
  if (value.is_number()) return value.AsScalar().AsDouble();
  return BadPolicy(name, "a number");
}

absl::Status SetPolicyField(const std::string& name, const Datum& value, const Snapshot& snapshot,
                            BeliefPolicy& policy) {
  if (name == "minConfidence") {
    RELATA_ASSIGN_OR_RETURN(policy.min_confidence, NumberOf(name, value));
    if (!(policy.min_confidence >= 0 && policy.min_confidence <= 1))
      return BadPolicy(name, "from 0 to 1");
  } else if (name == "minSources") {
    if (value.kind() != Datum::Kind::kInt || value.AsInt() < 0 || value.AsInt() > 1'000'000)
      return BadPolicy(name, "an integer from 0 on");
    policy.min_sources = static_cast<int>(value.AsInt());
  } else if (name == "trusted") {
    RELATA_ASSIGN_OR_RETURN(policy.trusted, SourcesOf(value, snapshot));
  } else if (name == "barred") {
    RELATA_ASSIGN_OR_RETURN(policy.barred, SourcesOf(value, snapshot));
  } else if (name == "disputed") {
    if (value.kind() != Datum::Kind::kBool) return BadPolicy(name, "true or false");
    policy.disputed_in = value.AsBool();
  } else if (name == "reportedUntil") {
    RELATA_ASSIGN_OR_RETURN(const Instant day, InstantFromDatum(value));
    const Instant micros_per_day = kSecondsPerDay * kMicrosPerSecond;
    const Instant into_day = ((day % micros_per_day) + micros_per_day) % micros_per_day;
    policy.reported_until = day - into_day + micros_per_day;
  } else if (name == "raw") {
    if (value.kind() != Datum::Kind::kBool) return BadPolicy(name, "true or false");
    policy.raw = value.AsBool();
  } else {
    return ArgumentError(
        "InvalidArgumentValue",
        absl::StrCat(
            "FOR BELIEF has no field ", name,
            "; it has minConfidence, minSources, trusted, barred, disputed, reportedUntil, raw"));
  }
  return absl::OkStatus();
}

// An end of a window: `..` and null are unbounded.
absl::StatusOr<Instant> WindowEnd(const Datum& value, Instant unbounded) {
  if (value.is_null() || (value.is_string() && value.AsString() == "..")) return unbounded;
  return InstantFromDatum(value);
}

absl::StatusOr<ValidTime> ResolveValidTime(const BoundTimeContext& bound,
                                           const CompiledStatement::Context& operands,
                                           const QueryOptions& options, ExecutionContext& context,
                                           Instant now) {
  switch (bound.valid) {
    case BoundTimeContext::Valid::kDefault:
      return options.valid_time.value_or(ValidTime::At(now));
    case BoundTimeContext::Valid::kAsOf: {
      RELATA_ASSIGN_OR_RETURN(const Datum at, operands.from.EvaluateConstant(context));
      RELATA_ASSIGN_OR_RETURN(const Instant instant, InstantFromDatum(at));
      return ValidTime::At(instant, bound.certainly);
    }
    case BoundTimeContext::Valid::kFromTo: {
      RELATA_ASSIGN_OR_RETURN(const Datum from, operands.from.EvaluateConstant(context));
      RELATA_ASSIGN_OR_RETURN(const Datum to, operands.to.EvaluateConstant(context));
      RELATA_ASSIGN_OR_RETURN(const Instant a, WindowEnd(from, kMinusInfinity));
      RELATA_ASSIGN_OR_RETURN(const Instant b, WindowEnd(to, kPlusInfinity));
      if (a >= b) {
        return ArgumentError(
            "InvalidArgumentValue",
            "FOR VALID_TIME FROM … TO …: the window is empty; it must end after it begins");
      }
      return ValidTime::Window(a, b, bound.certainly);
    }
    case BoundTimeContext::Valid::kAll:
      break;
  }
  return ValidTime::All(bound.certainly);
}

}  // namespace

absl::StatusOr<Instant> InstantFromDatum(const Datum& value) { return InstantOf(value); }

absl::StatusOr<std::shared_ptr<const BeliefPolicy>> PolicyFromMap(const Datum& map,
                                                                  const Snapshot& snapshot) {
  if (!map.is_map())
    return ArgumentError("InvalidArgumentType",
                         absl::StrCat("FOR BELIEF takes a map, got ", TypeName(map)));
  auto policy = std::make_shared<BeliefPolicy>();
  for (const auto& [name, value] : map.AsMap()) {
    RELATA_RETURN_IF_ERROR(SetPolicyField(name, value, snapshot, *policy));
  }
  return policy;
}

absl::StatusOr<Snapshot> StatementSnapshot(Database& database, const QueryOptions& options,
                                           const Snapshot& latest) {
  if (options.as_of_version) return database.AtVersion(*options.as_of_version);
  if (options.as_of_time) return database.AtTime(*options.as_of_time);
  return latest;
}

absl::StatusOr<std::vector<ReadContext>> ResolveContexts(const CompiledStatement& statement,
                                                         const QueryOptions& options,
                                                         const Snapshot& own, bool own_writes,
                                                         Database& database,
                                                         ExecutionContext& context) {
  std::vector<ReadContext> contexts;
  for (size_t i = 0; i < statement.contexts.size(); ++i) {
    const BoundTimeContext& bound = statement.bound.contexts[i];
    const CompiledStatement::Context& operands = statement.contexts[i];
    ReadContext resolved{own, {}, own_writes, context.valid_now};
    if (operands.system_version) {
      RELATA_ASSIGN_OR_RETURN(const Datum version,
                              operands.system_version.EvaluateConstant(context));
      if (version.kind() != Datum::Kind::kInt || version.AsInt() < 0) {
        return ArgumentError(
            "InvalidArgumentType",
            "FOR SYSTEM_TIME AS OF VERSION takes a commit version, an integer from 0 on");
      }
      RELATA_ASSIGN_OR_RETURN(
          resolved.snapshot,
          database.AtVersion(CommitVersion(static_cast<uint64_t>(version.AsInt()))));
      resolved.own_writes = false;
    } else if (operands.system_time) {
      RELATA_ASSIGN_OR_RETURN(const Datum time, operands.system_time.EvaluateConstant(context));
      RELATA_ASSIGN_OR_RETURN(const Instant instant, InstantFromDatum(time));
      RELATA_ASSIGN_OR_RETURN(resolved.snapshot, database.AtTime(instant));
      resolved.own_writes = false;
    }
    RELATA_ASSIGN_OR_RETURN(resolved.view.valid,
                            ResolveValidTime(bound, operands, options, context, context.valid_now));
    resolved.view.policy = options.policy ? options.policy : DefaultPolicy();
    if (operands.belief) {
      RELATA_ASSIGN_OR_RETURN(const Datum map, operands.belief.EvaluateConstant(context));
      RELATA_ASSIGN_OR_RETURN(resolved.view.policy, PolicyFromMap(map, resolved.snapshot));
    }
    contexts.push_back(std::move(resolved));
  }
  return contexts;
}

}  // namespace relata::query
