#include "graph/store/states.h"

#include <algorithm>

namespace relata {

Value NameToValue(const EntityName& name) {
  return Value::Of<Value::List>({Value::String(name.text), Value::String(name.language),
                                 Value::Int(static_cast<int64_t>(name.kind))});
}

bool IsNameValue(const Value& value) {
  const auto* list = value.get_if<Value::List>();
  if (list == nullptr || list->size() != 3) return false;
  const auto* kind = (*list)[2].get_if<int64_t>();
  return (*list)[0].get_if<std::string>() != nullptr &&
         (*list)[1].get_if<std::string>() != nullptr && kind != nullptr &&
         *kind >= static_cast<int64_t>(NameKind::kPreferred) &&
         *kind <= static_cast<int64_t>(NameKind::kFormer);
}

EntityName NameFromValue(const Value& value) {
  const Value::List& list = value.get<Value::List>();
  EntityName name;
  name.text = list[0].get<std::string>();
  name.language = list[1].get<std::string>();
  name.kind = static_cast<NameKind>(list[2].get<int64_t>());
  return name;
}

bool EntityState::HasLabel(LabelId label) const {
  return std::binary_search(labels.begin(), labels.end(), label);
}

const std::vector<Fact>* EntityState::FindProperty(PropertyId property) const {
  const auto it = properties.find(property);
  return it == properties.end() ? nullptr : &it->second;
}

}  // namespace relata
