#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/algorithms/algorithm_run.h"
#include "graph/query/engine.h"
#include "relata/v1/algorithm_service.grpc.pb.h"
#include "relata/v1/query_service.pb.h"
#include "server/call_context.h"
#include "server/convert/query_call.h"
#include "server/convert/read_terms.h"
#include "server/errors.h"
#include "server/read_session.h"
#include "server/services/algorithm_write.h"
#include "server/services/services.h"

namespace relata {
namespace {

constexpr int kDefaultMessageRows = 1024;
constexpr int kMaxMessageRows = 65536;

using AlgorithmRequest = v1::RunAlgorithmRequest;
using AlgorithmWriter = grpc::ServerWriter<v1::RunAlgorithmResponse>;

absl::Status CallerGone() { return absl::CancelledError("the client ended the call"); }

absl::StatusOr<const AlgorithmDefinition*> AlgorithmOf(const AlgorithmRequest& request) {
  const AlgorithmDefinition* const algorithm = FindAlgorithm(request.algorithm());
  if (algorithm != nullptr) return algorithm;
  std::string names;
  for (const AlgorithmDefinition& each : AllAlgorithms()) {
    absl::StrAppend(&names, names.empty() ? "" : ", ", each.name);
  }
  return FieldError("algorithm", absl::StrCat("must be one of ", names));
}

absl::StatusOr<Orientation> OrientationOf(const AlgorithmRequest& request,
                                          const AlgorithmDefinition& algorithm) {
  switch (request.orientation()) {
    case AlgorithmRequest::ORIENTATION_UNSPECIFIED:
      return algorithm.needs_undirected ? Orientation::kUndirected : Orientation::kDirected;
    case AlgorithmRequest::DIRECTED:
      return Orientation::kDirected;
    case AlgorithmRequest::REVERSE:
      return Orientation::kReverse;
    case AlgorithmRequest::UNDIRECTED:
      return Orientation::kUndirected;
    default:
      return FieldError("orientation", "this orientation does not exist");
  }
}

absl::StatusOr<ProjectionSpec> SpecOf(const AlgorithmRequest& request,
                                      const AlgorithmDefinition& algorithm,
                                      const ReadSession& session) {
  const NameTable& names = session.snapshot().names();
  ProjectionSpec spec;
  for (const std::string& label : request.labels())
    spec.labels.push_back(LabelOrNone(names, label));
  for (const std::string& type : request.types()) spec.types.push_back(TypeOrNone(names, type));
  RELATA_ASSIGN_OR_RETURN(spec.orientation, OrientationOf(request, algorithm));
  spec.view = session.view();
  if (!request.weight().empty()) {
    if ((algorithm.takes & kTakesWeight) == 0) {
      return FieldError("weight", absl::StrCat(algorithm.name, " has no weights"));
    }
    spec.weight = PropertyOrNone(names, request.weight());
  }
  if (request.has_default_weight()) spec.default_weight = request.default_weight();
  return spec;
}

absl::StatusOr<AlgorithmOptions> OptionsOf(const AlgorithmRequest& request,
                                           const AlgorithmDefinition& algorithm,
                                           const ReadSession& session) {
  AlgorithmOptions options;
  if ((algorithm.takes & kTakesSource) != 0) {
    RELATA_ASSIGN_OR_RETURN(options.source, session.Resolve(request.source(), FieldPath("source")));
  }
  if (request.has_damping()) options.damping = request.damping();
  if (request.has_iterations()) options.iterations = request.iterations();
  if (request.has_tolerance()) options.tolerance = request.tolerance();
  if (request.has_max_levels()) options.max_levels = request.max_levels();
  options.samples = request.samples();
  options.seed = request.seed();
  return options;
}

// When the call must end, on the monotonic clock.
absl::StatusOr<int64_t> DeadlineOf(const CallContext& call, const AlgorithmRequest& request) {
  if (request.max_milliseconds() < 0) {
    return FieldError("max_milliseconds", "must not be negative");
  }
  absl::Duration time = call.limits().max_answer_time;
  if (request.max_milliseconds() > 0) {
    time = std::min(time, absl::Milliseconds(request.max_milliseconds()));
  }
  return call.DeadlineMicros(time);
}

// Tells the call how far a run is.
std::function<absl::Status(const RunProgress&)> ReportTo(AlgorithmWriter* out) {
  return [out](const RunProgress& progress) {
    v1::RunAlgorithmResponse message;
    message.mutable_progress()->set_stage(std::string(progress.stage));
    message.mutable_progress()->set_done(progress.done);
    message.mutable_progress()->set_total(progress.total);
    return out->Write(message) ? absl::OkStatus() : CallerGone();
  };
}

// Stops with the call, and tells it how far the run is.
RunControl ControlOf(const CallContext& call, int64_t deadline, AlgorithmWriter* out) {
  Clock* const clock = call.state().clock;
  RunControl::Hooks hooks;
  hooks.memory_bytes = call.limits().max_query_bytes;
  hooks.stopped = [&call, clock, deadline]() -> absl::Status {
    if (call.state().stopping) {
      return absl::UnavailableError("the server is stopping; run the algorithm again");
    }
    if (call.cancelled()) return CallerGone();
    if (clock->MonotonicMicros() < deadline) return absl::OkStatus();
    return absl::DeadlineExceededError(
        "the algorithm did not end in time: project less, or allow more time");
  };
  hooks.report = ReportTo(out);
  return RunControl(clock, std::move(hooks));
}

// Streams the values of the vertices, and counts the rows.
class RowStream {
 public:
  RowStream(const ReadSession& session, const AlgorithmResult& result, size_t batch_rows,
            RunControl& control, AlgorithmWriter* out)
      : session_(session), result_(result), batch_rows_(batch_rows), control_(control), out_(out) {}

  absl::StatusOr<uint64_t> Run() {
    RELATA_RETURN_IF_ERROR(control_.Begin("sending", result_.projection->vertices()));
    for (VertexIndex v = 0; v < result_.projection->vertices(); ++v) {
      Value value = result_.ValueOf(v);
      if (value.is_null()) continue;
      entities_.push_back(result_.projection->entity(v));
      v1::RunAlgorithmResponse::Row* const row = message_.add_rows();
      row->set_id(entities_.back().value());
      if (value.type() == ValueType::kFloat64) {
        row->set_number(value.get<double>());
      } else {
        row->set_integer(value.get<int64_t>());
      }
      if (entities_.size() == batch_rows_) RELATA_RETURN_IF_ERROR(Send());
    }
    if (!entities_.empty()) RELATA_RETURN_IF_ERROR(Send());
    return rows_;
  }

 private:
  absl::Status Send() {
    RELATA_ASSIGN_OR_RETURN(const std::vector<std::optional<EntityState>> records,
                            session_.snapshot().GetEntityRecords(entities_));
    for (size_t i = 0; i < entities_.size(); ++i) {
      if (records[i]) message_.mutable_rows(static_cast<int>(i))->set_key(records[i]->key);
    }
    if (!out_->Write(message_)) return CallerGone();
    rows_ += entities_.size();
    message_.Clear();
    entities_.clear();
    return control_.CheckNow();
  }

  const ReadSession& session_;
  const AlgorithmResult& result_;
  const size_t batch_rows_;
  RunControl& control_;
  AlgorithmWriter* const out_;
  v1::RunAlgorithmResponse message_;
  std::vector<EntityId> entities_;  // of the message
  uint64_t rows_ = 0;
};

absl::Status WriteProperty(const CallContext& call, const AlgorithmRequest& request,
                           const AlgorithmDefinition& algorithm, const ReadSession& session,
                           EntityId source, int64_t deadline, AlgorithmWriter* out) {
  query::QueryOptions options;
  RELATA_RETURN_IF_ERROR(ApplyBudget({}, call.limits(), options));
  options.deadline_monotonic_us = deadline;
  options.cancelled = [&call] { return call.cancelled() || call.state().stopping; };
  options.progress = ReportTo(out);
  v1::RunAlgorithmResponse last;
  const absl::Status written = WriteAlgorithm(request, algorithm, session, source,
                                              std::move(options), last.mutable_summary());
  if (absl::IsCancelled(written) && call.state().stopping) {
    return absl::UnavailableError("the server is stopping; run the algorithm again");
  }
  RELATA_RETURN_IF_ERROR(written);
  return out->Write(last) ? absl::OkStatus() : CallerGone();
}

absl::Status RunAlgorithmCall(const CallContext& call, const AlgorithmRequest& request,
                              AlgorithmWriter* out) {
  RELATA_ASSIGN_OR_RETURN(const AlgorithmDefinition* const algorithm, AlgorithmOf(request));
  if (request.batch_rows() < 0) return FieldError("batch_rows", "must not be negative");
  const int batch_rows = request.batch_rows() == 0 ? kDefaultMessageRows : request.batch_rows();
  RELATA_ASSIGN_OR_RETURN(const ReadSession session,
                          ReadSession::Open(call, request.read(), {.now = true}));
  RELATA_ASSIGN_OR_RETURN(const ProjectionSpec spec, SpecOf(request, *algorithm, session));
  RELATA_ASSIGN_OR_RETURN(const AlgorithmOptions options, OptionsOf(request, *algorithm, session));
  RELATA_ASSIGN_OR_RETURN(const int64_t deadline, DeadlineOf(call, request));
  if (!request.write_property().empty()) {
    return WriteProperty(call, request, *algorithm, session, options.source, deadline, out);
  }
  if (!request.request_id().empty()) {
    return FieldError("request_id", "is for a call with write_property");
  }
  RunControl control = ControlOf(call, deadline, out);
  RELATA_ASSIGN_OR_RETURN(const AlgorithmResult result,
                          RunAlgorithm(*algorithm, session.snapshot(),
                                       session.database().projections(), spec, options, control));
  RowStream stream(session, result, std::min(batch_rows, kMaxMessageRows), control, out);
  RELATA_ASSIGN_OR_RETURN(const uint64_t rows, stream.Run());
  v1::RunAlgorithmResponse last;
  v1::RunAlgorithmResponse::Summary& summary = *last.mutable_summary();
  session.WriteStamp(summary.mutable_stamp());
  summary.set_vertices(result.projection->vertices());
  summary.set_arcs(result.projection->arcs());
  summary.set_rows(rows);
  summary.set_value_name(std::string(algorithm->value));
  summary.set_name(std::string(algorithm->summary));
  summary.set_value(result.summary);
  return out->Write(last) ? absl::OkStatus() : CallerGone();
}

class AlgorithmCalls final : public v1::AlgorithmService::Service {
 public:
  explicit AlgorithmCalls(ServerState* state) : state_(state) {}

  grpc::Status RunAlgorithm(grpc::ServerContext* context, const AlgorithmRequest* request,
                            AlgorithmWriter* out) override {
    return Dispatch("RunAlgorithm", state_, context,
                    [&](const CallContext& call) { return RunAlgorithmCall(call, *request, out); });
  }

 private:
  ServerState* const state_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeAlgorithmService(ServerState* state) {
  return std::make_unique<AlgorithmCalls>(state);
}

}  // namespace relata
