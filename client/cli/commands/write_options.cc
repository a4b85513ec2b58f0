#include "client/cli/commands/write_options.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status_macros.h"
#include "client/cli/entity_names.h"
#include "relata/v1/mutation.pb.h"
#include "relata/v1/write_service.pb.h"

namespace relata {
namespace {

v1::Stance StanceOf(absl::string_view text) {
  if (text == "disputes") return v1::DISPUTES;
  if (text == "retracts") return v1::RETRACTS;
  return v1::ASSERTS;
}

}  // namespace

void CitationOptions::Declare(Arguments& arguments) {
  arguments.Texts("--source", "KEY", &sources, "a source that says so");
  arguments.Choice("--stance", {"asserts", "disputes", "retracts"}, &stance,
                   "what the source does (asserts)");
  arguments.Number("--confidence", "X", &confidence, "0 to 1 (1)");
  arguments.Text("--reported", "DATE", &reported,
                 "when the source said so (its `published`); '' for unknown");
  arguments.Text("--locator", "TEXT", &locator, "where in the source: 'p. 12'");
}

absl::StatusOr<std::vector<v1::Citation>> CitationOptions::Citations() const {
  if (sources.empty() && (!stance.empty() || confidence || reported || !locator.empty())) {
    return UsageError("--stance, --confidence, --reported and --locator need a --source");
  }
  std::vector<v1::Citation> citations;
  for (const std::string& source : sources) {
    v1::Citation& citation = citations.emplace_back();
    *citation.mutable_source() = EntityByKeyOrId(source);
    if (!stance.empty()) citation.set_stance(StanceOf(stance));
    if (confidence) citation.set_confidence(*confidence);
    if (reported) citation.set_reported(*reported);
    citation.set_locator(locator);
  }
  return citations;
}

absl::Status CitationOptions::AddTo(v1::Fact* fact) const {
  RELATA_ASSIGN_OR_RETURN(const std::vector<v1::Citation> citations, Citations());
  for (const v1::Citation& citation : citations) *fact->add_citations() = citation;
  return absl::OkStatus();
}

absl::Status CitationOptions::AddTo(v1::Name* name) const {
  RELATA_ASSIGN_OR_RETURN(const std::vector<v1::Citation> citations, Citations());
  for (const v1::Citation& citation : citations) *name->add_citations() = citation;
  return absl::OkStatus();
}

void ValidTimeOptions::Declare(Arguments& arguments) {
  arguments.Text("--from", "DATE", &from,
                 "valid from: 2026, 2026-03, 2026-03-11, 2026-03-11T10:00:00Z, .. open (default), "
                 "'' unknown");
  arguments.Text("--to", "DATE", &to, "valid until then, likewise");
}

void ValidTimeOptions::AddTo(v1::Fact* fact) const {
  if (from) fact->set_valid_from(*from);
  if (to) fact->set_valid_to(*to);
}

absl::Status WriteAndPrint(CommandContext& context, const v1::WriteRequest& request,
                           absl::string_view what) {
  RELATA_ASSIGN_OR_RETURN(const v1::WriteResponse response, context.client().Write(request));
  Table table({"subject", "done", "id", "facts", "version"});
  for (const auto& result : response.results()) {
    const uint64_t id =
        result.relationship_id() != 0 ? result.relationship_id() : result.entity_id();
    table.AddRow({std::string(what), result.created() ? "created" : "updated",
                  id == 0 ? "" : absl::StrCat("#", id), absl::StrJoin(result.fact_ids(), ", "),
                  absl::StrCat(response.version())});
  }
  return context.Print(table, response, "results");
}

}  // namespace relata
