#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "client/cli/commands/commands.h"
#include "client/cli/output/change_rows.h"
#include "client/cli/pages.h"
#include "relata/v1/read_service.pb.h"

namespace relata {
namespace {

class DiffCommand : public Command {
 public:
  absl::string_view name() const override { return "diff"; }
  absl::string_view summary() const override { return "Show what changed between two versions"; }
  ReadTerms read_terms() const override { return ReadTerms::kNone; }

  void Declare(Arguments& arguments) override {
    arguments.Word("FROM_VERSION", &from_, "commits after this version; 0: from the begin");
    arguments.Word("TO_VERSION", &to_, "up to and with this one; 0: the newest");
    arguments.Integer("--limit", "N", &limit_, 0, "commits; 0: all");
  }

  absl::Status Run(CommandContext& context) override {
    v1::ListChangesRequest request;
    request.set_database(context.database());
    RELATA_ASSIGN_OR_RETURN(const uint64_t from, VersionOf(from_));
    RELATA_ASSIGN_OR_RETURN(const uint64_t to, VersionOf(to_));
    request.set_from_version(from);
    request.set_to_version(to);
    RELATA_ASSIGN_OR_RETURN(
        const v1::ListChangesResponse response,
        CollectPages<v1::ListChangesResponse>(context, "changes", limit_, request,
                                              [&context](const v1::ListChangesRequest& page) {
                                                return context.client().ListChanges(page);
                                              }));
    Table table(ChangeHeadings());
    table.set_when_empty("no commits between them");
    for (const v1::Change& change : response.changes()) AddChangeRows(change, &table);
    return context.Print(table, response, "changes");
  }

 private:
  static absl::StatusOr<uint64_t> VersionOf(const std::string& text) {
    uint64_t version = 0;
    if (!absl::SimpleAtoi(text, &version)) {
      return UsageError(absl::StrCat("'", text, "' is no version, a number of a commit"));
    }
    return version;
  }

  std::string from_;
  std::string to_;
  int64_t limit_ = 0;
};

}  // namespace

std::unique_ptr<Command> MakeDiffCommand() { return std::make_unique<DiffCommand>(); }

}  // namespace relata
