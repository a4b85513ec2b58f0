#include "server/convert/reference.h"

#include <utility>

#include "base/status_macros.h"
#include "relata/v1/mutation.pb.h"

namespace relata {
namespace {

absl::Status CheckNotEmpty(const std::string& text, const FieldPath& path) {
  return text.empty() ? path.Error("must not be empty") : absl::OkStatus();
}

absl::Status CheckId(uint64_t id, const FieldPath& path) {
  return id == 0 ? path.Error("0 is no id; ids start at 1") : absl::OkStatus();
}

absl::StatusOr<PairRef> PairFromProto(const v1::RelationshipRef::Pair& proto,
                                      const FieldPath& path) {
  PairRef pair;
  RELATA_RETURN_IF_ERROR(CheckNotEmpty(proto.type(), path.Field("type")));
  pair.type = proto.type();
  RELATA_ASSIGN_OR_RETURN(pair.from, EntityRefFromProto(proto.from(), path.Field("from")));
  RELATA_ASSIGN_OR_RETURN(pair.to, EntityRefFromProto(proto.to(), path.Field("to")));
  return pair;
}

}  // namespace

absl::StatusOr<EntityRef> EntityRefFromProto(const v1::EntityRef& proto, const FieldPath& path) {
  switch (proto.ref_case()) {
    case v1::EntityRef::kKey:
      RELATA_RETURN_IF_ERROR(CheckNotEmpty(proto.key(), path.Field("key")));
      return EntityRef(EntityKeyRef{proto.key()});
    case v1::EntityRef::kId:
      RELATA_RETURN_IF_ERROR(CheckId(proto.id(), path.Field("id")));
      return EntityRef(EntityId(proto.id()));
    case v1::EntityRef::kHandle:
      RELATA_RETURN_IF_ERROR(CheckNotEmpty(proto.handle(), path.Field("handle")));
      return EntityRef(HandleRef{proto.handle()});
    case v1::EntityRef::REF_NOT_SET:
      break;
  }
  return path.Error("name an entity by key, id or handle");
}

absl::StatusOr<RelationshipRef> RelationshipRefFromProto(const v1::RelationshipRef& proto,
                                                         const FieldPath& path) {
  switch (proto.ref_case()) {
    case v1::RelationshipRef::kKey:
      RELATA_RETURN_IF_ERROR(CheckNotEmpty(proto.key(), path.Field("key")));
      return RelationshipRef(RelationshipKeyRef{proto.key()});
    case v1::RelationshipRef::kId:
      RELATA_RETURN_IF_ERROR(CheckId(proto.id(), path.Field("id")));
      return RelationshipRef(RelationshipId(proto.id()));
    case v1::RelationshipRef::kHandle:
      RELATA_RETURN_IF_ERROR(CheckNotEmpty(proto.handle(), path.Field("handle")));
      return RelationshipRef(HandleRef{proto.handle()});
    case v1::RelationshipRef::kPair: {
      RELATA_ASSIGN_OR_RETURN(PairRef pair, PairFromProto(proto.pair(), path.Field("pair")));
      return RelationshipRef(std::move(pair));
    }
    case v1::RelationshipRef::REF_NOT_SET:
      break;
  }
  return path.Error("name a relationship by key, id, handle or pair");
}

absl::StatusOr<FactRef> FactRefFromProto(const v1::FactRef& proto, const FieldPath& path) {
  if (proto.ref_case() == v1::FactRef::kHandle) {
    RELATA_RETURN_IF_ERROR(CheckNotEmpty(proto.handle(), path.Field("handle")));
    return FactRef(HandleRef{proto.handle()});
  }
  if (proto.ref_case() == v1::FactRef::REF_NOT_SET) {
    return path.Error("name a fact by its id with its owner, or by handle");
  }
  const FieldPath by_id = path.Field("by_id");
  FactByIdRef ref;
  RELATA_RETURN_IF_ERROR(CheckId(proto.by_id().id(), by_id.Field("id")));
  ref.id = FactId(proto.by_id().id());
  switch (proto.by_id().owner_case()) {
    case v1::FactRef::ById::kEntity: {
      RELATA_ASSIGN_OR_RETURN(ref.owner,
                              EntityRefFromProto(proto.by_id().entity(), by_id.Field("entity")));
      return FactRef(std::move(ref));
    }
    case v1::FactRef::ById::kRelationship: {
      RELATA_ASSIGN_OR_RETURN(ref.owner, RelationshipRefFromProto(proto.by_id().relationship(),
                                                                  by_id.Field("relationship")));
      return FactRef(std::move(ref));
    }
    case v1::FactRef::ById::OWNER_NOT_SET:
      break;
  }
  return by_id.Error("say what it is a fact of: entity or relationship");
}

}  // namespace relata
