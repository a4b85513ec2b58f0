#include "client/cli/output/query_printer.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "client/cli/output/answer_output.h"
#include "client/cli/output/query_value_text.h"
#include "client/query_cell.h"
#include "nlohmann/json.hpp"
#include "relata/v1/query_service.pb.h"

namespace relata {
namespace {

// So many rows are held to find the widths of a table's columns.
constexpr size_t kTableRows = 1000;

std::string Dump(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string RowJson(const v1::QueryBatch& batch, uint64_t row,
                    const std::vector<std::string>& columns) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (size_t i = 0; i < columns.size(); ++i) {
    json[columns[i]] = QueryValueJson(QueryCell(batch, static_cast<int>(i), row), batch);
  }
  return Dump(json);
}

void AddEffect(uint64_t count, absl::string_view one, absl::string_view many,
               absl::string_view what, std::vector<std::string>& effects) {
  if (count == 0) return;
  effects.push_back(absl::StrCat(count, " ", count == 1 ? one : many, " ", what));
}

std::vector<std::string> EffectTexts(const v1::QueryStatistics::SideEffects& effects) {
  std::vector<std::string> texts;
  AddEffect(effects.nodes_created(), "node", "nodes", "created", texts);
  AddEffect(effects.nodes_deleted(), "node", "nodes", "deleted", texts);
  AddEffect(effects.relationships_created(), "relationship", "relationships", "created", texts);
  AddEffect(effects.relationships_deleted(), "relationship", "relationships", "deleted", texts);
  AddEffect(effects.properties_set(), "property", "properties", "set", texts);
  AddEffect(effects.labels_added(), "label", "labels", "added", texts);
  AddEffect(effects.labels_removed(), "label", "labels", "removed", texts);
  AddEffect(effects.indexes_added(), "index", "indexes", "created", texts);
  AddEffect(effects.indexes_removed(), "index", "indexes", "dropped", texts);
  AddEffect(effects.constraints_added(), "constraint", "constraints", "created", texts);
  AddEffect(effects.constraints_removed(), "constraint", "constraints", "dropped", texts);
  return texts;
}

std::string Milliseconds(int64_t micros) {
  return absl::StrFormat("%.1f ms", static_cast<double>(micros) / 1000.0);
}

}  // namespace

void QueryPrinter::Add(const v1::RunQueryResponse& part) {
  if (!begun_) {
    begun_ = true;
    columns_.assign(part.columns().begin(), part.columns().end());
    if (format_ == OutputFormat::kJson) {
      *out_ << "{\"columns\": " << Dump(columns_) << ", \"rows\": [";
    } else if (format_ == OutputFormat::kCsv && !columns_.empty()) {
      Table(columns_).PrintCsv(*out_);
    }
  }
  for (uint64_t row = 0; !columns_.empty() && row < part.batch().rows(); ++row) {
    AddRow(part.batch(), row);
  }
  if (!part.plan().empty()) plan_ = part.plan();
  if (part.has_statistics() && format_ == OutputFormat::kJson) {
    statistics_ = JsonLine(part.statistics()).value_or("{}");
  }
}

void QueryPrinter::AddRow(const v1::QueryBatch& batch, uint64_t row) {
  ++rows_;
  if (format_ == OutputFormat::kJson || format_ == OutputFormat::kJsonLines) {
    const bool lines = format_ == OutputFormat::kJsonLines;
    *out_ << (lines       ? ""
              : rows_ > 1 ? ",\n"
                          : "\n")
          << RowJson(batch, row, columns_) << (lines ? "\n" : "");
    return;
  }
  std::vector<Cell> cells;
  cells.reserve(columns_.size());
  for (int i = 0; i < static_cast<int>(columns_.size()); ++i) {
    cells.emplace_back(QueryValueText(QueryCell(batch, i, row), batch));
  }
  if (format_ == OutputFormat::kCsv) {
    *out_ << absl::StrJoin(cells, ",", [](std::string* out, const Cell& cell) {
      absl::StrAppend(out, CsvField(cell.text));
    }) << '\n';
    return;
  }
  if (table_ == nullptr) table_ = std::make_unique<Table>(columns_);
  table_->AddRow(std::move(cells));
  if (table_->size() == kTableRows) PrintTable();
}

void QueryPrinter::PrintTable() {
  if (table_ == nullptr) return;
  table_->Print(*out_, color_);
  table_.reset();
}

void QueryPrinter::Finish() {
  if (format_ == OutputFormat::kJson) {
    *out_ << (rows_ > 0 ? "\n]" : "]");
    if (!plan_.empty()) *out_ << ", \"plan\": " << Dump(plan_);
    *out_ << ", \"statistics\": " << (statistics_.empty() ? "{}" : statistics_) << "}\n";
    return;
  }
  PrintTable();
  if (!plan_.empty()) *out_ << plan_ << (absl::EndsWith(plan_, "\n") ? "" : "\n");
}

std::string StatisticsLine(const v1::QueryStatistics& statistics) {
  std::string text = absl::StrJoin(EffectTexts(statistics.effects()), ", ");
  if (!text.empty()) text += "; ";
  if (statistics.commit_version() != 0) {
    absl::StrAppend(
        &text, "version ", statistics.commit_version(),
        statistics.replayed() ? ", written by an earlier run of this request id; " : "; ");
  }
  absl::StrAppend(&text, statistics.rows(), statistics.rows() == 1 ? " row" : " rows", " in ",
                  Milliseconds(statistics.run_microseconds()), " (compiled in ",
                  Milliseconds(statistics.compile_microseconds()), ")");
  return text;
}

}  // namespace relata
