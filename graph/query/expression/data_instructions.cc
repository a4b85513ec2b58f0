// Operators, functions, lists and maps: what works on data alone.
#include <utility>

#include "base/status_macros.h"
#include "graph/query/expression/evaluator.h"
#include "graph/query/expression/membership.h"
#include "graph/query/functions/fact_columns.h"
#include "graph/query/functions/operators.h"
#include "graph/query/query_error.h"
#include "graph/query/runtime/packed_column.h"

namespace relata::query {
namespace {

using Binary = absl::StatusOr<Datum> (*)(const Datum& a, const Datum& b);

template <Ternary (*compare)(const Datum&, const Datum&)>
absl::StatusOr<Datum> AsDatum(const Datum& a, const Datum& b) {
  return ToDatum(compare(a, b));
}
template <Ternary (*compare)(const Datum&, const Datum&)>
absl::StatusOr<Datum> Swapped(const Datum& a, const Datum& b) {
  return ToDatum(compare(b, a));
}
template <Datum (*test)(const Datum&, const Datum&)>
absl::StatusOr<Datum> AsStatus(const Datum& a, const Datum& b) {
  return test(a, b);
}

absl::StatusOr<Datum> NotEquals(const Datum& a, const Datum& b) {
  return ToDatum(Not(Equals(a, b)));
}

absl::StatusOr<Datum> ExclusiveOr(const Datum& a, const Datum& b) {
  RELATA_ASSIGN_OR_RETURN(const Ternary left, ToTernary(a));
  RELATA_ASSIGN_OR_RETURN(const Ternary right, ToTernary(b));
  return ToDatum(Xor(left, right));
}

// Null where `op` is none of two operands.
Binary BinaryOperator(Opcode op) {
  switch (op) {
    case Opcode::kAdd:
      return Add;
    case Opcode::kSubtract:
      return Subtract;
    case Opcode::kMultiply:
      return Multiply;
    case Opcode::kDivide:
      return Divide;
    case Opcode::kModulo:
      return Modulo;
    case Opcode::kPower:
      return Power;
    case Opcode::kConcat:
      return Concatenate;
    case Opcode::kEqual:
      return AsDatum<Equals>;
    case Opcode::kNotEqual:
      return NotEquals;
    case Opcode::kLess:
      return AsDatum<LessThan>;
    case Opcode::kLessOrEqual:
      return AsDatum<LessOrEqual>;
    case Opcode::kGreater:
      return Swapped<LessThan>;
    case Opcode::kGreaterOrEqual:
      return Swapped<LessOrEqual>;
    case Opcode::kXor:
      return ExclusiveOr;
    case Opcode::kStartsWith:
      return AsStatus<StartsWith>;
    case Opcode::kEndsWith:
      return AsStatus<EndsWith>;
    case Opcode::kContains:
      return AsStatus<Contains>;
    case Opcode::kRegexMatch:
      return MatchesRegex;
    default:
      return nullptr;
  }
}

absl::Status SpendRows(Frame& frame, size_t rows) {
  QueryBudget* const budget = frame.context().budget;
  return budget == nullptr ? absl::OkStatus() : budget->Spend(rows);
}

absl::Status SpendRow(Frame& frame) { return SpendRows(frame, 1); }

// A value alone must fit into what the statement may still hold; small ones are not looked at.
absl::Status CheckFits(Frame& frame, const Datum& value) {
  constexpr size_t kSmall = 1 << 20;
  QueryBudget* const budget = frame.context().budget;
  const size_t bytes = value.HeapBytes();
  if (bytes < kSmall || budget == nullptr) return absl::OkStatus();
  RELATA_RETURN_IF_ERROR(budget->Reserve(bytes));
  budget->Release(bytes);
  return absl::OkStatus();
}

absl::StatusOr<Column> RunBinary(Frame& frame, const Instruction& in, Binary op) {
  const Values a = frame.Get(in.args[0]);
  const Values b = frame.Get(in.args[1]);
  std::vector<Datum> results(frame.rows());
  Datum scratch_a;
  Datum scratch_b;
  for (size_t row = 0; row < results.size(); ++row) {
    RELATA_RETURN_IF_ERROR(SpendRow(frame));
    RELATA_ASSIGN_OR_RETURN(results[row], op(a.Peek(row, &scratch_a), b.Peek(row, &scratch_b)));
    RELATA_RETURN_IF_ERROR(CheckFits(frame, results[row]));
  }
  return PackColumn(std::move(results));
}

absl::StatusOr<Column> RunIn(Frame& frame, const Instruction& in) {
  ExecutionContext& context = frame.context();
  if (context.budget == nullptr) return RunBinary(frame, in, In);
  if (context.memberships == nullptr) {
    context.memberships = std::make_shared<MembershipCache>(context.budget);
  }
  const Values elements = frame.Get(in.args[0]);
  const Values lists = frame.Get(in.args[1]);
  std::vector<Datum> results(frame.rows());
  Datum scratch_element;
  Datum scratch_list;
  for (size_t row = 0; row < results.size(); ++row) {
    RELATA_RETURN_IF_ERROR(SpendRow(frame));
    RELATA_ASSIGN_OR_RETURN(results[row],
                            context.memberships->Test(in, elements.Peek(row, &scratch_element),
                                                      lists.Peek(row, &scratch_list)));
  }
  return PackColumn(std::move(results));
}

absl::StatusOr<Column> RunNullTest(Frame& frame, const Instruction& in) {
  const Values values = frame.Get(in.args[0]);
  const bool wanted = in.op == Opcode::kIsNull;
  Column column(Column::Kind::kBool);
  column.Resize(frame.rows());
  for (size_t row = 0; row < frame.rows(); ++row) {
    column.mutable_bools()[row] = values.IsNull(row) == wanted;
  }
  return column;
}

absl::StatusOr<Column> RunNot(Frame& frame, const Instruction& in) {
  RELATA_ASSIGN_OR_RETURN(std::vector<Ternary> truths, Truths(frame.Get(in.args[0]), frame.rows()));
  for (Ternary& truth : truths) truth = Not(truth);
  return TernaryColumn(truths);
}

absl::StatusOr<Column> RunFunction(Frame& frame, const Instruction& in) {
  const FunctionDefinition& function = *in.function;
  if (function.volatility == Volatility::kGraph && in.args.size() == 1) {
    const Column& relationships = *frame.Get(in.args[0]).column;
    const RelationshipsFunction of_all = FindRelationshipsFunction(function);
    if (of_all != nullptr && relationships.kind() == Column::Kind::kRelationship) {
      RELATA_RETURN_IF_ERROR(SpendRows(frame, relationships.size()));
      Column out;
      RELATA_RETURN_IF_ERROR(of_all(frame.call(), relationships, &out));
      return out;
    }
  }
  std::vector<Values> operands;
  for (const Operand arg : in.args) operands.push_back(frame.Get(arg));
  std::vector<Datum> results(frame.rows());
  std::vector<Datum> args(operands.size());
  for (size_t row = 0; row < results.size(); ++row) {
    RELATA_RETURN_IF_ERROR(SpendRow(frame));
    bool null = false;
    for (size_t i = 0; i < operands.size(); ++i) {
      args[i] = operands[i].Get(row);
      null |= args[i].is_null();
    }
    if (null && function.null_if_any_null) continue;
    RELATA_ASSIGN_OR_RETURN(results[row], function.call(frame.call(), args));
    RELATA_RETURN_IF_ERROR(CheckFits(frame, results[row]));
  }
  return PackColumn(std::move(results));
}

absl::StatusOr<Column> RunList(Frame& frame, const Instruction& in) {
  std::vector<Datum> results(frame.rows());
  for (size_t row = 0; row < results.size(); ++row) {
    Datum::List list;
    list.reserve(in.args.size());
    for (const Operand arg : in.args) list.push_back(frame.Get(arg).Get(row));
    results[row] = Datum::Of(std::move(list));
    RELATA_RETURN_IF_ERROR(CheckNesting(results[row]));
  }
  return PackColumn(std::move(results));
}

absl::StatusOr<Column> RunMap(Frame& frame, const Instruction& in) {
  std::vector<Datum> results(frame.rows());
  for (size_t row = 0; row < results.size(); ++row) {
    Datum::Map map;
    map.reserve(in.args.size());
    for (size_t i = 0; i < in.args.size(); ++i) {
      map.emplace_back(in.keys[i], frame.Get(in.args[i]).Get(row));
    }
    results[row] = Datum::Of(std::move(map));
    RELATA_RETURN_IF_ERROR(CheckNesting(results[row]));
  }
  return PackColumn(std::move(results));
}

absl::StatusOr<Column> RunMapMerge(Frame& frame, const Instruction& in) {
  std::vector<Datum> results(frame.rows());
  for (size_t row = 0; row < results.size(); ++row) {
    Datum::Map merged;
    bool null = false;
    for (const Operand arg : in.args) {
      const Datum map = frame.Get(arg).Get(row);
      null |= map.is_null();
      if (map.is_null()) continue;
      if (!map.is_map()) {
        return TypeError("InvalidArgumentType", "a map projection is made of maps");
      }
      merged.insert(merged.end(), map.AsMap().begin(), map.AsMap().end());
    }
    if (null) continue;
    results[row] = Datum::SortedMap(std::move(merged));
    RELATA_RETURN_IF_ERROR(CheckNesting(results[row]));
  }
  return PackColumn(std::move(results));
}

absl::StatusOr<Column> RunSlice(Frame& frame, const Instruction& in) {
  std::vector<Datum> results(frame.rows());
  for (size_t row = 0; row < results.size(); ++row) {
    RELATA_RETURN_IF_ERROR(SpendRow(frame));
    size_t next = 1;
    const Datum list = frame.Get(in.args[0]).Get(row);
    Datum from;
    Datum to;
    const bool has_from = (in.flags & kHasFrom) != 0;
    const bool has_to = (in.flags & kHasTo) != 0;
    if (has_from) from = frame.Get(in.args[next++]).Get(row);
    if (has_to) to = frame.Get(in.args[next]).Get(row);
    RELATA_ASSIGN_OR_RETURN(results[row],
                            Slice(list, has_from ? &from : nullptr, has_to ? &to : nullptr));
  }
  return PackColumn(std::move(results));
}

// Operators of one operand.
absl::StatusOr<Column> RunUnary(Frame& frame, const Instruction& in) {
  const Values values = frame.Get(in.args[0]);
  std::vector<Datum> results(frame.rows());
  Datum scratch;
  for (size_t row = 0; row < results.size(); ++row) {
    const Datum& value = values.Peek(row, &scratch);
    if (in.op == Opcode::kNegate) {
      RELATA_ASSIGN_OR_RETURN(results[row], Negate(value));
    } else {
      RELATA_ASSIGN_OR_RETURN(const bool is, IsOfType(value, in.name));
      results[row] = Datum::Bool(is);
    }
  }
  return PackColumn(std::move(results));
}

}  // namespace

absl::StatusOr<Column> RunDataInstruction(Frame& frame, const Instruction& in) {
  switch (in.op) {
    case Opcode::kParameter: {
      RELATA_ASSIGN_OR_RETURN(Datum value, frame.context().Parameter(in.name));
      return PackColumn({std::move(value)});
    }
    case Opcode::kIsNull:
    case Opcode::kIsNotNull:
      return RunNullTest(frame, in);
    case Opcode::kNot:
      return RunNot(frame, in);
    case Opcode::kNegate:
    case Opcode::kIsTyped:
      return RunUnary(frame, in);
    case Opcode::kFunction:
      return RunFunction(frame, in);
    case Opcode::kList:
      return RunList(frame, in);
    case Opcode::kMap:
      return RunMap(frame, in);
    case Opcode::kMapMerge:
      return RunMapMerge(frame, in);
    case Opcode::kSlice:
      return RunSlice(frame, in);
    case Opcode::kIn:
      return RunIn(frame, in);
    default:
      break;
  }
  Column packed;
  const Values operands[] = {frame.Get(in.args[0]), frame.Get(in.args[1])};
  if (RunPacked(in, operands, frame.rows(), &packed)) return packed;
  const Binary op = BinaryOperator(in.op);
  if (op == nullptr) return absl::InternalError("an instruction without implementation");
  return RunBinary(frame, in, op);
}

}  // namespace relata::query
