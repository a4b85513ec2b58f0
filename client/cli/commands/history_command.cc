#include <cstdint>
#include <memory>
#include <string>

#include "base/status_macros.h"
#include "client/cli/commands/commands.h"
#include "client/cli/entity_names.h"
#include "client/cli/known_names.h"
#include "client/cli/output/state_changes.h"
#include "client/cli/pages.h"
#include "relata/v1/read_service.pb.h"

namespace relata {
namespace {

class HistoryCommand : public Command {
 public:
  absl::string_view name() const override { return "history"; }
  absl::string_view summary() const override {
    return "Show what the database held about something, commit by commit";
  }
  ReadTerms read_terms() const override { return ReadTerms::kAll; }

  void Declare(Arguments& arguments) override {
    arguments.OptionalWord("ENTITY", &entity_, "the entity: key, #ID or exact name");
    arguments.Text("--relationship", "KEY", &relationship_, "a relationship instead: key or #ID");
    arguments.Text("--property", "P", &property_, "only this property; _names for the names");
    arguments.Integer("--limit", "N", &limit_, 0, "states; 0: all");
    arguments.Footer(
        "+ a fact that a commit added, - one that it took away, ~ one that it changed.\n"
        "What was deleted is found by #ID, or by key with --known-at when it was there.");
  }

  absl::Status Run(CommandContext& context) override {
    if (entity_.empty() == relationship_.empty()) {
      return UsageError("name an entity, or a relationship with --relationship");
    }
    v1::GetHistoryRequest request;
    RELATA_ASSIGN_OR_RETURN(*request.mutable_read(), context.Read());
    if (!relationship_.empty()) {
      *request.mutable_relationship() = RelationshipByKeyOrId(relationship_);
    } else {
      RELATA_ASSIGN_OR_RETURN(*request.mutable_entity(), FindEntity(context, entity_));
    }
    RELATA_ASSIGN_OR_RETURN(
        const v1::GetHistoryResponse response,
        CollectPages<v1::GetHistoryResponse>(context, "states", limit_, request,
                                             [&context](const v1::GetHistoryRequest& page) {
                                               return context.client().GetHistory(page);
                                             }));
    Table table(StateChangeHeadings());
    table.set_when_empty("no history");
    AddStateChanges(response, property_, &table);
    RELATA_RETURN_IF_ERROR(context.Print(table, response, "states"));
    if (property_ != "_names") NoteUnknownNames(context, {.properties = {property_}});
    return absl::OkStatus();
  }

 private:
  std::string entity_;
  std::string relationship_;
  std::string property_;
  int64_t limit_ = 0;
};

}  // namespace

std::unique_ptr<Command> MakeHistoryCommand() { return std::make_unique<HistoryCommand>(); }

}  // namespace relata
