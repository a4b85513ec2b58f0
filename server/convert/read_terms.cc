#include "server/convert/read_terms.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/values/bound.h"
#include "graph/values/period.h"
#include "relata/v1/read.pb.h"

namespace relata {
namespace {

constexpr uint32_t kNoName = std::numeric_limits<uint32_t>::max();

// `..` is `open`, else an instant. Answers write open sides as `-inf` and `+inf`.
absl::StatusOr<Instant> SideFromProto(const std::string& text, Instant open,
                                      const FieldPath& path) {
  if (text == ".." || text == FormatInstant(open)) return open;
  RELATA_ASSIGN_OR_RETURN(const Instant t, InField(path, ParseInstant(text)));
  return t;
}

std::string SideText(Instant t) {
  return t == kMinusInfinity || t == kPlusInfinity ? ".." : FormatInstant(t);
}

absl::StatusOr<absl::flat_hash_set<EntityId>> SourcesFromProto(
    const v1::BeliefPolicy::SourceList& proto, SourceResolver resolve, const FieldPath& path) {
  absl::flat_hash_set<EntityId> sources;
  for (int i = 0; i < proto.keys_size(); ++i) {
    if (proto.keys(i).empty()) return path.Item("keys", i).Error("must not be empty");
    RELATA_ASSIGN_OR_RETURN(const EntityId source, resolve(proto.keys(i)));
    sources.insert(source);
  }
  return sources;
}

// The end of the day `text` names.
absl::StatusOr<Instant> EndOfDay(const std::string& text, const FieldPath& path) {
  RELATA_ASSIGN_OR_RETURN(const Bound day, InField(path, Bound::Parse(text, BoundRole::kFrom)));
  if (day.kind != BoundKind::kDay) return path.Error("must be a date such as 2026-06-30");
  return day.latest;
}

}  // namespace

absl::StatusOr<ValidTime> ValidTimeFromProto(const v1::ValidTimeOption& proto,
                                             const FieldPath& path) {
  switch (proto.kind_case()) {
    case v1::ValidTimeOption::kInstant: {
      RELATA_ASSIGN_OR_RETURN(const Instant t,
                              InField(path.Field("instant"), ParseInstant(proto.instant())));
      return ValidTime::At(t, proto.certainly());
    }
    case v1::ValidTimeOption::kWindow: {
      const FieldPath window = path.Field("window");
      RELATA_ASSIGN_OR_RETURN(
          const Instant from,
          SideFromProto(proto.window().from(), kMinusInfinity, window.Field("from")));
      RELATA_ASSIGN_OR_RETURN(
          const Instant to, SideFromProto(proto.window().to(), kPlusInfinity, window.Field("to")));
      if (from >= to) return window.Error("is empty: `to` must be after `from`");
      return ValidTime::Window(from, to, proto.certainly());
    }
    case v1::ValidTimeOption::kAll:
      if (!proto.all()) return path.Field("all").Error("is true where it is set");
      return ValidTime::All(proto.certainly());
    case v1::ValidTimeOption::KIND_NOT_SET:
      break;
  }
  return path.Error("set one of instant, window and all");
}

void ValidTimeToProto(const ValidTime& valid, v1::ValidTimeOption* proto) {
  proto->set_certainly(valid.certainly);
  switch (valid.kind) {
    case ValidTime::Kind::kInstant:
      proto->set_instant(FormatInstant(valid.from));
      return;
    case ValidTime::Kind::kWindow:
      proto->mutable_window()->set_from(SideText(valid.from));
      proto->mutable_window()->set_to(SideText(valid.to));
      return;
    case ValidTime::Kind::kAll:
      proto->set_all(true);
      return;
  }
}

absl::StatusOr<std::shared_ptr<const BeliefPolicy>> PolicyFromProto(const v1::BeliefPolicy& proto,
                                                                    SourceResolver resolve,
                                                                    const FieldPath& path) {
  auto policy = std::make_shared<BeliefPolicy>();
  if (!(proto.min_confidence() >= 0.0 && proto.min_confidence() <= 1.0)) {
    return path.Field("min_confidence").Error("must lie between 0 and 1");
  }
  if (proto.min_sources() < 0) return path.Field("min_sources").Error("must not be negative");
  policy->min_confidence = proto.min_confidence();
  policy->min_sources = proto.min_sources();
  policy->disputed_in = !proto.hide_disputed();
  if (proto.has_trusted()) {
    RELATA_ASSIGN_OR_RETURN(policy->trusted,
                            SourcesFromProto(proto.trusted(), resolve, path.Field("trusted")));
  }
  RELATA_ASSIGN_OR_RETURN(policy->barred,
                          SourcesFromProto(proto.barred(), resolve, path.Field("barred")));
  if (!proto.reported_until().empty()) {
    RELATA_ASSIGN_OR_RETURN(policy->reported_until,
                            EndOfDay(proto.reported_until(), path.Field("reported_until")));
  }
  const bool asks_for_nothing = policy->IsDefault();
  if (proto.raw()) {
    if (!asks_for_nothing) return path.Field("raw").Error("goes with no other field of the policy");
    policy->raw = true;
    return std::shared_ptr<const BeliefPolicy>(std::move(policy));
  }
  if (asks_for_nothing) return DefaultPolicy();
  return std::shared_ptr<const BeliefPolicy>(std::move(policy));
}

LabelId LabelOrNone(const NameTable& names, absl::string_view label) {
  return names.FindLabel(label).value_or(LabelId(kNoName));
}

TypeId TypeOrNone(const NameTable& names, absl::string_view type) {
  return names.FindType(type).value_or(TypeId(kNoName));
}

PropertyId PropertyOrNone(const NameTable& names, absl::string_view property) {
  return names.FindProperty(property).value_or(PropertyId(kNoName));
}

absl::StatusOr<Direction> DirectionFromProto(int direction, Direction unspecified,
                                             const FieldPath& path) {
  switch (direction) {
    case v1::DIRECTION_UNSPECIFIED:
      return unspecified;
    case v1::OUT:
      return Direction::kOut;
    case v1::IN:
      return Direction::kIn;
    case v1::EITHER:
      return Direction::kEither;
    default:
      return path.Error("this direction does not exist");
  }
}

absl::StatusOr<std::vector<Step>> StepsFromProto(
    const google::protobuf::RepeatedPtrField<v1::Step>& proto, const NameTable& names,
    Direction unspecified, absl::string_view field) {
  std::vector<Step> steps;
  steps.reserve(proto.size());
  for (int i = 0; i < proto.size(); ++i) {
    const FieldPath path = FieldPath::RequestItem(field, i);
    Step step;
    if (!proto[i].type().empty()) step.type = TypeOrNone(names, proto[i].type());
    RELATA_ASSIGN_OR_RETURN(step.direction, DirectionFromProto(proto[i].direction(), unspecified,
                                                               path.Field("direction")));
    steps.push_back(step);
  }
  return steps;
}

bool AsksForThePast(const v1::ReadOptions& read) {
  return read.has_stamp() || read.consistency().has_exact_version() ||
         read.consistency().has_exact_time();
}

}  // namespace relata
