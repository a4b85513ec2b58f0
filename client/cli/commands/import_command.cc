#include <sys/stat.h>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/csv/csv_mapping.h"
#include "base/status_macros.h"
#include "client/bulk_writer.h"
#include "client/cli/commands/commands.h"
#include "client/cli/import/bulk_import.h"
#include "client/cli/import/csv_reader.h"
#include "client/cli/import/file_import.h"
#include "client/cli/import/json_lines_reader.h"
#include "client/cli/output/progress.h"
#include "relata/v1/write_service.pb.h"

namespace relata {
namespace {

// The most bad lines that are listed one by one.
constexpr size_t kMaxListed = 100;

int64_t FileSize(const std::string& file) {
  struct stat about = {};
  return stat(file.c_str(), &about) == 0 ? static_cast<int64_t>(about.st_size) : 0;
}

bool IsFolder(const std::string& file) {
  struct stat about = {};
  return stat(file.c_str(), &about) == 0 && S_ISDIR(about.st_mode);
}

// Gives the lines of several files one after the other, so that they can be checked as one write.
class ChainedReader : public MutationReader {
 public:
  explicit ChainedReader(std::vector<std::pair<std::string, MutationReader*>> readers)
      : readers_(std::move(readers)) {}

  bool Next(ImportLine* line) override {
    for (; current_ < readers_.size(); ++current_) {
      if (!readers_[current_].second->Next(line)) continue;
      line->file = readers_[current_].first;
      return true;
    }
    return false;
  }

 private:
  const std::vector<std::pair<std::string, MutationReader*>> readers_;
  size_t current_ = 0;
};

// A file with the reader that its ending asks for.
struct OpenFile {
  std::ifstream stream;
  bool is_csv = false;
  std::string mapping;  // of a CSV file; empty: its headings say it
  std::unique_ptr<MutationReader> reader;
};

class ImportCommand : public Command {
 public:
  absl::string_view name() const override { return "import"; }
  absl::string_view summary() const override { return "Write files of mutations or CSV"; }
  ReadTerms read_terms() const override { return ReadTerms::kNone; }
  bool unlimited_time() const override { return true; }

  void Declare(Arguments& arguments) override {
    arguments.Words("FILE", &files_, "files: CSV where they end in .csv, else JSON lines");
    arguments.Flag("--dry-run", &dry_run_, "check everything, write nothing");
    arguments.Flag("--skip-bad", &skip_bad_,
                   "write the good lines, report the others, end with exit code 4");
    arguments.Integer("--batch", "N", &batch_, 0,
                      "commit every N mutations; 0: each file is one commit");
    arguments.Flag("--bulk", &bulk_,
                   "all files as one commit of new things only, many times faster, see below");
    arguments.Texts(
        "--csv", "MAPPING", &csv_,
        "what the columns of the CSV files mean, see below; one for all of them, or one "
        "for each in order");
    arguments.Footer(absl::StrCat(
        "Each file is one commit: all of it or nothing. With --batch N that holds for each batch,\n"
        "so a file that is refused half way stays written up to the batch before. Importing a "
        "file\n"
        "of putEntity, putRelationship (with key) and addFacts twice equals importing it once.\n"
        "--dry-run checks all files together, as one write. With --skip-bad a file with many bad\n"
        "lines is written in several commits.\n\n"
        "--bulk is for first loads of much data: all files are one commit, whatever their size, "
        "and\n"
        "only entities and relationships that do not exist are made; a line about one that does "
        "is\n"
        "bad. The server reads CSV itself then.\n\n"
        "JSON lines: each line is one mutation in protobuf's JSON mapping of relata.v1.Mutation:\n"
        "  {\"putEntity\": {\"key\": \"company/deepseek\", \"labels\": [\"Company\"]}}\n\n",
        kCsvMappingHelp));
  }

  absl::Status Run(CommandContext& context) override {
    if (dry_run_ && (skip_bad_ || batch_ > 0)) {
      return UsageError("--dry-run goes neither with --skip-bad nor with --batch");
    }
    if (bulk_ && (dry_run_ || batch_ > 0)) {
      return UsageError("--bulk goes neither with --dry-run nor with --batch");
    }
    const auto csv_files = std::count_if(files_.begin(), files_.end(), IsCsv);
    if (csv_.size() > 1 && csv_files != static_cast<std::ptrdiff_t>(csv_.size())) {
      return UsageError(absl::StrCat("there are ", csv_.size(), " mappings for ", csv_files,
                                     " CSV files: give one for all of them, or one for each"));
    }
    std::vector<std::unique_ptr<OpenFile>> opened;
    size_t mappings_used = 0;
    for (const std::string& file : files_) {
      std::string mapping;
      if (IsCsv(file) && !csv_.empty()) {
        mapping = csv_.size() == 1 ? csv_[0] : csv_[mappings_used++];
      }
      RELATA_ASSIGN_OR_RETURN(opened.emplace_back(), Open(file, std::move(mapping)));
    }
    if (dry_run_) return CheckAll(context, opened);
    if (bulk_) return ImportAllInBulk(context, opened);
    for (size_t i = 0; i < files_.size(); ++i) {
      RELATA_RETURN_IF_ERROR(ImportFile(context, files_[i], opened[i]->reader.get()));
    }
    return absl::OkStatus();
  }

 private:
  static bool IsCsv(const std::string& file) {
    return absl::EndsWith(absl::AsciiStrToLower(file), ".csv");
  }

  static absl::StatusOr<std::unique_ptr<OpenFile>> Open(const std::string& file,
                                                        std::string mapping) {
    auto opened = std::make_unique<OpenFile>();
    opened->stream.open(file, std::ios::binary);
    // A folder opens, too, and reads as nothing.
    if (!opened->stream.is_open() || IsFolder(file)) {
      return UsageError(absl::StrCat("the file '", file, "' cannot be read"));
    }
    opened->is_csv = IsCsv(file);
    opened->mapping = std::move(mapping);
    if (opened->is_csv) {
      opened->reader = std::make_unique<CsvReader>(&opened->stream, opened->mapping);
    } else {
      opened->reader = std::make_unique<JsonLinesReader>(&opened->stream);
    }
    return opened;
  }

  FileImportOptions OptionsFor(const CommandContext& context) const {
    return {context.database(), batch_, skip_bad_, dry_run_};
  }

  absl::Status CheckAll(CommandContext& context,
                        const std::vector<std::unique_ptr<OpenFile>>& opened) {
    std::vector<std::pair<std::string, MutationReader*>> readers;
    for (size_t i = 0; i < files_.size(); ++i)
      readers.emplace_back(files_[i], opened[i]->reader.get());
    ChainedReader all(std::move(readers));
    const std::string label =
        files_.size() == 1 ? files_[0] : absl::StrCat(files_.size(), " files");
    FileImport checked(&context.client(), OptionsFor(context), label, [](int64_t, int64_t) {});
    const absl::Status status = checked.Run(&all);
    ListBadLines(context, status, checked.counts().bad_lines);
    RELATA_RETURN_IF_ERROR(status);
    context.Note(absl::StrCat(label, ": ", checked.counts().mutations,
                              " mutations are good; nothing was written"));
    return absl::OkStatus();
  }

  absl::Status ImportAllInBulk(CommandContext& context,
                               const std::vector<std::unique_ptr<OpenFile>>& opened) {
    v1::BulkWriteRequest::Start start;
    start.set_database(context.database());
    start.set_skip_bad(skip_bad_);
    RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<BulkWriter> writer,
                            context.client().BeginBulkWrite(start));
    BulkImport import(writer.get(), skip_bad_);
    for (size_t i = 0; i < files_.size(); ++i) {
      Progress progress(&context.err(), context.err_is_terminal(), context.clock(), files_[i],
                        "lines", FileSize(files_[i]));
      const auto tell = [&progress](int64_t lines, int64_t bytes) {
        progress.Update(lines, bytes);
      };
      RELATA_RETURN_IF_ERROR(
          opened[i]->is_csv
              ? import.SendCsv(files_[i], opened[i]->mapping, &opened[i]->stream, tell)
              : import.SendMutations(files_[i], opened[i]->reader.get(), tell));
    }
    RELATA_ASSIGN_OR_RETURN(const v1::BulkWriteResponse response, import.Commit());
    ListBadLines(context, import.bad_lines(), import.bad_line_count());
    const v1::BulkWriteResponse::Result& result = response.result();
    context.err() << result.entities_created() << " new entities, "
                  << result.relationships_created() << " new relationships, version "
                  << result.version() << '\n';
    if (import.bad_line_count() == 0) return absl::OkStatus();
    context.Note(absl::StrCat(import.bad_line_count(), " bad lines were left out"));
    context.set_exit_code(ExitCode::kPartlyDone);
    return absl::OkStatus();
  }

  absl::Status ImportFile(CommandContext& context, const std::string& file,
                          MutationReader* reader) {
    Progress progress(&context.err(), context.err_is_terminal(), context.clock(), file, "lines",
                      FileSize(file));
    FileImport import(&context.client(), OptionsFor(context), file,
                      [&progress](int64_t lines, int64_t bytes) { progress.Update(lines, bytes); });
    absl::Status status = import.Run(reader);
    progress.Clear();
    ListBadLines(context, status, import.counts().bad_lines);
    if (!status.ok()) {
      if (import.counts().commits > 0) {
        context.Note(absl::StrCat(file, ": ", import.counts().mutations,
                                  " mutations before the error are written, up to version ",
                                  import.counts().version));
      }
      return status;
    }
    Report(context, file, import.counts());
    return absl::OkStatus();
  }

  // The bad lines of an import that ended with `status`: one that ended it is in its message.
  static void ListBadLines(CommandContext& context, const absl::Status& status,
                           const std::vector<BadLine>& bad_lines) {
    if (!status.ok() && bad_lines.size() == 1) return;
    ListBadLines(context, bad_lines, bad_lines.size());
  }

  // The first of `all` bad lines.
  static void ListBadLines(CommandContext& context, const std::vector<BadLine>& bad_lines,
                           size_t all) {
    const size_t listed = std::min(bad_lines.size(), kMaxListed);
    for (size_t i = 0; i < listed; ++i) {
      const BadLine& bad = bad_lines[i];
      context.Note(absl::StrCat(bad.file, ":", bad.line, ": ", bad.reason));
    }
    if (listed < all) context.Note(absl::StrCat("and ", all - listed, " more bad lines"));
  }

  static void Report(CommandContext& context, const std::string& file, const ImportCounts& counts) {
    std::string line =
        absl::StrCat(file, ": ", counts.mutations, " mutations, ", counts.entities_created,
                     " new entities, ", counts.relationships_created, " new relationships, ");
    absl::StrAppend(&line,
                    counts.commits == 0 ? "no commit"
                    : counts.commits == 1
                        ? absl::StrCat("version ", counts.version)
                        : absl::StrCat(counts.commits, " commits up to version ", counts.version));
    context.err() << line << '\n';
    if (counts.bad_lines.empty()) return;
    context.Note(absl::StrCat(file, ": ", counts.bad_lines.size(), " bad lines were left out"));
    context.set_exit_code(ExitCode::kPartlyDone);
  }

  std::vector<std::string> files_;
  bool dry_run_ = false;
  bool skip_bad_ = false;
  bool bulk_ = false;
  int64_t batch_ = 0;
  std::vector<std::string> csv_;
};

}  // namespace

std::unique_ptr<Command> MakeImportCommand() { return std::make_unique<ImportCommand>(); }

}  // namespace relata
