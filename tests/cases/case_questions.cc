#include "tests/cases/case_questions.h"

#include <cmath>

#include "tests/cases/case_protos.h"

namespace relata {
namespace {

using Json = nlohmann::json;

// Infinity is null in a case.
Json RangeHigh(double high) { return std::isinf(high) ? Json() : Json(high); }

}  // namespace

std::vector<v1::Step> StepsFromCase(const Json& steps) {
  std::vector<v1::Step> found;
  for (const Json& step : steps) found.push_back(StepFromCase(step));
  return found;
}

v1::FindChainsRequest ChainsRequestFromCase(const v1::ReadOptions& read, const Json& params) {
  v1::FindChainsRequest request;
  *request.mutable_read() = read;
  *request.mutable_start() = EntityRefFromCase(params["start"]);
  for (const v1::Step& step : StepsFromCase(params["steps"])) *request.add_steps() = step;
  request.set_min_hops(params.value("min_hops", 0));
  request.set_max_hops(params["max_hops"]);
  if (params.value("mode", "") == "TRAIL") request.set_mode(v1::FindChainsRequest::TRAIL);
  if (params.value("parallel", "") == "MERGED") {
    request.set_parallel(v1::FindChainsRequest::MERGED);
  }
  const std::string order = params.value("order", "");
  if (order == "hops") request.set_order(v1::FindChainsRequest::HOPS);
  if (order == "amount") request.set_order(v1::FindChainsRequest::AMOUNT);
  request.set_currency(params.value("currency", ""));
  if (params.contains("end")) *request.mutable_end() = EntityRefFromCase(params["end"]);
  request.set_non_decreasing(params.value("non_decreasing", false));
  request.set_started_from(params.value("started_from", ""));
  request.set_started_before(params.value("started_before", ""));
  return request;
}

Json CaseFromChain(const std::string& start, bool merged,
                   const v1::FindChainsResponse::Chain& chain) {
  Json relationships = Json::array();
  Json entities = Json::array({start});
  for (const v1::FindChainsResponse::Hop& hop : chain.hops()) {
    Json edges = Json::array();
    for (const v1::FindChainsResponse::Edge& edge : hop.edges()) {
      edges.push_back(CaseFromRelationship(edge.relationship()));
    }
    relationships.push_back(merged ? edges : edges[0]);
    entities.push_back(hop.to().key());
  }
  Json json = {{"relationships", relationships},
               {"entities", entities},
               {"low", chain.share().low()},
               {"high", chain.share().high()},
               {"rank", chain.rank()}};
  if (chain.has_least_amount()) {
    json["least_amount"] = {chain.least_amount().low(), RangeHigh(chain.least_amount().high())};
  }
  return json;
}

v1::GetTimelineRequest TimelineRequestFromCase(const v1::ReadOptions& read, const Json& params) {
  v1::GetTimelineRequest request;
  *request.mutable_read() = read;
  *request.add_subjects() = EntityRefFromCase(params["start"]);
  request.set_min_hops(params.value("min_hops", 0));
  request.set_max_hops(params.value("max_hops", 0));
  // With steps the API takes max_hops 0 as 1; a case means 0.
  if (request.max_hops() > 0) {
    for (const v1::Step& step : StepsFromCase(params.value("via", Json::array()))) {
      *request.add_via() = step;
    }
  }
  for (const Json& event : params["events"]) {
    v1::GetTimelineRequest::Event* const wanted = request.add_events();
    if (event.contains("property")) {
      wanted->set_property(event["property"]);
    } else {
      wanted->set_type(event["type"]);
      wanted->set_direction(ProtoDirectionFromCase(event));
    }
  }
  if (params.value("path_validity", "") == "at_date") {
    request.set_path_validity(v1::GetTimelineRequest::AT_DATE);
  }
  request.set_descending(params.value("descending", false));
  return request;
}

Json CaseFromEntry(const v1::GetTimelineResponse::Entry& entry) {
  Json json;
  json["kind"] = entry.kind() == v1::GetTimelineResponse::BEGIN ? "begin"
                 : entry.kind() == v1::GetTimelineResponse::END ? "end"
                                                                : "status";
  if (entry.has_relationship()) {
    json["fact_of"] = CaseFromRelationship(entry.relationship());
    json["value"] = CaseFromProperties(entry.fact());
  } else {
    json["fact_of"] = entry.property();
    json["value"] = CaseFromValue(entry.fact().value());
  }
  json["date"] = entry.unknown() ? Json::array({"-inf", "+inf"}) : CaseFromBound(entry.date());
  json["unknown"] = entry.unknown();
  json["subject"] = entry.subject().key();
  json["actor"] = entry.has_actor() ? entry.actor().key() : "";
  json["paths"] = entry.paths();
  json["shortest"] = entry.shortest_size();
  if (entry.kind() == v1::GetTimelineResponse::STATUS) {
    json["status"] = CaseFromStatus(entry.status());
  }
  return json;
}

}  // namespace relata
