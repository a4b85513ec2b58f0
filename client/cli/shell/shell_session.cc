#include "client/cli/shell/shell_session.h"

#include <algorithm>
#include <fstream>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "client/call_canceller.h"
#include "client/call_error.h"
#include "client/cli/literal.h"
#include "client/cli/near_miss.h"
#include "client/cli/output/query_printer.h"
#include "client/cli/output/query_value_text.h"
#include "client/cli/shell/pager.h"
#include "client/cli/utf8.h"
#include "relata/v1/mutation.pb.h"

namespace relata {
namespace {

constexpr int kDeepestSource = 16;

// `limit = 3` as `limit=3`, the way that NAME=VALUE is written where blanks separate arguments.
std::string WithoutBlanksAroundEquals(absl::string_view assignment) {
  const std::pair<absl::string_view, absl::string_view> sides =
      absl::StrSplit(assignment, absl::MaxSplits('=', 1));
  if (sides.first.size() == assignment.size()) return std::string(assignment);
  return absl::StrCat(absl::StripTrailingAsciiWhitespace(sides.first), "=",
                      absl::StripLeadingAsciiWhitespace(sides.second));
}

// The text of a parameter as results show values.
std::string ParameterText(const v1::MapEntry& parameter) {
  v1::QueryValue value;
  *value.mutable_value() = parameter.value();
  return absl::StrCat("$", parameter.name(), " = ", QueryValueText(value, v1::QueryBatch()));
}

}  // namespace

struct ShellSession::CommandEntry {
  absl::string_view name;
  absl::string_view usage;
  absl::string_view help;
  absl::Status (ShellSession::*run)(absl::string_view argument);
};

const std::vector<ShellSession::CommandEntry>& ShellSession::Table() {
  static const std::vector<CommandEntry>* const kTable = new std::vector<CommandEntry>{
      {":begin", ":begin [read]", "begin a transaction (`read`: one that only reads)",
       &ShellSession::Begin},
      {":commit", ":commit", "make what the transaction wrote durable", &ShellSession::Commit},
      {":explain", ":explain STATEMENT", "show the plan of a statement", &ShellSession::Explain},
      {":help", ":help", "this", &ShellSession::Help},
      {":param", ":param [NAME=VALUE | clear]", "show parameters, set $NAME, or forget all",
       &ShellSession::Param},
      {":quit", ":quit", "end the shell (also Ctrl-D)", &ShellSession::Quit},
      {":rollback", ":rollback", "drop what the transaction wrote", &ShellSession::Rollback},
      {":schema", ":schema", "labels, relationship types and properties in use",
       &ShellSession::Schema},
      {":source", ":source FILE", "run the statements of a file, up to the first error",
       &ShellSession::Source},
      {":time", ":time [valid INSTANT | known VERSION-OR-INSTANT | all | now]",
       "which time statements read that do not say it themselves", &ShellSession::Time},
  };
  return *kTable;
}

std::vector<std::string> ShellSession::Commands() {
  std::vector<std::string> names;
  for (const CommandEntry& entry : Table()) names.emplace_back(entry.name);
  return names;
}

ShellSession::ShellSession(CommandContext* context, v1::ReadOptions read, Options options)
    : context_(context), read_(std::move(read)), options_(std::move(options)) {}

std::string ShellSession::prompt() const {
  const std::string name = absl::StrCat(context_->database(), transaction_.empty() ? "" : "*");
  if (!splitter_.begun()) return absl::StrCat(name, "> ");
  return absl::StrCat(std::string(name.size() > 3 ? name.size() - 3 : 0, ' '), "...> ");
}

absl::Status ShellSession::Take(absl::string_view line) {
  printed_ = false;
  if (!IsWellFormedUtf8(line)) {
    splitter_.TakeRest();
    absl::Status status = absl::InvalidArgumentError(
        "the line is not UTF-8, and its statement is left out: set the terminal to UTF-8, or save "
        "the text as UTF-8");
    PrintError(status);
    return status;
  }
  if (!splitter_.begun() && absl::StartsWith(absl::StripLeadingAsciiWhitespace(line), ":")) {
    absl::Status status = RunCommand(absl::StripAsciiWhitespace(line));
    if (!status.ok() && !printed_) PrintError(status);
    return status;
  }
  splitter_.Add(line);
  splitter_.Add("\n");
  while (std::optional<std::string> statement = splitter_.Next()) {
    RELATA_RETURN_IF_ERROR(RunStatement(*std::move(statement)));
  }
  return absl::OkStatus();
}

absl::Status ShellSession::End() {
  std::string rest = splitter_.TakeRest();
  absl::Status status = rest.empty() ? absl::OkStatus() : RunStatement(std::move(rest));
  if (!transaction_.empty()) {
    context_->Note("the open transaction is rolled back");
    const absl::Status rolled_back = Rollback("");
    if (status.ok()) status = rolled_back;
  }
  return status;
}

void ShellSession::Drop() { splitter_.TakeRest(); }

void ShellSession::PrintError(const absl::Status& status) {
  printed_ = true;
  context_->out().flush();
  context_->err() << status.message();
  if (!absl::StrContains(status.message(), '\n')) {
    context_->err() << " (" << absl::StatusCodeToString(status.code()) << ")";
  }
  context_->err() << '\n';
}

absl::Status ShellSession::RunCommand(absl::string_view line) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(line, absl::MaxSplits(absl::ByAnyChar(" \t"), 1));
  for (const CommandEntry& entry : Table()) {
    if (entry.name == parts.first) {
      return (this->*entry.run)(absl::StripAsciiWhitespace(
          absl::StripSuffix(absl::StripAsciiWhitespace(parts.second), ";")));
    }
  }
  const std::string nearest = NearestWord(std::string(parts.first), Commands());
  return absl::InvalidArgumentError(absl::StrCat(
      "there is no command ", parts.first,
      nearest.empty() ? "; :help lists them" : absl::StrCat("; did you mean ", nearest, "?")));
}

absl::Status ShellSession::RunStatement(std::string statement) {
  v1::RunQueryRequest request;
  *request.mutable_read() = read_;
  if (!transaction_.empty()) {
    request.set_transaction_id(transaction_);
    request.mutable_read()->clear_database();
    request.mutable_read()->clear_consistency();
  }
  request.set_read_only(options_.read_only);
  request.set_query(std::move(statement));
  for (const v1::MapEntry& parameter : parameters_) *request.add_parameters() = parameter;
  absl::Status status = CallStatement(request);
  if (!status.ok()) {
    PrintError(status);
    if (ReadCallError(status).reason == "TRANSACTION_NOT_FOUND") transaction_.clear();
  }
  return status;
}

absl::Status ShellSession::CallStatement(const v1::RunQueryRequest& request) {
  const int64_t begun = context_->clock()->MonotonicMicros();
  const int screen_lines = options_.screen_lines ? options_.screen_lines() : 0;
  PagedOutput paged(&context_->out(), screen_lines, options_.pager);
  bool unread = false;
  QueryPrinter printer(context_->format(), context_->color(), &paged.out());
  std::string statistics;
  const auto call = [&](CallCanceller* canceller) {
    return context_->client().RunQuery(
        request,
        [&](const v1::RunQueryResponse& part) -> absl::Status {
          printer.Add(part);
          if (part.has_statistics()) statistics = StatisticsLine(part.statistics());
          // Whoever left the pager wants no more rows; but a transaction outlives its statements
          // only where they end.
          unread = paged.left() && transaction_.empty() && !part.has_statistics();
          return unread ? absl::CancelledError("the pager was left") : absl::OkStatus();
        },
        canceller);
  };
  absl::Status status = options_.interruptible ? options_.interruptible(call) : call(nullptr);
  const int64_t took = context_->clock()->MonotonicMicros() - begun;
  if (status.ok()) printer.Finish();
  paged.Finish();
  if (unread) {
    context_->err() << "the rest of the rows was not asked for\n";
    return absl::OkStatus();
  }
  if (status.ok() && context_->format() == OutputFormat::kTable) {
    context_->err() << statistics << ", " << took / 1000 << " ms in all\n";
  }
  return status;
}

absl::Status ShellSession::Help(absl::string_view /*argument*/) {
  context_->out() << "A statement may have many lines and ends with `;`. Ctrl-C drops it, or "
                     "cancels it while it runs.\n";
  for (const CommandEntry& entry : Table()) {
    const size_t width = 32;
    const bool fits = entry.usage.size() < width;
    context_->out() << "  " << entry.usage << (fits ? "" : "\n  ")
                    << std::string(fits ? width - entry.usage.size() : width, ' ') << entry.help
                    << '\n';
  }
  return absl::OkStatus();
}

absl::Status ShellSession::Param(absl::string_view argument) {
  if (argument == "clear") {
    parameters_.clear();
    return absl::OkStatus();
  }
  if (argument.empty()) {
    for (const v1::MapEntry& parameter : parameters_) {
      context_->out() << ParameterText(parameter) << '\n';
    }
    return absl::OkStatus();
  }
  RELATA_ASSIGN_OR_RETURN(const v1::Property property,
                          ParseProperty(WithoutBlanksAroundEquals(argument)));
  const auto known = std::find_if(
      parameters_.begin(), parameters_.end(),
      [&](const v1::MapEntry& parameter) { return parameter.name() == property.name(); });
  v1::MapEntry& parameter = known != parameters_.end() ? *known : parameters_.emplace_back();
  parameter.set_name(property.name());
  *parameter.mutable_value() = property.value();
  context_->out() << ParameterText(parameter) << '\n';
  return absl::OkStatus();
}

absl::Status ShellSession::Begin(absl::string_view argument) {
  if (!transaction_.empty()) {
    return absl::FailedPreconditionError("a transaction is open; :commit or :rollback ends it");
  }
  if (!argument.empty() && argument != "read") {
    return absl::InvalidArgumentError("write :begin or :begin read");
  }
  v1::BeginTransactionRequest request;
  request.set_database(context_->database());
  request.set_read_only(argument == "read" || options_.read_only);
  RELATA_ASSIGN_OR_RETURN(const v1::BeginTransactionResponse response,
                          context_->client().BeginTransaction(request));
  transaction_ = response.transaction_id();
  return absl::OkStatus();
}

absl::Status ShellSession::Commit(absl::string_view /*argument*/) {
  if (transaction_.empty()) return absl::FailedPreconditionError("no transaction is open");
  v1::CommitTransactionRequest request;
  request.set_transaction_id(std::exchange(transaction_, ""));
  RELATA_ASSIGN_OR_RETURN(const v1::CommitTransactionResponse response,
                          context_->client().CommitTransaction(request));
  context_->err() << "committed as version " << response.version() << '\n';
  return absl::OkStatus();
}

absl::Status ShellSession::Rollback(absl::string_view /*argument*/) {
  if (transaction_.empty()) return absl::FailedPreconditionError("no transaction is open");
  v1::RollbackTransactionRequest request;
  request.set_transaction_id(std::exchange(transaction_, ""));
  const absl::Status status = context_->client().RollbackTransaction(request);
  // Ended by the server before: that is what was wanted.
  return absl::IsNotFound(status) ? absl::OkStatus() : status;
}

absl::Status ShellSession::Explain(absl::string_view argument) {
  if (argument.empty()) return absl::InvalidArgumentError("write :explain STATEMENT");
  return RunStatement(absl::StrCat("EXPLAIN ", argument));
}

absl::Status ShellSession::Time(absl::string_view argument) {
  const std::vector<absl::string_view> words = absl::StrSplit(argument, ' ', absl::SkipEmpty());
  if (words.size() == 1 && words[0] == "now") {
    read_.clear_valid_time();
    read_.clear_consistency();
  } else if (words.size() == 1 && words[0] == "all") {
    read_.mutable_valid_time()->set_all(true);
  } else if (words.size() == 2 && words[0] == "valid") {
    read_.mutable_valid_time()->set_instant(std::string(words[1]));
  } else if (words.size() == 2 && words[0] == "known") {
    *read_.mutable_consistency() = ParseKnownAt(words[1]);
  } else if (!words.empty()) {
    return absl::InvalidArgumentError(
        "write :time valid 2025-06-01, :time known 42, :time all or :time now");
  }
  const v1::ValidTimeOption& valid = read_.valid_time();
  context_->out() << "valid time: "
                  << (valid.all()               ? "all"
                      : valid.instant().empty() ? "now"
                                                : valid.instant())
                  << ", known at: "
                  << (read_.consistency().has_exact_version()
                          ? absl::StrCat("version ", read_.consistency().exact_version())
                      : read_.consistency().has_exact_time() ? read_.consistency().exact_time()
                                                             : "the latest version")
                  << '\n';
  return absl::OkStatus();
}

absl::Status ShellSession::Schema(absl::string_view /*argument*/) {
  v1::GetVocabularyRequest request;
  request.set_database(context_->database());
  RELATA_ASSIGN_OR_RETURN(const v1::GetVocabularyResponse vocabulary,
                          context_->client().GetVocabulary(request));
  context_->out() << "labels: " << absl::StrJoin(vocabulary.labels(), ", ")
                  << "\nrelationship types: "
                  << absl::StrJoin(vocabulary.relationship_types(), ", ")
                  << "\nproperties: " << absl::StrJoin(vocabulary.property_names(), ", ") << '\n';
  return absl::OkStatus();
}

absl::Status ShellSession::Source(absl::string_view argument) {
  std::ifstream file{std::string(argument)};
  if (argument.empty() || !file.is_open()) {
    return absl::InvalidArgumentError(absl::StrCat("the file '", argument, "' cannot be read"));
  }
  if (source_depth_ == kDeepestSource) {
    return absl::InvalidArgumentError(
        absl::StrCat(":source in :source goes ", kDeepestSource, " deep at most"));
  }
  ++source_depth_;
  std::string line;
  absl::Status status;
  for (int number = 1; status.ok() && !quit_ && std::getline(file, line); ++number) {
    status = Take(line);
    if (!status.ok()) context_->err() << "in " << argument << ", line " << number << '\n';
  }
  std::string rest = splitter_.TakeRest();
  if (status.ok() && !rest.empty()) status = RunStatement(std::move(rest));
  --source_depth_;
  return status;
}

absl::Status ShellSession::Quit(absl::string_view /*argument*/) {
  quit_ = true;
  return absl::OkStatus();
}

}  // namespace relata
