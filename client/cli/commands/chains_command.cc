#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status_macros.h"
#include "client/cli/commands/commands.h"
#include "client/cli/entity_names.h"
#include "client/cli/known_names.h"
#include "client/cli/literal.h"
#include "client/cli/output/fact_text.h"
#include "client/cli/output/path_text.h"
#include "client/cli/pages.h"
#include "relata/v1/answer_service.pb.h"

namespace relata {
namespace {

// Each source once, in the order of the hops.
std::string ChainSources(const v1::FindChainsResponse::Chain& chain) {
  std::vector<std::string> sources;
  for (const auto& hop : chain.hops()) {
    for (const auto& edge : hop.edges()) {
      for (const v1::FactView& fact : edge.relationship().facts()) {
        const std::string text = SourcesText(fact);
        if (!text.empty() && !absl::c_linear_search(sources, text)) sources.push_back(text);
      }
    }
  }
  return absl::StrJoin(sources, "; ");
}

void AddCitationRows(const v1::FindChainsResponse::Chain& chain, Table* table) {
  for (const auto& hop : chain.hops()) {
    for (const auto& edge : hop.edges()) {
      const v1::Relationship& relationship = edge.relationship();
      for (const v1::FactView& fact : relationship.facts()) {
        const std::string said = absl::StrCat(
            "  ", EntityText(relationship.from()), " -", relationship.type(), "-> ",
            EntityText(relationship.to()), " ", PeriodText(fact.valid_from(), fact.valid_to()),
            fact.properties().empty() ? "" : "  ", ContentText(fact));
        const int rows = std::max(1, fact.citations_size());
        for (int i = 0; i < rows; ++i) {
          table->AddRow({Cell(i == 0 ? said : "", CellStyle::kDim), "", "",
                         i < fact.citations_size() ? CitationText(fact.citations(i)) : ""});
        }
      }
    }
  }
}

class ChainsCommand : public Command {
 public:
  absl::string_view name() const override { return "chains"; }
  absl::string_view summary() const override {
    return "Follow chains of relationships: investments, supply";
  }
  ReadTerms read_terms() const override { return ReadTerms::kAll; }

  void Declare(Arguments& arguments) override {
    arguments.Word("ENTITY", &start_, "where to start: key, #ID or exact name");
    arguments.Texts("--via", "TYPE[:out|in|both]", &via_,
                    "relationships to follow, each hop any of them; default: all, outgoing");
    arguments.Integer("--max-hops", "N", &max_hops_, 1, "most hops; default: the server's, 5");
    arguments.Integer("--min-hops", "N", &min_hops_, 1, "fewest hops");
    arguments.Text("--end", "ENTITY", &end_, "only chains that end here");
    arguments.Texts("--end-label", "L", &end_labels_, "only chains that end at such an entity");
    arguments.Choice("--order", {"share", "hops", "amount"}, &order_,
                     "best first by effective share, fewest hops, or least amount on the chain");
    arguments.Text("--currency", "C", &currency_, "for --order amount: USD");
    arguments.Choice("--mode", {"simple", "trail"}, &mode_,
                     "no entity twice, or no relationship twice");
    arguments.Flag("--merged", &merged_, "parallel relationships are one hop, shares added");
    arguments.Flag("--non-decreasing", &non_decreasing_,
                   "dates do not decrease in the direction of the relationships");
    arguments.Integer("--limit", "N", &limit_, 0, "chains; 0: all");
    arguments.Flag("--citations", &citations_, "with the facts and citations of each hop");
    arguments.Footer("Chains of what is valid now, or at --as-of.");
  }

  absl::Status Run(CommandContext& context) override {
    RELATA_ASSIGN_OR_RETURN(const v1::FindChainsRequest request, Request(context));
    RELATA_ASSIGN_OR_RETURN(
        const v1::FindChainsResponse response,
        CollectPages<v1::FindChainsResponse>(context, "chains", limit_, request,
                                             [&context](const v1::FindChainsRequest& page) {
                                               return context.client().FindChains(page);
                                             }));
    Table table({"chain", "share", "amount", "sources"});
    table.set_when_empty("no chain");
    for (const auto& chain : response.chains()) {
      table.AddRow({ChainText(response.start(), chain), ShareText(chain.share()),
                    chain.has_least_amount()
                        ? absl::StrCat(AmountText(chain.least_amount()), " ", currency_)
                        : "",
                    citations_ ? "" : ChainSources(chain)});
      if (citations_) AddCitationRows(chain, &table);
    }
    RELATA_RETURN_IF_ERROR(context.Print(table, response, "chains"));
    AddNotes(context, response);
    AskedNames asked = {.labels = end_labels_};
    for (const v1::Step& step : request.steps()) asked.types.push_back(step.type());
    NoteUnknownNames(context, asked);
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<v1::FindChainsRequest> Request(const CommandContext& context) const {
    v1::FindChainsRequest request;
    RELATA_ASSIGN_OR_RETURN(*request.mutable_read(), context.Read());
    for (const std::string& text : via_) {
      const auto step = ParseStep(text);
      if (!step.ok()) return UsageError(absl::StrCat("--via: ", step.status().message()));
      *request.add_steps() = *step;
    }
    if (via_.empty()) request.add_steps()->set_direction(v1::OUT);
    request.set_min_hops(static_cast<int32_t>(min_hops_));
    if (max_hops_) request.set_max_hops(static_cast<int32_t>(*max_hops_));
    request.set_mode(mode_ == "trail" ? v1::FindChainsRequest::TRAIL
                                      : v1::FindChainsRequest::SIMPLE);
    request.set_parallel(merged_ ? v1::FindChainsRequest::MERGED : v1::FindChainsRequest::EACH);
    request.set_order(order_ == "hops"     ? v1::FindChainsRequest::HOPS
                      : order_ == "amount" ? v1::FindChainsRequest::AMOUNT
                                           : v1::FindChainsRequest::SHARE);
    request.set_currency(currency_);
    request.set_non_decreasing(non_decreasing_);
    for (const std::string& label : end_labels_) request.add_end_labels(label);
    if (max_hops_ && *max_hops_ < min_hops_) {
      return UsageError(absl::StrCat("--min-hops ", min_hops_, " is above --max-hops ", *max_hops_,
                                     ": no chain has so few and so many"));
    }
    if (order_ == "amount" && currency_.empty()) {
      return UsageError("--order amount needs --currency, as in --currency USD");
    }
    RELATA_ASSIGN_OR_RETURN(*request.mutable_start(), FindEntity(context, start_));
    if (!end_.empty()) {
      RELATA_ASSIGN_OR_RETURN(*request.mutable_end(), FindEntity(context, end_));
    }
    return request;
  }

  static void AddNotes(const CommandContext& context, const v1::FindChainsResponse& response) {
    if (response.stamp().cut()) {
      context.Note(absl::StrCat("the answer is cut: ", response.frontier_left(),
                                " places were not followed further"));
    }
    for (const v1::RelationshipSummary& wrong : response.invalid_shares()) {
      context.Note(absl::StrCat("the share of ", RelationshipReference(wrong), " (",
                                RelationshipText(wrong), ") is no share; it counts as unknown"));
    }
  }

  std::string start_;
  std::vector<std::string> via_;
  std::optional<int64_t> max_hops_;
  int64_t min_hops_ = 1;
  std::string end_;
  std::vector<std::string> end_labels_;
  std::string order_ = "share";
  std::string currency_;
  std::string mode_ = "simple";
  bool merged_ = false;
  bool non_decreasing_ = false;
  int64_t limit_ = 10;
  bool citations_ = false;
};

}  // namespace

std::unique_ptr<Command> MakeChainsCommand() { return std::make_unique<ChainsCommand>(); }

}  // namespace relata
