#include "graph/query/expression/compiler.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/executor/execution_context.h"
#include "graph/query/expression/evaluator.h"
#include "graph/query/planner/plan.h"
#include "graph/query/runtime/packed_column.h"

namespace relata::query {
namespace {

// The opcode of an operator that evaluates all its operands on all rows.
std::optional<Opcode> PlainOpcode(BoundKind kind) {
  static const auto* const kOpcodes = new std::map<BoundKind, Opcode>{
      {BoundKind::kElement, Opcode::kElement},
      {BoundKind::kNot, Opcode::kNot},
      {BoundKind::kNegate, Opcode::kNegate},
      {BoundKind::kEqual, Opcode::kEqual},
      {BoundKind::kNotEqual, Opcode::kNotEqual},
      {BoundKind::kLess, Opcode::kLess},
      {BoundKind::kLessOrEqual, Opcode::kLessOrEqual},
      {BoundKind::kGreater, Opcode::kGreater},
      {BoundKind::kGreaterOrEqual, Opcode::kGreaterOrEqual},
      {BoundKind::kAdd, Opcode::kAdd},
      {BoundKind::kSubtract, Opcode::kSubtract},
      {BoundKind::kMultiply, Opcode::kMultiply},
      {BoundKind::kDivide, Opcode::kDivide},
      {BoundKind::kModulo, Opcode::kModulo},
      {BoundKind::kPower, Opcode::kPower},
      {BoundKind::kConcat, Opcode::kConcat},
      {BoundKind::kIn, Opcode::kIn},
      {BoundKind::kStartsWith, Opcode::kStartsWith},
      {BoundKind::kEndsWith, Opcode::kEndsWith},
      {BoundKind::kContains, Opcode::kContains},
      {BoundKind::kRegexMatch, Opcode::kRegexMatch},
      {BoundKind::kIsNull, Opcode::kIsNull},
      {BoundKind::kIsNotNull, Opcode::kIsNotNull},
      {BoundKind::kIsTyped, Opcode::kIsTyped},
      {BoundKind::kFunction, Opcode::kFunction},
      {BoundKind::kList, Opcode::kList},
      {BoundKind::kMapMerge, Opcode::kMapMerge},
      {BoundKind::kProperty, Opcode::kProperty},
  };
  const auto it = kOpcodes->find(kind);
  return it == kOpcodes->end() ? std::nullopt : std::optional<Opcode>(it->second);
}

// Whether it may be computed while compiling: small, without graph, clock and chance.
bool Foldable(const Instruction& instruction) {
  if (!std::all_of(instruction.args.begin(), instruction.args.end(),
                   [](Operand o) { return o.source == Operand::Source::kConstant; })) {
    return false;
  }
  switch (instruction.op) {
    case Opcode::kFunction:
      return instruction.function->volatility == Volatility::kPure &&
             (instruction.function->result & types::kList) == 0;
    case Opcode::kAnd:
    case Opcode::kOr:
    case Opcode::kCase:
    case Opcode::kListComprehension:
    case Opcode::kQuantifier:
    case Opcode::kReduce:
    case Opcode::kSubquery:
    case Opcode::kParameter:
    case Opcode::kPath:
      return false;
    default:
      return true;
  }
}

// Whether `count op bound` asks whether there is no row (true) or any (false), and nothing else.
std::optional<bool> AsksForNone(BoundKind op, int64_t bound) {
  const bool zero = bound == 0;
  if (!zero && bound != 1) return std::nullopt;
  if (op == (zero ? BoundKind::kGreater : BoundKind::kGreaterOrEqual)) return false;
  if (op == (zero ? BoundKind::kLessOrEqual : BoundKind::kLess)) return true;
  if (zero && op == BoundKind::kEqual) return true;
  if (zero && op == BoundKind::kNotEqual) return false;
  return std::nullopt;
}

BoundKind Mirrored(BoundKind op) {
  switch (op) {
    case BoundKind::kLess:
      return BoundKind::kGreater;
    case BoundKind::kLessOrEqual:
      return BoundKind::kGreaterOrEqual;
    case BoundKind::kGreater:
      return BoundKind::kLess;
    case BoundKind::kGreaterOrEqual:
      return BoundKind::kLessOrEqual;
    default:
      return op;
  }
}

std::optional<Existence> ExistenceOf(const BoundExpr& e) {
  if (e.kind < BoundKind::kEqual || e.kind > BoundKind::kGreaterOrEqual) return std::nullopt;
  for (size_t side = 0; side < 2; ++side) {
    const BoundExpr& count = *e.args[side];
    const BoundExpr& bound = *e.args[1 - side];
    const bool counts =
        count.kind == BoundKind::kSubquery && count.subquery->kind == BoundSubquery::Kind::kCount;
    if (!counts || bound.kind != BoundKind::kLiteral || bound.literal.kind() != Datum::Kind::kInt)
      continue;
    const std::optional<bool> none =
        AsksForNone(side == 0 ? e.kind : Mirrored(e.kind), bound.literal.AsInt());
    if (none) return Existence{&count, *none};
  }
  return std::nullopt;
}

// Whether it gives the same for the same input each time, within one call.
bool IsRepeatable(const Program& program) {
  return std::all_of(
      program.instructions.begin(), program.instructions.end(), [](const Instruction& i) {
        return i.op != Opcode::kSubquery &&
               (i.op != Opcode::kFunction || i.function->volatility != Volatility::kVolatile) &&
               std::all_of(i.blocks.begin(), i.blocks.end(),
                           [](const auto& block) { return block->repeatable; });
      });
}

}  // namespace

ExpressionCompiler::ExpressionCompiler(const Layout& layout, const SubqueryPlanner& subqueries,
                                       CompileWatch* watch)
    : outer_(nullptr), subqueries_(subqueries), watch_(watch), columns_(layout.size()) {
  for (uint32_t i = 0; i < layout.size(); ++i) {
    variables_.try_emplace(layout[i], Operand{Operand::Source::kColumn, i});
  }
}

ExpressionCompiler::ExpressionCompiler(ExpressionCompiler* outer,
                                       const std::vector<VariableId>& locals)
    : outer_(outer),
      subqueries_(outer->subqueries_),
      watch_(outer->watch_),
      columns_(locals.size()) {
  for (uint32_t i = 0; i < locals.size(); ++i) {
    variables_[locals[i]] = Operand{Operand::Source::kColumn, i};
  }
}

absl::StatusOr<Program> ExpressionCompiler::Compile(const BoundExpr& expr) {
  RELATA_ASSIGN_OR_RETURN(program_.result, CompileExpr(expr));
  return std::move(program_);
}

absl::StatusOr<Operand> ExpressionCompiler::Lookup(VariableId variable) {
  const auto it = variables_.find(variable);
  if (it != variables_.end()) return it->second;
  if (outer_ == nullptr) {
    return absl::InternalError(
        absl::StrCat("the variable ", variable, " of an expression is in no column of its input"));
  }
  RELATA_ASSIGN_OR_RETURN(const Operand outer, outer_->Lookup(variable));
  captures_.push_back(outer);
  const Operand column{Operand::Source::kColumn, static_cast<uint32_t>(columns_++)};
  variables_[variable] = column;
  return column;
}

Operand ExpressionCompiler::AddConstant(const Datum& value) {
  program_.constants.push_back(PackColumn({value}));
  return {Operand::Source::kConstant, static_cast<uint32_t>(program_.constants.size() - 1)};
}

Operand ExpressionCompiler::Add(Instruction instruction) {
  instruction.out = static_cast<uint32_t>(program_.instructions.size());
  if (Foldable(instruction)) {
    Program folded;
    Instruction only = instruction;
    only.out = 0;
    for (Operand& arg : only.args) {
      folded.constants.push_back(program_.constants[arg.index]);
      arg.index = static_cast<uint32_t>(folded.constants.size() - 1);
    }
    folded.instructions.push_back(std::move(only));
    folded.result = {Operand::Source::kRegister, 0};
    ExecutionContext nothing;  // neither graph nor parameters
    const absl::StatusOr<Datum> value = EvaluateOnce(nothing, folded);
    // An error is one of the run, if a row comes this way at all.
    if (value.ok()) return AddConstant(*value);
  }
  program_.instructions.push_back(std::move(instruction));
  return {Operand::Source::kRegister, program_.instructions.back().out};
}

absl::StatusOr<Operand> ExpressionCompiler::CompileExpr(const BoundExpr& e) {
  RELATA_RETURN_IF_ERROR(CountWork(watch_));
  if (const std::optional<Existence> existence = ExistenceOf(e)) {
    return CompileExistence(*existence);
  }
  if (const std::optional<Opcode> op = PlainOpcode(e.kind)) return CompileOperator(e, *op);
  switch (e.kind) {
    case BoundKind::kLiteral:
      return AddConstant(e.literal);
    case BoundKind::kParameter: {
      Instruction parameter;
      parameter.op = Opcode::kParameter;
      parameter.name = e.name;
      parameter.span = e.span;
      return Add(std::move(parameter));
    }
    case BoundKind::kVariable:
      return Lookup(e.variable);
    case BoundKind::kAnd:
      return CompileLogic(e, Opcode::kAnd);
    case BoundKind::kOr:
      return CompileLogic(e, Opcode::kOr);
    case BoundKind::kXor:
      return CompileOperator(e, Opcode::kXor);
    case BoundKind::kSlice:
      return CompileSlice(e);
    case BoundKind::kHasLabels: {
      RELATA_ASSIGN_OR_RETURN(const Operand entity, CompileExpr(*e.args[0]));
      return CompileLabels(*e.labels, entity, e.span);
    }
    case BoundKind::kCase:
      return CompileCase(e);
    case BoundKind::kMap:
      return CompileMap(e);
    case BoundKind::kListComprehension:
      return CompileComprehension(e);
    case BoundKind::kQuantifier:
      return CompileQuantifier(e);
    case BoundKind::kReduce:
      return CompileReduce(e);
    case BoundKind::kPath:
      return CompilePath(e);
    case BoundKind::kSubquery:
      return CompileSubquery(e, e.subquery->kind);
    default:
      return absl::InternalError("an expression of an unknown kind");
  }
}

absl::StatusOr<Operand> ExpressionCompiler::CompileOperator(const BoundExpr& e, Opcode op) {
  const bool literals =
      op == Opcode::kList && std::all_of(e.args.begin(), e.args.end(), [](const BoundExprPtr& arg) {
        return arg->kind == BoundKind::kLiteral && !arg->literal.is_list() &&
               !arg->literal.is_map();
      });
  if (literals) {
    // Without a column for each.
    Datum::List list;
    list.reserve(e.args.size());
    for (const BoundExprPtr& arg : e.args) list.push_back(arg->literal);
    return AddConstant(Datum::Of(std::move(list)));
  }
  Instruction instruction;
  instruction.op = op;
  instruction.span = e.span;
  instruction.name = e.name;
  instruction.function = e.function;
  for (const BoundExprPtr& arg : e.args) {
    RELATA_ASSIGN_OR_RETURN(const Operand operand, CompileExpr(*arg));
    instruction.args.push_back(operand);
  }
  return Add(std::move(instruction));
}

absl::StatusOr<std::shared_ptr<const Block>> ExpressionCompiler::CompileBlock(
    const BoundExpr& e, const std::vector<VariableId>& locals) {
  ExpressionCompiler inner(this, locals);
  auto block = std::make_shared<Block>();
  block->locals = locals.size();
  RELATA_ASSIGN_OR_RETURN(block->program, inner.Compile(e));
  block->captures = std::move(inner.captures_);
  block->repeatable = IsRepeatable(block->program);
  return block;
}

absl::StatusOr<Operand> ExpressionCompiler::CompileLogic(const BoundExpr& e, Opcode op) {
  Instruction instruction;
  instruction.op = op;
  instruction.span = e.span;
  RELATA_ASSIGN_OR_RETURN(const Operand first, CompileExpr(*e.args[0]));
  instruction.args.push_back(first);
  for (size_t i = 1; i < e.args.size(); ++i) {
    RELATA_ASSIGN_OR_RETURN(auto block, CompileBlock(*e.args[i], {}));
    instruction.blocks.push_back(std::move(block));
  }
  return Add(std::move(instruction));
}

absl::StatusOr<Operand> ExpressionCompiler::CompileSlice(const BoundExpr& e) {
  Instruction instruction;
  instruction.op = Opcode::kSlice;
  instruction.span = e.span;
  RELATA_ASSIGN_OR_RETURN(const Operand list, CompileExpr(*e.args[0]));
  instruction.args.push_back(list);
  for (size_t i = 1; i < 3; ++i) {
    if (i >= e.args.size() || e.args[i] == nullptr) continue;
    RELATA_ASSIGN_OR_RETURN(const Operand end, CompileExpr(*e.args[i]));
    instruction.args.push_back(end);
    instruction.flags |= i == 1 ? kHasFrom : kHasTo;
  }
  return Add(std::move(instruction));
}

absl::StatusOr<Operand> ExpressionCompiler::CompileMap(const BoundExpr& e) {
  std::map<std::string, Operand> entries;
  for (size_t i = 0; i < e.keys.size(); ++i) {
    RELATA_ASSIGN_OR_RETURN(entries[e.keys[i]], CompileExpr(*e.args[i]));
  }
  Instruction instruction;
  instruction.op = Opcode::kMap;
  instruction.span = e.span;
  for (const auto& [key, operand] : entries) {
    instruction.keys.push_back(key);
    instruction.args.push_back(operand);
  }
  return Add(std::move(instruction));
}

absl::StatusOr<Operand> ExpressionCompiler::CompileCase(const BoundExpr& e) {
  Instruction instruction;
  instruction.op = Opcode::kCase;
  instruction.span = e.span;
  for (const BoundExprPtr& arg : e.args) {
    RELATA_ASSIGN_OR_RETURN(auto block, CompileBlock(*arg, {}));
    instruction.blocks.push_back(std::move(block));
  }
  return Add(std::move(instruction));
}

absl::StatusOr<Operand> ExpressionCompiler::CompileComprehension(const BoundExpr& e) {
  Instruction instruction;
  instruction.op = Opcode::kListComprehension;
  instruction.span = e.span;
  RELATA_ASSIGN_OR_RETURN(const Operand list, CompileExpr(*e.args[0]));
  instruction.args.push_back(list);
  for (size_t i = 1; i < 3; ++i) {
    if (i >= e.args.size() || e.args[i] == nullptr) continue;
    RELATA_ASSIGN_OR_RETURN(auto block, CompileBlock(*e.args[i], {e.variable}));
    instruction.blocks.push_back(std::move(block));
    instruction.flags |= i == 1 ? kHasWhere : kHasMap;
  }
  return Add(std::move(instruction));
}

absl::StatusOr<Operand> ExpressionCompiler::CompileQuantifier(const BoundExpr& e) {
  Instruction instruction;
  instruction.op = Opcode::kQuantifier;
  instruction.span = e.span;
  instruction.quantifier = e.quantifier;
  RELATA_ASSIGN_OR_RETURN(const Operand list, CompileExpr(*e.args[0]));
  instruction.args.push_back(list);
  RELATA_ASSIGN_OR_RETURN(auto where, CompileBlock(*e.args[1], {e.variable}));
  instruction.blocks.push_back(std::move(where));
  return Add(std::move(instruction));
}

absl::StatusOr<Operand> ExpressionCompiler::CompileReduce(const BoundExpr& e) {
  Instruction instruction;
  instruction.op = Opcode::kReduce;
  instruction.span = e.span;
  for (size_t i = 0; i < 2; ++i) {
    RELATA_ASSIGN_OR_RETURN(const Operand operand, CompileExpr(*e.args[i]));
    instruction.args.push_back(operand);
  }
  RELATA_ASSIGN_OR_RETURN(auto step, CompileBlock(*e.args[2], {e.accumulator, e.variable}));
  instruction.blocks.push_back(std::move(step));
  return Add(std::move(instruction));
}

absl::StatusOr<Operand> ExpressionCompiler::CompilePath(const BoundExpr& e) {
  Instruction instruction;
  instruction.op = Opcode::kPath;
  instruction.span = e.span;
  for (const VariableId element : e.elements) {
    RELATA_ASSIGN_OR_RETURN(const Operand operand, Lookup(element));
    instruction.args.push_back(operand);
  }
  return Add(std::move(instruction));
}

absl::StatusOr<Operand> ExpressionCompiler::CompileExistence(const Existence& existence) {
  RELATA_ASSIGN_OR_RETURN(const Operand any,
                          CompileSubquery(*existence.subquery, BoundSubquery::Kind::kExists));
  if (!existence.negated) return any;
  Instruction negation;
  negation.op = Opcode::kNot;
  negation.span = existence.subquery->span;
  negation.args = {any};
  return Add(std::move(negation));
}

absl::StatusOr<Operand> ExpressionCompiler::CompileSubquery(const BoundExpr& e,
                                                            BoundSubquery::Kind kind) {
  const BoundSubquery& subquery = *e.subquery;
  Instruction instruction;
  instruction.op = Opcode::kSubquery;
  instruction.span = e.span;
  for (const VariableId import : subquery.imports) {
    RELATA_ASSIGN_OR_RETURN(const Operand operand, Lookup(import));
    instruction.args.push_back(operand);
  }
  auto code = std::make_shared<SubqueryCode>();
  code->kind = kind;
  if (!subqueries_) return absl::InternalError("a subquery in an expression without a planner");
  RELATA_ASSIGN_OR_RETURN(code->plan, subqueries_(*subquery.query, kind, Layout(subquery.imports)));
  code->weighted =
      kind == BoundSubquery::Kind::kCount && std::holds_alternative<DegreePlan>(code->plan->op);
  if (code->weighted) code->output = code->plan->layout.size() - 1;
  if (code->kind == BoundSubquery::Kind::kCollect || code->kind == BoundSubquery::Kind::kFirst) {
    const std::optional<size_t> output =
        subquery.query->outputs.empty() ? std::nullopt
                                        : code->plan->layout.Find(subquery.query->outputs.front());
    if (!output) return absl::InternalError("the plan of a subquery lacks its output");
    code->output = *output;
  }
  instruction.subquery = std::move(code);
  return Add(std::move(instruction));
}

absl::StatusOr<Operand> ExpressionCompiler::CompileLabels(const BoundLabels& labels, Operand entity,
                                                          Span span) {
  Instruction instruction;
  instruction.span = span;
  switch (labels.kind) {
    case BoundLabels::Kind::kName:
      instruction.op = Opcode::kHasLabel;
      instruction.name = labels.name;
      instruction.args = {entity};
      return Add(std::move(instruction));
    case BoundLabels::Kind::kWildcard:
      instruction.op = Opcode::kHasAnyLabel;
      instruction.args = {entity};
      return Add(std::move(instruction));
    case BoundLabels::Kind::kDynamic: {
      instruction.op = Opcode::kHasDynamicLabels;
      if (labels.any) instruction.flags |= kAnyLabel;
      RELATA_ASSIGN_OR_RETURN(const Operand names, CompileExpr(*labels.dynamic));
      instruction.args = {entity, names};
      return Add(std::move(instruction));
    }
    case BoundLabels::Kind::kNot: {
      instruction.op = Opcode::kNot;
      RELATA_ASSIGN_OR_RETURN(const Operand inner, CompileLabels(labels.args[0], entity, span));
      instruction.args = {inner};
      return Add(std::move(instruction));
    }
    case BoundLabels::Kind::kAnd:
    case BoundLabels::Kind::kOr:
      break;
  }
  // Labels are read with the first of them, so all are looked at: no blocks.
  instruction.op = labels.kind == BoundLabels::Kind::kAnd ? Opcode::kAnd : Opcode::kOr;
  for (const BoundLabels& part : labels.args) {
    RELATA_ASSIGN_OR_RETURN(const Operand operand, CompileLabels(part, entity, span));
    instruction.args.push_back(operand);
  }
  return Add(std::move(instruction));
}

}  // namespace relata::query
