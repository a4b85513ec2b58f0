#include "graph/query/expression/evaluator.h"

#include <algorithm>
#include <memory>

#include "base/status_macros.h"
#include "graph/query/expression/fixed_values.h"
#include "graph/query/functions/operators.h"
#include "graph/query/query_error.h"

namespace relata::query {
namespace {

absl::StatusOr<Column> RunInstruction(Frame& frame, const Instruction& in) {
  switch (in.op) {
    case Opcode::kAnd:
    case Opcode::kOr:
    case Opcode::kCase:
      return RunBranch(frame, in);
    case Opcode::kListComprehension:
    case Opcode::kQuantifier:
    case Opcode::kReduce:
      return RunOverElements(frame, in);
    case Opcode::kProperty:
    case Opcode::kElement:
    case Opcode::kHasLabel:
    case Opcode::kHasAnyLabel:
    case Opcode::kHasDynamicLabels:
    case Opcode::kPath:
      return RunEntityInstruction(frame, in);
    case Opcode::kSubquery:
      return RunSubquery(frame, in);
    default:
      return RunDataInstruction(frame, in);
  }
}

}  // namespace

Frame::Frame(ExecutionContext& context, const Program& program, std::vector<Values> inputs,
             size_t rows)
    : context_(context),
      program_(program),
      inputs_(std::move(inputs)),
      all_rows_(rows),
      call_(context.MakeCallContext()),
      registers_(program.instructions.size()) {}

Values Frame::Get(Operand operand) const {
  switch (operand.source) {
    case Operand::Source::kColumn:
      return inputs_[operand.index];
    case Operand::Source::kRegister: {
      const Register& computed = registers_[operand.index];
      return {computed.kept != nullptr ? computed.kept : &computed.column, computed.constant};
    }
    case Operand::Source::kConstant:
      break;
  }
  return {&program_.constants[operand.index], true};
}

bool Frame::OneForAll(const Instruction& in) const {
  if (in.op == Opcode::kSubquery) return false;
  if (in.op == Opcode::kFunction && in.function->volatility == Volatility::kVolatile) return false;
  const auto constant = [this](Operand o) { return Get(o).constant; };
  return std::all_of(in.args.begin(), in.args.end(), constant) &&
         std::all_of(in.blocks.begin(), in.blocks.end(), [&](const auto& block) {
           return block->repeatable &&
                  std::all_of(block->captures.begin(), block->captures.end(), constant);
         });
}

bool Frame::IsFixed(const Instruction& in) const {
  const bool steady =
      in.op == Opcode::kParameter ||
      (in.op == Opcode::kFunction && (in.function->volatility == Volatility::kPure ||
                                      in.function->volatility == Volatility::kStatement));
  return steady && std::all_of(in.args.begin(), in.args.end(), [this](Operand o) {
           return o.source == Operand::Source::kConstant ||
                  (o.source == Operand::Source::kRegister && registers_[o.index].fixed);
         });
}

absl::Status Frame::Run() {
  if (all_rows_ == 0) return absl::OkStatus();
  for (const Instruction& in : program_.instructions) {
    Register& out = registers_[in.out];
    out.constant = OneForAll(in);
    out.fixed = out.constant && context_.keeps_fixed && IsFixed(in);
    // A parameter is found as fast as what was kept.
    const bool keep = out.fixed && in.op == Opcode::kFunction;
    if (keep && context_.fixed != nullptr) {
      out.kept = context_.fixed->Find(in);
      if (out.kept != nullptr) continue;
    }
    active_rows_ = out.constant ? 1 : all_rows_;
    absl::StatusOr<Column> column = RunInstruction(*this, in);
    if (!column.ok()) return WithSpan(column.status(), in.span);
    out.column = *std::move(column);
    if (!keep) continue;
    if (context_.fixed == nullptr) context_.fixed = std::make_shared<FixedValues>();
    out.kept = context_.fixed->Keep(in, std::move(out.column));
  }
  return absl::OkStatus();
}

Column Frame::TakeResult() {
  if (all_rows_ == 0) return Column();
  const Values values = result();
  if (values.constant) {
    Column repeated(values.column->kind());
    repeated.AppendGathered(*values.column, std::vector<uint32_t>(all_rows_, 0));
    return repeated;
  }
  if (program_.result.source == Operand::Source::kRegister) {
    return std::move(registers_[program_.result.index].column);
  }
  return *values.column;
}

absl::StatusOr<Computed> Frame::RunBlock(const Block& block, const std::vector<uint32_t>* rows,
                                         absl::Span<const Column* const> locals, size_t count) {
  std::vector<Values> inputs;
  inputs.reserve(locals.size() + block.captures.size());
  for (const Column* local : locals) inputs.push_back({local, false});
  std::vector<Column> gathered;
  gathered.reserve(block.captures.size());
  for (const Operand capture : block.captures) {
    const Values outer = Get(capture);
    if (rows == nullptr || outer.constant) {
      inputs.push_back(outer);
    } else {
      gathered.push_back(outer.column->Gather(*rows));
      inputs.push_back({&gathered.back(), false});
    }
  }
  Frame inner(context_, block.program, std::move(inputs), count);
  RELATA_RETURN_IF_ERROR(inner.Run());
  const bool constant = count > 0 && inner.result().constant;
  if (constant) return Computed{*inner.result().column, true};
  return Computed{inner.TakeResult(), false};
}

absl::StatusOr<Datum> EvaluateOnce(ExecutionContext& context, const Program& program) {
  Frame frame(context, program, {}, 1);
  RELATA_RETURN_IF_ERROR(frame.Run());
  return frame.result().Get(0);
}

absl::StatusOr<std::vector<Ternary>> Truths(const Values& values, size_t rows) {
  std::vector<Ternary> truths(rows, Ternary::kNull);
  const Column& column = *values.column;
  if (column.kind() == Column::Kind::kBool) {
    for (size_t row = 0; row < rows; ++row) {
      if (values.IsNull(row)) continue;
      truths[row] = column.bools()[values.at(row)] != 0 ? Ternary::kTrue : Ternary::kFalse;
    }
    return truths;
  }
  Datum scratch;
  for (size_t row = 0; row < rows; ++row) {
    RELATA_ASSIGN_OR_RETURN(truths[row], ToTernary(values.Peek(row, &scratch)));
  }
  return truths;
}

Column TernaryColumn(const std::vector<Ternary>& truths) {
  Column column(Column::Kind::kBool);
  column.Resize(truths.size());
  for (size_t row = 0; row < truths.size(); ++row) {
    column.mutable_bools()[row] = truths[row] == Ternary::kTrue;
    if (truths[row] == Ternary::kNull) column.SetNull(row);
  }
  return column;
}

}  // namespace relata::query
