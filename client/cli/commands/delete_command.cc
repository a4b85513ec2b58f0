#include <memory>
#include <optional>
#include <string>

#include "base/status_macros.h"
#include "client/cli/commands/commands.h"
#include "client/cli/commands/write_options.h"
#include "client/cli/entity_names.h"
#include "relata/v1/write_service.pb.h"

namespace relata {
namespace {

class DeleteCommand : public Command {
 public:
  absl::string_view name() const override { return "delete"; }
  absl::string_view summary() const override { return "Delete an entity or a relationship"; }
  ReadTerms read_terms() const override { return ReadTerms::kNone; }

  void Declare(Arguments& arguments) override {
    arguments.OptionalWord("ENTITY", &entity_, "the entity: key or #ID (not a name)");
    arguments.Flag("--detach", &detach_, "with all its relationships");
    arguments.Text("--relationship", "KEY", &relationship_, "a relationship instead: key or #ID");
    arguments.Text("--from", "T", &from_, "of a relationship: only its valid time from here ...");
    arguments.Text("--to", "T", &to_, "... until here; .. leaves an end open");
    arguments.Footer("History keeps what was: --known-at reads it.");
  }

  absl::Status Run(CommandContext& context) override {
    if (entity_.empty() == relationship_.empty()) {
      return UsageError("name an entity, or a relationship with --relationship");
    }
    const bool portion = from_ || to_;
    if (!entity_.empty() && portion) {
      return UsageError("--from and --to go with --relationship: an entity has no valid time");
    }
    if (!relationship_.empty() && detach_) return UsageError("--detach goes with an entity");
    v1::WriteRequest request;
    request.set_database(context.database());
    v1::Mutation* const mutation = request.add_mutations();
    if (!entity_.empty()) {
      *mutation->mutable_delete_entity()->mutable_entity() = EntityByKeyOrId(entity_);
      mutation->mutable_delete_entity()->set_detach(detach_);
      return WriteAndPrint(context, request, entity_);
    }
    v1::DeleteRelationship* const deletion = mutation->mutable_delete_relationship();
    *deletion->mutable_relationship() = RelationshipByKeyOrId(relationship_);
    if (portion) {
      deletion->mutable_portion()->set_from(from_.value_or(".."));
      deletion->mutable_portion()->set_to(to_.value_or(".."));
    }
    return WriteAndPrint(context, request, relationship_);
  }

 private:
  std::string entity_;
  bool detach_ = false;
  std::string relationship_;
  std::optional<std::string> from_;
  std::optional<std::string> to_;
};

}  // namespace

std::unique_ptr<Command> MakeDeleteCommand() { return std::make_unique<DeleteCommand>(); }

}  // namespace relata
