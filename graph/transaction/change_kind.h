#ifndef RELATA_GRAPH_TRANSACTION_CHANGE_KIND_H_
#define RELATA_GRAPH_TRANSACTION_CHANGE_KIND_H_

#include <cstdint>

namespace relata {

// What an identity in the commit log is of (CommitEntry::Change::kind); the numbers live on disk.
enum class ChangeKind : uint8_t { kSchema = 1, kEntity = 2, kRelationship = 3 };

}  // namespace relata

#endif  // RELATA_GRAPH_TRANSACTION_CHANGE_KIND_H_
