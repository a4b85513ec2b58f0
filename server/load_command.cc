#include "server/load_command.h"

#include <algorithm>
#include <fstream>
#include <memory>
#include <ostream>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/clock.h"
#include "base/status_macros.h"
#include "graph/bulk/csv_load.h"
#include "graph/database.h"
#include "graph/query/engine.h"
#include "graph/query/query_error.h"
#include "server/data_folder.h"

namespace relata {
namespace {

constexpr size_t kPieceBytes = size_t{1} << 20;
constexpr int64_t kMaxListed = 100;

absl::Status UsageError(absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(what, "; see relatad load --help"));
}

absl::StatusOr<uint64_t> PositiveNumber(absl::string_view option, absl::string_view text) {
  uint64_t number = 0;
  if (absl::SimpleAtoi(text, &number) && number > 0) return number;
  return UsageError(absl::StrCat(option, " takes a number above 0, not '", text, "'"));
}

absl::Status AtLine(const std::string& file, int64_t line, const absl::Status& why) {
  return absl::Status(why.code(), absl::StrCat(file, ":", line, ": ", why.message()));
}

absl::Status AddFile(CsvLoad& load, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file.is_open()) {
    return absl::NotFoundError(absl::StrCat("the file '", path, "' cannot be read"));
  }
  std::string piece(kPieceBytes, '\0');
  do {
    file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    RELATA_RETURN_IF_ERROR(
        load.Append(absl::string_view(piece.data(), static_cast<size_t>(file.gcount()))));
  } while (file);
  if (!file.eof()) {
    return absl::UnavailableError(absl::StrCat("reading the file '", path, "' failed half way"));
  }
  return load.End();
}

// Each in a transaction of its own. Rows that one returns are read and dropped.
absl::Status RunStatements(const std::vector<std::string>& statements, const std::string& principal,
                           Database& database) {
  query::QueryEngine engine(&database);
  query::QueryOptions options;
  options.principal = principal;
  for (const std::string& statement : statements) {
    const auto run = [&]() -> absl::Status {
      RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<query::QueryResult> result,
                              engine.Run(statement, {}, options));
      query::Batch batch;
      while (true) {
        RELATA_ASSIGN_OR_RETURN(const bool more, result->Next(&batch));
        if (!more) return absl::OkStatus();
      }
    };
    const absl::Status status = run();
    if (!status.ok()) {
      return absl::Status(status.code(),
                          absl::StrCat("--run: ", query::DescribeWithCaret(status, statement)));
    }
  }
  return database.WaitForIndexes();
}

}  // namespace

const char* const kLoadCommandHelp =
    R"(relatad load [OPTION...] [--csv MAPPING] FILE... [[--csv MAPPING] FILE...]

Loads CSV files of this machine into a database, in this process and as one commit: all of it or
nothing. No server may have the data folder open. Only new entities and new relationships are made:
a record about an entity that exists is refused. Ends of relationships may exist already, or stand
in a file before. Indexes and constraints that exist when the load begins are filled by it, at next
to no cost.

  --csv MAPPING      what the columns of the following files mean, as relata import has it; an empty
                     one: their headings say it
  --data DIR         the data folder (./relata-data)
  --database NAME    the database (main); made where it is absent
  --run STATEMENT    a statement of the query language that is run and committed before the files are
                     read, such as 'CREATE CONSTRAINT FOR (c:Company) REQUIRE c.id IS UNIQUE'; may
                     stand several times
  --principal NAME   who writes, for the history
  --skip-bad         leave bad records out, report them, and end with exit code 4
  --memory-mib N     memory for records before they are written (512); more goes to scratch files
  --threads N        threads that sort and write (2)
)";

absl::StatusOr<std::optional<LoadCommand>> ParseLoadCommand(
    const std::vector<std::string>& arguments) {
  LoadCommand command;
  std::string mapping;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (word == "--help") return std::optional<LoadCommand>();
    if (word == "--skip-bad") {
      command.skip_bad = true;
      continue;
    }
    if (word.rfind("--", 0) != 0) {
      command.files.push_back({word, mapping});
      continue;
    }
    if (i + 1 == arguments.size()) return UsageError(absl::StrCat(word, " lacks its value"));
    const std::string& value = arguments[++i];
    if (word == "--csv") {
      mapping = value;
    } else if (word == "--data") {
      command.data = value;
    } else if (word == "--database") {
      command.database = value;
    } else if (word == "--run") {
      command.statements.push_back(value);
    } else if (word == "--principal") {
      command.options.principal = value;
    } else if (word == "--memory-mib") {
      RELATA_ASSIGN_OR_RETURN(const uint64_t mebibytes, PositiveNumber(word, value));
      command.options.memory_bytes = static_cast<size_t>(mebibytes) << 20;
    } else if (word == "--threads") {
      RELATA_ASSIGN_OR_RETURN(const uint64_t threads, PositiveNumber(word, value));
      command.options.threads = static_cast<int>(std::min<uint64_t>(threads, 64));
    } else {
      return UsageError(absl::StrCat("there is no option ", word));
    }
  }
  if (command.files.empty()) return UsageError("no file is given");
  return std::optional<LoadCommand>(std::move(command));
}

absl::StatusOr<LoadOutcome> RunLoad(const LoadCommand& command, std::ostream& err) {
  RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<DataFolder> folder,
                          DataFolder::Open(command.data, {}));
  RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<OrderedKv> kv, folder->Open(command.database));
  RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<Database> database,
                          Database::Open(kv.get(), SystemClock(), {}));
  RELATA_RETURN_IF_ERROR(RunStatements(command.statements, command.options.principal, *database));
  RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<BulkLoad> load,
                          database->BeginLoad(command.options));
  MutationLoader mutations(load.get());
  LoadOutcome outcome;
  for (const LoadCommand::File& file : command.files) {
    CsvLoad csv(load.get(), &mutations, file.mapping,
                [&](int64_t line, const absl::Status& why) -> absl::Status {
                  absl::Status bad = AtLine(file.path, line, why);
                  if (!command.skip_bad) return bad;
                  if (++outcome.bad_records <= kMaxListed) err << bad.message() << '\n';
                  return absl::OkStatus();
                });
    RELATA_RETURN_IF_ERROR(AddFile(csv, file.path));
  }
  RELATA_ASSIGN_OR_RETURN(outcome.result, load->Commit());
  return outcome;
}

int LoadMain(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err) {
  const absl::StatusOr<std::optional<LoadCommand>> command = ParseLoadCommand(arguments);
  if (!command.ok()) {
    err << "relatad load: " << command.status().message() << '\n';
    return 2;
  }
  if (!*command) {
    out << kLoadCommandHelp;
    return 0;
  }
  const int64_t began = SystemClock()->MonotonicMicros();
  const absl::StatusOr<LoadOutcome> outcome = RunLoad(**command, err);
  if (!outcome.ok()) {
    err << "relatad load: " << outcome.status().message() << "; nothing "
        << ((*command)->statements.empty() ? "" : "of the files ") << "was written\n";
    return 1;
  }
  const double seconds = static_cast<double>(SystemClock()->MonotonicMicros() - began) / 1e6;
  const BulkLoadCounts& counts = outcome->result.counts;
  out << counts.entities << " entities, " << counts.relationships << " relationships, "
      << counts.facts << " facts: version " << outcome->result.version << ", "
      << absl::StrFormat("%.2f s", seconds) << '\n';
  if (outcome->bad_records == 0) return 0;
  err << outcome->bad_records << " bad records were left out\n";
  return 4;
}

}  // namespace relata
