#ifndef RELATA_GRAPH_QUERY_FUNCTIONS_STANDARD_NAMES_H_
#define RELATA_GRAPH_QUERY_FUNCTIONS_STANDARD_NAMES_H_

#include "absl/strings/string_view.h"

namespace relata::query {

// GQL's name of a function or aggregate of ours (`collect_list`, `zoned_datetime`): the name by
// which we know it, in whatever case; any other name as it is.
absl::string_view FunctionOfStandardName(absl::string_view name);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_FUNCTIONS_STANDARD_NAMES_H_
