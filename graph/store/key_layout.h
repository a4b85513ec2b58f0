#ifndef RELATA_GRAPH_STORE_KEY_LAYOUT_H_
#define RELATA_GRAPH_STORE_KEY_LAYOUT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/ids.h"
#include "graph/store/states.h"
#include "graph/values/value.h"
#include "storage/versioned_store.h"

namespace relata {

// Keys of the versioned spaces: one byte for the table, then fixed-width big-endian ids or
// self-ending texts. They live on disk (docs/decisions/2026-11-22-byte-layout.md).
enum class Table : uint8_t {
  kEntity = 0x10,           // id -> labels, key, plain values
  kEntityFact = 0x11,       // id, property, fact -> fact
  kEntityKey = 0x12,        // key text -> id
  kLabel = 0x13,            // label, id -> (empty)
  kName = 0x14,             // folded text, id, fact -> (empty)
  kOut = 0x20,              // from, type, to, relationship -> all facts
  kIn = 0x21,               // to, type, from, relationship -> summaries
  kRelationship = 0x22,     // relationship -> from, type, to, key
  kRelationshipKey = 0x23,  // key text -> relationship
  kSourceFact = 0x30,       // source, owner kind, owner, property, fact -> (empty)
  kIndex = 0x40,            // index, what is indexed (index_entries.h), id -> (empty)
  kSchema = 0x50,           // declaration kind, ids -> declaration
};

std::string TablePrefix(Table table);

std::string EntityKeyOf(EntityId id);
std::string EntityFactPrefix(EntityId id);
std::string EntityFactPrefix(EntityId id, PropertyId property);
std::string EntityFactKey(EntityId id, PropertyId property, FactId fact);
std::string EntityByKeyKey(absl::string_view key);
std::string LabelPrefix(LabelId label);
std::string LabelKey(LabelId label, EntityId id);
// Of names whose folded text is `folded`, or (prefix) starts with it.
KeyRange NameRange(absl::string_view folded, bool prefix);
std::string NameKey(absl::string_view folded, EntityId id, FactId fact);
std::string OutPrefix(EntityId from);
std::string OutPrefix(EntityId from, TypeId type);
std::string OutPrefix(EntityId from, TypeId type, EntityId to);
std::string OutKey(const RelationshipEnds& ends);
std::string InPrefix(EntityId to);
std::string InPrefix(EntityId to, TypeId type);
std::string InKey(const RelationshipEnds& ends);
std::string RelationshipKeyOf(RelationshipId id);
// The same into a text whose memory is used again.
void OutKey(const RelationshipEnds& ends, std::string* key);
void InKey(const RelationshipEnds& ends, std::string* key);
void RelationshipKeyOf(RelationshipId id, std::string* key);
std::string RelationshipByKeyKey(absl::string_view key);
std::string SourceFactPrefix(EntityId source);
std::string SourceFactKey(EntityId source, const FactOwner& owner);
std::string IndexPrefix(IndexId index);
std::string IndexKey(IndexId index, const Value& value, EntityId id);

// The ids back from a key. DATA_LOSS where the key has not the shape of its table.
struct EntityFactIds {
  EntityId entity;
  PropertyId property;
  FactId fact;
};
absl::StatusOr<EntityId> DecodeEntityKey(absl::string_view key);
absl::StatusOr<EntityFactIds> DecodeEntityFactKey(absl::string_view key);
absl::StatusOr<EntityId> DecodeLabelKey(absl::string_view key);
// The last two ids of a name key.
absl::StatusOr<EntityFactIds> DecodeNameKey(absl::string_view key);
absl::StatusOr<RelationshipEnds> DecodeOutKey(absl::string_view key);
absl::StatusOr<RelationshipEnds> DecodeInKey(absl::string_view key);
absl::StatusOr<RelationshipId> DecodeRelationshipKey(absl::string_view key);
absl::StatusOr<FactOwner> DecodeSourceFactKey(absl::string_view key);
// Of an entity or a relationship.
absl::StatusOr<uint64_t> DecodeIndexKey(absl::string_view key);

}  // namespace relata

#endif  // RELATA_GRAPH_STORE_KEY_LAYOUT_H_
