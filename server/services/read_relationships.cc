// GetRelationship, ListRelationships, ListNeighbors, GetSource.
#include <algorithm>
#include <map>
#include <optional>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/answers/neighbours.h"
#include "server/convert/page_token.h"
#include "server/convert/read_terms.h"
#include "server/convert/view_writer.h"
#include "server/errors.h"
#include "server/read_session.h"
#include "server/services/read_calls.h"

namespace relata {
namespace {

// Relationships read at a time while a list looks for those of a type.
constexpr size_t kRelationshipBatch = 1024;

// Writes the visible ones of `ends` that have the type, until the page is full. `last` is the last
// one looked at.
absl::Status WriteVisible(const std::vector<RelationshipEnds>& ends, TypeId type, size_t page,
                          ViewWriter& writer, RelationshipId& last,
                          v1::ListRelationshipsResponse* response) {
  for (const RelationshipEnds& e : ends) {
    if (static_cast<size_t>(response->relationships_size()) >= page) break;
    last = e.id;
    if (type.valid() && e.type != type) continue;
    RELATA_ASSIGN_OR_RETURN(const auto states, writer.snapshot().GetRelationships({e}));
    if (!states.front()) continue;
    RELATA_ASSIGN_OR_RETURN(
        const size_t facts,
        writer.WriteRelationship(*states.front(), response->add_relationships()));
    if (facts == 0) response->mutable_relationships()->RemoveLast();
  }
  return absl::OkStatus();
}

// The fact of an owner; nullptr where it is gone.
const Fact* FindFact(const std::vector<Fact>* facts, FactId id) {
  if (facts == nullptr) return nullptr;
  const auto it =
      std::find_if(facts->begin(), facts->end(), [&](const Fact& fact) { return fact.id == id; });
  return it == facts->end() ? nullptr : &*it;
}

absl::Status WriteSourced(const Snapshot& snapshot, const FactOwner& owner, ViewWriter& writer,
                          v1::GetSourceResponse* response) {
  auto* const out = response->add_facts();
  const Fact* fact = nullptr;
  std::optional<RelationshipState> relationship;
  std::optional<EntityState> entity;
  if (owner.is_relationship) {
    RELATA_ASSIGN_OR_RETURN(relationship, snapshot.GetRelationship(RelationshipId(owner.id)));
    if (relationship) {
      fact = FindFact(&relationship->facts, owner.fact);
      RELATA_RETURN_IF_ERROR(writer.WriteSummary(relationship->ends, out->mutable_relationship()));
    }
  } else {
    RELATA_ASSIGN_OR_RETURN(entity, snapshot.GetEntity(EntityId(owner.id)));
    if (entity) {
      fact = FindFact(entity->FindProperty(owner.property), owner.fact);
      out->set_property(std::string(snapshot.names().Name(owner.property)));
      RELATA_RETURN_IF_ERROR(writer.WriteSummary(entity->id, out->mutable_entity()));
    }
  }
  if (fact == nullptr) {
    return absl::DataLossError(absl::StrCat("fact #", owner.fact.value(),
                                            ", which a source is said to state, is not there"));
  }
  return writer.WriteFact(*fact, nullptr, out->mutable_fact());
}

}  // namespace

absl::Status GetRelationship(const CallContext& call, const v1::GetRelationshipRequest& request,
                             v1::GetRelationshipResponse* response) {
  RELATA_ASSIGN_OR_RETURN(const ReadSession session, ReadSession::Open(call, request.read(), {}));
  RELATA_ASSIGN_OR_RETURN(const RelationshipId id,
                          session.Resolve(request.relationship(), FieldPath("relationship")));
  RELATA_ASSIGN_OR_RETURN(const auto state, session.snapshot().GetRelationship(id));
  if (!state) {
    return absl::DataLossError(
        absl::StrCat("relationship #", id.value(), " has an identity and no facts"));
  }
  ViewWriter writer(session.database(), session.snapshot(), session.view());
  session.WriteStamp(response->mutable_stamp());
  return writer.WriteRelationship(*state, response->mutable_relationship()).status();
}

absl::Status ListRelationships(const CallContext& call, const v1::ListRelationshipsRequest& request,
                               v1::ListRelationshipsResponse* response) {
  RELATA_ASSIGN_OR_RETURN(const size_t page, PageSize(request.page_size(), call.limits()));
  RELATA_ASSIGN_OR_RETURN(
      const ReadSession session,
      ReadSession::OpenPaged(call, request.read(), {}, request, request.page_token()));
  RELATA_ASSIGN_OR_RETURN(Budget budget, call.MakeBudget({}));
  RelationshipId last;
  if (session.cursor()) {
    RELATA_ASSIGN_OR_RETURN(const uint64_t place, DecodePlace(*session.cursor()));
    last = RelationshipId(place);
  }
  TypeId type;
  if (!request.type().empty()) type = TypeOrNone(session.snapshot().names(), request.type());
  ViewWriter writer(session.database(), session.snapshot(), session.view());
  session.WriteStamp(response->mutable_stamp());
  while (true) {
    RELATA_ASSIGN_OR_RETURN(const auto ends,
                            session.snapshot().ListRelationships(last, kRelationshipBatch));
    RELATA_RETURN_IF_ERROR(WriteVisible(ends, type, page, writer, last, response));
    if (ends.size() < kRelationshipBatch && (ends.empty() || last == ends.back().id)) {
      return absl::OkStatus();
    }
    RELATA_RETURN_IF_ERROR(budget.Spend(ends.size()));
    // A page may end early, with its token, where the search took long.
    if (static_cast<size_t>(response->relationships_size()) >= page || !budget.open()) break;
  }
  response->set_next_page_token(session.NextPageToken(EncodeCursor(last.value())));
  return absl::OkStatus();
}

absl::Status ListNeighbors(const CallContext& call, const v1::ListNeighborsRequest& request,
                           v1::ListNeighborsResponse* response) {
  RELATA_ASSIGN_OR_RETURN(const size_t page, PageSize(request.page_size(), call.limits()));
  RELATA_ASSIGN_OR_RETURN(
      const ReadSession session,
      ReadSession::OpenPaged(call, request.read(), {.now = true}, request, request.page_token()));
  RELATA_ASSIGN_OR_RETURN(const EntityId entity,
                          session.Resolve(request.entity(), FieldPath("entity")));
  RELATA_ASSIGN_OR_RETURN(
      std::vector<Step> steps,
      StepsFromProto(request.steps(), session.snapshot().names(), Direction::kOut, "steps"));
  if (steps.empty()) steps.push_back({TypeId(), Direction::kEither});
  std::optional<NeighbourCursor> after;
  if (session.cursor()) {
    RELATA_ASSIGN_OR_RETURN(after, DecodeNeighbourCursor(*session.cursor()));
  }
  RELATA_ASSIGN_OR_RETURN(const NeighbourPage rows,
                          ListNeighbours(session.snapshot(), session.view(), entity, steps,
                                         after ? &*after : nullptr, page));
  ViewWriter writer(session.database(), session.snapshot(), session.view(),
                    session.open_database().keyless.get());
  session.WriteStamp(response->mutable_stamp());
  std::vector<RelationshipEnds> all;
  for (const Neighbour& row : rows.rows) all.push_back(row.ends);
  RELATA_RETURN_IF_ERROR(writer.ReadAhead(all));
  for (const Neighbour& row : rows.rows) {
    auto* const out = response->add_neighbors();
    RELATA_RETURN_IF_ERROR(writer.WriteSummary(row.entity, out->mutable_entity()));
    out->set_outgoing(row.outgoing);
    RELATA_RETURN_IF_ERROR(
        writer.WriteRelationshipRow(row.ends, row.fact, &row.belief, out->mutable_relationship()));
  }
  if (rows.next) {
    response->set_next_page_token(session.NextPageToken(EncodeCursor(*rows.next)));
  }
  return absl::OkStatus();
}

absl::Status GetSource(const CallContext& call, const v1::GetSourceRequest& request,
                       v1::GetSourceResponse* response) {
  RELATA_ASSIGN_OR_RETURN(const size_t page, PageSize(request.page_size(), call.limits()));
  RELATA_ASSIGN_OR_RETURN(
      const ReadSession session,
      ReadSession::OpenPaged(call, request.read(), {}, request, request.page_token()));
  RELATA_ASSIGN_OR_RETURN(const EntityId id,
                          session.Resolve(request.source(), FieldPath("source")));
  size_t next = 0;
  if (session.cursor()) {
    RELATA_ASSIGN_OR_RETURN(next, DecodePlace(*session.cursor()));
  }
  RELATA_ASSIGN_OR_RETURN(const auto source, session.snapshot().GetEntity(id));
  if (!source) return EntityNotFound(absl::StrCat("#", id.value()));
  RELATA_ASSIGN_OR_RETURN(const std::vector<FactOwner> owners,
                          session.snapshot().FactsOfSource(id));
  const ReadView all{ValidTime::All(), session.view().policy};
  ViewWriter writer(session.database(), session.snapshot(), all);
  session.WriteStamp(response->mutable_stamp());
  RELATA_RETURN_IF_ERROR(writer.WriteEntity(*source, /*full=*/true, response->mutable_source()));
  const size_t end = std::min(owners.size(), next + page);
  for (; next < end; ++next) {
    RELATA_RETURN_IF_ERROR(WriteSourced(session.snapshot(), owners[next], writer, response));
  }
  if (next < owners.size()) {
    response->set_next_page_token(session.NextPageToken(EncodeCursor(next)));
  }
  return absl::OkStatus();
}

}  // namespace relata
