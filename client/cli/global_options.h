#ifndef RELATA_CLIENT_CLI_GLOBAL_OPTIONS_H_
#define RELATA_CLIENT_CLI_GLOBAL_OPTIONS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/cli/arguments.h"

namespace relata {

namespace v1 {
class BeliefPolicy;
class Consistency;
class ReadOptions;
}  // namespace v1

// How results are written.
enum class OutputFormat { kTable, kJson, kJsonLines, kCsv };

// Which of the options about the state that is read a command takes; the others are refused, so
// that none is silently without effect.
enum class ReadTerms {
  // None: the command writes, or asks about the server.
  kNone,
  // --known-at.
  kVersion,
  // --known-at and --policy.
  kVersionAndPolicy,
  // All of them.
  kAll,
};

// The options that every command takes, before or after its name, as they were written.
struct GlobalOptions {
  std::string server;
  std::string database = "main";
  std::string format = "table";
  std::optional<std::string> as_of;
  // Empty, or the two ends of a window.
  std::vector<std::string> between;
  bool all_times = false;
  bool certainly = false;
  std::optional<std::string> known_at;
  std::optional<std::string> policy;
  // Seconds. Without it calls have 60 and streams no limit.
  std::optional<double> timeout;
  bool no_color = false;
};

// Declares the options of `options`.
void DeclareGlobalOptions(Arguments& arguments, GlobalOptions* options);

// The parts of `options` as the API has them. All errors are usage errors that name the option.
OutputFormat ParseOutputFormat(absl::string_view text);
// What a read asks for. Refuses options outside `terms` and those that contradict each other.
absl::StatusOr<v1::ReadOptions> ReadOptionsFrom(const GlobalOptions& options, ReadTerms terms);
// `42` is commit version 42, anything else an instant of system time.
v1::Consistency ParseKnownAt(absl::string_view text);
// `raw`, or NAME=VALUE separated by commas: min_confidence, min_sources, trusted and barred (keys
// of sources joined by `+`), disputed=out, reported_until.
absl::StatusOr<v1::BeliefPolicy> ParsePolicy(absl::string_view text);

}  // namespace relata

#endif  // RELATA_CLIENT_CLI_GLOBAL_OPTIONS_H_
