#include "client/cli/output/answer_output.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace relata {
namespace {

absl::StatusOr<std::string> JsonText(const google::protobuf::Message& message, bool pretty) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = pretty;
  std::string text;
  const auto status = google::protobuf::util::MessageToJsonString(message, &text, options);
  if (!status.ok()) {
    return absl::InternalError(
        absl::StrCat("an answer does not turn into JSON: ", std::string(status.message())));
  }
  return text;
}

}  // namespace

absl::StatusOr<std::string> JsonLine(const google::protobuf::Message& message) {
  return JsonText(message, /*pretty=*/false);
}

absl::Status PrintAnswer(OutputFormat format, bool color, const Table& table,
                         const google::protobuf::Message& answer, absl::string_view items,
                         std::ostream& out) {
  switch (format) {
    case OutputFormat::kTable:
      table.Print(out, color);
      return absl::OkStatus();
    case OutputFormat::kCsv:
      table.PrintCsv(out);
      return absl::OkStatus();
    case OutputFormat::kJson: {
      RELATA_ASSIGN_OR_RETURN(const std::string text, JsonText(answer, /*pretty=*/true));
      out << text;
      return absl::OkStatus();
    }
    case OutputFormat::kJsonLines:
      break;
  }
  const auto* const field = answer.GetDescriptor()->FindFieldByName(std::string(items));
  if (field == nullptr) {
    RELATA_ASSIGN_OR_RETURN(const std::string line, JsonLine(answer));
    out << line << '\n';
    return absl::OkStatus();
  }
  const auto* const reflection = answer.GetReflection();
  for (int i = 0; i < reflection->FieldSize(answer, field); ++i) {
    RELATA_ASSIGN_OR_RETURN(const std::string line,
                            JsonLine(reflection->GetRepeatedMessage(answer, field, i)));
    out << line << '\n';
  }
  return absl::OkStatus();
}

}  // namespace relata
