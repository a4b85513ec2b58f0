// Answers from the graph to the API; questions are in questions.cc.
#include "server/convert/answers.h"

#include <vector>

#include "base/status_macros.h"
#include "relata/v1/answer_service.pb.h"
#include "server/convert/view_writer.h"

namespace relata {
namespace {

void RangeToProto(const Range& range, v1::NumberRange* out) {
  out->set_low(range.low);
  out->set_high(range.high);
}

absl::Status HopToProto(const ChainHop& hop, ViewWriter& writer, v1::FindChainsResponse::Hop* out) {
  RELATA_RETURN_IF_ERROR(writer.WriteSummary(hop.to, out->mutable_to()));
  out->set_outgoing(hop.outgoing);
  RangeToProto(hop.share, out->mutable_share());
  for (const ChainEdge& edge : hop.edges) {
    auto* const proto = out->add_edges();
    RELATA_RETURN_IF_ERROR(
        writer.WriteRelationshipRow(edge.ends, edge.fact, nullptr, proto->mutable_relationship()));
    RangeToProto(edge.share, proto->mutable_share());
    proto->set_share_invalid(edge.share_invalid);
  }
  return absl::OkStatus();
}

v1::GetTimelineResponse::Kind KindToProto(TimelineKind kind) {
  switch (kind) {
    case TimelineKind::kBegin:
      return v1::GetTimelineResponse::BEGIN;
    case TimelineKind::kEnd:
      return v1::GetTimelineResponse::END;
    case TimelineKind::kStatus:
      return v1::GetTimelineResponse::STATUS;
  }
  return v1::GetTimelineResponse::KIND_UNSPECIFIED;
}

absl::Status ViaPathToProto(const TimelineEntry& entry, ViewWriter& writer,
                            v1::GetTimelineResponse::Entry* out) {
  RELATA_RETURN_IF_ERROR(writer.WriteSummary(entry.reached, out->mutable_reached()));
  RELATA_RETURN_IF_ERROR(writer.WriteSummary(entry.shortest_from, out->mutable_shortest_from()));
  for (const TimelineHop& hop : entry.shortest) {
    v1::PathHop* const proto = out->add_shortest();
    RELATA_RETURN_IF_ERROR(
        writer.WriteRelationshipIdentity(hop.ends, proto->mutable_relationship()));
    RELATA_RETURN_IF_ERROR(writer.WriteSummary(hop.to, proto->mutable_to()));
    proto->set_outgoing(hop.to == hop.ends.to);
  }
  return absl::OkStatus();
}

absl::Status EntryToProto(const TimelineEntry& entry, ViewWriter& writer,
                          v1::GetTimelineResponse::Entry* out) {
  out->set_kind(KindToProto(entry.kind));
  BoundToProto(entry.date, out->mutable_date());
  out->set_unknown(entry.unknown);
  out->set_status(static_cast<v1::FactStatus>(FactStatusToProto(entry.status)));
  if (entry.relationship) {
    RELATA_RETURN_IF_ERROR(writer.WriteSummary(*entry.relationship, out->mutable_relationship()));
  } else {
    out->set_property(std::string(writer.snapshot().names().Name(entry.owner.property)));
  }
  RELATA_RETURN_IF_ERROR(writer.WriteFact(entry.fact, nullptr, out->mutable_fact()));
  RELATA_RETURN_IF_ERROR(writer.WriteSummary(entry.subject, out->mutable_subject()));
  if (entry.actor) {
    RELATA_RETURN_IF_ERROR(writer.WriteSummary(*entry.actor, out->mutable_actor()));
  }
  out->set_paths(entry.paths);
  return ViaPathToProto(entry, writer, out);
}

}  // namespace

absl::Status ChainsToProto(const ChainAnswer& answer, EntityId start, ViewWriter& writer,
                           v1::FindChainsResponse* response) {
  std::vector<RelationshipEnds> all;
  for (const Chain& chain : answer.chains) {
    for (const ChainHop& hop : chain.hops) {
      for (const ChainEdge& edge : hop.edges) all.push_back(edge.ends);
    }
  }
  RELATA_RETURN_IF_ERROR(writer.ReadAhead(all));
  RELATA_RETURN_IF_ERROR(writer.WriteSummary(start, response->mutable_start()));
  for (const Chain& chain : answer.chains) {
    auto* const out = response->add_chains();
    for (const ChainHop& hop : chain.hops) {
      RELATA_RETURN_IF_ERROR(HopToProto(hop, writer, out->add_hops()));
    }
    RangeToProto(chain.share, out->mutable_share());
    if (chain.least_amount) RangeToProto(*chain.least_amount, out->mutable_least_amount());
    out->set_rank(chain.rank);
  }
  for (const RelationshipId id : answer.invalid_shares) {
    RELATA_ASSIGN_OR_RETURN(const auto ends, writer.snapshot().GetRelationshipEnds(id));
    if (!ends) continue;
    RELATA_RETURN_IF_ERROR(writer.WriteSummary(*ends, response->add_invalid_shares()));
  }
  if (answer.cut) {
    response->set_frontier_left(answer.frontier_left);
    RangeToProto(answer.frontier_best, response->mutable_frontier_best());
  }
  return absl::OkStatus();
}

absl::Status TimelineToProto(const TimelineAnswer& answer, ViewWriter& writer,
                             v1::GetTimelineResponse* response) {
  std::vector<RelationshipEnds> all;
  for (const TimelineEntry& entry : answer.entries) {
    if (entry.relationship) all.push_back(*entry.relationship);
    for (const TimelineHop& hop : entry.shortest) all.push_back(hop.ends);
  }
  RELATA_RETURN_IF_ERROR(writer.ReadAhead(all));
  for (const TimelineEntry& entry : answer.entries) {
    RELATA_RETURN_IF_ERROR(EntryToProto(entry, writer, response->add_entries()));
  }
  response->set_frontier_left(answer.frontier_left);
  return absl::OkStatus();
}

absl::Status PathToProto(const PathAnswer& answer, EntityId start, ViewWriter& writer,
                         v1::FindPathResponse* response) {
  RELATA_RETURN_IF_ERROR(writer.WriteSummary(start, response->mutable_start()));
  response->set_found(answer.path.has_value());
  if (!answer.path) return absl::OkStatus();
  std::vector<RelationshipEnds> all;
  for (const PathHop& hop : *answer.path) all.push_back(hop.ends);
  RELATA_RETURN_IF_ERROR(writer.ReadAhead(all));
  for (const PathHop& hop : *answer.path) {
    v1::PathHop* const out = response->add_hops();
    RELATA_RETURN_IF_ERROR(
        writer.WriteRelationshipRow(hop.ends, hop.fact, nullptr, out->mutable_relationship()));
    RELATA_RETURN_IF_ERROR(writer.WriteSummary(hop.to, out->mutable_to()));
    out->set_outgoing(hop.to == hop.ends.to);
  }
  return absl::OkStatus();
}

}  // namespace relata
