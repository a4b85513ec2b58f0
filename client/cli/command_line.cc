#include "client/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "client/call_error.h"
#include "client/cli/command.h"
#include "client/cli/near_miss.h"
#include "client/cli/utf8.h"
#include "relata/v1/read.pb.h"

namespace relata {
namespace {

constexpr absl::string_view kDefaultServer = "127.0.0.1:7614";

constexpr absl::string_view kFooter =
    R"(These options may stand before or after the command. An ENTITY is a key (company/deepseek), an id
(#17) or an exact name (深度求索). Results go to the standard output, all else to the standard error.
Exit codes: 0 done, 1 refused, 2 wrong usage, 3 no server reached, 4 partly done (import --skip-bad).
`relata COMMAND --help` tells more about a command.)";

// What to do about an error, by its reason and code; empty where the message says it all.
std::string Advice(const absl::Status& status, const std::string& server) {
  if (IsUnreachable(status)) {
    return absl::StrCat("start relatad, or name another server than ", server, " with --server");
  }
  const CallError error = ReadCallError(status);
  const std::string& reason = error.reason;
  if (reason == "DATABASE_NOT_FOUND") return "`relata databases` lists them";
  if (reason == "RELATIONSHIP_NOT_FOUND") return "`relata neighbors ENTITY` shows them";
  if (reason == "SOURCE_NOT_FOUND") return "`relata find --label Source` lists the sources";
  if (reason == "VERSION_OUT_OF_RANGE") return "`relata status` shows the newest version";
  if (reason == "CONFLICT" || reason == "QUERY_ERROR") return "";
  if (reason == "LIMIT_EXCEEDED") {
    const auto limit = error.metadata.find("limit");
    if (limit == error.metadata.end() || limit->second != "max_mutations") return "";
  }
  switch (status.code()) {
    case absl::StatusCode::kNotFound:
      return "check the key with `relata find`";
    case absl::StatusCode::kFailedPrecondition:
      return absl::StrContains(status.message(), "several entities") ? "use one of these keys" : "";
    case absl::StatusCode::kResourceExhausted:
      return "write less at once, as with `relata import --batch 20000`";
    case absl::StatusCode::kDeadlineExceeded:
      return "allow more time with --timeout";
    case absl::StatusCode::kInternal:
      return "the server's log says more";
    default:
      return "";
  }
}

std::string OneLine(absl::string_view text) {
  return absl::StrReplaceAll(absl::StripAsciiWhitespace(text), {{"\r", ""}, {"\n", "; "}});
}

// What gRPC says of a failed connection is long and names its own files.
std::string MessageOf(const absl::Status& status) {
  if (IsUnreachable(status)) return "the server cannot be reached";
  // The line of the statement and the caret below it.
  if (ReadCallError(status).reason == "QUERY_ERROR") return std::string(status.message());
  return OneLine(status.message());
}

// A command with the part of the command line that belongs to it.
struct DeclaredCommand {
  std::unique_ptr<Command> command;
  CLI::App* app;
};

class CommandLine {
 public:
  explicit CommandLine(const Surroundings& surroundings);

  ExitCode Run(std::vector<std::string> arguments);

 private:
  ExitCode RunCommand(Command& command);
  absl::Status RunChecked(Command& command, ExitCode* exit_code);
  ExitCode ReportUsage(const CLI::ParseError& error, const std::vector<std::string>& arguments);
  // The words a command line may hold, commands and options, for a hint at what was meant.
  std::vector<std::string> KnownWords() const;
  const DeclaredCommand* Chosen() const;

  const Surroundings& surroundings_;
  GlobalOptions options_;
  CLI::App app_{"Relata: a knowledge graph with its history and its sources", "relata"};
  std::vector<DeclaredCommand> commands_;
};

CommandLine::CommandLine(const Surroundings& surroundings) : surroundings_(surroundings) {
  app_.require_subcommand(1);
  app_.fallthrough();
  app_.footer(std::string(kFooter));
  app_.set_version_flag("--version", absl::StrCat("relata ", RELATA_VERSION));
  app_.get_formatter()->column_width(34);
  options_.server = surroundings.server_from_environment.empty()
                        ? std::string(kDefaultServer)
                        : surroundings.server_from_environment;
  Arguments global(&app_);
  DeclareGlobalOptions(global, &options_);
  for (std::unique_ptr<Command>& command : MakeCommands()) {
    CLI::App* const sub =
        app_.add_subcommand(std::string(command->name()), std::string(command->summary()));
    Arguments arguments(sub);
    command->Declare(arguments);
    commands_.push_back({std::move(command), sub});
  }
}

const DeclaredCommand* CommandLine::Chosen() const {
  for (const DeclaredCommand& declared : commands_) {
    if (declared.app->parsed()) return &declared;
  }
  return nullptr;
}

ExitCode CommandLine::Run(std::vector<std::string> arguments) {
  const std::vector<std::string> as_written = arguments;
  for (const std::string& argument : as_written) {
    if (IsWellFormedUtf8(argument)) continue;
    *surroundings_.err << "relata: the argument \"" << absl::CEscape(argument)
                       << "\" is not UTF-8; type it in a terminal that speaks UTF-8\n";
    return ExitCode::kBadUsage;
  }
  std::reverse(arguments.begin(), arguments.end());
  try {
    app_.parse(std::move(arguments));
  } catch (const CLI::CallForHelp&) {
    *surroundings_.out << app_.help();
    return ExitCode::kDone;
  } catch (const CLI::CallForVersion& version) {
    *surroundings_.out << version.what() << '\n';
    return ExitCode::kDone;
  } catch (const CLI::ParseError& error) {
    return ReportUsage(error, as_written);
  }
  return RunCommand(*Chosen()->command);
}

std::vector<std::string> CommandLine::KnownWords() const {
  std::vector<std::string> words;
  const auto add_options = [&words](const CLI::App& app) {
    for (const CLI::Option* const option : app.get_options()) {
      for (const std::string& name : option->get_lnames())
        words.push_back(absl::StrCat("--", name));
    }
  };
  add_options(app_);
  const DeclaredCommand* const chosen = Chosen();
  if (chosen != nullptr) {
    add_options(*chosen->app);
  } else {
    for (const DeclaredCommand& declared : commands_) words.push_back(declared.app->get_name());
  }
  return words;
}

ExitCode CommandLine::ReportUsage(const CLI::ParseError& error,
                                  const std::vector<std::string>& arguments) {
  const DeclaredCommand* const chosen = Chosen();
  const std::vector<std::string> known = KnownWords();
  std::string hint;
  for (const std::string& argument : arguments) {
    const std::string word = argument.substr(0, argument.find('='));
    const bool option = absl::StartsWith(word, "--");
    if (!option && chosen != nullptr) continue;
    if (std::find(known.begin(), known.end(), word) != known.end()) continue;
    const std::string nearest = NearestWord(word, known);
    if (!nearest.empty()) hint = absl::StrCat("; did you mean ", nearest, "?");
    if (!hint.empty() || !option) break;
  }
  const std::string name = chosen == nullptr ? "" : chosen->app->get_name();
  std::string what = OneLine(error.what());
  const std::vector<std::string> unknown = app_.remaining();
  if (chosen == nullptr && !unknown.empty() && !absl::StartsWith(unknown.front(), "-")) {
    what = absl::StrCat("there is no command '", unknown.front(), "'");
  }
  *surroundings_.err << "relata: " << name << (name.empty() ? "" : ": ") << what << hint
                     << " (see `relata " << name << (name.empty() ? "" : " ") << "--help`)\n";
  return ExitCode::kBadUsage;
}

absl::Status CommandLine::RunChecked(Command& command, ExitCode* exit_code) {
  ClientOptions client_options;
  client_options.address = options_.server;
  client_options.clock = surroundings_.clock;
  if (command.unlimited_time()) client_options.timeout = absl::InfiniteDuration();
  if (options_.timeout) {
    client_options.timeout = absl::Seconds(*options_.timeout);
    client_options.stream_timeout = client_options.timeout;
  }
  auto client = Client::Connect(client_options);
  if (!client.ok()) return UsageError(client.status().message());
  RELATA_RETURN_IF_ERROR(ReadOptionsFrom(options_, command.read_terms()).status());
  CommandContext context(client->get(), &options_, command.read_terms(), &surroundings_);
  RELATA_RETURN_IF_ERROR(command.Run(context));
  *exit_code = context.exit_code();
  return absl::OkStatus();
}

ExitCode CommandLine::RunCommand(Command& command) {
  ExitCode exit_code = ExitCode::kDone;
  const absl::Status status = RunChecked(command, &exit_code);
  surroundings_.out->flush();
  if (status.ok()) return exit_code;
  const ExitCode failed = ExitCodeFor(status);
  *surroundings_.err << "relata: " << command.name() << ": " << MessageOf(status);
  if (failed == ExitCode::kBadUsage) {
    *surroundings_.err << " (see `relata " << command.name() << " --help`)\n";
    return failed;
  }
  const std::string advice = Advice(status, options_.server);
  *surroundings_.err << " (" << absl::StatusCodeToString(status.code()) << ")"
                     << (advice.empty() ? "" : ": ") << advice << '\n';
  return failed;
}

}  // namespace

ExitCode RunCommandLine(const std::vector<std::string>& arguments,
                        const Surroundings& surroundings) {
  CommandLine command_line(surroundings);
  return command_line.Run(arguments);
}

}  // namespace relata
