#include "graph/query/executor/schema_names.h"

#include "absl/strings/str_cat.h"

namespace relata::query {

std::string IndexName(absl::string_view label, absl::string_view property) {
  return absl::StrCat("index_", label, "_", property);
}
std::string UniqueName(absl::string_view label, absl::string_view property) {
  return absl::StrCat("unique_", label, "_", property);
}
std::string ExistsName(absl::string_view label_or_type, absl::string_view property) {
  return absl::StrCat("exists_", label_or_type, "_", property);
}
std::string TypedName(absl::string_view label_or_type, absl::string_view property) {
  return absl::StrCat("type_", label_or_type, "_", property);
}
std::string EndsName(absl::string_view type) { return absl::StrCat("ends_", type); }
std::string OnePerPairName(absl::string_view type) { return absl::StrCat("one_per_pair_", type); }
std::string InlineName(absl::string_view type, absl::string_view property) {
  return absl::StrCat("inline_", type, "_", property);
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

}  // namespace relata::query
