#ifndef RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_ROW_EXPANDER_H_
#define RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_ROW_EXPANDER_H_

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "graph/query/executor/operator.h"
#include "graph/query/executor/operators/operator_meter.h"
#include "graph/query/runtime/column.h"

namespace relata::query {

// Rows made out of one input batch: for each the row that it comes from, and new columns.
class RowWriter {
 public:
  explicit RowWriter(std::vector<Column::Kind> kinds) : kinds_(std::move(kinds)) { Clear(); }

  size_t size() const { return sources_.size(); }
  // Whether a batch of `limit` rows is to be given: there are so many, or they are large.
  bool Full(size_t limit) const { return size() >= limit || bytes_ >= kLargeBatch; }
  // Large values (lists) that were appended, in bytes.
  void Count(size_t bytes) { bytes_ += bytes; }
  // What the values in the new columns hold, one that rows share once.
  size_t Bytes() const;
  // Call once a row, and append to each new column.
  void Add(uint32_t source) { sources_.push_back(source); }
  Column& column(size_t i) { return columns_[i]; }
  // Moves the rows into `out`: the columns of `input`, then the new ones.
  void Emit(const Batch& input, Batch* out);
  // Drops them.
  void Clear();

 private:
  // Rows of lists are given in batches of about this size, so that what is on its way stays small.
  static constexpr size_t kLargeBatch = 1 << 20;

  const std::vector<Column::Kind> kinds_;
  std::vector<uint32_t> sources_;
  std::vector<Column> columns_;
  size_t bytes_ = 0;
};

// The child of an operator; where the plan has none, one row without columns.
absl::StatusOr<std::unique_ptr<Operator>> MakeInput(const PlanNode& plan,
                                                    ExecutionContext* context);

// Base of operators that give for each row of their child any number of rows with new columns. An
// output batch comes from one input batch. What its new values hold counts as this operator's until
// it gives the next one.
class RowExpander : public Operator {
 public:
  RowExpander(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child,
              std::vector<Column::Kind> new_columns)
      : context_(context),
        meter_(plan, context),
        child_(std::move(child)),
        writer_(std::move(new_columns)),
        given_(context->budget, HolderOf(plan.op)) {}

  absl::Status Open(const Batch* argument) override;
  absl::StatusOr<bool> Next(Batch* out) override;

 protected:
  // What was kept of earlier inputs is void.
  virtual void Restart() {}
  // `input` is a new batch.
  virtual absl::Status Begin(const Batch& input) = 0;
  // Adds rows until `writer` is full, or a few more; false: `input` gives no more.
  virtual absl::StatusOr<bool> Produce(const Batch& input, size_t limit, RowWriter& writer) = 0;

  ExecutionContext* const context_;
  OperatorMeter meter_;

 private:
  const std::unique_ptr<Operator> child_;
  RowWriter writer_;
  MemoryHold given_;
  Batch input_;
  bool in_input_ = false;
};

}  // namespace relata::query

#endif  // RELATA_GRAPH_QUERY_EXECUTOR_OPERATORS_ROW_EXPANDER_H_
