#ifndef RELATA_GRAPH_QUERY_FUNCTIONS_TYPE_EXPRESSION_H_
#define RELATA_GRAPH_QUERY_FUNCTIONS_TYPE_EXPRESSION_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "graph/query/functions/function.h"

namespace relata::query {

// A type as GQL (ISO/IEC 39075, 4.13) and openCypher's dialects write it, for `IS ::`, type
// constraints and procedures: `INTEGER`, `STRING NOT NULL`, `LIST<INTEGER | FLOAT>`,
// `ZONED DATETIME`, `ANY`, `NUMBER`. A plain value.
struct TypeExpression {
  // One side of `|`.
  struct Alternative {
    // Kinds it admits; kNull where null is one of its values.
    TypeSet kinds = 0;
    // Of a list with a type of elements: exactly one; else empty.
    std::vector<TypeExpression> element;
  };
  std::vector<Alternative> alternatives;  // never empty

  // All kinds that it admits.
  TypeSet kinds() const;
};

// Case does not count. A type admits null unless `NOT NULL` or `!` follows; `INTEGER?` is the same
// as `INTEGER`. INVALID_ARGUMENT, with a suggestion where there is one, for anything else.
absl::StatusOr<TypeExpression> ParseType(absl::string_view text);

bool Conforms(const Datum& value, const TypeExpression& type);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_FUNCTIONS_TYPE_EXPRESSION_H_
