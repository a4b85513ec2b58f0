#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "client/cli/commands/commands.h"
#include "client/cli/entity_names.h"
#include "client/cli/known_names.h"
#include "client/cli/output/answer_output.h"
#include "client/cli/output/change_rows.h"
#include "relata/v1/watch_service.pb.h"

namespace relata {
namespace {

class WatchCommand : public Command {
 public:
  absl::string_view name() const override { return "watch"; }
  absl::string_view summary() const override { return "Follow commits as they happen"; }
  ReadTerms read_terms() const override { return ReadTerms::kNone; }
  bool unlimited_time() const override { return true; }

  void Declare(Arguments& arguments) override {
    arguments.Text("--from-version", "V", &from_version_,
                   "commits after this version; default: from now on");
    arguments.Texts("--label", "L", &labels_, "changes of entities with this label");
    arguments.Texts("--type", "T", &types_, "changes of relationships of this type");
    arguments.Texts("--entity", "ENTITY", &entities_,
                    "changes of this entity and of its relationships");
    arguments.Flag("--states", &states_, "in JSON: with the state after each commit");
    arguments.Integer("--count", "N", &count_, 0, "end after N commits; 0: never");
    arguments.Footer(
        "Filters add up: what matches one of them is shown. A broken connection is taken up where\n"
        "it was. --format json writes one line for each commit, as jsonl does.");
  }

  absl::Status Run(CommandContext& context) override {
    v1::WatchRequest request;
    request.set_database(context.database());
    if (from_version_) {
      uint64_t version = 0;
      if (!absl::SimpleAtoi(*from_version_, &version)) {
        return UsageError(absl::StrCat("--from-version: '", *from_version_, "' is no number"));
      }
      request.set_from_version(version);
    }
    for (const std::string& label : labels_) request.add_labels(label);
    for (const std::string& type : types_) request.add_types(type);
    for (const std::string& entity : entities_) {
      RELATA_ASSIGN_OR_RETURN(*request.add_entities(), FindEntity(context, entity));
    }
    request.set_include_states(states_);
    // Before the wait: it may be long. The name may also come with a later commit.
    NoteUnknownNames(context, {.labels = labels_, .types = types_});
    int64_t seen = 0;
    absl::Status printed;
    RELATA_RETURN_IF_ERROR(
        context.client().Watch(request, [&](const v1::WatchResponse& event) -> bool {
          if (!event.has_change()) return true;
          printed = Show(context, event.change());
          context.out() << std::flush;
          ++seen;
          return printed.ok() && context.out().good() && (count_ == 0 || seen < count_);
        }));
    return printed;
  }

 private:
  static absl::Status Show(const CommandContext& context, const v1::Change& change) {
    Table table(ChangeHeadings());
    AddChangeRows(change, &table);
    const OutputFormat format =
        context.format() == OutputFormat::kJson ? OutputFormat::kJsonLines : context.format();
    return PrintAnswer(format, context.color(), table, change, "", context.out());
  }

  std::optional<std::string> from_version_;
  std::vector<std::string> labels_;
  std::vector<std::string> types_;
  std::vector<std::string> entities_;
  bool states_ = false;
  int64_t count_ = 0;
};

}  // namespace

std::unique_ptr<Command> MakeWatchCommand() { return std::make_unique<WatchCommand>(); }

}  // namespace relata
