#include "server/services/algorithm_write.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/error_parts.h"
#include "base/status_macros.h"
#include "graph/query/query_error.h"
#include "graph/query/runtime/datum.h"
#include "relata/v1/query_service.pb.h"
#include "server/convert/query_call.h"
#include "server/convert/read_terms.h"
#include "server/errors.h"
#include "server/request_identity.h"

namespace relata {
namespace {

using query::Datum;

template <typename Texts>
Datum ListOf(const Texts& texts) {
  Datum::List list;
  list.reserve(texts.size());
  for (const std::string& text : texts) list.push_back(Datum::String(text));
  return Datum::Of(std::move(list));
}

// The options of the procedure; those that the algorithm does not take have no effect in a call and
// are refused by a procedure.
Datum OptionsOf(const v1::RunAlgorithmRequest& request, const AlgorithmDefinition& algorithm,
                EntityId source) {
  Datum::Map map;
  const auto add = [&map](const char* name, Datum value) {
    map.emplace_back(name, std::move(value));
  };
  const auto takes = [&](AlgorithmTakes what) { return (algorithm.takes & what) != 0; };
  if (takes(kTakesDamping) && request.has_damping())
    add("damping", Datum::Float(request.damping()));
  if (takes(kTakesWeight) && request.has_default_weight()) {
    add("defaultWeight", Datum::Float(request.default_weight()));
  }
  if (takes(kTakesIterations) && request.has_iterations()) {
    add("iterations", Datum::Int(request.iterations()));
  }
  add("labels", ListOf(request.labels()));
  if (takes(kTakesLevels) && request.has_max_levels()) {
    add("maxLevels", Datum::Int(request.max_levels()));
  }
  if (request.orientation() != v1::RunAlgorithmRequest::ORIENTATION_UNSPECIFIED) {
    add("orientation",
        Datum::String(v1::RunAlgorithmRequest::Orientation_Name(request.orientation())));
  }
  if (takes(kTakesSamples)) {
    add("samples", Datum::Int(static_cast<int64_t>(request.samples())));
    add("seed", Datum::Int(static_cast<int64_t>(request.seed())));
  }
  if (takes(kTakesSource)) add("source", Datum::Of(query::NodeRef{source}));
  if (takes(kTakesTolerance) && request.has_tolerance()) {
    add("tolerance", Datum::Float(request.tolerance()));
  }
  add("types", ListOf(request.types()));
  if (!request.weight().empty()) add("weight", Datum::String(request.weight()));
  add("writeProperty", Datum::String(request.write_property()));
  return Datum::Of(std::move(map));
}

// The caller wrote no statement, so a place in one says nothing.
absl::Status WithoutPlace(const absl::Status& status) {
  if (!query::GetQueryError(status)) return status;
  return WithPartsOf(absl::Status(status.code(), status.message()), status);
}

uint64_t CountOf(const query::Batch& row, size_t column) {
  return static_cast<uint64_t>(row.columns[column].Get(0).AsInt());
}

absl::Status Run(const v1::RunAlgorithmRequest& request, const AlgorithmDefinition& algorithm,
                 const ReadSession& session, EntityId source, const query::QueryOptions& options,
                 v1::RunAlgorithmResponse::Summary* summary) {
  const std::string statement =
      absl::StrCat("CALL relata.algorithms.", algorithm.name, ".write($options)");
  const query::Parameters parameters = {{"options", OptionsOf(request, algorithm, source)}};
  RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<query::QueryResult> result,
                          session.open_database().queries->Run(statement, parameters, options));
  query::Batch row;
  RELATA_ASSIGN_OR_RETURN(const bool has_row, result->Next(&row));
  if (has_row) {  // nodes, written, what the algorithm gives for the graph, arcs
    summary->set_vertices(CountOf(row, 0));
    summary->set_written(CountOf(row, 1));
    if (!algorithm.summary.empty()) summary->set_value(row.columns[2].Get(0).AsFloat());
    summary->set_arcs(CountOf(row, row.columns.size() - 1));
    summary->set_value_name(std::string(algorithm.value));
    summary->set_name(std::string(algorithm.summary));
    RELATA_RETURN_IF_ERROR(result->Next(&row).status());
  }
  v1::QueryStatistics statistics;
  std::optional<v1::BeliefPolicy> policy;
  if (request.read().has_policy()) policy = request.read().policy();
  StatisticsToProto(result->statistics(), session.database(), options, policy, &statistics);
  *summary->mutable_stamp() = std::move(*statistics.mutable_stamp());
  summary->set_commit_version(statistics.commit_version());
  summary->set_commit_time(statistics.commit_time());
  summary->set_replayed(statistics.replayed());
  return absl::OkStatus();
}

}  // namespace

absl::Status WriteAlgorithm(const v1::RunAlgorithmRequest& request,
                            const AlgorithmDefinition& algorithm, const ReadSession& session,
                            EntityId source, query::QueryOptions options,
                            v1::RunAlgorithmResponse::Summary* summary) {
  if (AsksForThePast(request.read())) {
    return FieldError("read", "what is written must come from the latest state");
  }
  options.valid_time = session.view().valid;
  options.policy = session.view().policy;
  RELATA_ASSIGN_OR_RETURN(options.request, RequestIdOf(request, session.database().uuid()));
  return WithReusedId(WithoutPlace(Run(request, algorithm, session, source, options, summary)),
                      request.request_id());
}

}  // namespace relata
