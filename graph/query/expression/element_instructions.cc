// List comprehensions, quantifiers and reduce. Elements of the lists of many rows are laid out in
// one batch, and the block runs over that.
#include <algorithm>
#include <cstdint>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "base/error_parts.h"
#include "base/status_macros.h"
#include "graph/query/executor/execution_context.h"
#include "graph/query/expression/evaluator.h"
#include "graph/query/functions/operators.h"
#include "graph/query/query_error.h"
#include "graph/query/runtime/packed_column.h"

namespace relata::query {
namespace {

// Elements that one run of a block sees, about.
constexpr size_t kElementsPerRun = 4096;

absl::Status NeedsList(const Datum& d) {
  return TypeError("InvalidArgumentType",
                   absl::StrCat("a List is needed here, not a ", TypeName(d)));
}

absl::Status Spend(Frame& frame, size_t work) {
  QueryBudget* const budget = frame.context().budget;
  return budget == nullptr ? absl::OkStatus() : budget->Spend(work);
}

constexpr MemoryHolder kComprehension = {
    "a list comprehension", "it holds the whole list: use UNWIND, which works row by row"};

// Some elements, each with the row whose list it is of.
struct ElementRun {
  std::vector<uint32_t> rows;
  std::vector<Datum> elements;
};

// Calls `use` with the elements of all lists, in order of rows, a run at a time. Rows whose list is
// null get no call. `wants`: whether more elements of a row are of use.
absl::Status ForEachRun(Frame& frame, const Values& lists,
                        absl::FunctionRef<bool(size_t row)> wants,
                        absl::FunctionRef<absl::Status(ElementRun& run)> use) {
  ElementRun run;
  const auto flush = [&]() -> absl::Status {
    if (run.rows.empty()) return absl::OkStatus();
    RELATA_RETURN_IF_ERROR(Spend(frame, run.rows.size()));
    RELATA_RETURN_IF_ERROR(use(run));
    run.rows.clear();
    run.elements.clear();
    return absl::OkStatus();
  };
  for (uint32_t row = 0; row < frame.rows(); ++row) {
    const Datum list = lists.Get(row);
    if (list.is_null()) continue;
    if (!list.is_list()) return NeedsList(list);
    for (const Datum& element : list.AsList()) {
      if (run.rows.size() >= kElementsPerRun) {
        RELATA_RETURN_IF_ERROR(flush());
        if (!wants(row)) break;
      }
      run.rows.push_back(row);
      run.elements.push_back(element);
    }
  }
  return flush();
}

// The block over a run.
absl::StatusOr<Computed> RunOver(Frame& frame, const Block& block, ElementRun& run,
                                 const Column& elements) {
  return frame.RunBlock(block, &run.rows, {&elements}, run.rows.size());
}

// Drops the elements for which the block is not true.
absl::Status KeepTrue(Frame& frame, const Block& where, ElementRun& run, Column& elements) {
  RELATA_ASSIGN_OR_RETURN(const Computed computed, RunOver(frame, where, run, elements));
  RELATA_ASSIGN_OR_RETURN(const std::vector<Ternary> truths,
                          Truths({&computed.column, computed.constant}, run.rows.size()));
  std::vector<uint32_t> kept;
  for (uint32_t i = 0; i < truths.size(); ++i) {
    if (truths[i] == Ternary::kTrue) kept.push_back(i);
  }
  elements = elements.Gather(kept);
  for (size_t i = 0; i < kept.size(); ++i) run.rows[i] = run.rows[kept[i]];
  run.rows.resize(kept.size());
  return absl::OkStatus();
}

absl::StatusOr<Column> RunComprehension(Frame& frame, const Instruction& in) {
  const Values lists = frame.Get(in.args[0]);
  const Block* const where = (in.flags & kHasWhere) != 0 ? in.blocks[0].get() : nullptr;
  const Block* const map = (in.flags & kHasMap) != 0 ? in.blocks.back().get() : nullptr;
  std::vector<Datum::List> made(frame.rows());
  size_t bytes = 0;
  size_t elements_made = 0;
  std::optional<MemoryHold> hold;
  if (frame.context().budget != nullptr) hold.emplace(frame.context().budget, kComprehension);
  const auto use = [&](ElementRun& run) -> absl::Status {
    Column elements = PackColumn(std::move(run.elements));
    if (where != nullptr) RELATA_RETURN_IF_ERROR(KeepTrue(frame, *where, run, elements));
    if (run.rows.empty()) return absl::OkStatus();
    Computed computed;
    if (map != nullptr) {
      RELATA_ASSIGN_OR_RETURN(computed, RunOver(frame, *map, run, elements));
    } else {
      computed.column = std::move(elements);
    }
    const Values values{&computed.column, computed.constant};
    for (size_t i = 0; i < run.rows.size(); ++i) {
      made[run.rows[i]].push_back(values.Get(i));
      bytes += sizeof(Datum) + made[run.rows[i]].back().HeapBytes();
    }
    // A list that grows is up to twice as large as what is in it.
    elements_made += run.rows.size();
    if (hold) RELATA_RETURN_IF_ERROR(hold->Set(bytes + elements_made * sizeof(Datum)));
    if (bytes > kLargestDatumBytes) {
      return LimitReached("value_bytes", kLargestDatumBytes,
                          absl::StrCat("a list comprehension makes more than ", kLargestDatumBytes,
                                       " bytes; use UNWIND, which works row by row"));
    }
    return absl::OkStatus();
  };
  RELATA_RETURN_IF_ERROR(ForEachRun(
      frame, lists, [](size_t) { return true; }, use));
  std::vector<Datum> results(frame.rows());
  for (size_t row = 0; row < results.size(); ++row) {
    if (lists.IsNull(row)) continue;
    results[row] = Datum::Of(std::move(made[row]));
    RELATA_RETURN_IF_ERROR(CheckNesting(results[row]));
  }
  return PackColumn(std::move(results));
}

// How often a predicate was true, false and null in a list.
struct Tally {
  size_t is_true = 0;
  size_t is_false = 0;
  size_t is_null = 0;
};

Ternary Verdict(QuantifierType quantifier, const Tally& tally) {
  const auto unless_null = [&](bool truth) {
    if (tally.is_null > 0) return Ternary::kNull;
    return truth ? Ternary::kTrue : Ternary::kFalse;
  };
  switch (quantifier) {
    case QuantifierType::kAll:
      return tally.is_false > 0 ? Ternary::kFalse : unless_null(true);
    case QuantifierType::kAny:
      return tally.is_true > 0 ? Ternary::kTrue : unless_null(false);
    case QuantifierType::kNone:
      return tally.is_true > 0 ? Ternary::kFalse : unless_null(true);
    case QuantifierType::kSingle:
      break;
  }
  return tally.is_true > 1 ? Ternary::kFalse : unless_null(tally.is_true == 1);
}

// Whether further elements may change the verdict.
bool Undecided(QuantifierType quantifier, const Tally& tally) {
  switch (quantifier) {
    case QuantifierType::kAll:
      return tally.is_false == 0;
    case QuantifierType::kAny:
    case QuantifierType::kNone:
      return tally.is_true == 0;
    case QuantifierType::kSingle:
      break;
  }
  return tally.is_true < 2;
}

absl::StatusOr<Column> RunQuantifier(Frame& frame, const Instruction& in) {
  const Values lists = frame.Get(in.args[0]);
  std::vector<Tally> tallies(frame.rows());
  const auto use = [&](ElementRun& run) -> absl::Status {
    const Column elements = PackColumn(std::move(run.elements));
    RELATA_ASSIGN_OR_RETURN(const Computed computed, RunOver(frame, *in.blocks[0], run, elements));
    RELATA_ASSIGN_OR_RETURN(const std::vector<Ternary> truths,
                            Truths({&computed.column, computed.constant}, run.rows.size()));
    for (size_t i = 0; i < run.rows.size(); ++i) {
      Tally& tally = tallies[run.rows[i]];
      tally.is_true += truths[i] == Ternary::kTrue;
      tally.is_false += truths[i] == Ternary::kFalse;
      tally.is_null += truths[i] == Ternary::kNull;
    }
    return absl::OkStatus();
  };
  RELATA_RETURN_IF_ERROR(ForEachRun(
      frame, lists, [&](size_t row) { return Undecided(in.quantifier, tallies[row]); }, use));
  std::vector<Ternary> verdicts(frame.rows(), Ternary::kNull);
  for (size_t row = 0; row < verdicts.size(); ++row) {
    if (!lists.IsNull(row)) verdicts[row] = Verdict(in.quantifier, tallies[row]);
  }
  return TernaryColumn(verdicts);
}

// The accumulators of a reduce, by row, as they become final. Nulls for the other rows.
class Reduced {
 public:
  explicit Reduced(size_t rows) : place_(rows, kNowhere) {}

  // Of row rows[i] it is values[places[i]].
  void Add(absl::Span<const uint32_t> rows, absl::Span<const uint32_t> places,
           const Column& values) {
    for (const uint32_t row : rows) place_[row] = next_++;
    values_.AppendGathered(values, places);
  }
  Column Take() {
    if (next_ == place_.size() && std::is_sorted(place_.begin(), place_.end())) {
      return std::move(values_);
    }
    std::replace(place_.begin(), place_.end(), kNowhere, next_);
    values_.AppendNull();
    return values_.Gather(place_);
  }

 private:
  static constexpr uint32_t kNowhere = UINT32_MAX;

  std::vector<uint32_t> place_;  // of each row, in values_
  uint32_t next_ = 0;
  Column values_;
};

// Those of the rows whose lists have a k-th element.
Column ElementsAt(size_t k, absl::Span<const Datum::List* const> lists) {
  const Datum& first = (*lists[0])[k];
  const bool relationships = first.kind() == Datum::Kind::kRelationship;
  Column elements(relationships ? Column::Kind::kRelationship : Column::Kind::kDatum);
  elements.Reserve(lists.size());
  for (const Datum::List* const list : lists) elements.Append((*list)[k]);
  if (relationships) return elements;
  return PackColumn(std::move(elements.mutable_data()));
}

// Drops the rows whose lists have no k-th element and gives their accumulators to `done`.
struct ActiveRows {
  std::vector<uint32_t> rows;
  std::vector<const Datum::List*> lists;  // borrowed
  Column accumulators;

  void DropEnded(size_t k, Reduced& done) {
    std::vector<uint32_t> ended_rows;
    std::vector<uint32_t> ended;
    std::vector<uint32_t> kept;
    for (uint32_t i = 0; i < rows.size(); ++i) {
      if (lists[i]->size() > k) {
        kept.push_back(i);
      } else {
        ended.push_back(i);
        ended_rows.push_back(rows[i]);
      }
    }
    if (ended.empty()) return;
    done.Add(ended_rows, ended, accumulators);
    accumulators = accumulators.Gather(kept);
    for (size_t i = 0; i < kept.size(); ++i) {
      rows[i] = rows[kept[i]];
      lists[i] = lists[kept[i]];
    }
    rows.resize(kept.size());
    lists.resize(kept.size());
  }
};

// The k-th elements of all lists together, then the next ones.
absl::StatusOr<Column> RunReduce(Frame& frame, const Instruction& in) {
  const Values lists = frame.Get(in.args[1]);
  const Values begin = frame.Get(in.args[0]);
  ActiveRows active;
  std::vector<uint32_t> begins;
  for (uint32_t row = 0; row < frame.rows(); ++row) {
    if (lists.IsNull(row)) continue;
    // Only data holds lists.
    if (lists.column->kind() != Column::Kind::kDatum) return NeedsList(lists.Get(row));
    const Datum& list = lists.column->data()[lists.at(row)];
    if (!list.is_list()) return NeedsList(list);
    active.rows.push_back(row);
    active.lists.push_back(&list.AsList());
    begins.push_back(static_cast<uint32_t>(begin.at(row)));
  }
  active.accumulators = begin.column->Gather(begins);
  Reduced reduced(frame.rows());
  for (size_t k = 0;; ++k) {
    active.DropEnded(k, reduced);
    if (active.rows.empty()) return reduced.Take();
    RELATA_RETURN_IF_ERROR(Spend(frame, active.rows.size()));
    const Column elements = ElementsAt(k, active.lists);
    RELATA_ASSIGN_OR_RETURN(Computed computed,
                            frame.RunBlock(*in.blocks[0], &active.rows,
                                           {&active.accumulators, &elements}, active.rows.size()));
    active.accumulators = computed.constant
                              ? computed.column.Gather(std::vector<uint32_t>(active.rows.size(), 0))
                              : std::move(computed.column);
  }
}

}  // namespace

absl::StatusOr<Column> RunOverElements(Frame& frame, const Instruction& in) {
  switch (in.op) {
    case Opcode::kListComprehension:
      return RunComprehension(frame, in);
    case Opcode::kQuantifier:
      return RunQuantifier(frame, in);
    default:
      return RunReduce(frame, in);
  }
}

}  // namespace relata::query
