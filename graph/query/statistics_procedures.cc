#include "graph/query/statistics_procedures.h"

#include <cmath>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status_macros.h"
#include "graph/catalog/name_table.h"
#include "graph/database.h"
#include "graph/query/executor/execution_context.h"

namespace relata::query {
namespace {

// A label and a type that are there, one way.
struct Pair {
  std::string label;
  double nodes = 0;  // that bear it
  std::string type;
  EdgeDirection direction = EdgeDirection::kOut;
};
using PairSink = std::function<absl::StatusOr<bool>(const Pair&, const DegreeSample&)>;

// Every pair of which a node that was looked at has a relationship, until `sink` gives false.
absl::Status ForEachPair(ExecutionContext& context, DegreeSamples* degrees,
                         const std::vector<EdgeDirection>& ways, const PairSink& sink) {
  const GraphStatistics statistics = context.database->Statistics();
  const NameTable& names = context.reader->names();
  for (const auto& [label, nodes] : statistics.entities_by_label) {
    for (const auto& [type, relationships] : statistics.relationships_by_type) {
      for (const EdgeDirection way : ways) {
        RELATA_RETURN_IF_ERROR(context.budget->CheckStopped());
        const Pair pair{std::string(names.Name(label)), static_cast<double>(nodes),
                        std::string(names.Name(type)), way};
        const std::optional<DegreeSample> sample = degrees->Of(pair.label, pair.type, way);
        if (!sample || sample->largest == 0) continue;
        RELATA_ASSIGN_OR_RETURN(const bool more, sink(pair, *sample));
        if (!more) return absl::OkStatus();
      }
    }
  }
  return absl::OkStatus();
}

// `name, founded`.
std::string PropertiesOf(const IndexDefinition& index, const NameTable& names) {
  return absl::StrJoin(index.properties, ", ", [&](std::string* out, PropertyId property) {
    absl::StrAppend(out, names.Name(property));
  });
}

Datum Rounded(double number) { return Datum::Int(std::llround(number)); }

// The degree below which this part of the nodes lies.
Datum Quantile(const std::vector<double>& ascending, double part) {
  return Rounded(ascending[static_cast<size_t>(part * static_cast<double>(ascending.size() - 1))]);
}

ProcedureCall Degrees(DegreeSamples* degrees) {
  return [degrees](ExecutionContext& context, absl::Span<const Datum>, const RowSink& sink) {
    return ForEachPair(context, degrees, {EdgeDirection::kOut, EdgeDirection::kIn},
                       [&sink](const Pair& pair, const DegreeSample& sample) {
                         const bool out = pair.direction == EdgeDirection::kOut;
                         return sink({Datum::String(pair.label), Datum::String(pair.type),
                                      Datum::String(out ? "OUT" : "IN"),
                                      Datum::Float(sample.average), Quantile(sample.degrees, 0.5),
                                      Quantile(sample.degrees, 0.9), Rounded(sample.largest)});
                       });
  };
}

ProcedureCall Connections(DegreeSamples* degrees) {
  return [degrees](ExecutionContext& context, absl::Span<const Datum>, const RowSink& sink) {
    return ForEachPair(
        context, degrees, {EdgeDirection::kOut},
        [&sink](const Pair& pair, const DegreeSample& sample) -> absl::StatusOr<bool> {
          bool more = true;
          for (const auto& [label, part] : sample.far_labels) {
            RELATA_ASSIGN_OR_RETURN(
                more, sink({Datum::String(pair.label), Datum::String(pair.type),
                            Datum::String(label), Rounded(pair.nodes * sample.average * part)}));
            if (!more) break;
          }
          return more;
        });
  };
}

ProcedureCall Values(ValueSamples* values) {
  return [values](ExecutionContext& context, absl::Span<const Datum>,
                  const RowSink& sink) -> absl::Status {
    const GraphStatistics statistics = context.database->Statistics();
    const NameTable& names = context.reader->names();
    for (const IndexInfo& index : context.database->Indexes()) {
      if (!index.usable_from || index.definition.of_relationships()) continue;
      const std::optional<ValueSample> sample =
          values->Of(index.definition, index.definition.properties.size());
      if (!sample) continue;
      double nodes = 0;
      for (const auto& [label, count] : statistics.entities_by_label) {
        if (label == index.definition.label) nodes = static_cast<double>(count);
      }
      RELATA_ASSIGN_OR_RETURN(
          const bool more,
          sink({Datum::String(names.Name(index.definition.label)),
                Datum::String(PropertiesOf(index.definition, names)),
                Datum::Bool(index.definition.unique), Rounded(nodes),
                Rounded(nodes * sample->having * sample->values_each), Rounded(sample->of_value)}));
      if (!more) break;
    }
    return absl::OkStatus();
  };
}

ProcedureField Out(const char* name, TypeSet type, const char* type_name) {
  return {name, type, type_name, std::nullopt};
}

}  // namespace

std::vector<Procedure> StatisticsProcedures(DegreeSamples* degrees, ValueSamples* values) {
  return {
      {"relata.statistics.degrees",
       {},
       {Out("label", types::kString, "STRING"), Out("type", types::kString, "STRING"),
        Out("direction", types::kString, "STRING"), Out("average", types::kFloat, "FLOAT"),
        Out("median", types::kInt, "INTEGER"), Out("p90", types::kInt, "INTEGER"),
        Out("largest", types::kInt, "INTEGER")},
       false,
       "How many relationships nodes have, as the planner estimates it from a few of them.",
       Degrees(degrees)},
      {"relata.statistics.connections",
       {},
       {Out("from", types::kString, "STRING"), Out("type", types::kString, "STRING"),
        Out("to", types::kString, "STRING"), Out("relationships", types::kInt, "INTEGER")},
       false,
       "How many relationships lie between nodes of two labels, as the planner estimates it.",
       Connections(degrees)},
      {"relata.statistics.values",
       {},
       {Out("label", types::kString, "STRING"), Out("property", types::kString, "STRING"),
        Out("unique", types::kBool, "BOOLEAN"), Out("nodes", types::kInt, "INTEGER"),
        Out("distinctValues", types::kInt, "INTEGER"), Out("nodesOfValue", types::kInt, "INTEGER")},
       false,
       "How many values indexed properties have, as the planner estimates it.",
       Values(values)},
  };
}

}  // namespace relata::query
