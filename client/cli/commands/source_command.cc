#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "client/cli/commands/commands.h"
#include "client/cli/entity_names.h"
#include "client/cli/output/fact_rows.h"
#include "client/cli/output/fact_text.h"
#include "client/cli/pages.h"
#include "relata/v1/read_service.pb.h"

namespace relata {
namespace {

// What a source itself says: of several citations of the fact only its own.
v1::FactView WithOwnCitations(const v1::FactView& fact, uint64_t source) {
  v1::FactView own = fact;
  own.clear_citations();
  for (const v1::CitationView& citation : fact.citations()) {
    if (citation.source().id() == source) *own.add_citations() = citation;
  }
  return own;
}

// A name comes as a list of text, language and kind under the property `_names`.
bool IsName(const v1::GetSourceResponse::SourcedFact& sourced) {
  return sourced.property() == "_names" && sourced.fact().value().list_value().values_size() == 3;
}

v1::NameView NameOf(const v1::FactView& fact) {
  const auto& parts = fact.value().list_value().values();
  v1::NameView name;
  name.set_text(parts[0].string_value());
  name.set_language(parts[1].string_value());
  name.set_kind(static_cast<v1::NameKind>(parts[2].int_value()));
  *name.mutable_fact() = fact;
  return name;
}

class SourceCommand : public Command {
 public:
  absl::string_view name() const override { return "source"; }
  absl::string_view summary() const override { return "Show all that a document says"; }
  ReadTerms read_terms() const override { return ReadTerms::kAll; }

  void Declare(Arguments& arguments) override {
    arguments.Word("KEY", &source_, "the source: key, #ID or exact name");
    arguments.Integer("--limit", "N", &limit_, 0, "facts; 0: all");
  }

  absl::Status Run(CommandContext& context) override {
    v1::GetSourceRequest request;
    RELATA_ASSIGN_OR_RETURN(*request.mutable_read(), context.Read());
    RELATA_ASSIGN_OR_RETURN(*request.mutable_source(), FindEntity(context, source_));
    RELATA_ASSIGN_OR_RETURN(
        const v1::GetSourceResponse response,
        CollectPages<v1::GetSourceResponse>(context, "facts", limit_, request,
                                            [&context](const v1::GetSourceRequest& page) {
                                              return context.client().GetSource(page);
                                            }));
    const FactDetail detail{.ids = false, .citations = true};
    Table table(FactHeadings({"about", "property"}, detail));
    table.set_preamble(absl::StrCat(EntityHeading(response.source()), "\n"));
    table.set_when_empty("no fact cites it");
    for (const auto& sourced : response.facts()) {
      const v1::FactView fact = WithOwnCitations(sourced.fact(), response.source().id());
      if (sourced.has_relationship()) {
        AddFactRows({RelationshipText(sourced.relationship()), ""}, fact, detail, &table);
      } else if (IsName(sourced)) {
        const v1::NameView name = NameOf(fact);
        AddFactRows({EntityText(sourced.entity()), NameHeading(name)}, NameFact(name), detail,
                    &table);
      } else {
        AddFactRows({EntityText(sourced.entity()), sourced.property()}, fact, detail, &table);
      }
    }
    return context.Print(table, response, "facts");
  }

 private:
  std::string source_;
  int64_t limit_ = 0;
};

}  // namespace

std::unique_ptr<Command> MakeSourceCommand() { return std::make_unique<SourceCommand>(); }

}  // namespace relata
