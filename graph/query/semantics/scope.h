#ifndef RELATA_GRAPH_QUERY_SEMANTICS_SCOPE_H_
#define RELATA_GRAPH_QUERY_SEMANTICS_SCOPE_H_

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "graph/query/semantics/bound_query.h"

namespace relata::query {

// The names that an expression sees, and what they stand for. Scopes form a chain: those of a
// comprehension or subquery lie within those of what is around them, and hide names of it. A plain
// type; `outer` must outlive it.
struct Scope {
  std::map<std::string, VariableId, std::less<>> names;
  const Scope* outer = nullptr;

  // Innermost first; nullopt where nobody has declared it.
  std::optional<VariableId> Find(absl::string_view name) const;
  // All that can be seen, for suggestions: ascending within each scope.
  std::vector<std::string> VisibleNames() const;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_SEMANTICS_SCOPE_H_
