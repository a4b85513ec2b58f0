#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "client/cli/commands/commands.h"
#include "client/cli/commands/write_options.h"
#include "client/cli/literal.h"
#include "relata/v1/write_service.pb.h"

namespace relata {
namespace {

class PutCommand : public Command {
 public:
  absl::string_view name() const override { return "put"; }
  absl::string_view summary() const override {
    return "Make an entity, or add labels, names and facts to it";
  }
  ReadTerms read_terms() const override { return ReadTerms::kNone; }

  void Declare(Arguments& arguments) override {
    arguments.Word("KEY", &key_, "key of the entity: company/deepseek");
    arguments.Texts("--label", "L", &labels_, "a label");
    arguments.Texts("--name", "LANGUAGE:TEXT[:KIND]", &names_,
                    "a name: en:DeepSeek, zh:深度求索:preferred; kinds: preferred (the first of a "
                    "language), alias, abbreviation, former");
    arguments.Texts("--set", "P=VALUE", &properties_, "a fact of a property, see below");
    valid_time_.Declare(arguments);
    citations_.Declare(arguments);
    arguments.Footer(absl::StrCat(
        "Nothing is replaced: a value that differs is one more fact. --from, --to and the "
        "citation\n"
        "go with each --set; names hold always and take the citation too.\n"
        "P=VALUE guesses the type (12, 0.36, 20%, '2.8e9 USD', 2026-03-11, true, else text);\n"
        "P:TYPE=VALUE says it: ",
        kValueTypes, ".\nBefore a number with a type: ~ > >= < <= for about, over, ..."));
  }

  absl::Status Run(CommandContext& context) override {
    RELATA_RETURN_IF_ERROR(CheckNothingIsLost());
    v1::WriteRequest request;
    request.set_database(context.database());
    v1::EntityWrite* const entity = request.add_mutations()->mutable_put_entity();
    entity->set_key(key_);
    for (const std::string& label : labels_) entity->add_labels(label);
    RELATA_RETURN_IF_ERROR(AddNames(entity));
    RELATA_RETURN_IF_ERROR(AddProperties(entity));
    return WriteAndPrint(context, request, key_);
  }

 private:
  // What would be written nowhere: dates without a fact, a citation of nothing.
  absl::Status CheckNothingIsLost() const {
    if (!properties_.empty()) return absl::OkStatus();
    if (valid_time_.from || valid_time_.to) {
      return UsageError("--from and --to are for the facts of --set, and there is none");
    }
    if (!names_.empty()) return absl::OkStatus();
    RELATA_ASSIGN_OR_RETURN(const std::vector<v1::Citation> citations, citations_.Citations());
    if (citations.empty()) return absl::OkStatus();
    return UsageError("--source is for the facts of --set and for names, and there is none");
  }

  absl::Status AddNames(v1::EntityWrite* entity) const {
    std::set<std::string> languages;
    for (const std::string& text : names_) {
      auto parsed = ParseName(text);
      if (!parsed.ok()) return UsageError(absl::StrCat("--name: ", parsed.status().message()));
      const bool first = languages.insert(parsed->language()).second;
      if (parsed->kind() == v1::NAME_KIND_UNSPECIFIED && first) parsed->set_kind(v1::PREFERRED);
      RELATA_RETURN_IF_ERROR(citations_.AddTo(&*parsed));
      *entity->add_names() = *std::move(parsed);
    }
    return absl::OkStatus();
  }

  absl::Status AddProperties(v1::EntityWrite* entity) const {
    for (const std::string& text : properties_) {
      const auto parsed = ParseProperty(text);
      if (!parsed.ok()) return UsageError(absl::StrCat("--set: ", parsed.status().message()));
      v1::PropertyFact* const property = entity->add_properties();
      property->set_name(parsed->name());
      *property->mutable_fact()->mutable_value() = parsed->value();
      valid_time_.AddTo(property->mutable_fact());
      RELATA_RETURN_IF_ERROR(citations_.AddTo(property->mutable_fact()));
    }
    return absl::OkStatus();
  }

  std::string key_;
  std::vector<std::string> labels_;
  std::vector<std::string> names_;
  std::vector<std::string> properties_;
  ValidTimeOptions valid_time_;
  CitationOptions citations_;
};

}  // namespace

std::unique_ptr<Command> MakePutCommand() { return std::make_unique<PutCommand>(); }

}  // namespace relata
