// Questions from the API to the graph.
#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/values/bound.h"
#include "relata/v1/answer_service.pb.h"
#include "server/convert/answers.h"
#include "server/convert/read_terms.h"
#include "server/errors.h"

namespace relata {
namespace {

constexpr int kDefaultChainHops = 5;

absl::Status CheckHops(int hops, absl::string_view field, const Limits& limits) {
  if (hops < 0) return FieldError(field, "must not be negative");
  if (hops <= limits.max_hops) return absl::OkStatus();
  return LimitError(absl::StrCat(hops, " hops"), "max_hops", limits.max_hops);
}

absl::Status CheckCount(int count, absl::string_view what, absl::string_view limit, size_t value) {
  if (static_cast<size_t>(count) <= value) return absl::OkStatus();
  return LimitError(absl::StrCat(count, " ", what), limit, value);
}

// An optional instant; the empty text is `open`.
absl::StatusOr<Instant> OptionalInstant(const std::string& text, Instant open,
                                        const FieldPath& path) {
  if (text.empty() || text == "..") return open;
  RELATA_ASSIGN_OR_RETURN(const Instant t, InField(path, ParseInstant(text)));
  return t;
}

absl::Status SetTerms(const v1::FindChainsRequest& proto, ChainRequest& request) {
  if (!v1::FindChainsRequest::Mode_IsValid(proto.mode())) {
    return FieldError("mode", "this mode does not exist");
  }
  if (!v1::FindChainsRequest::Parallel_IsValid(proto.parallel())) {
    return FieldError("parallel", "this value does not exist");
  }
  if (!v1::FindChainsRequest::Order_IsValid(proto.order())) {
    return FieldError("order", "this order does not exist");
  }
  if (proto.mode() == v1::FindChainsRequest::TRAIL) request.mode = ChainMode::kTrail;
  if (proto.parallel() == v1::FindChainsRequest::MERGED) request.parallel = ChainParallel::kMerged;
  if (proto.order() == v1::FindChainsRequest::HOPS) request.order = ChainOrder::kHops;
  if (proto.order() == v1::FindChainsRequest::AMOUNT) request.order = ChainOrder::kAmount;
  const std::string& currency = proto.currency();
  if (currency.empty()) return absl::OkStatus();
  if (currency.size() != request.currency.size() ||
      !std::all_of(currency.begin(), currency.end(),
                   [](unsigned char c) { return absl::ascii_isupper(c); })) {
    return FieldError("currency", "must be an ISO 4217 code, three capital letters as CNY");
  }
  std::copy(currency.begin(), currency.end(), request.currency.begin());
  return absl::OkStatus();
}

absl::StatusOr<TimelineEvent> EventFromProto(const v1::GetTimelineRequest::Event& proto,
                                             const NameTable& names, const FieldPath& path) {
  TimelineEvent event;
  RELATA_ASSIGN_OR_RETURN(event.direction, DirectionFromProto(proto.direction(), Direction::kEither,
                                                              path.Field("direction")));
  switch (proto.kind_case()) {
    case v1::GetTimelineRequest::Event::kType:
      if (proto.type().empty()) return path.Field("type").Error("must not be empty");
      event.type = TypeOrNone(names, proto.type());
      return event;
    case v1::GetTimelineRequest::Event::kProperty:
      if (proto.property().empty()) return path.Field("property").Error("must not be empty");
      event.property = PropertyOrNone(names, proto.property());
      return event;
    case v1::GetTimelineRequest::Event::KIND_NOT_SET:
      break;
  }
  return path.Error("say what counts as an event: type or property");
}

}  // namespace

absl::StatusOr<ChainRequest> ChainRequestFromProto(const v1::FindChainsRequest& proto,
                                                   const NameTable& names, const Limits& limits,
                                                   EntityResolver resolve) {
  ChainRequest request;
  RELATA_ASSIGN_OR_RETURN(request.start, resolve(proto.start(), FieldPath("start")));
  if (proto.steps_size() == 0) return FieldError("steps", "at least one step is required");
  RELATA_RETURN_IF_ERROR(CheckCount(proto.steps_size(), "steps", "max_steps", limits.max_steps));
  RELATA_ASSIGN_OR_RETURN(request.steps,
                          StepsFromProto(proto.steps(), names, Direction::kOut, "steps"));
  RELATA_RETURN_IF_ERROR(CheckHops(proto.min_hops(), "min_hops", limits));
  RELATA_RETURN_IF_ERROR(CheckHops(proto.max_hops(), "max_hops", limits));
  request.min_hops = std::max(proto.min_hops(), 1);
  request.max_hops = proto.max_hops() > 0
                         ? proto.max_hops()
                         : std::max(request.min_hops, std::min(kDefaultChainHops, limits.max_hops));
  RELATA_RETURN_IF_ERROR(SetTerms(proto, request));
  if (proto.has_end()) {
    RELATA_ASSIGN_OR_RETURN(request.end, resolve(proto.end(), FieldPath("end")));
  }
  for (const std::string& label : proto.end_labels()) {
    request.end_labels.push_back(LabelOrNone(names, label));
  }
  request.non_decreasing = proto.non_decreasing();
  RELATA_ASSIGN_OR_RETURN(
      request.started_from,
      OptionalInstant(proto.started_from(), kMinusInfinity, FieldPath("started_from")));
  RELATA_ASSIGN_OR_RETURN(
      request.started_before,
      OptionalInstant(proto.started_before(), kPlusInfinity, FieldPath("started_before")));
  return request;
}

absl::StatusOr<TimelineRequest> TimelineRequestFromProto(const v1::GetTimelineRequest& proto,
                                                         const NameTable& names,
                                                         const Limits& limits,
                                                         EntityResolver resolve) {
  TimelineRequest request;
  if (proto.subjects_size() == 0) {
    return FieldError("subjects", "at least one subject is required");
  }
  if (proto.events_size() == 0) return FieldError("events", "at least one event is required");
  RELATA_RETURN_IF_ERROR(
      CheckCount(proto.subjects_size(), "subjects", "max_subjects", limits.max_subjects));
  RELATA_RETURN_IF_ERROR(CheckCount(proto.via_size(), "steps", "max_steps", limits.max_steps));
  RELATA_RETURN_IF_ERROR(CheckCount(proto.events_size(), "events", "max_steps", limits.max_steps));
  for (int i = 0; i < proto.subjects_size(); ++i) {
    RELATA_ASSIGN_OR_RETURN(const EntityId subject,
                            resolve(proto.subjects(i), FieldPath::RequestItem("subjects", i)));
    request.subjects.push_back(subject);
  }
  for (int i = 0; i < proto.events_size(); ++i) {
    RELATA_ASSIGN_OR_RETURN(
        const TimelineEvent event,
        EventFromProto(proto.events(i), names, FieldPath::RequestItem("events", i)));
    request.events.push_back(event);
  }
  RELATA_ASSIGN_OR_RETURN(request.via, StepsFromProto(proto.via(), names, Direction::kOut, "via"));
  RELATA_RETURN_IF_ERROR(CheckHops(proto.min_hops(), "min_hops", limits));
  RELATA_RETURN_IF_ERROR(CheckHops(proto.max_hops(), "max_hops", limits));
  request.min_hops = proto.min_hops();
  request.max_hops = proto.max_hops();
  if (request.max_hops == 0 && !request.via.empty()) {
    request.max_hops = std::max(request.min_hops, 1);
  }
  if (request.min_hops > request.max_hops) {
    return FieldError("min_hops", "must not be above max_hops");
  }
  RELATA_ASSIGN_OR_RETURN(request.from,
                          OptionalInstant(proto.since(), kMinusInfinity, FieldPath("since")));
  RELATA_ASSIGN_OR_RETURN(request.to,
                          OptionalInstant(proto.until(), kPlusInfinity, FieldPath("until")));
  if (request.from >= request.to) return FieldError("until", "must be after since");
  if (!v1::GetTimelineRequest::PathValidity_IsValid(proto.path_validity())) {
    return FieldError("path_validity", "this value does not exist");
  }
  request.path_at_date = proto.path_validity() == v1::GetTimelineRequest::AT_DATE;
  request.descending = proto.descending();
  return request;
}

absl::StatusOr<PathRequest> PathRequestFromProto(const v1::FindPathRequest& proto,
                                                 const NameTable& names, const Limits& limits,
                                                 EntityResolver resolve) {
  PathRequest request;
  RELATA_ASSIGN_OR_RETURN(request.start, resolve(proto.start(), FieldPath("start")));
  RELATA_ASSIGN_OR_RETURN(request.end, resolve(proto.end(), FieldPath("end")));
  RELATA_RETURN_IF_ERROR(CheckCount(proto.steps_size(), "steps", "max_steps", limits.max_steps));
  RELATA_ASSIGN_OR_RETURN(request.steps,
                          StepsFromProto(proto.steps(), names, Direction::kOut, "steps"));
  if (request.steps.empty()) request.steps.push_back({TypeId(), Direction::kEither});
  if (proto.max_hops() < 0) return FieldError("max_hops", "must not be negative");
  request.max_hops = proto.max_hops();
  return request;
}

}  // namespace relata
