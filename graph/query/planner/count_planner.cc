#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "graph/query/planner/statement_planner.h"

// Counts that need no row: of all nodes of a label, of all relationships of a type, of walks of two
// relationships.
namespace relata::query {
namespace {

// Whether every aggregate counts rows: count(*), or count of one of the variables, which a match
// never leaves null.
bool CountsRows(const BoundProjection& projection, const std::vector<VariableId>& bound) {
  if (!projection.aggregates || !projection.group_keys.empty() ||
      projection.aggregations.size() != 1)
    return false;
  const BoundAggregate& only = projection.aggregations[0];
  if (only.kind == AggregateKind::kCountStar) return true;
  return only.kind == AggregateKind::kCount && !only.distinct &&
         only.args[0]->kind == BoundKind::kVariable &&
         std::find(bound.begin(), bound.end(), only.args[0]->variable) != bound.end();
}

bool PlainLabel(const BoundNode& node, std::string* label) {
  if (node.bound) return false;
  if (node.labels == nullptr) return true;
  *label = node.labels->name;
  return node.labels->kind == BoundLabels::Kind::kName;
}

bool PlainEdge(const BoundEdge& edge) {
  return edge.kind == BoundEdge::Kind::kSingle && !edge.bound && edge.types_condition == nullptr &&
         edge.left != edge.right;
}

EdgeDirection Seen(const BoundEdge& edge, size_t from) {
  if (edge.direction == EdgeDirection::kEither || edge.left == from) return edge.direction;
  return edge.direction == EdgeDirection::kOut ? EdgeDirection::kIn : EdgeDirection::kOut;
}

}  // namespace

PlanPtr StatementPlanner::CountTwoHops(const BoundMatch& match, const BoundProjection& projection) {
  const BoundPattern& pattern = match.pattern;
  if (match.optional || !pattern.conditions.empty() || pattern.nodes.size() != 3 ||
      pattern.edges.size() != 2 || !pattern.different_relationships) {
    return nullptr;
  }
  for (const BoundPath& path : pattern.paths) {
    if (path.selector != BoundPath::Selector::kAll || path.mode == BoundPathMode::kSimple ||
        path.mode == BoundPathMode::kAcyclic)
      return nullptr;
    if (path.variable != kNoVariable && Used(path.variable)) return nullptr;
  }
  const BoundEdge& first = pattern.edges[0];
  const BoundEdge& second = pattern.edges[1];
  if (!PlainEdge(first) || !PlainEdge(second)) return nullptr;
  std::vector<VariableId> bound = {first.variable, second.variable};
  for (const BoundNode& node : pattern.nodes) bound.push_back(node.variable);
  if (!CountsRows(projection, bound)) return nullptr;
  // The middle is the node that both share.
  const bool left_shared = first.left == second.left || first.left == second.right;
  const bool right_shared = first.right == second.left || first.right == second.right;
  if (left_shared == right_shared) return nullptr;
  const size_t middle = left_shared ? first.left : first.right;
  const size_t left = left_shared ? first.right : first.left;
  const size_t right = second.left == middle ? second.right : second.left;
  TwoHopCountPlan op;
  op.context = match.context;
  op.first_types = first.types;
  op.first = Seen(first, left);
  op.second_types = second.types;
  op.second = Seen(second, middle);
  if (!PlainLabel(pattern.nodes[left], &op.left_label) ||
      !PlainLabel(pattern.nodes[middle], &op.middle_label) ||
      !PlainLabel(pattern.nodes[right], &op.right_label)) {
    return nullptr;
  }
  return MakeWithLayout(std::move(op), {}, Layout({projection.aggregations[0].variable}), 1, "");
}

PlanPtr StatementPlanner::CountScan(const BoundProjection& projection, const PlanNode& plan) {
  if (!plan.children.empty() || !CountsRows(projection, plan.layout.variables())) return nullptr;
  CountPlan op;
  if (const auto* nodes = std::get_if<NodeScanPlan>(&plan.op)) {
    op.context = nodes->context;
    op.label = nodes->label;
  } else if (const auto* scan = std::get_if<RelationshipScanPlan>(&plan.op)) {
    if (scan->direction == EdgeDirection::kEither) return nullptr;
    op.context = scan->context;
    op.relationships = true;
    op.types = scan->types;
  } else {
    return nullptr;
  }
  return MakeWithLayout(std::move(op), {}, Layout({projection.aggregations[0].variable}), 1,
                        plan.details);
}

}  // namespace relata::query
