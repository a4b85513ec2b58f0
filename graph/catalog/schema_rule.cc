#include "graph/catalog/schema_rule.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "graph/catalog/name_table.h"
#include "graph/catalog/schema.h"

namespace relata {
namespace {

using Kind = SchemaRule::Kind;

absl::string_view Prefix(Kind kind) {
  switch (kind) {
    case Kind::kIndex:
      return "index_";
    case Kind::kUnique:
      return "unique_";
    case Kind::kExists:
      return "exists_";
    case Kind::kTyped:
      return "type_";
    case Kind::kEnds:
      return "ends_";
    case Kind::kOnePerPair:
      return "one_per_pair_";
    case Kind::kInline:
      return "inline_";
    case Kind::kNodeKey:
      break;
  }
  return "node_key_";
}

bool HasIndex(const Schema& schema, const SchemaRule& rule, bool unique) {
  const auto& all = schema.indexes();
  return std::any_of(all.begin(), all.end(), [&](const auto& entry) {
    const IndexDefinition& d = entry.second;
    return d.label == rule.label && d.type == rule.type && d.properties == rule.properties &&
           d.unique == unique;
  });
}

const PropertyDeclaration* Declared(const Schema& schema, const SchemaRule& rule) {
  return rule.label.valid() ? schema.FindProperty(rule.label, rule.property())
                            : schema.FindProperty(rule.type, rule.property());
}

bool HasEnds(const RelationshipTypeDeclaration& d) {
  return !d.from_labels.empty() || !d.to_labels.empty();
}

// Whether a node key requires the property.
bool InNodeKey(const Schema& schema, LabelId label, PropertyId property) {
  const auto& named = schema.rule_names();
  return std::any_of(named.begin(), named.end(), [&](const auto& entry) {
    const SchemaRule& rule = entry.first;
    return rule.kind == Kind::kNodeKey && rule.label == label &&
           std::find(rule.properties.begin(), rule.properties.end(), property) !=
               rule.properties.end();
  });
}

void AddIndexRules(const Schema& schema, std::vector<SchemaRule>& rules) {
  for (const auto& [id, d] : schema.indexes()) rules.push_back(RuleOfIndex(schema, d));
}

void AddPropertyRules(const Schema& schema, std::vector<SchemaRule>& rules) {
  for (const PropertyDeclaration& d : schema.properties()) {
    if (d.required && !InNodeKey(schema, d.label, d.property)) {
      rules.push_back({Kind::kExists, d.label, d.type, {d.property}});
    }
    if (!AllowsEveryType(d.types)) rules.push_back({Kind::kTyped, d.label, d.type, {d.property}});
  }
}

void AddTypeRules(const Schema& schema, std::vector<SchemaRule>& rules) {
  for (const auto& [type, d] : schema.types()) {
    if (HasEnds(d)) rules.push_back({Kind::kEnds, LabelId(), type, {}});
    if (d.one_per_pair) rules.push_back({Kind::kOnePerPair, LabelId(), type, {}});
    for (const PropertyId property : d.inline_properties) {
      rules.push_back({Kind::kInline, LabelId(), type, {property}});
    }
  }
}

}  // namespace

bool Holds(const Schema& schema, const SchemaRule& rule) {
  const PropertyDeclaration* const property =
      rule.property().valid() ? Declared(schema, rule) : nullptr;
  const RelationshipTypeDeclaration* const type =
      rule.type.valid() ? schema.FindType(rule.type) : nullptr;
  switch (rule.kind) {
    case Kind::kIndex:
      return HasIndex(schema, rule, /*unique=*/false);
    case Kind::kUnique:
      return HasIndex(schema, rule, /*unique=*/true);
    case Kind::kExists:
      return property != nullptr && property->required;
    case Kind::kTyped:
      return property != nullptr && !AllowsEveryType(property->types);
    case Kind::kEnds:
      return type != nullptr && HasEnds(*type);
    case Kind::kOnePerPair:
      return type != nullptr && type->one_per_pair;
    case Kind::kInline:
      return type != nullptr && std::binary_search(type->inline_properties.begin(),
                                                   type->inline_properties.end(), rule.property());
    case Kind::kNodeKey:
      break;
  }
  const auto required = [&](PropertyId id) {
    const PropertyDeclaration* const d = schema.FindProperty(rule.label, id);
    return d != nullptr && d->required;
  };
  return HasIndex(schema, rule, /*unique=*/true) &&
         std::all_of(rule.properties.begin(), rule.properties.end(), required);
}

SchemaRule RuleOfIndex(const Schema& schema, const IndexDefinition& index) {
  SchemaRule rule{Kind::kIndex, index.label, index.type, index.properties};
  if (!index.unique) return rule;
  rule.kind = Kind::kNodeKey;
  if (!schema.rule_names().contains(rule)) rule.kind = Kind::kUnique;
  return rule;
}

std::vector<SchemaRule> RulesOf(const Schema& schema) {
  std::vector<SchemaRule> rules;
  AddIndexRules(schema, rules);
  AddPropertyRules(schema, rules);
  AddTypeRules(schema, rules);
  std::stable_sort(rules.begin(), rules.end(), [](const SchemaRule& a, const SchemaRule& b) {
    return a.constraint() < b.constraint();
  });
  return rules;
}

std::string RuleName(const Schema& schema, const NameTable& names, const SchemaRule& rule) {
  const auto given = schema.rule_names().find(rule);
  if (given != schema.rule_names().end()) return given->second;
  std::string made = absl::StrCat(
      Prefix(rule.kind), rule.label.valid() ? names.Name(rule.label) : names.Name(rule.type));
  for (const PropertyId property : rule.properties) {
    absl::StrAppend(&made, "_", names.Name(property));
  }
  const auto taken = [&](const auto& entry) { return entry.second == made; };
  while (std::any_of(schema.rule_names().begin(), schema.rule_names().end(), taken)) made += '_';
  return made;
}

std::optional<SchemaRule> FindRule(const Schema& schema, const NameTable& names,
                                   absl::string_view name) {
  for (const SchemaRule& rule : RulesOf(schema)) {
    if (RuleName(schema, names, rule) == name) return rule;
  }
  return std::nullopt;
}

std::vector<ValueType> AllPropertyTypes() {
  std::vector<ValueType> types;
  for (int type = static_cast<int>(ValueType::kBool); type <= static_cast<int>(ValueType::kList);
       ++type) {
    types.push_back(static_cast<ValueType>(type));
  }
  return types;
}

bool AllowsEveryType(const std::vector<ValueType>& types) { return types == AllPropertyTypes(); }

}  // namespace relata
