#include "graph/query/expression/expression.h"

#include <utility>

#include "base/status_macros.h"
#include "graph/query/expression/compiler.h"
#include "graph/query/expression/evaluator.h"
#include "graph/query/expression/program.h"
#include "graph/query/runtime/packed_column.h"

namespace relata::query {

absl::StatusOr<Expression> Expression::Compile(const BoundExpr& expr, const Layout& layout,
                                               const SubqueryPlanner& subqueries,
                                               CompileWatch* watch) {
  ExpressionCompiler compiler(layout, subqueries, watch);
  Expression compiled;
  RELATA_ASSIGN_OR_RETURN(Program program, compiler.Compile(expr));
  compiled.program_ = std::make_shared<const Program>(std::move(program));
  return compiled;
}

Expression Expression::Constant(Datum value) {
  Program program;
  program.constants.push_back(PackColumn({std::move(value)}));
  program.result = {Operand::Source::kConstant, 0};
  Expression constant;
  constant.program_ = std::make_shared<const Program>(std::move(program));
  return constant;
}

Expression Expression::ColumnAt(size_t column) {
  Program program;
  program.result = {Operand::Source::kColumn, static_cast<uint32_t>(column)};
  Expression expression;
  expression.program_ = std::make_shared<const Program>(std::move(program));
  return expression;
}

int Expression::column() const {
  if (empty() || program_->result.source != Operand::Source::kColumn) return -1;
  return static_cast<int>(program_->result.index);
}

namespace {

std::vector<Values> InputsOf(const Batch& input) {
  std::vector<Values> inputs;
  inputs.reserve(input.columns.size());
  for (const Column& column : input.columns) inputs.push_back({&column, false});
  return inputs;
}

}  // namespace

absl::Status Expression::Evaluate(ExecutionContext& context, const Batch& input,
                                  Column* out) const {
  Frame frame(context, *program_, InputsOf(input), input.rows);
  RELATA_RETURN_IF_ERROR(frame.Run());
  *out = frame.TakeResult();
  return absl::OkStatus();
}

absl::Status Expression::Select(ExecutionContext& context, const Batch& input,
                                std::vector<uint32_t>* rows) const {
  rows->clear();
  if (input.rows == 0) return absl::OkStatus();
  Frame frame(context, *program_, InputsOf(input), input.rows);
  RELATA_RETURN_IF_ERROR(frame.Run());
  RELATA_ASSIGN_OR_RETURN(const std::vector<Ternary> truths, Truths(frame.result(), input.rows));
  for (uint32_t row = 0; row < input.rows; ++row) {
    if (truths[row] == Ternary::kTrue) rows->push_back(row);
  }
  return absl::OkStatus();
}

absl::StatusOr<Datum> Expression::EvaluateConstant(ExecutionContext& context) const {
  return EvaluateOnce(context, *program_);
}

}  // namespace relata::query
