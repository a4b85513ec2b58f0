#ifndef RELATA_GRAPH_QUERY_EXPRESSION_COMPILER_H_
#define RELATA_GRAPH_QUERY_EXPRESSION_COMPILER_H_

#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "graph/query/expression/expression.h"
#include "graph/query/expression/program.h"
#include "graph/query/runtime/layout.h"
#include "graph/query/semantics/bound_query.h"

namespace relata::query {

// A comparison of COUNT { } with 0 or 1 that asks only whether there is a row.
struct Existence {
  const BoundExpr* subquery;
  bool negated;  // whether there is none
};

// Turns a bound expression into a program. One compiler makes one program; blocks have compilers of
// their own, which ask the one around them for variables that they do not bind themselves. Used
// once.
class ExpressionCompiler {
 public:
  // `watch` may be null.
  ExpressionCompiler(const Layout& layout, const SubqueryPlanner& subqueries, CompileWatch* watch);
  // INTERNAL for a variable that nobody binds; what the watch says where it ends the statement.
  absl::StatusOr<Program> Compile(const BoundExpr& expr);

 private:
  // Of a block whose columns 0, 1, … are `locals`.
  ExpressionCompiler(ExpressionCompiler* outer, const std::vector<VariableId>& locals);

  absl::StatusOr<Operand> CompileExpr(const BoundExpr& e);
  // All args in order, as operands of one instruction.
  absl::StatusOr<Operand> CompileOperator(const BoundExpr& e, Opcode op);
  absl::StatusOr<Operand> CompileLogic(const BoundExpr& e, Opcode op);
  absl::StatusOr<Operand> CompileSlice(const BoundExpr& e);
  absl::StatusOr<Operand> CompileMap(const BoundExpr& e);
  absl::StatusOr<Operand> CompileCase(const BoundExpr& e);
  absl::StatusOr<Operand> CompileComprehension(const BoundExpr& e);
  absl::StatusOr<Operand> CompileQuantifier(const BoundExpr& e);
  absl::StatusOr<Operand> CompileReduce(const BoundExpr& e);
  absl::StatusOr<Operand> CompilePath(const BoundExpr& e);
  // `kind`: what is asked of its rows, which may be less than it says itself.
  absl::StatusOr<Operand> CompileSubquery(const BoundExpr& e, BoundSubquery::Kind kind);
  absl::StatusOr<Operand> CompileExistence(const Existence& existence);
  absl::StatusOr<Operand> CompileLabels(const BoundLabels& labels, Operand entity, Span span);
  absl::StatusOr<std::shared_ptr<const Block>> CompileBlock(const BoundExpr& e,
                                                            const std::vector<VariableId>& locals);

  absl::StatusOr<Operand> Lookup(VariableId variable);
  Operand AddConstant(const Datum& value);
  // The register of its result, or a constant where it can be folded.
  Operand Add(Instruction instruction);

  ExpressionCompiler* const outer_;
  const SubqueryPlanner& subqueries_;
  CompileWatch* const watch_;
  absl::flat_hash_map<VariableId, Operand> variables_;
  std::vector<Operand> captures_;
  size_t columns_ = 0;
  Program program_;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXPRESSION_COMPILER_H_
