#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/planner/match_planner.h"

// What conditions say of how nodes and relationships are found: by key, by id, by an index.
namespace relata::query {
namespace {

// What a key or an id, and one value of a unique index cost, in rows: below any scan's, however
// small the graph was when the plan was made: it may be used when it has grown.
constexpr double kKeyRows = 0.001;
constexpr double kUniqueRows = 0.002;
// The values of an IN.
constexpr double kManyValues = 10;
// What a range with one end keeps, and one with two or of texts that start alike.
constexpr double kOpenRange = 0.3;
constexpr double kClosedRange = 0.05;
// What conditions keep of which nothing is known.
constexpr double kEqualitySelectivity = 0.1;
constexpr double kConditionSelectivity = 0.5;

bool IsVariable(const BoundExpr& expr, VariableId variable) {
  return expr.kind == BoundKind::kVariable && expr.variable == variable;
}

bool IsPropertyOf(const BoundExpr& expr, VariableId variable) {
  return expr.kind == BoundKind::kProperty && IsVariable(*expr.args[0], variable);
}

// What an equality or IN compares: the side that is `property of variable` or `id(variable)`, and
// the other.
struct Comparison {
  const BoundExpr* asked = nullptr;
  const BoundExpr* value = nullptr;
};

std::optional<Comparison> ComparisonOf(const BoundExpr& condition, VariableId variable) {
  const bool equal = condition.kind == BoundKind::kEqual;
  if (!equal && condition.kind != BoundKind::kIn) return std::nullopt;
  for (int side = 0; side < (equal ? 2 : 1); ++side) {
    const BoundExpr& asked = *condition.args[side];
    const bool id = asked.kind == BoundKind::kFunction && asked.function->name == "id" &&
                    IsVariable(*asked.args[0], variable);
    if (IsPropertyOf(asked, variable) || id) {
      return Comparison{&asked, condition.args[1 - side].get()};
    }
  }
  return std::nullopt;
}

// Which side of a range a condition gives: `kAtLeast`: property >= value.
enum class Bound : uint8_t { kAtLeast, kAtMost, kStartsWith };
struct RangeCondition {
  Bound bound = Bound::kAtLeast;
  const BoundExpr* value = nullptr;
};

std::optional<RangeCondition> RangeOf(const BoundExpr& condition, VariableId variable,
                                      const std::string& property) {
  const bool starts = condition.kind == BoundKind::kStartsWith;
  const bool less = condition.kind == BoundKind::kLess || condition.kind == BoundKind::kLessOrEqual;
  const bool greater =
      condition.kind == BoundKind::kGreater || condition.kind == BoundKind::kGreaterOrEqual;
  if (!starts && !less && !greater) return std::nullopt;
  for (int side = 0; side < (starts ? 1 : 2); ++side) {
    const BoundExpr& asked = *condition.args[side];
    if (!IsPropertyOf(asked, variable) || asked.name != property) continue;
    const Bound bound = starts                   ? Bound::kStartsWith
                        : greater == (side == 0) ? Bound::kAtLeast
                                                 : Bound::kAtMost;
    return RangeCondition{bound, condition.args[1 - side].get()};
  }
  return std::nullopt;
}

void CollectRequiredLabels(const BoundLabels* labels, std::vector<std::string>& out) {
  if (labels == nullptr) return;
  if (labels->kind == BoundLabels::Kind::kName) out.push_back(labels->name);
  if (labels->kind == BoundLabels::Kind::kAnd) {
    for (const BoundLabels& each : labels->args) CollectRequiredLabels(&each, out);
  }
}

}  // namespace

std::vector<const BoundExpr*> MatchPlanner::IndexUse::Operands() const {
  std::vector<const BoundExpr*> operands = equal;
  for (const BoundExpr* const operand : {at_least, at_most, starts_with}) {
    if (operand != nullptr) operands.push_back(operand);
  }
  return operands;
}

// `by name`, `by country, founded in a range`.
std::string MatchPlanner::IndexUse::Text() const {
  std::string text = "by ";
  for (size_t i = 0; i < equal.size(); ++i)
    absl::StrAppend(&text, i > 0 ? ", " : "", properties[i]);
  if (Operands().size() == equal.size()) return text;
  absl::StrAppend(&text, equal.empty() ? "" : ", ", properties[equal.size()],
                  starts_with != nullptr ? " by its start" : " in a range");
  return text;
}

bool MatchPlanner::DependsOnRows(const Start& start) {
  const std::vector<const BoundExpr*> operands = start.use.Operands();
  return std::any_of(operands.begin(), operands.end(),
                     [](const BoundExpr* operand) { return !FreeVariables(*operand).empty(); });
}

bool MatchPlanner::AddEqual(VariableId variable, const std::string& property, IndexUse& use) const {
  for (const BoundKind kind : {BoundKind::kEqual, BoundKind::kIn}) {
    for (size_t c = 0; c < conditions_.size(); ++c) {
      const BoundExpr& condition = **conditions_[c].expr;
      if (conditions_[c].done || condition.kind != kind) continue;
      const std::optional<Comparison> comparison = ComparisonOf(condition, variable);
      if (!comparison || comparison->asked->kind != BoundKind::kProperty ||
          comparison->asked->name != property || !AllKnown(FreeVariables(*comparison->value))) {
        continue;
      }
      // A list of values is looked for alone.
      if (kind == BoundKind::kIn && !use.equal.empty()) continue;
      use.equal.push_back(comparison->value);
      use.many = kind == BoundKind::kIn;
      use.conditions.push_back(c);
      return true;
    }
  }
  return false;
}

void MatchPlanner::AddBounds(VariableId variable, const std::string& property,
                             IndexUse& use) const {
  std::optional<size_t> start;
  for (size_t c = 0; c < conditions_.size(); ++c) {
    if (conditions_[c].done) continue;
    const auto range = RangeOf(**conditions_[c].expr, variable, property);
    if (!range || !AllKnown(FreeVariables(*range->value))) continue;
    const BoundExpr*& side = range->bound == Bound::kAtLeast  ? use.at_least
                             : range->bound == Bound::kAtMost ? use.at_most
                                                              : use.starts_with;
    if (side != nullptr) continue;
    side = range->value;
    if (range->bound == Bound::kStartsWith) start = c;
    use.conditions.push_back(c);
  }
  if (!start) return;
  // One of both is looked for; the start of a text says more.
  use.at_least = nullptr;
  use.at_most = nullptr;
  std::erase_if(use.conditions, [&](size_t c) {
    const auto range = RangeOf(**conditions_[c].expr, variable, property);
    return range && c != *start;
  });
}

std::optional<MatchPlanner::IndexUse> MatchPlanner::UseOf(const KnownIndex& index,
                                                          VariableId variable) const {
  IndexUse use;
  use.properties = index.properties;
  for (const std::string& property : index.properties) {
    if (AddEqual(variable, property, use)) {
      if (use.many) break;
      continue;
    }
    AddBounds(variable, property, use);
    break;
  }
  return use.Operands().empty() ? std::nullopt : std::optional(std::move(use));
}

double MatchPlanner::RowsOf(const KnownIndex& index, const IndexUse& use, double all) const {
  double rows = all;
  if (!use.equal.empty()) {
    const bool one = index.definition.unique && use.equal.size() == index.properties.size();
    rows =
        one ? kUniqueRows
            : planner_.estimates().FoundByValues(index, use.equal.size()).value_or(kFoundByValue);
    if (use.many) rows *= kManyValues;
  }
  if (use.starts_with != nullptr || (use.at_least != nullptr && use.at_most != nullptr)) {
    return rows * kClosedRange;
  }
  return use.at_least != nullptr || use.at_most != nullptr ? rows * kOpenRange : rows;
}

absl::StatusOr<IndexSought> MatchPlanner::CompileUse(const IndexUse& use, const Layout& layout) {
  IndexSought sought;
  sought.properties = use.properties;
  sought.many = use.many;
  for (const BoundExpr* const value : use.equal) {
    RELATA_ASSIGN_OR_RETURN(sought.equal.emplace_back(), planner_.Compile(*value, layout));
  }
  for (const auto& [operand, compiled] :
       {std::pair(use.at_least, &sought.at_least), std::pair(use.at_most, &sought.at_most),
        std::pair(use.starts_with, &sought.starts_with)}) {
    if (operand == nullptr) continue;
    RELATA_ASSIGN_OR_RETURN(*compiled, planner_.Compile(*operand, layout));
  }
  return sought;
}

void MatchPlanner::ConsiderKeys(size_t i, Start& best) const {
  for (size_t c = 0; c < conditions_.size(); ++c) {
    if (conditions_[c].done) continue;
    const BoundExpr& condition = **conditions_[c].expr;
    const std::optional<Comparison> comparison = ComparisonOf(condition, node(i).variable);
    if (!comparison || !AllKnown(FreeVariables(*comparison->value))) continue;
    const bool id = comparison->asked->kind == BoundKind::kFunction;
    const bool many = condition.kind == BoundKind::kIn;
    if (!id && (comparison->asked->name != "_key" || many)) continue;
    Start start;
    start.kind = id ? Start::Kind::kId : Start::Kind::kKey;
    start.node = i;
    start.use.equal.push_back(comparison->value);
    start.use.many = many;
    start.use.conditions.push_back(c);
    start.rows = many ? kManyValues : kKeyRows;
    if (start.rows < best.rows) best = std::move(start);
  }
}

void MatchPlanner::ConsiderSeeks(size_t i, Start& best) const {
  ConsiderKeys(i, best);
  if (!planner_.use_indexes()) return;
  std::vector<std::string> labels;
  CollectRequiredLabels(node(i).labels.get(), labels);
  for (const std::string& label : labels) {
    for (const KnownIndex& index : planner_.estimates().IndexesOfLabel(label)) {
      std::optional<IndexUse> use = UseOf(index, node(i).variable);
      if (!use) continue;
      Start start;
      start.kind = Start::Kind::kIndex;
      start.node = i;
      start.label = label;
      start.rows = RowsOf(index, *use, planner_.estimates().WithLabel(label));
      start.use = *std::move(use);
      if (start.rows < best.rows) best = std::move(start);
    }
  }
}

void MatchPlanner::ConsiderSeeksOfEdge(size_t e, Start& best) const {
  const BoundEdge& edge = pattern_.edges[e];
  if (!planner_.use_indexes() || edge.types.size() != 1) return;
  const double ways = edge.direction == EdgeDirection::kEither ? 2 : 1;
  for (const KnownIndex& index : planner_.estimates().IndexesOfType(edge.types[0])) {
    std::optional<IndexUse> use = UseOf(index, edge.variable);
    if (!use) continue;
    Start start;
    start.kind = Start::Kind::kRelationshipIndex;
    start.node = e;
    start.rows = RowsOf(index, *use, planner_.estimates().OfTypes(edge.types)) * ways;
    start.cost = start.rows;
    start.use = *std::move(use);
    if (start.cost < best.cost) best = std::move(start);
  }
}

double MatchPlanner::SelectivityOf(const BoundExpr& condition) const {
  if (condition.kind != BoundKind::kEqual) return kConditionSelectivity;
  const Estimates& estimates = planner_.estimates();
  for (const BoundNode& asked : pattern_.nodes) {
    const std::optional<Comparison> comparison = ComparisonOf(condition, asked.variable);
    if (!comparison || comparison->asked->kind != BoundKind::kProperty) continue;
    std::vector<std::string> labels;
    CollectRequiredLabels(asked.labels.get(), labels);
    for (const std::string& label : labels) {
      const std::optional<double> nodes = estimates.NodesOfValue(label, comparison->asked->name);
      if (nodes) return std::min(1.0, *nodes / estimates.WithLabel(label));
    }
  }
  return kEqualitySelectivity;
}

}  // namespace relata::query
