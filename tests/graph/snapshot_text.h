#ifndef RELATA_TESTS_GRAPH_SNAPSHOT_TEXT_H_
#define RELATA_TESTS_GRAPH_SNAPSHOT_TEXT_H_

#include <string>

#include "graph/store/snapshot.h"

namespace relata {

enum class TextDetail {
  kAll,         // with ids and versions: for answers that must be the same in everything
  kStatements,  // what is said alone, things named by key: for databases that were filled in other
                // ways
};

// Everything that a snapshot answers, as text: entities, relationships, both directions of
// adjacency, keys, labels, sources, names, the schema. Entities and relationships have keys, or
// lines of kStatements are ambiguous. The program ends where a read fails or two ways to the same
// thing disagree.
std::string TextOf(const Snapshot& snapshot, TextDetail detail);
std::string TextOf(const EntityState& state, const Snapshot& snapshot, TextDetail detail);
std::string TextOf(const RelationshipState& state, const Snapshot& snapshot, TextDetail detail);

}  // namespace relata

#endif  // RELATA_TESTS_GRAPH_SNAPSHOT_TEXT_H_
