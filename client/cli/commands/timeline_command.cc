#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
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

// What stands for the kind of an entry: nothing where it is a begin, the usual case.
std::string KindText(const v1::GetTimelineResponse::Entry& entry) {
  if (entry.kind() == v1::GetTimelineResponse::END) return "ends";
  if (entry.kind() != v1::GetTimelineResponse::STATUS) return "";
  if (entry.status() == v1::RETRACTED) return "now retracted";
  return entry.status() == v1::DISPUTED ? "now disputed" : "now asserted";
}

std::string PathCell(const v1::GetTimelineResponse::Entry& entry) {
  std::string path = PathText(entry.shortest_from(), entry.shortest());
  if (entry.paths() > 1) absl::StrAppend(&path, " (", entry.paths(), " paths)");
  return path;
}

class TimelineCommand : public Command {
 public:
  absl::string_view name() const override { return "timeline"; }
  absl::string_view summary() const override {
    return "What happened to entities and what they lead to, by date";
  }
  ReadTerms read_terms() const override { return ReadTerms::kAll; }

  void Declare(Arguments& arguments) override {
    arguments.Words("ENTITY", &subjects_, "the subjects: keys, #ID or exact names");
    arguments.Texts("--event", "TYPE[:in|out|both]|.PROPERTY", &events_,
                    "what counts: relationships of a type at an entity, or facts of a property; "
                    "at least one");
    arguments.Texts("--via", "TYPE[:out|in|both]", &via_,
                    "relationships that lead from the subjects to further entities");
    arguments.Integer("--max-hops", "N", &max_hops_, 0,
                      "most hops from a subject; default: 1 with --via, else 0");
    arguments.Integer("--min-hops", "N", &min_hops_, 0, "fewest hops");
    arguments.Text("--since", "DATE", &since_, "only what may lie at or after it");
    arguments.Text("--until", "DATE", &until_, "only what may lie before it");
    arguments.Flag("--descending", &descending_, "latest first");
    arguments.Integer("--limit", "N", &limit_, 0, "entries; 0: all");
    arguments.Flag("--paths", &paths_, "with the shortest path to each");
    arguments.Flag("--citations", &citations_, "with each citation");
  }

  absl::Status Run(CommandContext& context) override {
    RELATA_ASSIGN_OR_RETURN(const v1::GetTimelineRequest request, Request(context));
    RELATA_ASSIGN_OR_RETURN(
        const v1::GetTimelineResponse response,
        CollectPages<v1::GetTimelineResponse>(context, "entries", limit_, request,
                                              [&context](const v1::GetTimelineRequest& page) {
                                                return context.client().GetTimeline(page);
                                              }));
    Table table({"date", "kind", "actor", "action", "object", "details", "status", "path",
                 citations_ ? "citations" : "sources"});
    table.set_when_empty("nothing happened");
    for (const auto& entry : response.entries()) AddEntry(entry, &table);
    RELATA_RETURN_IF_ERROR(context.Print(table, response, "entries"));
    if (response.stamp().cut()) {
      context.Note(absl::StrCat("the answer is cut: ", response.frontier_left(),
                                " entities were not looked at"));
    }
    AskedNames asked;
    for (const v1::GetTimelineRequest::Event& event : request.events()) {
      asked.types.push_back(event.type());
      asked.properties.push_back(event.property());
    }
    for (const v1::Step& step : request.via()) asked.types.push_back(step.type());
    NoteUnknownNames(context, asked);
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<v1::GetTimelineRequest> Request(const CommandContext& context) const {
    v1::GetTimelineRequest request;
    RELATA_ASSIGN_OR_RETURN(*request.mutable_read(), context.Read());
    for (const std::string& text : events_) {
      if (text.size() > 1 && text[0] == '.') {
        request.add_events()->set_property(text.substr(1));
        continue;
      }
      const auto step = ParseStep(text);
      if (!step.ok()) return UsageError(absl::StrCat("--event: ", step.status().message()));
      v1::GetTimelineRequest::Event* const event = request.add_events();
      event->set_type(step->type());
      event->set_direction(step->direction());
    }
    if (events_.empty()) {
      return UsageError("say what counts: --event TYPE:in, --event .PROPERTY");
    }
    for (const std::string& text : via_) {
      const auto step = ParseStep(text);
      if (!step.ok()) return UsageError(absl::StrCat("--via: ", step.status().message()));
      *request.add_via() = *step;
    }
    request.set_min_hops(static_cast<int32_t>(min_hops_));
    if (max_hops_) request.set_max_hops(static_cast<int32_t>(*max_hops_));
    request.set_since(since_);
    request.set_until(until_);
    request.set_descending(descending_);
    for (const std::string& subject : subjects_) {
      RELATA_ASSIGN_OR_RETURN(*request.add_subjects(), FindEntity(context, subject));
    }
    return request;
  }

  void AddEntry(const v1::GetTimelineResponse::Entry& entry, Table* table) const {
    const bool relationship = entry.has_relationship();
    const v1::FactView& fact = entry.fact();
    const std::string sources =
        !citations_ ? SourcesText(fact)
                    : (fact.citations().empty() ? "" : CitationText(fact.citations(0)));
    table->AddRow({entry.unknown() ? "?" : BoundText(entry.date()), KindText(entry),
                   EntityText(relationship ? entry.actor() : entry.subject()),
                   relationship ? entry.relationship().type() : absl::StrCat(".", entry.property()),
                   relationship ? EntityText(entry.subject()) : ContentText(fact),
                   relationship ? ContentText(fact) : "", StatusCell(fact),
                   paths_ ? PathCell(entry) : "", sources});
    for (int i = 1; citations_ && i < fact.citations_size(); ++i) {
      table->AddRow({"", "", "", "", "", "", "", "", CitationText(fact.citations(i))});
    }
  }

  std::vector<std::string> subjects_;
  std::vector<std::string> events_;
  std::vector<std::string> via_;
  std::optional<int64_t> max_hops_;
  int64_t min_hops_ = 0;
  std::string since_;
  std::string until_;
  bool descending_ = false;
  int64_t limit_ = 50;
  bool paths_ = false;
  bool citations_ = false;
};

}  // namespace

std::unique_ptr<Command> MakeTimelineCommand() { return std::make_unique<TimelineCommand>(); }

}  // namespace relata
