#include "graph/query/planner/walk_conditions.h"

#include <algorithm>
#include <utility>

#include "graph/query/functions/function.h"
#include "graph/query/semantics/expression_tree.h"

namespace relata::query {
namespace {

bool IsList(const BoundExpr& expr, const WalkNames& walk) {
  return expr.kind == BoundKind::kVariable && expr.variable == walk.list;
}

bool IsPath(const BoundExpr& expr, const WalkNames& walk) {
  return expr.kind == BoundKind::kVariable &&
         std::find(walk.paths.begin(), walk.paths.end(), expr.variable) != walk.paths.end();
}

bool IsCallOfPath(const BoundExpr& expr, absl::string_view function, const WalkNames& walk) {
  return expr.kind == BoundKind::kFunction && expr.function->name == function &&
         IsPath(*expr.args[0], walk);
}

bool CanBeCopied(const BoundExpr& expr) {
  if (IsVolatile(expr)) return false;
  bool plain = true;
  ForEachExpr(expr, [&](const BoundExpr& part) { plain = plain && part.subquery == nullptr; });
  return plain;
}

// The largest length for which `length op bound` can be true; nullopt: any.
std::optional<int64_t> LargestLength(BoundKind op, int64_t bound) {
  if (op == BoundKind::kLessOrEqual || op == BoundKind::kEqual) return bound;
  if (op == BoundKind::kLess) return bound == INT64_MIN ? bound : bound - 1;
  return std::nullopt;
}

BoundKind Mirrored(BoundKind op) {
  if (op == BoundKind::kGreater) return BoundKind::kLess;
  if (op == BoundKind::kGreaterOrEqual) return BoundKind::kLessOrEqual;
  return op == BoundKind::kEqual ? op : BoundKind::kNot;
}

}  // namespace

std::optional<PartCondition> PartConditionOf(const BoundExpr& condition, const WalkNames& walk) {
  const bool negated = condition.kind == BoundKind::kNot;
  const BoundExpr& quantifier = negated ? *condition.args[0] : condition;
  if (quantifier.kind != BoundKind::kQuantifier) return std::nullopt;
  const QuantifierType type = quantifier.quantifier;
  const bool every = !negated && type == QuantifierType::kAll;
  const bool never = negated ? type == QuantifierType::kAny : type == QuantifierType::kNone;
  if (!every && !never) return std::nullopt;
  const BoundExpr& parts = *quantifier.args[0];
  PartCondition part;
  part.of_nodes = IsCallOfPath(parts, "nodes", walk);
  if (!part.of_nodes && !IsList(parts, walk) && !IsCallOfPath(parts, "relationships", walk))
    return std::nullopt;
  if (!CanBeCopied(*quantifier.args[1])) return std::nullopt;
  part.part = quantifier.variable;
  part.condition = CloneExpr(*quantifier.args[1]);
  if (never) {
    BoundExprPtr not_true = MakeExpr(BoundKind::kNot, part.condition->span, types::kBool);
    not_true->args.push_back(std::move(part.condition));
    part.condition = std::move(not_true);
  }
  return part;
}

std::optional<int64_t> LengthBoundOf(const BoundExpr& condition, const WalkNames& walk) {
  if (condition.args.size() != 2) return std::nullopt;
  for (size_t side = 0; side < 2; ++side) {
    const BoundExpr& length = *condition.args[side];
    const BoundExpr& bound = *condition.args[1 - side];
    const bool of_list = length.kind == BoundKind::kFunction && length.function->name == "size" &&
                         IsList(*length.args[0], walk);
    const bool of_path = walk.whole_path && IsCallOfPath(length, "length", walk);
    if (!of_list && !of_path) continue;
    if (bound.kind != BoundKind::kLiteral || bound.literal.kind() != Datum::Kind::kInt) continue;
    return LargestLength(side == 0 ? condition.kind : Mirrored(condition.kind),
                         bound.literal.AsInt());
  }
  return std::nullopt;
}

}  // namespace relata::query
