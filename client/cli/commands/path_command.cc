#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "client/cli/commands/commands.h"
#include "client/cli/entity_names.h"
#include "client/cli/known_names.h"
#include "client/cli/literal.h"
#include "client/cli/output/fact_rows.h"
#include "client/cli/output/fact_text.h"
#include "client/cli/output/path_text.h"
#include "relata/v1/answer_service.pb.h"

namespace relata {
namespace {

class PathCommand : public Command {
 public:
  absl::string_view name() const override { return "path"; }
  absl::string_view summary() const override { return "Show a shortest path between two entities"; }
  ReadTerms read_terms() const override { return ReadTerms::kAll; }

  void Declare(Arguments& arguments) override {
    arguments.Word("FROM", &from_, "where it starts: key, #ID or exact name");
    arguments.Word("TO", &to_, "where it ends");
    arguments.Texts("--via", "TYPE[:out|in|both]", &via_,
                    "relationships to follow; default: all, in both directions");
    arguments.Integer("--max-hops", "N", &max_hops_, 0, "most hops; 0: no limit");
    arguments.Footer("A path of what is valid now, or at --as-of.");
  }

  absl::Status Run(CommandContext& context) override {
    v1::FindPathRequest request;
    RELATA_ASSIGN_OR_RETURN(*request.mutable_read(), context.Read());
    for (const std::string& text : via_) {
      const auto step = ParseStep(text);
      if (!step.ok()) return UsageError(absl::StrCat("--via: ", step.status().message()));
      *request.add_steps() = *step;
    }
    request.set_max_hops(static_cast<int32_t>(max_hops_));
    RELATA_ASSIGN_OR_RETURN(*request.mutable_start(), FindEntity(context, from_));
    RELATA_ASSIGN_OR_RETURN(*request.mutable_end(), FindEntity(context, to_));
    RELATA_ASSIGN_OR_RETURN(const v1::FindPathResponse response,
                            context.client().FindPath(request));
    const FactDetail detail;
    Table table(FactHeadings({"hop", "relationship"}, detail));
    if (response.found()) {
      table.set_preamble(absl::StrCat(PathText(response.start(), response.hops()), "\n"));
    } else {
      table.set_when_empty(response.stamp().cut() ? "no path found before the budget ran out"
                                                  : "no path");
    }
    int number = 0;
    for (const v1::PathHop& hop : response.hops()) {
      ++number;
      const v1::Relationship& relationship = hop.relationship();
      for (const v1::FactView& fact : relationship.facts()) {
        AddFactRows({absl::StrCat(number),
                     absl::StrCat(EntityText(relationship.from()), " -", relationship.type(), "-> ",
                                  EntityText(relationship.to()))},
                    fact, detail, &table);
      }
    }
    RELATA_RETURN_IF_ERROR(context.Print(table, response, "hops"));
    AskedNames asked;
    for (const v1::Step& step : request.steps()) asked.types.push_back(step.type());
    NoteUnknownNames(context, asked);
    return absl::OkStatus();
  }

 private:
  std::string from_;
  std::string to_;
  std::vector<std::string> via_;
  int64_t max_hops_ = 0;
};

}  // namespace

std::unique_ptr<Command> MakePathCommand() { return std::make_unique<PathCommand>(); }

}  // namespace relata
