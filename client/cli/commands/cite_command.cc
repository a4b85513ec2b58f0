#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "client/cli/commands/commands.h"
#include "client/cli/commands/write_options.h"
#include "client/cli/entity_names.h"
#include "relata/v1/write_service.pb.h"

namespace relata {
namespace {

class CiteCommand : public Command {
 public:
  absl::string_view name() const override { return "cite"; }
  absl::string_view summary() const override { return "Add a citation to a fact"; }
  ReadTerms read_terms() const override { return ReadTerms::kNone; }

  void Declare(Arguments& arguments) override {
    arguments.Word("FACT", &fact_, "id of the fact, as `relata get --facts` shows it");
    arguments.Text("--on", "ENTITY", &entity_, "the entity that the fact is about");
    arguments.Text("--on-relationship", "KEY", &relationship_,
                   "the relationship that it is a fact of: key or #ID");
    citations_.Declare(arguments);
  }

  absl::Status Run(CommandContext& context) override {
    absl::string_view digits = fact_;
    absl::ConsumePrefix(&digits, "#");
    uint64_t id = 0;
    if (!absl::SimpleAtoi(digits, &id)) {
      return UsageError(absl::StrCat("'", fact_, "' is no id of a fact, a number"));
    }
    if (entity_.empty() == relationship_.empty()) {
      return UsageError("say what the fact is about: --on or --on-relationship");
    }
    RELATA_ASSIGN_OR_RETURN(const std::vector<v1::Citation> citations, citations_.Citations());
    if (citations.empty()) return UsageError("--source is missing");
    v1::FactRef::ById ref;
    ref.set_id(id);
    if (entity_.empty()) {
      *ref.mutable_relationship() = RelationshipByKeyOrId(relationship_);
    } else {
      RELATA_ASSIGN_OR_RETURN(*ref.mutable_entity(), FindEntity(context, entity_));
    }
    v1::WriteRequest request;
    request.set_database(context.database());
    for (const v1::Citation& citation : citations) {
      v1::Cite* const cite = request.add_mutations()->mutable_cite();
      *cite->mutable_fact()->mutable_by_id() = ref;
      *cite->mutable_citation() = citation;
    }
    return WriteAndPrint(context, request, absl::StrCat("fact ", id));
  }

 private:
  std::string fact_;
  std::string entity_;
  std::string relationship_;
  CitationOptions citations_;
};

}  // namespace

std::unique_ptr<Command> MakeCiteCommand() { return std::make_unique<CiteCommand>(); }

}  // namespace relata
