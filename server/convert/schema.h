#ifndef RELATA_SERVER_CONVERT_SCHEMA_H_
#define RELATA_SERVER_CONVERT_SCHEMA_H_

#include <vector>

#include "absl/status/statusor.h"
#include "graph/catalog/name_table.h"
#include "graph/catalog/schema.h"
#include "graph/mutation/mutation.h"
#include "server/convert/field_path.h"

namespace relata {

namespace v1 {
class Mutation;
class PropertyDeclaration;
class RelationshipTypeDeclaration;
class SchemaRule;
class Index;
class UniqueConstraint;
class ListIndexesResponse_IndexState;
}  // namespace v1

// Declarations between the API and the graph.

// Precondition: one of the schema's kinds is set, or a kind this server does not know
// (INVALID_ARGUMENT).
absl::StatusOr<Mutation> SchemaMutationFromProto(const v1::Mutation& proto, const FieldPath& path);

// The other way, names in ascending order.
void DeclarationToProto(const RelationshipTypeDeclaration& declaration, const NameTable& names,
                        v1::RelationshipTypeDeclaration* proto);
void DeclarationToProto(const PropertyDeclaration& declaration, const NameTable& names,
                        v1::PropertyDeclaration* proto);
void DeclarationToProto(const IndexDefinition& index, const NameTable& names,
                        v1::UniqueConstraint* proto);
void DeclarationToProto(const IndexDefinition& index, const NameTable& names, v1::Index* proto);
// Without its name and state.
void DeclarationToProto(const IndexDefinition& index, const NameTable& names,
                        v1::ListIndexesResponse_IndexState* proto);

// Every rule that was given a name, ascending by it.
std::vector<v1::SchemaRule> NamedRulesToProto(const Schema& schema, const NameTable& names);

// The declarations of a schema in the order the API shows them: types by name; properties of
// labels, then of types, by name and property; indexes likewise. The pointers borrow
// from `schema`.
struct OrderedSchema {
  std::vector<const RelationshipTypeDeclaration*> types;
  std::vector<const PropertyDeclaration*> properties;
  std::vector<const IndexDefinition*> indexes;
};
OrderedSchema OrderSchema(const Schema& schema, const NameTable& names);

}  // namespace relata

#endif  // RELATA_SERVER_CONVERT_SCHEMA_H_
