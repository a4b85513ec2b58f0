#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "client/cli/commands/commands.h"
#include "client/cli/net_difference.h"
#include "client/cli/output/change_rows.h"
#include "client/cli/output/difference_rows.h"
#include "client/cli/pages.h"
#include "relata/v1/change.pb.h"
#include "relata/v1/read_service.pb.h"

namespace relata {
namespace {

class DiffCommand : public Command {
 public:
  absl::string_view name() const override { return "diff"; }
  absl::string_view summary() const override { return "Show what changed between two versions"; }
  ReadTerms read_terms() const override { return ReadTerms::kNone; }

  void Declare(Arguments& arguments) override {
    arguments.Word("FROM_VERSION", &from_, "the one version; 0: the empty database");
    arguments.Word("TO_VERSION", &to_, "the other one; 0: the newest");
    arguments.Flag("--commits", &commits_, "list the commits between them instead");
    arguments.Integer("--limit", "N", &limit_, 0, "with --commits: so many; 0: all");
    arguments.Footer(
        "Shows what each entity and relationship had (-) and has (+), whatever happened between:\n"
        "what was made and removed again does not show. In JSON the difference is told as one\n"
        "commit would be, with the states after it.");
  }

  absl::Status Run(CommandContext& context) override {
    RELATA_ASSIGN_OR_RETURN(const uint64_t from, VersionOf(from_));
    RELATA_ASSIGN_OR_RETURN(const uint64_t to, VersionOf(to_));
    if (commits_) return ListCommits(context, from, to);
    if (limit_ != 0) return UsageError("--limit goes with --commits");
    RELATA_ASSIGN_OR_RETURN(const NetDifference difference, ReadNetDifference(context, from, to));
    Table table(DifferenceHeadings());
    table.set_when_empty("no difference");
    AddDifference(difference, &table);
    return context.Print(table, DifferenceAsChange(difference), "");
  }

 private:
  absl::Status ListCommits(CommandContext& context, uint64_t from, uint64_t to) const {
    v1::ListChangesRequest request;
    request.set_database(context.database());
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

  static absl::StatusOr<uint64_t> VersionOf(const std::string& text) {
    uint64_t version = 0;
    if (!absl::SimpleAtoi(text, &version)) {
      return UsageError(absl::StrCat("'", text, "' is no version, a number of a commit"));
    }
    return version;
  }

  std::string from_;
  std::string to_;
  bool commits_ = false;
  int64_t limit_ = 0;
};

}  // namespace

std::unique_ptr<Command> MakeDiffCommand() { return std::make_unique<DiffCommand>(); }

}  // namespace relata
