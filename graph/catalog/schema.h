#ifndef RELATA_GRAPH_CATALOG_SCHEMA_H_
#define RELATA_GRAPH_CATALOG_SCHEMA_H_

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "graph/catalog/schema_rule.h"
#include "graph/values/value.h"
#include "storage/versioned_store.h"

namespace relata {

// What holds for every relationship of a type.
struct RelationshipTypeDeclaration {
  TypeId type;
  bool one_per_pair = false;
  std::vector<LabelId> from_labels;  // ascending; empty: any
  std::vector<LabelId> to_labels;
  std::vector<PropertyId> inline_properties;  // ascending
  bool operator==(const RelationshipTypeDeclaration&) const = default;
};

// What values a property may hold, of entities with a label or of relationships of a type (exactly
// one is set).
struct PropertyDeclaration {
  LabelId label;
  TypeId type;
  PropertyId property;
  std::vector<ValueType> types;  // ascending
  bool required = false;
  std::string unit;
  std::string description;
  bool operator==(const PropertyDeclaration&) const = default;
};

// A secondary index of entities with a label or of relationships of a type (exactly one is set); a
// unique constraint rests on one of entities. What its entries are: graph/store/index_entries.h.
struct IndexDefinition {
  IndexId id;
  LabelId label;
  TypeId type;
  std::vector<PropertyId> properties;  // at least one, in the order of its entries, none twice
  bool unique = false;
  bool of_relationships() const { return type.valid(); }
  bool operator==(const IndexDefinition&) const = default;
};

// The declarations at one version. Immutable, shared between threads.
class Schema {
 public:
  static absl::StatusOr<std::shared_ptr<const Schema>> Load(const StoreSnapshot& snapshot);

  // Null where the type is not declared: nothing is asked of it.
  const RelationshipTypeDeclaration* FindType(TypeId type) const;
  bool one_per_pair(TypeId type) const;
  // Null where not declared.
  const PropertyDeclaration* FindProperty(LabelId label, PropertyId property) const;
  const PropertyDeclaration* FindProperty(TypeId type, PropertyId property) const;

  const std::map<TypeId, RelationshipTypeDeclaration>& types() const { return types_; }
  const std::vector<PropertyDeclaration>& properties() const { return properties_; }
  const std::map<IndexId, IndexDefinition>& indexes() const { return indexes_; }
  // Names that were given to what the schema says. Each is of a rule that holds (schema_rule.h).
  const std::map<SchemaRule, std::string>& rule_names() const { return rule_names_; }

  // Building one up (transactions, Load). A change of what holds takes the names of what holds no
  // longer away.
  void Put(RelationshipTypeDeclaration d);
  void Put(PropertyDeclaration d);
  void Put(IndexDefinition d);
  void DropIndex(IndexId id);
  // Precondition: the rule holds.
  void Name(const SchemaRule& rule, std::string name);

 private:
  void ForgetNames();

  std::map<TypeId, RelationshipTypeDeclaration> types_;
  std::vector<PropertyDeclaration> properties_;
  std::map<IndexId, IndexDefinition> indexes_;
  std::map<SchemaRule, std::string> rule_names_;
};

// Key and record of each declaration (table kSchema of key_layout.h).
std::string SchemaKey(const RelationshipTypeDeclaration& d);
std::string SchemaKey(const PropertyDeclaration& d);
std::string SchemaKey(const IndexDefinition& d);
std::string SchemaKey(const SchemaRule& rule);  // of its name
std::string EncodeDeclaration(const RelationshipTypeDeclaration& d);
std::string EncodeDeclaration(const PropertyDeclaration& d);
std::string EncodeDeclaration(const IndexDefinition& d);
std::string EncodeRuleName(const SchemaRule& rule, absl::string_view name);

}  // namespace relata

#endif  // RELATA_GRAPH_CATALOG_SCHEMA_H_
