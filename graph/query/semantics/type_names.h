#ifndef RELATA_GRAPH_QUERY_SEMANTICS_TYPE_NAMES_H_
#define RELATA_GRAPH_QUERY_SEMANTICS_TYPE_NAMES_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "graph/query/query_error.h"
#include "graph/values/value.h"

// Names of types as queries write them: `INTEGER`, `LIST<STRING NOT NULL>`, `INTEGER | FLOAT`,
// `ZONED DATETIME`. Case does not count.
namespace relata::query {

// What a property constraint may ask for; `LIST<…>` counts as list. SyntaxError where it is no type
// or one that no property can have.
absl::StatusOr<ValueType> PropertyTypeOf(absl::string_view name, Span span);

// SyntaxError where the text after IS :: is no type.
absl::Status CheckTypeName(absl::string_view text, Span span);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_SEMANTICS_TYPE_NAMES_H_
