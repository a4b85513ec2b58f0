#include "graph/query/planner/single_step_walks.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "graph/query/expression/expression.h"
#include "graph/query/functions/function.h"
#include "graph/query/planner/pattern_parts.h"
#include "graph/query/semantics/expression_tree.h"

namespace relata::query {
namespace {

BoundExprPtr EndOf(VariableId relationship, absl::string_view function) {
  BoundExprPtr call = MakeExpr(BoundKind::kFunction, Span(), types::kNode);
  call->function = FindFunction(function);
  call->args.push_back(MakeVariableExpr(relationship, Span(), types::kRelationship));
  return call;
}

bool IsSingleStep(const BoundPattern& inner) {
  if (inner.nodes.size() != 2 || inner.edges.size() != 1 || inner.paths.size() != 1) return false;
  const BoundEdge& step = inner.edges[0];
  return step.kind == BoundEdge::Kind::kSingle && !step.bound && step.left != step.right &&
         inner.paths[0].selector == BoundPath::Selector::kAll && inner.paths[0].edges.size() == 1 &&
         !inner.nodes[0].bound && !inner.nodes[1].bound;
}

bool CanBeMoved(const BoundExpr& condition) {
  if (IsVolatile(condition)) return false;
  bool plain = true;
  ForEachExpr(condition, [&](const BoundExpr& part) {
    plain = plain && part.subquery == nullptr && part.elements.empty();
  });
  return plain;
}

// The conditions of the inside over its relationship alone; nullopt: they cannot be written so.
std::optional<std::vector<BoundExprPtr>> StepConditions(const BoundPattern& inner,
                                                        EdgeDirection direction) {
  const VariableId step = inner.edges[0].variable;
  std::vector<BoundExprPtr> conditions;
  for (const BoundExprPtr& condition : inner.conditions) {
    if (!CanBeMoved(*condition)) return std::nullopt;
    conditions.push_back(CloneExpr(*condition));
  }
  for (const BoundNode& node : inner.nodes) {
    if (node.labels == nullptr) continue;
    if (IsDynamic(*node.labels)) return std::nullopt;
    BoundExprPtr has = MakeExpr(BoundKind::kHasLabels, Span(), types::kBool);
    has->args.push_back(MakeVariableExpr(node.variable, Span(), types::kNode));
    has->labels = std::make_unique<BoundLabels>(*node.labels);
    conditions.push_back(std::move(has));
  }
  const std::vector<size_t>& walked = inner.paths[0].nodes;
  for (size_t end = 0; end < walked.size(); ++end) {
    const VariableId node = inner.nodes[walked[end]].variable;
    const bool starts = (end == 0) == (direction == EdgeDirection::kOut);
    for (BoundExprPtr& condition : conditions) {
      const std::vector<VariableId> reads = FreeVariables(*condition);
      if (std::find(reads.begin(), reads.end(), node) == reads.end()) continue;
      // Walked either way, a relationship does not tell which of its ends comes first.
      if (direction == EdgeDirection::kEither) return std::nullopt;
      Substitute(condition, node, [&] { return EndOf(step, starts ? "startNode" : "endNode"); });
    }
  }
  return conditions;
}

}  // namespace

bool Substitute(BoundExprPtr& expr, VariableId variable,
                const std::function<BoundExprPtr()>& replacement) {
  if (expr == nullptr) return true;
  if (expr->kind == BoundKind::kVariable && expr->variable == variable) {
    expr = replacement();
    return true;
  }
  if (expr->subquery) {
    const std::vector<VariableId> free = FreeVariables(*expr);
    return std::find(free.begin(), free.end(), variable) == free.end();
  }
  for (BoundExprPtr& arg : expr->args) {
    if (!Substitute(arg, variable, replacement)) return false;
  }
  return true;
}

void MakeRepeatedIfSingleStep(BoundEdge& edge, const std::function<bool(VariableId)>& used) {
  if (edge.kind != BoundEdge::Kind::kQuantified || !IsSingleStep(*edge.inner)) return;
  BoundPattern& inner = *edge.inner;
  BoundEdge& step = inner.edges[0];
  VariableId list = edge.variable;
  for (const BoundEdge::GroupVariable& group : edge.groups) {
    if (!used(group.outside)) continue;
    if (group.inside != step.variable || used(edge.variable)) return;
    list = group.outside;
  }
  const bool forwards = inner.paths[0].nodes.front() == step.left;
  const EdgeDirection direction = forwards ? step.direction : Reversed(step.direction);
  std::optional<std::vector<BoundExprPtr>> conditions = StepConditions(inner, direction);
  if (!conditions) return;
  edge.kind = BoundEdge::Kind::kRepeated;
  edge.variable = list;
  edge.direction = direction;
  edge.types = std::move(step.types);
  edge.types_condition = std::move(step.types_condition);
  edge.element = step.variable;
  edge.element_conditions = *std::move(conditions);
  edge.groups.clear();
  edge.inner.reset();
}

}  // namespace relata::query
