#include <utility>

#include "base/status_macros.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/row_creator.h"
#include "graph/query/executor/operators/row_expander.h"
#include "graph/query/executor/operators/set_items.h"
#include "graph/query/executor/operators/write_operator.h"

namespace relata::query {
namespace {

class Merge : public WriteOperator {
 public:
  Merge(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child,
        std::unique_ptr<Operator> match)
      : WriteOperator(plan, context, std::move(child)),
        plan_(std::get<MergePlan>(plan.op)),
        match_(std::move(match)),
        creator_(plan_.create, /*merge=*/true) {}

 protected:
  // Row by row: a row finds what the rows before it made.
  absl::Status Write(Batch& batch) override {
    const size_t held = meter_.held();
    Batch output;
    output.columns.resize(batch.columns.size() + plan_.match_columns.size());
    for (uint32_t row = 0; row < batch.rows; ++row) {
      RELATA_RETURN_IF_ERROR(meter_.Work(1));
      const Batch input = OneRow(batch, row);
      std::vector<Column> bound(plan_.match_columns.size());
      RELATA_ASSIGN_OR_RETURN(size_t rows, Match(input, &bound));
      const bool made = rows == 0;
      if (made) {
        RELATA_RETURN_IF_ERROR(Create(input, &bound));
        rows = 1;
      }
      Batch merged;
      merged.rows = rows;
      for (const Column& column : input.columns) {
        merged.columns.push_back(column.Gather(std::vector<uint32_t>(rows, 0)));
      }
      for (Column& column : bound) merged.columns.push_back(std::move(column));
      RELATA_RETURN_IF_ERROR(SetItems(made ? plan_.on_create : plan_.on_match, input, merged));
      for (size_t i = 0; i < merged.columns.size(); ++i) {
        output.columns[i].AppendAll(merged.columns[i]);
      }
      output.rows += rows;
    }
    RELATA_RETURN_IF_ERROR(meter_.Hold(held + output.Bytes()));
    batch = std::move(output);
    return absl::OkStatus();
  }

 private:
  // How many matches there are; their variables go into `bound`.
  absl::StatusOr<size_t> Match(const Batch& input, std::vector<Column>* bound) {
    RELATA_RETURN_IF_ERROR(match_->Open(&input));
    size_t rows = 0;
    Batch found;
    while (true) {
      RELATA_ASSIGN_OR_RETURN(const bool more, match_->Next(&found));
      if (!more) return rows;
      if (found.rows == 0) continue;
      rows += found.rows;
      RELATA_RETURN_IF_ERROR(meter_.HoldMore(2 * found.rows * bound->size() * sizeof(Datum)));
      for (size_t i = 0; i < bound->size(); ++i) {
        (*bound)[i].AppendAll(found.columns[plan_.match_columns[i]]);
      }
    }
  }

  absl::Status Create(const Batch& input, std::vector<Column>* bound) {
    RELATA_RETURN_IF_ERROR(creator_.Begin(*context_, plan_.options, input));
    std::vector<Column> created = creator_.NewColumns();
    RELATA_RETURN_IF_ERROR(creator_.Create(*context_, input, 0, &created));
    for (size_t i = 0; i < bound->size(); ++i) {
      (*bound)[i] = created[plan_.created[i] - input.columns.size()];
    }
    return absl::OkStatus();
  }

  absl::Status SetItems(const std::vector<SetItemPlan>& items, const Batch& input,
                        const Batch& merged) {
    if (items.empty()) return absl::OkStatus();
    RELATA_RETURN_IF_ERROR(frames_.Evaluate(*context_, plan_.options, input));
    RELATA_ASSIGN_OR_RETURN(const WriteFrame frame, frames_.Row(0));
    for (uint32_t row = 0; row < merged.rows; ++row) {
      RELATA_RETURN_IF_ERROR(ApplySetItems(*context_, items, OneRow(merged, row), frame));
    }
    return absl::OkStatus();
  }

  const MergePlan& plan_;
  const std::unique_ptr<Operator> match_;
  RowCreator creator_;
  WriteFrames frames_;
};

}  // namespace

MadeOperator MakeMerge(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child,
                          MakeOperator(*plan.children[0], context));
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> match,
                          MakeOperator(*plan.children[1], context));
  return std::make_unique<Merge>(plan, context, std::move(child), std::move(match));
}

}  // namespace relata::query
