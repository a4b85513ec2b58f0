#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "client/cli/commands/commands.h"
#include "client/cli/commands/write_options.h"
#include "client/cli/entity_names.h"
#include "client/cli/literal.h"
#include "relata/v1/write_service.pb.h"

namespace relata {
namespace {

class LinkCommand : public Command {
 public:
  absl::string_view name() const override { return "link"; }
  absl::string_view summary() const override { return "Make a relationship, or add a fact to it"; }
  ReadTerms read_terms() const override { return ReadTerms::kNone; }

  void Declare(Arguments& arguments) override {
    arguments.Word("FROM", &from_, "the entity it goes from: key, #ID or name");
    arguments.Word("TYPE", &type_, "its type: INVESTED_IN");
    arguments.Word("TO", &to_, "the entity it goes to");
    arguments.Text("--key", "K", &key_, "key of the relationship");
    arguments.Texts("--set", "P=VALUE", &properties_, "a property of the fact: share=20%");
    valid_time_.Declare(arguments);
    citations_.Declare(arguments);
    arguments.Footer(
        "With the key of a relationship that is there, or in a type of one per pair, this adds a\n"
        "fact; else it makes a new relationship. P=VALUE is as in `relata put`.");
  }

  absl::Status Run(CommandContext& context) override {
    v1::WriteRequest request;
    request.set_database(context.database());
    v1::RelationshipWrite* const link = request.add_mutations()->mutable_put_relationship();
    link->set_key(key_);
    link->set_type(type_);
    v1::Fact* const fact = link->add_facts();
    for (const std::string& text : properties_) {
      const auto property = ParseProperty(text);
      if (!property.ok()) return UsageError(absl::StrCat("--set: ", property.status().message()));
      *fact->add_properties() = *property;
    }
    valid_time_.AddTo(fact);
    RELATA_RETURN_IF_ERROR(citations_.AddTo(fact));
    RELATA_ASSIGN_OR_RETURN(*link->mutable_from(), FindEntity(context, from_));
    RELATA_ASSIGN_OR_RETURN(*link->mutable_to(), FindEntity(context, to_));
    return WriteAndPrint(context, request,
                         key_.empty() ? absl::StrCat(from_, " ", type_, " ", to_) : key_);
  }

 private:
  std::string from_;
  std::string type_;
  std::string to_;
  std::string key_;
  std::vector<std::string> properties_;
  ValidTimeOptions valid_time_;
  CitationOptions citations_;
};

}  // namespace

std::unique_ptr<Command> MakeLinkCommand() { return std::make_unique<LinkCommand>(); }

}  // namespace relata
