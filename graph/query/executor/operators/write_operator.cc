#include "graph/query/executor/operators/write_operator.h"

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/query_error.h"

namespace relata::query {

absl::Status WriteOperator::Open(const Batch* argument) {
  if (context_->writer == nullptr) {
    return absl::FailedPreconditionError(
        "the statement writes, but runs where only reading is allowed");
  }
  batches_.clear();
  written_ = false;
  RELATA_RETURN_IF_ERROR(meter_.Hold(0));
  return child_->Open(argument);
}

absl::Status WriteOperator::Gather() {
  BatchMeasure measure;
  Batch input;
  while (true) {
    RELATA_ASSIGN_OR_RETURN(const bool more, child_->Next(&input));
    if (!more) return absl::OkStatus();
    RELATA_RETURN_IF_ERROR(meter_.Work(input.rows + 1));
    if (input.rows == 0) continue;
    RELATA_RETURN_IF_ERROR(meter_.HoldMore(measure.Add(input)));
    batches_.push_back(std::exchange(input, Batch()));
  }
}

absl::StatusOr<bool> WriteOperator::Next(Batch* out) {
  if (!written_) {
    RELATA_RETURN_IF_ERROR(Gather());
    for (Batch& batch : batches_) RELATA_RETURN_IF_ERROR(Write(batch));
    RELATA_RETURN_IF_ERROR(FinishClause());
    written_ = true;
  }
  if (batches_.empty()) {
    RELATA_RETURN_IF_ERROR(meter_.Hold(0));
    return false;
  }
  *out = std::move(batches_.front());
  batches_.pop_front();
  return true;
}

Batch OneRow(const Batch& batch, uint32_t row) {
  Batch one;
  one.rows = 1;
  one.columns.reserve(batch.columns.size());
  for (const Column& column : batch.columns) one.columns.push_back(column.Gather({row}));
  return one;
}

absl::Status AppendNames(const Datum& value, std::vector<std::string>* names) {
  if (value.is_string()) {
    names->emplace_back(value.AsString());
    return absl::OkStatus();
  }
  if (!value.is_list()) {
    return TypeError("InvalidArgumentType",
                     absl::StrCat("a label computed in a query is a String or a list of Strings, "
                                  "not a ",
                                  TypeName(value)));
  }
  for (const Datum& element : value.AsList()) {
    if (!element.is_string()) {
      return TypeError("InvalidArgumentType",
                       absl::StrCat("a label is a String, not a ", TypeName(element)));
    }
    names->emplace_back(element.AsString());
  }
  return absl::OkStatus();
}

}  // namespace relata::query
