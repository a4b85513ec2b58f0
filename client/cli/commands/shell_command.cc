#include <csignal>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status_macros.h"
#include "client/call_canceller.h"
#include "client/cli/commands/commands.h"
#include "client/cli/shell/completion.h"
#include "client/cli/shell/interrupt_guard.h"
#include "client/cli/shell/line_reader.h"
#include "client/cli/shell/pager.h"
#include "client/cli/shell/shell_session.h"
#include "relata/v1/query_service.pb.h"

namespace relata {
namespace {

// More choices than a screen holds help nobody.
constexpr size_t kMostChoices = 100;

std::string Environment(const char* name) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing writes the environment.
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

LineCompletion CompleteLine(const Completion& completion, absl::string_view line) {
  const Completion::Choices choices = completion.Complete(line);
  LineCompletion result;
  if (choices.words.empty()) return result;
  const std::string common = CommonBeginning(choices.words);
  if (common.size() > choices.begun.size() || choices.words.size() == 1) {
    result.drop = choices.begun.size();
    result.insert = common;
    return result;
  }
  if (choices.words.size() <= kMostChoices) result.choices = absl::StrJoin(choices.words, "  ");
  return result;
}

class ShellCommand : public Command {
 public:
  absl::string_view name() const override { return "shell"; }
  absl::string_view summary() const override { return "Run statements as you type them"; }
  ReadTerms read_terms() const override { return ReadTerms::kAll; }
  bool unlimited_time() const override { return true; }

  void Declare(Arguments& arguments) override {
    arguments.Flag("--read-only", &read_only_, "refuse statements that write");
    arguments.Footer(
        "A statement may have many lines and ends with `;`. Tab completes, the arrow keys bring "
        "back\n"
        "earlier statements (kept in ~/.relata_history), Ctrl-C drops the line or cancels the "
        "running\n"
        "statement, Ctrl-D ends. `:help` lists the commands. Without a terminal the statements "
        "are\n"
        "read from the standard input, up to the first error.");
  }

  absl::Status Run(CommandContext& context) override {
    RELATA_ASSIGN_OR_RETURN(v1::ReadOptions read, context.Read());
    // Says at once where there is no server.
    v1::GetVocabularyRequest request;
    request.set_database(context.database());
    RELATA_ASSIGN_OR_RETURN(const v1::GetVocabularyResponse vocabulary,
                            context.client().GetVocabulary(request));
    Completion completion(vocabulary, ShellSession::Commands());
    const bool terminal =
        context.surroundings().in_is_terminal && context.surroundings().out_is_terminal;
    bool outdated = false;
    std::unique_ptr<LineReader> reader;
    if (terminal) {
      const std::string home = Environment("HOME");
      reader = MakeTerminalReader(home.empty() ? "" : absl::StrCat(home, "/.relata_history"),
                                  [&](absl::string_view line) {
                                    // Statements since may have made new labels and properties.
                                    // Where the server does not answer, the words of before do.
                                    if (std::exchange(outdated, false)) {
                                      auto now = context.client().GetVocabulary(request);
                                      if (now.ok())
                                        completion = Completion(*now, ShellSession::Commands());
                                    }
                                    return CompleteLine(completion, line);
                                  });
    }
    if (reader == nullptr) reader = MakeStreamReader(&context.in());
    ShellSession session(&context, std::move(read), SessionOptions(terminal));
    return terminal ? Converse(context, session, *reader, outdated) : RunScript(session, *reader);
  }

 private:
  ShellSession::Options SessionOptions(bool terminal) const {
    ShellSession::Options options;
    options.read_only = read_only_;
    if (!terminal) return options;
    // A reader may leave the pager before the end.
    std::signal(SIGPIPE, SIG_IGN);
    // Ctrl-C is for the line and for the running statement; between them there is nothing to end.
    std::signal(SIGINT, SIG_IGN);
    options.screen_lines = TerminalLines;
    const std::string pager = Environment("PAGER");
    if (!pager.empty()) options.pager = pager;
    options.interruptible = [](const std::function<absl::Status(CallCanceller*)>& call) {
      CallCanceller canceller;
      const InterruptGuard guard([&] { canceller.Cancel(); });
      return call(&canceller);
    };
    return options;
  }

  // Sets `outdated` when statements ran.
  static absl::Status Converse(CommandContext& context, ShellSession& session, LineReader& reader,
                               bool& outdated) {
    context.out() << "Relata. :help lists the commands; a statement ends with `;`.\n";
    std::string entry;
    while (!session.quit()) {
      context.out().flush();
      const std::optional<LineReader::Line> line = reader.Read(session.prompt());
      if (!line) {
        // What comes next on the terminal begins a line of its own.
        context.out() << '\n';
        break;
      }
      if (line->interrupted) {
        session.Drop();
        entry.clear();
        continue;
      }
      // The lines stay lines: a comment ends where its line does.
      absl::StrAppend(&entry, entry.empty() ? "" : "\n", line->text);
      // What went wrong has been printed, and the next statement may be better.
      static_cast<void>(session.Take(line->text));
      if (!session.begun()) {
        outdated = true;
        if (!entry.empty()) reader.Remember(entry);
        entry.clear();
      }
    }
    session.Drop();
    return session.End();
  }

  static absl::Status RunScript(ShellSession& session, LineReader& reader) {
    while (!session.quit()) {
      const std::optional<LineReader::Line> line = reader.Read("");
      if (!line) break;
      const absl::Status status = session.Take(line->text);
      if (status.ok()) continue;
      session.Drop();
      static_cast<void>(session.End());
      return Stopped(status);
    }
    const absl::Status status = session.End();
    return status.ok() ? status : Stopped(status);
  }

  // The error itself has been printed.
  static absl::Status Stopped(const absl::Status& status) {
    return absl::Status(status.code(), "stopped at the first error");
  }

  bool read_only_ = false;
};

}  // namespace

std::unique_ptr<Command> MakeShellCommand() { return std::make_unique<ShellCommand>(); }

}  // namespace relata
