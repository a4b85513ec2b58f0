#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "client/cli/commands/commands.h"
#include "client/cli/entity_names.h"
#include "client/cli/known_names.h"
#include "client/cli/output/fact_rows.h"
#include "client/cli/output/fact_text.h"
#include "client/cli/pages.h"
#include "relata/v1/read_service.pb.h"

namespace relata {
namespace {

v1::Direction DirectionOf(const std::string& text) {
  if (text == "out") return v1::OUT;
  return text == "in" ? v1::IN : v1::EITHER;
}

class NeighborsCommand : public Command {
 public:
  absl::string_view name() const override { return "neighbors"; }
  absl::string_view summary() const override { return "Show the relationships of an entity"; }
  ReadTerms read_terms() const override { return ReadTerms::kAll; }

  void Declare(Arguments& arguments) override {
    arguments.Word("ENTITY", &entity_, "the entity: key, #ID or exact name");
    arguments.Texts("--type", "T", &types_, "only relationships of this type");
    arguments.Choice("--direction", {"out", "in", "both"}, &direction_, "which way they go");
    arguments.Flag("--citations", &detail_.citations, "with each citation");
    arguments.Integer("--limit", "N", &limit_, 0, "rows; 0: all");
    arguments.Footer("Shows what is valid now unless --as-of, --between or --all-times is given.");
  }

  absl::Status Run(CommandContext& context) override {
    v1::ListNeighborsRequest request;
    RELATA_ASSIGN_OR_RETURN(*request.mutable_read(), context.Read());
    RELATA_ASSIGN_OR_RETURN(*request.mutable_entity(), FindEntity(context, entity_));
    std::vector<std::string> types = types_;
    if (types.empty()) types.emplace_back();
    for (const std::string& type : types) {
      v1::Step* const step = request.add_steps();
      step->set_type(type);
      step->set_direction(DirectionOf(direction_));
    }
    RELATA_ASSIGN_OR_RETURN(
        const v1::ListNeighborsResponse response,
        CollectPages<v1::ListNeighborsResponse>(context, "neighbors", limit_, request,
                                                [&context](const v1::ListNeighborsRequest& page) {
                                                  return context.client().ListNeighbors(page);
                                                }));
    Table table(FactHeadings({"relationship", "key", "name"}, detail_));
    table.set_when_empty("no relationships");
    for (const auto& neighbor : response.neighbors()) {
      const v1::Relationship& relationship = neighbor.relationship();
      const std::string arrow = neighbor.outgoing() ? absl::StrCat("-", relationship.type(), "->")
                                                    : absl::StrCat("<-", relationship.type(), "-");
      for (const v1::FactView& fact : relationship.facts()) {
        AddFactRows({arrow, EntityReference(neighbor.entity()), neighbor.entity().display_name()},
                    fact, detail_, &table);
      }
    }
    RELATA_RETURN_IF_ERROR(context.Print(table, response, "neighbors"));
    NoteUnknownNames(context, {.types = types_});
    return absl::OkStatus();
  }

 private:
  std::string entity_;
  std::vector<std::string> types_;
  std::string direction_ = "both";
  FactDetail detail_;
  int64_t limit_ = 100;
};

}  // namespace

std::unique_ptr<Command> MakeNeighborsCommand() { return std::make_unique<NeighborsCommand>(); }

}  // namespace relata
