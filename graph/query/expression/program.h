#ifndef RELATA_GRAPH_QUERY_EXPRESSION_PROGRAM_H_
#define RELATA_GRAPH_QUERY_EXPRESSION_PROGRAM_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "graph/query/functions/function.h"
#include "graph/query/query_error.h"
#include "graph/query/runtime/column.h"
#include "graph/query/semantics/bound_query.h"

namespace relata::query {

struct PlanNode;
struct Block;

// Where an instruction finds an operand: a column of the input, the result of an earlier
// instruction, or a constant.
struct Operand {
  enum class Source : uint8_t { kColumn, kRegister, kConstant };
  Source source = Source::kConstant;
  uint32_t index = 0;
  bool operator==(const Operand&) const = default;
};

enum class Opcode : uint8_t {
  kParameter,  // `name`
  // Operators on data: args in the order of the text.
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kPower,
  kConcat,
  kNegate,
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kNot,
  kXor,
  kIsNull,
  kIsNotNull,
  kIn,
  kStartsWith,
  kEndsWith,
  kContains,
  kRegexMatch,
  kSlice,  // args: list, from, to; an end that is missing is left out, see `flags`
  kIsTyped,
  kFunction,
  kList,
  kMap,
  kMapMerge,
  // Of nodes and relationships too.
  kProperty,
  kElement,
  kHasLabel,
  kHasAnyLabel,
  kHasDynamicLabels,
  kPath,
  // With blocks.
  kAnd,
  kOr,                 // args, all of which are looked at; blocks for rows that those do not decide
  kCase,               // blocks: when, then, …, else
  kListComprehension,  // args[0]; blocks: where and map, where `flags` says so
  kQuantifier,         // args[0]; one block: where
  kReduce,    // args: start, list; one block: accumulator and element are its columns 0 and 1
  kSubquery,  // args: imports
};

// Instruction::flags
inline constexpr uint8_t kHasWhere = 1;  // of kListComprehension
inline constexpr uint8_t kHasMap = 2;
inline constexpr uint8_t kHasFrom = 1;  // of kSlice
inline constexpr uint8_t kHasTo = 2;
inline constexpr uint8_t kAnyLabel = 1;  // of kHasDynamicLabels: one of a list suffices

struct SubqueryCode {
  BoundSubquery::Kind kind = BoundSubquery::Kind::kExists;
  std::shared_ptr<const PlanNode> plan;
  size_t output = 0;      // column of the plan's output: kCollect, kFirst; kCount where `weighted`
  bool weighted = false;  // kCount: the plan gives degrees, whose sum is the count
};

// One step: the value of register `out` for every row.
struct Instruction {
  Opcode op = Opcode::kNot;
  uint8_t flags = 0;
  QuantifierType quantifier = QuantifierType::kAll;
  uint32_t out = 0;
  Span span;
  std::vector<Operand> args;
  std::vector<std::shared_ptr<const Block>> blocks;
  std::string name;               // parameter, property, label, type
  std::vector<std::string> keys;  // of kMap: ascending, each once, as args
  const FunctionDefinition* function = nullptr;
  std::shared_ptr<const SubqueryCode> subquery;
};

// A compiled expression (expression.h): instructions in the order in which they run. Registers are
// numbered from 0, one an instruction.
struct Program {
  std::vector<Instruction> instructions;
  std::vector<Column> constants;  // of one row each
  Operand result;
};

// A program that runs on some of the rows, or on elements of lists, of the one around it. Its input
// columns are `locals` columns of its own and then those operands of the outer program that it
// uses.
struct Block {
  size_t locals = 0;
  std::vector<Operand> captures;
  bool repeatable = true;  // neither chance nor a subquery in it
  Program program;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXPRESSION_PROGRAM_H_
