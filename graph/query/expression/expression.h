#ifndef RELATA_GRAPH_QUERY_EXPRESSION_EXPRESSION_H_
#define RELATA_GRAPH_QUERY_EXPRESSION_EXPRESSION_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "graph/query/compile_watch.h"
#include "graph/query/runtime/column.h"
#include "graph/query/runtime/layout.h"
#include "graph/query/semantics/bound_query.h"

namespace relata::query {

class ExecutionContext;
struct PlanNode;
struct Program;  // the flat program; expression/program.h

// Plans a subquery whose imports are the columns of `arguments`, in that order; `kind` says what is
// asked of its rows. Given by the planner, since expressions hold subqueries and plans hold
// expressions.
using SubqueryPlanner = std::function<absl::StatusOr<std::shared_ptr<const PlanNode>>(
    const BoundQuery& query, BoundSubquery::Kind kind, const Layout& arguments)>;

// An expression compiled once for one layout of columns: a flat list of instructions over columns,
// evaluated a batch at a time. Constants are folded. Immutable and shared between runs and threads.
class Expression {
 public:
  Expression() = default;  // empty: no expression
  // Every variable of `expr` must be in `layout` (INTERNAL otherwise). Borrows nothing from `expr`.
  // `watch` may end it.
  static absl::StatusOr<Expression> Compile(const BoundExpr& expr, const Layout& layout,
                                            const SubqueryPlanner& subqueries,
                                            CompileWatch* watch = nullptr);
  // A constant, and a column as it is.
  static Expression Constant(Datum value);
  static Expression ColumnAt(size_t column);

  bool empty() const { return program_ == nullptr; }
  explicit operator bool() const { return !empty(); }
  // The column that it is, where it is nothing but one; -1 otherwise.
  int column() const;

  // The value for each row of `input`; `out` is replaced. Runtime errors of openCypher, with the
  // span of what failed.
  absl::Status Evaluate(ExecutionContext& context, const Batch& input, Column* out) const;
  // The rows for which it is true, ascending. TypeError where it is neither boolean nor null.
  absl::Status Select(ExecutionContext& context, const Batch& input,
                      std::vector<uint32_t>* rows) const;
  // Without any row: for constants of a statement (SKIP, time operands).
  absl::StatusOr<Datum> EvaluateConstant(ExecutionContext& context) const;

 private:
  std::shared_ptr<const Program> program_;
};

// Whether the value cannot depend on any row: no variable in it, nothing volatile.
bool IsConstant(const BoundExpr& expr);
// Variables of enclosing scopes that it uses, each once, ascending; those that it binds itself left
// out.
std::vector<VariableId> FreeVariables(const BoundExpr& expr);
std::vector<VariableId> FreeVariables(const BoundQuery& query);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXPRESSION_EXPRESSION_H_
