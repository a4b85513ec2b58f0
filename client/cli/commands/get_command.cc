#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "client/cli/commands/commands.h"
#include "client/cli/entity_names.h"
#include "client/cli/output/fact_rows.h"
#include "client/cli/output/fact_text.h"
#include "relata/v1/read_service.pb.h"

namespace relata {
namespace {

class GetCommand : public Command {
 public:
  absl::string_view name() const override { return "get"; }
  absl::string_view summary() const override {
    return "Show an entity or a relationship with its facts";
  }
  ReadTerms read_terms() const override { return ReadTerms::kAll; }

  void Declare(Arguments& arguments) override {
    arguments.OptionalWord("ENTITY", &entity_, "the entity: key, #ID or exact name");
    arguments.Text("--relationship", "KEY", &relationship_, "a relationship instead: key or #ID");
    arguments.Flag("--facts", &detail_.ids, "with the id of each fact and when it was recorded");
    arguments.Flag("--citations", &detail_.citations, "with each citation");
    arguments.Footer("Shows all valid times unless --as-of or --between says otherwise.");
  }

  absl::Status Run(CommandContext& context) override {
    if (entity_.empty() == relationship_.empty()) {
      return UsageError("name an entity, or a relationship with --relationship");
    }
    return entity_.empty() ? GetRelationship(context) : GetEntity(context);
  }

 private:
  absl::Status GetEntity(CommandContext& context) {
    v1::GetEntityRequest request;
    RELATA_ASSIGN_OR_RETURN(*request.mutable_read(), context.Read());
    RELATA_ASSIGN_OR_RETURN(*request.mutable_entity(), FindEntity(context, entity_));
    RELATA_ASSIGN_OR_RETURN(const v1::GetEntityResponse response,
                            context.client().GetEntity(request));
    Table table(FactHeadings({"property"}, detail_));
    table.set_preamble(absl::StrCat(EntityHeading(response.entity()), "\n"));
    for (const v1::NameView& name : response.entity().names()) {
      AddFactRows({NameHeading(name)}, NameFact(name), detail_, &table);
    }
    for (const v1::PropertyFacts& property : response.entity().properties()) {
      for (const v1::FactView& fact : property.facts()) {
        AddFactRows({property.name()}, fact, detail_, &table);
      }
    }
    return context.Print(table, response, "");
  }

  absl::Status GetRelationship(CommandContext& context) {
    v1::GetRelationshipRequest request;
    RELATA_ASSIGN_OR_RETURN(*request.mutable_read(), context.Read());
    *request.mutable_relationship() = RelationshipByKeyOrId(relationship_);
    RELATA_ASSIGN_OR_RETURN(const v1::GetRelationshipResponse response,
                            context.client().GetRelationship(request));
    const v1::Relationship& relationship = response.relationship();
    Table table(FactHeadings({}, detail_));
    table.set_preamble(absl::StrCat(EntityText(relationship.from()), " -", relationship.type(),
                                    "-> ", EntityText(relationship.to()), "  ", relationship.key(),
                                    relationship.key().empty() ? "#" : "  #", relationship.id(),
                                    "\n"));
    for (const v1::FactView& fact : relationship.facts()) AddFactRows({}, fact, detail_, &table);
    return context.Print(table, response, "");
  }

  std::string entity_;
  std::string relationship_;
  FactDetail detail_;
};

}  // namespace

std::unique_ptr<Command> MakeGetCommand() { return std::make_unique<GetCommand>(); }

}  // namespace relata
