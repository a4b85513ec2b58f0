#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "graph/query/executor/operators/makers.h"
#include "graph/query/executor/operators/row_expander.h"
#include "graph/query/executor/operators/show_rows.h"

namespace relata::query {
namespace {

class Show : public RowExpander {
 public:
  Show(const PlanNode& plan, ExecutionContext* context, std::unique_ptr<Operator> child)
      : RowExpander(plan, context, std::move(child),
                    std::vector<Column::Kind>(std::get<ShowPlan>(plan.op).fields.size(),
                                              Column::Kind::kDatum)),
        plan_(std::get<ShowPlan>(plan.op)) {}

 protected:
  absl::Status Begin(const Batch& /*input*/) override {
    row_ = 0;
    next_ = 0;
    RELATA_ASSIGN_OR_RETURN(shown_, ShowRows(plan_.kind, *context_));
    return absl::OkStatus();
  }

  absl::StatusOr<bool> Produce(const Batch& input, size_t limit, RowWriter& writer) override {
    for (; row_ < input.rows; ++row_, next_ = 0) {
      for (; next_ < shown_.size(); ++next_) {
        if (writer.size() >= limit) return true;
        writer.Add(row_);
        for (size_t i = 0; i < plan_.fields.size(); ++i) {
          writer.column(i).Append(Field(shown_[next_], plan_.fields[i]));
        }
      }
    }
    return false;
  }

 private:
  static Datum Field(const Datum::Map& row, absl::string_view field) {
    for (const auto& [name, value] : row) {
      if (name == field) return value;
    }
    return {};
  }

  const ShowPlan& plan_;
  std::vector<Datum::Map> shown_;
  uint32_t row_ = 0;
  size_t next_ = 0;
};

}  // namespace

MadeOperator MakeShow(const PlanNode& plan, ExecutionContext* context) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Operator> child, MakeInput(plan, context));
  return std::make_unique<Show>(plan, context, std::move(child));
}

}  // namespace relata::query
