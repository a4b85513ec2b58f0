#include "client/cli/command_context.h"

#include "base/status_macros.h"
#include "client/cli/output/answer_output.h"
#include "relata/v1/read.pb.h"

namespace relata {

absl::StatusOr<v1::ReadOptions> CommandContext::Read() const {
  return ReadOptionsFrom(*options_, read_terms_);
}

absl::StatusOr<v1::ReadOptions> CommandContext::ReadOfVersion() const {
  RELATA_ASSIGN_OR_RETURN(v1::ReadOptions read, Read());
  read.clear_valid_time();
  read.clear_policy();
  return read;
}

absl::Status CommandContext::Print(const Table& table, const google::protobuf::Message& answer,
                                   absl::string_view items) const {
  return PrintAnswer(format(), color(), table, answer, items, out());
}

void CommandContext::Note(absl::string_view text) const { err() << "relata: " << text << '\n'; }

}  // namespace relata
