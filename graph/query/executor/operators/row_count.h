#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_ROW_COUNT_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_ROW_COUNT_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "graph/query/executor/execution_context.h"
#include "graph/query/expression/expression.h"

namespace relata::query {

// The operand of SKIP or LIMIT (`clause`, for messages), or how many paths a selector keeps;
// `missing` where the expression is empty. SyntaxError at runtime: NegativeIntegerArgument for a
// negative number, InvalidArgumentType for what is no integer.
absl::StatusOr<int64_t> EvaluateRowCount(const Expression& expr, absl::string_view clause,
                                         int64_t missing, ExecutionContext& context);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_ROW_COUNT_H_
