#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "client/cli/commands/commands.h"
#include "client/cli/commands/property_list.h"
#include "client/cli/commands/write_options.h"
#include "client/cli/pages.h"
#include "relata/v1/admin_service.pb.h"
#include "relata/v1/write_service.pb.h"

namespace relata {
namespace {

class IndexCommand : public Command {
 public:
  absl::string_view name() const override { return "index"; }
  absl::string_view summary() const override { return "List, create or drop indexes"; }
  ReadTerms read_terms() const override { return ReadTerms::kNone; }

  void Declare(Arguments& arguments) override {
    arguments.Word("ACTION", &action_, "list, create or drop");
    arguments.OptionalWord("LABEL", &label_, "label of the entities");
    arguments.OptionalWords("PROPERTY", &properties_,
                            "their property; several make one index of them all");
    arguments.Flag("--relationship", &relationship_, "LABEL is a type of relationships");
  }

  absl::Status Run(CommandContext& context) override {
    if (action_ == "list") return List(context);
    if (action_ != "create" && action_ != "drop") {
      return UsageError(absl::StrCat("'", action_, "': say list, create or drop"));
    }
    if (label_.empty() || properties_.empty()) {
      return UsageError(absl::StrCat("index ", action_, " needs a label and a property"));
    }
    v1::WriteRequest request;
    request.set_database(context.database());
    v1::Mutation* const mutation = request.add_mutations();
    v1::Index* const index =
        action_ == "create" ? mutation->mutable_create_index() : mutation->mutable_drop_index();
    if (relationship_) {
      index->set_relationship_type(label_);
    } else {
      index->set_label(label_);
    }
    index->set_property(properties_.front());
    index->mutable_more_properties()->Assign(properties_.begin() + 1, properties_.end());
    return WriteAndPrint(context, request,
                         absl::StrCat("index ", label_, " ", PropertiesOf(*index)));
  }

 private:
  static absl::Status List(CommandContext& context) {
    v1::ListIndexesRequest request;
    request.set_database(context.database());
    RELATA_ASSIGN_OR_RETURN(
        const v1::ListIndexesResponse response,
        CollectPages<v1::ListIndexesResponse>(context, "indexes", 0, request,
                                              [&context](const v1::ListIndexesRequest& page) {
                                                return context.client().ListIndexes(page);
                                              }));
    Table table({"name", "label", "property", "kind", "usable"});
    table.set_when_empty("no indexes");
    for (const auto& index : response.indexes()) {
      table.AddRow({index.name(), absl::StrCat(index.label(), index.relationship_type()),
                    PropertiesOf(index), index.unique() ? "unique" : "index",
                    index.has_usable_from_version()
                        ? absl::StrCat("from version ", index.usable_from_version())
                        : "being built"});
    }
    return context.Print(table, response, "indexes");
  }

  std::string action_;
  std::string label_;
  std::vector<std::string> properties_;
  bool relationship_ = false;
};

}  // namespace

std::unique_ptr<Command> MakeIndexCommand() { return std::make_unique<IndexCommand>(); }

}  // namespace relata
