// Questions as texts of the query language, in this process.
#include <algorithm>
#include <string>
#include <utility>

#include "base/status_macros.h"
#include "bench/relata_bench/asker.h"
#include "bench/relata_bench/csv_file.h"
#include "graph/query/engine.h"
#include "graph/values/temporal.h"

namespace relata::bench {
namespace {

using query::Column;
using query::Datum;

// Times as what they are: a text of them would be the benchmark's own work.
void AppendScalar(const Value& value, ResultColumn& out) {
  constexpr int64_t kMicros = 1'000'000;
  if (const auto* const time = value.get_if<DateTime>()) {
    out.instants.push_back(time->seconds * kMicros + time->nanos / 1000);
  } else if (const auto* const date = value.get_if<Date>()) {
    out.instants.push_back(date->days * (int64_t{86'400} * kMicros));
  } else {
    out.texts.push_back(value.ToString());
  }
}

void AppendDatum(const Datum& datum, ResultColumn& out) {
  switch (datum.kind()) {
    case Datum::Kind::kInt:
      out.numbers.push_back(static_cast<double>(datum.AsInt()));
      break;
    case Datum::Kind::kFloat:
      out.numbers.push_back(datum.AsFloat());
      break;
    case Datum::Kind::kString:
      out.texts.emplace_back(datum.AsString());
      break;
    case Datum::Kind::kScalar:
      AppendScalar(datum.AsScalar(), out);
      break;
    default:
      out.texts.push_back(datum.ToString());
  }
}

void AppendColumn(const Column& column, ResultColumn& out) {
  if (column.kind() == Column::Kind::kInt) {
    out.numbers.insert(out.numbers.end(), column.ints().begin(), column.ints().end());
  } else if (column.kind() == Column::Kind::kFloat) {
    out.numbers.insert(out.numbers.end(), column.floats().begin(), column.floats().end());
  } else if (column.kind() == Column::Kind::kDateTime && column.nulls().empty()) {
    for (const query::UtcTime time : column.times()) out.instants.push_back(time.micros);
  } else {
    for (size_t row = 0; row < column.size(); ++row) AppendDatum(column.Get(row), out);
  }
}

class EngineAsker final : public Asker {
 public:
  EngineAsker(query::QueryEngine* engine, TextForm form, uint64_t version)
      : engine_(engine), form_(form) {
    if (version > 0) options_.as_of_version = CommitVersion(version);
  }

  bool CanAsk(const QuestionDefinition& question) const override {
    return form_ == TextForm::kPattern || !question.call_text.empty();
  }

  absl::StatusOr<Answer> Ask(const QuestionDefinition& question, const Draw& draw) override {
    query::Parameters parameters;
    for (size_t i = 0; i < question.parameters.size(); ++i) {
      const QuestionParameter& parameter = question.parameters[i];
      Datum value = Datum::String(draw.empty() ? "" : draw[i]);
      if (parameter.is_integer) {
        RELATA_ASSIGN_OR_RETURN(const int64_t number, IntegerField(draw[i]));
        value = Datum::Int(number);
      }
      parameters.emplace_back(std::string(parameter.name), std::move(value));
    }
    std::sort(parameters.begin(), parameters.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    RELATA_ASSIGN_OR_RETURN(
        const auto result,
        engine_->Run(form_ == TextForm::kPattern ? question.text : question.call_text, parameters,
                     options_));
    ResultTable table;
    table.columns.resize(result->columns().size());
    query::Batch batch;
    while (true) {
      RELATA_ASSIGN_OR_RETURN(const bool more, result->Next(&batch));
      if (!more) break;
      table.rows += batch.rows;
      for (size_t i = 0; i < batch.columns.size(); ++i) {
        AppendColumn(batch.columns[i], table.columns[i]);
      }
    }
    return AnswerFromTable(question.question, table);
  }

 private:
  query::QueryEngine* const engine_;
  const TextForm form_;
  query::QueryOptions options_;
};

}  // namespace

std::unique_ptr<Asker> MakeEngineAsker(query::QueryEngine* engine, TextForm form,
                                       uint64_t version) {
  return std::make_unique<EngineAsker>(engine, form, version);
}

}  // namespace relata::bench
