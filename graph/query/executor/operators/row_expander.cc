#include "graph/query/executor/operators/row_expander.h"

#include "base/status_macros.h"

namespace relata::query {
namespace {

class UnitRow : public Operator {
 public:
  absl::Status Open(const Batch* /*argument*/) override {
    given_ = false;
    return absl::OkStatus();
  }
  absl::StatusOr<bool> Next(Batch* out) override {
    out->columns.clear();
    out->rows = given_ ? 0 : 1;
    return !std::exchange(given_, true);
  }

 private:
  bool given_ = false;
};

}  // namespace

size_t RowWriter::Bytes() const {
  BatchMeasure measure;
  size_t bytes = 0;
  for (const Column& column : columns_) {
    if (column.kind() == Column::Kind::kDatum) bytes += measure.Add(column);
  }
  return bytes;
}

void RowWriter::Clear() {
  sources_.clear();
  bytes_ = 0;
  columns_.clear();
  columns_.reserve(kinds_.size());
  for (const Column::Kind kind : kinds_) columns_.emplace_back(kind);
}

void RowWriter::Emit(const Batch& input, Batch* out) {
  out->rows = sources_.size();
  out->columns.clear();
  out->columns.reserve(input.columns.size() + columns_.size());
  for (const Column& column : input.columns) out->columns.push_back(column.Gather(sources_));
  for (Column& column : columns_) out->columns.push_back(std::move(column));
  Clear();
}

absl::StatusOr<std::unique_ptr<Operator>> MakeInput(const PlanNode& plan,
                                                    ExecutionContext* context) {
  if (plan.children.empty()) return std::make_unique<UnitRow>();
  return MakeOperator(*plan.children[0], context);
}

absl::Status RowExpander::Open(const Batch* argument) {
  in_input_ = false;
  Restart();
  return child_->Open(argument);
}

absl::StatusOr<bool> RowExpander::Next(Batch* out) {
  while (true) {
    if (!in_input_) {
      RELATA_ASSIGN_OR_RETURN(const bool more, child_->Next(&input_));
      if (!more) return false;
      if (input_.rows == 0) continue;
      RELATA_RETURN_IF_ERROR(Begin(input_));
      in_input_ = true;
    }
    RELATA_ASSIGN_OR_RETURN(in_input_, Produce(input_, context_->batch_rows, writer_));
    RELATA_RETURN_IF_ERROR(meter_.Work(writer_.size() + 1));
    if (writer_.size() == 0) continue;
    RELATA_RETURN_IF_ERROR(given_.Set(writer_.Bytes()));
    writer_.Emit(input_, out);
    return true;
  }
}

}  // namespace relata::query
