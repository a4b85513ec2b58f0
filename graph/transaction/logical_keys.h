#ifndef RELATA_GRAPH_TRANSACTION_LOGICAL_KEYS_H_
#define RELATA_GRAPH_TRANSACTION_LOGICAL_KEYS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "base/ids.h"
#include "graph/store/states.h"
#include "graph/values/value.h"
#include "storage/versioned_store.h"

namespace relata {

// The things that transactions conflict on (storage/committer.h). An entity's existence is apart
// from its content, so that adding a relationship to a hub reads only that the hub is there, and
// the parts of its content are apart from each other, so that writers of different properties do
// not meet. In memory alone: they may change between releases.
std::string SchemaLogicalKey();  // read by every write
std::string ExistenceLogicalKey(EntityId id);
std::string LabelLogicalKey(EntityId id, LabelId label);
// The facts of one property; of kNamesProperty: the names.
std::string PropertyLogicalKey(EntityId id, PropertyId property);
std::string RetractionLogicalKey(EntityId id);
// An entity among all that bear a label: written where that changes, also by its creation and end.
std::string LabelMemberLogicalKey(LabelId label, EntityId id);
std::string EntityKeyLogicalKey(absl::string_view key);
std::string RelationshipLogicalKey(RelationshipId id);
std::string RelationshipKeyLogicalKey(absl::string_view key);
// A relationship seen from its `from` (out) or its `to`.
std::string OutLogicalKey(const RelationshipEnds& ends);
std::string InLogicalKey(const RelationshipEnds& ends);
std::string SourceFactLogicalKey(EntityId source, const FactOwner& owner);
// Of an entry of an index (graph/store/index_entries.h).
std::string IndexLogicalKey(absl::string_view entry);
std::string RequestLogicalKey(absl::string_view request_id);

// All labels, properties and the retraction.
KeyRange ContentLogicalRange(EntityId id);
// Of queries that look at many: which entities there are, those of a label, the content of all;
// which relationships there are (seen from their `from`), and all that is in them.
KeyRange AllExistenceLogicalRange();
KeyRange LabelMembersLogicalRange(LabelId label);
KeyRange AllContentLogicalRange();
KeyRange AllOutLogicalRange();
KeyRange AllRelationshipsLogicalRange();
KeyRange OutLogicalRange(EntityId from);
KeyRange PairLogicalRange(EntityId from, TypeId type, EntityId to);
KeyRange InLogicalRange(EntityId to);
KeyRange SourceFactsLogicalRange(EntityId source);
// Of the entries in a range within one index.
KeyRange IndexLogicalRange(const KeyRange& entries);
// Everything: for changes of the schema that look at all data.
KeyRange EverythingLogicalRange();

}  // namespace relata

#endif  // RELATA_GRAPH_TRANSACTION_LOGICAL_KEYS_H_
