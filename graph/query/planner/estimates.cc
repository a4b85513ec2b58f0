#include "graph/query/planner/estimates.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "graph/catalog/name_table.h"

namespace relata::query {
namespace {

std::vector<EdgeDirection> WaysOf(EdgeDirection direction) {
  if (direction == EdgeDirection::kEither) return {EdgeDirection::kOut, EdgeDirection::kIn};
  return {direction};
}

const std::vector<KnownIndex>& NoIndexes() {
  static const auto* const kNone = new std::vector<KnownIndex>();
  return *kNone;
}

}  // namespace

Estimates::Estimates(const Database* database, DegreeSamples* degrees, ValueSamples* values)
    : degrees_(degrees), values_(values) {
  if (database == nullptr) return;
  const GraphStatistics statistics = database->Statistics();
  const NameTable& names = database->Latest().names();
  entities_ = std::max<double>(1, static_cast<double>(statistics.entities));
  relationships_ = std::max<double>(1, static_cast<double>(statistics.relationships));
  for (const auto& [label, count] : statistics.entities_by_label) {
    labels_[std::string(names.Name(label))] = static_cast<double>(count);
  }
  for (const auto& [type, count] : statistics.relationships_by_type) {
    types_[std::string(names.Name(type))] = static_cast<double>(count);
  }
  for (const IndexInfo& index : database->Indexes()) {
    if (!index.usable_from) continue;
    KnownIndex known{index.definition, {}};
    for (const PropertyId property : index.definition.properties) {
      known.properties.emplace_back(names.Name(property));
    }
    const bool of_nodes = !index.definition.of_relationships();
    const std::string owner(of_nodes ? names.Name(index.definition.label)
                                     : names.Name(index.definition.type));
    (of_nodes ? node_indexes_ : relationship_indexes_)[owner].push_back(std::move(known));
  }
}

double Estimates::WithLabel(absl::string_view label) const {
  const auto it = labels_.find(label);
  return it == labels_.end() ? 1 : std::max(1.0, it->second);
}

double Estimates::WithLabels(const BoundLabels* labels) const {
  const std::string narrowest = NarrowestLabel(labels);
  return narrowest.empty() ? entities_ : WithLabel(narrowest);
}

double Estimates::OfTypes(const std::vector<std::string>& types) const {
  if (types.empty()) return relationships_;
  double sum = 0;
  for (const std::string& type : types) {
    const auto it = types_.find(type);
    sum += it == types_.end() ? 0 : it->second;
  }
  return std::max(1.0, sum);
}

double Estimates::OneWay(const std::string& label, const std::string& type,
                         EdgeDirection direction) const {
  if (degrees_ != nullptr) {
    const std::optional<DegreeSample> sample = degrees_->Of(label, type, direction);
    // Few nodes may have all of them, and none of those was met.
    if (sample && sample->largest > 0) return sample->average;
  }
  const std::vector<std::string> types =
      type.empty() ? std::vector<std::string>() : std::vector<std::string>{type};
  return OfTypes(types) / entities_;
}

double Estimates::Degree(const std::string& label, const std::vector<std::string>& types,
                         EdgeDirection direction) const {
  double degree = 0;
  for (const EdgeDirection way : WaysOf(direction)) {
    if (types.empty()) degree += OneWay(label, "", way);
    for (const std::string& type : types) degree += OneWay(label, type, way);
  }
  return degree;
}

double Estimates::FarSelectivity(const std::string& label, const std::vector<std::string>& types,
                                 EdgeDirection direction, const BoundLabels* far) const {
  const std::string wanted = NarrowestLabel(far);
  if (wanted.empty() || degrees_ == nullptr) return LabelSelectivity(far);
  double all = 0;
  double bearing = 0;
  size_t far_ends = 0;
  for (const EdgeDirection way : WaysOf(direction)) {
    for (const std::string& type : types.empty() ? std::vector<std::string>{""} : types) {
      const std::optional<DegreeSample> sample = degrees_->Of(label, type, way);
      if (!sample) continue;
      const auto part = sample->far_labels.find(wanted);
      all += sample->average;
      bearing += part == sample->far_labels.end() ? 0 : sample->average * part->second;
      far_ends += sample->far_ends;
    }
  }
  if (far_ends == 0) return LabelSelectivity(far);
  // What was not met among so many may still be there.
  return std::max(bearing / all, 0.5 / static_cast<double>(far_ends));
}

double Estimates::LabelSelectivity(const BoundLabels* labels) const {
  return std::min(1.0, WithLabels(labels) / entities_);
}

const std::vector<KnownIndex>& Estimates::IndexesOfLabel(absl::string_view label) const {
  const auto it = node_indexes_.find(label);
  return it == node_indexes_.end() ? NoIndexes() : it->second;
}

const std::vector<KnownIndex>& Estimates::IndexesOfType(absl::string_view type) const {
  const auto it = relationship_indexes_.find(type);
  return it == relationship_indexes_.end() ? NoIndexes() : it->second;
}

std::optional<double> Estimates::FoundByValues(const KnownIndex& index, size_t properties) const {
  if (values_ == nullptr) return std::nullopt;
  const std::optional<ValueSample> sample = values_->Of(index.definition, properties);
  if (!sample) return std::nullopt;
  return sample->of_value;
}

std::optional<double> Estimates::NodesOfValue(absl::string_view label,
                                              absl::string_view property) const {
  for (const KnownIndex& index : IndexesOfLabel(label)) {
    if (index.properties[0] != property) continue;
    if (const auto found = FoundByValues(index, 1)) return found;
  }
  return std::nullopt;
}

std::string Estimates::NarrowestLabel(const BoundLabels* labels) const {
  if (labels == nullptr) return "";
  if (labels->kind == BoundLabels::Kind::kName) return labels->name;
  std::string narrowest;
  if (labels->kind != BoundLabels::Kind::kAnd) return narrowest;
  for (const BoundLabels& each : labels->args) {
    std::string name = NarrowestLabel(&each);
    if (!name.empty() && (narrowest.empty() || WithLabel(name) < WithLabel(narrowest))) {
      narrowest = std::move(name);
    }
  }
  return narrowest;
}

}  // namespace relata::query
