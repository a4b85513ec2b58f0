#include "graph/query/semantics/scope.h"

namespace relata::query {

std::optional<VariableId> Scope::Find(absl::string_view name) const {
  for (const Scope* scope = this; scope != nullptr; scope = scope->outer) {
    if (const auto it = scope->names.find(name); it != scope->names.end()) return it->second;
  }
  return std::nullopt;
}

std::vector<std::string> Scope::VisibleNames() const {
  std::vector<std::string> all;
  for (const Scope* scope = this; scope != nullptr; scope = scope->outer) {
    for (const auto& [name, variable] : scope->names) all.push_back(name);
  }
  return all;
}

}  // namespace relata::query
