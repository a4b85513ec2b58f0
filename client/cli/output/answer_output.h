#ifndef RELATA_CLIENT_CLI_OUTPUT_ANSWER_OUTPUT_H_
#define RELATA_CLIENT_CLI_OUTPUT_ANSWER_OUTPUT_H_

#include <ostream>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/cli/global_options.h"
#include "client/cli/output/table.h"

namespace google::protobuf {
class Message;
}

namespace relata {

// `message` in protobuf's JSON mapping on one line, without a line break: fields in the order of
// their numbers and in lowerCamelCase, fields that are not set left out. Equal messages give equal
// texts. INTERNAL where a text in it is not UTF-8.
absl::StatusOr<std::string> JsonLine(const google::protobuf::Message& message);

// Writes one answer to `out` in the format asked for: the table, the table as CSV, the whole answer
// as one JSON object over several lines, or each item of its repeated message field `items` as a
// line of JSON (the whole answer where `items` is empty).
absl::Status PrintAnswer(OutputFormat format, bool color, const Table& table,
                         const google::protobuf::Message& answer, absl::string_view items,
                         std::ostream& out);

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_OUTPUT_ANSWER_OUTPUT_H_
