// Questions as texts of the query language, through gRPC.
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "bench/relata_bench/asker.h"
#include "bench/relata_bench/csv_file.h"
#include "client/client.h"
#include "relata/v1/query_service.pb.h"

namespace relata::bench {
namespace {

constexpr int64_t kMicrosPerDay = int64_t{86'400} * 1'000'000;

absl::Status AppendValue(const v1::Value& value, ResultColumn& out) {
  switch (value.kind_case()) {
    case v1::Value::kIntValue:
      out.numbers.push_back(static_cast<double>(value.int_value()));
      return absl::OkStatus();
    case v1::Value::kDoubleValue:
      out.numbers.push_back(value.double_value());
      return absl::OkStatus();
    case v1::Value::kStringValue:
      out.texts.push_back(value.string_value());
      return absl::OkStatus();
    case v1::Value::kDateValue:
      out.texts.push_back(value.date_value());
      return absl::OkStatus();
    case v1::Value::kDatetimeValue:
      out.texts.push_back(value.datetime_value());
      return absl::OkStatus();
    default:
      return absl::InvalidArgumentError(
          absl::StrCat("no column has values like ", value.ShortDebugString()));
  }
}

absl::Status AppendColumn(const v1::QueryColumn& column, ResultColumn& out) {
  if (column.has_ints()) {
    out.numbers.insert(out.numbers.end(), column.ints().values().begin(),
                       column.ints().values().end());
  } else if (column.has_doubles()) {
    out.numbers.insert(out.numbers.end(), column.doubles().values().begin(),
                       column.doubles().values().end());
  } else if (column.has_strings()) {
    for (const uint32_t index : column.strings().indexes()) {
      out.texts.push_back(column.strings().dictionary(static_cast<int>(index)));
    }
  } else if (column.has_instants()) {
    out.instants.insert(out.instants.end(), column.instants().microseconds().begin(),
                        column.instants().microseconds().end());
  } else if (column.has_dates()) {
    for (const int32_t day : column.dates().days()) out.instants.push_back(day * kMicrosPerDay);
  } else {
    for (const v1::QueryValue& value : column.values().values()) {
      RELATA_RETURN_IF_ERROR(AppendValue(value.value(), out));
    }
  }
  return absl::OkStatus();
}

absl::Status AppendBatch(const v1::QueryBatch& batch, ResultTable& table) {
  table.rows += batch.rows();
  table.columns.resize(static_cast<size_t>(batch.columns_size()));
  for (int i = 0; i < batch.columns_size(); ++i) {
    RELATA_RETURN_IF_ERROR(AppendColumn(batch.columns(i), table.columns[static_cast<size_t>(i)]));
  }
  return absl::OkStatus();
}

class QueryAsker final : public Asker {
 public:
  QueryAsker(Client* client, TextForm form, uint64_t version)
      : client_(client), form_(form), version_(version) {}

  bool CanAsk(const QuestionDefinition& question) const override {
    return form_ == TextForm::kPattern || !question.call_text.empty();
  }

  absl::StatusOr<Answer> Ask(const QuestionDefinition& question, const Draw& draw) override {
    v1::RunQueryRequest request;
    request.set_query(
        std::string(form_ == TextForm::kPattern ? question.text : question.call_text));
    if (version_ > 0) request.mutable_read()->mutable_consistency()->set_exact_version(version_);
    for (size_t i = 0; i < question.parameters.size(); ++i) {
      v1::MapEntry* const entry = request.add_parameters();
      entry->set_name(std::string(question.parameters[i].name));
      if (question.parameters[i].is_integer) {
        RELATA_ASSIGN_OR_RETURN(const int64_t number, IntegerField(draw[i]));
        entry->mutable_value()->set_int_value(number);
      } else {
        entry->mutable_value()->set_string_value(draw[i]);
      }
    }
    ResultTable table;
    RELATA_RETURN_IF_ERROR(
        client_->RunQuery(request, [&](const v1::RunQueryResponse& part) -> absl::Status {
          if (table.columns.empty()) table.columns.resize(static_cast<size_t>(part.columns_size()));
          return part.has_batch() ? AppendBatch(part.batch(), table) : absl::OkStatus();
        }));
    return AnswerFromTable(question.question, table);
  }

 private:
  Client* const client_;
  const TextForm form_;
  const uint64_t version_;
};

}  // namespace

std::unique_ptr<Asker> MakeQueryAsker(Client* client, TextForm form, uint64_t version) {
  return std::make_unique<QueryAsker>(client, form, version);
}

}  // namespace relata::bench
