#ifndef RELATA_GRAPH_STORE_RECORDS_H_
#define RELATA_GRAPH_STORE_RECORDS_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/ids.h"
#include "graph/facts/fact_codec.h"
#include "graph/store/states.h"

namespace relata {

// Records of the tables of key_layout.h. Each starts with a format byte; `written` is the version
// of the record. Decoding gives DATA_LOSS where damaged and FAILED_PRECONDITION where the format is
// newer; both name the table and the id. Encoding into a text replaces it and uses its memory
// again.

// kEntity: key, labels, creation, retraction, and the properties with one plain fact. Other facts
// are not in it.
std::string EncodeEntity(const EntityState& state, CommitVersion written);
absl::StatusOr<EntityState> DecodeEntity(EntityId id, CommitVersion written,
                                         absl::string_view record);
// Whether a property's facts live inside the entity's record: one fact, and it is plain.
bool StoredInline(const std::vector<Fact>& facts);

// kEntityFact
std::string EncodeEntityFact(const Fact& fact, CommitVersion written);
absl::StatusOr<Fact> DecodeEntityFact(FactId id, PropertyId property, CommitVersion written,
                                      absl::string_view record);

// kOut
std::string EncodeOut(const RelationshipState& state, CommitVersion written);
void EncodeOut(const RelationshipState& state, CommitVersion written, std::string* record);
absl::StatusOr<RelationshipState> DecodeOut(const RelationshipEnds& ends, CommitVersion written,
                                            absl::string_view record);
// kIn
std::string EncodeIn(const RelationshipState& state,
                     const std::vector<PropertyId>& inline_properties);
void EncodeIn(const RelationshipState& state, const std::vector<PropertyId>& inline_properties,
              std::string* record);
absl::StatusOr<std::vector<FactSummary>> DecodeIn(const RelationshipEnds& ends,
                                                  absl::string_view record);
// What an incoming entry holds of each fact, from either one, for scans of many: shows it one after
// the other, without making lists or what the facts say. After an error what was shown means
// nothing.
absl::Status SummarizeOut(const RelationshipEnds& ends, CommitVersion written,
                          absl::string_view record, absl::FunctionRef<void(FactSummary)> visit);
absl::Status SummarizeIn(const RelationshipEnds& ends, absl::string_view record,
                         absl::FunctionRef<void(FactSummary)> visit);
// kRelationship
std::string EncodeRelationship(const RelationshipState& state);
void EncodeRelationship(const RelationshipState& state, std::string* record);
struct RelationshipRecord {
  RelationshipEnds ends;
  std::string key;
};
absl::StatusOr<RelationshipRecord> DecodeRelationship(RelationshipId id, absl::string_view record);

// kEntityKey, kRelationshipKey: the id.
std::string EncodeId(uint64_t id);
absl::StatusOr<uint64_t> DecodeId(absl::string_view what, absl::string_view record);

}  // namespace relata

#endif  // RELATA_GRAPH_STORE_RECORDS_H_
