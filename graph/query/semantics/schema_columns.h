#ifndef RELATA_GRAPH_QUERY_SEMANTICS_SCHEMA_COLUMNS_H_
#define RELATA_GRAPH_QUERY_SEMANTICS_SCHEMA_COLUMNS_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "graph/query/semantics/bound_query.h"

namespace relata::query {

// One column of a SHOW command: what BoundShow::Output::field names.
struct ShowColumn {
  absl::string_view name;
  TypeSet type;
};
// The columns of a SHOW command, in the order shown. They live as long as the program.
absl::Span<const ShowColumn> ShowColumns(BoundShow::Kind kind);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_SEMANTICS_SCHEMA_COLUMNS_H_
