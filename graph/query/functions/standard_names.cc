#include "graph/query/functions/standard_names.h"

#include "absl/strings/match.h"

namespace relata::query {

absl::string_view FunctionOfStandardName(absl::string_view name) {
  struct Alias {
    absl::string_view standard;
    absl::string_view name;
  };
  static constexpr Alias kAliases[] = {
      {"ceiling", "ceil"},
      {"collect_list", "collect"},
      {"duration_between", "duration.between"},
      {"element_id", "elementid"},
      {"ln", "log"},
      {"local_datetime", "localdatetime"},
      {"local_time", "localtime"},
      {"path_length", "length"},
      {"percentile_cont", "percentilecont"},
      {"percentile_disc", "percentiledisc"},
      {"stdev_pop", "stdevp"},
      {"stdev_samp", "stdev"},
      {"zoned_datetime", "datetime"},
      {"zoned_time", "time"},
  };
  for (const Alias& alias : kAliases) {
    if (absl::EqualsIgnoreCase(alias.standard, name)) return alias.name;
  }
  return name;
}

}  // namespace relata::query
