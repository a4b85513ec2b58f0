#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/algorithms/algorithm_run.h"
#include "graph/database.h"
#include "graph/query/engine.h"
#include "graph/query/executor/graph_writer.h"
#include "graph/query/procedures/answer_arguments.h"
#include "graph/query/procedures/builtin_procedures.h"
#include "graph/query/query_error.h"

// CALL relata.algorithms.…: the algorithms of graph/algorithms over a projection of the statement's
// own snapshot and view. `relata.algorithms.NAME` gives a row a node,
// `relata.algorithms.NAME.write` sets a property of the nodes within the statement's transaction.
namespace relata::query {
namespace {

constexpr int64_t kMostIterations = std::numeric_limits<int>::max();

// What a call asks for.
struct AlgorithmCall {
  ProjectionSpec spec;
  AlgorithmOptions options;
  std::string write_property;
};

absl::StatusOr<Orientation> OrientationOption(const AlgorithmDefinition& algorithm,
                                              Options& options) {
  RELATA_ASSIGN_OR_RETURN(
      const std::string name,
      options.Text("orientation", algorithm.needs_undirected ? "UNDIRECTED" : "DIRECTED"));
  if (name == "DIRECTED") return Orientation::kDirected;
  if (name == "REVERSE") return Orientation::kReverse;
  if (name == "UNDIRECTED") return Orientation::kUndirected;
  return ArgumentError("InvalidArgumentValue",
                       "orientation must be one of DIRECTED, REVERSE, UNDIRECTED");
}

absl::StatusOr<double> NumberOption(Options& options, absl::string_view name, double otherwise) {
  const Datum* const value = options.Take(name);
  if (value == nullptr) return otherwise;
  if (!value->is_number()) {
    return ArgumentError("InvalidArgumentType",
                         absl::StrCat(name, " must be a number, not ", TypeName(*value)));
  }
  RELATA_ASSIGN_OR_RETURN(const Value number, value->ToValue());
  return number.AsDouble();
}

std::vector<TypeId> TypesFrom(ExecutionContext& context, const std::vector<std::string>& names) {
  std::vector<TypeId> types;
  types.reserve(names.size());
  for (const std::string& name : names) {
    // No relationship has the type with the highest number.
    types.push_back(context.reader->names().FindType(name).value_or(TypeId(UINT32_MAX)));
  }
  return types;
}

absl::Status ReadSpec(ExecutionContext& context, const AlgorithmDefinition& algorithm,
                      Options& options, ProjectionSpec& spec) {
  RELATA_ASSIGN_OR_RETURN(const std::vector<std::string> labels, options.Texts("labels"));
  RELATA_ASSIGN_OR_RETURN(const std::vector<std::string> types, options.Texts("types"));
  spec.labels = LabelsFrom(context, labels);
  spec.types = TypesFrom(context, types);
  RELATA_ASSIGN_OR_RETURN(spec.orientation, OrientationOption(algorithm, options));
  spec.view = context.reader->context(0).view;
  if (const Datum* const at = options.Take("validAt")) {
    if (at->is_string() && at->AsString() == "ALL") {
      spec.view.valid = ValidTime::All();
    } else {
      RELATA_ASSIGN_OR_RETURN(const Instant instant, options.Time("validAt", 0));
      spec.view.valid = ValidTime::At(instant);
    }
  }
  if ((algorithm.takes & kTakesWeight) == 0) return absl::OkStatus();
  RELATA_ASSIGN_OR_RETURN(const std::string weight, options.Text("weight", ""));
  RELATA_ASSIGN_OR_RETURN(spec.default_weight, NumberOption(options, "defaultWeight", 1.0));
  if (!weight.empty()) {
    // Nothing has the property with the highest number: every weight is the default one.
    spec.weight = context.reader->names().FindProperty(weight).value_or(PropertyId(UINT32_MAX));
  }
  return absl::OkStatus();
}

absl::StatusOr<int> Count(Options& options, absl::string_view name, int64_t low) {
  RELATA_ASSIGN_OR_RETURN(const int64_t count, options.Integer(name, low, kMostIterations, low));
  return static_cast<int>(count);
}

absl::Status ReadAlgorithmOptions(ExecutionContext& context, const AlgorithmDefinition& algorithm,
                                  Options& options, AlgorithmOptions& read) {
  const auto takes = [&](AlgorithmTakes what, absl::string_view name) {
    return (algorithm.takes & what) != 0 && options.Take(name) != nullptr;
  };
  if ((algorithm.takes & kTakesSource) != 0) {
    const Datum* const source = options.Take("source");
    if (source == nullptr) {
      return ArgumentError("InvalidArgumentValue",
                           absl::StrCat(algorithm.name, " needs the option source, a node or key"));
    }
    RELATA_ASSIGN_OR_RETURN(read.source, EntityArgument(context, "source", *source));
  }
  if (takes(kTakesDamping, "damping")) {
    RELATA_ASSIGN_OR_RETURN(read.damping, NumberOption(options, "damping", 0));
  }
  if (takes(kTakesIterations, "iterations")) {
    RELATA_ASSIGN_OR_RETURN(read.iterations, Count(options, "iterations", 0));
  }
  if (takes(kTakesTolerance, "tolerance")) {
    RELATA_ASSIGN_OR_RETURN(read.tolerance, NumberOption(options, "tolerance", 0));
  }
  if (takes(kTakesLevels, "maxLevels")) {
    RELATA_ASSIGN_OR_RETURN(read.max_levels, Count(options, "maxLevels", 1));
  }
  if ((algorithm.takes & kTakesSamples) != 0) {
    RELATA_ASSIGN_OR_RETURN(const int64_t samples, options.Integer("samples", 0, INT64_MAX, 0));
    RELATA_ASSIGN_OR_RETURN(const int64_t seed, options.Integer("seed", 0, INT64_MAX, 0));
    read.samples = static_cast<uint64_t>(samples);
    read.seed = static_cast<uint64_t>(seed);
  }
  return absl::OkStatus();
}

absl::StatusOr<AlgorithmCall> ReadCall(ExecutionContext& context,
                                       const AlgorithmDefinition& algorithm, const Datum& map,
                                       bool writes) {
  AlgorithmCall call;
  RELATA_ASSIGN_OR_RETURN(Options options, Options::From(map));
  RELATA_RETURN_IF_ERROR(ReadSpec(context, algorithm, options, call.spec));
  RELATA_RETURN_IF_ERROR(ReadAlgorithmOptions(context, algorithm, options, call.options));
  if (writes) {
    RELATA_ASSIGN_OR_RETURN(call.write_property, options.Text("writeProperty", ""));
    if (call.write_property.empty()) {
      return ArgumentError("InvalidArgumentValue",
                           "the option writeProperty must name the property to write");
    }
  }
  RELATA_RETURN_IF_ERROR(options.Finish());
  return call;
}

// An algorithm reads what is committed, in bulk.
absl::Status CheckNothingWritten(const ExecutionContext& context) {
  const Transaction* const transaction = context.reader->transaction();
  if (transaction == nullptr ||
      (!transaction->changes_entities() && !transaction->changes_relationships())) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      "an algorithm reads the committed graph, and this transaction has changed it: commit first, "
      "or call the algorithm before the first change");
}

// Whatever changes the projection until the commit is a conflict (S4.6).
absl::Status NoteReads(Transaction* transaction, const ProjectionSpec& spec) {
  if (transaction == nullptr) return absl::OkStatus();
  if (spec.labels.empty()) {
    RELATA_RETURN_IF_ERROR(transaction->ListEntities(std::nullopt, EntityId(), 1).status());
  }
  for (const LabelId label : spec.labels) {
    RELATA_RETURN_IF_ERROR(transaction->ListEntities(label, EntityId(), 1).status());
  }
  return transaction->ListRelationships(RelationshipId(), 1).status();
}

RunControl ControlOf(ExecutionContext& context) {
  RunControl::Hooks hooks;
  hooks.stopped = [&context] { return context.budget->CheckStopped(); };
  hooks.report = context.options->progress;
  hooks.memory_bytes = context.options->memory_bytes;
  return RunControl(context.database->clock(), std::move(hooks));
}

// `hold` gets what the projection and the run take.
absl::StatusOr<AlgorithmResult> Run(ExecutionContext& context, const AlgorithmDefinition& algorithm,
                                    const AlgorithmCall& call, RunControl& control,
                                    MemoryHold& hold) {
  RELATA_RETURN_IF_ERROR(CheckNothingWritten(context));
  RELATA_RETURN_IF_ERROR(NoteReads(context.reader->transaction(), call.spec));
  RELATA_ASSIGN_OR_RETURN(
      AlgorithmResult result,
      RunAlgorithm(algorithm, context.reader->context(0).snapshot, context.database->projections(),
                   call.spec, call.options, control));
  RELATA_RETURN_IF_ERROR(hold.Add(control.reserved_bytes()));
  RELATA_RETURN_IF_ERROR(context.budget->SpendExpansions(result.projection->arcs()));
  return result;
}

absl::Status Stream(ExecutionContext& context, const AlgorithmDefinition& algorithm,
                    const Datum& map, const RowSink& sink) {
  RELATA_ASSIGN_OR_RETURN(const AlgorithmCall call, ReadCall(context, algorithm, map, false));
  MemoryHold hold(context.budget);
  RunControl control = ControlOf(context);
  RELATA_ASSIGN_OR_RETURN(const AlgorithmResult result,
                          Run(context, algorithm, call, control, hold));
  for (VertexIndex v = 0; v < result.projection->vertices(); ++v) {
    const Value value = result.ValueOf(v);
    if (value.is_null()) continue;
    std::vector<Datum> row;
    row.reserve(3);
    row.push_back(NodeDatum(result.projection->entity(v)));
    row.push_back(Datum::FromValue(value));
    if (!algorithm.summary.empty()) row.push_back(Datum::Float(result.summary));
    RELATA_ASSIGN_OR_RETURN(const bool more, sink(std::move(row)));
    if (!more) break;
  }
  return absl::OkStatus();
}

absl::Status Write(ExecutionContext& context, const AlgorithmDefinition& algorithm,
                   const Datum& map, const RowSink& sink) {
  RELATA_ASSIGN_OR_RETURN(const AlgorithmCall call, ReadCall(context, algorithm, map, true));
  MemoryHold hold(context.budget);
  RunControl control = ControlOf(context);
  RELATA_ASSIGN_OR_RETURN(const AlgorithmResult result,
                          Run(context, algorithm, call, control, hold));
  RELATA_RETURN_IF_ERROR(control.Begin("writing", result.projection->vertices()));
  int64_t written = 0;
  for (VertexIndex v = 0; v < result.projection->vertices(); ++v) {
    Value value = result.ValueOf(v);
    if (!value.is_null()) ++written;
    RELATA_RETURN_IF_ERROR(context.writer->SetProperty(NodeDatum(result.projection->entity(v)),
                                                       call.write_property, Datum::FromValue(value),
                                                       WriteFrame()));
    RELATA_RETURN_IF_ERROR(context.budget->Spend(1));
    RELATA_RETURN_IF_ERROR(control.Advance(1));
  }
  std::vector<Datum> row = {Datum::Int(static_cast<int64_t>(result.projection->vertices())),
                            Datum::Int(written)};
  if (!algorithm.summary.empty()) row.push_back(Datum::Float(result.summary));
  row.push_back(Datum::Int(static_cast<int64_t>(result.projection->arcs())));
  return sink(std::move(row)).status();
}

std::string OptionNames(const AlgorithmDefinition& algorithm, bool writes) {
  std::string names = "labels, types, orientation, validAt";
  const auto add = [&](AlgorithmTakes what, absl::string_view name) {
    if ((algorithm.takes & what) != 0) absl::StrAppend(&names, ", ", name);
  };
  add(kTakesSource, "source");
  add(kTakesWeight, "weight, defaultWeight");
  add(kTakesDamping, "damping");
  add(kTakesIterations, "iterations");
  add(kTakesTolerance, "tolerance");
  add(kTakesLevels, "maxLevels");
  add(kTakesSamples, "samples, seed");
  if (writes) absl::StrAppend(&names, ", writeProperty");
  return names;
}

Procedure MakeStream(const AlgorithmDefinition& algorithm) {
  Procedure procedure;
  procedure.name = absl::StrCat("relata.algorithms.", algorithm.name);
  procedure.inputs = {OptionsInput()};
  procedure.outputs = {Output("node", types::kNode, "NODE"),
                       algorithm.value_is_number ? Output(algorithm.value, types::kFloat, "FLOAT")
                                                 : Output(algorithm.value, types::kInt, "INTEGER")};
  if (!algorithm.summary.empty()) {
    procedure.outputs.push_back(Output(algorithm.summary, types::kFloat, "FLOAT"));
  }
  procedure.description =
      absl::StrCat(algorithm.description, " Options ", OptionNames(algorithm, false), ".");
  procedure.call = [&algorithm](ExecutionContext& context, absl::Span<const Datum> args,
                                const RowSink& sink) {
    return Stream(context, algorithm, args[0], sink);
  };
  return procedure;
}

Procedure MakeWrite(const AlgorithmDefinition& algorithm) {
  Procedure procedure;
  procedure.name = absl::StrCat("relata.algorithms.", algorithm.name, ".write");
  procedure.inputs = {OptionsInput()};
  procedure.outputs = {Output("nodes", types::kInt, "INTEGER"),
                       Output("written", types::kInt, "INTEGER")};
  if (!algorithm.summary.empty()) {
    procedure.outputs.push_back(Output(algorithm.summary, types::kFloat, "FLOAT"));
  }
  procedure.outputs.push_back(Output("arcs", types::kInt, "INTEGER"));
  procedure.writes = true;
  procedure.description = absl::StrCat("The same as relata.algorithms.", algorithm.name,
                                       ", written to a property of each node (and "
                                       "removed where there is no value). Options ",
                                       OptionNames(algorithm, true), ".");
  procedure.call = [&algorithm](ExecutionContext& context, absl::Span<const Datum> args,
                                const RowSink& sink) {
    return Write(context, algorithm, args[0], sink);
  };
  return procedure;
}

}  // namespace

std::vector<Procedure> AlgorithmProcedures() {
  std::vector<Procedure> procedures;
  for (const AlgorithmDefinition& algorithm : AllAlgorithms()) {
    procedures.push_back(MakeStream(algorithm));
    procedures.push_back(MakeWrite(algorithm));
  }
  return procedures;
}

}  // namespace relata::query
