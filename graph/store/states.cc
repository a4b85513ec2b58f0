#include "graph/store/states.h"

#include <algorithm>

namespace relata {

Value NameToValue(const EntityName& name) {
  return Value::Of<Value::List>({Value::String(name.text), Value::String(name.language),
                                 Value::Int(static_cast<int64_t>(name.kind))});
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
