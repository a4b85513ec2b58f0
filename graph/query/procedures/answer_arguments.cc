#include "graph/query/procedures/answer_arguments.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "graph/database.h"
#include "graph/query/engine.h"
#include "graph/query/query_error.h"
#include "graph/query/read_contexts.h"

namespace relata::query {
namespace {

absl::Status BadArgument(absl::string_view name, absl::string_view wanted, const Datum& got) {
  return ArgumentError("InvalidArgumentType",
                       absl::StrCat(name, " must be ", wanted, ", not ", TypeName(got)));
}

absl::StatusOr<Step> StepFrom(ExecutionContext& context, absl::string_view name,
                              const Datum& value) {
  if (!value.is_string()) return BadArgument(name, "texts such as 'INVESTED_IN>'", value);
  absl::string_view text = value.AsString();
  Step step;
  const bool in = absl::ConsumePrefix(&text, "<");
  const bool out = absl::ConsumeSuffix(&text, ">");
  step.direction = in == out ? Direction::kEither : in ? Direction::kIn : Direction::kOut;
  if (text.empty()) {
    return ArgumentError("InvalidArgumentValue",
                         absl::StrCat(name, ": a step needs a type, or * for every type: '*>'"));
  }
  if (text == "*") return step;
  // No relationship has the type with the highest number, which stands for a name that nothing ever
  // had.
  step.type = context.reader->names().FindType(text).value_or(TypeId(UINT32_MAX));
  return step;
}

}  // namespace

absl::StatusOr<EntityId> EntityArgument(ExecutionContext& context, absl::string_view name,
                                        const Datum& value) {
  if (value.kind() == Datum::Kind::kNode) return value.AsNode().id;
  if (!value.is_string()) return BadArgument(name, "a node or the key of an entity", value);
  RELATA_ASSIGN_OR_RETURN(const std::optional<EntityId> found,
                          context.reader->FindByKey(0, value.AsString()));
  if (found) return *found;
  return MakeQueryError(ErrorClass::kEntityNotFound, ErrorPhase::kRuntime, "EntityNotFound",
                        std::nullopt,
                        absl::StrCat(name, ": there is no entity with the key ", value.AsString(),
                                     "; relata.find looks for names"));
}

absl::StatusOr<std::vector<EntityId>> EntitiesArgument(ExecutionContext& context,
                                                       absl::string_view name, const Datum& value) {
  std::vector<EntityId> entities;
  if (!value.is_list()) {
    RELATA_ASSIGN_OR_RETURN(const EntityId one, EntityArgument(context, name, value));
    entities.push_back(one);
    return entities;
  }
  for (const Datum& each : value.AsList()) {
    RELATA_ASSIGN_OR_RETURN(const EntityId one, EntityArgument(context, name, each));
    entities.push_back(one);
  }
  return entities;
}

absl::StatusOr<std::vector<Step>> StepsArgument(ExecutionContext& context, absl::string_view name,
                                                const Datum& value) {
  std::vector<Step> steps;
  if (!value.is_list()) {
    RELATA_ASSIGN_OR_RETURN(const Step one, StepFrom(context, name, value));
    steps.push_back(one);
    return steps;
  }
  for (const Datum& each : value.AsList()) {
    RELATA_ASSIGN_OR_RETURN(const Step one, StepFrom(context, name, each));
    steps.push_back(one);
  }
  return steps;
}

std::vector<LabelId> LabelsFrom(ExecutionContext& context, const std::vector<std::string>& names) {
  std::vector<LabelId> labels;
  labels.reserve(names.size());
  for (const std::string& name : names) {
    labels.push_back(context.reader->names().FindLabel(name).value_or(LabelId(UINT32_MAX)));
  }
  return labels;
}

absl::StatusOr<Options> Options::From(const Datum& map) {
  Options options;
  if (map.is_null()) return options;
  if (!map.is_map()) return BadArgument("options", "a map", map);
  options.fields_ = map.AsMap();
  options.taken_.assign(options.fields_.size(), false);
  return options;
}

const Datum* Options::Take(absl::string_view name) {
  for (size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].first != name) continue;
    taken_[i] = true;
    return fields_[i].second.is_null() ? nullptr : &fields_[i].second;
  }
  return nullptr;
}

absl::StatusOr<int64_t> Options::Integer(absl::string_view name, int64_t low, int64_t high,
                                         int64_t otherwise) {
  const Datum* value = Take(name);
  if (value == nullptr) return otherwise;
  if (value->kind() != Datum::Kind::kInt) return BadArgument(name, "an integer", *value);
  if (value->AsInt() < low || value->AsInt() > high) {
    return ArgumentError("NumberOutOfRange", absl::StrCat(name, " must be from ", low, " to ", high,
                                                          ", not ", value->AsInt()));
  }
  return value->AsInt();
}

absl::StatusOr<bool> Options::Boolean(absl::string_view name, bool otherwise) {
  const Datum* value = Take(name);
  if (value == nullptr) return otherwise;
  if (value->kind() != Datum::Kind::kBool) return BadArgument(name, "true or false", *value);
  return value->AsBool();
}

absl::StatusOr<std::string> Options::Text(absl::string_view name, absl::string_view otherwise) {
  const Datum* value = Take(name);
  if (value == nullptr) return std::string(otherwise);
  if (!value->is_string()) return BadArgument(name, "a text", *value);
  return std::string(value->AsString());
}

absl::StatusOr<std::vector<std::string>> Options::Texts(absl::string_view name) {
  std::vector<std::string> texts;
  const Datum* value = Take(name);
  if (value == nullptr) return texts;
  if (value->is_string()) {
    texts.emplace_back(value->AsString());
    return texts;
  }
  if (!value->is_list()) return BadArgument(name, "a text or a list of texts", *value);
  for (const Datum& each : value->AsList()) {
    if (!each.is_string()) return BadArgument(name, "a list of texts", each);
    texts.emplace_back(each.AsString());
  }
  return texts;
}

absl::StatusOr<Instant> Options::Time(absl::string_view name, Instant otherwise) {
  const Datum* value = Take(name);
  if (value == nullptr) return otherwise;
  return InstantFromDatum(*value);
}

absl::Status Options::Finish() const {
  for (size_t i = 0; i < fields_.size(); ++i) {
    if (!taken_[i]) {
      return ArgumentError("InvalidArgumentValue",
                           absl::StrCat("there is no option ", fields_[i].first, " in this call"));
    }
  }
  return absl::OkStatus();
}

ProcedureField Input(absl::string_view name, TypeSet type, absl::string_view type_name) {
  return {std::string(name), type, std::string(type_name), std::nullopt};
}

ProcedureField OptionsInput() {
  return {"options", types::kMap | types::kNull, "MAP", Datum::Of(Datum::Map())};
}

ProcedureField Output(absl::string_view name, TypeSet type, absl::string_view type_name) {
  return {std::string(name), type, std::string(type_name), std::nullopt};
}

Budget AnswerBudget(ExecutionContext& context) {
  Budget::Limits limits;
  limits.expansions = context.options->expansions;
  limits.deadline_monotonic_us = context.options->deadline_monotonic_us;
  return Budget(context.database->clock(), limits,
                [budget = context.budget] { return !budget->CheckStopped().ok(); });
}

Datum NodeDatum(EntityId id) { return Datum::Of(NodeRef{id, 0}); }

}  // namespace relata::query
