// AND, OR and CASE: a branch is computed for the rows that need it alone.
#include <numeric>

#include "base/status_macros.h"
#include "graph/query/expression/evaluator.h"
#include "graph/query/functions/operators.h"
#include "graph/query/runtime/packed_column.h"

namespace relata::query {
namespace {

// `rows` as RunBlock takes it: null where it is all of them.
const std::vector<uint32_t>* Selection(const std::vector<uint32_t>& rows, size_t all) {
  return rows.size() == all ? nullptr : &rows;
}

absl::StatusOr<Column> RunLogic(Frame& frame, const Instruction& in) {
  const size_t count = frame.rows();
  const bool is_and = in.op == Opcode::kAnd;
  const Ternary decided = is_and ? Ternary::kFalse : Ternary::kTrue;
  const auto combine = is_and ? And : Or;
  RELATA_ASSIGN_OR_RETURN(std::vector<Ternary> truths, Truths(frame.Get(in.args[0]), count));
  for (size_t i = 1; i < in.args.size(); ++i) {
    RELATA_ASSIGN_OR_RETURN(const std::vector<Ternary> more, Truths(frame.Get(in.args[i]), count));
    for (size_t row = 0; row < count; ++row) truths[row] = combine(truths[row], more[row]);
  }
  std::vector<uint32_t> open;
  for (const auto& block : in.blocks) {
    open.clear();
    for (uint32_t row = 0; row < count; ++row) {
      if (truths[row] != decided) open.push_back(row);
    }
    if (open.empty()) break;
    RELATA_ASSIGN_OR_RETURN(const Computed computed,
                            frame.RunBlock(*block, Selection(open, count), {}, open.size()));
    RELATA_ASSIGN_OR_RETURN(const std::vector<Ternary> more,
                            Truths({&computed.column, computed.constant}, open.size()));
    for (size_t i = 0; i < open.size(); ++i) {
      truths[open[i]] = combine(truths[open[i]], more[i]);
    }
  }
  return TernaryColumn(truths);
}

absl::StatusOr<Column> RunCase(Frame& frame, const Instruction& in) {
  const size_t count = frame.rows();
  std::vector<Datum> results(count);
  std::vector<uint32_t> open(count);
  std::iota(open.begin(), open.end(), 0);
  const auto give = [&](const Block& branch, const std::vector<uint32_t>& rows) -> absl::Status {
    if (rows.empty()) return absl::OkStatus();
    RELATA_ASSIGN_OR_RETURN(const Computed computed,
                            frame.RunBlock(branch, Selection(rows, count), {}, rows.size()));
    const Values values{&computed.column, computed.constant};
    for (size_t i = 0; i < rows.size(); ++i) results[rows[i]] = values.Get(i);
    return absl::OkStatus();
  };
  for (size_t i = 0; i + 1 < in.blocks.size() && !open.empty(); i += 2) {
    RELATA_ASSIGN_OR_RETURN(const Computed when,
                            frame.RunBlock(*in.blocks[i], Selection(open, count), {}, open.size()));
    RELATA_ASSIGN_OR_RETURN(const std::vector<Ternary> truths,
                            Truths({&when.column, when.constant}, open.size()));
    std::vector<uint32_t> taken;
    std::vector<uint32_t> left;
    for (size_t k = 0; k < open.size(); ++k) {
      (truths[k] == Ternary::kTrue ? taken : left).push_back(open[k]);
    }
    RELATA_RETURN_IF_ERROR(give(*in.blocks[i + 1], taken));
    open = std::move(left);
  }
  if (in.blocks.size() % 2 == 1) RELATA_RETURN_IF_ERROR(give(*in.blocks.back(), open));
  return PackColumn(std::move(results));
}

}  // namespace

absl::StatusOr<Column> RunBranch(Frame& frame, const Instruction& in) {
  return in.op == Opcode::kCase ? RunCase(frame, in) : RunLogic(frame, in);
}

}  // namespace relata::query
