#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status_macros.h"
#include "client/cli/commands/commands.h"
#include "client/cli/known_names.h"
#include "client/cli/literal.h"
#include "client/cli/pages.h"
#include "relata/v1/read_service.pb.h"

namespace relata {
namespace {

class FindCommand : public Command {
 public:
  absl::string_view name() const override { return "find"; }
  absl::string_view summary() const override {
    return "Find entities by name, label and properties";
  }
  ReadTerms read_terms() const override { return ReadTerms::kAll; }

  void Declare(Arguments& arguments) override {
    arguments.OptionalWord("TEXT", &name_, "a name in any language, without regard to case");
    arguments.Flag("--prefix", &prefix_, "names that start with TEXT");
    arguments.Text("--label", "L", &label_, "only entities with this label");
    arguments.Texts("--where", "CONDITION", &where_,
                    "a condition on a property: 'parameters>=70000000000', 'country=CN', "
                    "'title~chip' (contains), 'title^A' (starts with), 'valuation' (is there)");
    arguments.Integer("--limit", "N", &limit_, 0, "rows; 0: all");
    arguments.Footer(
        "Give at least one of TEXT, --label and --where; all that is given must hold.");
  }

  absl::Status Run(CommandContext& context) override {
    v1::FindEntitiesRequest request;
    RELATA_ASSIGN_OR_RETURN(*request.mutable_read(), context.Read());
    request.set_name(name_);
    request.set_prefix(prefix_);
    request.set_label(label_);
    for (const std::string& text : where_) {
      auto comparison = ParseComparison(text);
      if (!comparison.ok()) {
        return UsageError(absl::StrCat("--where: ", comparison.status().message()));
      }
      *request.add_where() = *std::move(comparison);
    }
    if (name_.empty() && label_.empty() && where_.empty()) {
      return UsageError("say what to find: a name, --label or --where");
    }
    RELATA_ASSIGN_OR_RETURN(
        const v1::FindEntitiesResponse response,
        CollectPages<v1::FindEntitiesResponse>(context, "matches", limit_, request,
                                               [&context](const v1::FindEntitiesRequest& page) {
                                                 return context.client().FindEntities(page);
                                               }));
    Table table({"key", "name", "labels", "matched"});
    table.set_when_empty(name_.empty() || prefix_
                             ? "nothing found"
                             : "nothing has this name; --prefix finds names that start with it");
    for (const auto& match : response.matches()) {
      const v1::Entity& entity = match.entity();
      const std::string matched =
          match.has_name() && match.name().text() != entity.display_name()
              ? absl::StrCat(match.name().text(), " (", match.name().language(), ")")
              : "";
      table.AddRow({entity.key().empty() ? absl::StrCat("#", entity.id()) : entity.key(),
                    entity.display_name(), absl::StrJoin(entity.labels(), ", "), matched});
    }
    RELATA_RETURN_IF_ERROR(context.Print(table, response, "matches"));
    AskedNames asked = {.labels = {label_}};
    for (const v1::Comparison& condition : request.where()) {
      asked.properties.push_back(condition.property());
    }
    NoteUnknownNames(context, asked);
    return absl::OkStatus();
  }

 private:
  std::string name_;
  bool prefix_ = false;
  std::string label_;
  std::vector<std::string> where_;
  int64_t limit_ = 50;
};

}  // namespace

std::unique_ptr<Command> MakeFindCommand() { return std::make_unique<FindCommand>(); }

}  // namespace relata
