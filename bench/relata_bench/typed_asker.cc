// Questions as typed calls, through gRPC.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "bench/relata_bench/asker.h"
#include "bench/relata_bench/csv_file.h"
#include "client/client.h"
#include "relata/v1/answer_service.pb.h"
#include "relata/v1/read_service.pb.h"

namespace relata::bench {
namespace {

constexpr int kLargestPage = 1000;
constexpr int kTimelinePage = 100;

absl::Status SetRef(const std::string& id, v1::EntityRef* ref) {
  RELATA_ASSIGN_OR_RETURN(const int64_t number, IntegerField(id));
  ref->set_key(NodeKey(number));
  return absl::OkStatus();
}

void SetStep(const char* type, v1::Direction direction, v1::Step* step) {
  step->set_type(type);
  step->set_direction(direction);
}

// The id that is in a stable key.
absl::StatusOr<double> IdOfKey(absl::string_view key) {
  absl::ConsumePrefix(&key, "n/");
  return NumberField(key);
}

std::string PropertyText(const v1::Entity& entity, absl::string_view name) {
  for (const v1::PropertyFacts& property : entity.properties()) {
    if (property.name() != name || property.facts().empty()) continue;
    const v1::Value& value = property.facts(0).value();
    return value.has_date_value() ? value.date_value() : value.string_value();
  }
  return "";
}

absl::StatusOr<Answer> GetCompany(Client& client, const Draw& draw) {
  v1::GetEntityRequest request;
  RELATA_RETURN_IF_ERROR(SetRef(draw[0], request.mutable_entity()));
  RELATA_ASSIGN_OR_RETURN(const v1::GetEntityResponse response, client.GetEntity(request));
  const v1::Entity& entity = response.entity();
  return Answer{absl::StrCat(PropertyText(entity, "name"), "|", PropertyText(entity, "country"),
                             "|", PropertyText(entity, "founded"))};
}

NeighbourRow RowOf(const v1::ListNeighborsResponse::Neighbor& neighbour) {
  NeighbourRow row;
  row.neighbour = neighbour.entity().key();
  const v1::FactView& fact = neighbour.relationship().facts(0);
  row.since = fact.valid_from().text();
  for (const v1::Property& property : fact.properties()) {
    if (property.name() == "amount") row.amount = property.value().double_value();
  }
  return row;
}

absl::StatusOr<Answer> ListTransfers(Client& client, const Draw& draw) {
  v1::ListNeighborsRequest request;
  RELATA_RETURN_IF_ERROR(SetRef(draw[0], request.mutable_entity()));
  SetStep("TRANSFERRED", v1::OUT, request.add_steps());
  request.set_page_size(kLargestPage);
  std::vector<NeighbourRow> rows;
  do {
    RELATA_ASSIGN_OR_RETURN(const v1::ListNeighborsResponse page, client.ListNeighbors(request));
    for (const auto& neighbour : page.neighbors()) rows.push_back(RowOf(neighbour));
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  double sum = 0.0;
  for (const NeighbourRow& row : rows) sum += row.amount;
  return CountAndSum(rows.size(), sum);
}

absl::StatusOr<Answer> FindBestChains(Client& client, const Draw& draw) {
  v1::FindChainsRequest request;
  RELATA_RETURN_IF_ERROR(SetRef(draw[0], request.mutable_start()));
  SetStep("INVESTED_IN", v1::IN, request.add_steps());
  request.set_max_hops(4);
  request.set_mode(v1::FindChainsRequest::TRAIL);
  request.set_started_from(draw[1]);
  request.set_page_size(10);
  RELATA_ASSIGN_OR_RETURN(const v1::FindChainsResponse response, client.FindChains(request));
  double sum = 0.0;
  for (const auto& chain : response.chains()) sum += chain.share().low();
  return CountAndSum(static_cast<size_t>(response.chains_size()), sum);
}

absl::StatusOr<Answer> FindShortestPath(Client& client, const Draw& draw) {
  v1::FindPathRequest request;
  RELATA_RETURN_IF_ERROR(SetRef(draw[0], request.mutable_start()));
  RELATA_RETURN_IF_ERROR(SetRef(draw[1], request.mutable_end()));
  SetStep("TRANSFERRED", v1::OUT, request.add_steps());
  request.set_max_hops(10);
  RELATA_ASSIGN_OR_RETURN(const v1::FindPathResponse response, client.FindPath(request));
  return Single(response.found() ? response.hops_size() : -1.0);
}

absl::StatusOr<Answer> GetRegulation(Client& client, const Draw& draw) {
  v1::GetTimelineRequest request;
  RELATA_RETURN_IF_ERROR(SetRef(draw[0], request.add_subjects()));
  SetStep("INVESTED_IN", v1::EITHER, request.add_via());
  request.set_max_hops(2);
  v1::GetTimelineRequest::Event* const event = request.add_events();
  event->set_type("REGULATED");
  event->set_direction(v1::IN);
  request.set_page_size(kTimelinePage);
  RELATA_ASSIGN_OR_RETURN(const v1::GetTimelineResponse response, client.GetTimeline(request));
  double sum = 0.0;
  for (const auto& entry : response.entries()) {
    RELATA_ASSIGN_OR_RETURN(const double id, IdOfKey(entry.subject().key()));
    sum += id;
  }
  const bool empty = response.entries().empty();
  return Answer{static_cast<double>(response.entries_size()), sum,
                empty ? "" : response.entries().rbegin()->date().text()};
}

class TypedAsker final : public Asker {
 public:
  explicit TypedAsker(Client* client) : client_(client) {}

  bool CanAsk(const QuestionDefinition& question) const override {
    return CallFor(question.question) != nullptr;
  }
  absl::StatusOr<Answer> Ask(const QuestionDefinition& question, const Draw& draw) override {
    return CallFor(question.question)(*client_, draw);
  }

 private:
  using TypedCall = absl::StatusOr<Answer> (*)(Client&, const Draw&);

  static TypedCall CallFor(Question question) {
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

  Client* const client_;
};

}  // namespace

std::unique_ptr<Asker> MakeTypedAsker(Client* client) {
  return std::make_unique<TypedAsker>(client);
}

}  // namespace relata::bench
