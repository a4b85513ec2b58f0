#ifndef RELATA_GRAPH_QUERY_EXPRESSION_EVALUATOR_H_
#define RELATA_GRAPH_QUERY_EXPRESSION_EVALUATOR_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "graph/query/executor/execution_context.h"
#include "graph/query/expression/program.h"
#include "graph/query/runtime/column.h"

namespace relata::query {

// An operand while a program runs: a column with a value a row, or one value for all rows.
// Borrowed.
struct Values {
  const Column* column = nullptr;
  bool constant = false;

  size_t at(size_t row) const { return constant ? 0 : row; }
  bool IsNull(size_t row) const { return column->IsNull(at(row)); }
  Datum Get(size_t row) const { return column->Get(at(row)); }
  // Without a copy where the column holds data; else boxed into `scratch`.
  const Datum& Peek(size_t row, Datum* scratch) const {
    if (column->kind() == Column::Kind::kDatum) return column->data()[at(row)];
    *scratch = column->Get(at(row));
    return *scratch;
  }
};

// What an instruction gives: as Values, but owned.
struct Computed {
  Column column;
  bool constant = false;
};

// One run of a program over some rows. Used once, by one thread.
class Frame {
 public:
  // `inputs`: the program's columns; they and what else is given outlive it.
  Frame(ExecutionContext& context, const Program& program, std::vector<Values> inputs, size_t rows);

  absl::Status Run();
  Values result() const { return Get(program_.result); }
  // The result for every row; taken out of the frame.
  Column TakeResult();

  // --- for instructions
  ExecutionContext& context() { return context_; }
  CallContext& call() { return call_; }
  // Rows that the instruction at work computes: one where nothing in it depends on the row.
  size_t rows() const { return active_rows_; }
  Values Get(Operand operand) const;
  // Runs a block on the rows named (null: all), with its own columns in `locals`, which have as
  // many rows.
  absl::StatusOr<Computed> RunBlock(const Block& block, const std::vector<uint32_t>* rows,
                                    absl::Span<const Column* const> locals, size_t count);

 private:
  // Of an instruction on the way.
  struct Register {
    Column column;
    bool constant = false;
    bool fixed = false;            // the same throughout the statement
    const Column* kept = nullptr;  // instead of `column`
  };

  bool OneForAll(const Instruction& instruction) const;
  // Whether its result is the same throughout the statement. Precondition: OneForAll.
  bool IsFixed(const Instruction& instruction) const;

  ExecutionContext& context_;
  const Program& program_;
  const std::vector<Values> inputs_;
  const size_t all_rows_;
  size_t active_rows_ = 0;
  CallContext call_;
  std::vector<Register> registers_;
};

// The value without any row; the program has no columns.
absl::StatusOr<Datum> EvaluateOnce(ExecutionContext& context, const Program& program);

// --- instructions, by subject. Each gives the column for frame.rows() rows.
// data_instructions.cc: operators, functions, lists and maps
absl::StatusOr<Column> RunDataInstruction(Frame& frame, const Instruction& in);
// branch_instructions.cc: kAnd, kOr, kCase
absl::StatusOr<Column> RunBranch(Frame& frame, const Instruction& in);
// element_instructions.cc: kListComprehension, kQuantifier, kReduce
absl::StatusOr<Column> RunOverElements(Frame& frame, const Instruction& in);
// entity_instructions.cc: kProperty, kElement, labels, kPath
absl::StatusOr<Column> RunEntityInstruction(Frame& frame, const Instruction& in);
// subquery_instructions.cc
absl::StatusOr<Column> RunSubquery(Frame& frame, const Instruction& in);
// packed_operators.cc: arithmetic and comparison over packed columns; false where the generic way
// must be taken (other kinds, an error on the way)
bool RunPacked(const Instruction& in, absl::Span<const Values> args, size_t rows, Column* out);

// The three-valued truth of each row. TypeError where one is neither boolean nor null.
absl::StatusOr<std::vector<Ternary>> Truths(const Values& values, size_t rows);
Column TernaryColumn(const std::vector<Ternary>& truths);

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXPRESSION_EVALUATOR_H_
