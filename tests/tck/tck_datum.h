#ifndef RELATA_TESTS_TCK_TCK_DATUM_H_
#define RELATA_TESTS_TCK_TCK_DATUM_H_

#include "absl/status/statusor.h"
#include "graph/query/procedures/procedure.h"
#include "graph/query/runtime/datum.h"
#include "tests/tck/scenario_backend.h"
#include "tests/tck/tck_value.h"

// Between the values of the TCK and those of queries, for every backend.
namespace relata {

// Null for what is no parameter: nodes, relationships, paths and other types.
query::Datum TckDatum(const TckValue& value);

// Precondition: a scalar. A temporal value is what the language's own toString() makes of it, as
// the TCK has it; values of other types are named with their type.
absl::StatusOr<TckValue> TckScalar(const query::Datum& datum);

// A procedure that is a table. INVALID_ARGUMENT for a type that is not known.
absl::StatusOr<query::Procedure> TableProcedure(const TckProcedure& table);

}  // namespace relata

#endif  // RELATA_TESTS_TCK_TCK_DATUM_H_
