#ifndef RELATA_GRAPH_CATALOG_SCHEMA_RULE_H_
#define RELATA_GRAPH_CATALOG_SCHEMA_RULE_H_

#include <compare>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "base/ids.h"
#include "graph/values/value.h"

namespace relata {

class NameTable;
class Schema;
struct IndexDefinition;

// One thing that a schema says and that can have a name: an index or one constraint. It is known by
// what it is about; several may rest on one declaration.
struct SchemaRule {
  // Lives on disk.
  enum class Kind : uint8_t {
    kIndex = 1,
    kUnique = 2,
    kExists = 3,      // of nodes with a label or relationships of a type, as kTyped
    kTyped = 4,       //
    kEnds = 5,        // of a relationship type, as the next two
    kOnePerPair = 6,  //
    kInline = 7,      //
    kNodeKey = 8,     // unique and there: stands for a kUnique and a kExists of each property
  };
  Kind kind = Kind::kIndex;
  LabelId label;  // exactly one of label and type is set
  TypeId type;
  // None of kEnds and kOnePerPair; of kIndex, kUnique and kNodeKey those of the index in its order;
  // of others one.
  std::vector<PropertyId> properties;

  // The first one; not valid where there is none.
  PropertyId property() const { return properties.empty() ? PropertyId() : properties.front(); }
  bool constraint() const { return kind != Kind::kIndex; }
  auto operator<=>(const SchemaRule&) const = default;
};

// Whether the schema says it. A node key holds where its properties are unique together and each is
// required.
bool Holds(const Schema& schema, const SchemaRule& rule);

// Everything that the schema says, indexes first, without the rules that a node key stands for. A
// node key is one where it was given a name (Schema::rule_names); a property that is unique and
// required for itself is none.
std::vector<SchemaRule> RulesOf(const Schema& schema);

// The name that was given to the rule, else one made of what it is about:
// `index_Company_name_founded`,
// `unique_…`, `exists_…`, `type_…`, `ends_INVESTED_IN`, `one_per_pair_OWNS`, `inline_OWNS_share`,
// `node_key_…`, with `_` behind it while that name was given to another.
std::string RuleName(const Schema& schema, const NameTable& names, const SchemaRule& rule);

// What an index is there for: a node key, a unique constraint or itself.
SchemaRule RuleOfIndex(const Schema& schema, const IndexDefinition& index);

// Which of RulesOf bears the name; nullopt: none.
std::optional<SchemaRule> FindRule(const Schema& schema, const NameTable& names,
                                   absl::string_view name);

// A declaration that allows every type constrains none: what is left of one that was dropped.
std::vector<ValueType> AllPropertyTypes();
bool AllowsEveryType(const std::vector<ValueType>& types);

}  // namespace relata

#endif  // RELATA_GRAPH_CATALOG_SCHEMA_RULE_H_
