#ifndef RELATA_CLIENT_CLI_COMMANDS_WRITE_OPTIONS_H_
#define RELATA_CLIENT_CLI_COMMANDS_WRITE_OPTIONS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "client/cli/arguments.h"
#include "client/cli/command_context.h"

namespace relata {

namespace v1 {
class Citation;
class Fact;
class Name;
class WriteRequest;
}  // namespace v1

// The options --source, --stance, --confidence, --reported and --locator of commands that write
// facts.
struct CitationOptions {
  std::vector<std::string> sources;
  std::string stance;
  std::optional<double> confidence;
  std::optional<std::string> reported;
  std::string locator;

  void Declare(Arguments& arguments);
  // One citation for each source, all alike otherwise. A usage error where something is said about
  // a citation and no source is named.
  absl::Status AddTo(v1::Fact* fact) const;
  absl::Status AddTo(v1::Name* name) const;
  absl::StatusOr<std::vector<v1::Citation>> Citations() const;
};

// The options --from and --to for the valid time of a fact.
struct ValidTimeOptions {
  std::optional<std::string> from;
  std::optional<std::string> to;

  void Declare(Arguments& arguments);
  void AddTo(v1::Fact* fact) const;
};

// Sends a write of one mutation and prints what became of it: `company/x: created #12, facts 3, 4,
// version 7`. `what` names the subject.
absl::Status WriteAndPrint(CommandContext& context, const v1::WriteRequest& request,
                           absl::string_view what);

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_COMMANDS_WRITE_OPTIONS_H_
