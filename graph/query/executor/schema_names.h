#ifndef RELATA_GRAPH_QUERY_EXECUTOR_SCHEMA_NAMES_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_SCHEMA_NAMES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "graph/values/value.h"

// What indexes and constraints are called in SHOW, and where DROP names them: by what they are,
// since the catalog knows them by label or type and property.
namespace relata::query {

// `index_Company_name`.
std::string IndexName(absl::string_view label, absl::string_view property);
// `unique_Company_name`: a constraint, and the index that it rests on.
std::string UniqueName(absl::string_view label, absl::string_view property);
// `exists_Company_name`, of nodes with a label or relationships of a type.
std::string ExistsName(absl::string_view label_or_type, absl::string_view property);
// `type_Company_name`.
std::string TypedName(absl::string_view label_or_type, absl::string_view property);
// `ends_INVESTED_IN`.
std::string EndsName(absl::string_view type);
// `one_per_pair_OWNS`.
std::string OnePerPairName(absl::string_view type);
// `inline_OWNS_share`.
std::string InlineName(absl::string_view type, absl::string_view property);

// A declaration that allows every type constrains none: what is left of one that was dropped.
std::vector<ValueType> AllPropertyTypes();
bool AllowsEveryType(const std::vector<ValueType>& types);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_SCHEMA_NAMES_H_
