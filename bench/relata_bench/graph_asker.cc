// Questions as calls of the graph's own functions, in this process.
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/status_macros.h"
#include "bench/relata_bench/asker.h"
#include "bench/relata_bench/csv_file.h"
#include "graph/answers/chains.h"
#include "graph/answers/neighbours.h"
#include "graph/answers/paths.h"
#include "graph/answers/timeline.h"
#include "graph/database.h"

namespace relata::bench {
namespace {

constexpr size_t kAllRows = 1'000'000;

// A question's snapshot, with the current time and the default policy.
struct CurrentRead {
  explicit CurrentRead(const Database& database)
      : snapshot(database.Latest()),
        view{ValidTime::At(database.Now(snapshot)), DefaultPolicy()},
        budget(database.clock(), Budget::Limits()) {}

  absl::StatusOr<EntityId> Entity(const std::string& id) const {
    RELATA_ASSIGN_OR_RETURN(const int64_t number, IntegerField(id));
    RELATA_ASSIGN_OR_RETURN(const auto entity, snapshot.FindEntity(NodeKey(number)));
    if (entity) return *entity;
    return absl::NotFoundError(absl::StrCat("there is no entity ", id));
  }
  std::vector<Step> Steps(absl::string_view type, Direction direction) const {
    return {Step{snapshot.names().FindType(type).value_or(TypeId()), direction}};
  }

  Snapshot snapshot;
  ReadView view;
  Budget budget;
};

std::string PropertyText(const EntityState& state, std::optional<PropertyId> property) {
  const std::vector<Fact>* const facts = property ? state.FindProperty(*property) : nullptr;
  return facts == nullptr ? "" : facts->front().value.ToString();
}

absl::StatusOr<Answer> GetCompany(CurrentRead& read, const Draw& draw) {
  RELATA_ASSIGN_OR_RETURN(const EntityId id, read.Entity(draw[0]));
  RELATA_ASSIGN_OR_RETURN(const auto state, read.snapshot.GetEntityRecord(id));
  if (!state) return absl::NotFoundError("the company is gone");
  const auto text = [&](absl::string_view name) {
    return PropertyText(*state, read.snapshot.names().FindProperty(name));
  };
  return Answer{absl::StrCat(text("name"), "|", text("country"), "|", text("founded"))};
}

absl::StatusOr<Answer> ListTransfers(CurrentRead& read, const Draw& draw) {
  RELATA_ASSIGN_OR_RETURN(const EntityId id, read.Entity(draw[0]));
  const auto amount = read.snapshot.names().FindProperty("amount");
  RELATA_ASSIGN_OR_RETURN(
      const NeighbourPage page,
      ListNeighbours(read.snapshot, read.view, id, read.Steps("TRANSFERRED", Direction::kOut),
                     nullptr, kAllRows));
  std::vector<EntityId> neighbours;
  for (const Neighbour& row : page.rows) neighbours.push_back(row.entity);
  RELATA_ASSIGN_OR_RETURN(const auto states, read.snapshot.GetEntityRecords(neighbours));
  std::vector<NeighbourRow> rows;
  double sum = 0.0;
  for (size_t i = 0; i < page.rows.size(); ++i) {
    const Fact& fact = page.rows[i].fact;
    const Value* const value = amount ? fact.FindProperty(*amount) : nullptr;
    rows.push_back({states[i] ? states[i]->key : "", value == nullptr ? 0.0 : value->AsDouble(),
                    fact.valid.from.ToString()});
    sum += rows.back().amount;
  }
  return CountAndSum(rows.size(), sum);
}

absl::StatusOr<Answer> FindBestChains(CurrentRead& read, const Draw& draw) {
  ChainRequest request;
  RELATA_ASSIGN_OR_RETURN(request.start, read.Entity(draw[0]));
  request.steps = read.Steps("INVESTED_IN", Direction::kIn);
  request.max_hops = 4;
  request.mode = ChainMode::kTrail;
  RELATA_ASSIGN_OR_RETURN(request.started_from, ParseInstant(draw[1]));
  RELATA_ASSIGN_OR_RETURN(const ChainAnswer answer,
                          FindChains(read.snapshot, read.view, request, nullptr, read.budget));
  double sum = 0.0;
  for (const Chain& chain : answer.chains) sum += chain.share.low;
  return CountAndSum(answer.chains.size(), sum);
}

absl::StatusOr<Answer> FindShortestPath(CurrentRead& read, const Draw& draw) {
  PathRequest request;
  RELATA_ASSIGN_OR_RETURN(request.start, read.Entity(draw[0]));
  RELATA_ASSIGN_OR_RETURN(request.end, read.Entity(draw[1]));
  request.steps = read.Steps("TRANSFERRED", Direction::kOut);
  request.max_hops = 10;
  RELATA_ASSIGN_OR_RETURN(const PathAnswer answer,
                          ShortestPath(read.snapshot, read.view, request, read.budget));
  return Single(answer.path ? static_cast<double>(answer.path->size()) : -1.0);
}

absl::StatusOr<Answer> GetRegulation(CurrentRead& read, const Draw& draw) {
  TimelineRequest request;
  RELATA_ASSIGN_OR_RETURN(const EntityId subject, read.Entity(draw[0]));
  request.subjects = {subject};
  request.via = read.Steps("INVESTED_IN", Direction::kEither);
  request.max_hops = 2;
  request.with_paths = false;
  request.with_facts = false;
  const auto regulated = read.snapshot.names().FindType("REGULATED");
  request.events = {{regulated.value_or(TypeId()), Direction::kIn, PropertyId()}};
  RELATA_ASSIGN_OR_RETURN(const TimelineAnswer answer,
                          BuildTimeline(read.snapshot, read.view, request, nullptr, read.budget));
  std::vector<EntityId> subjects;
  for (const TimelineEntry& entry : answer.entries) subjects.push_back(entry.subject);
  RELATA_ASSIGN_OR_RETURN(const auto states, read.snapshot.GetEntityRecords(subjects));
  const auto id = read.snapshot.names().FindProperty("id");
  double sum = 0.0;
  for (const auto& state : states) {
    if (state && id) sum += state->FindProperty(*id)->front().value.AsDouble();
  }
  return Answer{static_cast<double>(answer.entries.size()), sum,
                answer.entries.empty() ? "" : answer.entries.back().date.ToString()};
}

class GraphAsker final : public Asker {
 public:
  explicit GraphAsker(Database* database) : database_(database) {}

  bool CanAsk(const QuestionDefinition& question) const override {
    return FunctionFor(question.question) != nullptr;
  }
  absl::StatusOr<Answer> Ask(const QuestionDefinition& question, const Draw& draw) override {
    CurrentRead read(*database_);
    return FunctionFor(question.question)(read, draw);
  }

 private:
  using Function = absl::StatusOr<Answer> (*)(CurrentRead&, const Draw&);

  static Function FunctionFor(Question question) {
    switch (question) {
      case Question::kQ1:
        return GetCompany;
      case Question::kQ2:
        return ListTransfers;
      case Question::kQ4:
        return FindBestChains;
      case Question::kQ5:
        return FindShortestPath;
      case Question::kQ6:
        return GetRegulation;
      default:
        return nullptr;
    }
  }

  Database* const database_;
};

}  // namespace

std::unique_ptr<Asker> MakeGraphAsker(Database* database) {
  return std::make_unique<GraphAsker>(database);
}

}  // namespace relata::bench
