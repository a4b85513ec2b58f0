#ifndef RELATA_CLIENT_CLI_COMMAND_CONTEXT_H_
#define RELATA_CLIENT_CLI_COMMAND_CONTEXT_H_

#include <istream>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/clock.h"
#include "client/cli/exit_code.h"
#include "client/cli/global_options.h"
#include "client/cli/output/table.h"
#include "client/client.h"

namespace google::protobuf {
class Message;
}

namespace relata {

// The program's surroundings: where it writes and what it finds there.
struct Surroundings {
  std::ostream* out = nullptr;
  std::ostream* err = nullptr;
  // What commands that read from the standard input read.
  std::istream* in = nullptr;
  // Whether these are terminals, which get colour and progress.
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  bool in_is_terminal = false;
  // RELATA_SERVER; empty where it is not set.
  std::string server_from_environment;
  Clock* clock = SystemClock();
};

// What a command works with: the connection, the options that all commands share, where to write.
// Borrows all of it; lives as long as one run of a command.
class CommandContext {
 public:
  CommandContext(Client* client, const GlobalOptions* options, ReadTerms read_terms,
                 const Surroundings* surroundings)
      : client_(client), options_(options), read_terms_(read_terms), surroundings_(surroundings) {}

  Client& client() const { return *client_; }
  const std::string& database() const { return options_->database; }
  // What reads ask for, by the options that the command takes. A usage error where they are wrong.
  absl::StatusOr<v1::ReadOptions> Read() const;
  // The same without valid time and policy, for looking up what the command line names.
  absl::StatusOr<v1::ReadOptions> ReadOfVersion() const;

  OutputFormat format() const { return ParseOutputFormat(options_->format); }
  std::ostream& out() const { return *surroundings_->out; }
  std::ostream& err() const { return *surroundings_->err; }
  std::istream& in() const { return *surroundings_->in; }
  const Surroundings& surroundings() const { return *surroundings_; }
  bool err_is_terminal() const { return surroundings_->err_is_terminal; }
  Clock* clock() const { return surroundings_->clock; }
  // Whether results are coloured.
  bool color() const { return surroundings_->out_is_terminal && !options_->no_color; }

  // PrintAnswer (client/cli/output/answer_output.h) in the format asked for.
  absl::Status Print(const Table& table, const google::protobuf::Message& answer,
                     absl::string_view items) const;
  // A line beside the results: `relata: TEXT` on err().
  void Note(absl::string_view text) const;

  // What the program ends with where the command returns OK.
  ExitCode exit_code() const { return exit_code_; }
  void set_exit_code(ExitCode code) { exit_code_ = code; }

 private:
  Client* const client_;
  const GlobalOptions* const options_;
  const ReadTerms read_terms_;
  const Surroundings* const surroundings_;
  ExitCode exit_code_ = ExitCode::kDone;
};

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_COMMAND_CONTEXT_H_
