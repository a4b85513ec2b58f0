#include <cstdio>
#include <fstream>
#include <memory>
#include <ostream>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "client/cli/commands/commands.h"
#include "client/cli/output/answer_output.h"
#include "client/cli/output/progress.h"
#include "relata/v1/export_service.pb.h"
#include "relata/v1/read.pb.h"

namespace relata {
namespace {

class ExportCommand : public Command {
 public:
  absl::string_view name() const override { return "export"; }
  absl::string_view summary() const override { return "Write the whole database as JSON lines"; }
  ReadTerms read_terms() const override { return ReadTerms::kVersion; }
  bool unlimited_time() const override { return true; }

  void Declare(Arguments& arguments) override {
    arguments.OptionalWord("FILE", &file_, "where to; default: the standard output");
    arguments.Footer(
        "Writes one mutation a line, which `relata import` reads. Importing into an empty "
        "database\n"
        "and exporting again gives the same bytes. History of the database itself is not in it.");
  }

  absl::Status Run(CommandContext& context) override {
    if (file_.empty()) return ExportTo(context, context.out());
    // Into a file beside it first: an export that fails leaves an older file as it was.
    const std::string partial = absl::StrCat(file_, ".partial");
    std::ofstream stream(partial, std::ios::binary | std::ios::trunc);
    if (!stream.is_open()) {
      return UsageError(absl::StrCat("the file '", partial, "' cannot be written"));
    }
    absl::Status status = ExportTo(context, stream);
    stream.close();
    if (status.ok() && stream.fail()) status = CannotWrite();
    if (status.ok() && std::rename(partial.c_str(), file_.c_str()) != 0) status = CannotWrite();
    if (!status.ok()) std::remove(partial.c_str());
    return status;
  }

 private:
  absl::Status CannotWrite() const {
    return absl::FailedPreconditionError(absl::StrCat(
        "the export cannot be written", file_.empty() ? "" : absl::StrCat(" to '", file_, "'"),
        ": is the disk full?"));
  }

  absl::Status ExportTo(CommandContext& context, std::ostream& out) {
    RELATA_ASSIGN_OR_RETURN(const v1::ReadOptions read, context.Read());
    v1::ExportRequest request;
    request.set_database(context.database());
    if (read.has_consistency()) *request.mutable_consistency() = read.consistency();
    Progress progress(&context.err(), context.err_is_terminal(), context.clock(), "export",
                      "mutations", 0);
    int64_t count = 0;
    uint64_t version = 0;
    RELATA_RETURN_IF_ERROR(
        context.client().Export(request, [&](const v1::ExportResponse& part) -> absl::Status {
          if (part.has_stamp()) version = part.stamp().version();
          for (const v1::Mutation& mutation : part.mutations()) {
            RELATA_ASSIGN_OR_RETURN(const std::string line, JsonLine(mutation));
            out << line << '\n';
          }
          if (!out.good()) return CannotWrite();
          count += part.mutations_size();
          progress.Update(count, 0);
          return absl::OkStatus();
        }));
    progress.Clear();
    context.err() << "exported " << count << " mutations of version " << version << '\n';
    return absl::OkStatus();
  }

  std::string file_;
};

}  // namespace

std::unique_ptr<Command> MakeExportCommand() { return std::make_unique<ExportCommand>(); }

}  // namespace relata
